"""The ladder's level of years of experience (levels.toml): for one person, and as bounds for arrays and queries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from payguide.base.codes import LADDER, Level
from payguide.base.reference import data


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a level ends, in years of experience; `inclusive` where the end is still of the level."""

    level: Level
    end: float
    inclusive: bool


@cache
def bounds() -> tuple[Bound, ...]:
    """The ends of all levels but the last, rising; whoever is past them all is of the last."""
    told = data.table("levels")
    return tuple(
        Bound(level, float(told[level]["end"]), bool(told[level]["inclusive"])) for level in LADDER[:-1]
    )


def level_of_years(years: float) -> Level:
    """The level of years of experience. 2.5 years is entry, 10.0 is senior, 10.5 is staff."""
    for bound in bounds():
        if years < bound.end or (bound.inclusive and years == bound.end):
            return bound.level
    return LADDER[-1]


def years_of(level: str) -> str:
    """A level's years of experience in words: "6–10 years"; empty where it has none."""
    found = data.table("levels").get(level)
    return str(found["said"]) if isinstance(found, dict) else ""
