"""Which cells a group's pieces of evidence count in: level x population, and the counts of each.

A group is what one source says of one role's component; its pieces stand in a dozen cells each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from payguide.base.codes import TOP_TIERS, EvidenceKind
from payguide.base.figures import EVERYONE
from payguide.base.money import FloatArray, IntArray
from payguide.evidence.distinct import APART

#: Disclosure: what is thinner is not made (a narrowed population) or not packaged (any).
LEAST_N: Final = 10
LEAST_EMPLOYERS: Final = 5

#: The level that takes every level but those apart.
ANY: Final = "any"

#: Places that fit 32 bits: half the memory to move.
Places = NDArray[np.int32]

#: The columns of words that decide a piece's cells.
WORDS: Final = (
    "level", "cluster", "kind", "employer_tier", "employer_industry", "place_metro", "metro_group", "remote",
)  # fmt: skip

_KINDS: Final = tuple(sorted(map(str, EvidenceKind)))


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """A column of n words as codes: `words` are the distinct ones in order, `codes` (n,) places among them."""

    words: tuple[str, ...]
    codes: Places

    @classmethod
    def of(cls, column: pa.ChunkedArray | pa.Array) -> Words:
        """Of a column of text, plain or encoded already."""
        encoded = pc.dictionary_encode(column)
        encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
        codes = encoded.indices.to_numpy(zero_copy_only=False)
        every = encoded.dictionary.to_pylist()
        used = np.flatnonzero(np.bincount(codes, minlength=len(every))).tolist()
        order = sorted(used, key=every.__getitem__)
        place = np.empty(len(every), np.int32)
        place[order] = np.arange(len(order))
        return cls(tuple(every[at] for at in order), place[codes])


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """A group's n pieces of evidence in the order of their employers, so that what belongs together lies together:
    columns of words, `low` and `high` in annual money, and as reals the `records` behind each and its `day`.
    """

    words: Mapping[str, Words]
    specialisations: pa.Array
    low: FloatArray
    high: FloatArray
    records: FloatArray
    day: FloatArray

    @classmethod
    def of(cls, rows: pa.Table) -> Pieces:
        """Of the rows that an engine found."""
        words = {name: Words.of(rows[name]) for name in WORDS}
        order = np.argsort(words["cluster"].codes, kind="stable").astype(np.int32)
        named = rows["specialisations"].combine_chunks()
        return cls(
            words={name: Words(found.words, found.codes[order]) for name, found in words.items()},
            specialisations=named.take(pa.array(order)) if len(named.flatten()) else named,
            low=rows["low"].to_numpy()[order],
            high=rows["high"].to_numpy()[order],
            records=rows["n_records"].to_numpy()[order].astype(np.float64),
            day=rows["date"].cast(pa.int32()).to_numpy()[order].astype(np.float64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """One dimension's cells of a group: m memberships, `slot` (m,) the cell and `piece` (m,) the piece that counts
    in it. A slot is `level x populations + population`; the last level is "any".
    """

    levels: tuple[str, ...]
    populations: tuple[str, ...]
    slot: Places
    piece: Places

    def name(self, slot: int) -> tuple[str, str]:
        """Level and population of a slot."""
        level, population = divmod(slot, len(self.populations))
        return self.levels[level], self.populations[population]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The counts of c cells, each (c,): `slot`, `n` pieces, `employers` distinct, `largest` one's pieces, `records`,
    the sum of `days`, and the most frequent `kind`'s place among the kinds.
    """

    slot: IntArray
    n: IntArray
    employers: IntArray
    largest: IntArray
    records: IntArray
    days: IntArray
    kind: IntArray

    def kind_of(self, at: int) -> str:
        """The most frequent kind of evidence of a cell."""
        return _KINDS[int(self.kind[at])]


def memberships(pieces: Pieces) -> Iterator[Members]:
    """The memberships of a group's pieces in every dimension of population."""
    level = pieces.words["level"]
    apart = np.isin(level.words, [str(word) for word in APART])[level.codes]
    for populations, piece, value in _dimensions(pieces):
        if not len(piece):
            continue
        counts_in_any = ~apart[piece]
        yield Members(
            levels=(*level.words, ANY),
            populations=populations,
            slot=np.concatenate([
                level.codes[piece] * len(populations) + value,
                len(level.words) * len(populations) + value[counts_in_any],
            ]),
            piece=np.concatenate([piece, piece[counts_in_any]]),
        )  # fmt: skip


