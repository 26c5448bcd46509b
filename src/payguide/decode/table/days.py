"""Days as tables give them: written out, as a year alone, or counted back from when a page was seen."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from payguide.decode.table.columns import Columns
from payguide.decode.table.mapping import TableMap

_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_AGO: Final = re.compile(
    r"(an?|\d{1,4})\+? (minute|min|hour|hr|day|week|month|year)s? ago|(just now|today)|(yesterday)",
    re.IGNORECASE,
)
_SEEN: Final = re.compile(r"\d[\d\-/.:_T]{6,30}+")
_SPAN: Final = {
    "min": timedelta(minutes=1),
    "hou": timedelta(hours=1),
    "hr": timedelta(hours=1),
    "day": timedelta(days=1),
    "wee": timedelta(days=7),
    "mon": timedelta(days=30),
    "yea": timedelta(days=365),
}


def days_of(columns: Columns, table: TableMap, retrieved: date) -> tuple[list[date | None], list[bool]]:
    """Each row's day, None where it gives none, and whether what it gives can be read as none.

    A year alone counts from the middle of what of it had passed when the table was `retrieved`; "3 days ago" from the
    moment in the map's column `seen`, which is found anywhere in its text ("PAGE_14-05-2024-00-46-55").
    """
    days, bad = columns.days(table.columns.date, table.date_formats, table.missing)
    if not (any(bad) or "%Y" in table.date_formats):
        return days, bad
    written, seen = columns.texts(table.columns.date), columns.texts(table.columns.seen)
    for row, text in enumerate(written):
        if _YEAR.fullmatch(text) and "%Y" in table.date_formats:
            days[row] = middle_of(int(text), retrieved)
        elif bad[row] and (found := counted_back(text, _moment(seen[row], table.seen_format))):
            days[row], bad[row] = found, False
    return days, bad


def middle_of(year: int, until: date) -> date:
    """The middle of a year, or of what of it has passed by a day in it."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    end = until if first <= until <= last else last
    return first + (end - first) / 2


def counted_back(text: str, moment: datetime | None) -> date | None:
    """The day that "3 days ago" or "an hour ago" means at a moment; None where it means none."""
    found = _AGO.fullmatch(text.strip())
    if found is None or moment is None:
        return None
    count, unit, now, _ = found.groups()
    if unit is None:
        return (moment - timedelta(days=0 if now else 1)).date()
    span = _SPAN["hr" if unit.lower() == "hr" else unit.lower()[:3]]
    return (moment - span * (1 if count.lower().startswith("a") else int(count))).date()


def _moment(text: str, form: str) -> datetime | None:
    """The moment spelt somewhere in a text; None where there is none."""
    found = _SEEN.search(text)
    if found is None or not form:
        return None
    try:
        return datetime.strptime(found.group().rstrip("-/.:_T"), form)
    except ValueError:
        return None
