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
from payguide.base.reference.country import default_country

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


def read_market(path: Path, role: Role) -> Market:
    """The market of a role in a file.

    Raises:
        InputError: the file cannot be read, or is no market file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the market file cannot be read: {error}", where=str(path)) from None
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"the market file is not TOML: {error}", where=str(path)) from None
    return _market(told, role, path.name, str(path))


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
    if not isinstance(code, str) or not isinstance(day, date):
        raise InputError(
            "a market file says its country and its date", where=where,
            remedy=f'Write, for example: country = "{default_country()}" and date = 2026-11-01',
        )  # fmt: skip
    places = find_country(code)
    metros = (*places.top, *places.places, places.elsewhere)
    margins = _margins(told, metros, where, "")
    for name, of_role in roles.items():
        _known(of_role, set(DIMENSIONS), "a dimension", f"{where}, roles.{name}")
        own = _margins(of_role, metros, where, f"roles.{name}.")  # those of other roles are checked too
        if name == role:
            margins |= {dimension: one for dimension, one in own.items() if one}
    return Market(code, day, role, margins, origin)


def _margins(told: Any, metros: tuple[str, ...], where: str, inside: str) -> dict[str, Margin | None]:
    return {name: _margin(told.get(name), name, metros, f"{where}, [{inside}{name}]") for name in DIMENSIONS}


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
    bad = next((name for name, one in shares.items() if not (_number(one) and 0 <= one <= 1)), None)
    if bad is not None:
        raise InputError(f"the share of {bad} is {shares[bad]!r}, not a number from 0 to 1", where=where)
    total = math.fsum(shares.values())
    if abs(total - 1) > _ROUNDING:
        raise InputError(f"the shares add up to {total:.3f}, not to 1", where=where)
    certainty, assumed = told.get("certainty"), told.get("assumed", False)
    if certainty is not None and not (_number(certainty) and 0 < certainty < math.inf):
        raise InputError(f"the certainty is {certainty!r}, not a number of people above 0", where=where)
    if not isinstance(assumed, bool):
        raise InputError(f"assumed is {assumed!r}, not true or false", where=where)
    return Margin(
        {str(name): float(one) / total for name, one in shares.items()},
        str(told.get("reference", "")),
        None if certainty is None else float(certainty),
        assumed,
    )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _metros(shares: Mapping[str, Any], metros: tuple[str, ...], where: str) -> None:
    """CBSA codes that no list names may stand in it too."""
    wrong = next(
        (
            name
            for name in shares
            if name not in metros and not (name.isascii() and name.isdigit() and len(name) == 5)
        ),
        None,
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
