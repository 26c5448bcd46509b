"""Rippling: a list page by page, in which a posting stands once for each of its places, and an answer for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from payguide.base.inputs import Document, Rejection
from payguide.collect.boards import Visit
from payguide.collect.connectors.paged import Listed, Page, all_pages, listed_below, page_of, postings_of

_SIZE: Final = 100


def visit(visit: Visit) -> Iterator[Document | Rejection]:
    """The postings of a Rippling board.

    Raises:
        SourceUnavailable, InputError: its list did not answer, or with something else.
    """
    root = f"https://ats.rippling.com/api/v2/board/{quote(visit.org, safe='')}/jobs"

    def ask(number: int, _: int) -> Page:
        value = visit.json(f"{root}?groupJobsByLocation=true&page={number}&pageSize={_SIZE}")
        return page_of(visit, value, "items", "totalItems")

    found, visit.complete = all_pages(ask, listed_below(root), _SIZE)
    yield from postings_of(visit, found, _job)


def _job(one: Listed, value: Any) -> Mapping[str, Any] | None:
    """The posting, with the places of its entry, which say how one works there."""
    if not isinstance(value, Mapping) or "name" not in value:
        return None
    return {**value, "url": value.get("url") or one.entry.get("url"), "locations": one.entry.get("locations")}
