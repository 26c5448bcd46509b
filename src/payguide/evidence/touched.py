"""What a change touches beside the pieces that it changes: whose metro has become one of the large ones or no longer is
one, what may lie beyond a fence now or no longer, and what may have another number of its employer's pieces beside it
there.

It may name too many statements, never too few: what has not changed cancels.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payguide.base.money import LOG_GAMMA, BoolArray, IntArray
from payguide.evidence.outliers import LEVEL, Fences
from payguide.evidence.statements import Statements, codes

#: Within what an employer's pieces beyond fences are counted, at the most.
_BUCKET: Final = ("role", "component", "cluster")

#: Kind, role and metro.
Metros = frozenset[tuple[str, str, str]]

#: Of a level the squares of the amounts that what is below or above may lie beyond its fences.
Bounds = Mapping[tuple[str, ...], tuple[float, float]]


def beside(every: Statements, seen: IntArray, metros: Metros, before: Fences, after: Fences) -> IntArray:
    """The positions of statements that are touched beside those `seen` (both ascending): of some `metros`, or for the
    fences before and after a change.
    """
    found = every.where(partial(_of_metros, metros=metros)) if metros else np.empty(0, np.int64)
    bounds = _bounds(before, after)
    far = every.where(partial(_beyond, bounds=bounds)) if bounds else np.empty(0, np.int64)
    rows = every.take(far, (*LEVEL, "cluster"))
    moved = [level for level in bounds if before.get(level) != after.get(level)]
    levels = pa.array(["\x1f".join(level) for level in moved], pa.string())
    found = np.union1d(found, far[pc.is_in(_word(rows, LEVEL), levels).to_numpy(zero_copy_only=False)])
    bucket = _word(rows, _BUCKET).dictionary_encode().indices.to_numpy()
    while True:
        said = every.take(found, ("said",))["said"].to_numpy()
        found = np.setdiff1d(every.saying(said), seen)
        held = np.isin(far, seen) | np.isin(far, found)
        more = far[np.isin(bucket, bucket[held]) & ~held]
        if not len(more):
            return found
        found = np.union1d(found, more)


def _of_metros(batch: pa.RecordBatch, metros: Metros) -> BoolArray:
    """Whether statements are of one of some metros; a metro is a statement's zone."""
    found = np.zeros(batch.num_rows, np.bool_)
    for metro in metros:
        here = np.ones(batch.num_rows, np.bool_)
        for name, word in zip(("kind", "role", "zone"), metro, strict=True):
            words, code = codes(batch, name)
            here &= code == (words.index(word) if word in words else -1)
        found |= here
    return found


def _bounds(before: Fences, after: Fences) -> Bounds:
    """Bounds that nothing beyond one of two fences lies within; a bin of each is left over for rounding."""
    found = {}
    for level in {**before, **after}:
        lower, upper = zip(*(fence[level] for fence in (before, after) if level in fence), strict=True)
        edges = np.exp(np.array([max(lower), min(upper) - 1]) * LOG_GAMMA) ** 2
        found[level] = (float(edges[0]), float(edges[1]))
    return found


def _beyond(batch: pa.RecordBatch, bounds: Bounds) -> BoolArray:
    """Whether statements may lie beyond the fences of their level."""
    words, code = zip(*(codes(batch, name) for name in LEVEL), strict=True)
    places = [{word: at for at, word in enumerate(each)} for each in words]
    shape = tuple(map(len, places))
    least, most = np.zeros(shape), np.full(shape, np.inf)
    for level, edges in bounds.items():
        at = tuple(place.get(word, -1) for place, word in zip(places, level, strict=True))
        if min(at) >= 0:
            least[at], most[at] = edges
    squared = batch["low"].to_numpy() * batch["high"].to_numpy()
    flat = np.ravel_multi_index(code, shape) if batch.num_rows else np.empty(0, np.int64)
    found: BoolArray = (squared <= least.ravel()[flat]) | (squared >= most.ravel()[flat])
    return found


def _word(rows: pa.Table, names: tuple[str, ...]) -> pa.Array:
    """One word for some columns of each row."""
    return pc.binary_join_element_wise(*(rows[name] for name in names), "\x1f").combine_chunks()
