"""One state of the evidence: all of an edition comes from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any, Final

import duckdb

from payguide.base.aggregates import Aggregates, Cell, OfficialFigure, PayRows
from payguide.base.codes import EvidenceKind
from payguide.base.edition import EvidenceRecord
from payguide.evidence.reduce.cells import cells
from payguide.evidence.reduce.cross_products import cross_products
from payguide.evidence.reduce.own_evidence import own_evidence
from payguide.evidence.reduce.tallies import tallies
from payguide.evidence.store import Store, delta
from payguide.evidence.store.queries import Queries
from payguide.evidence.store.sources import sources
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.official import statistics
from payguide.evidence.units.prepare import prepare_duckdb
from payguide.evidence.units.records import records
from payguide.evidence.units.training_rows import FITTED, base_and_total, training_rows

_OUTLIERS: Final = """
SELECT f.outlier, f.source::VARCHAR AS source, f.role::VARCHAR AS role, f.level::VARCHAR AS level,
       f.component::VARCHAR AS component, f.low, f.high, f.least, f.most, o.title, o.employer_name, o.url, f.key
FROM units f JOIN observations o USING (key)
WHERE f.outlier <> '' ORDER BY f.outlier, f.source::VARCHAR, f.low, f.high, f.key
"""

#: Reduces a store's evidence to cells remotely.
CellsBackend = Callable[[Store, Population, Sequence[OfficialFigure]], tuple[Cell, ...]]


class Snapshot(Queries):
    """The evidence of a population as one run of its store left it, prepared once, on one connection. What arrives
    meanwhile waits for the next one. The same evidence gives the same snapshot, however it was committed.

    Confidential sources are no part of it, unless it is its owner's own: `left_out` has them with the number of their
    observations.
    """

    def __init__(
        self,
        store: Store,
        population: Population,
        connection: duckdb.DuckDBPyConnection,
        left_out: Mapping[str, int],
    ) -> None:
        self.path = store.path
        self.store = store
        self.population = population
        self.left_out = left_out
        self._connection = connection
        self._official = statistics(self)
        with delta.guarded(self.path):
            self._prepared = prepare_duckdb(connection, population, self._official)

    @classmethod
    @contextmanager
    def of(
        cls, store: Store, population: Population | None = None, *, own: bool = False
    ) -> Iterator[Snapshot]:
        """That of a store's last run, or of the version that it was opened at, as long as the context lasts. With
        `own` it holds what is confidential too, for nobody but whoever holds the evidence.

        Raises:
            StoreError: the store cannot be read.
        """
        settled = store.settled()
        with closing(settled.connect()) as connection:
            left_out = {} if own else settled.hide_confidential(connection)
            yield cls(settled, population or Population(), connection, left_out)

    @contextmanager
    def connected(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The one connection."""
        yield self._connection

    def aggregates(self, remote: CellsBackend | None = None) -> Aggregates:
        """Everything that an edition's figures are computed from, and no rows; the cells are the same whether they are
        made by this process or by a `remote` one (a cluster).

        `evidence_version` is the store's fingerprint: it names what is in the evidence, not how it was committed.

        Raises:
            StoreError: the store cannot be read.
        """
        with delta.guarded(self.path):
            return Aggregates(
                cells=self.cells(remote),
                moments=cross_products(self._connection),
                tallies=tallies(self._connection, self.population),
                official=self._official,
                sources=self._cards(),
                evidence_version=self.fingerprint,
                own=own_evidence(self._connection),
            )

    def cells(self, remote: CellsBackend | None = None) -> tuple[Cell, ...]:
        """The cells by themselves.

        Raises:
            StoreError: the store cannot be read.
        """
        with delta.guarded(self.path):
            if remote:
                return remote(self.store, self.population, self._official)
            return cells(self._prepared.engine, self._prepared.counting)

    def not_fitted(self) -> dict[str, int]:
        """How many statements there are of each kind that the estimator is not fitted on; official statistics aside.

        Raises:
            StoreError: the store cannot be read.
        """
        kinds = [*FITTED, EvidenceKind.STATISTIC]
        query = """SELECT kind, count(*) AS n FROM observations WHERE NOT list_contains($kinds, kind)
                   GROUP BY kind ORDER BY kind"""
        return {row["kind"]: row["n"] for row in self.rows(query, {"kinds": list(map(str, kinds))})}

    def _cards(self) -> Mapping[str, Mapping[str, str | int]]:
        """The sources' cards with the number of pieces of evidence that are marked as outliers."""
        query = "SELECT source::VARCHAR AS source, count(*) AS n FROM units WHERE outlier <> '' GROUP BY ALL"
        marked = {row["source"]: row["n"] for row in self.rows(query)}
        return {name: {**card, "outliers": marked.get(name, 0)} for name, card in sources(self).items()}

    def training_rows(self, kinds: Sequence[EvidenceKind] = FITTED) -> dict[str, PayRows]:
        """What the estimator is fitted on, or statements of other kinds.

        Raises:
            StoreError: the store cannot be read.
        """
        with delta.guarded(self.path):
            return training_rows(self._connection, self.population.currency, kinds)

    def base_and_total(self) -> PayRows:
        """The statements of people who state both base (`low`) and total pay (`high`).

        Raises:
            StoreError: the store cannot be read.
        """
        with delta.guarded(self.path):
            return base_and_total(self._connection, self.population.currency)

    def records(self, roles: Sequence[str]) -> dict[str, list[EvidenceRecord]]:
        """Every piece of evidence on the pay of each role, outliers too, the newest first.

        Raises:
            StoreError: the store cannot be read.
        """
        with delta.guarded(self.path):
            return records(self._connection, roles)

    def outliers(self) -> list[dict[str, Any]]:
        """The pieces of evidence that are marked as outliers: the stage that marks each, its annual pay, the limits
        that it lies beyond, and whose statement it is; by stage, source and pay.

        Raises:
            StoreError: the store cannot be read.
        """
        return self.rows(_OUTLIERS)

    def pin(self, edition: str) -> None:
        """Note that an edition was made from this, so that `Store.vacuum` keeps it.

        Raises:
            StoreError: the store cannot be written.
        """
        self.store.pin(edition)
