"""Whose pay an edition is of: shares of people by level, employer tier, metro, industry and arrangement.

A market is read from a dated TOML file (docs/market.md): the packaged one of a country, or one's own.

    date = 2026-11-01
    country = "US"

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
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from payguide.base.codes import LADDER, Industry, Remote, Role, Tier
from payguide.base.errors import InputError
from payguide.base.reference import data
from payguide.base.reference.country import country as find_country

#: The dimensions of a market, in the order in which they are written.
DIMENSIONS: Final = ("level", "tier", "metro", "industry", "remote")
#: Tiers whose employers are all known by name: an employer that no list knows is of none of them.
CLOSED_TIERS: Final = (Tier.FRONTIER_LAB, Tier.BIG_TECH)
#: How far shares may be from adding up to one: they are rounded.
_ROUNDING: Final = 0.011

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


def read_market(path: Path, role: Role, country: str) -> Market:
    """The market of a role in a file.

    Raises:
        InputError: the file cannot be read, is no market file, or is of another country.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the market file cannot be read: {error}", where=str(path)) from None
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
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
    roles = told.get("roles", {})
    _known(told, {*DIMENSIONS, "date", "country", "roles"}, "a key of a market file", where)
    _known(roles, set(map(str, Role)), "a role", f"{where}, roles")
    code, day = told.get("country"), told.get("date")
    if not isinstance(code, str) or not isinstance(day, date):
        raise InputError(
            "a market file says its country and its date", where=where,
            remedy='Write, for example: country = "US" and date = 2026-11-01',
        )  # fmt: skip
    places = find_country(code)
    metros = (*places.top, *places.places, places.elsewhere)
    of_role = roles.get(str(role), {})
    margins = {
        name: _margin(of_role.get(name, told.get(name)), name, metros, f"{where}, [{name}]")
        for name in DIMENSIONS
    }
    return Market(code, day, role, margins, origin)


def _margin(told: Any, dimension: str, metros: tuple[str, ...], where: str) -> Margin | None:
    if told is None:
        return None
    _known(told, {"shares", "reference", "certainty", "assumed"}, "a key of a margin", where)
    shares = told.get("shares")
    if not isinstance(shares, dict) or not shares:
        raise InputError("a margin has shares, a table of numbers", where=where)
    values = _VALUES.get(dimension)
    if values is None:
        _metros(shares, metros, where)
    else:
        _known(shares, set(values), f"a {dimension}", where)
    bad = next((name for name, one in shares.items() if not _share(one)), None)
    if bad is not None:
        raise InputError(f"the share of {bad} is {shares[bad]!r}, not a number from 0 to 1", where=where)
    total = math.fsum(shares.values())
    if abs(total - 1) > _ROUNDING:
        raise InputError(f"the shares add up to {total:.3f}, not to 1", where=where)
    certainty = told.get("certainty")
    if certainty is not None and (
        isinstance(certainty, bool) or not isinstance(certainty, int | float) or certainty <= 0
    ):
        raise InputError(f"the certainty is {certainty!r}, not a number of people above 0", where=where)
    return Margin(
        {str(name): float(one) / total for name, one in shares.items()},
        str(told.get("reference", "")),
        None if certainty is None else float(certainty),
        bool(told.get("assumed", False)),
    )


def _share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _metros(shares: Mapping[str, Any], metros: tuple[str, ...], where: str) -> None:
    """CBSA codes that no list names may stand in it too."""
    wrong = next(
        (name for name in shares if name not in metros and not (name.isdigit() and len(name) == 5)), None
    )
    if wrong is not None:
        raise InputError(
            f"{wrong!r} is not a metro",
            where=where,
            remedy=f"Write CBSA codes, and {metros[-1]} for all others",
        )


def _known(told: Any, names: set[str], what: str, where: str) -> None:
    if not isinstance(told, dict):
        raise InputError(f"there is {told!r} where a table is meant", where=where)
    wrong = next((name for name in told if name not in names), None)
    if wrong is not None:
        raise InputError(f"{wrong!r} is not {what}", where=where, remedy=f"Known: {', '.join(sorted(names))}")
