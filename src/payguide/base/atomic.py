"""Files and folders that are written whole or not at all: made beside their place and put there in one step.

What cannot be finished (a full disk, an error, a kill) leaves what was there before as it was. What a killed run left
beside is removed by the next one that writes to the same place.

A folder is exchanged with its place by one system call on Linux and macOS. Where that cannot be (another system, a
mount point, a folder above that may not be written, the folder that the command was started in) its files are renamed
one by one.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import re
import secrets
import shutil
import stat
import sys
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from tempfile import gettempdir
from typing import Final

from payguide.base.errors import UsageError

#: How what is being made is called beside NAME: .NAME.payguide-0123456789abcdef.
_MARK: Final = "payguide-"
_SWAP: Final = 2
_HERE: Final = -100


@contextmanager
def atomic_file(place: Path) -> Iterator[Path]:
    """A path to write one file at; it takes the place of `place` when the block ends without an error.

    A link at `place` is replaced, not followed. What is no file, such as a device or a pipe, is written into.

    Raises:
        OSError: it cannot be written.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    no_file = place.exists() and not place.is_file()
    with _beside(Path(gettempdir()) if no_file else place.parent, place.name) as folder:
        made = folder / place.name
        yield made
        _sync(made)
        if no_file:
            with place.open("wb") as device, made.open("rb") as file:
                shutil.copyfileobj(file, device)
        else:
            made.replace(place)


@contextmanager
def atomic_folder(
    place: Path, own: Callable[[Collection[str]], Collection[str]], last: str = ""
) -> Iterator[Path]:
    """An empty folder to write into; it takes the place of `place` when the block ends without an error.

    Of what lies in `place` the files that `own` names (by their paths below it) go, everything else stays: it is asked
    when all is written, is given the names of the new files, and may refuse. A `place` that is a link stands for the
    folder that it leads to; no link below it is followed. `last` comes last where files are put there one by one.

    Raises:
        UsageError: what stays lies where a new file is to be.
        OSError: it cannot be written.
    """
    place = place.resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    swapped = _can_be_swapped(place)
    with _beside(place.parent if swapped else place, place.name) as folder:
        made = folder / "new"
        made.mkdir()
        yield made
        new = list(entries(made))
        for name in new:
            _sync(made / name)
        # who writes to the same place meanwhile comes before all of this, or after it
        with _held(place.parent if swapped else place):
            found = list(settled(place))
            old = set(own(new)).intersection(found)
            stays = [name for name in found if name not in old]
            _refuse_in_the_way(place, stays, new)
            if swapped and place.exists():
                made.chmod(stat.S_IMODE(place.stat().st_mode))
                for name in stays:
                    _link(place / name, made / name)
            if not place.exists():
                made.rename(place)
            elif not (swapped and _exchange(made, place)):
                _move(made, place, old, last)


def entries(folder: Path, below: str = "") -> Iterator[str]:
    """What lies below a folder, by its path with /, sorted: everything but folders, and folders that are empty, which
    end in /. Links are not followed. Nothing where there is no folder.
    """
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return
    if below and not found:
        yield below
    for entry in found:
        if entry.is_dir(follow_symlinks=False):
            yield from entries(Path(entry.path), f"{below}{entry.name}/")
        else:
            yield below + entry.name


def settled(folder: Path) -> Iterator[str]:
    """`entries`, without what is being made there to take the place of others."""
    return (name for name in entries(folder) if not _is_made_for(folder.name, name.partition("/")[0]))


def _is_made_for(name: str, beside: str) -> bool:
    """Whether something is what a run makes, or left, to take the place of what is named so."""
    return re.fullmatch(rf"\.{re.escape(name)}\.{_MARK}[0-9a-f]{{16}}", beside) is not None


def content(path: Path) -> bytes | None:
    """The bytes of a file; None where there is none, or something else, such as a link."""
    return path.read_bytes() if not path.is_symlink() and path.is_file() else None


@contextmanager
def _beside(parent: Path, name: str) -> Iterator[Path]:
    """A new folder in `parent` to make something named `name` in; removed in the end, as what killed runs left."""
    for entry in os.scandir(parent):
        if _is_made_for(name, entry.name) and entry.is_dir(follow_symlinks=False):
            # who lives holds what it makes
            with suppress(OSError), _held(Path(entry.path), fcntl.LOCK_NB):
                shutil.rmtree(entry.path, ignore_errors=True)
    while True:
        folder = parent / f".{name}.{_MARK}{secrets.token_hex(8)}"
        folder.mkdir()
        with _held(folder):
            # another run may have taken it for one that was left
            if not folder.exists():
                continue
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            return


@contextmanager
def _held(folder: Path, wait: int = 0) -> Iterator[None]:
    """Hold a folder until the block ends, as one process at a time does.

    Raises:
        OSError: it is no folder; with `fcntl.LOCK_NB` also where another process holds it.
    """
    held = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | wait)
        yield
    finally:
        os.close(held)


def _can_be_swapped(place: Path) -> bool:
    """Whether another folder can take a folder's place without anybody losing the ground under their feet."""
    if not place.exists():
        return True
    here = Path.cwd()
    above = os.access(place.parent, os.R_OK | os.W_OK | os.X_OK)
    return above and not place.is_mount() and place not in (here, *here.parents)


def _exchange(made: Path, place: Path) -> bool:
    """Swap two folders in one step; False where the system or the disk cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    one, other = os.fsencode(made), os.fsencode(place)
    if sys.platform == "darwin":
        return bool(libc.renamex_np(one, other, _SWAP) == 0)
    return hasattr(libc, "renameat2") and libc.renameat2(_HERE, one, _HERE, other, _SWAP) == 0


def _move(made: Path, place: Path, old: set[str], last: str) -> None:
    """Rename files into their places one by one, then remove what went."""
    new = sorted(entries(made), key=lambda name: (name == last, name))
    for name in new:
        if name == last:
            for gone in old.difference(new):
                _remove(place, gone)
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).replace(place / name)


def _remove(place: Path, name: str) -> None:
    """Remove a file and the folders that it leaves empty."""
    (place / name).unlink(missing_ok=True)
    for folder in PurePosixPath(name).parents[:-1]:
        with suppress(OSError):
            (place / folder).rmdir()


def _refuse_in_the_way(place: Path, stays: Collection[str], new: Collection[str]) -> None:
    """Refuse to write where something lies that is not ours, or below it, or where a folder of it is."""
    files = {PurePosixPath(name) for name in new}
    folders = {folder for file in files for folder in file.parents}
    for name in stays:
        path = PurePosixPath(name)
        is_folder = name.endswith("/")
        if path in files or (path in folders and not is_folder) or files.intersection(path.parents):
            raise UsageError(
                f"{name} lies where a new file is to be",
                where=str(place),
                remedy="Move it, or name another folder",
            )


def _link(old: Path, new: Path) -> None:
    """Have something lie in another folder too; copied where the disk has no second names."""
    if old.is_dir() and not old.is_symlink():
        new.mkdir(parents=True, exist_ok=True)
        return
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:
        shutil.copy2(old, new, follow_symlinks=False)


def _sync(path: Path) -> None:
    """Have a file's bytes on the disk before its name is: a power cut leaves the old file or the new one."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
