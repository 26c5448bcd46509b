"""The page of what changed in Chromium: at a desk and on a phone, quiet, accessible, and led to."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from payguide.guide import earlier, site
from payguide.guide import edition as editions

pytestmark = pytest.mark.browser

#: A name without a space, as an older edition may have it.
LONG = "W" * 300


@pytest.fixture(scope="module")
def changed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition beside one before it, in which much was otherwise."""
    old, new = (tmp_path_factory.mktemp(name) for name in ("old", "new"))
    data = json.loads((folder / "edition.json").read_text(encoding="utf-8"))
    data["manifest"].pop("model_sha256", None)
    data["manifest"] |= {"date": "2026-01-01", "evidence_version": LONG, "sources": {LONG: {"title": LONG}}}
    for name, figure in data["figures"].items():
        if figure["status"] == "published" and name.startswith(("band.senior", "skill.")):
            figure |= {end: figure[end] / 2 for end in ("value", "low", "high")}
    for verdict in data["verdicts"][::5]:
        verdict["verdict"] = "mixed" if verdict["verdict"] == "supported" else "supported"
    (old / "edition.json").write_text(json.dumps(data), encoding="utf-8")
    made = editions.read(folder)
    (edition,) = earlier.told([made], {str(made.manifest["slug"]): earlier.read(old)})
    editions.write(edition, new)
    site.render(edition, new)
    return new


def test_it_is_led_to_quiet_and_fits_the_screen(
    watched: Page, changed: Path, sideways: Callable[[Page], list[str]]
) -> None:
    watched.goto((changed / "index.html").as_uri())
    watched.locator("#methods").get_by_role("link", name="what changed since it").click()
    watched.wait_for_url("**/changes.html")
    watched.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    assert watched.viewport_size is not None

    assert watched.evaluate("document.scrollingElement.scrollWidth") <= watched.viewport_size["width"]
    assert sideways(watched) == []
    assert watched.locator("h1").inner_text() == "What changed since the edition of 1 January 2026"
    assert watched.locator("#bands svg:visible").count() == 2
    assert watched.get_by_text("higher, by more than chance makes").first.is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390], ids=["desk", "phone"])
def test_axe_finds_nothing_in_it(reader: Callable[..., Page], changed: Path, axe: str, width: int) -> None:
    page = reader(width, policy=False)
    page.goto((changed / "changes.html").as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    page.evaluate(axe)

    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })")

    told = [
        (one["id"], one["help"], [node["html"][:200] for node in one["nodes"]]) for one in found["violations"]
    ]
    assert told == []
