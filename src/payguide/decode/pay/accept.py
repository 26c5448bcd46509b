"""The decision: is this spread pay for the job? Every reason has a name, so that a warning can say it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from payguide.base.codes import Period
from payguide.decode.pay.context import Context
from payguide.decode.pay.currency import Currency
from payguide.decode.pay.pairing import AmountRange
from payguide.decode.pay.polarity import Polarity
from payguide.decode.pay.words import lexicon

#: A year's pay in a currency like the dollar, where only its shape speaks for it.
_MOST_BY_SHAPE: Final = 1_500_000
#: An hour's to a fortnight's pay, likewise (US dollars).
_RATE_BY_SHAPE: Final[dict[Period, tuple[float, float]]] = {
    Period.HOUR: (7, 500), Period.DAY: (150, 3_000), Period.WEEK: (300, 8_000), Period.FORTNIGHT: (800, 16_000),
}  # fmt: skip
#: Below this, a figure for a period with no pay word beside it is rather a perk (US dollars).
_MIN_LIKELY: Final[dict[Period, float]] = {
    Period.HOUR: 7, Period.DAY: 80, Period.WEEK: 300, Period.FORTNIGHT: 600, Period.MONTH: 1200, Period.YEAR: 10_000,
}  # fmt: skip
#: The smallest hourly figure that is taken for pay without its period being said (US dollars).
_MIN_HOURLY: Final = 12


#: No band is wider than this: its ends belong to different things.
_WIDEST: Final = 40


class Warned(StrEnum):
    """What a reader is warned of."""

    WITHOUT_CURRENCY = "amount_without_currency"
    WITHOUT_PAY_WORD = "amount_without_pay_word"
    WITHOUT_PERIOD = "amount_without_period"
    ABSURD = "absurd_amount"
    INVERTED = "inverted_band"
    NOT_READ = "amount_not_read"
    TOO_MANY = "too_many_amounts"


def is_pay(spread: AmountRange, context: Context, currency: Currency, period: Period, stated: bool) -> bool:
    """Whether the words or, failing them, the place and shape of a spread make it pay."""
    if context.polarity is Polarity.NOT_PAY:
        return False
    size = spread.bottom / currency.per_usd
    if not stated and period is Period.HOUR and size < _MIN_HOURLY:
        return False
    if spread.ranged and 0 < spread.bottom * _WIDEST < spread.top:
        return False
    if context.polarity is Polarity.PAY:
        return stated or spread.ranged or period is not Period.MONTH or context.basis is not None
    yearly = spread.bottom >= currency.yearly_from and spread.top / currency.per_usd <= _MOST_BY_SHAPE
    least, most = _RATE_BY_SHAPE.get(period, (0, 0))
    rate = stated and least <= size <= most
    likely = size >= _MIN_LIKELY[period]
    return _by_shape(spread, context, yearly and period is Period.YEAR, rate, stated, likely)


def _by_shape(
    spread: AmountRange, context: Context, yearly: bool, rate: bool, stated: bool, likely: bool
) -> bool:
    headed = context.heading is Polarity.PAY
    weak = context.polarity is Polarity.WEAK
    if spread.ranged:
        if yearly:
            return (
                context.alone or context.extras or weak or headed or spread.in_clauses or _is_named(context)
            )
        if rate and (context.alone or weak or headed):
            return True
        return (stated and headed) or (context.alone and likely and (stated or headed))
    if context.extras and (yearly or stated):
        return True
    if yearly:
        ends = context.close == 0 and spread.multiplied
        return (context.alone and (ends or stated)) or (headed and (context.alone or _is_labelled(context)))
    if rate and (context.alone or headed):
        return True
    if not stated:
        return False
    return (headed and context.alone) or (
        likely and (_is_labelled(context) or (context.alone and _is_named(context)))
    )


def _is_named(context: Context) -> bool:
    """A label or a role stands before a full range, and nothing in the clause speaks against it."""
    clause = context.left[context.clause :]
    return _is_labelled(context) or any(token.word in lexicon().role for token in clause)


def _is_labelled(context: Context) -> bool:
    """A label stands right before: "Zone 1: 160,000"."""
    return bool(context.left) and context.left[-1].word == ":"


def continues(spread: AmountRange, context: Context, before: AmountRange | None) -> bool:
    """Whether a spread carries on a list of accepted ones: the next zone or level, in the same shape."""
    if before is None or context.polarity is Polarity.NOT_PAY or (context.extras and not spread.ranged):
        return False
    alike = spread.ranged == before.ranged and (
        not spread.code or not before.code or spread.code == before.code
    )
    near = spread.start - before.end <= 160
    sized = before.top > 0 and 0.2 <= spread.top / before.top <= 5
    return alike and near and sized and (spread.ranged or _is_labelled(context) or context.alone)
