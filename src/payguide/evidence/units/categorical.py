"""Columns of words as codes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payguide.base.money import IntArray

#: Places that fit 32 bits: half the memory to move.
Places = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Categorical:
    """A column of n words as codes: `words` are the distinct ones in order, `codes` (n,) places among them."""

    words: tuple[str, ...]
    codes: Places

    @classmethod
    def of(cls, column: pa.ChunkedArray | pa.Array) -> Categorical:
        """Of a column of text, plain or encoded already."""
        every, codes = encoded(column)
        used = np.flatnonzero(np.bincount(codes, minlength=len(every))).tolist()
        order = sorted(used, key=every.__getitem__)
        place = np.empty(len(every), np.int32)
        place[order] = np.arange(len(order))
        return cls(tuple(every[at] for at in order), place[codes])

    def take(self, at: IntArray) -> Categorical:
        """The words at some places."""
        return Categorical(self.words, self.codes[at])


def encoded(column: pa.ChunkedArray | pa.Array) -> tuple[list[str], Places]:
    """The distinct words of a column of text, plain or encoded already, and which one each row has (n,)."""
    encoded = pc.dictionary_encode(column)
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy(zero_copy_only=False)
