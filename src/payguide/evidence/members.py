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

from payguide.base.codes import LADDER, TOP_TIERS, EvidenceKind
from payguide.base.figures import EVERYONE, MASS
from payguide.base.money import FloatArray, IntArray
from payguide.evidence.distinct import APART
from payguide.evidence.level_mix import shares_of

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
    columns of words, `low` and `high` in annual money, and as reals the `records` behind each, its `day`, and the years
    `asked` for where the title does not tell the level (NaN elsewhere).
    """

    words: Mapping[str, Words]
    specialisations: pa.Array
    low: FloatArray
    high: FloatArray
    records: FloatArray
    day: FloatArray
    asked: FloatArray

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
            asked=rows["asked"].to_numpy()[order].astype(np.float64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """One dimension's cells of a group: m memberships, `slot` (m,) the cell, `piece` (m,) the piece that counts in it
    and `share` (m,) how much of it, in units of its mass. A slot is `level x populations + population`; the last level
    is "any".
    """

    levels: tuple[str, ...]
    populations: tuple[str, ...]
    slot: Places
    piece: Places
    share: Places

    def name(self, slot: int) -> tuple[str, str]:
        """Level and population of a slot."""
        level, population = divmod(slot, len(self.populations))
        return self.levels[level], self.populations[population]


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The counts of c cells, each (c,): `slot`, the `mass` of their pieces, `employers` with half a piece and more, the
    `largest` one's mass, `records`, the sum of `days` times mass, and the most frequent `kind`'s place among the kinds.
    """

    slot: IntArray
    mass: IntArray
    employers: IntArray
    largest: IntArray
    records: IntArray
    days: IntArray
    kind: IntArray

    def kind_of(self, at: int) -> str:
        """The most frequent kind of evidence of a cell."""
        return _KINDS[int(self.kind[at])]


@dataclass(frozen=True, slots=True, eq=False)
class _Steps:
    """The levels that n pieces have: those of piece i are `first[i]` to `first[i + 1]` (n + 1,) of `level`, places
    among `names`, and `share`, in units of mass.
    """

    names: tuple[str, ...]
    first: IntArray
    level: Places
    share: Places

    @classmethod
    def of(cls, pieces: Pieces) -> _Steps:
        """One level for each piece, but for those whose title is silent: what the years asked for make likely."""
        level, silent = pieces.words["level"], np.flatnonzero(~np.isnan(pieces.asked))
        names = (*level.words, *(str(step) for step in LADDER if str(step) not in level.words))
        likely = shares_of(pieces.asked[silent])
        each = np.ones(len(pieces.asked), np.int64)
        each[silent] = np.count_nonzero(likely, axis=1)
        first = np.concatenate([[0], np.cumsum(each)])
        found = np.repeat(level.codes, each)
        share = np.full(len(found), MASS, np.int32)
        at = _runs(first[silent], each[silent])
        ladder = np.array([names.index(str(step)) for step in LADDER], np.int32)
        found[at] = np.broadcast_to(ladder, likely.shape)[likely > 0]
        share[at] = likely[likely > 0]
        return cls(names, first, found, share)

    def over(self, piece: Places) -> tuple[IntArray, IntArray]:
        """Where the levels of pieces (k,) lie (m,), and to which of the k each belongs (m,)."""
        each = self.first[piece + 1] - self.first[piece]
        return _runs(self.first[piece], each), np.repeat(np.arange(len(piece)), each)


def _runs(first: IntArray, each: IntArray) -> IntArray:
    """first[0], first[0] + 1, ... (each[0] of them), first[1], ..."""
    ends = np.cumsum(each)
    found: IntArray = np.arange(int(each.sum())) + np.repeat(first - (ends - each), each)
    return found


def memberships(pieces: Pieces) -> Iterator[Members]:
    """The memberships of a group's pieces in every dimension of population."""
    level, steps = pieces.words["level"], _Steps.of(pieces)
    apart = np.isin(level.words, [str(word) for word in APART])[level.codes]
    for populations, piece, value in _dimensions(pieces):
        if not len(piece):
            continue
        counts_in_any = ~apart[piece]
        at, of = steps.over(piece)
        size = len(populations)
        yield Members(
            levels=(*steps.names, ANY),
            populations=populations,
            slot=np.concatenate([
                steps.level[at] * np.int32(size) + value[of],
                np.int32(len(steps.names) * size) + value[counts_in_any],
            ]),
            piece=np.concatenate([piece[of], piece[counts_in_any]]),
            share=np.concatenate([steps.share[at], np.full(int(counts_in_any.sum()), MASS, np.int32)]),
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
    employer = pieces.words["cluster"]
    where = (members.slot, employer.codes[members.piece])
    held = sparse.coo_array((members.share, where), shape=(size, len(employer.words))).tocsr()
    starts = np.flatnonzero(np.diff(held.indptr))
    mass, employers, largest = (np.zeros(size, np.int64) for _ in range(3))
    mass[starts] = np.add.reduceat(held.data, held.indptr[starts], dtype=np.int64)
    employers[starts] = np.add.reduceat(held.data * 2 >= MASS, held.indptr[starts], dtype=np.int64)
    largest[starts] = np.maximum.reduceat(held.data, held.indptr[starts])
    made = employers > 0
    if members.populations != (EVERYONE,):
        made &= (mass >= LEAST_N * MASS) & (employers >= LEAST_EMPLOYERS)
    slot = np.flatnonzero(made)
    return Counts(
        slot=slot,
        mass=mass[slot],
        employers=employers[slot],
        largest=largest[slot],
        records=whole(_sum(members, pieces.records, size)[slot]),
        days=_sum(members, pieces.day, size)[slot],
        kind=_kinds(members, pieces.words["kind"], size)[slot],
    )


def whole(mass: IntArray) -> IntArray:
    """Units of mass as pieces, rounded (halves up)."""
    return (mass + MASS // 2) // MASS


def _sum(members: Members, values: FloatArray, size: int) -> IntArray:
    """Sums of values times mass by slot, exact below 2^53."""
    return np.bincount(members.slot, values[members.piece] * members.share, size).astype(np.int64)


def _kinds(members: Members, kinds: Words, size: int) -> IntArray:
    """The most frequent kind's place in each slot, the first of equals."""
    place = np.searchsorted(_KINDS, kinds.words)
    if len(place) == 1:
        return np.full(size, place[0])
    by_kind = members.slot * len(place) + kinds.codes[members.piece]
    held = np.bincount(by_kind, members.share, minlength=size * len(place))
    found: IntArray = place[held.reshape(size, -1).argmax(axis=1)]
    return found


def within(members: Members, made: IntArray) -> Members:
    """The memberships in the slots that are made, renumbered in their order."""
    place = np.full(len(members.levels) * len(members.populations), -1, np.int32)
    place[made] = np.arange(len(made))
    found = place[members.slot]
    kept = found >= 0
    return Members(members.levels, members.populations, found[kept], members.piece[kept], members.share[kept])
