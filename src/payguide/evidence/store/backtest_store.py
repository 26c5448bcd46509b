"""The back-test of an evidence folder: kept with the tables it was made of, good for the same evidence only.

Confidential evidence has no part in it: what of that comes or goes leaves it as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from payguide.base.errors import UnreadableFile
from payguide.evidence.store import delta, log, s3
from payguide.evidence.store.private import private
from payguide.evidence.store.queries import Queries

FILE: Final = "backtest.json"


def save_backtest(evidence: Queries, result: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a back-test of the evidence as its reader sees it; what is kept.

    Raises:
        StoreError: the evidence cannot be written.
    """
    kept = {**result, "evidence_version": evidence.fingerprint}
    with private(), delta.guarded(evidence.path, writing=True):
        s3.write(evidence.path / FILE, f"{_text({_SHA256: _sha256(kept), _BACKTEST: kept})}\n".encode())
    return kept


def saved_backtest(evidence: Queries) -> dict[str, Any] | None:
    """The back-test of this very evidence; None where there is none, or only one of other evidence.

    Raises:
        StoreError: the evidence cannot be read.
        UnreadableFile: the file is damaged.
    """
    with delta.guarded(evidence.path):
        text = log.read_if_there(evidence.path / FILE)
    if text is None:
        return None
    try:
        result = _whole(json.loads(text))
    except (ValueError, TypeError, AttributeError) as error:
        remedy = "run it again: payguide backtest --evidence DIR"

        where = str(evidence.path / FILE)
        raise UnreadableFile(f"the back-test cannot be read: {error}", where=where, remedy=remedy) from None
    return result if result["evidence_version"] == evidence.fingerprint else None


_SHA256, _BACKTEST = "sha256", "backtest"


def _whole(file: dict[str, Any]) -> dict[str, Any]:
    """What is kept, once it is what was written. An older payguide kept it without a checksum.

    Raises:
        ValueError: it is not.
    """
    if "evidence_version" in file:
        return file
    kept: dict[str, Any] = file.get(_BACKTEST, {})
    if file.get(_SHA256) != _sha256(kept):
        raise ValueError("it is not what was written")
    return kept


def _sha256(kept: Mapping[str, Any]) -> str:
    return hashlib.sha256(_text(kept).encode()).hexdigest()


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, allow_nan=False, indent=1)
