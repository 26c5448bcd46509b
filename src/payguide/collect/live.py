"""Many live boards in one run: visited side by side by a few workers, through one client and one view of every host.

A board that fails is one error; the others go on. What has been read of a board comes whole, in the order in which the
boards end, and no more of them are held than there are workers.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Full, Queue
from threading import Event, Lock, Thread
from typing import Final

from payguide.base.credentials import without_credentials
from payguide.base.errors import InputError, PayguideError, SourceUnavailable, UsageError
from payguide.base.inputs import Document, Rejection
from payguide.collect import cards
from payguide.collect.boards import Visit, refuse_terms, today
from payguide.collect.client import Client, asked_for
from payguide.collect.connectors import connector_of
from payguide.collect.wish import Wish

#: The packaged list of employers and their boards (tools/starter_boards.py).
STARTERS: Final = Path(__file__).with_name("starter_boards.toml")
_WAIT_S: Final = 0.2

_Found = Future[list[Document | Rejection]]

#: Told that a board is done: which, how many are, and of how many.
Tick = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class BoardName:
    """A board by its source and its name there, with its employer's name where a list gives it."""

    source: str
    org: str
    employer: str = ""

    @property
    def spec(self) -> str:
        """The board as the command line names it; keys that an address may carry are left out."""
        return without_credentials(f"{self.source}:{self.org}")


def board_named(spec: str, employer: str = "") -> BoardName:
    """The live board that a spec names.

    Raises:
        UsageError: it names none.
    """
    source, _, org = spec.partition(":")
    name = BoardName(source, org.strip(), employer)
    if source not in cards.live():
        kinds = ", ".join(cards.live())
        raise UsageError(f"{source!r} is no kind of board", where=name.spec, remedy=f"one of {kinds}")
    if not name.org:
        raise UsageError(f"{source}: names no employer", remedy=f"name its board, e.g. {source}:acme")
    form = str(cards.told(source).get("form", "ORG"))
    if form == "URL":
        asked_for(name.org)
    elif "/" in form:
        parts = name.org.split("/")
        if len(parts) != form.count("/") + 1 or not all(parts):
            raise UsageError(f"{name.spec} is not complete", remedy=f"write it as {source}:{form}")
        asked_for(f"https://{parts[0]}/")
    return name


def boards_in(path: Path) -> list[BoardName]:
    """The boards that a file lists: `[[employer]]` tables with `board` and, if known, `name`.

    Raises:
        InputError: there is no such file, or it is no such list.
        UsageError: a board of it is none.
    """
    remedy = 'write each as [[employer]] with name = "Acme" and board = "greenhouse:acme"'
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["employer"]
        listed = [(entry["board"], entry.get("name", "")) for entry in entries]
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            "the list of employers cannot be read", where=str(path), remedy="check the path"
        ) from error
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"it is no list of employers ({error})", where=str(path), remedy=remedy) from error
    if not all(isinstance(board, str) and isinstance(name, str) for board, name in listed):
        raise InputError("a board or a name that is no text", where=str(path), remedy=remedy)
    return list({name.spec: name for name in (board_named(*each) for each in listed)}.values())


@dataclass(slots=True)
class Live:
    """A run over live boards. Once `documents` has ended `visits` say what was seen, and `failed` what failed."""

    boards: Sequence[BoardName]
    client: Client
    wish: Wish = field(default_factory=Wish)
    visits: list[Visit] = field(default_factory=list)
    failed: list[PayguideError] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _stop: Event = field(default_factory=Event)

    def documents(self, tick: Tick = lambda *_: None) -> Iterator[Document | Rejection]:
        """The postings of all boards."""
        waiting = iter(self.boards)
        done: Queue[_Found] = Queue(self.wish.workers)
        for _ in range(min(self.wish.workers, len(self.boards))):
            # a worker that waits for a host keeps nobody from ending
            Thread(target=self._work, args=(waiting, done), daemon=True).start()
        try:
            for count, _ in enumerate(self.boards, 1):
                yield from done.get().result()
                tick("asking boards", count, len(self.boards))
        finally:
            self._stop.set()

    def _work(self, waiting: Iterator[BoardName], done: Queue[_Found]) -> None:
        while not self._stop.is_set():
            with self._lock:
                board = next(waiting, None)
            if board is None:
                return
            found: _Found = Future()
            try:
                found.set_result(self._visited(board))
            finally:
                # whatever has gone wrong is raised where the postings are waited for
                if error := sys.exception():
                    found.set_exception(error)
                self._hand_over(found, done)

    def _hand_over(self, found: _Found, done: Queue[_Found]) -> None:
        while not self._stop.is_set():
            with suppress(Full):
                done.put(found, timeout=_WAIT_S)
                return

    def _visited(self, board: BoardName) -> list[Document | Rejection]:
        """What a board brings; where it fails what came before still counts, and nothing of it is closed."""
        wish = self.wish
        visit = Visit(
            board.source, board.org, self.client, wish.retrieved or today(), board.employer,
            wish.wanted, wish.since, wish.limit,
        )  # fmt: skip
        found: list[Document | Rejection] = []
        try:
            refuse_terms(visit, wish.terms)
            found.extend(connector_of(board.source)(visit))
        except (InputError, SourceUnavailable, UsageError) as error:
            visit.complete = False
            visit.keys.clear()
            with self._lock:
                self.failed.append(error if error.where else type(error)(
                    error.found, where=board.spec, remedy=error.remedy))  # fmt: skip
        with self._lock:
            self.visits.append(visit)
        return found

    def landed(self, mark: str) -> None:
        """Note that all that was read is in evidence: it is not read again while it stays as it is."""
        if self.wish.whole:
            self.client.answers.land(
                (key for visit in self.visits if not visit.cut for key in visit.keys), mark
            )
