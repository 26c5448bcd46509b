"""The first screen: the answer by level and the box that leads to one's own are on it, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SCREENS = {"desk": (1280, 720), "phone": (390, 844)}


@pytest.fixture
def opened(reader: Callable[..., Page], folder: Path) -> Callable[..., Page]:
    """The guide's first page on a screen."""

    def on(screen: tuple[int, int], *, scripts: bool = True) -> Page:
        page = reader(*screen, scripts=scripts)
        page.goto((folder / "index.html").as_uri())
        return page

    return on


def ends(page: Page, selector: str) -> list[float]:
    """How far below the screen's top each element of a kind ends."""
    boxes = [one.bounding_box() for one in page.locator(selector).all()]
    assert all(box is not None and box["width"] > 0 and box["x"] >= 0 and box["y"] >= 0 for box in boxes)
    return [box["y"] + box["height"] for box in boxes if box]


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_four_levels_and_the_box_are_on_the_first_screen(
    opened: Callable[..., Page], screen: tuple[int, int]
) -> None:
    page = opened(screen)

    for selector, number in {
        "h1": 1,
        ".lead": 1,
        ".strip td b [data-figure$='.base.p50']": 4,
        ".strip td b [data-figure$='.total.p50']": 4,
        ".strip td .soft [data-figure$='.p25']": 8,
        ".strip td .soft [data-figure$='.p75']": 8,
        ".box :is(input, select)": 4,
        ".box .go": 1,
    }.items():
        found = ends(page, selector)
        assert len(found) == number, selector
        assert max(found) <= screen[1], selector
    assert page.evaluate("document.scrollingElement.scrollWidth") <= screen[0]


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
def test_without_scripts_the_box_is_a_link(opened: Callable[..., Page], screen: tuple[int, int]) -> None:
    page = opened(screen, scripts=False)

    assert page.locator(".box :is(input, select):visible").count() == 0
    assert max(ends(page, ".box .go")) <= screen[1]
    page.click(".box .go")
    page.wait_for_url("**/stand.html")


FIELDS = {"years": "7", "place": "Denver, CO", "employer": "Smith & Sons #1"}


@pytest.mark.parametrize("by", ["the button", "the keyboard"])
def test_the_box_leads_to_the_answer_with_its_fields_filled(opened: Callable[..., Page], by: str) -> None:
    page = opened(SCREENS["phone"])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name, text in FIELDS.items():
        page.fill(f"#{name}", text)
    page.select_option("#level", "senior")
    if by == "the button":
        page.click(".box .go")
    else:
        page.press("#employer", "Enter")

    page.wait_for_url("**/stand.html#*")
    assert {name: page.input_value(f"#{name}") for name in (*FIELDS, "level")} == {
        **FIELDS,
        "level": "senior",
    }
    expect(page.locator("#answer")).to_be_focused()
    assert page.locator(".verdictline").is_visible()
    # a fragment stays in the browser: what is asked for is files
    assert all(url.startswith("file:") for url in asked)


@pytest.mark.parametrize(
    ("fragment", "filled"),
    [
        ("#years=7&role=data_scientist&component=total", {"years": "7", "role": "data_scientist"}),
        ("#place=Denver%2C+CO", {"place": "Denver, CO", "years": ""}),
        ("#level=boss&years=3", {"level": "", "years": "3"}),
        ("#nobody=1&years=", {"years": ""}),
        ("#years=many", {"years": "many"}),
        ("#bands", {"years": ""}),
        (f"#employer={'x' * 500}", {"employer": "x" * 120}),
        ("#employer=%3Cimg+src%3Dx%3E", {"employer": "<img src=x>"}),
    ],
)
def test_an_address_fills_in_what_it_names_and_nothing_else(
    reader: Callable[..., Page], folder: Path, fragment: str, filled: dict[str, str]
) -> None:
    page = reader(*SCREENS["desk"])
    page.goto((folder / "stand.html").as_uri() + fragment)

    assert {name: page.input_value(f"#{name}") for name in filled} == filled
    total = "component=total" in fragment
    assert page.locator("input[name=component]:checked").input_value() == ("total" if total else "base")


def test_an_address_that_changes_is_followed(reader: Callable[..., Page], folder: Path) -> None:
    page = reader(*SCREENS["desk"])
    page.goto((folder / "stand.html").as_uri() + "#years=7&place=Boston")
    page.evaluate("location.hash = 'years=3'")

    expect(page.locator("#years")).to_have_value("3")
    expect(page.locator("#place")).to_have_value("")


def test_on_a_phone_the_guide_is_short(opened: Callable[..., Page], folder: Path) -> None:
    page = opened(SCREENS["phone"])

    assert page.evaluate("document.scrollingElement.scrollHeight") < 12_000
    assert (folder / "index.html").stat().st_size < 250_000


def test_a_place_on_a_page_is_reached_at_once(reader: Callable[..., Page], folder: Path) -> None:
    """No gliding past what is not drawn yet: all of a page is laid out, and a link jumps."""
    page = reader(*SCREENS["phone"])
    for name in ("index.html", "evidence.html"):
        page.goto((folder / name).as_uri())
        assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
        skipped = """() => [...document.querySelectorAll('main *')]
            .filter(one => getComputedStyle(one).contentVisibility === 'auto').length"""
        assert page.evaluate(skipped) == 0
        target = page.locator(".contents a[href^='#']").last.get_attribute("href") or ""
        top = page.evaluate(
            "id => { location.hash = id; return document.querySelector(id).getBoundingClientRect().top }",
            target,
        )
        assert -1 < top < SCREENS["phone"][1]


def test_every_page_has_a_description_of_its_own_and_leads_to_the_desk(folder: Path) -> None:
    told = {}
    for path in sorted(folder.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        found = re.search('<meta name="description" content="([^"]+)">', html)
        assert found, path.name
        told[path.name] = found[1]
        # a card stands in another site's page, and leads to its evidence alone
        desk = () if path.parent.name == "embed" else ("stand.html", "offers.html", "plan.html")
        assert all(f'href="{page}"' in html for page in desk), path.name
    assert len(set(told.values())) == len(told) >= 9
