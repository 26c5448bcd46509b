"""Ranges that stand in two neighbouring rows, without an employer: one piece each, however often they stand there."""

from __future__ import annotations

import pytest
from table_documents import csv, document, rules

from payguide.base.codes import EvidenceKind, Level, LevelReading, Remote, Role
from payguide.base.inputs import Reading
from payguide.decode.reader import read

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
