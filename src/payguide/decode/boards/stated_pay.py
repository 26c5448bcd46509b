"""A board's own pay field whose amounts are numbers, or text such as "120k-150k", "60.000,00" or "$65/hr"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from payguide.base.codes import Basis
from payguide.base.inputs import PayBand
from payguide.decode.pay import read_pay
from payguide.decode.pay.currency import DOLLAR, currencies_in, resolve_dollar
from payguide.decode.sanity_limits import InvalidAmount, band, number, period_of

#: Points that group by three, which are no decimal points: "60.000".
_GROUPED: Final = re.compile(r"\d{1,3}(?:\.\d{3})++")
_DIGIT: Final = re.compile(r"\d")
#: Longer than any field of pay.
_LONGEST: Final = 400


def bands_of(
    low: object,
    high: object,
    currency: str,
    period: str,
    *,
    both: object = None,
    basis: Basis = Basis.BASE,
    country: str = "",
) -> Iterator[PayBand | InvalidAmount]:
    """The bands that a field states by its ends, or by a value that is `both`. Nothing where it says no amount; a text
    with one that cannot be read is refused. A mark that countries share is that of `country`.
    """
    currency = _code(currency, country)
    ends = [end.strip()[:_LONGEST] if isinstance(end, str) else end for end in (low, high, both)]
    if all(map(_is_plain, ends)):
        bottom, top, single = map(number, ends)
        bottom, top = (single, single) if bottom is None and top is None else (bottom, top)
        if bottom or top:
            yield band(bottom, top, currency, period, basis=basis)
        return
    written = ["" if end is None else str(end) for end in ends]
    if not any(map(_DIGIT.search, written)):
        return
    found = next(
        filter(None, (read_pay(text, country=country)[0] for text in _readings(written, currency, period))),
        (),
    )
    if not found:
        yield InvalidAmount(
            "unread_pay", f"no pay can be read from {' to '.join(filter(None, written))[:80]!r}"
        )
    for one in found:
        own = not currency or ("$" not in "".join(written) and one.currency != currency.upper())
        said = one.basis if one.basis is not Basis.BASE else basis
        yield band(one.low, one.high, one.currency if own else currency, period or one.period, basis=said)


def _code(currency: str, country: str) -> str:
    """The code of a currency that is stated by its mark or its name; what is neither stays as it is."""
    table = currencies_in(country)
    mark = table.before.get(currency) or table.after.get(currency.lower()) or table.after.get(f"{currency}s")
    if mark is None:
        return currency
    return resolve_dollar("", country) if mark.code == DOLLAR else mark.code


def _is_plain(end: object) -> bool:
    """Whether an end is a number, or as good as one, or nothing."""
    return not isinstance(end, str) or not end or (number(end) is not None and not _GROUPED.fullmatch(end))


def _readings(written: list[str], currency: str, period: str) -> Iterator[str]:
    """The ends as a posting's text would say them: as they stand, then with what stands in the fields beside them."""
    (low, high, both), unit = written, period_of(period)
    units = [""] if isinstance(unit, InvalidAmount) else [f" per {unit}", ""]
    for code in ("", f"{currency} "):
        if low and high:
            joined = f"{code}{low} - {code}{high}"
        else:
            joined = f"from {code}{low}" if low else f"up to {code}{high}" if high else f"{code}{both}"
        yield from (f"Base salary: {joined}{per}" for per in units)
