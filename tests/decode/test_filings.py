"""Filings: US labour condition applications of every year's layout."""

from __future__ import annotations

from datetime import date

import pytest
from table_documents import csv, document

from payguide.base.codes import EvidenceKind, Level, Role
from payguide.base.inputs import Observation, Reading
from payguide.decode.reader import read
from spreadsheets import xlsx

LCA = {
    "CASE_NUMBER": "I-203-23094-123456",
    "CASE_STATUS": "Certified",
    "RECEIVED_DATE": "2023-10-02",
    "JOB_TITLE": "Data Engineer",
    "FULL_TIME_POSITION": "Y",
    "TOTAL_WORKER_POSITIONS": "10",
    "EMPLOYER_NAME": "Globex LLC",
    "EMPLOYER_FEIN": "12-3456789",
    "LAWFIRM_BUSINESS_FEIN": "98-7654321",
    "WORKSITE_CITY": "Seattle",
    "WORKSITE_STATE": "WA",
    "WAGE_RATE_OF_PAY_FROM": "$150,000.00",
    "WAGE_RATE_OF_PAY_TO": "170000",
    "WAGE_UNIT_OF_PAY": "Year",
    "PREVAILING_WAGE": "140000",
    "PW_UNIT_OF_PAY": "Year",
    "TOTAL_WORKSITE_LOCATIONS": "3",
    "H-1B_DEPENDENT": "N",
}


def filing(form: str = "csv", **changes: str) -> Reading:
    row = {**LCA, **changes}
    content = csv(list(row), row) if form == "csv" else xlsx([list(row), list(row.values())])
    return read(document(content, "lca_disclosure", form, EvidenceKind.FILING))


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("dependent", ["H-1B_DEPENDENT", "H_1B_DEPENDENT"])
def test_a_filing_of_every_year_is_read_alike(form: str, dependent: str) -> None:
    row = {name if name != "H-1B_DEPENDENT" else dependent: value for name, value in LCA.items()}
    content = csv(list(row), row) if form == "csv" else xlsx([list(row), list(row.values())])
    [one] = read(document(content, "lca_disclosure", form, EvidenceKind.FILING)).observations
    assert (one.low, one.high, one.sample, one.scope, one.date) == (
        150000,
        170000,
        10,
        "3 worksites",
        date(2023, 10, 2),
    )
    assert (one.profile.place.city, one.profile.place.region, one.profile.employer.name) == (
        "Seattle",
        "WA",
        "Globex LLC",
    )


@pytest.mark.parametrize(
    ("changes", "yearly"),
    [
        ({"WAGE_UNIT_OF_PAY": "Hour",      "WAGE_RATE_OF_PAY_FROM": "75",   "WAGE_RATE_OF_PAY_TO": ""}, 75 * 2080),
        ({"WAGE_UNIT_OF_PAY": "Week",      "WAGE_RATE_OF_PAY_FROM": "3000", "WAGE_RATE_OF_PAY_TO": ""}, 3000 * 52),
        ({"WAGE_UNIT_OF_PAY": "Bi-Weekly", "WAGE_RATE_OF_PAY_FROM": "6000", "WAGE_RATE_OF_PAY_TO": ""}, 6000 * 26),
        ({"WAGE_UNIT_OF_PAY": "Month",     "WAGE_RATE_OF_PAY_FROM": "13000", "WAGE_RATE_OF_PAY_TO": ""}, 13000 * 12),
        ({"WAGE_UNIT_OF_PAY": "Year",      "WAGE_RATE_OF_PAY_FROM": "150000", "WAGE_RATE_OF_PAY_TO": "N/A"}, 150000),
    ],
)  # fmt: skip
def test_a_filings_unit(changes: dict[str, str], yearly: float) -> None:
    [one] = filing(**changes).observations
    assert a_year(one) == pytest.approx(yearly)


