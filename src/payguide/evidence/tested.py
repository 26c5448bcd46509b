"""The back-test of an evidence folder: kept beside the tables it was made of, good for their version only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from payguide.base.errors import UnreadableFile
from payguide.evidence import delta
from payguide.evidence.store import Store

FILE: Final = "backtest.json"


def save_backtest(store: Store, result: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a back-test of the store's present version; what is kept.

    Raises:
        StoreError: the folder cannot be written.
    """
    text = json.dumps(
        {**result, "evidence_version": store.version}, sort_keys=True, allow_nan=False, indent=1
    )
    with delta.guarded(store.path, writing=True):
        # written aside and moved in, so that a run that is killed leaves the last one whole
        aside = store.path / f"{FILE}.new"
        aside.write_text(text + "\n", encoding="utf-8")
        aside.replace(store.path / FILE)
    return kept


def saved_backtest(store: Store) -> dict[str, Any] | None:
    """The back-test of the store's present version; None where there is none, or only one of another version.

    Raises:
        UnreadableFile: the file is damaged.
    """
    path: Path = store.path / FILE
    if not path.exists():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        remedy = "run it again: payguide backtest --evidence DIR"
        raise UnreadableFile(
            f"the back-test cannot be read: {error}", where=str(path), remedy=remedy
        ) from None
    return found if found.get("evidence_version") == store.version else None
