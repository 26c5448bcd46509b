"""Source cards: where each source comes from, what it may be used for, and how it leans (cards.toml)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from payguide.base.aggregates import POOLED
from payguide.base.codes import Confidentiality, EvidenceKind
from payguide.base.inputs import SourceCard

_FILE: Final = Path(__file__).with_name("cards.toml")


@cache
def _cards() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def known() -> tuple[str, ...]:
    """The names of the sources that have a card."""
    return tuple(sorted(_cards()))


def boards() -> Mapping[str, Mapping[str, Any]]:
    """The cards of the job boards that answer whole, by name: `addresses`, `media_type`, `id` beside the rest."""
    return {name: card for name, card in _cards().items() if "addresses" in card}


def live() -> Mapping[str, Mapping[str, Any]]:
    """The cards of all job boards that can be asked live, those that answer page by page among them."""
    return {name: card for name, card in _cards().items() if "media_type" in card}


def closed(name: str) -> str:
    """Why a source is refused unless its user answers for it; empty where it is open."""
    return str(_cards().get(name, {}).get("closed", ""))


def told(name: str) -> Mapping[str, Any]:
    """All that a source's card says."""
    return _cards()[name]


def hosts(name: str) -> tuple[str, ...]:
    """The hosts of a source that is closed."""
    return tuple(_cards().get(name, {}).get("hosts", ()))


def retrieved_of(name: str) -> date | None:
    """When the source's published file was retrieved, where its card says so."""
    found: date | None = _cards().get(name, {}).get("retrieved")
    return found


def page_of(name: str) -> str:
    """The page from which a person fetches the source's files, where its site lets no script do so; else empty."""
    return str(_cards().get(name, {}).get("page", ""))


def card(name: str, retrieved: date, *, origin: str = "", licence: str = "") -> SourceCard:
    """The card of a known source; a layout may know the copy's own origin and licence better."""
    entry = _cards()[name]
    return SourceCard(
        name=name,
        title=entry["title"],
        origin=origin or entry["origin"],
        licence=licence or entry["licence"],
        kind=EvidenceKind(entry["kind"]),
        retrieved_at=retrieved,
        bias=entry["bias"],
        confidentiality=Confidentiality(entry.get("confidentiality", "public")),
    )


def own_card(kind: str, name: str, retrieved: date, *, public: bool = False) -> SourceCard:
    """The card of a file the user brought: `kind` is survey, postings, payroll or lca. It is confidential unless it is
    said to be `public`, and never has the name of a source that is public anyway.
    """
    own, taken = card(f"own_{kind}", retrieved), {*known(), POOLED}
    given = Confidentiality.PUBLIC if public else own.confidentiality
    return replace(own, name=f"own_{name}" if name in taken else name, confidentiality=given)
