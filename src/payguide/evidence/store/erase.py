"""Erasing confidential evidence: from every version of every table, for good, and the proof that it is gone.

Old versions stay readable, without what was erased. Every data file that holds some of it is written again without,
under a new name, and the log is made to name the new one, entry by entry from the newest to the oldest: an entry that
took the old file away takes both away before any entry lists the new one. So whatever moment a process is killed at,
each version holds each row that stays once, and the erasing is simply repeated: what is to go stands in a file of its
own until it is done. Documents go last: as long as anything of a source is there, it is known to be confidential.

Then every file below the evidence is read and searched for what was erased: texts and amounts that no other evidence
states.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, Final
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable

from payguide.base import codes
from payguide.base.errors import InputError, StoreError
from payguide.evidence.store import backtest_store, damage, delta, log, s3
from payguide.evidence.store.location import S3, Location
from payguide.evidence.store.queries import Queries
from payguide.evidence.store.sources import confidential
from payguide.evidence.store.words import Searched, Secret, search, words
from payguide.evidence.tables import TABLES

#: The column that names the record, of the tables whose rows are of one.
_RECORD: Final = {"observations": "record", "quarantine": "record", "postings": "id"}

#: The tables whose rows are of one source.
_OF_A_SOURCE: Final = frozenset((*_RECORD, "rejections", "documents"))

#: The tables that hold evidence, in the order in which they are written again.
_ORDER: Final = ("observations", "quarantine", "postings", "rejections", "runs", "documents", "withdrawn")

_ROWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Target:
    """What is to go: a source, or of a source one record with all that it states."""

    source: str
    record: str = ""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: rows by table, in any version; what was searched for it, and what of it was found. `editions`
    are known to have been built from the evidence: a report for its owner may hold it, and is not here.
    """

    rows: Mapping[str, int]
    searched: Searched = field(default_factory=Searched)
    editions: tuple[str, ...] = ()

    def as_data(self) -> dict[str, object]:
        """The same as plain data."""
        return asdict(self)


#: Rows of a table, without what is to go.
_Kept = Callable[[pa.Table], pa.Table]


def target_of(evidence: Queries, identity: str) -> Target:
    """The confidential source of a name, or the record of an observation of such a source by its key.

    Raises:
        InputError: there is no such thing, or it is public.
    """
    under_way = _under_way(evidence.path)
    if under_way and identity in (under_way["asked"], under_way["source"]):
        return Target(under_way["source"], under_way["record"])
    with evidence.connected() as connection:
        secret, sources = confidential(connection), evidence.counts_by_source()
    found = evidence.rows(
        "SELECT DISTINCT source, record FROM (SELECT key, source, record FROM observations_ever UNION ALL "
        "SELECT observation, source, record FROM quarantine_ever) WHERE starts_with(key, $key)",
        {"key": identity},
    )
    target = Target(identity) if identity in {*secret, *sources} else None
    if target is None and identity and len(found) == 1:
        target = Target(found[0]["source"], found[0]["record"])
    if target is None:
        remedy = "payguide evidence show --evidence DIR lists the sources, payguide build --own shows what they say"
        raise InputError(
            f"no source and no observation is called {identity!r}", where=str(evidence.path), remedy=remedy
        )
    if target.source not in secret:
        raise InputError(
            f"{target.source} is a public source: only confidential evidence is erased",
            where=str(evidence.path), remedy="Collect what you need into a new folder",
        )  # fmt: skip
    return target


def planned(place: Location, target: Target) -> dict[str, int]:
    """How many rows would go, in all versions, by table; the same row may lie in several files."""
    counts: Counter[str] = Counter()
    for name, rows in _all_rows(place):
        if name in _OF_A_SOURCE:
            counts[name] += rows.num_rows - _without(name, target)(rows).num_rows
    return {name: n for name, n in counts.items() if n}


def erase(place: Location, target: Target, asked: str) -> Erased:
    """Erase it, while nobody else writes.

    Raises:
        StoreError: a table can be neither read nor written.
    """
    with delta.guarded(place, writing=True):
        rows, secret = planned(place, target), _needles(place, target)
        told = {
            "asked": asked,
            "source": target.source,
            "record": target.record,
            "needles": sorted(secret.values),
        }
        s3.write(place / log.ERASING, json.dumps(told).encode())
        names = _document_names(place, target)
        for name in _ORDER:
            kept = _without_orphans(place) if name == "withdrawn" else _without(name, target, names)
            _rewrite(place / name, kept)
        # a back-test may have been made with what is erased
        _delete(place, backtest_store.FILE)
        _delete(place, f"{log.ERASING}.")
        found = search(place, secret, passing_over=log.ERASING)
        _delete(place, log.ERASING)
    return Erased(rows, found)


