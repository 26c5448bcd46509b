"""The page as a person reads it: in Chromium, at a desk and on a phone, with and without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page

from payguide.base.estimates import Published
from payguide.guide import desk, site
from payguide.guide import edition as editions

pytestmark = pytest.mark.browser

PAGES = [
    "index.html",
    "claims.html",
    "methods.html",
    "evidence.html",
    "evidence-populations.html",
    "populations.html",
    "company-google.html",
    "companies.html",
    "place-42660.html",
    "places.html",
    "time.html",
]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def page(watched: Page, folder: Path) -> Page:
    """The edition's page, opened."""
    watched.goto((folder / "index.html").as_uri())
    return watched


@pytest.mark.few(5)
@pytest.mark.parametrize("name", PAGES)
def test_nothing_lies_outside_the_screen_and_no_table_must_be_scrolled_sideways(
    watched: Page, folder: Path, name: str, sideways: Callable[[Page], list[str]]
) -> None:
    watched.goto((folder / name).as_uri())
    assert watched.viewport_size is not None

    assert watched.evaluate("document.scrollingElement.scrollWidth") <= watched.viewport_size["width"]
    assert sideways(watched) == []


def test_on_a_phone_every_cell_of_a_table_says_what_it_is(reader: Callable[..., Page], folder: Path) -> None:
    """The head of a table is out of sight there: a cell without a label would be a bare number."""
    opened = reader(390, 844)
    for name in PAGES:
        opened.goto((folder / name).as_uri())
        # what says in words why nothing is known needs no label
        cells = opened.locator("table.stack tbody td:not(.none)")
        silent = cells.evaluate_all(
            "cells => cells.filter(cell => cell.textContent && !cell.dataset.label).map(cell => cell.outerHTML)"
        )
        assert silent == []
        assert cells.count() or name.startswith("evidence")


@pytest.fixture(scope="module")
def hostile(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The edition with a name without a space wherever it has a name."""
    edition, long = editions.read(folder), "W" * 400
    known = edition.figures["band.mid.base.p50"]
    assert isinstance(known, Published)
    source = replace(known.estimate.sources[0], source=long)
    figure = Published(replace(known.estimate, label=long, method=long, notes=(long,), sources=(source,)))
    card = dict.fromkeys(("title", "origin", "licence", "kind", "bias"), long)
    manifest = {**edition.manifest, "title": long, "population": long, "sources": {long: card}}
    named = replace(edition, manifest=manifest, figures={**edition.figures, figure.id: figure})
    made = tmp_path_factory.mktemp("hostile")
    site.render(named, made)
    return made


@pytest.mark.few(3)
@pytest.mark.parametrize("name", PAGES)
def test_a_name_without_a_space_does_not_widen_the_page(watched: Page, hostile: Path, name: str) -> None:
    watched.goto((hostile / name).as_uri())
    assert watched.viewport_size is not None

    assert watched.evaluate("document.scrollingElement.scrollWidth") <= watched.viewport_size["width"]


def test_the_first_screen_answers_the_question(page: Page) -> None:
    lead = page.locator("main p, header p").first

    assert page.locator("h1").inner_text() == "ML Engineer Salary Guide 2026"
    assert "$" in lead.inner_text() or "$" in page.locator(".lead").inner_text()
    assert page.viewport_size is not None
    box = page.locator("data.figure").first.bounding_box()
    assert box is not None
    assert box["y"] < page.viewport_size["height"]


def test_text_is_large_enough_to_read(page: Page) -> None:
    small = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
            .filter(e => !e.closest('svg') && e.offsetParent !== null)
            .filter(e => parseFloat(getComputedStyle(e).fontSize) < 11)
            .map(e => e.outerHTML.slice(0, 80))"""
    )

    assert small == []


def test_a_figure_leads_to_what_it_rests_on(page: Page) -> None:
    link = page.locator("a.fig:visible").first
    figure = link.locator("data").get_attribute("data-figure")

    link.click()

    page.wait_for_url(f"**/evidence.html#f-{figure}")
    entry = page.locator(f"[id='f-{figure}']")
    assert entry.is_visible()
    assert "employers" in page.locator("li", has=entry).inner_text()


def test_a_verdict_leads_to_its_test(page: Page) -> None:
    chip = page.locator(".against .chip").first

    chip.click()

    page.wait_for_url("**/claims.html#claim-*")
    claim = page.locator(":target")
    assert claim.is_visible()
    assert "The test:" in claim.inner_text()


def test_what_is_folded_opens_by_keyboard(page: Page) -> None:
    folded = page.locator("details").first
    folded.locator("summary").focus()

    page.keyboard.press("Enter")

    assert folded.get_attribute("open") is not None


