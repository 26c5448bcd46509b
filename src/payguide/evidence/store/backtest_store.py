"""The back-test of an evidence folder: kept with the tables it was made of, good for the same evidence only.

Confidential evidence has no part in it: what of that comes or goes leaves it as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pyarrow import fs

from payguide.base.errors import UnreadableFile
from payguide.evidence.store import delta, s3
from payguide.evidence.store.private import private
from payguide.evidence.store.queries import Queries

FILE: Final = "backtest.json"


def save_backtest(evidence: Queries, result: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a back-test of the evidence as its reader sees it; what is kept.

    Raises:
        StoreError: the evidence cannot be written.
    """
    kept = {**result, "evidence_version": evidence.fingerprint}
    text = json.dumps(kept, sort_keys=True, allow_nan=False, indent=1) + "\n"
    with private(), delta.guarded(evidence.path, writing=True):
        s3.write(evidence.path / FILE, text.encode())
    return kept


def saved_backtest(evidence: Queries) -> dict[str, Any] | None:
    """The back-test of this very evidence; None where there is none, or only one of other evidence.

    Raises:
        StoreError: the evidence cannot be read.
        UnreadableFile: the file is damaged.
    """
    with delta.guarded(evidence.path):
        files, path = s3.opened(evidence.path / FILE)
        if files.get_file_info(path).type != fs.FileType.File:
            return None
        with files.open_input_stream(path) as file:
            text = file.read()
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError as error:
        remedy = "run it again: payguide backtest --evidence DIR"
        raise UnreadableFile(f"the back-test cannot be read: {error}", where=path, remedy=remedy) from None
    return found if found.get("evidence_version") == evidence.fingerprint else None