def _under_way(place: Location) -> dict[str, Any] | None:
    text = log.read_if_there(place / log.ERASING)
    found: dict[str, Any] | None = json.loads(text) if text else None
    return found


def _needles(place: Location, target: Target) -> Secret:
    """What only the evidence that goes states; that of an erasing that was interrupted too."""
    before = _under_way(place)
    gone: set[str] = set(before["needles"]) if before else set()
    for name, rows in _all_rows(place):
        if name in _OF_A_SOURCE:
            gone |= words(rows.filter(_going(name, rows, target)))
    staying = (
        rows.filter(pc.invert(_going(name, rows, target))) if name in _OF_A_SOURCE else rows
        for name, rows in _all_rows(place)
        if name not in ("runs", "withdrawn")
    )
    return Secret.of(gone - _vocabulary(), map(words, staying))


def _vocabulary() -> set[str]:
    """The words that payguide itself has for what is stated: they are nobody's."""
    kinds = (one for one in vars(codes).values() if isinstance(one, type) and issubclass(one, StrEnum))
    return {str(member) for kind in kinds for member in kind}


def _going(name: str, rows: pa.Table, target: Target) -> pa.ChunkedArray:
    """Which rows of a table go."""
    of_source = pc.equal(rows["source"], target.source)
    if not target.record:
        return of_source
    column = _RECORD.get(name)
    return pc.and_(of_source, pc.equal(rows[column], target.record) if column else pa.scalar(value=False))


def _without(name: str, target: Target, documents: Iterable[str] = ()) -> _Kept:
    if name == "runs":
        return lambda rows: _redacted(rows, documents)
    return lambda rows: rows.filter(pc.invert(_going(name, rows, target)))


def _redacted(rows: pa.Table, documents: Iterable[str]) -> pa.Table:
    """The runs without the paths of documents: `collect payroll:/home/acme/pay.csv` is `collect payroll:erased`, and
    without the map that read them.
    """
    ends = tuple(documents)

    def redacted(command: str) -> str:
        sources, mapped, _ = command.partition(" --map ")
        parts = re.split(r" (?=[a-z]+:)", sources)
        gone = [bool(ends) and part.endswith(ends) for part in parts]
        if not any(gone):
            return command
        again = (
            f"{part.partition(':')[0]}:erased" if erased else part
            for part, erased in zip(parts, gone, strict=True)
        )
        return " ".join(again) + (f"{mapped}erased" if mapped else "")

    commands = [redacted(command) for command in rows["command"].to_pylist()]
    at = rows.schema.get_field_index("command")
    return rows.set_column(at, rows.schema.field(at), pa.array(commands, rows.schema.field(at).type))


def _document_names(place: Location, target: Target) -> set[str]:
    """The names of the documents that go."""
    return {
        text
        for name, rows in _all_rows(place)
        if name == "documents"
        for text in rows.filter(_going(name, rows, target))["name"].to_pylist()
    }


def _without_orphans(place: Location) -> _Kept:
    """Of what was withdrawn, the rows that some version still has."""
    keys = [rows["key"].combine_chunks() for name, rows in _all_rows(place) if name in _RECORD]
    there = pa.concat_arrays([*(key.cast(pa.string()) for key in keys), pa.array([], pa.string())])
    return lambda rows: rows.filter(pc.is_in(rows["row"].cast(pa.string()), value_set=there))


def _all_rows(place: Location) -> Iterator[tuple[str, pa.Table]]:
    """The rows of every data file of every table that can be read, some at a time."""
    for name in TABLES:
        files, folder = s3.opened(place / name)
        for part in log.names(place / name):
            if part.endswith(".parquet"):
                with files.open_input_file(f"{folder}/{part}") as file:
                    yield from ((name, rows) for rows in _batches(file))


def _batches(file: Any) -> Iterator[pa.Table]:
    try:
        parquet = pq.ParquetFile(file)
    except pa.ArrowInvalid:
        # half a file that a killed run left: nothing lists it, and it goes when its table is written again
        return
    for batch in parquet.iter_batches(_ROWS):
        yield pa.Table.from_batches([batch])


