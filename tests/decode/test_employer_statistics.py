"""Self-reports with units, means of grades, a ceiling, and a list with one value an employer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import pytest
from table_documents import csv, document, rules

from payguide.base.codes import Component, EvidenceKind, Level, Role, Statistic
from payguide.decode.reader import read

SIX = [
    "Company", "Location", "Date", "Level Name", "Tag", "YearOfExperience", "Total/AtCompany", "TotalCompensation",
    "Base", "Stock(yr)", "Bonus", "scraped",
]  # fmt: skip


def report(**changes: str) -> dict[str, str]:
    values = ("Google", "Seattle, WA", "3 days ago", "L4", "ML / AI", "1 yr", "0 yrs", "US$264,999", "182600",
              "55000.0000000001", "", "PAGE_14-05-2024-00-46-55")  # fmt: skip
    return {**dict(zip(SIX, values, strict=True)), **changes}


def test_a_report_with_units_and_a_relative_day() -> None:
    row = read(document(csv(SIX, report()), "six_firms_2024")).observations
    assert {one.component: one.low for one in row} == {
        Component.BASE: 182600,
        Component.EQUITY: 55000.0000000001,
        Component.TOTAL: 264999,
    }
    assert {one.date for one in row} == {date(2024, 5, 11)}
    assert (row[0].profile.years_min, row[0].profile.tenure, row[0].profile.grade) == (1, 0, "L4")
    assert (row[0].profile.role, row[0].profile.level, row[0].profile.place.region) == (
        Role.ML_ENGINEER,
        Level.ENTRY,
        "WA",
    )


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"Date": "soon"},                                 "bad_date"),
        ({"scraped": "PAGE"},                              "bad_date"),
        ({"YearOfExperience": "ten yrs"},                  "not_a_number"),
        ({"TotalCompensation": "EUR 264,999"},             "not_a_number"),
        ({"TotalCompensation": "US$100,000"},              "total_below_base"),
        ({"Date": "2024/05/06", "scraped": "not a stamp"}, None),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_is_refused(changes: Mapping[str, str], rule: str | None) -> None:
    reading = read(document(csv(SIX, report(**changes)), "six_firms_2024"))
    assert [one.rule for one in reading.rejections] == ([rule] if rule else [])
    assert bool(reading.observations) == (rule is None)


MEANS = [
    ["Google", [["L4", "SWE III", None, 268000, 160000, 80000, 28000]]],
    ["Acme", [["Grade 6", None, None, 139000, 116000, 0, 12000], ["Senior SWE", None, None, 250000, 173000, 64000, 0]]],
    ["OYO", [["SDE I", "3a", "(Entry Level)", 16000, 15000, 0, 1700]]],
]  # fmt: skip


def test_means_of_grades_are_statistics_of_employers_whose_ladder_is_american() -> None:
    kind = EvidenceKind.EMPLOYER_STATISTIC
    reading = read(document(json.dumps(MEANS).encode(), "levels_company_2022", "json", kind))
    found = [(o.profile.employer.name, o.profile.level, o.component, o.low) for o in reading.observations]
    assert found == [
        ("Google", Level.MID,      Component.BASE,   160000),
        ("Google", Level.MID,      Component.BONUS,   28000),
        ("Google", Level.MID,      Component.EQUITY,  80000),
        ("Google", Level.MID,      Component.TOTAL,  268000),
        ("Acme",   Level.UNSTATED, Component.BASE,   116000),
        ("Acme",   Level.UNSTATED, Component.BONUS,   12000),
        ("Acme",   Level.UNSTATED, Component.TOTAL,  139000),
        ("Acme",   Level.SENIOR,   Component.BASE,   173000),
        ("Acme",   Level.SENIOR,   Component.EQUITY,  64000),
        ("Acme",   Level.SENIOR,   Component.TOTAL,  250000),
    ]  # fmt: skip
    assert {(o.kind, o.statistic) for o in reading.observations} == {(kind, Statistic.MEAN)}
    assert rules(reading) == [("ladder_not_american", 4)]


TOP = ["Year", "Level", "Rank", "Company", "Headquarters", "Title Name", "Compensation"]


@pytest.mark.parametrize(
    ("level", "role", "read_as"),
    [
        ("Engineering - SWE - 0 - Entry-level Engineer (I) (0-2 YoE)", Role.SOFTWARE_ENGINEER, Level.ENTRY),
        ("Engineering - SWE - 3 - Staff Engineer (IV) (10+ YoE)",      Role.SOFTWARE_ENGINEER, Level.STAFF),
        ("Engineering - Data Scientist - 2 - Senior+ (2025+)",         Role.DATA_SCIENTIST,    Level.SENIOR),
        ("Product - Product Manager (All) (2022 & 2023)",              Role.OTHER,             Level.UNSTATED),
    ],
)  # fmt: skip
def test_a_ceiling_is_of_a_kind_of_its_own(level: str, role: Role, read_as: Level) -> None:
    row = dict(zip(TOP, ("2020", level, "1", "Lyft", "Beijing", "T3", "$236,000"), strict=True))
    [one] = read(document(csv(TOP, row), "top_pay_2018_2025", kind=EvidenceKind.TOP_PAY)).observations
    assert (one.profile.role, one.profile.level, one.component, one.low) == (
        role,
        read_as,
        Component.TOTAL,
        236000,
    )
    assert (one.kind, one.date, one.profile.place.country) == (EvidenceKind.TOP_PAY, date(2020, 7, 1), "US")


GRADS = ["repo", "category", "company", "title", "location", "salary", "posted", "first_seen", "last_seen"]


def test_a_list_of_graduates_jobs_has_one_value_an_employer() -> None:
    rows = [
        ("Acme", "User Researcher - New Grad", "$138k/yr", "2024-09-10"),
        ("Acme", "Machine Learning Engineer II - New Grad", "$138k/yr", "2025-01-10"),
        ("Acme", "Software Engineer - New Grad", "$168k/yr", "2026-01-10"),
        ("Globex", "Software Engineer", "$51/hr", "2026-01-10"),
    ]
    table = [{"company": c, "title": t, "salary": s, "first_seen": d} for c, t, s, d in rows]
    reading = read(document(csv(GRADS, *table), "newgrad_2024_2026", kind=EvidenceKind.POSTED_RANGE))
    found = [
        (o.profile.role, o.profile.level, o.component, o.low, o.sample, o.date.year)
        for o in reading.observations
    ]
    assert found == [
        (Role.ML_ENGINEER, Level.ENTRY, Component.TOTAL, 138000, 2, 2025),
        (Role.SOFTWARE_ENGINEER, Level.ENTRY, Component.TOTAL, 168000, 1, 2026),
    ]
    assert rules(reading) == [("repeats_another_row", 1), ("not_a_number", 4)]
