"""An employer's own evidence beside an answer: what it is, how far it reaches, and when the headline says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from payguide.base.aggregates import OwnEvidence
from payguide.base.reference import data
from payguide.base.reference.minimums import MIN_OWN
from payguide.estimator.own_evidence import unpacked
from payguide.guide import edition as editions

pytestmark = pytest.mark.browser

EMPLOYERS = {
    "Amazon": "amazon", "OpenAI": "openai", "Google": "google", "Microsoft": "microsoft", "Netflix": "netflix",
    "Accenture": "accenture", "Databricks": "databricks", "Capital One": "capital-one", "Walmart": "walmart",
    "Uber": "uber", "Meta": "meta", "Anthropic": "anthropic",
}  # fmt: skip


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    return editions.read(folder).model


@pytest.fixture(scope="module")
def rows(model: Any) -> list[OwnEvidence]:
    return unpacked(model)


def test_the_page_reads_the_table_as_the_library_does(stand: Page, rows: list[OwnEvidence]) -> None:
    told = stand.evaluate("payguide.stated.all()")

    names = ("employer", "metro", "role", "level", "grade", "component", "kind", "n", "low", "high")
    assert len(told) > 1000
    assert [[one[name] for name in names] + [one["date"]] for one in told] == [
        [getattr(row, name) for name in names] + [row.newest.isoformat()] for row in rows
    ]


def reach(rows: list[OwnEvidence], employer: str, level: str, component: str) -> tuple[str, str]:
    """How far an employer's own evidence reaches, and its newest day that three data points bear out."""
    own = [
        row for row in rows
        if (row.employer, row.role, row.component) == (employer, "ml_engineer", component)
        and row.kind != "filing" and not row.metro and not row.grade and row.level in (level, "unstated")
    ]  # fmt: skip
    together = 0
    for row in sorted(own, key=lambda row: row.newest, reverse=True):
        together += row.n
        if together >= MIN_OWN:
            years = (date(2026, 11, 1) - row.newest).days / 365.25
            return ("ended" if years > data.table("recency")["own"]["years"] else "recent"), str(row.newest)
    return "none", ""


@pytest.mark.parametrize("component", ["base", "total"])
@pytest.mark.parametrize("level", ["senior", "entry"])
def test_the_headline_says_where_an_employers_own_evidence_ends(
    stand: Page, rows: list[OwnEvidence], component: str, level: str
) -> None:
    stand.check(f"[name=component][value={component}]")
    stand.select_option("#level", level)

    for name, employer in EMPLOYERS.items():
        stand.fill("#employer", name)
        state, newest = reach(rows, employer, level, component)
        said = stand.locator("#place-drawn > .ended:first-child")
        assert said.count() == (state != "recent"), (name, state)
        if state == "ended":
            assert said.locator("time").first.get_attribute("datetime") == newest, name
        if state == "none":
            assert "hardly any evidence of its own" in said.inner_text(), name


def test_amazon_in_seattle_is_said_to_rest_on_years_before_its_cap_was_lifted(stand: Page) -> None:
    stand.select_option("#level", "senior")
    stand.fill("#employer", "Amazon")
    stand.fill("#place", "Seattle, WA")

    told = stand.locator(".ended").inner_text()
    assert "newest own evidence of base pay at this level is of 2021-07" in told
    assert "from 160,000 to 350,000 USD" in told
    assert "Its own posted ranges of 2025" in told
    listed = stand.locator("#stated-drawn").inner_text()
    assert "what people report" in listed
    assert "By its own grades" in listed


def test_openais_posted_ranges_stand_beside_the_answer_with_their_dates(
    stand: Page, rows: list[OwnEvidence]
) -> None:
    stand.select_option("#level", "senior")
    stand.fill("#employer", "OpenAI")
    stand.fill("#place", "San Francisco, CA")

    assert stand.locator(".ended").count() == 0
    newest = max(row.newest for row in rows if row.employer == "openai" and row.role == "ml_engineer")
    first = stand.locator("#stated-drawn tbody tr").first
    assert "posted ranges" in first.inner_text()
    assert first.locator("time").get_attribute("datetime") == str(newest)


@pytest.mark.parametrize(
    ("place", "metro", "state"),
    [
        ("Boulder, CO", "14500", "Colorado"),
        ("Denver, CO", "19740", "Colorado"),
        ("Fargo, ND", "22020", "North Dakota"),
    ],
)
def test_what_it_rests_on_counts_the_places_own_and_nothing_else(
    stand: Page, rows: list[OwnEvidence], place: str, metro: str, state: str
) -> None:
    stand.fill("#place", place)

    told = stand.locator("#rests-drawn p").first
    here = [
        row for row in rows
        if (row.employer, row.metro, row.role, row.component) == ("", metro, "ml_engineer", "base")
    ]  # fmt: skip
    counts = [int(one.get_attribute("value") or 0) for one in told.locator("data").all()]
    assert sum(counts) == sum(row.n for row in here)
    assert (f"none of the role (ML engineer) here; the answer is from {state}" in told.inner_text()) == (
        not here
    )
    assert f"from {state} and metros like it" in told.inner_text()


def test_what_the_estimator_was_fitted_on_is_counted_by_source(stand: Page, model: Any) -> None:
    fitted = stand.locator("#rests-drawn [data-estimate='model.base.fitted']").evaluate_all(
        "all => all.filter(one => one.className === 'count').map(one => Number(one.getAttribute('value')))"
    )
    assert fitted == sorted((n for n in model["components"]["base"]["blend"]["n"] if n), reverse=True)


def test_how_far_to_trust_it_is_judged_on_later_statements_first(stand: Page, model: Any) -> None:
    stand.fill("#employer", "Amazon")
    later = model["backtest"]["protocols"]["dates"]["base"]["slices"]["employer=amazon"]

    first = stand.locator("#trust-drawn tbody tr").first
    assert first.inner_text().startswith("Later")
    assert first.locator("data").first.get_attribute("value") == str(later["n"])
    assert "statements later than all" in stand.locator("#trust-drawn p").first.inner_text()
    stand.fill("#employer", "Zzyzx & Sons")
    assert stand.locator("#trust-drawn tbody tr").first.locator("th").inner_text().startswith("Later: ")
