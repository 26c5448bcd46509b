"""Countries as data: what an edition needs to know of the one that it is about (countries/*.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from payguide.base.errors import UsageError
from payguide.base.reference import data


@dataclass(frozen=True, slots=True)
class OfficialProgramme:
    """A country's official statistics of pay: whose they are, and how readers of them write their areas."""

    agency: str
    programme: str
    nation: tuple[str, ...]
    industries: tuple[str, ...]
    metro_prefix: str
    unit: str
    reference: str

    def area(self, code: str) -> str:
        """The metro of an area's code; empty for the nation."""
        prefixed = self.metro_prefix and code.startswith(self.metro_prefix)
        long = len(code) == len(self.metro_prefix) + _METRO_DIGITS
        short = code.removeprefix(self.metro_prefix) if prefixed and long else code
        return "" if short in self.nation else short


#: The digits of a metro's code.
_METRO_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Country:
    """One country as a market. `in_sentence` is its name after "in", `currency` an ISO 4217 code, `thresholds` are
    amounts a year in it; `top` are the metros that a guide names, `elsewhere` the code of all places that are no metro
    of their own. `held` and `tested` give each role's official occupations: all, and those that test place effects.
    """

    code: str
    name: str
    in_sentence: str
    short: str
    currency: str
    as_of: date
    wage_index: str
    thresholds: tuple[int, ...]
    official: OfficialProgramme
    top: tuple[str, ...]
    top_name: str
    elsewhere: str
    elsewhere_name: str
    places: Mapping[str, str]
    held: Mapping[str, tuple[str, ...]]
    tested: Mapping[str, tuple[str, ...]]


def countries() -> tuple[str, ...]:
    """The codes of the countries there is a file for, sorted."""
    return tuple(name.upper() for name in data.names("countries"))


def default_country() -> str:
    """The code of the country that is meant where none is named."""
    return str(data.table("defaults")["country"])


@cache
def country(code: str) -> Country:
    """The country of an ISO 3166 two-letter code.

    Raises:
        UsageError: there is no file for it.
    """
    if code not in countries():
        raise UsageError(
            f"no country is called {code!r}", remedy=f"Known countries: {', '.join(countries())}"
        )
    told = data.table("countries", code.lower())
    official, places, occupations = told["official"], told["places"], told["occupations"]
    return Country(
        **{name: told[name] for name in ("code", "name", "in_sentence", "short", "currency", "as_of", "wage_index")},
        **{name: places[name] for name in ("top_name", "elsewhere", "elsewhere_name")},
        thresholds=tuple(told["thresholds"]),
        official=OfficialProgramme(**{**official, **{key: tuple(official[key]) for key in ("nation", "industries")}}),
        top=tuple(places["top"]),
        places=places["names"],
        held={role: tuple(found["held"]) for role, found in occupations.items()},
        tested={role: tuple(found["place"]) for role, found in occupations.items()},
    )  # fmt: skip


@cache
def place_names() -> Mapping[str, str]:
    """The names of places by their codes, of all countries."""
    return {code: name for each in countries() for code, name in country(each).places.items()}
