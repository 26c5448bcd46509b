"""Profiles by column: what many say of a field is read once for each thing that is said, however many say it.

Names are as people's: of a hundred thousand profiles a few thousand employers and places are told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np

from payguide.base.money import IntArray
from payguide.estimator.features import PLAIN

#: What a profile may state; its place and what of it was not read (decode/profile_input.py) among it.
FIELDS: Final = (
    *PLAIN, "years", "tenure", "grade", "date", "specialisation", "component", "place", "unread",
)  # fmt: skip
#: Numbers of combinations stay below this.
_SPACE: Final = 2**62


class Column(NamedTuple):
    """A field: its distinct values, and which of them each profile has (n,)."""

    values: Sequence[Any]
    codes: IntArray

    @classmethod
    def of(cls, told: Iterable[Any], n: int) -> Column:
        """The column of n values as they come."""
        number: defaultdict[Any, int] = defaultdict(count().__next__)
        codes = np.fromiter(map(number.__getitem__, told), np.int64, n)
        return cls(list(number), codes)

    @classmethod
    def joined(cls, columns: Sequence[Column], read: Callable[..., Any]) -> Column:
        """What is read of each distinct combination of the columns' values."""
        total, space = columns[0].codes, len(columns[0].values)
        for one in columns[1:]:
            if space * len(one.values) >= _SPACE:
                total = np.unique(total, return_inverse=True)[1]
                space = len(total)
            total, space = total * len(one.values) + one.codes, space * len(one.values)
        _, first, which = np.unique(total, return_index=True, return_inverse=True)
        told = [[one.values[code] for code in one.codes[first].tolist()] for one in columns]
        return cls(list(map(read, *told)), which)

    def read(self, reader: Callable[[Any], Any], dtype: type) -> Any:
        """What is read of each profile's value, as an array (n, ...)."""
        return np.array([reader(one) for one in self.values], dtype)[self.codes]

    def mapped(self, reader: Callable[[Any], Any]) -> Column:
        """The column of what is read of the values."""
        found = Column.of(map(reader, self.values), len(self.values))
        return Column(found.values, found.codes[self.codes])

    def said(self, reader: Callable[[Any], Any]) -> Iterator[tuple[int, Any]]:
        """The rows of whose value something is to be said, and what that is, in order."""
        found = list(map(reader, self.values))
        if any(found):
            rows = np.flatnonzero(np.array([bool(one) for one in found])[self.codes])
            for row, code in zip(rows.tolist(), self.codes[rows].tolist(), strict=True):
                yield row, found[code]

    def take(self, rows: IntArray) -> Column:
        """The named rows, with no value that none of them has."""
        codes = self.codes[rows]
        used = np.zeros(len(self.values), bool)
        used[codes] = True
        return Column([self.values[k] for k in np.flatnonzero(used).tolist()], (used.cumsum() - 1)[codes])


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """n profiles; `columns` are the fields that any of them states, None where one does not."""

    n: int
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, profiles: Sequence[Mapping[str, Any]]) -> Profiles:
        """Profiles that come one by one."""
        n, told = len(profiles), _told(profiles)
        columns = {}
        for name in told:
            values: Iterable[Any] = told[name]
            if name in ("specialisation", "unread"):
                values = map(_hashable, values)
            columns[name] = Column.of(values, n)
        return cls(n, columns)

    def __len__(self) -> int:
        """The number of profiles."""
        return self.n

    def __getitem__(self, name: str) -> Column:
        """A field; one that nobody states is None for all."""
        found = self.columns.get(name)
        return Column([None], np.zeros(self.n, np.int64)) if found is None else found

    def changed(self, **columns: Column) -> Profiles:
        """The profiles with other columns."""
        return Profiles(self.n, {**self.columns, **columns})

    def all_of(self, **values: Any) -> Profiles:
        """The profiles with fields that are the same for all."""
        nobody = np.zeros(self.n, np.int64)
        return self.changed(**{name: Column([value], nobody) for name, value in values.items()})

    def take(self, rows: IntArray) -> Profiles:
        """The named rows."""
        return Profiles(len(rows), {name: one.take(rows) for name, one in self.columns.items()})

    def row(self, number: int) -> dict[str, Any]:
        """One of the profiles, without what it does not state."""
        told = ((name, one.values[one.codes[number]]) for name, one in self.columns.items())
        found = {name: value for name, value in told if value is not None}
        return found | {"unread": dict(found["unread"])} if "unread" in found else found


def _told(profiles: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The fields of the profiles, None where one is not there. A profile at a time, for thousands of them do not stay
    in the processor's cache; all of a profile's at once where all have the same.
    """
    kinds = {(type(one), tuple(one)) for one in profiles}
    names = [name for name in FIELDS if any(name in fields for _, fields in kinds)]
    if len(names) > 1 and len(kinds) == 1:
        told = list(chain.from_iterable(map(itemgetter(*names), profiles)))
    else:
        told = [profile.get(name) for profile in profiles for name in names]
    return {name: told[k :: len(names)] for k, name in enumerate(names)}


def _hashable(value: Any) -> Any:
    return (
        tuple(value.items())
        if isinstance(value, Mapping)
        else tuple(value)
        if isinstance(value, list)
        else value
    )
