"""Worker processes: what each does first, so that none outlives the command that began it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final, TypeVar

Item = TypeVar("Item")

#: Seconds between two looks at whether the parent lives.
_LOOK: Final = 0.5

#: What a terminal sends to all processes of a command: it is the command's to answer.
_TO_ALL: Final = (signal.SIGINT, signal.SIGHUP)


#: What ends a command.
_ENDING: Final = (*_TO_ALL, signal.SIGTERM)


@contextmanager
def begun_in_peace() -> Iterator[None]:
    """Workers that are forked within are not interrupted before they know what they are (`begin_worker`). Nor is the
    parent: what a signal raises while Python forks is written down and lost, and the command goes on.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def drawn_ahead(items: Iterable[Item], most: int) -> Iterator[Item]:
    """Items in order, each once `most` later ones are drawn: what drawing an item begins is under way meanwhile, and no
    more of it than that is kept.
    """
    waiting: deque[Item] = deque()
    for item in items:
        waiting.append(item)
        if len(waiting) > most:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def begin_worker(parent: int) -> None:
    """Have this process end soon after its parent (a process id), however that ends, SIGKILL too.

    A worker leaves Ctrl-C and a hang-up, which a terminal sends to all processes of a command, to its parent; a signal
    to end ends it without a word. Linux and macOS give an orphan another parent, which is what is looked for; Windows
    does not, and a worker there ends with its task.
    """
    # a server of forks (Python 3.14) stands between a worker and its parent, with which it ends
    above = os.getppid() if multiprocessing.get_start_method() == "forkserver" else parent
    for number in _TO_ALL:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    Thread(target=_end_with, args=(above,), daemon=True).start()


def _end_with(above: int) -> None:
    while os.getppid() == above:
        time.sleep(_LOOK)
    os._exit(1)