def test_unfolded_tables_do_not_widen_the_page(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    assert page.viewport_size is not None

    assert page.evaluate("document.scrollingElement.scrollWidth") <= page.viewport_size["width"]


def test_the_first_stop_of_the_keyboard_skips_to_the_text(page: Page) -> None:
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.className") == "skip"
    box = page.locator(".skip").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    page.wait_for_url("**/*#main")  # raises where it never comes


def test_what_has_the_focus_is_outlined(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


#: The contrast of every text with what lies behind it: WCAG 2.2, relative luminance.
CONTRAST = """() => {
    const numbers = text => (text.match(/[\\d.]+/g) || []).map(Number);
    const light = colour => colour.slice(0, 3)
        .map(one => one / 255)
        .map(one => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = element => {
        for (let at = element; at; at = at.parentElement) {
            const colour = numbers(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll('body *')]
        .filter(e => !e.closest('svg') && e.offsetParent !== null)
        .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
        .map(e => [e.outerHTML.slice(0, 80), light(numbers(getComputedStyle(e).color)), light(behind(e))])
        .filter(([, one, other]) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5)
        .map(([html]) => html);
}"""


@pytest.mark.few(4)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_text_stands_out_from_what_lies_behind_it(
    reader: Callable[..., Page], folder: Path, scheme: Literal["light", "dark"], name: str
) -> None:
    opened = reader(scheme=scheme)
    opened.goto((folder / name).as_uri())

    assert opened.evaluate(CONTRAST) == []


def test_the_charts_are_drawn(page: Page) -> None:
    boxes = [chart.bounding_box() for chart in page.locator("svg[role=img]:visible").all()]

    assert len(boxes) >= 5
    assert all(box is not None and box["width"] > 200 and box["height"] > 20 for box in boxes)


def test_the_page_reads_without_javascript(reader: Callable[..., Page], folder: Path) -> None:
    opened = reader(scripts=False)
    opened.goto((folder / "index.html").as_uri())

    assert opened.locator("h2").count() >= 7
    assert opened.locator("data.figure").count() > 100
    assert opened.locator(".strip tbody tr:visible").count() == 4
    opened.locator("details:has(table) summary").first.click()
    assert opened.locator("details[open] table").first.is_visible()


PRINTED = [*PAGES, *desk.PAGES]

#: What A4 leaves between the margins of a page, in CSS pixels.
PAPER = (688, 1000)


@pytest.mark.few(3)
@pytest.mark.parametrize("name", PRINTED)
def test_on_paper_nothing_is_cut_off_and_nothing_is_only_for_the_screen(
    reader: Callable[..., Page], folder: Path, name: str
) -> None:
    opened = reader(*PAPER, scheme="dark")
    opened.goto((folder / name).as_uri())
    opened.emulate_media(media="print")

    assert opened.evaluate("document.scrollingElement.scrollWidth") <= PAPER[0]
    assert opened.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert opened.locator(".contents:visible, summary:visible, .skip:visible, .box:visible").count() == 0
    assert opened.locator("details table:visible").count() == opened.locator("details table").count()
    assert opened.pdf(format="A4").startswith(b"%PDF")


def test_paper_has_the_layout_of_a_desk(reader: Callable[..., Page], folder: Path) -> None:
    opened = reader(*PAPER)
    opened.goto((folder / "index.html").as_uri())
    opened.emulate_media(media="print")

    assert opened.locator(".chart.wide").is_visible()
    assert opened.locator(".chart.narrow").is_hidden()
    assert opened.locator(".short thead").is_visible()
    rows = [row.bounding_box() or {} for row in opened.locator(".strip tbody tr").all()]
    assert [round(row["width"]) for row in rows] == [PAPER[0]] * 4
    opened.goto((folder / "methods.html").as_uri())
    assert opened.locator(".sources thead").is_visible()


def test_the_readmes_picture(reader: Callable[..., Page], folder: Path, tmp_path: Path) -> None:
    """The README shows the page's first screen: `make docs` sets PAYGUIDE_SCREENSHOT and keeps it.

    PAYGUIDE_EDITION names the folder of another edition to show.
    """
    wanted = os.environ.get("PAYGUIDE_SCREENSHOT")
    target = ROOT / wanted if wanted else tmp_path / "page.png"
    opened = reader(1280, 1120)
    opened.goto((folder / "index.html").as_uri())
    opened.screenshot(path=str(target))

    assert 20_000 < target.stat().st_size < 300_000
    assert (ROOT / "docs" / "page.png").is_file()
