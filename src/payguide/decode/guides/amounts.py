"""What an amount of a guide is: pay or something else, of now or of before, for which period, which part of it all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from payguide.base.codes import Component, Period
from payguide.base.guides import Measure
from payguide.decode.guides.figures import Figure, size_period
from payguide.decode.guides.mentions import phrases
from payguide.decode.guides.page import Passage
from payguide.decode.guides.subject import Told
from payguide.decode.guides.whole import Whole, currency_of
from payguide.decode.pay.currency import currencies

#: An amount of money, for who only asks whether there is one.
AMOUNT: Final = re.compile(r"[$€£]\s?\d|\d[kK]\b|\d{2,3}[,.]\d{3}\b")
_THOUSANDS: Final = re.compile(
    r"\bthousands\b|\(\s?[A-Z]{0,3}\s?[$€£]?\s?['’]?(?:[kK]|000s?)\s?\)|[$€£]['’]?(?:[kK]\b|000s?)|[kK][$€£]"
    r"|\b(?:USD|GBP|EUR|CAD)\s?[kK]\b|000s\b"
)
_BARE: Final = re.compile(r"(?<![\d.,$€£])(\d[\d,.]{0,12}\d|\d)(?![\d%KkMm.,]|\s?(?:years|yrs|%|k\b|K\b))")
_SMALL: Final = re.compile(r"(?<![\d.,])(?:\d{2,3}(?![\d,.]\d)|\d{1,3}\.\d{1,2}(?!\d))")
#: What anybody may be paid for a period, in US dollars.
_LIKELY: Final = {
    Period.HOUR: (5, 1_000), Period.DAY: (50, 6_000), Period.WEEK: (150, 25_000), Period.FORTNIGHT: (300, 50_000),
    Period.MONTH: (300, 100_000), Period.YEAR: (5_000, 10_000_000),
}  # fmt: skip
_WAS: Final = re.compile(r"\b(?:was|were|averaged|earned|paid|made|stood at|reached|started)\b")
#: "$18,000 more per year", "an extra $10,000": a difference of pay, and no pay.
_MORE: Final = re.compile(
    r"\s?(?:a year |annually |per year )?(?:more|less|higher|lower|extra|above|below|on top)\b", re.IGNORECASE
)
_EXTRA: Final = re.compile(
    r"\b(?:an?\s)?(?:extra|additional|adds|(?:difference|gap|premium|bump|raise)\sof)\s"
    r"(?:of\s|about\s|around\s|roughly\s|another\s)?\Z",
    re.IGNORECASE,
)
#: A text this short is a cell or a label: its year is its figure's.
_SHORT: Final = 30
_BEYOND: Final = re.compile(
    r"\b(?:can|could|may|might|exceed\w{0,3}|above|over|beyond|more than|upwards|reach\w{0,3}|surpass\w{0,3}"
    r"|or more|or higher|or above)\b",
    re.IGNORECASE,
)
#: Said right before an amount it is the least of what is reached.
_EXCEEDS: Final = re.compile(
    r"\b(?:exceed\w{0,3}|surpass\w{0,3}|clear(?:s|ing)?|north of|upwards of|pass(?:es|ing)?|crack(?:s|ing)?"
    r"|break(?:s|ing)?|beyond|over|above|more than)\s(?:the\s)?\Z",
    re.IGNORECASE,
)


def with_units(page: Whole, passage: Passage, text: str, said: Told) -> str:
    """The text of a cell with the currency and the thousands that its headings or the page's notes say. A bare
    number of two or three digits is of thousands, where no rate by the hour or day is told of.
    """
    if not (passage.columns or passage.row) or "%" in text or any(map(_is_count, passage.columns)):
        return text
    near = [text, *passage.columns[::-1], *passage.row, *passage.heads[::-1]]
    bare = not re.search(r"[$€£]|\b[A-Z]{3}\b", text)
    rated = set(said.values.get("period", ())) - {Period.YEAR}
    told = any(map(_THOUSANDS.search, near)) and not AMOUNT.search(text)
    thousands = told or (bare and _SMALL.search(text) and not rated and not AMOUNT.search(text))
    named = next((code for head in near if (code := currency_of(head))), page.currency)
    if not (bare or thousands) or not (named or any(map(phrases("pay", "words").search, near))):
        return text
    code = f"{named or currencies().by_country.get(page.country, currencies().bare)} " if bare else ""
    return _BARE.sub(lambda hit: f"{code}{hit[1]}{'K' if thousands else ''}", text)


def _is_count(column: str) -> bool:
    """Whether a column is headed as something else than pay: openings, employees."""
    return phrases("veto", "columns").fullmatch(column.strip().lower()) is not None


def is_difference(text: str, figure: Figure) -> bool:
    """Whether an amount is by how much pay differs: "$18,000 more", "an extra $10,000"."""
    before = text[max(figure.first, figure.start - 30) : figure.start]
    return bool(_EXTRA.search(before) or _MORE.match(text, figure.end))


def under_veto(passage: Passage) -> bool:
    """Whether a passage stands below a heading of something else than pay: courses, costs, the outlook."""
    veto = phrases("veto", "headings")
    return any(veto.fullmatch(head.strip().rstrip("?:").lower()) for head in passage.heads[1:])


def is_not_pay(text: str, figure: Figure, passage: Passage) -> bool:
    """Whether an amount is no pay: a word against it in its stretch is nearer than a word of pay, or its column, its
    heading or the beginning of its sentence says so.
    """
    against, pay = phrases("veto", "money"), phrases("pay", "words")
    if _is_nearer(against, pay, text, figure, (figure.first, figure.last)):
        return True
    asked = [head for head in passage.heads[-1:] if head.endswith("?")]
    labels = (*passage.columns, *passage.row[:1], *asked)
    if any(map(_is_count, passage.columns)) or any(
        against.search(one) and not pay.search(one) for one in labels
    ):
        return True
    unnamed = not passage.columns and _nearest(pay, text, figure, (figure.first, figure.last)) is None
    if unnamed and _is_nearer(against, pay, text, figure, (0, figure.first)):
        return True
    return under_veto(passage) and _nearest(phrases("pay", "earned"), text, figure, (0, len(text))) is None


def _is_nearer(
    one: re.Pattern[str], other: re.Pattern[str], text: str, figure: Figure, within: tuple[int, int]
) -> bool:
    first, second = _nearest(one, text, figure, within), _nearest(other, text, figure, within)
    return first is not None and (second is None or first <= second)


def _nearest(pattern: re.Pattern[str], text: str, figure: Figure, within: tuple[int, int]) -> int | None:
    """How far from a figure the nearest match within a stretch is; behind it counts as a little farther."""
    return min(_distances(pattern, text, figure, within), default=None)


def _distances(pattern: re.Pattern[str], text: str, figure: Figure, within: tuple[int, int]) -> Iterator[int]:
    for hit in pattern.finditer(text, *within):
        if hit.end() <= figure.start:
            yield figure.start - hit.end()
        elif hit.start() >= figure.end:
            yield hit.start() - figure.end + 2


def past(page: Whole, text: str, figure: Figure, year: int | None, before: int | None) -> str:
    """Why a figure is not of the guide's own year: of another year that it names or goes on from, or what pay
    rose from; "" where it is.
    """
    year = year or (before if _WAS.search(text) else None)
    near = (max(figure.first, figure.start - 40), min(figure.last, figure.end + 30))
    if phrases("past", "words").search(text, *near):
        return "it is of an earlier year"
    if not (year and page.year) or year == page.year:
        return ""
    long_ago = year < page.year - 1 or year > page.year or len(text) < _SHORT
    return f"it is of {year}" if long_ago or _WAS.search(text) else ""


def is_likely(figure: Figure, period: Period) -> bool:
    """Whether anybody could be paid this for a period."""
    least, most = _LIKELY[period]
    size = max(figure.low or 0.0, figure.high or 0.0) / currencies().by_code[figure.currency].per_usd
    return least <= size <= most


def period_of(figure: Figure, own: Told, full: Told) -> Period:
    """The period: beside the amount, in its stretch, in what heads it where the size allows it, else by its size. What
    is paid on top is of a year.
    """
    if figure.period:
        return figure.period
    if full.one("component") in (Component.BONUS, Component.EQUITY):
        return own.one("period") or Period.YEAR
    named = own.one("period") or full.one("period")
    return named if named and is_likely(figure, named) else size_period(figure)


def statistic_of(
    text: str, figure: Figure, own: Told, full: Told
) -> tuple[Measure, float | None, float | None]:
    """Which part of the distribution a figure is, and its ends: where pay starts has no high one."""
    low, high = figure.low, figure.high
    near, wide = own.one("statistic"), full.one("statistic")
    of_an_end = near in (Measure.START, Measure.REACH)
    exceeds = _EXCEEDS.search(text, max(figure.first, figure.start - 30), figure.start)
    if near and not of_an_end:
        return near, low, None if exceeds and not figure.ranged else high
    if figure.ranged:
        return wide if wide is Measure.MEAN else Measure.RANGE, low, high
    if low is None or high is None:
        around = text[figure.first : figure.end + 16]
        reached = low is None or near is Measure.REACH or (near is None and _BEYOND.search(around))
        return Measure.REACH if reached else Measure.START, low, high
    if near is Measure.REACH or exceeds:
        return Measure.REACH, low if exceeds else None, None if exceeds else high
    if Measure.START in (near, wide):
        return Measure.START, low, None
    return wide or Measure.UNSTATED, low, high
