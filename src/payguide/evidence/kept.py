"""Kept cells on disk: derived data in the evidence folder, beside its tables (`cells/COUNTRY-CURRENCY/`).

`state.json` names the files that are valid together, with a checksum of each, and the evidence that they stand for. It
is replaced in one step, so a process that is killed leaves the old state or the new one. What does not fit is thrown
away, which is said aloud: a file that is torn, another population, other official statistics, another version of the
code or of what it computes with. None of it is ever needed: cells are made of the evidence whenever it is missing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import zlib
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import duckdb
import numpy as np
import pyarrow as pa
import scipy

from payguide.base.money import IntArray
from payguide.evidence.distinct import METRO_COUNTS, Population
from payguide.evidence.outliers import MIDDLES, Limits
from payguide.evidence.prepared import Standing
from payguide.evidence.statements import SCHEMA as STATED
from payguide.evidence.statements import Statements
from payguide.evidence.sums import SCHEMA

_FOLDER, _STATE, _LOCK = "cells", "state.json", ".lock"

_GONE: Final = pa.schema([("position", pa.int64())])

#: The kinds of files that a state is made of, and what lies in them.
_PARTS: Final[Mapping[str, pa.Schema]] = {
    "statements": STATED, "base": SCHEMA, "change": SCHEMA, "metros": METRO_COUNTS, "middles": MIDDLES, "gone": _GONE,
}  # fmt: skip

_LOG: Final = logging.getLogger(__name__)

#: Bytes that are written to a disk together.
_PAGE: Final = 4096

#: Names of the evidence's files by table.
Evidence = Mapping[str, Sequence[str]]

#: A file of a state: its name and the checksum of what is in it.
_File = tuple[str, int]

#: The sums of a group, by role and component.
Groups = Mapping[tuple[str, str], pa.RecordBatch]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """What is kept: the `evidence` that it stands for; its statements; the sums of its cells, as they were in the base
    and what has changed since; and what depends on all pieces. `said` is how the state was read, with its files.
    """

    evidence: Evidence
    statements: Statements
    base: Groups
    change: Groups
    standing: Standing
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """What is to be kept. Of `statements` only what is new; no base where the one of before stays."""

    evidence: Evidence
    statements: Iterable[pa.RecordBatch]
    base: Iterable[pa.RecordBatch]
    change: Iterable[pa.RecordBatch]
    standing: Standing
    gone: IntArray


@dataclass(frozen=True, slots=True)
class Keeper:
    """Reads and writes the state of a population's cells in an evidence folder. `stamp` tells what must fit."""

    folder: Path
    stamp: str

    @classmethod
    def of(cls, evidence: Path, population: Population, by_place: Limits) -> Keeper:
        """The keeper of a population, whose official limits are these."""
        limits = sorted((*key, *map(str, both)) for key, both in by_place.items())
        made_with = (duckdb.__version__, np.__version__, scipy.__version__, pa.__version__)
        whom = (population.country, population.currency, *population.roles)
        said = json.dumps([_code(), made_with, whom, limits])
        name = f"{population.country}-{population.currency}"
        return cls(evidence / _FOLDER / name, hashlib.sha256(said.encode()).hexdigest())

    def load(self) -> State | None:
        """The state, if there is one that fits and can be read whole."""
        try:
            text = (self.folder / _STATE).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self.away(f"cannot be read ({error})")
            return None
        try:
            said = json.loads(text)
            if said["stamp"] != self.stamp:
                self.away("are of another payguide, or of other official statistics")
                return None
            files = [(file, schema) for name, schema in _PARTS.items() for file in said["parts"][name]]
            # files do not hold each other up
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                read = iter(list(pool.map(self._batches, *zip(*files, strict=True))))
            parts = {name: [batch for _ in said["parts"][name] for batch in next(read)] for name in _PARTS}
            evidence = {str(name): list(map(str, names)) for name, names in said["evidence"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, pa.ArrowException) as error:
            self.away(f"cannot be read ({error})")
            return None
        metros, middles, gone = (pa.Table.from_batches(parts[name], _PARTS[name])
                                 for name in ("metros", "middles", "gone"))  # fmt: skip
        return State(
            evidence=evidence,
            statements=Statements(parts["statements"], gone["position"].to_numpy()),
            base=_by_group(parts["base"]),
            change=_by_group(parts["change"]),
            standing=Standing(metros, middles),
            said=said,
        )

    def away(self, why: str) -> None:
        """Say that what is kept is thrown away, and why."""
        _LOG.warning("%s: the kept cells %s: all cells are made anew", self.folder, why)

    def _batches(self, file: _File, schema: pa.Schema) -> list[pa.RecordBatch]:
        name, expected = file
        source = pa.memory_map(str(self.folder / Path(name).name))
        if checksum(source.read_buffer()) != expected:
            raise ValueError(f"{name} is torn")
        source.seek(0)
        with pa.ipc.open_file(source) as found:
            if found.schema != schema:
                raise ValueError(f"{name} has other columns")
            return [found.get_batch(at) for at in range(found.num_record_batches)]

    def commit(self, draft: Draft, before: State | None) -> None:
        """Let a draft be the state; files of the state before that it builds on stay, the others are deleted. Where
        another process has replaced that state meanwhile, its stands.

        Raises:
            OSError: the folder cannot be written, or another process is writing it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            now = self._said()
            if before is not None and now != before.said:
                return
            try:
                parts = self._parts(draft, before)
                state = {"stamp": self.stamp, "evidence": draft.evidence, "parts": parts}
                new = self.folder / f"{_STATE}-{uuid4().hex}"
                new.write_text(json.dumps(state), encoding="utf-8")
                new.replace(self.folder / _STATE)
            finally:
                self._tidy()

    def _parts(self, draft: Draft, before: State | None) -> dict[str, list[_File]]:
        """Write a draft's files; all files of its state."""
        gone = pa.table([pa.array(draft.gone, pa.int64())], schema=_GONE)
        tables = {"metros": draft.standing.metros, "middles": draft.standing.middles, "gone": gone}
        made = {"statements": draft.statements, "base": draft.base, "change": draft.change,
                **{name: table.to_batches() for name, table in tables.items()}}  # fmt: skip
        if before is None:
            return {name: [self._written(name, made[name])] for name in _PARTS}
        old = before.said["parts"]
        stated = [*old["statements"], self._written("statements", draft.statements)]
        others = {
            name: [self._written(name, made[name])] for name in _PARTS if name not in ("statements", "base")
        }
        return {**others, "statements": stated, "base": old["base"]}

    def _written(self, part: str, batches: Iterable[pa.RecordBatch]) -> _File:
        """Write a file that no state names yet."""
        file = self.folder / f"{part}-{uuid4().hex}.arrow"
        with pa.OSFile(str(file), "w") as sink, pa.ipc.new_file(sink, _PARTS[part]) as written:
            for batch in batches:
                written.write_batch(batch)
        return file.name, checksum(pa.memory_map(str(file)).read_buffer())

    def _said(self) -> Any:
        with suppress(OSError, ValueError):
            return json.loads((self.folder / _STATE).read_text(encoding="utf-8"))
        return None

    def _tidy(self) -> None:
        """Delete the files that the state does not name. Who still reads one has it open."""
        named: set[str] = set()
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            named |= {name for files in self._said()["parts"].values() for name, _ in files}
        for file in (*self.folder.glob("*.arrow"), *self.folder.glob(f"{_STATE}-*")):
            if file.name not in named:
                file.unlink()


def checksum(content: pa.Buffer) -> int:
    """A checksum of the sums of a file's pages, as fast as memory is read. What tears a file loses, blanks or mixes up
    pages of it, or turns bits.
    """
    whole = len(content) // _PAGE * _PAGE
    sums = np.frombuffer(content, np.uint64, whole // 8).reshape(-1, _PAGE // 8).sum(axis=1)
    return zlib.crc32(content[whole:], zlib.crc32(sums))


def _by_group(batches: Iterable[pa.RecordBatch]) -> Groups:
    return {(str(batch["role"][0]), str(batch["component"][0])): batch for batch in batches}


@cache
def _code() -> str:
    """A hash of the code and the parameters that cells depend on."""
    found = hashlib.sha256()
    for package in ("payguide.base", "payguide.evidence", "payguide.evidence.engine"):
        for file in sorted(files(package).iterdir(), key=lambda file: file.name):
            if file.name.endswith((".py", ".toml")):
                found.update(file.name.encode() + file.read_bytes())
    return found.hexdigest()
