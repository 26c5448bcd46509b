"""Where the cells of a dimension lie, and which own cells each is the sum of (see `membership`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from payguide.base.aggregates import POOLED
from payguide.base.money import IntArray
from payguide.evidence.reduce.membership import Dimension, EvidenceUnits, Memberships
from payguide.evidence.units.categorical import Places
from payguide.evidence.units.distinct import EXCLUDED_LEVELS

#: The level that takes every level but those apart.
ANY: Final = "any"


class RollupTarget(NamedTuple):
    """Cells that are sums of own cells: the `place` (o,) of the cell that each of the o own cells adds to, -1 for none.
    Those of the pool take the pooled pieces only.
    """

    place: Places
    pool: bool


@dataclass(frozen=True, slots=True, eq=False)
class Rollup:
    """The own cells of a dimension, `source_kind x levels x values`, and all cells, `source x level x population`: the
    last source is the pool, the last level "any", the values are the first populations.
    """

    sources: tuple[str, ...]
    levels: tuple[str, ...]
    populations: tuple[str, ...]
    source_kinds: Places
    dimension: Dimension

    @classmethod
    def of(cls, units: EvidenceUnits, memberships: Memberships, dimension: Dimension) -> Rollup:
        """Those of a dimension of a group's pieces."""
        wider = (name for names, _ in dimension.wider for name in names)
        return cls(
            sources=(*units.words["source"].words, POOLED),
            levels=(*memberships.levels, ANY),
            populations=(*dimension.names, *wider),
            source_kinds=memberships.source,
            dimension=dimension,
        )

    def own(self, memberships: Memberships) -> Places:
        """The own cell of each entry in the dimension (k,)."""
        at, values = self.dimension.at, np.int32(len(self.dimension.names))
        return (memberships.own if at is None else memberships.own[at]) * values + self.dimension.value

    @property
    def owned(self) -> int:
        """How many own cells there may be."""
        return len(self.source_kinds) * (len(self.levels) - 1) * len(self.dimension.names)

    @property
    def size(self) -> int:
        """How many cells there may be."""
        return len(self.sources) * len(self.levels) * len(self.populations)

    def targets(self) -> Iterator[RollupTarget]:
        """All cells as sums: an own cell adds to one cell of each target, or to none."""
        levels, any_level = len(self.levels) - 1, len(self.levels) - 1
        apart = np.isin(self.levels[:-1], [str(word) for word in EXCLUDED_LEVELS])
        pool = np.full(len(self.source_kinds), len(self.sources) - 1)
        for source, pooled in ((self.source_kinds, False), (pool, True)):
            for level in (np.arange(levels), np.where(apart, -1, any_level)):
                for population in self._populations():
                    row = source[:, None] * len(self.levels) + level
                    place = row[:, :, None] * len(self.populations) + population
                    place[:, level < 0] = -1
                    place[:, :, population < 0] = -1
                    yield RollupTarget(place.ravel().astype(np.int32), pooled)

    def _populations(self) -> Iterator[IntArray]:
        """Of each value (v,) its population, then each wider one; -1 for none."""
        start = len(self.dimension.names)
        yield np.arange(start)
        for names, place in self.dimension.wider:
            yield np.where(place < 0, -1, place + np.int64(start))
            start += len(names)

    def names(self, cells: IntArray) -> dict[str, pa.Array]:
        """Source, level and population of cells (c,) as columns."""
        row, population = np.divmod(cells, len(self.populations))
        source, level = np.divmod(row, len(self.levels))
        places = {"source": (self.sources, source), "level": (self.levels, level),
                  "population": (self.populations, population)}  # fmt: skip
        return {name: pa.array(words, pa.string()).take(pa.array(at)) for name, (words, at) in places.items()}
