"""What a structured amount must be to count as pay at all: a known currency and period, and a sane size.

The limits (sanity_limits.toml) are wide: they catch slips of the pen (24.04 a year, 1-500,000, 400,000,000), not
outliers. A rule answers with its own name and what it found.
"""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from payguide.base.codes import Basis, Component, Period
from payguide.base.inputs import PayBand
from payguide.base.money import annual
from payguide.decode.pay.currency import iso_codes

_FILE: Final = Path(__file__).with_name("sanity_limits.toml")
_LIMITS: Final[dict[str, Any]] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
_UNITS: Final[dict[str, float]] = _LIMITS["units_per_usd"]
#: A comma is a thousands mark only where it groups by three: "95,5" is no number here.
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})++(?:\.\d*)?")
_COMPONENT: Final = {Basis.BASE: Component.BASE, Basis.OTE: Component.TOTAL, Basis.TOTAL: Component.TOTAL}


@dataclass(frozen=True, slots=True)
class InvalidAmount:
    """The rule an amount breaks, and what was found."""

    rule: str
    found: str


def number(value: object) -> float | None:
    """A finite number, written as one or as text ("120,000", "$95000"); None where it is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        value = value.strip().lstrip("$€£")
        value = value.replace(",", "") if _GROUPED.fullmatch(value) else value
    try:
        found = float(value)  # type: ignore[arg-type]  # anything else is refused by float itself
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


@cache
def currency_code(stated: str) -> str | InvalidAmount:
    """The ISO 4217 code of a stated currency."""
    code = stated.strip().upper()
    if code in _UNITS or code in iso_codes():
        return code
    return InvalidAmount(
        "unknown_currency", f"{stated!r} is no ISO 4217 currency" if code else "no currency is stated"
    )


@cache
def period_of(stated: str) -> Period | InvalidAmount:
    """The period a source spells."""
    spelt = re.sub(r"^(?:per |an? |/|p(?=\d[ymwd]$))", "", stated.strip().lower()).strip()
    found = _LIMITS["periods"].get(spelt)
    if found is None:
        return InvalidAmount("unknown_period", f"{stated!r} is no period of pay")
    return Period(found)


def period_by_size(amount: float, currency: str) -> Period | InvalidAmount:
    """The period of an amount that states none: 15-400 dollars is hourly, tens of thousands a year."""
    dollars = amount / _UNITS.get(currency, 1.0)
    for period in (Period.HOUR, Period.YEAR):
        low, high = _LIMITS["size"][period]
        if low <= dollars <= high:
            return period
    return InvalidAmount("period_unclear", f"{amount:,.2f} {currency} with no period could be anything")


def check(amount: float, currency: str, period: Period, component: Component) -> InvalidAmount | None:
    """The rule that one amount breaks, if any."""
    if amount < 0:
        return InvalidAmount("negative_pay", f"{component} pay of {amount:,.2f} {currency}")
    if amount == 0:
        return InvalidAmount("zero_pay", f"{component} pay of 0 {currency}")
    low, high = _LIMITS["annual_usd"][component]
    yearly = annual(amount, period)
    if currency in _UNITS and not low <= yearly / _UNITS[currency] <= high:
        return InvalidAmount("absurd_pay", f"{component} pay of {amount:,.2f} {currency} a {period}")
    return None


def band(
    low: float | None,
    high: float | None,
    currency: str,
    period: str | Period,
    *,
    basis: Basis = Basis.BASE,
    scope: str = "",
) -> PayBand | InvalidAmount:
    """A band of a structured field, or the rule it breaks. A floor of 0 below a real ceiling is no floor.

    `currency` and `period` are as the source spells them; an empty period is told from the size.
    """
    code = currency_code(currency)
    if isinstance(code, InvalidAmount):
        return code
    low = None if low == 0 and high else low
    ends = [end for end in (low, high) if end is not None]
    if not ends:
        return InvalidAmount("no_amount", "the band has neither a low nor a high end")
    if low is not None and high is not None and low > high:
        return InvalidAmount("band_runs_backwards", f"{low:,.2f} to {high:,.2f} {code}")
    stated = period if isinstance(period, Period) else timed_by(period, max(ends), code)
    if isinstance(stated, InvalidAmount):
        return stated
    for end in ends:
        broken = check(end, code, stated, _COMPONENT[basis])
        if broken:
            return broken
    if is_too_wide(ends[0], ends[-1]):
        return InvalidAmount("band_too_wide", f"{ends[0]:,.2f} to {ends[1]:,.2f} {code}")
    return PayBand(low, high, code, stated, basis, scope)


def is_too_wide(low: float, high: float) -> bool:
    """Whether a range's ends lie further from each other than those of any real band."""
    return bool(high > low * _LIMITS["range"]["widest_ratio"])


def far_from_prevailing(
    ends: tuple[float, float] | None, period: Period, prevailing: float | None
) -> InvalidAmount | None:
    """The rule that a filed wage breaks which cannot be beside its prevailing wage (a year's): below what the law
    demands, or a digit or a unit too much above it.
    """
    if ends is None or not prevailing:
        return None
    low, high = (annual(end, period) / prevailing for end in ends)
    least, most = _LIMITS["prevailing"]["least_ratio"], _LIMITS["prevailing"]["most_ratio"]
    if least <= low and high <= most:
        return None
    found = (
        f"{ends[0]:,.2f} to {ends[1]:,.2f} a {period} beside a prevailing wage of {prevailing:,.0f} a year"
    )
    return InvalidAmount("far_from_prevailing_wage", found)


def timed_by(period: str, amount: float, currency: str) -> Period | InvalidAmount:
    """The period as spelt; told from the size where none is spelt."""
    return period_of(period) if period.strip() else period_by_size(amount, currency)
