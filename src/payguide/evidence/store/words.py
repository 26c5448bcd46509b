"""What files say, in whatever form they keep it, and the search for what none of them may say any more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import ahocorasick_rs
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import fs

from payguide.evidence.store import s3
from payguide.evidence.store.location import Location

#: Shorter texts stand in too many others to tell anything.
_SHORT: Final = 5

_PIECE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched: how many files and bytes, for how many values, and where one was found (`file: value`). So
    many values are `shared`: other evidence states them too, or they are too short to tell: they were not looked for.
    """

    files: int = 0
    size: int = 0
    values: int = 0
    shared: int = 0
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """Values that nothing states but what is to go, and how many more it states that other evidence does too."""

    values: frozenset[str]
    shared: int

    @classmethod
    def of(cls, gone: set[str], staying: Iterable[set[str]]) -> Secret:
        """Of the words of what goes and those of what stays."""
        long = {word for word in gone if len(word) >= _SHORT}
        finder = _Finder(long)
        known = {word for some in staying for word in finder.found("\n".join(some))}
        return cls(frozenset(long - known), len(gone) - len(long - known))


class _Finder:
    """Finds words in text where no letter or digit stands before or behind them."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._words = sorted(wanted)
        self._automaton = ahocorasick_rs.AhoCorasick(self._words) if self._words else None

    def found(self, text: str) -> set[str]:
        """Those that the text has."""
        matches = self._automaton.find_matches_as_indexes(text, overlapping=True) if self._automaton else ()
        return {
            self._words[at]
            for at, start, end in matches
            if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())
        }


def words(rows: pa.Table) -> set[str]:
    """Every text and amount in a table, each once."""
    return {word for column in rows.columns for leaf in _leaves(column) for word in _words(leaf)}


def _leaves(column: pa.ChunkedArray) -> Iterator[pa.ChunkedArray]:
    """The columns of texts and amounts in a column."""
    kind = column.type
    if pa.types.is_struct(kind):
        for at in range(kind.num_fields):
            yield from _leaves(pc.struct_field(column, at))
    elif pa.types.is_list(kind):
        yield from _leaves(pc.list_flatten(column))
    elif not (pa.types.is_integer(kind) or pa.types.is_boolean(kind) or pa.types.is_temporal(kind)):
        yield column


def _words(leaf: pa.ChunkedArray) -> Iterator[str]:
    for value in leaf.unique().to_pylist():
        if isinstance(value, float) and math.isfinite(value):
            yield f"{value:.2f}".rstrip("0").rstrip(".")
        elif isinstance(value, str):
            yield value


def search(place: Location, secret: Secret, *, passing_over: str) -> Searched:
    """Search every file below a place for what is secret: its bytes as text, and every value of a Parquet file."""
    files, folder = s3.opened(place)
    finder = _Finder(secret.values)
    found, size, count = [], 0, 0
    for info in files.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True)):
        if info.type != fs.FileType.File or info.path == f"{folder}/{passing_over}":
            continue
        count, size = count + 1, size + info.size
        with files.open_input_file(info.path) as file:
            texts = _texts(file)
            said = {word for text in texts for word in finder.found(text)}
        said |= finder.found(info.path)
        found += [f"{info.path}: {word}" for word in sorted(said)]
    return Searched(count, size, len(secret.values), secret.shared, tuple(found))


def _texts(file: Any) -> Iterator[str]:
    """What an open file says, in pieces."""
    content = file.read()
    yield content.decode("utf-8", "replace")
    if content[:4] == b"PAR1" == content[-4:]:
        for batch in pq.ParquetFile(pa.BufferReader(content)).iter_batches(_PIECE):
            yield "\n".join(words(pa.Table.from_batches([batch])))
