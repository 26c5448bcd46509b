"""Where documents are read and cells are made when not by this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from payguide.base.aggregates import Cell, OfficialFigure
from payguide.base.errors import PayguideError, UsageError
from payguide.evidence.store import Store
from payguide.evidence.store.read_batches import Read, Reader, remote_reader
from payguide.evidence.units.distinct import Population

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_REMEDY: Final = (
    "it needs Java 17 or newer here, a URL that answers, and workers with this Python and the same packages "
    "(PYSPARK_PYTHON)"
)


@dataclass(frozen=True, slots=True)
class SparkBackend:
    """Spark: a cluster's `master` URL (default: all cores of this machine), or a Spark Connect server's `remote`
    URL.
    """

    master: str = ""
    remote: str = ""

    def __call__(
        self, store: Store, population: Population, official: Sequence[OfficialFigure]
    ) -> tuple[Cell, ...]:
        """The cells of a store's evidence.

        Raises:
            UsageError: Spark is not installed.
            PayguideError: Spark failed.
        """
        with self._translated():
            from payguide.evidence.spark_jobs import cells_on

            return cells_on(self._session(), store, population, official)

    def reader(self, read: Read) -> Reader:
        """A reader of documents that applies a function on Spark; `read` is one that its workers can import.

        Raises:
            UsageError: Spark is not installed.
            PayguideError: Spark failed; the reader raises it too.
        """
        with self._translated():
            from payguide.evidence.spark_jobs import read_on

            spark = read_on(self._session(), read)

        def executor(sent: pa.Table) -> pa.Table:
            with self._translated():
                return spark(sent)

        return remote_reader(read, executor)

    def _session(self) -> SparkSession:
        from payguide.evidence.engine.spark import session

        return session(self.master, self.remote)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what Spark raises into an error of ours."""
        try:
            from py4j.protocol import Py4JError
            from pyspark.errors import PySparkException

            try:
                yield
            except (PySparkException, Py4JError) as error:
                where = self.remote or self.master or "Spark on this machine"
                raise PayguideError(
                    f"Spark failed: {_first_error(str(error))}", where=where, remedy=_REMEDY
                ) from error
        except ModuleNotFoundError as error:
            raise UsageError(
                f"--engine spark needs {error.name}, which is not installed",
                remedy="pip install 'payguide[spark]', and Java 17 or newer",
            ) from error


def _first_error(trace: str) -> str:
    """What a trace says, Python's or Java's, in one line: "ValueError: ..."."""
    lines = [line.removeprefix(": ") for line in trace.splitlines()] or [""]
    names = (line.partition(":")[0] for line in lines)
    errors = (name.endswith(("Error", "Exception")) and " " not in name for name in names)
    return next((line for line, error in zip(lines, errors, strict=True) if error), lines[0]).rstrip(".")
