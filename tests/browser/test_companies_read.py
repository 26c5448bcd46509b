"""The pages of companies in a real browser: sorted, searched, and answering as the desk does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def names(page: Page) -> list[str]:
    return page.eval_on_selector_all("#rows tr:not([hidden]) th", "all => all.map(cell => cell.textContent)")


def medians(page: Page, figure: str) -> list[int]:
    """The plain values of a column in the order of the rows; those that are withheld left out."""
    values = "all => all.map(one => Number(one.value))"
    return list(page.eval_on_selector_all(f'#rows data[data-figure$="{figure}"]', values))


def test_companies_are_sorted_by_keyboard_and_searched(watched: Page, folder: Path) -> None:
    watched.goto((folder / "companies.html").as_uri())
    every = names(watched)
    assert every == sorted(every, key=str.lower)

    watched.select_option("#by", label="Senior, total")
    found = medians(watched, ".senior.total.p50")
    assert found == sorted(found, reverse=True)
    assert watched.locator("#rows tr").last.locator("td").nth(5).inner_text() == "withheld"
    if watched.locator("#sorted thead").is_visible():
        watched.locator("th[data-sort] button", has_text="Entry, base").press("Enter")
        found = medians(watched, ".entry.base.p50")
        assert found == sorted(found, reverse=True)
        watched.keyboard.press("Enter")
        assert medians(watched, ".entry.base.p50") == sorted(found)
        assert watched.locator("th[aria-sort=ascending]").inner_text().startswith("Entry, base")

    watched.fill("#find", "ama")
    expect(watched.locator("#found")).to_have_text("1 found")
    assert names(watched) == ["Amazon"]


def test_without_scripts_there_is_a_plain_table(reader: Callable[..., Page], folder: Path) -> None:
    page = reader(scripts=False)
    page.goto((folder / "companies.html").as_uri())
    assert page.locator("#rows tr:visible").count() > 100
    assert not page.locator("#find").is_visible()
    page.locator("#rows a", has_text="Google").click()
    assert page.locator("#senior data.figure:visible").count() >= 6


@pytest.mark.parametrize(
    ("company", "rows"), [("google", ("senior", "grade-l5")), ("capital-one", ("entry",))]
)
def test_a_rows_link_leads_to_the_same_answer(
    reader: Callable[..., Page], folder: Path, company: str, rows: tuple[str, ...]
) -> None:
    page = reader()
    for row in rows:
        page.goto((folder / f"company-{company}.html").as_uri())
        told = page.locator(f'#{row} data[data-figure$=".base.p50"]').get_attribute("value")
        page.locator(f"#{row} th a").click()
        expect(page.locator('data[data-estimate="model.base.p50"]').first).to_have_attribute(
            "value", told or ""
        )
