"""Pay fields of boards and pages that are written as text: read like text, and refused where they cannot be."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from payguide.base.codes import EvidenceKind
from payguide.base.inputs import Document, SourceCard
from payguide.decode.reader import read

CARD = SourceCard("jobposting", "title", "origin", "licence", EvidenceKind.POSTED_RANGE, date(2026, 10, 1))
YEAR, MONTH, HOUR = "year", "month", "hour"
Bands = list[tuple[float | None, float | None, str, str]]


def amount(value: object, currency: str = "USD", **fields: object) -> dict[str, object]:
    return {"@type": "MonetaryAmount", "currency": currency, "value": value, **fields}


def span(**fields: object) -> dict[str, object]:
    return {"@type": "QuantitativeValue", **fields}


#: `baseSalary` -> its bands, or None where it is refused
STATED: list[tuple[Any, Bands | None]] = [
    ("$120,000 - $150,000 a year", [(120000, 150000, "USD", YEAR)]),
    ("$65/hr", [(65, 65, "USD", HOUR)]),
    (
        amount(span(minValue=120000, maxValue=150000, unitText="per year"), "$"),
        [(120000, 150000, "USD", YEAR)],
    ),
    (amount(span(minValue="60000", maxValue="70000", unitText="/year"), "€"), [(60000, 70000, "EUR", YEAR)]),
    (amount(span(minValue="60k", maxValue="70k", unitText="P1Y"), "£"), [(60000, 70000, "GBP", YEAR)]),
    (amount(span(minValue=55, maxValue=65, unitText="an hour"), "US$"), [(55, 65, "USD", HOUR)]),
    ("€60.000 - €70.000 per year", [(60000, 70000, "EUR", YEAR)]),
    ("£45k", [(45000, 45000, "GBP", YEAR)]),
    ("Up to $200,000 per annum", [(None, 200000, "USD", YEAR)]),
    ("USD 120000-150000", [(120000, 150000, "USD", YEAR)]),
    (amount("120k-150k"), [(120000, 150000, "USD", YEAR)]),
    (amount("120000-150000"), [(120000, 150000, "USD", YEAR)]),
    (amount("120,000 - 150,000 per year"), [(120000, 150000, "USD", YEAR)]),
    (amount("$120K–$150K", "CAD"), [(120000, 150000, "CAD", YEAR)]),
    (amount("60.000,00", "EUR", unitText="YEAR"), [(60000, 60000, "EUR", YEAR)]),
    (amount(span(minValue="120,000", maxValue="150,000", unitText="YEAR")), [(120000, 150000, "USD", YEAR)]),
    (amount(span(minValue="120k", maxValue="150k", unitText="YEAR")), [(120000, 150000, "USD", YEAR)]),
    (
        amount(span(minValue="$120,000.00", maxValue="$150,000.00", unitText="YEAR")),
        [(120000, 150000, "USD", YEAR)],
    ),
    (
        amount(span(minValue="60.000,00", maxValue="70.000,00", unitText="YEAR"), "EUR"),
        [(60000, 70000, "EUR", YEAR)],
    ),
    (
        amount(span(minValue="60.000", maxValue="70.000", unitText="YEAR"), "EUR"),
        [(60000, 70000, "EUR", YEAR)],
    ),
    (amount(span(value="$55 - $65", unitText="HOUR")), [(55, 65, "USD", HOUR)]),
    (amount(span(value="$110k to $130k")), [(110000, 130000, "USD", YEAR)]),
    (
        amount(span(minValue="USD 120000", maxValue="USD 150000", unitText="YEAR")),
        [(120000, 150000, "USD", YEAR)],
    ),
    (amount(span(minValue=120000, maxValue="150k", unitText="YEAR")), [(120000, 150000, "USD", YEAR)]),
    (amount(span(minValue="120000", maxValue="150000", unitText="YEAR")), [(120000, 150000, "USD", YEAR)]),
    (amount(span(minValue="95.5", maxValue="99.75", unitText="HOUR")), [(95.5, 99.75, "USD", HOUR)]),
    (amount(span(minValue="4 500", maxValue="5 200", unitText="MONTH"), "EUR"), [(4500, 5200, "EUR", MONTH)]),
    ("Competitive", []),
    ("DOE", []),
    ("", []),
    (amount("Negotiable"), []),
    (amount(""), []),
    ("grade 7 of 12", None),
    (amount("see band 4b"), None),
    (amount(span(minValue="abc1", maxValue="xyz2", unitText="YEAR")), None),
    (
        [{"currency": "USD", "value": "$120k"}, "$130k - $140k"],
        [(120000, 120000, "USD", YEAR), (130000, 140000, "USD", YEAR)],
    ),
    (amount(span(minValue="120k", unitText="YEAR")), [(120000, None, "USD", YEAR)]),
    (amount(span(maxValue="150.000 €", unitText="YEAR"), ""), [(None, 150000, "EUR", YEAR)]),
]


@pytest.mark.parametrize(("stated", "bands"), STATED, ids=lambda one: str(one)[:60])
def test_pay_in_words_is_read_or_refused(stated: Any, bands: Bands | None) -> None:
    job = {"@type": "JobPosting", "title": "ML Engineer", "baseSalary": stated}
    reading = read(Document(json.dumps(job).encode(), "application/ld+json;type=JobPosting", CARD, "job"))

    (posting,) = reading.postings
    found = [(band.low, band.high, band.currency, str(band.period)) for band in posting.structured_pay]
    assert found == (bands or [])
    assert [one.rule for one in reading.rejections] == (["unread_pay"] if bands is None else [])


@pytest.mark.parametrize("stated", ["$120,000 a year", amount(120000, "$", unitText="YEAR")])
def test_a_mark_that_countries_share_is_that_of_the_job(stated: object) -> None:
    place = {"address": {"addressLocality": "Toronto", "addressRegion": "ON", "addressCountry": "CA"}}
    job = {"@type": "JobPosting", "title": "Engineer", "jobLocation": place, "baseSalary": stated}
    reading = read(Document(json.dumps(job).encode(), "application/ld+json;type=JobPosting", CARD, "job"))

    (band,) = reading.postings[0].structured_pay
    assert (band.low, band.currency) == (120_000, "CAD")


def test_a_field_of_a_board_is_read_so_too() -> None:
    job = {
        "id": "1", "text": "ML Engineer", "hostedUrl": "https://jobs.example/acme/1",
        "salaryRange": {"currency": "EUR", "interval": "per-year-salary", "min": "60.000,00", "max": "70k"},
    }  # fmt: skip
    body = json.dumps({"board": "acme", "job": job}).encode()
    reading = read(Document(body, "application/vnd.lever.posting+json", CARD, "job"))

    (band,) = reading.postings[0].structured_pay
    assert (band.low, band.high, band.currency) == (60_000, 70_000, "EUR")
