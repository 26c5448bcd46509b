"""The pages of companies and places: the estimator's own answers, counts that are the evidence's, what is withheld."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide import read_edition
from payguide.base.aggregates import OwnEvidence
from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.estimates import Published, Withheld
from payguide.decode.profile_input import resolve_profile
from payguide.estimator import Estimator, predict_each
from payguide.estimator.own_evidence import unpacked
from payguide.guide.companies import Companies, companies
from payguide.guide.sections.dated import age_said

ROLE = "ml_engineer"
#: Of the largest and the smallest, of labs that state ranges alone, and of those whose total pay is unsure.
NAMED = (
    "OpenAI",
    "Anthropic",
    "Google",
    "Microsoft",
    "Amazon",
    "Capital One",
    "Walmart",
    "Uber",
    "Netflix",
    "Nvidia",
)


@pytest.fixture(scope="module")
def edition(packaged_site: Path) -> Edition:
    return read_edition(packaged_site)


@pytest.fixture(scope="module")
def found(edition: Edition) -> Companies:
    return companies(edition)


@pytest.fixture(scope="module")
def own(edition: Edition) -> list[OwnEvidence]:
    return unpacked(edition.model or {})


@cache
def tree(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def page(site: Path, name: str) -> Path:
    return site / f"company-{name.lower().replace(' ', '-')}.html"


@pytest.mark.parametrize("name", NAMED)
def test_a_level_is_what_anybody_is_told_who_asks(
    edition: Edition, found: Companies, packaged_site: Path, name: str
) -> None:
    asked = [
        {
            **resolve_profile({"employer": name, "role": ROLE, "level": str(level), "component": component}),
            "country": "US",
        }
        for level in LADDER
        for component in ("base", "total")
    ]
    for profile, answer in zip(asked, predict_each(edition.model or {}, asked), strict=True):
        stem = f"company.{profile['employer']}.{profile['level']}.{profile['component']}"
        for quantile in ("p25", "p50", "p75"):
            figure = found.figures[f"{stem}.{quantile}"]
            if isinstance(figure, Published):
                assert figure.estimate.value == answer[quantile]
                node = tree(page(packaged_site, name)).css_first(f'data[data-figure="{stem}.{quantile}"]')
                assert float(node.attributes["value"] or 0) == answer[quantile]
        market, gap = (
            edition.figures[f"band.{stem.split('.', 2)[2]}.p50"],
            found.figures[f"{stem}.market.effect"],
        )
        if isinstance(gap, Published) and isinstance(market, Published):
            assert gap.estimate.value == pytest.approx(answer["p50"] / market.estimate.value - 1)


def test_a_grade_is_what_anybody_is_told_who_names_it(edition: Edition, found: Companies) -> None:
    graded = [one for one in found.held if one.grades]
    assert len(graded) > 30
    for company in graded[::7]:
        asked = [
            {**company.profile, "role": ROLE, "grade": grade.name, "component": "total"}
            for grade in company.grades
        ]
        for grade, answer in zip(company.grades, predict_each(edition.model or {}, asked), strict=True):
            figure = found.figures[f"company.{company.slug}.grade.{grade.slug}.total.p50"]
            assert isinstance(figure, Published)
            assert (figure.estimate.value, figure.estimate.coverage) == (answer["p50"], 0.0)


def points(own: list[OwnEvidence], slug: str, role: str = ROLE) -> Mapping[str, int]:
    """How many data points a company has by level and component, filings aside."""
    counts = Counter[str]()
    for row in own:
        if (
            row.employer == slug
            and row.level
            and row.kind != "filing"
            and row.role in (role, role or row.role)
        ):
            counts[f"{row.level}.{row.component}"] += row.n
    return counts


@pytest.mark.parametrize("name", NAMED)
def test_counts_are_those_of_its_own_evidence(
    found: Companies, own: list[OwnEvidence], packaged_site: Path, name: str
) -> None:
    slug = name.lower().replace(" ", "-")
    counts, html = points(own, slug), tree(page(packaged_site, name))

    def shown(key: str) -> int:
        return int((html.css_first(f'data[data-key="own.{slug}.{key}"]').attributes["value"]) or 0)

    assert shown("points") == sum(counts.values())
    for level in LADDER:
        assert shown(str(level)) == max(counts[f"{level}.base"], counts[f"{level}.total"])
        for component in ("base", "total"):
            figure = found.figures[f"company.{slug}.{level}.{component}.p50"]
            assert isinstance(figure, Withheld) or figure.estimate.n == counts[f"{level}.{component}"]


def test_who_has_a_page(found: Companies, own: list[OwnEvidence], packaged_site: Path) -> None:
    """From three data points of the role and ten of all roles on."""
    slugs = {row.employer for row in own if row.employer}
    every = {slug: (sum(points(own, slug).values()), slug) for slug in slugs}
    pages = {path.stem.removeprefix("company-") for path in packaged_site.glob("company-*.html")}
    assert pages == {one.slug for one in found.held}
    assert all(every[slug][0] >= 3 for slug in pages)
    assert len(pages) > 100
    # of Databricks and Accenture the evidence has software engineers, and hardly any of this role
    assert not pages & {"databricks", "accenture"}
    assert not any(n >= 3 for n, slug in every.values() if slug in ("databricks", "accenture"))
    listed = tree(packaged_site / "companies.html").css("#rows th a")
    assert [one.attributes["href"] for one in listed] == [one.page for one in found.held]


def test_what_its_interval_makes_useless_is_withheld(found: Companies) -> None:
    assert isinstance(found.figures["company.openai.senior.base.p50"], Published)
    assert isinstance(found.figures["company.openai.senior.total.p50"], Withheld)
    for figure in found.figures.values():
        if isinstance(figure, Published) and figure.estimate.coverage and figure.id.endswith(".p50"):
            estimate = figure.estimate
            assert estimate.low < estimate.value < estimate.high
            # a coefficient of variation of a third: 90 % within 3 times
            assert math.log(estimate.high / estimate.low) / (2 * 1.645) <= 0.334


@pytest.mark.parametrize(
    ("newest", "said"),
    [
        (date(2026, 8, 1), ""),
        (date(2024, 11, 15), ""),
        (date(2024, 5, 13), "two years old"),
        (date(2021, 8, 17), "five years old"),
        (date(2012, 9, 25), "14 years old"),
        (None, ""),
    ],
)
def test_how_old_evidence_is(newest: date | None, said: str) -> None:
    assert age_said(newest, date(2026, 11, 1)) == said


def test_old_evidence_is_said_in_the_headline(packaged_site: Path) -> None:
    def lead(name: str) -> str:
        return re.sub(r"\s+", " ", tree(page(packaged_site, name)).css_first(".lead").text())

    assert "The newest evidence on its base and total pay is of July 2021, five years old." in lead(
        "Microsoft"
    )
    assert (
        "The newest evidence on its base pay is of August 2026. Nothing of its own tells total pay."
        in lead("OpenAI")
    )


def test_the_table_has_every_published_figure(found: Companies, packaged_site: Path) -> None:
    with (packaged_site / "companies.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    published = {name: one.estimate for name, one in found.figures.items() if isinstance(one, Published)}
    assert rows.keys() == published.keys()
    for name, row in list(rows.items())[::97]:
        assert float(row["value"]) == pytest.approx(published[name].value, rel=1e-5)


def test_pages_are_small(packaged_site: Path) -> None:
    assert max(path.stat().st_size for path in packaged_site.glob("company-*.html")) < 60_000
    assert (packaged_site / "companies.html").stat().st_size < 250_000


def test_a_places_companies_and_counts_are_its_evidences(own: list[OwnEvidence], packaged_site: Path) -> None:
    seattle = tree(packaged_site / "place-42660.html")
    told = [
        (row.css_first("a").attributes["href"], int(row.css_first("data.meta").attributes["value"] or 0))
        for row in seattle.css("#companies tbody tr")
    ]
    rows = [row for row in own if row.metro == "42660" and row.role == ROLE]
    amazon = [row.n for row in rows if row.employer == "amazon" and row.component == "total"]
    assert told[0] == ("company-amazon.html", sum(amazon))
    assert sum(int(one.attributes["value"] or 0) for one in seattle.css("#own data")) == sum(
        row.n for row in rows if not row.employer
    )


def test_a_date_moves_an_answer_as_the_page_of_time_says(edition: Edition) -> None:
    """Of an employer of the market's mean tier; a tier has a slope of its own beside the market's."""
    estimator = Estimator(edition.model or {})
    profile = {"role": ROLE, "level": "senior"}
    now, *then = (
        one["p50"]
        for one in predict_each(
            estimator, [profile, *({**profile, "date": f"{y}-07-01"} for y in (2018, 2022))]
        )
    )
    for year, paid in zip((2018, 2022), then, strict=True):
        figure = edition.figures[f"time.{year}.base.effect"]
        assert isinstance(figure, Published)
        assert paid / now - 1 == pytest.approx(figure.estimate.value, abs=0.003)
