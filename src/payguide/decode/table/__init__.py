"""Tables of self-reports, filings, payroll lines and postings, read by a declarative map of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from payguide.base.inputs import Document, Reading
from payguide.decode.table.columns import Columns, read_columns, whole
from payguide.decode.table.hiring_posts import read_posts
from payguide.decode.table.listings import read_listings
from payguide.decode.table.mapping import TableMap, load_map
from payguide.decode.table.rows import prepared
from payguide.decode.table.statements import read_statements

MEDIA_TYPE: Final = "application/vnd.payguide.table"

#: Rows that make sense by themselves; a posting may stand in several rows of its table.
_STATEMENTS: Final = "statements"

_READERS: Final[Mapping[str, Callable[[Document, TableMap, Columns], Reading]]] = {
    _STATEMENTS: read_statements,
    "postings": read_listings,
    "posts": read_posts,
}


def read_table(document: Document, map_name: str, form: str) -> Iterator[Reading]:
    """Every row of a table, read by the map of that name. `form` is csv, xlsx, parquet, jsonl or json. Statements of
    pay that make sense row by row come some rows at a time.

    Rows at fault are Rejections with the rule they break and their number; the rest lands.

    Raises:
        UsageError: there is no such map.
        MissingColumn: a column the map names is not in the table.
        InputError, UnreadableFile, WrongShape: the map or the bytes are not what they should be.
    """
    table = load_map(map_name)
    slices = read_columns(document, form, table.wanted(document.name))
    alone = table.rows == _STATEMENTS and not table.identity
    for columns in slices if alone else (whole(slices),):
        yield _READERS[table.rows](document, table, prepared(columns, table))
