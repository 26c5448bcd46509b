"""Tables on disk (CSV, XLSX, Parquet, JSON): one Document a file, decompressed; a map names its columns."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from payguide.base.errors import SourceUnavailable, UsageError
from payguide.base.inputs import Document, SourceCard
from payguide.base.text import opening
from payguide.collect import cards
from payguide.collect.files import (
    LARGEST_TABLE,
    LARGEST_UNPACKED,
    Fault,
    looks_like_html,
    opening_of,
    read_bytes,
    unpack,
)

#: What each way of naming a file takes when no map is named.
_DEFAULT_MAPS: Final = {"payroll": "payroll", "lca": "lca_disclosure"}
_FISCAL: Final = re.compile(r"fy_?(20\d\d)(?:_?q([1-4]))?", re.IGNORECASE)
_PARQUET: Final = b"PAR1"
#: How a zip begins, which a spreadsheet is, and how the spreadsheets of Excel before 2007 do.
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: How files begin that are not read from their beginning to their end: one that is packed is held.
_SEEKABLE: Final = (_ZIP, _PARQUET)
#: A table of more bytes is read from where it lies; no engine is sent one so large.
_LARGE: Final = 64 << 20


def table(
    kind: str, path: Path, *, map_name: str | None, retrieved: date | None, public: bool = False
) -> Document:
    """A table the user named. `kind` is survey, postings, payroll or lca; `map_name` names its map.

    One by a packaged map of a public source is as public as that; one's own is confidential, unless it is said to be
    `public`. Without `retrieved` the file counts as retrieved on the day its card says, else on the last day of the
    fiscal quarter that it is named after, else on the day it was last written.

    Raises:
        UsageError: no map is named and the kind has none of its own.
        SourceUnavailable: an address is given whose site lets no script fetch the file.
        InputError, UnreadableFile, WrongShape: the file is not there, broken, or not a table.
    """
    name = map_of(kind, path, map_name)
    page = cards.page_of(name)
    remedy = f"open {page} in a browser, save the file and give its path: {kind}:FILE"
    if page and str(path).lower().startswith(("http:", "https:")):
        raise SourceUnavailable("the site lets no script fetch its files", where=str(path), remedy=remedy)
    content = read_bytes(path, _LARGE)
    large = isinstance(content, Fault) and content.rule == "too_large"
    if large:
        packed, content = opening_of(path)
        if packed and content.startswith(_SEEKABLE):
            large, content = False, read_bytes(path, LARGEST_TABLE)
    if isinstance(content, Fault):
        raise content.error(str(path))
    document = table_document(path, content, name, _card(kind, name, path, retrieved, public=public))
    if isinstance(document, Fault):
        refused = page and document.rule == "html_instead_of_table"
        raise (replace(document, remedy=remedy) if refused else document).error(str(path))
    return _left_there(document, path) if large else document


def _left_there(document: Document, path: Path) -> Document:
    """The Document of a table that is read from where it lies.

    Raises:
        UnreadableFile, WrongShape: what is packed in it is damaged, or has no end.
    """
    packed, _ = opening_of(path)
    digest = hashlib.sha256()
    with path.open("rb") as file:
        length = unpack(file, LARGEST_UNPACKED, digest.update) if packed else path.stat().st_size
    if isinstance(length, Fault):
        raise length.error(str(path))
    sha256 = digest.hexdigest() if packed else sha256_of(path)
    return replace(document, content=b"", sha256=sha256, path=path, length=length, packed=packed)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def map_of(kind: str, path: Path, map_name: str | None) -> str:
    """The name of the map that reads a table.

    Raises:
        UsageError: no map is named and the kind has none of its own.
    """
    name = map_name or _DEFAULT_MAPS.get(kind)
    if name is None:
        remedy = f"say which map reads it: {kind}:{path} --map NAME"
        raise UsageError(f"{kind}:{path.name} needs a map of its columns", remedy=remedy)
    return name


def fiscal_quarter_end(name: str) -> date | None:
    """The last day of the US fiscal quarter, or year, that a file is named after ("..._FY2024_Q1.xlsx")."""
    found = _FISCAL.search(name)
    if found is None:
        return None
    year, quarter = int(found[1]), int(found[2] or 4)
    month = (12, 3, 6, 9)[quarter - 1]
    return date(year - (quarter == 1), month, 31 if month in (12, 3) else 30)


def table_document(
    path: Path, content: bytes, map_name: str, card: SourceCard, *, tolerant: bool = False
) -> Document | Fault:
    """The Document of a table already read. `tolerant`: a table that does not fit its map is to be refused
    as a row would be, not to stop the collection.
    """
    form = _format(path.name.lower().removesuffix(".gz"), content)
    if form == "csv" and looks_like_html(content):
        found = "an HTML page was found where a table was expected"
        return Fault("html_instead_of_table", found, "fetch the file again: the server sent an error page")
    if content.startswith(_OLD_EXCEL):
        return Fault("old_spreadsheet", "a spreadsheet of the old kind (.xls)", "save it as XLSX or CSV")
    media_type = f"application/vnd.payguide.table;map={quote(map_name, safe='/')};format={form}"
    return Document(content, media_type + (";faults=reject" if tolerant else ""), card, path.name)


def _format(name: str, content: bytes) -> str:
    if content.startswith(_PARQUET):
        return "parquet"
    if content.startswith(_ZIP):
        return "xlsx"
    head = opening(content).lstrip("\ufeff \t\r\n")[:1]
    if name.endswith((".jsonl", ".ndjson")) or head == "{":
        return "jsonl"
    if head == "[":
        return "json"
    return "csv"


def _card(kind: str, map_name: str, path: Path, retrieved: date | None, *, public: bool) -> SourceCard:
    known = map_name in cards.known() and kind != "payroll"
    own = cards.retrieved_of(map_name) if known else None
    day = retrieved or own or fiscal_quarter_end(path.name) or _written(path)
    return (
        cards.card(map_name, day) if known else cards.own_card(kind, Path(map_name).stem, day, public=public)
    )


def _written(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
