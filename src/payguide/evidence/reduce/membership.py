"""Which cells a group's pieces of evidence count in.

A group is what all sources say of one role's component; one of its pieces stands in some thirty cells. In each
dimension of population it is counted once, in the cell of its own: what one source reports in one way (a
`source_kind`) of one level and value. Every other cell is a sum of such: over a source's kinds, over levels ("any"),
over sources (the pool, which takes the pooled pieces only), over tiers (top or not, everyone).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payguide.base.aggregates import EVERYONE, UNITS_PER_PIECE
from payguide.base.codes import LADDER, TOP_TIERS
from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.evidence.units.categorical import Categorical, Places, encoded
from payguide.evidence.units.level_probabilities import shares_of

#: The columns of words that decide a piece's cells.
WORDS: Final = (
    "source", "kind", "level", "employer_tier", "employer_industry", "place_metro", "metro_group", "remote",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceUnits:
    """A group's n pieces of evidence in the order of their employers, so that what belongs together lies together.

    `employer` (n,) are places among the `names` of e; columns of words; `low` and `high` in annual money; `day`;
    `years_required` where the title does not state the level (else NaN); the `records` behind each in its source;
    whether it is `pooled` and the `pooled_records`.
    """

    names: tuple[str, ...]
    employer: Places
    words: Mapping[str, Categorical]
    specialisations: pa.Array
    low: FloatArray
    high: FloatArray
    day: FloatArray
    years_required: FloatArray
    records: FloatArray
    pooled: BoolArray
    pooled_records: FloatArray

    @classmethod
    def of(cls, rows: pa.Table) -> EvidenceUnits:
        """Of the rows that an engine found."""
        names, employer = encoded(rows["cluster"])
        order = np.argsort(employer)
        named = rows["specialisations"].combine_chunks()
        return cls(
            names=tuple(names),
            employer=employer[order],
            words={name: Categorical.of(rows[name]).take(order) for name in WORDS},
            specialisations=named.take(pa.array(order)) if len(named.flatten()) else named,
            low=rows["low"].to_numpy()[order],
            high=rows["high"].to_numpy()[order],
            day=rows["date"].cast(pa.int32()).to_numpy()[order].astype(np.float64),
            years_required=rows["years_required"].to_numpy()[order].astype(np.float64),
            records=rows["n_records"].to_numpy()[order].astype(np.float64),
            pooled=rows["pooled"].to_numpy()[order],
            pooled_records=rows["pooled_records"].to_numpy()[order].astype(np.float64),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Memberships:
    """The m entries of a group's n pieces: a piece has one in its level and, where its title is silent, one in each
    level that the years asked for make likely. Those of piece i are `first[i]` to `first[i + 1]` (n + 1,).

    `unit` (m,); `own` (m,) is `source_kind x levels + level`; `share` (m,) its units of mass. Source kind v is what
    source `source[v]` says as evidence of kind `kind[v]`: places among the words of the pieces.
    """

    levels: tuple[str, ...]
    source: Places
    kind: Places
    first: IntArray
    unit: Places
    own: Places
    share: Places

    @classmethod
    def of(cls, units: EvidenceUnits) -> Memberships:
        """The entries of a group's pieces."""
        kinds = np.int32(len(units.words["kind"].words))
        reported = units.words["source"].codes * kinds + units.words["kind"].codes
        heard = np.flatnonzero(np.bincount(reported)).astype(np.int32)
        source_kind = np.searchsorted(heard, reported).astype(np.int32)
        levels, first, level, share = _levels(units)
        unit = np.repeat(np.arange(len(reported), dtype=np.int32), np.diff(first))
        own = source_kind[unit] * np.int32(len(levels)) + level
        return cls(levels, heard // kinds, heard % kinds, first, unit, own, share)

    def of_pieces(self, unit: Places) -> tuple[IntArray, IntArray]:
        """The entries (m,) of pieces (k,), and to which of the k each belongs (m,)."""
        each = self.first[unit + 1] - self.first[unit]
        return concat_ranges(self.first[unit], each), np.repeat(np.arange(len(unit)), each)


def _levels(units: EvidenceUnits) -> tuple[tuple[str, ...], IntArray, Places, Places]:
    """The names of the levels, where each piece's entries begin (n + 1,), and level and mass of the entries (m,)."""
    level, silent = units.words["level"], np.flatnonzero(~np.isnan(units.years_required))
    names = (*level.words, *(str(step) for step in LADDER if str(step) not in level.words))
    likely = shares_of(units.years_required[silent])
    each = np.ones(len(units.years_required), np.int64)
    each[silent] = np.count_nonzero(likely, axis=1)
    first = np.concatenate([[0], np.cumsum(each)])
    result = np.repeat(level.codes, each)
    share = np.full(len(result), UNITS_PER_PIECE, np.int32)
    at = concat_ranges(first[silent], each[silent])
    ladder = np.array([names.index(str(step)) for step in LADDER], np.int32)
    result[at] = np.broadcast_to(ladder, likely.shape)[likely > 0]
    share[at] = likely[likely > 0]
    return names, first, result, share


def concat_ranges(first: IntArray, each: IntArray) -> IntArray:
    """first[0], first[0] + 1, ... (each[0] of them), first[1], ..."""
    ends = np.cumsum(each)
    result: IntArray = np.arange(int(each.sum())) + np.repeat(first - (ends - each), each)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """One dimension of population: the entries `at` (k,) that have a value in it (None: all m of them), and which one,
    `value` (k,), places among the populations `names`. `wider` are populations that take several of these, as their
    names and each one's place among them (-1: in none).
    """

    names: tuple[str, ...]
    at: IntArray | None
    value: Places
    wider: tuple[tuple[tuple[str, ...], Places], ...] = ()


def dimensions(units: EvidenceUnits, memberships: Memberships) -> Iterator[Dimension]:
    """Every dimension of population in which a piece has a value."""
    words, unit = units.words, memberships.unit
    tier = words["employer_tier"]
    top = np.isin(tier.words, [str(word) for word in TOP_TIERS]).astype(np.int32)
    wider = ((("top=no", "top=yes"), top), ((EVERYONE,), np.zeros(len(tier.words), np.int32)))
    yield Dimension(_named("tier", tier.words), None, tier.codes[unit], wider)
    for dimension, name in (("remote", "remote"), ("industry", "employer_industry")):
        yield Dimension(_named(dimension, words[name].words), None, words[name].codes[unit])
    metro, group = words["place_metro"], words["metro_group"]
    placed = np.array([word != "" for word in metro.words], np.bool_)[metro.codes]
    # a small metro counts in its group as well: the others together
    same = np.array([[a == b for b in group.words] for a in metro.words], np.bool_)
    other = ~same[metro.codes, group.codes]
    for mask, named in ((placed, metro), (other, group)):
        yield from _of_pieces("metro", named.words, np.flatnonzero(mask), named.codes[mask], memberships)
    many = Categorical.of(units.specialisations.flatten())
    lengths = pc.list_value_length(units.specialisations).to_numpy()
    held = np.repeat(np.arange(len(lengths)), lengths)
    yield from _of_pieces("specialisation", many.words, held, many.codes, memberships)


def _of_pieces(
    dimension: str, words: tuple[str, ...], unit: IntArray, value: Places, memberships: Memberships
) -> Iterator[Dimension]:
    if len(unit):
        at, of = memberships.of_pieces(unit.astype(np.int32))
        yield Dimension(_named(dimension, words), at, value[of])


def _named(dimension: str, words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{dimension}={word}" for word in words)
