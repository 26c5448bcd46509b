"""Terms: tables of effects keyed by crossed dimensions, fitted by backfitting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from payguide.base.money import FloatArray, IntArray
from payguide.estimator.features import FeatureTable, code
from payguide.fit.model.features import dimensions, over
from payguide.fit.model.splines import Curves

#: An average is drawn to nothing as if by so many rows of it.
ALIKE: Final = 1.0
#: What a term adds where it does not apply.
NOTHING: Final = np.zeros(1)


@dataclass(frozen=True, slots=True)
class Term:
    """A table of effects: one for each combination of the dimensions `by`, times the variable `over`."""

    by: tuple[str, ...]
    over: str | None = None
    driver: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A term met by rows: keys (m,) ascending, the codes of the combinations met; group (n,) each row's
    position in keys, or m where the term does not apply; x (n,) the slope variable, None for a plain effect.
    """

    term: Term
    keys: IntArray
    group: IntArray
    x: FloatArray | None

    @property
    def m(self) -> int:
        """The number of effects."""
        return len(self.keys)

    def sum(self, values: FloatArray) -> FloatArray:
        """The sum of the rows' values in each group (m,)."""
        return np.asarray(np.bincount(self.group, values, self.m + 1)[: self.m], dtype=float)

    def moment(self, values: FloatArray) -> FloatArray:
        """The sum of x times the rows' values in each group (m,)."""
        return self.sum(values if self.x is None else self.x * values)

    def mass(self, weight: FloatArray) -> FloatArray:
        """The sum of x squared times the rows' weights in each group (m,)."""
        return self.sum(weight if self.x is None else self.x**2 * weight)

    def of(self, effects: FloatArray) -> FloatArray:
        """Each row's contribution (n,)."""
        held = np.concatenate((effects, NOTHING)).take(self.group)
        return held if self.x is None else held * self.x

    def take(self, rows: IntArray) -> Block:
        """The named rows, the groups unchanged."""
        return Block(self.term, self.keys, self.group[rows], None if self.x is None else self.x[rows])

    def members(self) -> list[IntArray]:
        """The rows of each group, ascending (m arrays)."""
        order = np.argsort(self.group, kind="stable")
        return np.split(order, np.cumsum(np.bincount(self.group, minlength=self.m + 1))[:-1])[: self.m]

    def count(self) -> FloatArray:
        """The rows of each group (m,)."""
        return np.bincount(self.group, minlength=self.m + 1)[: self.m].astype(float)


def terms_of(entries: Sequence[Mapping[str, Any]]) -> list[Term]:
    """The terms as the settings list them."""
    return [Term(tuple(entry["by"]), entry.get("over"), entry.get("driver", "")) for entry in entries]


def block(term: Term, raw: FeatureTable, found: Mapping[str, IntArray], sizes: Mapping[str, int]) -> Block:
    """The term met by these rows."""
    return place(term, raw, code(found, term.by, sizes), None)


def place(term: Term, raw: FeatureTable, codes: IntArray, keys: IntArray | None) -> Block:
    """The rows placed among given keys (or among their own)."""
    if keys is None:
        keys = np.unique(codes[codes >= 0])
    m = len(keys)
    at = np.searchsorted(keys, codes)
    hit = (
        (codes >= 0) & (at < m) & (keys[np.minimum(at, m - 1)] == codes if m else np.zeros(len(codes), bool))
    )
    group = np.where(hit, at, m)
    return Block(term, keys, group, None if term.over is None else over(raw, term.over))


def blocks(terms: Sequence[Term], raw: FeatureTable, sizes: Mapping[str, int]) -> list[Block]:
    """The terms met by these rows. A term that tells no two rows apart is left out, and one that tells the
    same rows apart as a term before it (with one kind of evidence, kind x role is role).
    """
    found = dimensions(raw)
    kept: list[Block] = []
    for term in terms:
        one = block(term, raw, found, sizes)
        telling = one.m > 1 or (one.m == 1 and (one.x is not None or bool(np.any(one.group == 1))))
        if telling and not any(_same(one, other) for other in kept):
            kept.append(one)
    return kept


def averages(values: FloatArray, blocks: Sequence[Block]) -> Effects:
    """The values (n,) as a sum of shrunken averages over the blocks' groups, each of what those before it leave."""
    left, found = values, []
    for one in blocks:
        held = one.count()
        mean = one.sum(left) / (held + ALIKE)
        left = left - one.of(mean)
        found.append((one.term, one.keys, mean))
    return Effects(np.zeros(0), tuple(found))


def _same(one: Block, other: Block) -> bool:
    return (
        one.m == other.m and one.term.over == other.term.over and bool(np.array_equal(one.group, other.group))
    )


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """A fitted sum: `smooth` (p,) the coefficients of the curves; each table its keys and values
    (m,).
    """

    smooth: FloatArray
    tables: tuple[tuple[Term, IntArray, FloatArray], ...]

    def at(self, curves: Curves | None, raw: FeatureTable, sizes: Mapping[str, int]) -> FloatArray:
        """The sum for rows (n,), which need not be those of the fit; without curves that of the tables alone."""
        found = dimensions(raw)
        total = np.zeros(len(raw)) if curves is None else curves @ self.smooth
        for term, keys, values in self.tables:
            total = total + place(term, raw, code(found, term.by, sizes), keys).of(values)
        return np.asarray(total)
