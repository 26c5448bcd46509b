"""Sources in their own shapes: ranges in two rows, relative days, means of grades, boards' own fields, reposts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import date, datetime

import pytest
from table_documents import csv, document

from payguide.base.codes import Component, EvidenceKind, Level, LevelReading, Remote, Role, Statistic
from payguide.base.inputs import Observation, Reading
from payguide.decode.hirer import hirer, own_title
from payguide.decode.reader import read
from payguide.decode.sanity_limits import InvalidAmount
from payguide.decode.table.days import counted_back, middle_of
from payguide.decode.table.mapping import PayFields
from payguide.decode.table.pay_fields import bands_of_fields
from spreadsheets import xlsx

AIJOBS = [
    "work_year", "experience_level", "employment_type", "job_title", "salary", "salary_currency", "salary_in_usd",
    "employee_residence", "remote_ratio", "company_location", "company_size",
]  # fmt: skip


def aijobs(*rows: str) -> Reading:
    """Rows "year level type pay currency country remote title", as the list has them."""
    lines = []
    for row in rows:
        year, level, kind, pay, currency, country, remote, title = row.split(maxsplit=7)
        values = (year, level, kind, title, pay, currency, pay, country, remote, country, "M")
        lines.append(dict(zip(AIJOBS, values, strict=True)))
    return read(document(csv(AIJOBS, *lines), "aijobs_2020_2025", kind=EvidenceKind.POSTED_RANGE))


def rules(reading: Reading) -> list[tuple[str, int]]:
    """(rule, row) of each rejection."""
    return [(r.rule, int(r.where.rpartition(" ")[2])) for r in reading.rejections]


def bands(reading: Reading) -> list[tuple[float | None, float | None, str]]:
    return [(o.low, o.high, o.currency) for o in reading.observations]


def test_two_neighbouring_rows_are_one_range() -> None:
    reading = aijobs(
        "2024 SE FT 200000 USD US 100 Data Engineer",
        "2024 SE FT 150000 USD US 100 Data Engineer",
        "2024 EN FT 70000 GBP GB 0 Data Scientist",
        "2024 EN FT 50000 GBP GB 0 Data Scientist",
    )
    assert bands(reading) == [(150000, 200000, "USD"), (50000, 70000, "GBP")]
    first, second = (one.profile for one in reading.observations)
    assert (first.role, first.level, first.remote) == (Role.DATA_ENGINEER, Level.SENIOR, Remote.REMOTE)
    assert (second.role, second.level, second.remote) == (
        Role.DATA_SCIENTIST,
        Level.ENTRY,
        Remote.UNSTATED,
    )
    assert (first.level_read_from, first.place.country, second.place.country) == (
        LevelReading.GRADE,
        "US",
        "GB",
    )
    assert {one.profile.employer.id for one in reading.observations} == {""}
    assert not reading.rejections


@pytest.mark.parametrize(
    ("amounts", "ranges", "alone"),
    [
        ([200, 150],                [(150, 200)],             []),
        ([200, 200],                [(200, 200)],             []),
        ([200, 150, 300, 250],      [(150, 200), (250, 300)], []),
        ([200],                     [],                       [1]),
        ([150, 200],                [],                       [1, 2]),
        ([100, 300, 200],           [(200, 300)],             [1]),       # the first has no partner, whoever asks
        ([300, 200, 900],           [(200, 300)],             [3]),
        ([300, 200, 100],           [],                       [1, 2, 3]),  # the first or the last: nobody knows
        ([200, 150, 190, 250, 240], [(150, 200), (240, 250)], [3]),
    ],
)  # fmt: skip
def test_who_is_whose_partner(amounts: list[int], ranges: list[tuple[int, int]], alone: list[int]) -> None:
    reading = aijobs(*(f"2024 MI FT {pay}000 USD US 0 ML Engineer" for pay in amounts))
    assert bands(reading) == [(low * 1000, high * 1000, "USD") for low, high in ranges]
    assert rules(reading) == [("half_a_range", row) for row in alone]


def test_the_same_range_many_times_is_one_piece_with_its_number() -> None:
    pair = ("2024 MI FT 180000 USD US 0 ML Engineer", "2024 MI FT 140000 USD US 0 ML Engineer")
    other = ("2024 MI FT 180000 USD US 100 ML Engineer", "2024 MI FT 140000 USD US 100 ML Engineer")
    reading = aijobs(*pair, *other, *pair, *pair)
    assert [(one.sample, one.profile.remote) for one in reading.observations] == [
        (3, Remote.UNSTATED),
        (1, Remote.REMOTE),
    ]
    assert rules(reading) == [("repeats_another_row", 5), ("repeats_another_row", 7)]


def test_the_record_of_a_range_is_what_it_says_not_where_it_stands() -> None:
    pair = ("2024 MI FT 180000 USD US 0 ML Engineer", "2024 MI FT 140000 USD US 0 ML Engineer")
    more = ("2023 SE FT 2 USD US 0 Cook", "2023 SE FT 1 USD US 0 Cook")
    alone, after = aijobs(*pair), aijobs(*more, *pair)
    assert alone.observations[0].key in {one.key for one in after.observations}


@pytest.mark.parametrize(
    ("row", "level", "read_from"),
    [
        ("EX FT 300000 USD US 0 Data Scientist",       Level.MANAGER, LevelReading.GRADE),
        ("SE FT 300000 USD US 0 Staff Data Scientist", Level.STAFF,   LevelReading.TITLE),
        ("MI FT 300000 USD US 0 Head of Data",         Level.MANAGER, LevelReading.TITLE),
        ("MI FT 300000 USD US 0 Data Scientist",       Level.MID,     LevelReading.GRADE),
    ],
)  # fmt: skip
def test_the_lists_own_level_counts_where_the_title_is_silent(
    row: str, level: Level, read_from: LevelReading
) -> None:
    profile = aijobs(f"2024 {row}", f"2024 {row}").observations[0].profile
    assert (profile.level, profile.level_read_from) == (level, read_from)


def test_part_time_and_freelance_pay_is_refused() -> None:
    reading = aijobs(*(f"2024 MI {kind} 9000 USD US 0 Data Analyst" for kind in ("PT", "PT", "FL", "FL")))
    assert rules(reading) == [("not_full_time", 1), ("not_full_time", 3)]


@pytest.mark.parametrize(
    ("year", "until", "middle"),
    [
        (2024, date(2025, 1, 19),  date(2024, 7, 1)),    # 182 of 365 days after the first of January
        (2025, date(2025, 1, 19),  date(2025, 1, 10)),   # only until the list was taken
        (2025, date(2025, 12, 31), date(2025, 7, 2)),
        (2026, date(2025, 1, 19),  date(2026, 7, 2)),
    ],
)  # fmt: skip
def test_a_year_alone_counts_from_its_middle(year: int, until: date, middle: date) -> None:
    assert middle_of(year, until) == middle


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 days ago",     date(2024, 5, 11)),
        ("a day ago",      date(2024, 5, 13)),
        ("an hour ago",    date(2024, 5, 13)),  # seen at 00:46
        ("40 minutes ago", date(2024, 5, 14)),
        ("10 hours ago",   date(2024, 5, 13)),
        ("2 weeks ago",    date(2024, 4, 30)),
        ("1 month ago",    date(2024, 4, 14)),
        ("30+ days ago",   date(2024, 4, 14)),
        ("yesterday",      date(2024, 5, 13)),
        ("just now",       date(2024, 5, 14)),
        ("in 3 days",      None),
        ("ago",            None),
    ],
)  # fmt: skip
def test_days_are_counted_back_from_when_the_page_was_seen(text: str, day: date | None) -> None:
    assert counted_back(text, datetime(2024, 5, 14, 0, 46, 55)) == day


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


FIELDS = PayFields(keep=("salary", "pay", "range", "comp"), drop=("budget", "variable", "referral", "type"))
NOTHING: list[tuple[float, float, str, str]] = []


@pytest.mark.parametrize(
    ("fields", "countries", "made", "refused"),
    [
        ({"Min salary": "100,000", "Max salary": "120,000"}, "US", [(100000, 120000, "USD", "")], []),
        ({"Comp Range Min": "90000", "Comp Range Mid": "95000", "Comp Range Max": "99000"}, "CA",
         [(90000, 99000, "CAD", "")], []),
        ({"Pay Range": {"unit": "EUR", "min_value": "50000.0", "max_value": "70000.0"}}, "US",
         [(50000, 70000, "EUR", "")], []),
        ({"GeoA Range Lower": {"unit": "USD", "amount": "107000"}, "GeoA Range Upper": {"unit": "USD", "amount": "161000"},
          "GeoB Range Lower": {"unit": "USD", "amount": "99000"}, "GeoB Range Upper": {"unit": "USD", "amount": "149000"}},
         "US", [(107000, 161000, "USD", "Geo A"), (99000, 149000, "USD", "Geo B")], []),
        ({"GeoA Range Lower": {"unit": "USD", "amount": "107000"}, "GeoA Range Upper": {"unit": "USD", "amount": "161000"},
          "Geo A Salary Range": {"unit": "CAD", "min_value": "107000", "max_value": "161000"}},
         "CA", [(107000, 161000, "CAD", "Geo A")], ["contradicting_currency"]),
        ({"Pay Range": {"unit": "USD", "min_value": "0.0", "max_value": "0.0"}}, "US", NOTHING, ["zero_pay"]),
        ({"Pay Range": {"unit": "USD", "min_value": "0.01", "max_value": "0.01"}}, "US", NOTHING, ["period_unclear"]),
        ({"Post Range (United States)": {"unit": "USD", "min_value": "126000", "max_value": "248000"},
          "Post Range (Canada)": {"unit": "CAD", "min_value": "122000", "max_value": "170000"}},
         "US", [(126000, 248000, "USD", "")], ["range_for_another_country"]),
        ({"Post Range (United States)": {"unit": "USD", "min_value": "126000", "max_value": "248000"},
          "Post Range (Canada)": {"unit": "CAD", "min_value": "122000", "max_value": "170000"}},
         "US CA", [(126000, 248000, "USD", "United States"), (122000, 170000, "CAD", "Canada")], []),
        ({"Min salary": "100000", "Max salary": "120000"}, "US CA", NOTHING, ["unknown_currency"]),
        ({"Baseline Budgeted Salary": {"unit": "USD", "min_value": "1", "max_value": "2"}}, "US", NOTHING,
         ["not_a_pay_field"]),
        ({"Referral Reward": {"unit": "USD", "amount": "1500.0"}}, "US", NOTHING, ["not_a_pay_field"]),
        ({"Pay Rate Type": "Salary"}, "US", NOTHING, ["not_a_pay_field"]),
        ({"Hourly Pay": {"unit": "USD", "amount": "41.5"}}, "US", [(41.5, 41.5, "USD", "Hourly")], []),
        ([], "US", NOTHING, ["not_pay_fields"]),
    ],
)  # fmt: skip
def test_a_boards_own_fields(
    fields: object, countries: str, made: list[tuple[float, float, str, str]], refused: list[str]
) -> None:
    found = list(bands_of_fields(json.dumps(fields), FIELDS, frozenset(countries.split())))
    broken = [one.rule for one in found if isinstance(one, InvalidAmount)]
    assert [(b.low, b.high, b.currency, b.scope) for b in found if not isinstance(b, InvalidAmount)] == made
    assert broken == refused


BOARD = ["company", "id", "title", "location", "first_published", "updated_at", "fetched_at", "pay", "url"]


def test_an_open_posting_offers_its_pay_on_the_day_it_was_fetched() -> None:
    row = {"company": "acme", "id": "7", "title": "Data Engineer", "location": "New York, NY",
           "first_published": "2021-01-08", "fetched_at": "2026-08-20T03:49:49.1"}  # fmt: skip
    pay = json.dumps({"Min salary": "200,000", "Max salary": "250,000"}).replace('"', '""')
    kind = EvidenceKind.POSTED_RANGE
    [one] = read(document(csv(BOARD, {**row, "pay": pay}), "greenhouse_fields_2026", kind=kind)).observations
    assert (one.date, one.low, one.high, one.currency, one.record) == (
        date(2026, 8, 20),
        200000,
        250000,
        "USD",
        "7",
    )


@pytest.mark.parametrize(
    ("poster", "title", "text", "who"),
    [
        ("Acme Capital",              "Quant",             "Acme Capital trades.",                        "Acme Capital"),
        ("99-7777827 Citibank N.A.",  "Quant",             "Citibank N.A. is hiring.",                    "Citibank N.A."),
        ("1872 Partners",             "Quant",             "1872 Partners is hiring.",                    "1872 Partners"),
        ("Lawyers & Sons, P.C.",      "Quant",             "At Bank of America, we are guided.",          "Bank of America"),
        ("Lawyers & Sons, P.C.",      "Quant",             "The group within Citi is looking for you.",   "Citi"),
        ("Lawyers & Sons, P.C.",      "Quant",             "A quant for risk. SAS is a plus.",            "Lawyers & Sons, P.C."),
        ("Storm4",                    "Quant",             "Storm4 has a client in New York.",            ""),
        ("Prime Search Group",        "Quant",             "A leading fund hires.",                       ""),
        ("Side Board",                "Quant",             "Our client, a leading fund, hires.",          ""),
        ("Goldman Sachs",             "Quant",             "You will advise our client, a bank.",         "Goldman Sachs"),
        ("Confidential",              "Quant",             "A fund hires.",                               ""),
        ("Jobs via eFinancialCareers", "Quant - PIMCO",     "We hire.",                                   "PIMCO"),
        ("Jobs via eFinancialCareers", "Quant - Eka Finance", "We hire.",                                 ""),
        ("",                          "Quant",             "We hire.",                                    ""),
    ],
)  # fmt: skip
def test_who_hires_behind_who_posts(poster: str, title: str, text: str, who: str) -> None:
    assert hirer(poster, title, text) == who


def test_who_posts_the_same_text_may_be_the_employer() -> None:
    assert hirer("Side Board", "Quant", "Globex Trading is a firm.", ["Side Board", "Globex Trading"]) == (
        "Globex Trading"
    )


@pytest.mark.parametrize(
    ("title", "poster", "own"),
    [
        ("Quant Analyst at Acme Capital Denver, CO", "Acme Capital",               "Quant Analyst"),
        ("Analyst at Large",                         "Acme Capital",               "Analyst at Large"),
        ("Quant - Eka Finance",                      "Jobs via eFinancialCareers", "Quant"),
        ("Quant - Rates",                            "Jobs via eFinancialCareers", "Quant - Rates"),
    ],
)  # fmt: skip
def test_a_title_without_who_posts_it(title: str, poster: str, own: str) -> None:
    assert own_title(title, poster) == own


def reposted(*rows: tuple[str, str, str, str]) -> Reading:
    """Postings (poster, title, location, text) as a search engine gives them."""
    names = ("company_name", "title", "location", "description")
    lines = [
        {**dict(zip(names, row, strict=True)), "date_time": "2025-06-17 11:07:56.5", "salary": "1M-2M a year"}
        for row in rows
    ]
    content = gzip.decompress(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    return read(document(content, "quant_2025", "jsonl", EvidenceKind.POSTED_RANGE))


def test_one_job_many_times_is_one_posting_its_employers_own() -> None:
    text = "At Globex Trading, we hire. The base salary is $150,000 - $200,000."
    reading = reposted(
        ("Lawyers & Sons", "Quant Developer", "West Lebanon, NH", text),
        ("Globex Trading LLC", "Quant Developer", "Chicago, IL", text),
        ("Prime Search", "Quant Developer", "Denver, CO", text),
        ("Globex Trading", "Quant Developer", "Chicago, IL", text.replace("200,000", "250,000")),
        ("Globex Trading", "Risk Manager", "Chicago, IL", "At Globex Trading, we hire."),
    )
    found = [(o.profile.employer.id, o.low, o.high, o.profile.place.city) for o in reading.observations]
    assert found == [
        ("globex-trading", 150000, 200000, "Chicago"),
        ("globex-trading", 150000, 250000, "Chicago"),
    ]
    assert [one.date for one in reading.observations] == [date(2025, 6, 17)] * 2
    assert len(reading.postings) == 3
    assert rules(reading) == [("repeats_another_row", 1), ("repeats_another_row", 3)]


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
