"""An evidence library: a folder read by the packaged layout (library.toml), with the official statistics."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from payguide.base.errors import InputError
from payguide.base.inputs import Document, Rejection
from payguide.collect import cards
from payguide.collect.files import LARGEST_TABLE, Fault, read_bytes
from payguide.collect.oews import oews
from payguide.collect.recorded import recorded_files
from payguide.collect.tables import fiscal_quarter_end, sha256_of, table_document

_LAYOUT: Final = Path(__file__).with_name("library.toml")


def library(folder: Path, retrieved: date | None = None) -> Iterator[Document | Rejection]:
    """Everything in the folder that the layout knows. What is broken is refused and the rest goes on; what
    the layout names and the folder lacks is simply not there. `retrieved` is for the entries without a day.

    Raises:
        InputError: there is no such folder, or nothing in it is in the layout.
        SourceUnavailable: the official statistics are not installed.
    """
    if not folder.is_dir():
        raise InputError("there is no such folder", where=str(folder), remedy="check the path")
    plan = _plan(folder)
    if not any(files for _, files in plan):
        remedy = "lay the files out as the layout names them, or collect them one by one"
        raise InputError("the folder holds nothing that the layout names", where=str(folder), remedy=remedy)
    for entry, files in plan:
        if entry.get("reader") == "recorded":
            yield from recorded_files(
                files,
                entry.get("retrieved", retrieved),
                origin=entry.get("origin", ""),
                licence=entry.get("licence", ""),
            )
        else:
            for path in files:
                yield _table(path, entry, retrieved)
    if any(entry.get("reader") == "oews" for entry in layout()):
        yield oews()


def _plan(folder: Path) -> list[tuple[Mapping[str, Any], list[Path]]]:
    return [(entry, sorted(folder.glob(entry["glob"]))) for entry in layout() if "glob" in entry]


def inputs(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file that is read of a library, by its path in the folder, in order; of the
    official statistics by the name of their database.

    Raises:
        SourceUnavailable: the official statistics are not installed.
    """
    files = sorted({path for _, paths in _plan(folder) for path in paths})
    found = {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}
    if any(entry.get("reader") == "oews" for entry in layout()):
        statistics = oews()
        found[statistics.name] = statistics.sha256
    return found


def layout() -> list[Mapping[str, Any]]:
    """The layout's entries, in order."""
    entries: list[Mapping[str, Any]] = tomllib.loads(_LAYOUT.read_text(encoding="utf-8"))["entry"]
    return entries


def _table(path: Path, entry: Mapping[str, Any], retrieved: date | None) -> Document | Rejection:
    name = entry["map"]
    content = read_bytes(path, LARGEST_TABLE)
    if isinstance(content, Fault):
        return content.rejection(path.name, name)
    day = entry.get("retrieved") or cards.retrieved_of(name) or fiscal_quarter_end(path.name) or retrieved
    if day is None:
        return Rejection("no_date", "neither layout nor card says when the file is from", path.name, name)
    document = table_document(path, content, name, cards.card(name, day), tolerant=True)
    return document.rejection(path.name, name) if isinstance(document, Fault) else document