def _rewrite(table: Location, kept: _Kept) -> None:
    """Write what changes of a table again, and let its log name that instead."""
    files, folder = s3.opened(table)
    versions, there = log.versions(table), set(log.names(table))
    if versions != list(range(len(versions))):
        raise StoreError(
            "entries of the log are missing, so that it cannot be written again", where=str(table),
            remedy="Collect what you need into a new folder, and delete this one",
        )  # fmt: skip
    entries = [log.entry(table, version) for version in versions]
    listed = {_name(action["add"]) for some in entries for action in some if "add" in action}
    new = {name: again for name in sorted(listed & there) if (again := _written_again(table, name, kept))}
    renamed = [[one for action in some for one in _renamed(action, some, new, there)] for some in entries]
    sealed = list(_sealed(renamed))
    for version in reversed(versions):
        if sealed[version] != entries[version]:
            text = "".join(json.dumps(action, separators=(",", ":")) + "\n" for action in sealed[version])
            s3.write(table / log.FOLDER / f"{version:020}.json", text.encode())
    checkpoints = log.checkpoints(table)
    for name in (*checkpoints, "_last_checkpoint") if checkpoints else ():
        _delete(table / log.FOLDER, name)
    if checkpoints:
        DeltaTable(str(table), storage_options=s3.options(table)).create_checkpoint()
    _delete(table / damage.ASIDE, "")
    staying = (listed - set(new)) | {action["path"] for action in new.values()}
    for name in set(log.names(table)) - staying:
        # in a storage what nothing lists yet may be of a commit that is under way
        if name in new or not isinstance(table, S3):
            files.delete_file(f"{folder}/{name}")


def _sealed(entries: Sequence[Sequence[Mapping[str, Any]]]) -> Iterator[list[Mapping[str, Any]]]:
    """Log entries, the oldest first, with the seals of the states that they make now; the commands that once had to be
    repeated name files, and are no longer told where they have been.
    """
    state = log.State()
    for number, actions in enumerate(entries, start=1):
        state = log.applied(state, actions)
        again = {log.SEAL: state.seal()} if log.SEAL in log.note(actions) else {}
        gone = log.OWED if number < len(entries) else ""
        yield [
            {"commitInfo": {key: said for key, said in (action["commitInfo"] | again).items() if key != gone}}
            if "commitInfo" in action
            else action
            for action in actions
        ]


def _name(action: Mapping[str, Any]) -> str:
    return log.name_of(action["path"])


def _written_again(table: Location, name: str, kept: _Kept) -> dict[str, Any] | None:
    """What the log is to say of a file in the place of one, where that one changes."""
    files, folder = s3.opened(table)
    out, changed = pa.BufferOutputStream(), False
    with files.open_input_file(f"{folder}/{name}") as file:
        parquet = pq.ParquetFile(file)
        # two files that are left with the same rows are two still: the log counts them in and out by their names
        columns = parquet.schema_arrow.with_metadata({"in_place_of": name})
        with pq.ParquetWriter(out, columns, **delta.PARQUET) as writer:
            for batch in parquet.iter_batches(_ROWS):
                rows = pa.Table.from_batches([batch])
                staying = kept(rows)
                changed |= not staying.equals(rows)
                writer.write_table(staying.replace_schema_metadata(columns.metadata))
    if not changed:
        return None
    part = delta.put_bytes(table, out.getvalue())
    return {
        "path": part.path, "size": part.size, "modificationTime": part.modification_time, "stats": part.stats,
    }  # fmt: skip


def _renamed(
    action: Mapping[str, Any],
    entry: Iterable[Mapping[str, Any]],
    new: Mapping[str, Mapping[str, Any]],
    there: set[str],
) -> Iterator[Mapping[str, Any]]:
    """An action of a log entry with the names of files that were written again. Of a file that is no longer there
    nobody knows whose limits its statistics tell of.
    """
    [(kind, said)] = action.items()
    if kind not in ("add", "remove"):
        yield action
        return
    name = _name(said)
    told = said if name in there else {key: value for key, value in said.items() if key != "stats"}
    if kind == "add":
        yield {kind: {**told, **new.get(name, {})}}
        return
    yield {kind: {key: value for key, value in told.items() if key != "stats"}}
    again = {"path": quote(new[name]["path"]), "size": new[name]["size"]} if name in new else None
    if again and all(other.get("remove", {}).get("path") != again["path"] for other in entry):
        yield {kind: {**told, **again}}


def _delete(folder: Location, start: str) -> None:
    """Delete a file, and what was begun of it under a name that goes on."""
    files, path = s3.opened(folder)
    for name in log.names(folder):
        if name.startswith(start):
            files.delete_file(f"{path}/{name}")
