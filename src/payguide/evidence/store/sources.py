"""The sources of evidence, as an edition names them."""

from __future__ import annotations

from collections.abc import Mapping

from payguide.base.codes import Confidentiality
from payguide.evidence.store.queries import Queries


def sources(evidence: Queries) -> Mapping[str, Mapping[str, str | int]]:
    """Each source's card and counts as plain data, by name. A source is confidential if any of its documents
    or observations is.
    """
    confidential = {
        row["source"]
        for row in evidence.rows(
            """
            SELECT source FROM documents WHERE confidentiality <> $public
            UNION SELECT source FROM observations WHERE confidentiality <> $public
            """,
            {"public": str(Confidentiality.PUBLIC)},
        )
    }
    result: dict[str, Mapping[str, str | int]] = {}
    for name, counts in evidence.counts_by_source().items():
        card = evidence.card(name)
        secrecy = Confidentiality.CONFIDENTIAL if name in confidential else Confidentiality.PUBLIC
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