def a_year(one: Observation) -> float:
    times = {"hour": 2080, "week": 52, "fortnight": 26, "month": 12, "year": 1}
    return (one.low or 0) * times[one.period]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"CASE_STATUS": "Certified - Withdrawn"}, "case_not_certified"),
        ({"CASE_STATUS": "Denied"},                "case_not_certified"),
        ({"FULL_TIME_POSITION": "N"},              "not_full_time"),
        ({"WAGE_RATE_OF_PAY_FROM": "165000", "WAGE_RATE_OF_PAY_TO": "1900000"}, "band_too_wide"),
        ({"WAGE_RATE_OF_PAY_FROM": "165000", "WAGE_RATE_OF_PAY_TO": "1500000"}, "far_from_prevailing_wage"),
        ({"WAGE_RATE_OF_PAY_FROM": "1500000", "WAGE_RATE_OF_PAY_TO": ""}, "far_from_prevailing_wage"),
        ({"WAGE_RATE_OF_PAY_FROM": "15000", "WAGE_RATE_OF_PAY_TO": ""},   "far_from_prevailing_wage"),
        ({"WAGE_RATE_OF_PAY_FROM": "150000", "WAGE_RATE_OF_PAY_TO": "", "WAGE_UNIT_OF_PAY": "Hour"}, "absurd_pay"),
        ({"WAGE_RATE_OF_PAY_FROM": "170000", "WAGE_RATE_OF_PAY_TO": "150000"}, "band_runs_backwards"),
        ({"WAGE_UNIT_OF_PAY": "Piece"}, "unknown_period"),
        ({"WAGE_RATE_OF_PAY_FROM": "", "WAGE_RATE_OF_PAY_TO": ""}, "no_amount"),
    ],
)  # fmt: skip
def test_a_filing_that_cannot_be_is_refused_by_name(changes: dict[str, str], rule: str) -> None:
    reading = filing(**changes)
    assert not reading.observations
    assert [one.rule for one in reading.rejections] == [rule]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"EMPLOYER_NAME": "Globex LLC 12-3456789"},
        {"JOB_TITLE": "98-7654321"},
        {"WAGE_RATE_OF_PAY_FROM": "12-3456789"},
        {"WAGE_UNIT_OF_PAY": "12-3456789"},
        {"CASE_STATUS": "12-3456789"},
        {"RECEIVED_DATE": "12-3456789"},
    ],
)
def test_no_tax_number_leaves_a_filing(form: str, changes: dict[str, str]) -> None:
    said = repr(filing(form, **changes))
    assert "3456789" not in said
    assert "7654321" not in said


def test_a_worksite_is_in_its_state_whatever_its_city_says() -> None:
    [one] = filing(WORKSITE_CITY="Hesperus, CO", WORKSITE_STATE="CO").observations
    assert (one.profile.place.region, one.profile.place.country) == ("CO", "US")


H1B = [
    "EMPLOYER_NAME", "JOB_TITLE", "SOC_CODE", "SOC_TITLE", "WAGE_RATE_OF_PAY_FROM", "PREVAILING_WAGE",
    "WAGE_UNIT_OF_PAY", "PW_UNIT_OF_PAY", "ANNUAL_WAGE", "ANNUAL_PREVAILING_WAGE", "WAGE_RATIO", "WORKSITE_STATE",
]  # fmt: skip


@pytest.mark.parametrize("state", ["WA", "NY", "PA", "DE", "IN"])
def test_a_states_code_is_no_city_and_no_country(state: str) -> None:
    values = (
        "Globex",
        "Senior Software Engineer",
        "15-1252",
        "",
        "133000",
        "56493",
        "Year",
        "Year",
        "",
        "",
        "",
        state,
    )
    row = dict(zip(H1B, values, strict=True))
    [one] = read(document(csv(H1B, row), "lca_fy2024q1", kind=EvidenceKind.FILING)).observations
    place = one.profile.place
    assert (place.city, place.region, place.country, place.metro) == ("", state, "US", "")
    assert (one.low, one.high, one.date, one.profile.level) == (
        133000,
        133000,
        date(2023, 11, 15),
        Level.SENIOR,
    )


@pytest.mark.parametrize(
    ("title", "soc", "role"),
    [
        ("Research Scientist", "19-1042", Role.OTHER),
        ("Research Scientist", "15-1221", Role.ML_SCIENTIST),
        ("Staff Scientist",    "19-1021", Role.OTHER),
        ("Data Scientist",     "19-1029", Role.DATA_SCIENTIST),
        ("Software Engineer",  "17-2061", Role.SOFTWARE_ENGINEER),
    ],
)  # fmt: skip
def test_a_filings_occupation_tells_what_a_bare_scientist_is_of(title: str, soc: str, role: Role) -> None:
    [one] = filing(JOB_TITLE=title, SOC_CODE=soc).observations
    assert one.profile.role is role
