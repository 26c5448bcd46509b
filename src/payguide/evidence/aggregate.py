"""From a store to aggregates: everything an edition is computed from, and no rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing

from payguide.base.codes import Confidentiality, EvidenceKind
from payguide.base.figures import Aggregates, Cell, OfficialFigure
from payguide.evidence import delta
from payguide.evidence.cells import cells
from payguide.evidence.distinct import Population
from payguide.evidence.moments import moments
from payguide.evidence.official import official_figures
from payguide.evidence.prepared import prepare
from payguide.evidence.store import Store
from payguide.evidence.tables import observation_of
from payguide.evidence.tallies import tallies

_OFFICIAL = "SELECT * FROM observations WHERE kind = $kind ORDER BY key"


#: Reduces a store's evidence to cells somewhere else.
Elsewhere = Callable[[Store, Population], tuple[Cell, ...]]


def aggregate(
    store: Store, *, country: str = "US", currency: str = "USD", elsewhere: Elsewhere | None = None
) -> Aggregates:
    """The aggregates of a country's pay in a currency. The same evidence gives the same aggregates, whether the
    cells are made here or `elsewhere` (a cluster).

    `evidence_version` is the store's fingerprint: it names what is in the evidence, not how it was committed.

    Raises:
        StoreError: the store cannot be read.
    """
    population = Population(country, currency)
    with closing(store.connect()) as connection, delta.guarded(store.path):
        found = prepare(connection, population)
        return Aggregates(
            cells=elsewhere(store, population) if elsewhere else cells(found.engine, found.pieces),
            moments=moments(connection),
            tallies=tallies(connection, population),
            official=_official(store),
            sources=sources(store),
            evidence_version=store.fingerprint,
        )


def _official(store: Store) -> tuple[OfficialFigure, ...]:
    rows = store.rows(_OFFICIAL, {"kind": str(EvidenceKind.STATISTIC)})
    return official_figures(map(observation_of, rows))


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
