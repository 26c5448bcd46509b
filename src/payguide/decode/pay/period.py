"""The period an amount is stated for: the words beside it, else its size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from payguide.base.codes import Period
from payguide.decode.pay.context import Context
from payguide.decode.pay.currency import Currency
from payguide.decode.pay.pairing import AmountRange
from payguide.decode.pay.words import Cue, Token, cues, lexicon, tokens

#: What pay can be, in US dollars a period: wide, to catch slips and figures that are no pay.
PLAUSIBLE: Final[dict[Period, tuple[float, float]]] = {
    Period.HOUR: (1, 1_500),
    Period.DAY: (10, 10_000),
    Period.WEEK: (40, 30_000),
    Period.MONTH: (80, 120_000),
    Period.YEAR: (1_000, 4_000_000),
}
#: What a word farther away must agree with: an "annual" bonus does not make 45 dollars a year's pay.
_LIKELY: Final[dict[Period, tuple[float, float]]] = {
    Period.HOUR: (1, 1_000),
    Period.DAY: (20, 5_000),
    Period.WEEK: (100, 20_000),
    Period.MONTH: (150, 60_000),
    Period.YEAR: (3_000, 4_000_000),
}
#: How many words after an amount its period may stand.
_AFTER: Final = 7


def period_of(text: str, spread: AmountRange, context: Context, currency: Currency) -> tuple[Period, bool]:
    """The period, and whether it was stated (else it is taken from the figure's size)."""
    if spread.yearly:
        return Period.YEAR, True
    close = _adjacent(context.right[: context.close], context.right_cues)
    if close is None and spread.gap is not None:
        between = tokens(text, *spread.gap)
        close = _adjacent(between, cues(between))
    if close is not None:
        return close, True
    size = spread.top / currency.per_usd
    for cue in reversed(context.left_cues):
        period = cue.meaning.period
        if period is not None and not cue.meaning.unit and _LIKELY[period][0] <= size <= _LIKELY[period][1]:
            return period, True
        if cue.first < context.clause and cue.meaning.kind == "not":
            break
    return by_size(spread.top, currency), False


def _adjacent(right: Sequence[Token], found: Sequence[Cue]) -> Period | None:
    """A period right after an amount: "/hr", "per year", "annually", "p.a."."""
    per = lexicon().per
    by_first = {cue.first: cue for cue in found}
    for at, token in enumerate(right[:_AFTER]):
        cue = by_first.get(at)
        said = cue is not None and cue.meaning.period is not None
        if cue is not None and said and (not cue.meaning.unit or (at and right[at - 1].word in per)):
            return cue.meaning.period
        if token.word in ("+", "plus", "with", "and", ";", "or") or token.word[0].isdigit():
            return None
    return None


def by_size(amount: float, currency: Currency) -> Period:
    """The period that a figure of this size is stated for when nothing says it."""
    if amount < currency.hourly_below:
        return Period.HOUR
    return Period.MONTH if amount < currency.yearly_from else Period.YEAR


def is_plausible(spread: AmountRange, period: Period, currency: Currency) -> bool:
    """Whether anybody could be paid this."""
    least, most = PLAUSIBLE[period]
    return least <= spread.top / currency.per_usd <= most
