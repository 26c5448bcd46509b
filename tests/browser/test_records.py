"""The records in a real browser: narrowed, sorted, paged, taken along; ten thousand of them."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "guide"))

import drawn_exhibits as drawn

from payguide.guide import edition as editions
from payguide.guide import site

pytestmark = pytest.mark.browser

MANY = 10_000


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("records")
    edition = drawn.edition(*(drawn.exhibit(number) for number in range(MANY)))
    editions.write(edition, made)
    site.render(edition, made)
    return made / "records.html"


def pays(page: Page) -> list[int]:
    return [
        int(one)
        for one in page.eval_on_selector_all("#rows td:first-child data", "all => all.map(d => d.value)")
    ]


def test_a_figures_link_shows_the_pieces_it_counts(watched: Page, records: Path) -> None:
    watched.goto(f"{records.as_uri()}#component=base&level=senior&metro=42660")

    wanted = [n for n in range(MANY) if n % 3 == 0 and n % 2 == 1]
    expect(watched.locator("#found")).to_have_text(f"{len(wanted):,} of 10,000 records.")
    assert pays(watched) == [100_000 + number for number in wanted[:50]]
    assert watched.evaluate("document.scrollingElement.scrollWidth") <= (watched.viewport_size or {})["width"]


def test_narrowing_is_kept_in_the_address(used: Page, records: Path) -> None:
    used.goto(records.as_uri())
    used.select_option("#by-tier", "big_tech")
    used.fill("#words", "employer c")

    wanted = [n for n in range(MANY) if n % 2 == 0 and n % 26 == 2]
    expect(used.locator("#found")).to_have_text(f"{len(wanted)} of 10,000 records.")
    assert used.url.endswith("#words=employer+c&tier=big_tech")
    used.reload()
    expect(used.locator("#found")).to_have_text(f"{len(wanted)} of 10,000 records.")
    used.click("text=Show all")
    expect(used.locator("#found")).to_have_text("10,000 of 10,000 records.")
    used.fill("#words", "nobody at all")
    expect(used.locator("#found")).to_contain_text("Nothing fits")


def test_sorting_and_paging_by_keyboard(reader: Callable[..., Page], records: Path) -> None:
    page = reader()
    page.goto(records.as_uri())
    page.locator("th[data-sort=pay] button").focus()
    page.keyboard.press("Enter")
    assert page.get_attribute("th[data-sort=pay]", "aria-sort") == "descending"
    assert pays(page)[:3] == [109_999, 109_998, 109_997]
    page.keyboard.press("Enter")
    assert pays(page)[:3] == [100_000, 100_001, 100_002]
    page.locator("#after").focus()
    page.keyboard.press("Enter")
    assert pays(page)[0] == 100_050


def test_what_is_shown_can_be_taken_along(reader: Callable[..., Page], records: Path, tmp_path: Path) -> None:
    page = reader()
    page.goto(f"{records.as_uri()}#specialisation=vision&level=mid")
    with page.expect_download() as download:
        page.click("#take")
    download.value.save_as(tmp_path / "taken.csv")

    with (tmp_path / "taken.csv").open(encoding="utf-8", newline="") as taken:
        rows = list(csv.DictReader(taken))
    with records.with_name("records.csv").open(encoding="utf-8", newline="") as whole:
        wanted = [
            r for r in csv.DictReader(whole) if "vision" in r["specialisations"] and "mid" in r["levels"]
        ]
    assert rows == wanted
    assert len(rows) == len([n for n in range(MANY) if n % 5 == 0 and n % 3 == 1])


def test_it_reads_without_javascript(reader: Callable[..., Page], records: Path) -> None:
    page = reader(scripts=False)
    page.goto(records.as_uri())
    assert page.locator("#rows tr").count() == 100
    assert not page.is_visible("#narrow")


@pytest.mark.parametrize("width", [pytest.param(1280, marks=pytest.mark.slow), 390], ids=["desk", "phone"])
def test_axe_finds_nothing(reader: Callable[..., Page], records: Path, axe: str, width: int) -> None:
    page = reader(width, policy=False)
    page.goto(records.as_uri())
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'], preload: false })")
    assert [(one["id"], [node["html"][:150] for node in one["nodes"]]) for one in found["violations"]] == []
