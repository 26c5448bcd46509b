"""What every figure of one edition shares, and the levels, quantiles and populations of its bands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from payguide.base.codes import LADDER, Role
from payguide.base.figures import EVERYONE
from payguide.fit.labels import phrase

#: The quantiles a guide prints, by the name in their ids.
QUANTILES = {"p10": 0.10, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p90": 0.90}

#: Levels of the bands: the ladder, and every level together.
LEVELS: tuple[str, ...] = (*(str(level) for level in LADDER), "any")

#: The population of the top tiers' cells.
TOP = "top=yes"


@dataclass(frozen=True, slots=True)
class Frame:
    """What every figure of one edition shares."""

    role: Role
    as_of: date
    coverage: float
    currency: str
    population: str


def people(frame: Frame, population: str = EVERYONE) -> str:
    """The population in words."""
    return (
        frame.population
        if population == EVERYONE
        else f"{frame.population}; {phrase('population', of=population)}"
    )
