"""What is wanted of live boards."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from payguide.base.errors import UsageError
from payguide.collect import cards

#: Boards that are visited at the same time.
WORKERS: Final = 8

#: Whether a posting of this title is wanted, where its text must be asked for by itself.
Wanted = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of live boards: `since` a day, at most `limit` postings a board; `terms`, hosts `allowed`."""

    retrieved: date | None = None
    since: date | None = None
    limit: int | None = None
    allowed: Collection[str] = ()
    terms: Collection[str] = ()
    workers: int = WORKERS
    wanted: Wanted = lambda _: True

    def __post_init__(self) -> None:
        """Refuse leave for what is not closed: it is spelt otherwise.

        Raises:
            UsageError: a source of `terms` is none that is closed.
        """
        closed = [name for name in cards.live() if cards.closed(name)]
        if unknown := sorted(set(self.terms).difference(closed)):
            remedy = f"those that are: {', '.join(closed)}"
            raise UsageError(f"{unknown[0]!r} is no source that is closed", remedy=remedy)

    @property
    def whole(self) -> bool:
        """Whether all postings of each board are wanted: only then need they not be read again."""
        return self.since is None and self.limit is None
