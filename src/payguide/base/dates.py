"""Days that somebody gives: how they are read, and which are plausible."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

#: No evidence of pay is older than the first, and nothing is asked of days after the last; evidence keeps to narrower
#: bounds (contract.toml).
FIRST: Final = date(1990, 1, 1)
LAST: Final = date(2100, 1, 1)


def day_of(given: object) -> date:
    """A day, or the text of one, of which a time may follow.

    Raises:
        ValueError: it is none, or not from `FIRST` to `LAST`.
    """
    try:
        day = given if isinstance(given, date) else date.fromisoformat(str(given)[:10])
    except ValueError:
        raise ValueError(f"{given!r} is no date such as 2026-11-01") from None
    if not FIRST <= date(day.year, day.month, day.day) <= LAST:
        raise ValueError(f"{given!s} must lie from {FIRST} to {LAST}")
    return day


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or earlier; the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
