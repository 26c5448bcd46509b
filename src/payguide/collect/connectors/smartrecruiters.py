"""SmartRecruiters: a list by offset, and an answer for each posting. Its robots.txt closes the API: only on the user's
explicit word (`--allow-terms smartrecruiters`) is it asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from payguide.base.inputs import Document, Rejection
from payguide.collect.boards import Visit
from payguide.collect.connectors.paged import Page, all_pages, listed_below, page_of, postings_of

_SIZE: Final = 100


def visit(visit: Visit) -> Iterator[Document | Rejection]:
    """The postings of a SmartRecruiters company.

    Raises:
        SourceUnavailable, InputError: its list did not answer, or with something else.
    """
    root = f"https://api.smartrecruiters.com/v1/companies/{quote(visit.org, safe='')}/postings"

    def ask(_: int, offset: int) -> Page:
        return page_of(visit, visit.json(f"{root}?limit={_SIZE}&offset={offset}"), "content", "totalFound")

    found, visit.complete = all_pages(ask, listed_below(root), _SIZE)
    yield from postings_of(visit, found, lambda _, value: value if _is_posting(value) else None)


def _is_posting(value: Any) -> bool:
    return isinstance(value, Mapping) and "name" in value
