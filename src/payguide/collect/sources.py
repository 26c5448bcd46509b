"""What `payguide collect` can name: each kind of source, and the documents it yields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from payguide.base.credentials import without_credentials
from payguide.base.errors import UsageError
from payguide.base.inputs import Document, Rejection
from payguide.collect import cards
from payguide.collect.library import library
from payguide.collect.oews import oews
from payguide.collect.recognise_board import BOARDS
from payguide.collect.recorded import recorded
from payguide.collect.tables import map_of, table

if TYPE_CHECKING:
    from payguide.collect.live import Live

Documents = Iterator[Document | Rejection]

#: Every kind of source: its name, what follows the colon, and what it is.
KINDS: Final[Mapping[str, tuple[str, str]]] = {
    "recorded": ("DIR", f"recorded job-board answers ({BOARDS}, Hacker News, JobPosting)"),
    "survey": ("FILE", "a table of self-reports, with --map NAME"),
    "postings": ("FILE", "a table of postings, with --map NAME"),
    "payroll": ("FILE", "an employer's own payroll, with --map NAME"),
    "lca": ("FILE", "a US labour-condition disclosure file"),
    "oews": ("", "the official US wage statistics, from the installed package"),
    "library": ("DIR", "an evidence library laid out as the packaged layout names it"),
    **{name: (card.get("form", "ORG"), f"live: {card['title']}") for name, card in cards.live().items()},
}


@dataclass(frozen=True, slots=True)
class _Named:
    """A source as it was named, and how it is to be read."""

    kind: str
    what: str
    map_name: str | None
    retrieved: date | None
    allowed: Collection[str]
    public: bool


def documents(
    spec: str,
    *,
    map_name: str | None = None,
    retrieved: date | None = None,
    allowed: Collection[str] = (),
    public: bool = False,
) -> Documents:
    """The documents of a source, and a Rejection for each part of it that cannot be one.

    `spec` is `kind:what` (see `KINDS`), e.g. `recorded:boards` or `ashby:ramp`. `map_name` names the map of a
    table's columns; `retrieved` says when a recorded source was retrieved, where it does not say so itself;
    `allowed` are hosts that may be asked though they are not of the public internet. A table by a map of one's own,
    and a payroll, is confidential unless it is said to be `public`.

    Raises:
        UsageError: the spec, or its combination with a map, means nothing.
        InputError, UnreadableFile, WrongShape: a file or folder named is missing, broken, or something else.
        SourceUnavailable: a live source did not answer, or refused.
    """
    kind, colon, what = spec.partition(":")
    if kind not in KINDS:
        remedy = f"a source is one of {', '.join(_usage(name) for name in KINDS)}"
        shown = without_credentials(spec)
        raise UsageError(f"there is no source of kind {kind!r}", where=shown, remedy=remedy)
    if bool(KINDS[kind][0]) != bool(what) or (colon and not what):
        raise UsageError(f"{spec!r} is not complete", remedy=f"write it as {_usage(kind)}")
    if map_name is not None and kind not in _TABLES:
        remedy = f"--map goes with {', '.join(_TABLES)}"
        raise UsageError(f"{kind} takes no map", where=without_credentials(spec), remedy=remedy)
    if kind in _TABLES:
        map_name = map_of(kind, Path(what), map_name)
    return _OPENERS[kind](_Named(kind, what, map_name, retrieved, allowed, public))


def _usage(kind: str) -> str:
    what = KINDS[kind][0]
    return f"{kind}:{what}" if what else kind


def _table(named: _Named) -> Documents:
    yield table(
        named.kind,
        Path(named.what),
        map_name=named.map_name,
        retrieved=named.retrieved,
        public=named.public,
    )


def _recorded(named: _Named) -> Documents:
    return recorded(Path(named.what), named.retrieved)


def _library(named: _Named) -> Documents:
    return library(Path(named.what), named.retrieved)


def _oews(named: _Named) -> Documents:
    yield oews(named.retrieved)


def _live(named: _Named) -> Documents:
    # the client is loaded only when the network is wanted: recorded evidence starts faster without it
    from payguide.collect.client import Client
    from payguide.collect.live import Live, board_named
    from payguide.collect.wish import Wish

    board = board_named(f"{named.kind}:{named.what}")
    return _of_one(Live([board], Client(allowed=named.allowed), Wish(retrieved=named.retrieved)))


def _of_one(live: Live) -> Documents:
    yield from live.documents()
    for error in live.failed:
        raise error


_TABLES: Final = ("survey", "postings", "payroll", "lca")

_OPENERS: Final[Mapping[str, Callable[[_Named], Documents]]] = {
    **dict.fromkeys(_TABLES, _table),
    "recorded": _recorded,
    "library": _library,
    "oews": _oews,
    **dict.fromkeys(cards.live(), _live),
}
