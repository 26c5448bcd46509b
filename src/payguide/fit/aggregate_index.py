"""Finding aggregates by what they are about: one role's cells, moments and tallies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property

from payguide.base.aggregates import Cell, Moments, Tally
from payguide.base.codes import EvidenceKind


class AggregateIndex:
    """The aggregates of one role, found by what they are about.

    Cells by (level, component, population), moments by name, tallies by (level, attribute), and the mean
    date and kind of each source, which moments and tallies do not carry.
    """

    def __init__(
        self,
        role: str,
        cells: Iterable[Cell],
        moments: Iterable[Moments],
        tallies: Iterable[Tally],
        pooled: str,
    ) -> None:
        self.role = role
        self._pooled = pooled
        self._cells: dict[tuple[str, str, str], dict[str, Cell]] = {}
        for cell in cells:
            key = cell.key
            if key.role == role:
                self._cells.setdefault((key.level, key.component, key.population), {})[key.source] = cell
        self.moments: Mapping[str, Moments] = {item.name: item for item in moments}
        self.tallies: dict[tuple[str, str], dict[str, Tally]] = {}
        for tally in tallies:
            if tally.role == role:
                self.tallies.setdefault((tally.level, tally.attribute), {})[tally.source] = tally

    def cells(self, level: str, component: str, population: str) -> tuple[Cell | None, list[Cell]]:
        """The pooled cell and the sources' own cells, by source name."""
        found = self._cells.get((level, component, population), {})
        return found.get(self._pooled), [found[name] for name in sorted(found) if name != self._pooled]

    def values(self, level: str, component: str, dimension: str) -> list[str]:
        """The values of a dimension that any evidence at a level is about, sorted."""
        start = f"{dimension}="
        return sorted(
            population.removeprefix(start)
            for at, what, population in self._cells
            if (at, what) == (level, component) and population.startswith(start)
        )

    @cached_property
    def mean_dates(self) -> dict[str, date]:
        """Each source's mean date: that of its largest cell of this role."""
        largest: dict[str, Cell] = {}
        for found in self._cells.values():
            for name, cell in found.items():
                if name not in largest or cell.n > largest[name].n:
                    largest[name] = cell
        return {name: cell.mean_date for name, cell in sorted(largest.items())}

    @cached_property
    def kinds(self) -> dict[str, EvidenceKind]:
        """Each source's kind of evidence."""
        return {name: cell.kind for found in self._cells.values() for name, cell in found.items()}
