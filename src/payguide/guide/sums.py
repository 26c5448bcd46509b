"""SHA256SUMS: the list of an edition's files with the SHA-256 of each, as `sha256sum --check` reads it.

It says which files of a folder are the edition's own, and whether they are what was written.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final

from payguide.base.atomic import content, entries, settled
from payguide.base.errors import UsageError, WrongShape

#: The name of the list.
SUMS: Final = "SHA256SUMS"

#: The files that make a folder an edition, or one of several, with how their form begins.
_OURS: Final = {"edition.json": b'"payguide-edition/', "editions.json": b'"payguide-editions/'}

_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")


def seal(folder: Path) -> None:
    """Write the list of all that lies in a folder."""
    found = sums(folder, entries(folder))
    (folder / SUMS).write_text("".join(f"{sha256}  {name}\n" for name, sha256 in found.items()), "utf-8")


def listed(folder: Path) -> dict[str, str]:
    """The files that the list names, with their SHA-256; none without a list.

    Raises:
        WrongShape: it is no such list.
    """
    text = content(folder / SUMS)
    lines = (
        []
        if text is None
        else [_LINE.fullmatch(line) for line in text.decode("utf-8", "replace").splitlines()]
    )
    found = {line[2]: line[1] for line in lines if line}
    if len(found) < len(lines) or any(name.startswith("/") or ".." in name.split("/") for name in found):
        remedy = "Build the edition again into another folder"
        raise WrongShape("not a list of files with their SHA-256", where=str(folder / SUMS), remedy=remedy)
    return found


def changed(folder: Path) -> list[str]:
    """What is not as the list says: "missing: NAME", "differs: NAME", "added: NAME". Raises as `listed`."""
    names = (name for name in entries(folder) if name != SUMS)
    return differences(sums(folder, names), listed(folder))


def sums(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of files below a folder, by name; of what is no file but a link, say, "no file"."""
    found = {name: content(folder / name) for name in names}
    return {
        name: "no file" if text is None else hashlib.sha256(text).hexdigest() for name, text in found.items()
    }


def differences(found: Mapping[str, str], expected: Mapping[str, str]) -> list[str]:
    """What is missing, differs or was added, sorted by name."""
    kind = {name: "differs" if name in found else "missing" for name in expected}
    return [
        f"{kind.get(name, 'added')}: {name}"
        for name in sorted(found.keys() | expected.keys())
        if found.get(name) != expected.get(name)
    ]


def own(folder: Path, new: Collection[str] = (), *, force: bool = False) -> set[str]:
    """The files of the edition in a folder, which one with the files `new` may replace; none where nothing is there.

    Raises:
        UsageError: something else lies there, or the edition's files are not what was written and `force` is not given.
    """
    folder = folder.resolve()
    if not next(settled(folder), ""):
        return set()
    try:
        expected, odd = listed(folder), []
    except WrongShape as error:
        expected, odd = {}, [error.found]
    if not any(name in expected or form in (content(folder / name) or b"") for name, form in _OURS.items()):
        raise UsageError(
            "there are files here, and they are no edition's",
            where=str(folder),
            remedy="Name an empty folder or a new one; nothing was changed",
        )
    there = (name for name in expected if os.path.lexists(folder / name))
    odd = odd or differences(sums(folder, there), expected) or ([] if expected else [f"missing: {SUMS}"])
    if odd and not force:
        raise UsageError(
            f"files of the edition here are not what was written ({', '.join(odd[:3])})",
            where=str(folder),
            remedy="Name another folder, or replace them with --force; nothing was changed",
        )
    return {SUMS, *expected} if expected else {*settled(folder)}.intersection(new)
