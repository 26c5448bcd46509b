"""Mixtures of cells: the distribution of pay of any part of the frame, by Fourier transforms on one grid.

Given tier and level, place, industry and arrangement move ln pay independently of each other and of what lies within
the cell, so that the distribution is a convolution of theirs: a product of transforms. A population is the sum over
tiers and levels by their shares in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from payguide.base.money import FloatArray
from payguide.estimator.market import crossed

#: The grid: points of ln pay, so far apart, about a centre.
SIZE: Final = 512
STEP: Final = 0.015
FREQUENCIES: Final = 2 * np.pi * np.fft.rfftfreq(SIZE, STEP)
OFFSETS: Final = (np.arange(SIZE) - SIZE // 2) * STEP

#: Transforms, (..., frequencies), complex.
Transform = NDArray[Any]


def of_samples(values: FloatArray) -> Transform:
    """The transforms (..., f) of equally likely values (..., n), by weights on the two grid points beside each."""
    flat = values.reshape(-1, values.shape[-1])
    at = np.clip((flat - OFFSETS[0]) / STEP, 0, SIZE - 1.001)
    left = at.astype(np.int64)
    share = at - left
    row = np.arange(len(flat))[:, None] * SIZE
    density = np.bincount((row + left).ravel(), (1 - share).ravel(), len(flat) * SIZE)
    density += np.bincount((row + left + 1).ravel(), share.ravel(), len(flat) * SIZE)
    density = density.reshape(-1, SIZE) / values.shape[-1]
    found = np.fft.rfft(np.fft.ifftshift(density, axes=1), axis=1).astype(np.complex64)
    return found.reshape(*values.shape[:-1], len(FREQUENCIES))


def shift(by: FloatArray) -> Transform:
    """The transforms (..., f) of values (...) that are certain."""
    angle = by[..., None].astype(np.float32) * FREQUENCIES.astype(np.float32)
    found = np.empty(angle.shape, np.complex64)
    np.cos(angle, out=found.real)
    np.sin(-angle, out=found.imag)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """Distributions of ln pay (s, grid) about a centre: at each grid point the share that lies under it."""

    below: FloatArray
    centre: float | FloatArray

    def quantiles(self, levels: FloatArray) -> FloatArray:
        """Ln pay at probabilities (q,): (s, q)."""
        return np.asarray(self.centre + crossed(self.below, levels.tolist(), np.asarray(OFFSETS + STEP / 2)))

    def above(self, amount: float) -> FloatArray:
        """The share whose ln pay is above an amount (s,)."""
        grid = OFFSETS + STEP / 2
        at = np.broadcast_to(amount - np.ravel(self.centre), len(self.below))
        return np.array([1 - np.interp(own, grid, row) for own, row in zip(at, self.below, strict=True)])

    def mean(self) -> FloatArray:
        """Ln of the mean of pay (s,)."""
        density = np.diff(self.below, axis=1, prepend=0.0)
        return np.asarray(np.ravel(self.centre) + np.log(density @ np.exp(OFFSETS)))


def distribution(transform: Transform, centre: float) -> Distribution:
    """Of transforms (s, f) that are sums over parts of a population, whose weights need not add up to one.

    What a shift between grid points makes ripple is levelled in the sum, not cut off the density: a mixture is then
    still that of its parts.
    """
    density = np.fft.fftshift(np.fft.irfft(transform, SIZE, axis=1), axes=1).astype(float)
    below = density.cumsum(axis=1)
    return Distribution(np.maximum.accumulate(np.clip(below / below[:, -1:], 0.0, 1.0), axis=1), centre)
