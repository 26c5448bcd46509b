"""Which pieces of evidence may be shown one by one: those of public sources, and only what a public page may carry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from payguide.base.codes import Confidentiality, EvidenceKind
from payguide.base.edition import Edition, EvidenceRecord, EvidenceRecords

#: The most pieces that are shown one by one: a page of more is slow to open. All are counted.
MOST: Final = 50_000

#: Where a link may lead: anything else in a source's address is text that somebody wrote there.
_WEB: Final = ("http", "https")


def pass_records(edition: Edition, pieces: Iterable[EvidenceRecord], *, most: int = MOST) -> Edition:
    """The edition with the pieces of public sources, at most so many, in the order given; of every source the count.

    A source is public where its card in the edition says so: one that is confidential in part, a payroll whatever its
    card says, or one without a card is not.
    """
    cards = edition.manifest["sources"]
    assert isinstance(cards, Mapping), "an edition has its sources' cards"  # noqa: S101
    shown: list[EvidenceRecord] = []
    counts: Counter[str] = Counter()
    for piece in pieces:
        counts[piece.source] += 1
        if len(shown) < most and _public(piece, cards.get(piece.source, {})):
            shown.append(piece if _leads_somewhere(piece.url) else replace(piece, url=""))
    return replace(edition, records=EvidenceRecords(tuple(shown), dict(sorted(counts.items()))))


def _public(piece: EvidenceRecord, card: Mapping[str, str | int]) -> bool:
    public = card.get("confidentiality") == str(Confidentiality.PUBLIC)
    return public and piece.kind is not EvidenceKind.PAYROLL


def _leads_somewhere(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in _WEB and bool(parts.netloc)
