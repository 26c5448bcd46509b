"""The period an amount is stated for: the words beside it, else its size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from payguide.base.codes import Period
from payguide.decode.pay.context import Context
from payguide.decode.pay.currency import Currency
from payguide.decode.pay.pairing import AmountRange
from payguide.decode.pay.words import Cue, Meaning, Token, cues, lexicon, tokens

#: What pay can be, in US dollars a period: wide, to catch slips and figures that are no pay.
PLAUSIBLE: Final[dict[Period, tuple[float, float]]] = {
    Period.HOUR: (1, 1_500),
    Period.DAY: (10, 10_000),
    Period.WEEK: (40, 30_000),
    Period.FORTNIGHT: (60, 60_000),
    Period.MONTH: (80, 120_000),
    Period.YEAR: (1_000, 4_000_000),
}
#: What a word farther away must agree with: an "annual" bonus does not make 45 dollars a year's pay.
_LIKELY: Final[dict[Period, tuple[float, float]]] = {
    Period.HOUR: (1, 1_000),
    Period.DAY: (20, 5_000),
    Period.WEEK: (100, 20_000),
    Period.FORTNIGHT: (120, 40_000),
    Period.MONTH: (150, 60_000),
    Period.YEAR: (3_000, 4_000_000),
}
#: How many words after an amount its period may stand.
_AFTER: Final = 7
#: How many words before a period "paid" may stand that makes it a schedule: "paid on a monthly basis".
_SCHEDULED: Final = 4


def period_of(
    text: str, spread: AmountRange, context: Context, currency: Currency
) -> tuple[Period | None, bool]:
    """The period, and whether it was stated (else it is taken from the figure's size); None where the sum is for a
    time that is no unit of pay here: half a month, a contract's term.
    """
    if spread.yearly:
        return Period.YEAR, True
    close = _adjacent(context.right[: context.close], context.right_cues, spread.end)
    if close is None and spread.gap is not None:
        between = tokens(text, *spread.gap)
        close = _adjacent(between, cues([token.word for token in between]), spread.gap[0])
    if close is not None:
        return close.period, True
    size = spread.top / currency.per_usd
    for cue in reversed(context.left_cues):
        period = cue.meaning.period
        if cue.meaning.term and cue.first >= context.clause:
            return None, True
        if _is_schedule(context.left, cue):
            continue
        if period is not None and not cue.meaning.unit and _LIKELY[period][0] <= size <= _LIKELY[period][1]:
            return period, True
        if cue.first < context.clause and cue.meaning.kind == "not":
            break
    return by_size(spread.top, currency), False


def _adjacent(right: Sequence[Token], found: Sequence[Cue], end: int) -> Meaning | None:
    """A period or a term right after an amount: "/hr", "per year", "annually", "p.a.", "for six months".

    `end` is where the amount ends: a unit that runs on from it needs no "per".
    """
    if _is_for_a_term(right):
        return Meaning(term=True)
    per = lexicon().per
    by_first = {cue.first: cue for cue in found}
    for at, token in enumerate(right[:_AFTER]):
        cue = by_first.get(at)
        led = token.start == end or (at > 0 and right[at - 1].word in per)
        if cue is not None and _is_stated(right, cue) and (led or not cue.meaning.unit):
            return cue.meaning
        if token.word in ("+", "plus", "with", "and", ";", "or") or token.word[0].isdigit():
            return None
    return None


def _is_stated(words: Sequence[Token], cue: Cue) -> bool:
    timed = cue.meaning.period is not None or cue.meaning.term
    return timed and not _is_schedule(words, cue)


def _is_schedule(words: Sequence[Token], cue: Cue) -> bool:
    """Whether a period says when pay is paid, not what it is for: "paid monthly", "in weekly instalments"."""
    if cue.meaning.period in (None, Period.YEAR, Period.DAY, Period.HOUR) and not cue.meaning.term:
        return False
    known = lexicon()
    before = words[max(0, cue.first - _SCHEDULED) : cue.first]
    behind = words[cue.last : cue.last + 2]
    return any(token.word in known.paid for token in before) or any(
        token.word in known.payroll for token in behind
    )


def _is_for_a_term(right: Sequence[Token]) -> bool:
    """Whether "for 6 months" or "for a 4-month contract" follows an amount."""
    known = lexicon()
    words = [token.word for token in right[:5]]
    if words[:1] and words[0] in known.term_begins:
        counted = [at for at, word in enumerate(words[1:3], 1) if word.isdigit() or word in known.few]
        return any(words[at + 1 : at + 2] and words[at + 1] in known.term_units for at in counted)
    return False


def by_size(amount: float, currency: Currency) -> Period:
    """The period that a figure of this size is stated for when nothing says it."""
    if amount < currency.hourly_below:
        return Period.HOUR
    return Period.MONTH if amount < currency.yearly_from else Period.YEAR


def is_plausible(spread: AmountRange, period: Period, currency: Currency) -> bool:
    """Whether anybody could be paid this."""
    least, most = PLAUSIBLE[period]
    return least <= spread.top / currency.per_usd <= most
