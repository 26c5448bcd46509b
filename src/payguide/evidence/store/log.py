"""What a table's log says, commit by commit, and the seal by which a state of the table is known again.

A seal stands in the commit that makes a state. It covers all that is read of the state: the names of its files, which
are the SHA-256 of their bytes, the largest revision in each, the columns and the settings. So whichever log entries and
checkpoints a state was put together from, one that lost a bit, a line or a commit gives another seal.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import DeltaTable
from pyarrow import fs

from payguide.base.errors import StoreError
from payguide.evidence.store import s3
from payguide.evidence.store.location import Location

FOLDER: Final = "_delta_log"

#: Beside the tables while evidence is erased: what is to go. Until that is done states are not those that were made.
ERASING: Final = "erasing.json"

#: What a commit says of itself beside what Delta Lake has it say: the seal of the state that it makes; that it leaves
#: the rows as they are; in the log of runs the commands whose rows were lost and have not come back.
SEAL, SAME_ROWS, OWED = "payguide_seal", "payguide_same_rows", "payguide_owed"

#: The name of a file that says what its bytes are.
_SEALED: Final = re.compile(r"part-([0-9a-f]{64})\.parquet")
_PIECE: Final = 8 << 20

REMEDY: Final = (
    "collect the same sources into it again: what is damaged is set aside and what is missing comes back; "
    "an earlier version may still read: payguide evidence show --evidence DIR --version N"
)


class Damaged(StoreError):
    """What is kept is not what was written."""


def missing(file: Location | str) -> Damaged:
    """The error of a file that is listed and not there."""
    return Damaged("a file that the evidence lists is missing", where=str(file), remedy=REMEDY)


def not_written(file: Location | str) -> Damaged:
    """The error of a file whose bytes are others."""
    return Damaged("its bytes are not those that were written", where=str(file), remedy=REMEDY)


@dataclass(frozen=True, slots=True)
class State:
    """What a version of a table is: its files with the largest revision in each, its columns and its settings, the two
    as JSON.
    """

    files: Mapping[str, int | None] = field(default_factory=dict)
    columns: str = "null"
    settings: str = "null"

    def seal(self) -> str:
        """64 hex digits that stand for it."""
        said = [sorted(self.files.items()), json.loads(self.columns), json.loads(self.settings)]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def after(self, added: Mapping[str, int | None], removed: Iterable[str] = ()) -> State:
        """The state once files have come and gone."""
        gone = frozenset(removed)
        left = {name: most for name, most in self.files.items() if name not in gone}
        return replace(self, files={**left, **added})


def state_of(table: DeltaTable) -> State:
    """The state of a table as the library has read it."""
    files = pa.table(table.get_add_actions(flatten=True))
    names = map(name_of, files["path"].to_pylist())
    there = "max.revision" in files.column_names
    most = files["max.revision"].to_pylist() if there else [None] * files.num_rows
    return State(
        dict(zip(names, most, strict=True)),
        table.schema().to_json(),
        json.dumps(table.metadata().configuration, sort_keys=True),
    )


def name_of(path: str) -> str:
    """The name of a file that a log entry lists."""
    return unquote(path).rpartition("/")[2]


def revision_in(stats: str | None) -> int | None:
    """The largest revision that a log entry says a file has."""
    most: int | None = json.loads(stats or "{}").get("maxValues", {}).get("revision")
    return most


def entry(location: Location, version: int) -> list[Mapping[str, Any]]:
    """The actions of a commit.

    Raises:
        Damaged: there are none, or they are no JSON.
    """
    place = location / FOLDER / f"{version:020}.json"
    try:
        actions = [json.loads(line) for line in read(place).splitlines() if line.strip()]
    except (ValueError, FileNotFoundError) as error:
        raise Damaged(f"an entry of the log is damaged: {error}", where=str(place), remedy=REMEDY) from None
    if not all(isinstance(action, dict) for action in actions):
        raise Damaged("an entry of the log is damaged", where=str(place), remedy=REMEDY)
    return actions


def note(actions: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What a commit says of itself."""
    return next((action["commitInfo"] for action in actions if "commitInfo" in action), {})


