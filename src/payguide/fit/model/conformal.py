"""Calibration: the quantiles of the standardised residuals, overall and in slices (split conformal).

The q-quantile of pay is exp(mean + scale * z_q) with z_q = overall_q + sum of the row's slice offsets. The
overall quantiles are the conformal ranks of residuals of rows that had no part in their own prediction (Lei
et al. 2018); a slice's offset is its own quantile of what remains, shrunk by n / (n + `SHRINK`) (Mondrian
conformal prediction, Vovk 2003, with thin slices borrowing from all). Exchangeability is the assumption; a
market that moves breaks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from payguide.base.money import FloatArray, IntArray
from payguide.fit.model.random_effects import Block, Effects

#: A slice of this many rows' weight moves half way to its own quantile; one of less weight gets no offset of its own.
#: By cross-fitting on the evidence library's self-reports: 100 and 40 lost more.
SHRINK: Final = 300.0
THIN: Final = 300.0
SWEEPS: Final = 3


def conformal_quantile(values: FloatArray, weight: FloatArray, level: float) -> float:
    """The weighted quantile at the conformal rank, (n + 1) q of n, away from the middle; within the data.

    values (n,), weight (n,). The weights' effective number (Kish) stands for n.
    """
    order = np.argsort(values)
    total = np.cumsum(weight[order])
    effective = float(total[-1] ** 2 / np.sum(weight**2))
    outward = level + (level - 0.5) / max(effective, 1.0)
    middle = (total - weight[order] / 2) / total[-1]
    return float(np.interp(outward, middle, values[order]))


def fit_quantiles(
    z: FloatArray, weight: FloatArray, blocks: Sequence[Block], levels: Sequence[float]
) -> list[Effects]:
    """One sum for each level. z (m,) standardised residuals, weight (m,), blocks of the same m points."""
    members = [one.members() for one in blocks]
    return [_one_level(z, weight, blocks, members, level) for level in levels]


def _one_level(
    z: FloatArray,
    weight: FloatArray,
    blocks: Sequence[Block],
    members: Sequence[Sequence[IntArray]],
    level: float,
) -> Effects:
    """The overall quantile and the slices' offsets for one level."""
    overall = conformal_quantile(z, weight, level)
    left = z - overall
    effects = [np.zeros(one.m) for one in blocks]
    for _ in range(SWEEPS):
        for j, groups in enumerate(members):
            for g, points in enumerate(groups):
                held = weight[points]
                n = float(held.sum())
                if n < THIN:
                    continue
                own = conformal_quantile(left[points] + effects[j][g], held, level)
                new = own * n / (n + SHRINK)
                left[points] -= new - effects[j][g]
                effects[j][g] = new
    tables = tuple((one.term, one.keys, v) for one, v in zip(blocks, effects, strict=True))
    return Effects(np.array([overall]), tables)


def rising(points: FloatArray) -> FloatArray:
    """Quantiles (n, q) put in order, so that they never cross."""
    return np.sort(points, axis=1)


def pinball(y: FloatArray, points: FloatArray, levels: Sequence[float]) -> FloatArray:
    """The pinball loss of each row (n,), averaged over the levels. y (n,), points (n, q)."""
    q = np.asarray(levels)
    error = y[:, None] - points
    return np.asarray(np.maximum(q * error, (q - 1) * error).mean(axis=1))
