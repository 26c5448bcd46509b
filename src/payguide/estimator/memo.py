"""What was worked out for whole-number keys, kept for those who ask again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from payguide.base.money import FloatArray, IntArray

#: Rows that are kept at the most.
_KEPT: Final = 400_000


class Memo:
    """Rows of numbers (w,) by key: each is worked out once."""

    def __init__(self) -> None:
        self._keys: IntArray = np.empty(0, np.int64)
        self._rows: FloatArray = np.empty((0, 1))

    def at(self, keys: IntArray, work: Callable[[IntArray], FloatArray]) -> FloatArray:
        """The rows (n, w) of keys (n,); `work` is asked for those (m, w) of the keys at places (m,) that are new."""
        distinct, first, which = np.unique(keys, return_index=True, return_inverse=True)
        if len(self._keys) + len(distinct) > _KEPT:
            self._keys, self._rows = self._keys[:0], self._rows[:0]
        new = ~np.isin(distinct, self._keys, assume_unique=True)
        if new.any():
            found = work(first[new])
            held = np.concatenate([self._keys, distinct[new]])
            rows = np.concatenate([self._rows.reshape(len(self._keys), found.shape[1]), found])
            order = np.argsort(held, kind="stable")
            self._keys, self._rows = held[order], rows[order]
        return self._rows[np.searchsorted(self._keys, distinct)[which.ravel()]]
