"""Days that a table gives as a year alone, or counted back from when a page was seen."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from payguide.decode.table.days import counted_back, middle_of


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
