"""Tables of self-reports, filings, payroll lines and postings, read by a declarative map of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from payguide.base.inputs import Document, Reading
from payguide.decode.table.by_record import together
from payguide.decode.table.columns import Columns, read_columns
from payguide.decode.table.hiring_posts import read_posts
from payguide.decode.table.listings import read_listings
from payguide.decode.table.mapping import TableMap, load_map
from payguide.decode.table.statements import read_statements

MEDIA_TYPE: Final = "application/vnd.payguide.table"

_READERS: Final[Mapping[str, Callable[[Document, TableMap, Columns], Reading]]] = {
    "statements": read_statements,
    "postings": read_listings,
    "posts": read_posts,
}


def read_table(document: Document, map_name: str, form: str) -> Iterator[Reading]:
    """Every row of a table, read by the map of that name. `form` is csv, xlsx, parquet, jsonl or json. What is
    read of a large one comes some rows at a time, those of one record together.

    Rows at fault are Rejections with the rule they break and their number; the rest lands.

    Raises:
        UsageError: there is no such map.
        MissingColumn: a column the map names is not in the table.
        InputError, UnreadableFile, WrongShape: the map or the bytes are not what they should be.
    """
    table = load_map(map_name)
    slices = read_columns(document, form, table.wanted(document.name))
    for columns in together(document, table, slices):
        yield _READERS[table.rows](document, table, columns)
