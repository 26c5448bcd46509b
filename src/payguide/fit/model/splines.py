"""Smooth curves as columns: a curve is piecewise linear between knots, a row's columns are the two weights beside it.

Columns are kept sparse: a row of five curves has ten numbers, however many knots there are.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array, hstack

from payguide.base.money import FloatArray

#: Columns of curves, (n, p).
Curves = csr_array


def hats(x: FloatArray, knots: Sequence[float] | FloatArray) -> Curves:
    """Piecewise-linear weights (n, k): row i holds at most two non-zero weights, which sum to 1; beyond the
    outer knots the outer weight is 1.
    """
    at = np.asarray(knots, dtype=float)
    held = np.clip(x, at[0], at[-1])
    right = np.clip(np.searchsorted(at, held, side="right"), 1, len(at) - 1)
    share = (held - at[right - 1]) / (at[right] - at[right - 1])
    n = len(held)
    weights = np.column_stack([1 - share, share]).ravel()
    columns = np.column_stack([right - 1, right]).ravel()
    return csr_array((weights, columns, np.arange(0, 2 * n + 1, 2)), shape=(n, len(at)))


def beside(*parts: Curves) -> Curves:
    """A constant and the curves side by side (n, 1 + p)."""
    n = parts[0].shape[0]
    constant = csr_array((np.ones(n), np.zeros(n, dtype=np.int64), np.arange(n + 1)), shape=(n, 1))
    return csr_array(hstack([constant, *parts], format="csr"))


def gram(curves: Curves, weight: FloatArray) -> FloatArray:
    """The products of the columns with each other, rows weighted: C' diag(weight) C (p, p)."""
    weighted = csr_array(
        (curves.data * np.repeat(weight, np.diff(curves.indptr)), curves.indices, curves.indptr),
        shape=curves.shape,
    )
    return np.asarray((curves.T @ weighted).toarray())
