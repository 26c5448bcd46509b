"""Appending readings to a store: in chunks of bounded size, judged by the contract, each thing once.

The commits of a chunk go observations, postings, rejections, quarantine, documents: a document is on record only
when all that was read from it is. Every row has a stable key and is left out if the key is known and says the same,
so a run that was killed anywhere is simply repeated: what landed is known, the rest lands. At its end a run withdraws
what the records it read no longer state, also from quarantine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import pyarrow as pa

from payguide.base.errors import InputError, MissingColumn, UnreadableFile, WrongShape
from payguide.base.records import Document, Observation, Posting, Reading, Rejection
from payguide.base.version import VERSION
from payguide.evidence import delta
from payguide.evidence.contract import judge
from payguide.evidence.known import Known
from payguide.evidence.tables import EVIDENCE, RUNS, TABLES, WITHDRAWN, digest, schema, table_of
from payguide.evidence.terms import Contract

#: Rows held in memory before a commit.
CHUNK: Final = 50_000

#: Rows that come as rows in one commit.
ROWS: Final = 200_000

#: Bytes of documents held in memory before a commit.
CHUNK_BYTES: Final = 64 << 20

#: Rules of `decode` and `collect` that mean a whole document could not be read.
UNREADABLE: Final = frozenset(
    {kind.slug.replace("-", "_") for kind in (InputError, UnreadableFile, WrongShape, MissingColumn)}
    | {"unknown_media_type"}
)

#: Rules that say that a row is at fault; the others say that it is about something else (another occupation,
#: a case that was not certified), which is no fault of the input.
BAD_ROWS: Final = frozenset({
    "absurd_pay", "band_runs_backwards", "band_too_wide", "broken_row", "negative_pay", "no_amount",
    "not_a_number", "total_below_base", "unknown_currency", "unknown_period", "unknown_posting_shape",
    "unread_pay", "years_out_of_range", "zero_pay", "amounts_are_positive", "low_is_not_above_high",
    "currency_is_known", "annual_pay_is_plausible", "date_is_plausible",
})  # fmt: skip

#: Rows of `ROWS_OF` by table; one that is left out has none.
Rows = Mapping[str, pa.Table]
ROWS_OF: Final = ("observations", "postings", "rejections", "documents")

#: A document (None: a file that gave none, or rows) and what was read of it; or the rows of many documents.
Item = tuple[Document | None, Reading | Rows]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Appended:
    """What an append added; a changed row is new too. `by_rule` counts the new rejections, those in
    quarantine among them; `unreadable` the documents refused whole and `faulty` the rows refused because they
    are wrong, known or new.
    """

    observations_new: int = 0
    observations_known: int = 0
    observations_withdrawn: int = 0
    postings_new: int = 0
    rejections_new: int = 0
    documents_new: int = 0
    unreadable: int = 0
    faulty: int = 0
    by_rule: Mapping[str, int] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """The counts as plain data."""
        return asdict(self)


class Writer:
    """Collects readings and commits them chunk by chunk into the tables under `path`."""

    def __init__(
        self, path: Path, known: Known, chunk: int = CHUNK, contract: Contract | None = None
    ) -> None:
        self._path = path
        self._contract = contract
        self._known = known
        self._chunk = chunk
        self._observations: list[Observation] = []
        self._postings: list[Posting] = []
        self._rejections: list[Rejection] = []
        self._documents: list[Document] = []
        self._bytes = 0
        self._retrieved: dict[str, date] = {}
        self._counts: Counter[str] = Counter()
        self._rules: Counter[str] = Counter()
        # one thread: chunks land one after the other, a chunk's tables in their order
        self._pool = ThreadPoolExecutor(1)
        self._committing: Future[None] | None = None

    def add(self, document: Document | None, reading: Reading | Rows) -> None:
        """Take one document's reading, or rows; commits as often as a chunk is full."""
        if not isinstance(reading, Reading):
            self._add_rows(reading)
            return
        if not self._observations:
            self._retrieved = {}
        if document is not None:
            day = document.card.retrieved_at
            self._retrieved[document.sha256] = max(day, self._retrieved.get(document.sha256, day))
        else:
            # a file that gave no document at all; its rule is the collector's own
            self._counts["unreadable"] += sum(one.rule not in UNREADABLE for one in reading.rejections)
        for part in _parts(reading.observations, self._chunk):
            self._observations += part
            self._flush_if_full()
        for postings in _parts(reading.postings, self._chunk):
            self._postings += postings
            self._flush_if_full()
        for rejections in _parts(reading.rejections, self._chunk):
            self._rejections += rejections
            self._flush_if_full()
        if document is not None:
            self._documents.append(document)
            self._bytes += len(document.content)
        self._flush_if_full()

    def finish(self, command: str, number: int = 1) -> Appended:
        """Commit what is left, what is withdrawn, and the run itself with its number."""
        self._flush()
        self.settle()
        gone = self._known.withdrawn()
        withdraw(self._path, gone, number)
        added = Appended(
            observations_withdrawn=gone["name"].to_pylist().count("observations"),
            observations_new=self._counts["observations"],
            observations_known=self._counts["known"],
            postings_new=self._counts["postings"],
            rejections_new=self._counts["rejections"] + self._counts["quarantine"],
            documents_new=self._counts["documents"],
            unreadable=self._counts["unreadable"],
            faulty=self._counts["faulty"],
            by_rule=dict(sorted(self._rules.items())),
        )
        log_run(self._path, command, added, number)
        return added

    def _flush_if_full(self) -> None:
        held = len(self._observations) + len(self._postings) + len(self._rejections)
        if held >= self._chunk or self._bytes >= CHUNK_BYTES:
            self._flush()

    def _add_rows(self, rows: Rows) -> None:
        self._flush()
        # of a document that was retrieved twice the later day counts, as in a replay
        documents = rows.get("documents", schema(TABLES["documents"]).empty_table()).sort_by("retrieved_at")
        days = documents["retrieved_at"].to_pylist()
        self._retrieved = dict(zip(documents["sha256"].to_pylist(), days, strict=True))
        for name in ROWS_OF:
            for start in range(0, rows[name].num_rows if name in rows else 0, ROWS):
                self._land({name: rows[name].slice(start, ROWS)})

    def _flush(self) -> None:
        nouns: tuple[list[Any], ...] = (
            self._observations,
            self._postings,
            self._rejections,
            self._documents,
        )
        self._land({name: table_of(TABLES[name], held) for name, held in zip(ROWS_OF, nouns, strict=True)})
        for held in nouns:
            held.clear()
        self._bytes = 0

    def _land(self, rows: Rows) -> None:
        """Commit what is new of some rows, while the next are prepared."""
        given = {name: rows.get(name, schema(TABLES[name]).empty_table()) for name in ROWS_OF}
        judged = judge(given["observations"], self._retrieved, self._contract)
        for name, record in (("observations", "record"), ("postings", "id")):
            self._known.reread(given[name].select(["source", record]).rename_columns(["source", "record"]))
        refused = [*given["rejections"]["rule"].to_pylist(), *judged.refused["rule"].to_pylist()]
        self._counts["unreadable"] += sum(rule in UNREADABLE for rule in refused)
        self._counts["faulty"] += sum(rule in BAD_ROWS for rule in refused)
        fresh = {
            name: self._known.fresh(name, found) if found.num_rows else found
            for name, found in (
                ("observations", judged.kept),
                ("postings", given["postings"]),
                ("rejections", given["rejections"]),
                ("quarantine", judged.refused),
                ("documents", given["documents"]),
            )
        }
        self._counts.update({name: found.num_rows for name, found in fresh.items()})
        self._counts["known"] += judged.kept.num_rows - fresh["observations"].num_rows
        for name in ("rejections", "quarantine"):
            self._rules.update(fresh[name]["rule"].to_pylist())
        self.settle()
        self._committing = self._pool.submit(self._commit, fresh)

    def _commit(self, fresh: Mapping[str, pa.Table]) -> None:
        for name, rows in fresh.items():
            delta.append(self._path / name, rows)

    def settle(self) -> None:
        """Wait until what is being committed has landed.

        Raises:
            StoreError: it cannot be written.
        """
        if self._committing is not None:
            committing, self._committing = self._committing, None
            committing.result()

    def close(self) -> None:
        """Let what is being committed land, and commit nothing more."""
        self._pool.shutdown()


