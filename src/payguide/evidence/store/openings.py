"""How long postings stand open: when a board began to list one, and when it ceased to.

Events are appended and never changed. A posting is closed only by a list that is complete: a board that failed, or
whose list was cut, closes nothing. What a closed posting has offered stays evidence of the days on which it did.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from payguide.evidence.store.queries import Queries
from payguide.evidence.tables import OPENINGS, digest, schema

_LAST = "SELECT board, record, arg_max(event, seen), arg_max(url, seen) FROM openings GROUP BY board, record"


@dataclass(frozen=True, slots=True)
class Seen:
    """What one visit of a board has seen: its open postings' ids with their addresses, and whether these are all."""

    board: str
    records: Mapping[str, str]
    complete: bool


def standing(store: Queries) -> dict[str, dict[str, str]]:
    """By board, the ids of the postings that stand open, with their addresses."""
    found: dict[str, dict[str, str]] = {}
    with store.connected() as connection:
        for board, record, event, url in connection.execute(_LAST).fetchall():
            if event == "opened":
                found.setdefault(board, {})[record] = url
    return found


def events(visits: Iterable[Seen], before: Mapping[str, Mapping[str, str]], at: datetime) -> pa.Table:
    """What has opened and closed since `before`, as rows of the table `openings`."""
    rows = []
    for seen in visits:
        known = before.get(seen.board, {})
        changed = [(record, "opened", url) for record, url in seen.records.items() if record not in known]
        if seen.complete:
            changed += [
                (record, "closed", url) for record, url in known.items() if record not in seen.records
            ]
        rows += [
            {"key": digest(seen.board, record, event, at.isoformat()), "board": seen.board, "record": record,
             "event": event, "seen": at, "url": url}
            for record, event, url in changed
        ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema(OPENINGS))
