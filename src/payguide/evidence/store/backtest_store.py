"""The back-test of an evidence folder: kept with the tables it was made of, good for their version only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pyarrow import fs

from payguide.base.errors import UnreadableFile
from payguide.evidence.store import Store, delta, s3
from payguide.evidence.store.location import S3

FILE: Final = "backtest.json"


def save_backtest(store: Store, result: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a back-test of the store's present version; what is kept.

    Raises:
        StoreError: the evidence cannot be written.
    """
    kept = {**result, "evidence_version": store.version}
    text = json.dumps(kept, sort_keys=True, allow_nan=False, indent=1) + "\n"
    with delta.guarded(store.path, writing=True):
        files, path = _file(store)
        # written aside and moved in, so that a run that is killed leaves the last one whole
        with files.open_output_stream(f"{path}.new") as aside:
            aside.write(text.encode())
        files.move(f"{path}.new", path)
    return kept


def saved_backtest(store: Store) -> dict[str, Any] | None:
    """The back-test of the store's present version; None where there is none, or only one of another version.

    Raises:
        StoreError: the evidence cannot be read.
        UnreadableFile: the file is damaged.
    """
    with delta.guarded(store.path):
        files, path = _file(store)
        if files.get_file_info(path).type != fs.FileType.File:
            return None
        with files.open_input_stream(path) as file:
            text = file.read()
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError as error:
        remedy = "run it again: payguide backtest --evidence DIR"
        raise UnreadableFile(f"the back-test cannot be read: {error}", where=path, remedy=remedy) from None
    return found if found.get("evidence_version") == store.version else None


def _file(store: Store) -> tuple[fs.FileSystem, str]:
    """Where the back-test lies: the file system and the path in it."""
    location = store.path / FILE
    return (s3.files(), location.key) if isinstance(location, S3) else (fs.LocalFileSystem(), str(location))
