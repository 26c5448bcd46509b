"""Replicates written small: a matrix of m rows of 80, each row in the narrowest type that holds it exactly.

Most entries are small whole numbers (an employer's weight times its evidence), and rows of one employer
repeat each other, which a general compressor finds when the 80 numbers of a row lie together. Nothing is
rounded.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from payguide.base.money import FloatArray

#: The type of a row by its code, narrowest first. Code 0 is a row of zeros, which takes no bytes.
_TYPES: Final = {1: "<u1", 2: "<u2", 3: "<u4", 4: "<f8"}
_WHOLE: Final = ((1, 2**8), (2, 2**16), (3, 2**32))
_REAL: Final = 4


def encode(rows: FloatArray) -> tuple[bytes, bytes]:
    """The codes of m rows (m bytes), and the rows themselves, grouped by code in the order of the codes."""
    codes = np.full(len(rows), _REAL, np.uint8)
    whole = np.all((rows == np.floor(rows)) & (rows >= 0), axis=1)
    largest = rows.max(axis=1, initial=0.0)
    for code, limit in reversed(_WHOLE):
        codes[whole & (largest < limit)] = code
    codes[whole & (largest == 0)] = 0
    parts = [rows[codes == code].astype(kind).tobytes() for code, kind in _TYPES.items()]
    return codes.tobytes(), b"".join(parts)


def decode(codes: bytes, body: bytes, width: int) -> FloatArray:
    """The rows (m, width) that `encode` wrote.

    Raises:
        ValueError: the bytes are not of that shape.
    """
    kinds = np.frombuffer(codes, np.uint8)
    rows = np.zeros((len(kinds), width))
    at = 0
    for code, kind in _TYPES.items():
        mask = kinds == code
        count = int(np.count_nonzero(mask)) * width
        if not count:
            continue
        rows[mask] = np.frombuffer(body, kind, count, at).reshape(-1, width)
        at += count * np.dtype(kind).itemsize
    if at != len(body):
        raise ValueError(f"{len(body)} bytes where {at} were expected")
    return rows