def _parts(items: tuple[T, ...], size: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def withdraw(path: Path, gone: pa.Table, number: int) -> None:
    """Commit that rows (`key`, `revision`) are no longer current, as of the run of a number."""
    keys, revisions = gone["key"].to_pylist(), gone["revision"].to_pylist()
    rows = [
        {"key": digest(key, str(revision)), "row": key, "revision": revision, "run": number}
        for key, revision in zip(keys, revisions, strict=True)
    ]
    delta.append(path / "withdrawn", pa.Table.from_pylist(rows, schema=schema(WITHDRAWN)))


def versions_at(path: Path) -> dict[str, int]:
    """The Delta versions of the evidence's tables."""
    return {name: delta.version_of(path / name) for name in EVIDENCE}


def log_run(path: Path, command: str, added: Appended, number: int) -> None:
    """Commit a run, the last thing that it does."""
    finished = datetime.now(UTC)
    counts = {name: value for name, value in added.as_data().items() if name in schema(RUNS).names}
    row = {
        "key": digest(command, finished.isoformat()),
        "number": number,
        "versions": ".".join(f"{name}-{version}" for name, version in versions_at(path).items()),
        "command": command,
        "finished": finished,
        "code": VERSION,
        **counts,
    }
    delta.append(path / "runs", pa.Table.from_pylist([row], schema=schema(RUNS)))


def write(
    path: Path,
    items: Iterable[Item],
    known: Known,
    *,
    command: str,
    number: int,
    contract: Contract | None = None,
    chunk: int = CHUNK,
) -> Appended:
    """Append items to the tables under `path` as the run of a number.

    Raises:
        StoreError: a table cannot be written; what was committed before stays and is known on repetition.
    """
    writer = Writer(path, known, chunk, contract)
    with closing(writer):
        for document, reading in items:
            writer.add(document, reading)
        return writer.finish(command, number)
