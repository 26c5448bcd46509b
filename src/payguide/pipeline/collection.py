"""From sources to evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from pathlib import Path

from payguide.base.credentials import without_credentials
from payguide.base.errors import InputError, PayguideError, SourceUnavailable
from payguide.collect.sources import Documents, documents
from payguide.decode.reader import read, read_parts
from payguide.decode.table.mapping import load_map
from payguide.evidence.spark_backend import SparkBackend
from payguide.evidence.store import Appended, Item, Store
from payguide.evidence.store.read_side_by_side import side_by_side_reader
from payguide.pipeline.progress import Tick


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection added, and the sources that could not be read at all."""

    appended: Appended
    failed: tuple[PayguideError, ...]


def collect(
    specs: Iterable[str], evidence: Path | str, *, map_name: str | None, retrieved: date | None, tick: Tick,
    elsewhere: SparkBackend | None = None, allowed: Collection[str] = (), public: bool = False,
) -> Collected:  # fmt: skip
    """Read the sources, here or elsewhere, into evidence in a folder or at `s3://bucket/prefix`. A source that fails is
    reported; the others still land. `allowed` are hosts that may be asked though they are not of the public internet.
    Files of one's own are confidential, unless they are said to be `public`.

    Raises:
        UsageError, InputError: a source or a map is none; nothing has been written.
    """
    failed: list[PayguideError] = []
    if map_name is not None:
        load_map(map_name)
    # neither a run nor the screen keeps the keys that an address may carry
    sources = [
        (
            without_credentials(spec),
            documents(spec, map_name=map_name, retrieved=retrieved, allowed=allowed, public=public),
        )
        for spec in specs
    ]
    reader = elsewhere.reader(read) if elsewhere else side_by_side_reader(read_parts)

    def items() -> Iterator[Item]:
        for shown, found in sources:
            try:
                yield from reader(_told(found, shown, tick))
            except (InputError, SourceUnavailable) as error:
                failed.append(error)

    # who is refused before anything has come leaves no empty store behind
    read_items = items()
    first = list(islice(read_items, 1))
    store = Store.open(evidence, create=True)
    mapped = f" --map {map_name}" if map_name else ""
    command = f"collect {' '.join(shown for shown, _ in sources)}{mapped}"
    return Collected(
        store.append(chain(first, read_items), command=command, complete=lambda: not failed), tuple(failed)
    )


def _told(found: Documents, spec: str, tick: Tick) -> Documents:
    for done, item in enumerate(found, start=1):
        tick(f"reading {spec}", done, None)
        yield item
