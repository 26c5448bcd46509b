"""Looking at all that a store keeps: every log entry, every checkpoint and every file, of old versions too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from payguide.evidence.store import delta, log
from payguide.evidence.store.location import Location
from payguide.evidence.store.log import Damaged
from payguide.evidence.tables import TABLES


def check_all(place: Location) -> Mapping[str, int]:
    """How many log entries (`commits`), `checkpoints` and `files` are what was written, and how many files and commits
    nothing is known of (`unsealed`): an older payguide or another program wrote them.

    Raises:
        Damaged: something is not what was written.
        StoreError: the store cannot be read.
    """
    counts: Counter[str] = Counter(commits=0, checkpoints=0, files=0, unsealed=0)
    with delta.guarded(place):
        for name in TABLES:
            if delta.exists(place / name):
                counts.update(_check_table(place / name))
    return counts


def _check_table(location: Location) -> Mapping[str, int]:
    states = [state for _, state, _ in log.replay(location)]
    for name in log.checkpoints(location):
        # a version's state is told by its checkpoint as by its entries
        if log.checkpoint(location, name).seal() != states[int(name[:20])].seal():
            raise Damaged(
                "a checkpoint tells of another state", where=str(location / name), remedy=log.REMEDY
            )
    there = [name for name in log.names(location) if name.endswith(".parquet")]
    for name in there:
        if log.sound(location / name) is False:
            raise log.not_written(location / name)
    unsealed = sum(not log.is_sealed(name) for name in states[-1].files)
    files, points = len(there), len(log.checkpoints(location))
    return {"commits": len(states), "checkpoints": points, "files": files, "unsealed": unsealed}
