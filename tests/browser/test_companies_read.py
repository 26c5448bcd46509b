"""The pages of companies in a real browser: sorted, searched, and answering as the desk does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from payguide import read_edition
from payguide.base.codes import LADDER
from payguide.base.estimates import Published
from payguide.guide.companies import companies

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


def test_every_row_is_what_the_desk_answers(reader: Callable[..., Page], folder: Path) -> None:
    """Of every fifth company, at each level and grade, of base and total pay: to the dollar."""
    found = companies(read_edition(folder))
    asked: list[dict[str, str]] = []
    told: list[float] = []
    for company in found.held[::5]:
        rows = [("level", str(level), str(level)) for level in LADDER]
        rows += [("grade", grade.name, f"grade.{grade.slug}") for grade in company.grades]
        for (field, value, part), component in product(rows, ("base", "total")):
            figure = found.figures[f"company.{company.slug}.{part}.{component}.p50"]
            if isinstance(figure, Published):
                told.append(figure.estimate.value)
                asked.append(
                    {"role": found.role, "employer": company.name, "component": component, field: value}
                )
    page = reader()
    page.goto((folder / "stand.html").as_uri())
    answers = page.evaluate(
        """all => {
            const desk = payguide.desk.open();
            return all.map(one => desk.predict(desk.read({ ...one, years: null, tenure: null }).profile).p50);
        }""",
        asked,
    )
    assert len(told) > 150
    apart = [
        (one, mine, desks)
        for one, mine, desks in zip(asked, told, answers, strict=True)
        if abs(mine - desks) > 1
    ]
    assert apart == []


def test_a_rows_link_fills_in_the_desk(reader: Callable[..., Page], folder: Path) -> None:
    page = reader()
    for row in ("senior", "grade-l5"):
        page.goto((folder / "company-google.html").as_uri())
        told = page.locator(f'#{row} data.figure[data-figure$=".base.p50"]').get_attribute("value")
        page.locator(f"#{row} th a").click()
        expect(
            page.locator('#place-drawn .verdictline ~ p [data-estimate="model.base.p50"]').first
        ).to_have_attribute("value", told or "")
