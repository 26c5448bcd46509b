"""From sources to evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from payguide.base.credentials import without_credentials
from payguide.base.errors import InputError, PayguideError, SourceUnavailable
from payguide.collect.sources import Documents, documents
from payguide.decode.reader import read, read_parts
from payguide.decode.table.mapping import load_map
from payguide.evidence.spark_backend import SparkBackend
from payguide.evidence.store import Appended, Item, Store, openings
from payguide.evidence.store.read_side_by_side import side_by_side_reader
from payguide.pipeline import live_boards
from payguide.pipeline.progress import Tick

if TYPE_CHECKING:
    from payguide.collect.client import Client
    from payguide.collect.wish import Wish


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection added, and the sources that could not be read at all. Of live boards: what each host answered,
    how many postings were neither wanted nor checked, and how many opened and closed.
    """

    appended: Appended
    failed: tuple[PayguideError, ...]
    hosts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    boards: Mapping[str, int] = field(default_factory=dict)


def collect(
    specs: Iterable[str], evidence: Path | str, *, map_name: str | None, retrieved: date | None, tick: Tick,
    elsewhere: SparkBackend | None = None, wish: Wish | None = None, file: Path | None = None,
    cache: Path | None = None, public: bool = False, client: Client | None = None,
) -> Collected:  # fmt: skip
    """Read the sources, here or elsewhere, into evidence in a folder or at `s3://bucket/prefix`. A source that fails is
    reported; the others still land. Live boards are visited side by side as the `wish` says, those of a `file` (or of
    the packaged list) where `boards` is named; their answers are kept in the `cache`, or in the evidence's own folder.
    Files of one's own are confidential, unless they are said to be `public`.

    Raises:
        UsageError, InputError: a source or a map is none; nothing has been written.
    """
    failed: list[PayguideError] = []
    if map_name is not None:
        load_map(map_name)
    specs = list(specs)
    boards, others = live_boards.divided(specs, file)
    # neither a run nor the screen keeps the keys that an address may carry
    sources = [
        (without_credentials(spec), documents(spec, map_name=map_name, retrieved=retrieved, public=public))
        for spec in others
    ]
    live = live_boards.opened(boards, evidence, wish, cache, client) if boards else None
    reader = elsewhere.reader(read) if elsewhere else side_by_side_reader(read_parts)
    changed: Counter[str] = Counter()

    def items() -> Iterator[Item]:
        for shown, found in sources:
            try:
                yield from reader(_told(found, shown, tick))
            except (InputError, SourceUnavailable) as error:
                failed.append(error)
        if live is not None:
            yield from reader(live.documents(tick))
            failed.extend(live.failed)
            seen = [openings.Seen(visit.where, visit.records, visit.complete) for visit in live.visits]
            rows = openings.events(seen, live_boards.standing(evidence), datetime.now(UTC))
            changed.update(rows["event"].to_pylist())
            yield None, {"openings": rows}

    # who is refused before anything has come leaves no empty store behind
    read_items = items()
    first = list(islice(read_items, 1))
    store = Store.open(evidence, create=True)
    mapped = f" --map {map_name}" if map_name else ""
    named = dict.fromkeys(["boards"] if file or "boards" in specs else [board.spec for board in boards])
    command = f"collect {' '.join((*(shown for shown, _ in sources), *named))}{mapped}"
    appended = store.append(chain(first, read_items), command=command, complete=lambda: not failed)
    if live is None:
        return Collected(appended, tuple(failed))
    live.landed(live_boards.mark(evidence))
    live.client.answers.close()
    return Collected(appended, tuple(failed), live.client.hosts.report(), live_boards.counts(live, changed))


def _told(found: Documents, spec: str, tick: Tick) -> Documents:
    for done, item in enumerate(found, start=1):
        tick(f"reading {spec}", done, None)
        yield item
