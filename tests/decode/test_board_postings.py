"""Job-board postings: a board's own pay field becomes bands or named refusals; the posting always lands."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Basis, EvidenceKind, Period, Remote
from payguide.base.inputs import Document, PayBand, Reading, SourceCard
from payguide.decode.boards.common import basis_of
from payguide.decode.reader import read

DAY = date(2026, 10, 1)
Band = tuple[float | None, float | None, str, Period, Basis, str]


def document(kind: str, body: object) -> Document:
    card = SourceCard(kind, kind, "origin", "licence", EvidenceKind.POSTED_RANGE, DAY)
    media = {
        "jobposting": "application/ld+json;type=JobPosting",
    }.get(kind, f"application/vnd.{kind}.posting+json")
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Document(content, media, card, f"{kind}.json[0]")


def posting(kind: str, **job: object) -> Reading:
    return read(document(kind, {"board": "acme", "job": job}))


def bands(reading: Reading) -> list[Band]:
    (landed,) = reading.postings
    return [(b.low, b.high, b.currency, b.period, b.basis, b.scope) for b in landed.structured_pay]


def rules(reading: Reading) -> list[str]:
    return [refused.rule for refused in reading.rejections]


def salary(low: float | None, high: float | None, **changes: object) -> dict[str, object]:
    part: dict[str, object] = {
        "compensationType": "Salary",
        "interval": "1 YEAR",
        "currencyCode": "USD",
        "minValue": low,
        "maxValue": high,
        "summary": "$150K – $170K",
    }
    return {**part, **changes}


def tier(*parts: dict[str, object], title: str | None = None, note: str | None = None) -> dict[str, object]:
    return {"title": title, "additionalInformation": note, "components": list(parts)}


def ashby(*tiers: dict[str, object], **changes: object) -> Reading:
    job: dict[str, object] = {
        "id": "6f1c",
        "title": "Machine Learning Engineer",
        "location": "San Francisco, CA",
        "descriptionPlain": "You will train models.",
        "publishedAt": "2026-03-02T10:00:00.000+00:00",
        "jobUrl": "https://jobs.ashbyhq.com/acme/6f1c",
        "compensation": {"compensationTiers": list(tiers)},
    }
    return posting("ashby", **{**job, **changes})


EQUITY = {"compensationType": "EquityPercentage", "interval": "NONE", "currencyCode": None, "minValue": None}
COMMISSION = salary(20_000, 30_000, compensationType="Commission", summary="$20K – $30K Commission")
YEAR, HOUR, USD = Period.YEAR, Period.HOUR, "USD"

#: Ashby's tiers -> the bands, the rules broken
ASHBY: list[tuple[list[dict[str, object]], list[Band], list[str]]] = [
    ([], [], []),
    ([tier(salary(150_000, 170_000))], [(150_000, 170_000, USD, YEAR, Basis.BASE, "")], []),
    (
        [tier(salary(150_000, 170_000), title="NYC"), tier(salary(120_000, 140_000), title="Denver")],
        [
            (150_000, 170_000, USD, YEAR, Basis.BASE, "NYC"),
            (120_000, 140_000, USD, YEAR, Basis.BASE, "Denver"),
        ],
        [],
    ),
    # what stands beside the salary is not in it
    ([tier(salary(90_000, 99_000), COMMISSION, EQUITY)], [(90_000, 99_000, USD, YEAR, Basis.BASE, "")], []),
    ([tier(COMMISSION, EQUITY)], [], []),
    ([tier(salary(40, 60, interval="1 HOUR"))], [(40, 60, USD, HOUR, Basis.BASE, "")], []),
    # labels that say what the figure is
    (
        [tier(salary(90_000, 99_000, summary="OTE $90K – $99K"))],
        [(90_000, 99_000, USD, YEAR, Basis.OTE, "")],
        [],
    ),
    (
        [tier(salary(90_000, 99_000), note="OTE with a 50/50 split")],
        [(90_000, 99_000, USD, YEAR, Basis.OTE, "")],
        [],
    ),
    ([tier(salary(90_000, 99_000), note="$182,400 OTE")], [(90_000, 99_000, USD, YEAR, Basis.BASE, "")], []),
    (
        [tier(salary(90_000, 99_000, summary="Total Compensation Range Base + Equity $90K – $99K"))],
        [(90_000, 99_000, USD, YEAR, Basis.TOTAL, "")],
        [],
    ),
    # slips of the pen
    ([tier(salary(24.04, 24.04))], [], ["absurd_pay"]),
    ([tier(salary(60, 60, interval="1 TIME"))], [], ["unknown_period"]),
    ([tier(salary(170_000, 150_000))], [], ["band_runs_backwards"]),
    ([tier(salary(-5, 150_000))], [], ["negative_pay"]),
    ([tier(salary(100_000, 150_000, currencyCode="DOLLARS"))], [], ["unknown_currency"]),
    ([tier(salary(0, 123_000))], [(None, 123_000, USD, YEAR, Basis.BASE, "")], []),
    (
        [tier(salary(1, 500_000)), tier(salary(150_000, 170_000))],
        [(150_000, 170_000, USD, YEAR, Basis.BASE, "")],
        ["absurd_pay"],
    ),
]


@pytest.mark.parametrize(("tiers", "expected", "broken"), ASHBY)
def test_ashby_tiers(tiers: list[dict[str, object]], expected: list[Band], broken: list[str]) -> None:
    reading = ashby(*tiers)
    assert bands(reading) == expected
    assert rules(reading) == broken


def test_an_ashby_posting_keeps_its_facts() -> None:
    reading = ashby(tier(salary(150_000, 170_000)))
    (landed,) = reading.postings
    assert (landed.id, landed.url) == ("6f1c", "https://jobs.ashbyhq.com/acme/6f1c")
    assert landed.date == date(2026, 3, 2)
    assert landed.profile.title == "Machine Learning Engineer"
    structured = [o for o in reading.observations if o.locator != "text"]
    assert [(o.low, o.high, o.record, o.date, o.source) for o in structured] == [
        (150_000, 170_000, "6f1c", DAY, "ashby")  # a standing offer counts on the day it was recorded
    ]


#: workplace type, switch, text -> where the work is done
REMOTE = [
    ("Remote", True, "Train models.", Remote.REMOTE),
    ("Hybrid", True, "Train models.", Remote.HYBRID),
    ("OnSite", False, "Train models.", Remote.ONSITE),
    (None, True, "Train models.", Remote.REMOTE),
    (None, False, "Train models.", Remote.ONSITE),
    (None, None, "Train models.", Remote.UNSTATED),
    (None, True, "This is a hybrid role: three days a week in our office.", Remote.HYBRID),
]


@pytest.mark.parametrize(("workplace", "switch", "text", "expected"), REMOTE)
def test_the_text_beats_the_remote_switch(
    workplace: str | None, switch: bool | None, text: str, expected: Remote
) -> None:
    (landed,) = ashby(workplaceType=workplace, isRemote=switch, descriptionPlain=text).postings
    assert landed.profile.remote is expected


def greenhouse(*ranges: dict[str, object]) -> Reading:
    return posting(
        "greenhouse",
        id=7954688,
        title="Machine Learning Engineer",
        company_name="Acme",
        absolute_url="https://boards.greenhouse.io/acme/jobs/7954688",
        location={"name": "Seattle, WA"},
        first_published="2026-06-02T08:58:57-04:00",
        content="&lt;p&gt;You will train &amp;amp; serve models.&lt;/p&gt;",
        pay_input_ranges=list(ranges),
    )


def cents(low: int, high: int, title: str = "", blurb: str = "", currency: str = "USD") -> dict[str, object]:
    return {"min_cents": low, "max_cents": high, "currency_type": currency, "title": title, "blurb": blurb}


GREENHOUSE: list[tuple[list[dict[str, object]], list[Band], list[str]]] = [
    ([], [], []),
    ([cents(12_000_000, 15_000_000)], [(120_000, 150_000, USD, YEAR, Basis.BASE, "")], []),
    (
        [cents(12_000_000, 15_000_000, "Zone 1"), cents(11_000_000, 14_000_000, "Zone 2")],
        [
            (120_000, 150_000, USD, YEAR, Basis.BASE, "Zone 1"),
            (110_000, 140_000, USD, YEAR, Basis.BASE, "Zone 2"),
        ],
        [],
    ),
    ([cents(4_400, 5_200)], [(44, 52, USD, HOUR, Basis.BASE, "")], []),  # 4,400 cents: hourly by its size
    ([cents(1_200, 1_400, "Hourly range")], [(12, 14, USD, HOUR, Basis.BASE, "Hourly range")], []),
    (
        [cents(12_000_000, 15_000_000, "OTE range")],
        [(120_000, 150_000, USD, YEAR, Basis.OTE, "OTE range")],
        [],
    ),
    ([cents(0, 0)], [], []),  # the form was left empty
    ([cents(15_000_000, 12_000_000)], [], ["band_runs_backwards"]),
    ([cents(300_000, 400_000)], [], ["period_unclear"]),
]


@pytest.mark.parametrize(("ranges", "expected", "broken"), GREENHOUSE)
def test_greenhouse_ranges(ranges: list[dict[str, object]], expected: list[Band], broken: list[str]) -> None:
    reading = greenhouse(*ranges)
    assert bands(reading) == expected
    assert rules(reading) == broken


LEVER: list[tuple[object, list[Band], list[str]]] = [
    (None, [], []),
    (
        {"currency": "USD", "interval": "per-year-salary", "min": 150_000, "max": 180_000},
        [(150_000, 180_000, USD, YEAR, Basis.BASE, "")],
        [],
    ),
    (
        {"currency": "USD", "interval": "per-hour-wage", "min": 30, "max": 40},
        [(30, 40, USD, HOUR, Basis.BASE, "")],
        [],
    ),
    ({"currency": "USD", "interval": "one-time", "min": 3000, "max": 4000}, [], ["unknown_period"]),
    ({"interval": "per-year-salary", "min": 150_000, "max": 180_000}, [], ["unknown_currency"]),
]


@pytest.mark.parametrize(("stated", "expected", "broken"), LEVER)
def test_lever_ranges(stated: object, expected: list[Band], broken: list[str]) -> None:
    reading = posting(
        "lever",
        id="3414ba28",
        text="Machine Learning Engineer",
        categories={
            "location": "New York, New York",
            "allLocations": ["New York, New York", "Austin, Texas"],
        },
        country="US",
        workplaceType="hybrid",
        createdAt=1779223091267,
        descriptionPlain="You will train models.",
        lists=[{"text": "Requirements", "content": "<li>Five years</li>"}],
        additionalPlain="We care.",
        salaryRange=stated,
        hostedUrl="https://jobs.lever.co/acme/3414ba28",
    )
    assert bands(reading) == expected
    assert rules(reading) == broken
    (landed,) = reading.postings
    assert landed.profile.remote is Remote.HYBRID
    assert landed.date == date(2026, 5, 19)


def money(value: object, currency: str | None = "USD", **outer: object) -> dict[str, object]:
    return {"@type": "MonetaryAmount", "currency": currency, "value": value, **outer}


def quantity(**value: object) -> dict[str, object]:
    return {"@type": "QuantitativeValue", **value}


SCHEMA: list[tuple[object, list[Band], list[str]]] = [
    (None, [], []),
    (
        money(quantity(minValue=150_000, maxValue="180,000", unitText="YEAR")),
        [(150_000, 180_000, USD, YEAR, Basis.BASE, "")],
        [],
    ),
    (money(quantity(value=45, unitText="HOUR")), [(45, 45, USD, HOUR, Basis.BASE, "")], []),
    (money(quantity(minValue=150_000, unitText="YEAR")), [(150_000, None, USD, YEAR, Basis.BASE, "")], []),
    (money(120_000, unitText="YEAR"), [(120_000, 120_000, USD, YEAR, Basis.BASE, "")], []),
    (money(quantity(value=120_000), currency=None), [(120_000, 120_000, "EUR", YEAR, Basis.BASE, "")], []),
    (95_000, [(95_000, 95_000, "EUR", YEAR, Basis.BASE, "")], []),  # a bare number, in salaryCurrency
    (money(quantity(minValue=0, maxValue=0, unitText="YEAR")), [], []),
    (money(quantity(value=120_000, unitText="EON")), [], ["unknown_period"]),
    ("competitive", [], []),
]


@pytest.mark.parametrize(("stated", "expected", "broken"), SCHEMA)
def test_schema_org_base_salary(stated: object, expected: list[Band], broken: list[str]) -> None:
    job = {
        "@type": "JobPosting",
        "title": "Machine Learning Engineer",
        "identifier": {"@type": "PropertyValue", "value": "R-17"},
        "hiringOrganization": {"@type": "Organization", "name": "Acme"},
        "jobLocation": {"address": {"addressLocality": "Munich", "addressCountry": {"name": "DE"}}},
        "jobLocationType": "TELECOMMUTE",
        "description": "<p>You will train models.</p>",
        "datePosted": "2026-02-03",
        "baseSalary": stated,
        "salaryCurrency": "EUR",
        "estimatedSalary": money(quantity(value=1, unitText="YEAR")),  # no offer: not read
    }
    reading = read(document("jobposting", job))
    assert bands(reading) == expected
    assert rules(reading) == broken
    (landed,) = reading.postings
    assert (landed.id, landed.profile.remote) == ("R-17", Remote.REMOTE)


def test_what_is_no_posting_is_refused() -> None:
    assert rules(read(document("ashby", b"{"))) == ["not_json"]
    assert rules(read(document("ashby", b"\xff\xfe"))) == ["not_json"]
    assert rules(read(document("lever", {"board": "x"}))) == ["unknown_posting_shape"]
    assert rules(read(document("jobposting", [1]))) == ["unknown_posting_shape"]
    assert rules(ashby(title="  ")) == ["no_title"]


@pytest.mark.parametrize(
    ("label", "basis"),
    [
        ("$150K – $170K", Basis.BASE),
        ("Base Compensation $150K", Basis.BASE),
        ("On-target Earnings (OTE) $150K", Basis.OTE),
        ("Estimated Base Salary Plus Commission $150K", Basis.OTE),
        ("Base Salary Range (Not Including Commission) $150K", Basis.BASE),
        ("Total Comp (Base plus Equity) $150K", Basis.TOTAL),
        ("The yearly total compensation for this position ranges from", Basis.TOTAL),
        (
            "Our ranges are competitive for our size and industry and are one part of total compensation",
            Basis.BASE,
        ),
        ("Remote $150K", Basis.BASE),
    ],
)
def test_a_label_says_what_its_figure_is(label: str, basis: Basis) -> None:
    assert basis_of(label) is basis


values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=6,
)
FIELDS = {
    "ashby": ["id", "location", "secondaryLocations", "address", "compensation", "isRemote", "publishedAt"],
    "greenhouse": ["id", "location", "pay_input_ranges", "content", "first_published", "company_name"],
    "lever": ["id", "categories", "lists", "salaryRange", "createdAt", "country", "workplaceType"],
}


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_odd_fields_never_stop_a_posting(kind: str) -> None:
    title = "text" if kind == "lever" else "title"

    @given(st.dictionaries(st.sampled_from(FIELDS[kind]), values, max_size=4))
    def lands(job: dict[str, Any]) -> None:
        reading = posting(kind, **{**job, title: "Machine Learning Engineer"})
        assert len(reading.postings) == 1
        assert all(isinstance(b, PayBand) for p in reading.postings for b in p.structured_pay)

    lands()