def _dimensions(pieces: Pieces) -> Iterator[tuple[tuple[str, ...], Places, Places]]:
    """Of each dimension the names of its populations, the pieces that are in one, and in which."""
    every = np.arange(len(pieces.low), dtype=np.int32)
    yield (EVERYONE,), every, np.zeros(len(every), np.int32)
    tier = pieces.words["employer_tier"]
    top = np.isin(tier.words, [str(word) for word in TOP_TIERS]).astype(np.int32)
    yield ("top=no", "top=yes"), every, top[tier.codes]
    for dimension, name in (
        ("tier", "employer_tier"),
        ("remote", "remote"),
        ("industry", "employer_industry"),
    ):
        values = pieces.words[name]
        yield _named(dimension, values.words), every, values.codes
    metro, group = pieces.words["place_metro"], pieces.words["metro_group"]
    placed = every[np.array([word != "" for word in metro.words], np.bool_)[metro.codes]]
    yield _named("metro", metro.words), placed, metro.codes[placed]
    # a small metro counts in its group as well: the others together
    same = np.array([[a == b for b in group.words] for a in metro.words], np.bool_)
    other = every[~same[metro.codes, group.codes]]
    yield _named("metro", group.words), other, group.codes[other]
    named = Words.of(pieces.specialisations.flatten())
    lengths = pc.list_value_length(pieces.specialisations).to_numpy()
    yield _named("specialisation", named.words), np.repeat(every, lengths), named.codes


def _named(dimension: str, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{dimension}={word}" for word in words)


def counts(members: Members, pieces: Pieces) -> Counts:
    """The counts of the cells that are made: a narrowed population from 10 pieces of 5 employers on."""
    size = len(members.levels) * len(members.populations)
    # a sparse matrix of cells x employers adds up what is equal without sorting it
    ones = np.ones(len(members.slot), np.int32)
    employer = pieces.words["cluster"]
    where = (members.slot, employer.codes[members.piece])
    held = sparse.coo_array((ones, where), shape=(size, len(employer.words))).tocsr()
    n, employers = np.bincount(members.slot, minlength=size), np.diff(held.indptr).astype(np.int64)
    made = n > 0
    if members.populations != (EVERYONE,):
        made &= (n >= LEAST_N) & (employers >= LEAST_EMPLOYERS)
    slot = np.flatnonzero(made)
    starts = np.flatnonzero(n > 0)
    largest = np.zeros(size, np.int64)
    largest[starts] = np.maximum.reduceat(held.data, held.indptr[starts])
    return Counts(
        slot=slot,
        n=n[slot],
        employers=employers[slot],
        largest=largest[slot],
        records=_sum(members, pieces.records, size)[slot],
        days=_sum(members, pieces.day, size)[slot],
        kind=_kinds(members, pieces.words["kind"], size)[slot],
    )


def _sum(members: Members, values: FloatArray, size: int) -> IntArray:
    """Sums by slot, exact below 2^53."""
    return np.bincount(members.slot, values[members.piece], size).astype(np.int64)


def _kinds(members: Members, kinds: Words, size: int) -> IntArray:
    """The most frequent kind's place in each slot, the first of equals."""
    place = np.searchsorted(_KINDS, kinds.words)
    if len(place) == 1:
        return np.full(size, place[0])
    by_kind = members.slot * len(place) + kinds.codes[members.piece]
    most = np.bincount(by_kind, minlength=size * len(place)).reshape(size, -1).argmax(axis=1)
    found: IntArray = place[most]
    return found


def within(members: Members, made: IntArray) -> Members:
    """The memberships in the slots that are made, renumbered in their order."""
    place = np.full(len(members.levels) * len(members.populations), -1, np.int32)
    place[made] = np.arange(len(made))
    found = place[members.slot]
    kept = found >= 0
    return Members(members.levels, members.populations, found[kept], members.piece[kept])
