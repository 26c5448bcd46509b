"""Replicate weights: every employer's 80 Poisson(1) weights, from its name alone.

The Poisson bootstrap draws each cluster's weight independently (Hanley & MacGibbon, Comput. Methods Programs
Biomed. 2006; Chamandy et al. 2012), so a weight can be a function of the employer's name: no draw to store,
no order to keep, and the same weights on any machine and engine.

The recipe, in integer arithmetic that numpy, SQL and Spark spell alike: the hexadecimal SHA-256 of
`name#0`, `name#1`, ... `name#4` gives 5 x 16 numbers of four hex digits (0..65535); a number's weight is how
many of `THRESHOLDS` are not above it. A threshold is round(65,536 x P(Poisson(1) <= k)), so that the weights
distribution is Poisson(1) to within 1/131,072 in every step, their mean is exactly 1, and none is above 8.

In SQL: `sha256(name || '#0')`, `('0x' || substr(hash, 1 + 4 * i, 4))::INTEGER`; in Spark `sha2(..., 256)` and
`conv(substr(...), 16, 10)`.

What they give away: the weights are public, so a cell of fewer than 80 employers can be solved for each
employer's part. Replicates are therefore made to be shared only where the records behind them are public.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from payguide.base.aggregates import REPLICATES

#: round(65,536 x P(Poisson(1) <= k)) for k = 0..7.
THRESHOLDS: Final = np.array([24_109, 48_219, 60_273, 64_292, 65_296, 65_497, 65_531, 65_535], np.int64)

#: Numbers of 16 bits in one SHA-256.
_IN_A_HASH: Final = 16

Weights = NDArray[np.int64]


def _hash(name: str, number: int) -> bytes:
    return hashlib.sha256(f"{name}#{number}".encode("utf-8", "surrogatepass")).digest()


def weights(names: Sequence[str]) -> Weights:
    """The replicate weights (n, `REPLICATES`) of n employers, 0..8 each."""
    count = -(-REPLICATES // _IN_A_HASH)
    raw = b"".join(_hash(name, number) for name in names for number in range(count))
    numbers = np.frombuffer(raw, ">u2").reshape(len(names), count * _IN_A_HASH)[:, :REPLICATES]
    return np.searchsorted(THRESHOLDS, numbers, side="right").astype(np.int64)
