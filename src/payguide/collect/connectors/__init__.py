"""What visits a board that does not answer whole: a module for each, whose `visit` yields its postings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from payguide.base.inputs import Document, Rejection
from payguide.collect.boards import Visit, one_page, whole_board

Connector = Callable[[Visit], Iterator[Document | Rejection]]


@cache
def connector_of(source: str) -> Connector:
    """What visits the boards of a source."""
    if source == "jobposting":
        return one_page
    if find_spec(f"{__name__}.{source}") is None:
        return whole_board
    visit: Connector = import_module(f"{__name__}.{source}").visit
    return visit
