"""Money: annual amounts, ageing's arithmetic, and the logarithmic bins that pay is counted in.

Amounts are plain numbers in the stated currency. Bins follow DDSketch (Masson, Rim & Lee, VLDB 2019): with
ratio gamma = (1 + a) / (1 - a) the centre of a bin is within the relative accuracy `a` of every value in it.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from payguide.base.codes import Period
from payguide.base.reference import data

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

#: Periods in a year of full-time work (reference/work_year.toml).
PERIODS_A_YEAR: Final[dict[Period, float]] = {
    Period(name): number for name, number in data.table("work_year")["periods"].items()
}

#: Relative accuracy of a quantile read from bins.
ACCURACY: Final = 0.0025
GAMMA: Final = (1 + ACCURACY) / (1 - ACCURACY)
LOG_GAMMA: Final = math.log(GAMMA)


#: Significant digits of a published number: finer than any interval here, and the same on every machine.
DIGITS: Final = 6


def to_digits(value: float, digits: int = DIGITS) -> float:
    """A number to so many significant digits; there is no negative zero."""
    return float(f"{value:.{digits}g}") + 0.0


def annual(amount: float, period: Period) -> float:
    """The amount for a year, in the same currency."""
    return amount * PERIODS_A_YEAR[period]


def bin_of(amounts: FloatArray) -> IntArray:
    """The bin of each positive amount. Shape is kept.

    Raises:
        ValueError: an amount is not positive; zero and negative pay never reach the bins.
    """
    if np.any(~(amounts > 0)):
        raise ValueError("only positive amounts have a bin")
    return np.ceil(np.log(amounts) / LOG_GAMMA).astype(np.int64)


def bin_value(bins: IntArray) -> FloatArray:
    """The amount that stands for each bin: within `ACCURACY` of everything in it."""
    return np.exp(bins.astype(np.float64) * LOG_GAMMA) * (2.0 / (1.0 + GAMMA))
