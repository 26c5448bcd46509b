"""The sources of evidence, as an edition names them."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from payguide.base.codes import Confidentiality
from payguide.evidence.store.queries import Queries

#: A source is confidential if any of its documents or statements is, in any revision: what was collected as
#: confidential stays so until it is erased.
_CONFIDENTIAL = """
SELECT source, count(o.key) AS n FROM (
    SELECT source FROM documents WHERE confidentiality <> $public
    UNION SELECT source FROM observations_ever WHERE confidentiality <> $public
    UNION SELECT source FROM quarantine_ever WHERE confidentiality <> $public
) LEFT JOIN observations o USING (source) GROUP BY source ORDER BY source
"""

#: Sources whose document is not on record, of a run that was killed: whether they are public nobody knows.
_UNFINISHED = """
SELECT DISTINCT source FROM (SELECT source, sha256 FROM postings_ever UNION ALL SELECT source, sha256 FROM rejections)
WHERE sha256 <> '' AND source NOT IN (SELECT source FROM documents)
  AND source NOT IN (SELECT source FROM observations_ever)
"""


def confidential(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """The confidential sources of a store's connection, with the number of their observations."""
    return dict(connection.execute(_CONFIDENTIAL, {"public": str(Confidentiality.PUBLIC)}).fetchall())


def not_public(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """The sources that nothing public may know of."""
    unfinished = (name for (name,) in connection.execute(_UNFINISHED).fetchall())
    return tuple(sorted({*confidential(connection), *unfinished}))


def sources(evidence: Queries) -> Mapping[str, Mapping[str, str | int]]:
    """Each source's card and counts as plain data, by name."""
    with evidence.connected() as connection:
        secret = confidential(connection)
    result: dict[str, Mapping[str, str | int]] = {}
    for name, counts in evidence.counts_by_source().items():
        card = evidence.card(name)
        secrecy = Confidentiality.CONFIDENTIAL if name in secret else Confidentiality.PUBLIC
        result[name] = {
            "title": card.title if card else name,
            "origin": card.origin if card else "",
            "licence": card.licence if card else "",
            "kind": str(card.kind) if card else "",
            "bias": card.bias if card else "",
            "retrieved": card.retrieved_at.isoformat() if card else "",
            "confidentiality": str(secrecy),
            **counts,
        }
    return result
