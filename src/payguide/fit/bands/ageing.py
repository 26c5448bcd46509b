"""Ageing: pay stated on one day, put at another day's level by a published wage index (base/reference/wage_index.py).

Assumes that this market's pay moved as all professionals' did. What breaks it: a market that outran the index (machine
learning may have since 2021); sources of different ages then disagree, which the blend shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from payguide.base.reference.country import country, default_country
from payguide.base.reference.wage_index import Index, wage_index


@dataclass(frozen=True, slots=True)
class Ageing:
    """The factor that takes pay stated on `stated` to `then`; `extrapolated` where the index was."""

    stated: date
    then: date
    factor: float
    extrapolated: bool


def age(stated: date, then: date, index: Index | None = None) -> Ageing:
    """The ageing of pay from the day it was stated to another day, by the index of the country that is meant where none
    is given.
    """
    index = index or wage_index(country(default_country()).wage_index)
    extrapolated = index.extrapolated(stated) or index.extrapolated(then)
    return Ageing(stated, then, index.factor(stated, then), extrapolated)
