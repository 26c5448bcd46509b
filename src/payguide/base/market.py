"""Whose pay an edition is of: shares of people by level, employer tier, metro, industry and arrangement.

A market is read from a dated TOML file (docs/market.md): the packaged one of a country, or one's own.

    date = 2026-11-01
    country = "..."      # as in countries/*.toml

    [tier]
    shares = { big_tech = 0.2, enterprise = 0.5, startup = 0.3 }
    reference = "..."
    certainty = 40       # as exact as a count of so many people; left out: taken as it stands
    assumed = false      # true where nothing tells it

    [roles.data_analyst.tier]    # another one for a role
    shares = { ... }

A margin that the file leaves out is as the evidence has it among the people of each tier.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from payguide.base.codes import LADDER, Industry, Remote, Role, Tier
from payguide.base.errors import InputError, UsageError
from payguide.base.reference import data
from payguide.base.reference.country import country as find_country
from payguide.base.reference.country import default_country

#: The dimensions of a market, in the order in which they are written.
DIMENSIONS: Final = ("level", "tier", "metro", "industry", "remote")
#: Tiers whose employers are all known by name: an employer that no list knows is of none of them.
CLOSED_TIERS: Final = (Tier.FRONTIER_LAB, Tier.BIG_TECH)
#: Who reports need not be like all of the cell (standard deviation on ln pay, of each tier): no evidence sees it.
WITHIN_CELL: Final = 0.05
#: How far shares may be from adding up to one: they are rounded.
_ROUNDING: Final = 0.011
#: More people than any country has.
_MOST_CERTAIN: Final = 1e10
_SHOWN: Final = 60
_CODE: Final = re.compile(r"[0-9]{5}")
#: What a margin may say beside its shares, and what is meant where it does not.
_OF_A_MARGIN: Final[Mapping[str, Any]] = {"certainty": None, "assumed": False, "reference": ""}

_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "level": tuple(map(str, LADDER)),
    "tier": tuple(map(str, Tier)),
    "industry": tuple(str(one) for one in Industry if one is not Industry.UNKNOWN),
    "remote": tuple(str(one) for one in Remote if one is not Remote.UNSTATED),
}


@dataclass(frozen=True, slots=True)
class Margin:
    """People by one dimension: shares that add up to one, what tells them, how exact they are (of how many people a
    count would be: None where they are taken as they stand), and whether nothing tells them.
    """

    shares: Mapping[str, float]
    reference: str
    certainty: float | None
    assumed: bool


@dataclass(frozen=True, slots=True)
class Market:
    """The people of one role in a country at a date, by `DIMENSIONS`; a margin that is None is as the evidence has it.
    `origin` says which file it is.
    """

    country: str
    date: date
    role: Role
    margins: Mapping[str, Margin | None]
    origin: str


def as_the_evidence(country: str, day: date, role: Role) -> Market:
    """The market of whoever says nothing of it: all margins as the evidence has them."""
    return Market(country, day, role, dict.fromkeys(DIMENSIONS), "")


def with_share(market: Market, tiers: Sequence[str], factor: float) -> Market | None:
    """The market where some tiers together have `factor` times the people, all others fewer or more in proportion; None
    where the tier margin does not say, or some would have nobody or everybody.
    """
    margin = market.margins["tier"]
    share = math.fsum(margin.shares.get(tier, 0.0) for tier in tiers) if margin else 0.0
    if margin is None or not (0 < share < 1 and 0 < factor * share < 1):
        return None
    others = (1 - factor * share) / (1 - share)
    shares = {name: one * (factor if name in tiers else others) for name, one in margin.shares.items()}
    return replace(market, margins={**market.margins, "tier": replace(margin, shares=shares)})


def read_market(path: Path, role: Role, country: str) -> Market:
    """The market of a role in a file.

    Raises:
        InputError: the file cannot be read, is no market file, or is of another country.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the market file cannot be read: {error}", where=str(path)) from None
    try:
        told = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # TOMLDecodeError, and numbers of thousands of digits
        raise InputError(f"the market file is not TOML: {error}", where=str(path)) from None
    market = _market(told, role, path.name, str(path))
    if market.country != country:
        raise InputError(f"the market file is of {market.country}, not of {country}", where=str(path))
    return market


