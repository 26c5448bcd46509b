"""What others take of the pages: citations and cards are copied by a button, and read without one; themes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from payguide.guide import edition as editions
from payguide.guide import embed, site, theme

pytestmark = pytest.mark.browser

SENIOR = "f-band.senior.base.p50"
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "example-theme.toml"

#: What was copied, caught where the browser would keep it.
CAUGHT = "() => { navigator.clipboard.writeText = async (text) => { window.caught = text; } }"


def test_a_citation_and_a_frame_are_copied_by_keyboard(used: Page, folder: Path) -> None:
    used.goto((folder / "evidence.html").as_uri())
    used.evaluate(CAUGHT)
    entry = used.locator("li", has=used.locator(f"[id='{SENIOR}']"))
    entry.locator("summary").press("Enter")
    wanted = entry.locator(".copied code").all_inner_texts()
    assert wanted[0].startswith("payguide, ")

    for at, text in enumerate(wanted):
        entry.locator("button.copy").nth(at).press("Enter")
        used.wait_for_function("text => window.caught === text", arg=text)
        assert entry.locator("button.copy").nth(at).inner_text() == "Copied"


def test_a_figure_that_the_address_names_says_how_it_is_cited(used: Page, folder: Path) -> None:
    used.goto((folder / "evidence.html").as_uri())
    assert used.locator("#cite-figure").is_hidden()

    used.locator("a.id").first.click()
    figure = used.locator("a.id").first.get_attribute("href")
    assert figure is not None
    used.wait_for_selector("#cite-figure:not([hidden])")
    line = used.locator("#cite-figure code").inner_text()
    assert f"figure {figure.removeprefix('#f-')}, " in line
    assert line.endswith(figure)


def test_without_a_script_nothing_offers_to_copy(reader: Callable[..., Page], folder: Path) -> None:
    page = reader(scripts=False)
    page.goto((folder / "evidence.html").as_uri())

    assert page.locator("button:visible").count() == 0
    assert "To cite a figure" in page.locator("header").inner_text()
    page.locator("summary", has_text="the median").first.click()
    assert page.locator(".copied code:visible").first.inner_text().startswith("payguide,")


def test_a_card_has_room_in_its_frame_and_nothing_runs_in_it(watched: Page, folder: Path) -> None:
    paths = sorted((folder / "embed").glob("*.html"))
    assert paths
    for path in paths:
        watched.set_viewport_size({"width": embed.WIDTH, "height": embed.FRAME})
        watched.goto(path.as_uri())
        sizes = watched.evaluate(
            "[document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]"
        )
        assert sizes[0] <= embed.WIDTH, path.name
        assert sizes[1] <= embed.FRAME, path.name


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_theme_leaves_the_first_screen_and_both_schemes_whole(
    reader: Callable[..., Page], folder: Path, axe: str, tmp_path: Path, scheme: str
) -> None:
    made = editions.read(folder)
    says = theme.read_theme(EXAMPLE)
    site.render(replace(made, manifest={**made.manifest, theme.KEY: says}), tmp_path)
    page = reader(390, scheme=scheme, policy=False)
    page.goto((tmp_path / "index.html").as_uri())

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    box = page.locator(".box").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    assert page.locator("footer.publisher").inner_text().startswith(says["name"])
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })")
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]] == []
