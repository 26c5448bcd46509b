"""What a site costs: `python benchmarks/site.py`

From the packaged evidence, each step in a process of its own:

- rendering the site of one role from its edition on disk, start-up and imports included;
- building ten roles from the evidence, side by side (those there are, again under other names);
- the size of each page of the largest edition, and its first paint in Chromium from disk, where there is one.

Writes what it measured into docs/site.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from marked import rewrite  # noqa: E402 - a tool of this checkout, not of the package

DOCUMENT = ROOT / "docs" / "site.md"
START, END = "<!-- measured: written by `python benchmarks/site.py` -->\n", "<!-- /measured -->\n"

ROLES, RUNS = 10, 3

RENDER = """
import sys
from pathlib import Path
from payguide.guide import edition, site
site.render(edition.read(Path(sys.argv[1])), Path(sys.argv[2]))
"""

PAINTED = "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"


def quiet(stage: str, done: int, total: int | None) -> None:
    """Nobody watches."""


def build(folder: Path, number: int) -> None:
    """Build so many roles side by side: those there are, again and again under other names."""
    from payguide.guide import role as roles
    from payguide.pipeline import editions

    known = roles.several([roles.ALL])
    named = [known[place % len(known)] for place in range(number)]
    again = [replace(role, slug=f"{role.slug}-{place}") for place, role in enumerate(named)]
    editions.build(again, evidence=None, out=folder, tick=quiet)


def timed(*command: str) -> tuple[float, float]:
    """Seconds of a process of its own: by the clock, and of a processor, which other work here hardly moves."""
    began, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, used


def _told(took: tuple[float, float]) -> str:
    return f"{took[0]:.1f} s ({took[1]:.1f} s of a processor)"


def paints(pages: list[Path]) -> dict[str, float]:
    """Each page's first contentful paint in milliseconds, the slowest of three; nothing without a Chromium."""
    path = shutil.which("chromium")
    if path is None:
        return {}
    from playwright.sync_api import sync_playwright

    found: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        for page in pages * RUNS:
            opened = browser.new_page(viewport={"width": 1280, "height": 900})
            opened.goto(page.as_uri())
            # the policy forbids waiting for a condition in the page
            while not (times := opened.evaluate(PAINTED)):
                opened.wait_for_timeout(20)
            found[page.name] = max(found.get(page.name, 0.0), times[0])
            opened.close()
        browser.close()
    return found


def measured_pages(edition: Path) -> list[Path]:
    """Every page but those of single companies and metros, of which the largest of each."""
    pages = sorted(edition.glob("*.html"))
    alike = [[page for page in pages if page.name.startswith(kind)] for kind in ("company-", "place-")]
    largest = {max(kind, key=lambda page: page.stat().st_size) for kind in alike if kind}
    return [page for page in pages if page in largest or not any(page in kind for kind in alike)]


def measured() -> str:
    """Everything, as the block of the document."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        whole = timed(__file__, str(folder / "ten"), str(ROLES))
        edition = max((folder / "ten").glob("*/edition.json"), key=lambda path: path.stat().st_size).parent
        one = max(timed("-c", RENDER, str(edition), str(folder / "one")) for _ in range(RUNS))
        pages = measured_pages(edition)
        painted = paints(pages)
        rows = [
            f"| {page.name} | {page.stat().st_size / 1000:,.0f} KB | "
            f"{f'{painted[page.name]:,.0f} ms' if page.name in painted else 'no Chromium'} |"
            for page in pages
        ]
    return "\n".join(
        [
            f"On {os.cpu_count()} cores: the site of one role is rendered from its edition in {_told(one)}, the",
            f"slowest of {RUNS}; {ROLES} roles are built side by side from the packaged evidence in {_told(whole)}.",
            "",
            "| page | size | first paint from disk |",
            "|---|--:|--:|",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Measure, print and write down; or, called with a folder and a number, build so many roles into it."""
    if len(sys.argv) > 2:
        build(Path(sys.argv[1]), int(sys.argv[2]))
        return
    block = measured()
    print(block)
    rewrite(DOCUMENT, START, END, block)


if __name__ == "__main__":
    main()