@cache
def packaged_market(country: str, role: Role) -> Market | None:
    """The packaged market of a country; None where there is none."""
    name = country.lower()
    if name not in data.names("markets"):
        return None
    return _market(data.table("markets", name), role, f"markets/{name}.toml", f"markets/{name}.toml")


def _market(told: Mapping[str, Any], role: Role, origin: str, where: str) -> Market:
    _known(told, {*DIMENSIONS, "date", "country", "roles"}, "a key of a market file", where)
    roles = told.get("roles", {})
    _known(roles, set(map(str, Role)), "a role", f"{where}, roles")
    code, day = told.get("country"), told.get("date")
    if not isinstance(code, str) or type(day) is not date:  # a time is a date too
        raise InputError(
            "a market file says its country and its date", where=where,
            remedy=f'Write, for example: country = "{default_country()}" and date = 2026-11-01',
        )  # fmt: skip
    try:
        elsewhere = find_country(code).elsewhere
    except UsageError as error:
        raise InputError(error.found, where=where, remedy=error.remedy) from None
    margins = _margins(told, elsewhere, where, "")
    for name, of_role in roles.items():
        _known(of_role, set(DIMENSIONS), "a dimension", f"{where}, roles.{name}")
        own = _margins(of_role, elsewhere, where, f"roles.{name}.")  # those of other roles are checked too
        if name == role:
            margins |= {dimension: one for dimension, one in own.items() if one}
    return Market(code, day, role, margins, origin)


def _margins(told: Any, elsewhere: str, where: str, inside: str) -> dict[str, Margin | None]:
    return {
        name: _margin(told.get(name), name, elsewhere, f"{where}, [{inside}{name}]") for name in DIMENSIONS
    }


def _margin(told: Any, dimension: str, elsewhere: str, where: str) -> Margin | None:
    if told is None:
        return None
    _known(told, {"shares", *_OF_A_MARGIN}, "a key of a margin", where)
    shares = told.get("shares")
    if not isinstance(shares, dict) or not shares:
        raise InputError("a margin has shares, a table of numbers", where=where)
    values = _VALUES.get(dimension)
    if values is None:
        _metros(shares, elsewhere, where)
    else:
        _known(shares, set(values), f"a {dimension}", where)
    bad = next((name for name, one in shares.items() if not (_number(one) and 0 <= one <= 1)), None)
    if bad is not None:
        raise InputError(
            f"the share of {bad} is {_shown(shares[bad])}, not a number from 0 to 1", where=where
        )
    total = math.fsum(shares.values())
    if abs(total - 1) > _ROUNDING:
        raise InputError(f"the shares add up to {total:.3f}, not to 1", where=where)
    certainty, assumed, reference = (told.get(key, other) for key, other in _OF_A_MARGIN.items())
    if certainty is not None and not (_number(certainty) and 1 <= certainty <= _MOST_CERTAIN):
        raise InputError(
            f"the certainty is {_shown(certainty)}, not a number of people from 1 on", where=where
        )
    if not isinstance(assumed, bool):
        raise InputError(f"assumed is {_shown(assumed)}, not true or false", where=where)
    if not isinstance(reference, str):
        raise InputError(f"the reference is {_shown(reference)}, not words", where=where)
    return Margin(
        shares={name: float(one) / total for name, one in shares.items()},
        reference=reference,
        certainty=None if certainty is None else float(certainty),
        assumed=assumed,
    )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: object) -> str:
    """A value as it may stand in a message: not at any length."""
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _metros(shares: Mapping[str, Any], elsewhere: str, where: str) -> None:
    """Any CBSA code may stand in it, also of metros that no list of a guide names."""
    wrong = next((name for name in shares if name != elsewhere and not _CODE.fullmatch(name)), None)
    if wrong is not None:
        raise InputError(
            f"{_shown(wrong)} is not a metro",
            where=where,
            remedy=f"Write CBSA codes, and {elsewhere} for all others",
        )


def _known(told: Any, names: set[str], what: str, where: str) -> None:
    if not isinstance(told, dict):
        raise InputError(f"there is {_shown(told)} where a table is meant", where=where)
    wrong = next((name for name in told if name not in names), None)
    if wrong is not None:
        raise InputError(
            f"{_shown(wrong)} is not {what}", where=where, remedy=f"Known: {', '.join(sorted(names))}"
        )
