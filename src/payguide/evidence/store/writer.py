"""Appending readings to a store: in chunks of bounded size, judged by the contract, each thing once.

The commits of a chunk go observations, postings, rejections, quarantine, documents: a document is on record only
when all that was read from it is. Every row has a stable key and is left out if the key is known and says the same,
so a run that was killed anywhere is simply repeated: what was written is known. At its end a run withdraws what the
records it read no longer state, also from quarantine. Others may write at the same time (`run`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final, TypeVar

import pyarrow as pa

from payguide.base.errors import InputError, MissingColumn, UnreadableFile, WrongShape
from payguide.base.inputs import Document, Observation, Posting, Reading, Rejection
from payguide.evidence.contract.rules import judge
from payguide.evidence.store import delta
from payguide.evidence.store.run import PendingWrite, Run
from payguide.evidence.tables import TABLES, schema, table_of

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
    "absurd_pay", "band_runs_backwards", "band_too_wide", "broken_row", "far_from_prevailing_wage", "negative_pay",
    "no_amount", "not_a_number", "total_below_base", "unknown_currency", "unknown_period", "unknown_posting_shape",
    "unread_pay", "years_out_of_range", "zero_pay", "amounts_are_positive", "low_is_not_above_high",
    "currency_is_known", "annual_pay_is_plausible", "date_is_plausible",
})  # fmt: skip

#: Rows by table: of observations, postings, rejections and documents. A table that is left out has none.
Rows = Mapping[str, pa.Table]

#: A document (None: a file that gave none, or rows) and what was read of it; or the rows of many documents.
Item = tuple[Document | None, Reading | Rows]
T = TypeVar("T")

#: The tables that are given, in the order in which they are written.
_GIVEN: Final = ("observations", "postings", "rejections", "documents")


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
    """Collects readings and commits them chunk by chunk, as one run."""

    def __init__(self, run: Run, chunk: int = CHUNK) -> None:
        self._run = run
        self._chunk = chunk
        self._observations: list[Observation] = []
        self._postings: list[Posting] = []
        self._rejections: list[Rejection] = []
        self._documents: list[Document] = []
        #: The document of which parts come.
        self._reading: Document | None = None
        self._bytes = 0
        self._retrieved: dict[str, date] = {}
        self._counts: Counter[str] = Counter()
        self._rules: Counter[str] = Counter()
        # one thread: chunks are written one after the other, a chunk's tables in their order
        self._pool = ThreadPoolExecutor(1)
        self._committing: tuple[list[PendingWrite], Future[None]] | None = None

    def add(self, document: Document | None, reading: Reading | Rows) -> None:
        """Take one document's reading, or the next part of it, or rows; commits as often as a chunk is full."""
        if document is not self._reading:
            self._read_whole()
            self._reading = document
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

    def _read_whole(self) -> None:
        """Put the document that was being read on record: all of it has come."""
        if self._reading is not None:
            self._documents.append(self._reading)
            self._bytes += len(self._reading.content)
            self._reading = None
            self._flush_if_full()

    def finish(self, command: str, *, complete: bool = True) -> Appended:
        """Commit what is left, what is withdrawn, and the run itself."""
        self._read_whole()
        self._flush()
        self.settle()
        for _ in delta.retries(self._run.location):
            self._count(self._run.reassert())
            gone = self._run.keys.withdrawn()
            self._run.withdraw(gone)
            self._counts["withdrawn"] += gone["name"].to_pylist().count("observations")
            added = self._added()
            if self._run.end(command, added.as_data(), complete=complete):
                return added
        raise AssertionError("the last retry raises")

    def _added(self) -> Appended:
        return Appended(
            observations_withdrawn=self._counts["withdrawn"],
            observations_new=self._counts["observations"],
            observations_known=self._counts["known"],
            postings_new=self._counts["postings"],
            rejections_new=self._counts["rejections"] + self._counts["quarantine"],
            documents_new=self._counts["documents"],
            unreadable=self._counts["unreadable"],
            faulty=self._counts["faulty"],
            by_rule=dict(sorted(self._rules.items())),
        )

    def _flush_if_full(self) -> None:
        held = len(self._observations) + len(self._postings) + len(self._rejections)
        if held >= self._chunk or self._bytes >= CHUNK_BYTES:
            self._flush()

    def _add_rows(self, rows: Rows) -> None:
        self._flush()
        given = {**_without_rows(), **rows}
        # of a document that was retrieved twice the later day counts, as in a revalidation
        documents = given["documents"].sort_by("retrieved_at")
        days = documents["retrieved_at"].to_pylist()
        self._retrieved = dict(zip(documents["sha256"].to_pylist(), days, strict=True))
        for name, table in given.items():
            for start in range(0, table.num_rows, ROWS):
                self._write({name: table.slice(start, ROWS)})

    def _flush(self) -> None:
        held = (self._observations, self._postings, self._rejections, self._documents)
        nouns: Mapping[str, list[Any]] = dict(zip(_GIVEN, held, strict=True))
        self._write({name: table_of(TABLES[name], some) for name, some in nouns.items()})
        for some in nouns.values():
            some.clear()
        self._bytes = 0

    def _write(self, rows: Rows) -> None:
        """Commit what is new of some rows, while the next are prepared."""
        given = {**_without_rows(), **rows}
        judged = judge(given["observations"], self._retrieved, self._run.contract)
        for name, record in (("observations", "record"), ("postings", "id")):
            read = given[name].select(["source", record]).rename_columns(["source", "record"])
            self._run.keys.reread(read)
        refused = [*given["rejections"]["rule"].to_pylist(), *judged.refused["rule"].to_pylist()]
        self._counts["unreadable"] += sum(rule in UNREADABLE for rule in refused)
        self._counts["faulty"] += sum(rule in BAD_ROWS for rule in refused)
        self._counts["known"] += judged.kept.num_rows
        writes = self._run.judged({
            "observations": judged.kept,
            "postings": given["postings"],
            "rejections": given["rejections"],
            "quarantine": judged.refused,
            "documents": given["documents"],
            **({"openings": given["openings"]} if "openings" in given else {}),
        })  # fmt: skip
        self.settle()
        self._committing = writes, self._pool.submit(self._run.commit, writes)

    def settle(self) -> None:
        """Wait until what is being committed is written.

        Raises:
            StoreError: it cannot be written.
        """
        if self._committing is not None:
            (writes, committing), self._committing = self._committing, None
            try:
                committing.result()
            except delta.CommitConflict:
                self._run.write(writes)
            self._counts["known"] -= writes[0].fresh.num_rows
            self._count(writes)

    def _count(self, written: Sequence[PendingWrite]) -> None:
        for pending in written:
            self._counts[pending.name] += pending.fresh.num_rows
            if pending.name in ("rejections", "quarantine"):
                self._rules.update(pending.fresh["rule"].to_pylist())

    def close(self) -> None:
        """Let what be written that is being committed, and commit nothing more."""
        self._pool.shutdown()


def _parts(items: tuple[T, ...], size: int) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def write(
    run: Run, items: Iterable[Item], *, command: str, complete: Callable[[], bool], chunk: int = CHUNK
) -> Appended:
    """Append items as a run, which is `complete` or not once they have all come.

    Raises:
        StoreError: a table cannot be written; what was committed before stays and is known on repetition.
    """
    writer = Writer(run, chunk)
    with closing(writer):
        for document, reading in items:
            writer.add(document, reading)
        return writer.finish(command, complete=complete())


def _without_rows() -> Rows:
    """The tables that are given, without rows."""
    return {name: schema(TABLES[name]).empty_table() for name in _GIVEN}
