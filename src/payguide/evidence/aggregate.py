"""From a store to aggregates: everything an edition is computed from, and no rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from typing import Any, Final

import duckdb

from payguide.base.codes import Confidentiality
from payguide.base.figures import Aggregates, Cell, OfficialFigure
from payguide.evidence import delta
from payguide.evidence.cells import cells
from payguide.evidence.distinct import Population
from payguide.evidence.moments import moments
from payguide.evidence.official import statistics
from payguide.evidence.prepared import prepare_here
from payguide.evidence.store import Store
from payguide.evidence.tallies import tallies

_OUTLIERS: Final = """
SELECT f.outlier, f.source::VARCHAR AS source, f.role::VARCHAR AS role, f.level::VARCHAR AS level,
       f.component::VARCHAR AS component, f.low, f.high, f.least, f.most, o.title, o.employer_name, o.url, f.key
FROM found f JOIN observations o USING (key)
WHERE f.outlier <> '' ORDER BY f.outlier, f.source::VARCHAR, f.low, f.high, f.key
"""

#: Reduces a store's evidence to cells somewhere else.
Elsewhere = Callable[[Store, Population, Sequence[OfficialFigure]], tuple[Cell, ...]]


def aggregate(
    store: Store, *, country: str = "US", currency: str = "USD", elsewhere: Elsewhere | None = None
) -> Aggregates:
    """The aggregates of a country's pay in a currency. The same evidence gives the same aggregates, whether the
    cells are made here or `elsewhere` (a cluster).

    `evidence_version` is the store's fingerprint: it names what is in the evidence, not how it was committed.

    Raises:
        StoreError: the store cannot be read.
    """
    population, official = Population(country, currency), statistics(store)
    with closing(store.connect()) as connection, delta.guarded(store.path):
        found = prepare_here(connection, population, official)
        return Aggregates(
            cells=elsewhere(store, population, official)
            if elsewhere
            else cells(found.engine, found.counting),
            moments=moments(connection),
            tallies=tallies(connection, population),
            official=official,
            sources=_with_outliers(sources(store), connection),
            evidence_version=store.fingerprint,
        )


def _with_outliers(
    cards: Mapping[str, Mapping[str, str | int]], connection: duckdb.DuckDBPyConnection
) -> Mapping[str, Mapping[str, str | int]]:
    """The cards with the number of pieces of evidence that are marked as outliers."""
    query = "SELECT source::VARCHAR, count(*) FROM found WHERE outlier <> '' GROUP BY source"
    marked = dict(connection.sql(query).fetchall())
    return {name: {**card, "outliers": marked.get(name, 0)} for name, card in cards.items()}


def outliers(store: Store, *, country: str = "US", currency: str = "USD") -> list[dict[str, Any]]:
    """The pieces of evidence that are marked as outliers: the stage that marks each, its annual pay, the limits that
    it lies beyond, and whose statement it is; by stage, source and pay.

    Raises:
        StoreError: the store cannot be read.
    """
    with closing(store.connect()) as connection, delta.guarded(store.path):
        prepare_here(connection, Population(country, currency), statistics(store))
        rows: list[dict[str, Any]] = connection.sql(_OUTLIERS).to_arrow_table().to_pylist()
        return rows


def sources(store: Store) -> Mapping[str, Mapping[str, str | int]]:
    """Each source's card and counts as plain data, by name. A source is confidential if any of its documents
    or observations is.
    """
    confidential = {
        row["source"]
        for row in store.rows(
            """
            SELECT source FROM documents WHERE confidentiality <> $public
            UNION SELECT source FROM observations WHERE confidentiality <> $public
            """,
            {"public": str(Confidentiality.PUBLIC)},
        )
    }
    found: dict[str, Mapping[str, str | int]] = {}
    for name, counts in store.counts_by_source().items():
        card = store.card(name)
        secrecy = Confidentiality.CONFIDENTIAL if name in confidential else Confidentiality.PUBLIC
        found[name] = {
            "title": card.title if card else name,
            "origin": card.origin if card else "",
            "licence": card.licence if card else "",
            "kind": str(card.kind) if card else "",
            "bias": card.bias if card else "",
            "retrieved": card.retrieved_at.isoformat() if card else "",
            "confidentiality": str(secrecy),
            **counts,
        }
    return found
