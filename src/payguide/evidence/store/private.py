"""Files that nobody but their owner may read: evidence may be confidential, and so may what is made of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Final

#: What anybody but the owner may do, as bits of a file's mode.
OTHERS: Final = 0o077

_LOCK: Final = Lock()
_masks: list[int] = []


@contextmanager
def private(folder: Path | None = None) -> Iterator[None]:
    """Folders that are made within are their owner's alone (0700), and so are files (0600), whoever writes them: the
    libraries too. It holds for the whole process until the last who entered has left. A `folder` that is there already
    is closed.
    """
    with _LOCK:
        _masks.append(os.umask(OTHERS))
    try:
        if folder and folder.is_dir():
            close(folder)
        yield
    finally:
        with _LOCK:
            # those who entered later have met this mask already: what was before all of them comes back last
            mask = _masks.pop()
            if not _masks:
                os.umask(mask)


@cache
def _scratch() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="payguide-")


def scratch() -> str:
    """Where this process lays what does not fit into memory: a folder of its owner's alone, which goes with it."""
    return _scratch().name


def close(folder: Path) -> None:
    """Let nobody but its owner into a folder; one that is not ours to close stays as it is."""
    mode = folder.stat().st_mode
    if mode & OTHERS:
        with suppress(PermissionError):
            folder.chmod(mode & ~OTHERS)


def shared(folder: Path) -> list[Path]:
    """What of a folder, itself and all below it, others than its owner may read or write. What lies in a folder that
    is its owner's alone is nobody else's, whatever it says.
    """
    if not folder.stat().st_mode & OTHERS:
        return []
    below = sorted(path for path in folder.iterdir() if not path.is_symlink())
    found = [
        one
        for path in below
        for one in (shared(path) if path.is_dir() else [path] if path.stat().st_mode & OTHERS else [])
    ]
    return [folder, *found]