def check(location: Location, version: int, state: State) -> Mapping[str, Any]:
    """What the commit of a version says of itself, once the state that was read is the one that it made. What was
    committed before there were seals has none.

    Raises:
        Damaged: it is another state, or the seal is lost.
    """
    said = note(entry(location, version))
    if SEAL not in said:
        for earlier in range(version):
            if SEAL in note(entry(location, earlier)):
                raise _broken(location, version, "bears no seal, as an earlier one does")
    elif said[SEAL] != state.seal() and not _is_erased(location):
        raise _broken(location, version, "made another state than the one that is read")
    return said


def _broken(location: Location, version: int, found: str) -> Damaged:
    return Damaged(f"the log is damaged: its commit {version} {found}", where=str(location), remedy=REMEDY)


def replay(location: Location) -> Iterator[tuple[int, State, frozenset[str]]]:
    """Each version of a table from its log entries alone, and the files that came with it, as long as each follows the
    one before and bears out its seal.

    Raises:
        Damaged: an entry does not; those before it have been given.
    """
    state, sealed = State(), False
    for expected, version in enumerate(versions(location)):
        if version != expected:
            raise _broken(location, expected, "is not there")
        actions = entry(location, version)
        try:
            state = applied(state, actions)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise _broken(location, version, f"cannot be read ({error!r})") from None
        seal = note(actions).get(SEAL)
        if (sealed or seal) and seal != state.seal() and not _is_erased(location):
            raise _broken(location, version, "does not make the state that its seal stands for")
        sealed = sealed or bool(seal)
        yield version, state, frozenset(name_of(a["add"]["path"]) for a in actions if "add" in a)


def _is_erased(location: Location) -> bool:
    return read_if_there(location.parent / ERASING) is not None


def applied(state: State, actions: Iterable[Mapping[str, Any]]) -> State:
    """The state that the actions of a commit make of the one before.

    Raises:
        KeyError, TypeError, AttributeError, ValueError: they are no actions.
    """
    added: dict[str, int | None] = {}
    removed: list[str] = []
    for action in actions:
        for said in _all(action, "metaData"):
            settings = json.dumps(said["configuration"], sort_keys=True)
            state = replace(state, columns=said["schemaString"], settings=settings)
        added.update((name_of(one["path"]), revision_in(one.get("stats"))) for one in _all(action, "add"))
        removed += [name_of(one["path"]) for one in _all(action, "remove")]
    return state.after(added, removed)


def _all(action: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [action[kind]] if action.get(kind) else []


def checkpoint(location: Location, name: str) -> State:
    """The state that a checkpoint tells of.

    Raises:
        Damaged: it cannot be read.
    """
    place = location / FOLDER / name
    try:
        rows = pq.read_table(pa.BufferReader(read(place)), columns=["add", "metaData"]).to_pylist()
        for row in rows:
            if row["metaData"]:
                row["metaData"]["configuration"] = dict(row["metaData"]["configuration"])
        return applied(State(), rows)
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise Damaged(f"a checkpoint is damaged: {error}", where=str(place), remedy=REMEDY) from None


def versions(location: Location) -> list[int]:
    """The versions of which there are log entries, in order."""
    return [int(name[:20]) for name in names(location / FOLDER) if re.fullmatch(r"\d{20}\.json", name)]


def checkpoints(location: Location) -> list[str]:
    """The names of a table's checkpoints."""
    return [name for name in names(location / FOLDER) if ".checkpoint." in name]


def names(folder: Location) -> list[str]:
    """The files in a folder, sorted; none where there is no folder."""
    files, path = s3.opened(folder)
    found = files.get_file_info(fs.FileSelector(path, allow_not_found=True))
    return sorted(info.base_name for info in found if info.type == fs.FileType.File)


def read(place: Location) -> bytes:
    """The bytes of a small file."""
    files, path = s3.opened(place)
    with files.open_input_stream(path) as file:
        content: bytes = file.read()
        return content


def read_if_there(place: Location) -> bytes | None:
    """The bytes of a small file; None where there is none."""
    try:
        return read(place)
    except FileNotFoundError:
        return None


def is_sealed(name: str) -> bool:
    """Whether a file's name says what its bytes are."""
    return _SEALED.fullmatch(name) is not None


def sound(file: Location) -> bool | None:
    """Whether a file's bytes are those that its name stands for; None where its name stands for none.

    Raises:
        Damaged: there is no such file.
    """
    expected = _SEALED.fullmatch(file.name)
    files, path = s3.opened(file)
    if files.get_file_info(path).type != fs.FileType.File:
        raise missing(file)
    if not expected:
        return None
    with files.open_input_stream(path, buffer_size=_PIECE) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == expected[1]
