"""The model file: its name and version, and how tables of effects are written in it.

A table lists the combinations that it has an effect of by their numbers (`features.code`), ascending, and the effects
as whole numbers, `per_one` to 1. Both are written as variable-length integers in base64: seven bits a byte, the lowest
first (LEB128); the effects by their zigzag codes (0, -1, 1, -2, ... are 0, 1, 2, 3, ...), as protocol buffers have it;
of the combinations the differences. So a file with every effect is half as long as one of lists, and is read faster.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from payguide.base.errors import WrongShape
from payguide.base.money import IntArray

FORMAT, VERSION = "payguide-model", 5

#: Effects are written as whole numbers, so many to 1.
DIGITS: Final = 4
PER_ONE: Final = 10**DIGITS

_BITS = 7
_MORE = 1 << _BITS
#: The most bytes of a number of 64 bits.
_LONGEST = 10


def pack_integers(values: IntArray) -> str:
    """Whole numbers (n,) as text."""
    values = np.asarray(values, dtype=np.int64)
    return _pack(((values << 1) ^ (values >> 63)).astype(np.uint64))


def unpack_integers(text: str) -> IntArray:
    """The whole numbers (n,) of a text that `pack_integers` made.

    Raises:
        WrongShape: it is no such text.
    """
    zigzag = _unpack(text)
    return np.asarray((zigzag >> np.uint64(1)).astype(np.int64) ^ -(zigzag & np.uint64(1)).astype(np.int64))


def pack_keys(keys: IntArray) -> str:
    """Ascending numbers of combinations (m,), none below 0, as text."""
    return _pack(np.diff(keys, prepend=0).astype(np.uint64))


def unpack_keys(text: str) -> IntArray:
    """The numbers of combinations (m,) of a text that `pack_keys` made. Raises as `unpack_integers`."""
    return np.cumsum(_unpack(text).astype(np.int64))


def _pack(values: NDArray[np.uint64]) -> str:
    shifted = values[:, None] >> (np.arange(_LONGEST, dtype=np.uint64) * np.uint64(_BITS))
    used = shifted > 0
    used[:, 0] = True
    last = np.zeros_like(used)
    last[np.arange(len(values)), used.sum(axis=1) - 1] = True
    pieces = (shifted & np.uint64(_MORE - 1)) | np.where(last, np.uint64(0), np.uint64(_MORE))
    return b64encode(pieces[used].astype(np.uint8).tobytes()).decode("ascii")


def _unpack(text: str) -> NDArray[np.uint64]:
    try:
        pieces = np.frombuffer(b64decode(text, validate=True), np.uint8)
    except ValueError as error:
        raise WrongShape(f"a table of the model is damaged: {error}") from None
    if not len(pieces):
        return np.empty(0, np.uint64)
    ends = np.flatnonzero(pieces < _MORE)
    if not len(ends) or ends[-1] != len(pieces) - 1:
        raise WrongShape("a table of the model is damaged: it ends within a number")
    starts = np.append(0, ends[:-1] + 1)
    place = np.arange(len(pieces)) - np.repeat(starts, ends - starts + 1)
    parts = (pieces & (_MORE - 1)).astype(np.uint64) << (place * _BITS).astype(np.uint64)
    return np.asarray(np.add.reduceat(parts, starts))


def check_format(model: Mapping[str, Any]) -> None:
    """Refuse what is no model file of this version.

    Raises:
        WrongShape: it is none.
    """
    if model.get("format") != FORMAT or model.get("version") != VERSION:
        found = f"{model.get('format')!r} version {model.get('version')!r}"
        raise WrongShape(f"not a model file: {found}", remedy=f"expected {FORMAT!r} version {VERSION}")
