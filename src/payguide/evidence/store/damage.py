"""What is lost of a store and how that is known, and how it is made fit to be written to again.

A table that is older than the last run left it has lost commits. A log of runs that ends before the last run has lost
that run: the number of the last one stands in a file beside the tables too. What is damaged is set aside (`_damaged/`)
before a store is written to, never deleted by that. Of which runs it took rows is noted in the log of runs, and the
evidence is not read until their commands have been repeated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from pyarrow import fs

from payguide.base.errors import StoreError
from payguide.evidence.store import delta, log, s3
from payguide.evidence.store.location import Location
from payguide.evidence.store.log import Damaged
from payguide.evidence.store.revisions import versions_of
from payguide.evidence.tables import EVIDENCE, RUNS, TABLES, schema

#: Where the number of the last run stands.
LAST: Final = "last_run"

#: Where what is damaged of a table is set aside, in its folder.
ASIDE: Final = "_damaged"

Run = Mapping[str, Any]

#: The first and the last commit of a table that were lost.
Lost = tuple[int, int]
_END: Final = 1 << 62


def last_number(place: Location) -> int:
    """The number of the last run that is known to have ended; 0 where none is.

    Raises:
        Damaged: it cannot be read.
    """
    try:
        with delta.guarded(place):
            return int(log.read_if_there(place / LAST) or 0)
    except ValueError:
        raise Damaged(
            "the number of the last run is damaged", where=str(place / LAST), remedy=log.REMEDY
        ) from None


def note_last(place: Location, number: int) -> None:
    """Note that a run has ended.

    Raises:
        StoreError: it cannot be written.
    """
    with delta.guarded(place, writing=True):
        s3.write(place / LAST, f"{number}\n".encode())


def rows_of(runs: delta.Table) -> list[dict[str, Any]]:
    """The rows of the table of runs, the first run first."""
    return sorted(runs.rows(schema(RUNS)), key=lambda run: int(run["number"]))


def ended(place: Location, last: int, runs: delta.Table) -> list[dict[str, Any]]:
    """The runs, the first one first, where none is lost and no rows of one; `last` was read before them.

    Raises:
        Damaged: one is, or rows are.
    """
    rows = rows_of(runs)
    number = rows[-1]["number"] if rows else 0
    if number < last:
        raise Damaged(
            f"run {last} is lost: the log of runs ends with run {number}",
            where=str(runs.location),
            remedy=log.REMEDY,
        )
    if runs.owed:
        raise still_owed(place, runs.owed)
    return rows


def still_owed(place: Location, commands: Iterable[str]) -> Damaged:
    """The error of evidence that lacks the rows of some runs."""
    again = "; ".join(f"payguide {command}" for command in commands)
    return Damaged(
        "rows that runs have added are lost",
        where=str(place),
        remedy=f"repeat these, with --evidence {place}: {again}; "
        "an earlier version may still read: payguide evidence show --evidence DIR --version N",
    )


def check_versions(tables: Mapping[str, delta.Table], run: Run | None) -> None:
    """See that no table is older than a run left it.

    Raises:
        Damaged: one is.
    """
    for name, version in versions_of(run).items() if run else ():
        at = tables[name].version if name in tables else 0
        if run and at < version:
            raise Damaged(
                f"commits of {name} are lost: run {run['number']} left version {version}, the log ends with {at}",
                where=str(tables[name].location if name in tables else name),
                remedy=log.REMEDY,
            )


def set_aside(place: Location) -> None:
    """Set aside what is damaged in a store that nobody else writes to meanwhile, and note which commands must be
    repeated for the rows to come back.

    Raises:
        CommitConflict: another has written nevertheless.
        StoreError: the store can be neither read nor written.
    """
    lost, bad = {}, {}
    with delta.guarded(place, writing=True):
        for name, columns in TABLES.items():
            lost[name], came = _sound_log(place / name, schema(columns))
            table = delta.Table(place / name, complete=False)
            bad[name] = [file for file in table.state.files if not _whole(place / name / file)]
            lost[name] += [came.get(file, (0, _END)) for file in bad[name]]
        _drop(place / "runs", bad.pop("runs"))
        runs = delta.Table(place / "runs")
        rows = rows_of(runs)
        for name, version in versions_of(rows[-1]).items() if rows else ():
            lost[name].append((delta.Table(place / name, complete=False).version + 1, version))
        # noted before anything is dropped: who is killed from here on leaves evidence that is known to be incomplete
        commands = list(dict.fromkeys([*runs.owed, *_commands(rows, lost)]))
        if commands != runs.owed:
            runs.owed = commands
            runs.commit()
        for name, files in bad.items():
            _drop(place / name, files)


def _commands(runs: Sequence[Run], lost: Mapping[str, Sequence[Lost]]) -> Iterator[str]:
    """The commands of the runs that made commits which are lost."""
    before: Mapping[str, int] = {}
    for run in runs:
        after = versions_of(run)
        for name in EVIDENCE:
            made = range(before.get(name, 0) + 1, after.get(name, 0) + 1)
            if made and any(first <= made[-1] and made[0] <= last for first, last in lost[name]):
                yield str(run["command"])
        before = after


def _sound_log(location: Location, columns: Any) -> tuple[list[Lost], Mapping[str, Lost]]:
    """Set aside the entries of a table's log from the first damaged one on, and checkpoints with them or where they are
    damaged; the commits that are lost by that, and of each file the commits whose rows it has.
    """
    came: dict[str, Lost] = {}
    good = -1
    with suppress(Damaged):
        for good, _, added in log.replay(location):
            joined = log.SAME_ROWS in log.note(log.entry(location, good))
            came |= dict.fromkeys(added, (0 if joined else good, good))
    over = [version for version in log.versions(location) if version > good]
    if over or not _opens(location):
        for name in (*log.checkpoints(location), "_last_checkpoint"):
            _move(location, f"{log.FOLDER}/{name}")
    for version in over:
        _move(location, f"{log.FOLDER}/{version:020}.json")
    delta.create(location, columns)
    return [(good + 1, _END)] if over else [], came


def _opens(location: Location) -> bool:
    """Whether the newest state of a table can be read, and is the one that was made."""
    try:
        delta.Table(location, complete=False)
    except StoreError:
        return False
    return True


def _whole(file: Location) -> bool:
    try:
        return log.sound(file) is not False
    except Damaged:
        return False


def _drop(location: Location, names: Sequence[str]) -> None:
    """Let a table no longer list files, and set aside those that are there."""
    if names:
        delta.Table(location, complete=False).commit(without=names)
    for name in names:
        _move(location, name)


def _move(location: Location, name: str) -> None:
    """Move a file of a table that is there to where nothing reads it."""
    files, path = s3.opened(location / name)
    if files.get_file_info(path).type == fs.FileType.File:
        aside = s3.opened(location / ASIDE)[1]
        if isinstance(location, Path):
            (location / ASIDE).mkdir(exist_ok=True)
        files.move(path, f"{aside}/{name.rpartition('/')[2]}")
