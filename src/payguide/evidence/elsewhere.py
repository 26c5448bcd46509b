"""Where cells are made when not on this machine's DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from payguide.base.errors import UsageError
from payguide.base.figures import Cell, OfficialFigure
from payguide.evidence.distinct import Population
from payguide.evidence.store import Store


@dataclass(frozen=True, slots=True)
class OnSpark:
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
        """
        try:
            from payguide.evidence.cluster import cells_on
            from payguide.evidence.engine.spark import session
        except ModuleNotFoundError as error:
            raise UsageError(
                f"--engine spark needs {error.name}, which is not installed",
                remedy="pip install 'payguide[spark]', and Java 17 or newer",
            ) from error
        return cells_on(session(self.master, self.remote), store, population, official)
