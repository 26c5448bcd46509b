"""Statements of pay as codes of the market's dimensions, and how they lie in them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import EvidenceKind, Industry, Remote, Role
from payguide.base.market import Market
from payguide.base.money import FloatArray, IntArray
from payguide.base.reference.country import Country
from payguide.fit.market.design import IN_POST, LEVELS, NONE, OPEN, SPECIAL, UNKNOWN, Codes
from payguide.fit.market.frame import TIERS, WITHIN, Seed

ROLES: Final = tuple(str(role) for role in Role if role is not Role.OTHER)
INDUSTRIES: Final = tuple(str(one) for one in Industry if one is not Industry.UNKNOWN)
REMOTE: Final = tuple(str(one) for one in Remote if one is not Remote.UNSTATED)
#: A place stands by itself from so many statements on.
FEWEST_OF_A_PLACE: Final = 20
DAYS_A_YEAR: Final = 365.25


@cache
def settings() -> dict[str, Any]:
    """market.toml."""
    return tomllib.loads((files("payguide.fit.market") / "market.toml").read_text(encoding="utf-8"))


def on_ladder(rows: PayRows) -> PayRows:
    """The rows whose level the market knows, or that do not tell it."""
    return rows.take(np.isin(rows.columns["level"], (*LEVELS, "", "unstated", "unknown")))


def values_of(rows: Sequence[PayRows], market: Market, country: Country) -> dict[str, tuple[str, ...]]:
    """The values of each dimension: closed lists, and the metros (of the first rows), kinds and sources that any rows
    or the market name.
    """
    metros, counts = np.unique(rows[0].columns["metro"], return_counts=True)
    named = {str(one) for one, n in zip(metros, counts, strict=True) if one and n >= FEWEST_OF_A_PLACE}
    margin = market.margins["metro"]
    named |= set(margin.shares if margin else ())
    publishers = settings()["publishers"]
    kinds, sources = (_named(rows, name) for name in ("kind", "source"))
    shared = [publishers[one] for one in sources if one in publishers]
    return {
        "role": ROLES, "level": LEVELS, "tier": TIERS,
        "metro": (*sorted(named - {country.elsewhere}), country.elsewhere),
        "industry": INDUSTRIES, "remote": REMOTE,
        "kind": tuple(one for one in kinds if one != IN_POST),
        "publisher": tuple(sorted({one for one in shared if shared.count(one) > 1})),
        "source": sources,
    }  # fmt: skip


def _named(rows: Sequence[PayRows], column: str) -> tuple[str, ...]:
    return tuple(sorted({str(value) for part in rows for value in part.columns[column]}))


def codes_of(rows: PayRows, values: Mapping[str, tuple[str, ...]], as_of: date) -> Codes:
    """What the rows say. A metro that is none of the market's is elsewhere; who names a state alone
    does not tell where in it; a tier is told by who names the employer.
    """
    columns = rows.columns
    of = {
        name: _number(columns[name], values[name])
        for name in ("role", "level", "industry", "remote", "kind", "source")
    }
    metro = _number(columns["metro"], values["metro"])
    of["metro"] = np.where((metro < 0) & (columns["metro"] != ""), len(values["metro"]) - 1, metro)
    tier = _number(columns["tier"], values["tier"])
    named = columns["employer"] != ""
    known = columns["tier"] != str(TIERS[-1])
    of["tier"] = np.where(named | known, tier, NONE)
    of["level"] = np.where(columns["kind"] == str(EvidenceKind.FILING), OPEN, of["level"])
    publishers = settings()["publishers"]
    of["publisher"] = _number(
        np.array([publishers.get(str(one), "") for one in values["source"]] or [""]), values["publisher"]
    )[of["source"]]
    special = np.array(
        [[float(name in text.split("|")) for name in SPECIAL] for text in columns["specialisation"]]
    )
    # to the quarter: rows that say the same are then one profile
    years = np.round((rows.day - as_of.toordinal()) / DAYS_A_YEAR * 4) / 4
    return Codes(of, special.reshape(len(rows), len(SPECIAL)), np.asarray(years, float))


def _number(column: Any, values: tuple[str, ...]) -> IntArray:
    """Each value's place among `values` (n,); `NONE` where it is none of them."""
    told, where = np.unique(np.asarray(column, dtype=np.str_), return_inverse=True)
    place = {value: k for k, value in enumerate(values)}
    return np.array([place.get(str(one), NONE) for one in told], np.int64)[where]


def seed_of(rows: PayRows, codes: Codes, values: Mapping[str, tuple[str, ...]], role: int) -> Seed:
    """How the evidence of a role lies: statements by tier and level; by tier and place, industry, arrangement those of
    an employer together count as the square root of their number. What all roles say counts for a tenth.
    """
    weight = np.where(codes.of["role"] == role, 1.0, 0.1)
    tier = codes.of["tier"]
    _, employer = np.unique(rows.columns["employer"], return_inverse=True)
    counts: dict[str, FloatArray] = {}
    for name in WITHIN:
        told = np.flatnonzero((tier >= 0) & (codes.of[name] >= 0))
        shape = (len(TIERS), len(values[name]))
        if name == "level":
            given = weight[told]
        else:
            # an employer's many statements tell its mix, but it is one employer
            given = weight[told] / np.sqrt(np.bincount(employer[told], weight[told])[employer[told]])
        pair = np.ravel_multi_index((tier[told], codes.of[name][told]), shape)
        counts[name] = np.asarray(np.bincount(pair, given, shape[0] * shape[1]).reshape(shape), float)
    tiers = np.asarray(np.bincount(tier[tier >= 0], weight[tier >= 0], len(TIERS)), float)
    tiers[UNKNOWN] += 1e-9  # where nothing tells a tier, all are of none that is known
    return Seed({name: values[name] for name in WITHIN}, counts, tiers)
