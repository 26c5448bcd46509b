"""The one door of this room: a Document in, everything that can be read from it out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from payguide.base.errors import InputError
from payguide.base.inputs import Document, Reading, Rejection
from payguide.decode import boards, official, table


def read(document: Document) -> Reading:
    """Everything in a document: observations, postings, and a Rejection for each part that is neither.

    The media type decides the reader; one that no reader takes is the Rejection "unknown_media_type". With
    `faults=reject` in the media type a document that is broken as a whole is a Rejection too.

    Raises:
        InputError: the document is broken as a whole: no table, a mapped column missing, a damaged database.
        UsageError: the media type names a map that does not exist.
    """
    parts = list(read_parts(document))
    if len(parts) == 1:
        return parts[0]
    return Reading(
        tuple(one for part in parts for one in part.observations),
        tuple(one for part in parts for one in part.postings),
        tuple(one for part in parts for one in part.rejections),
    )


def read_parts(document: Document) -> Iterator[Reading]:
    """What `read` gives, of a large table some rows at a time.

    Raises:
        InputError, UsageError: as `read` does.
    """
    kind, parameters = split_media_type(document.media_type)
    try:
        yield from _read(document, kind, parameters)
    except InputError as error:
        if parameters.get("faults") != "reject":
            raise
        rule = error.slug.replace("-", "_")
        yield Reading(rejections=(_refused(document, rule, error.found),))


def split_media_type(media_type: str) -> tuple[str, dict[str, str]]:
    """The type and its parameters: `a/b;map=x;format=csv` is `a/b` with map x and format csv."""
    kind, *rest = media_type.split(";")
    pairs = (part.partition("=") for part in rest)
    return kind.strip().lower(), {key.strip(): unquote(value.strip()) for key, _, value in pairs}


def _read(document: Document, kind: str, parameters: dict[str, str]) -> Iterable[Reading]:
    if kind == table.MEDIA_TYPE:
        return table.read_table(document, parameters.get("map", ""), parameters.get("format", "csv"))
    if boards.takes(kind):
        return (boards.read_board_posting(document, kind),)
    if kind == official.MEDIA_TYPE:
        return (official.read_oews(document),)
    found = f"no reader takes {document.media_type!r}"
    return (Reading(rejections=(_refused(document, "unknown_media_type", found),)),)


def _refused(document: Document, rule: str, found: str) -> Rejection:
    return Rejection(rule, found, document.name, document.card.name, document.sha256)
