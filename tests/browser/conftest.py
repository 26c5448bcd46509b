"""A real Chromium, from Debian's packages, and axe-core, from npm; without one the tests that need it skip
aloud, but never in CI.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from made_once import once

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DESK, PHONE = (1280, 900), (390, 844)


def missing(reason: str) -> None:
    """What a test needs is not here: that fails in CI, and skips the test elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once; its shell without windows, where it is installed, takes half the work."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        missing("no Chromium here: `make browser` installs it from Debian's packages where it may")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def reader(chromium: Browser) -> Callable[..., Page]:
    """An empty page for a reader with such a screen, with or without scripts and the pages' own policy.

    Pages are kept and emptied, for a new one costs as much as three readings.
    """
    kept: dict[tuple[bool, bool], Page] = {}

    def opened(
        width: int = DESK[0],
        height: int = DESK[1],
        *,
        scheme: Literal["light", "dark"] = "light",
        scripts: bool = True,
        policy: bool = True,
    ) -> Page:
        kind = scripts, policy
        if kind not in kept:
            kept[kind] = chromium.new_context(java_script_enabled=scripts, bypass_csp=not policy).new_page()
        page = kept[kind]
        page.goto("about:blank")
        page.emulate_media(media="null", color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        return page

    return opened


@pytest.fixture(scope="session")
def folder(request: pytest.FixtureRequest) -> Path:
    """The guide of the packaged evidence, or the one in $PAYGUIDE_EDITION."""
    if "PAYGUIDE_EDITION" in os.environ:
        return (ROOT / os.environ["PAYGUIDE_EDITION"]).resolve()
    return Path(request.getfixturevalue("packaged_site"))


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's script, installed by npm into a folder of this run."""
    npm = shutil.which("npm")
    if npm is None:
        missing("no npm here to install axe-core with")
    assert npm is not None

    def install(place: Path) -> None:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, place / name)
        done = subprocess.run(
            [npm, "ci"], cwd=place, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode:
            missing(f"npm could not install axe-core: {done.stderr[-300:]}")

    place = once(tmp_path_factory, "axe", install)
    return (place / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


#: The tables of a page that are wider than their place, with everything unfolded.
SIDEWAYS = """() => {
    document.querySelectorAll('details').forEach(folded => { folded.open = true });
    return [...document.querySelectorAll('.scroll')]
        .filter(place => place.scrollWidth > place.clientWidth + 1)
        .map(place => place.getAttribute('aria-label'));
}"""


@pytest.fixture
def sideways() -> Callable[[Page], list[str]]:
    """What a reader of a page must scroll sideways for, by its label."""

    def found(page: Page) -> list[str]:
        assert page.locator("table").count()
        return list(page.evaluate(SIDEWAYS))

    return found


@contextmanager
def watching(opened: Page) -> Iterator[Page]:
    """A page, with everything it asks for and everything it complains of on record."""
    asked: list[str] = []
    complaints: list[str] = []
    listeners = {
        "request": lambda one: asked.append(one.url),
        "console": lambda one: complaints.append(one.text),
        "pageerror": lambda one: complaints.append(str(one)),
    }
    for event, told in listeners.items():
        opened.on(event, told)
    yield opened
    for event, told in listeners.items():
        opened.remove_listener(event, told)
    assert all(url.startswith(("file:", "data:")) for url in asked), asked
    assert complaints == []


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def watched(request: pytest.FixtureRequest, reader: Callable[..., Page]) -> Iterator[Page]:
    """A watched page at a desk and on a phone, where how it is laid out is tested."""
    with watching(reader(*request.param)) as page:
        yield page


@pytest.fixture(params=[DESK, pytest.param(PHONE, marks=pytest.mark.slow)], ids=["desk", "phone"])
def used(request: pytest.FixtureRequest, reader: Callable[..., Page]) -> Iterator[Page]:
    """A watched page, where what it does is tested, which is the same on a phone."""
    with watching(reader(*request.param)) as page:
        yield page


#: Makes a page of the desk what it was when it was opened.
EMPTY = """() => {
    const form = document.getElementById('ask');
    form.reset();
    document.querySelectorAll('details').forEach(folded => { folded.open = false });
    document.activeElement.blur();
    document.getElementById('said').textContent = '';
    form.dispatchEvent(new Event('input'));
}"""

Desk = Callable[[str], Page]


@pytest.fixture(scope="session")
def kept(chromium: Browser) -> Callable[[str, tuple[int, int]], Page]:
    """A browser's page for each page of the desk and each screen."""

    @cache
    def page(name: str, screen: tuple[int, int]) -> Page:
        return chromium.new_page(viewport={"width": screen[0], "height": screen[1]})

    return page


@contextmanager
def emptied(
    kept: Callable[[str, tuple[int, int]], Page], folder: Path, screen: tuple[int, int]
) -> Iterator[Desk]:
    """Opens pages of the desk, watched: one that is open already is emptied, which takes no time."""
    with ExitStack() as stack:

        def opened(name: str) -> Page:
            page = stack.enter_context(watching(kept(name, screen)))
            address = (folder / name).as_uri()
            if page.url == address:
                page.evaluate(EMPTY)
            else:
                page.goto(address)
            return page

        yield opened


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def desk_watched(request: pytest.FixtureRequest, kept: Callable[..., Page], folder: Path) -> Iterator[Desk]:
    """Opens pages of the desk as `watched` does others."""
    with emptied(kept, folder, request.param) as opened:
        yield opened


@pytest.fixture(params=[DESK, pytest.param(PHONE, marks=pytest.mark.slow)], ids=["desk", "phone"])
def desk_used(request: pytest.FixtureRequest, kept: Callable[..., Page], folder: Path) -> Iterator[Desk]:
    """Opens pages of the desk as `used` does others."""
    with emptied(kept, folder, request.param) as opened:
        yield opened


@pytest.fixture
def stand(desk_used: Callable[[str], Page]) -> Page:
    """The page that says where one stands, in a browser that was used before."""
    return desk_used("stand.html")
