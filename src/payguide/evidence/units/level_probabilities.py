"""How senior a job is whose title does not say: a distribution over the ladder, from the years that it asks for.

The shares are fitted parameters with their origin (level_probabilities.toml, written by tools/level_mix.py, which says
how): they are constants, so that one more posting does not move the level of all others.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from payguide.base.aggregates import RANGE_POINTS
from payguide.base.money import FloatArray, IntArray

#: The step in which shares are given, in units of a piece's mass (hundredths): a range's points can share it out.
STEP: Final = RANGE_POINTS


@cache
def shares() -> IntArray:
    """The shares (b, l) of the levels of the ladder, in units of a piece's mass, adding up to `UNITS_PER_PIECE`, where
    0, 1, ... b - 1 years are asked for; the last row holds for more.
    """
    return np.array(settings()["shares"], np.int64)


def settings() -> dict[str, Any]:
    """level_probabilities.toml."""
    return tomllib.loads(
        (files("payguide.evidence.units") / "level_probabilities.toml").read_text(encoding="utf-8")
    )


def shares_of(years: FloatArray) -> IntArray:
    """The shares (n, l) of postings that ask for so many years (n,)."""
    rows = shares()
    result: IntArray = rows[np.clip(years, 0, len(rows) - 1).astype(np.int64)]
    return result
