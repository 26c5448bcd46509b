"""What a table's rows stand for, before they are read: withheld numbers out, two rows of one range made one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, takewhile
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from payguide.base.errors import InputError
from payguide.decode.table.columns import Columns
from payguide.decode.table.mapping import TableMap

#: The columns that a pair of rows gives: the ends of its range.
LOW, HIGH = "paired low", "paired high"

_UNPAIRED: Final = "a row without the neighbour that gives the other end of its range"

_Pairs = list[tuple[int, int]]


def prepared(columns: Columns, table: TableMap) -> Columns:
    """The columns as the map wants them read: what it withholds is taken out of every cell, and of the rows that are
    one range together the first stands for both, its ends in the columns `LOW` and `HIGH`.

    A row that has no partner is refused ("half_a_range").

    Raises:
        InputError: the map's rows are pairs and it does not say what identifies them.
    """
    columns = replace(columns, units=table.units)
    for pattern in table.withheld:
        cleaned = {n: pc.replace_substring_regex(c, pattern, "") for n, c in columns.text.items()}
        columns = replace(columns, text=cleaned)
    if not table.paired:
        return columns
    if not table.identity:
        raise InputError("rows in pairs need an identity", remedy="name the columns that the two rows share")
    return _paired(columns, table)


def _paired(columns: Columns, table: TableMap) -> Columns:
    amounts, _ = columns.numbers(table.paired, table.missing)
    shared = [name for name in table.identity if name != table.paired]
    alike = list(zip(*(columns.texts(name) for name in shared), strict=True))
    pairs: _Pairs = []
    alone: list[int] = []
    for _, run in groupby(range(columns.rows), alike.__getitem__):
        found, left = _partners(list(run), amounts)
        pairs += found
        alone += left
    first, second = pa.array([a for a, _ in pairs], pa.int64()), pa.array([b for _, b in pairs], pa.int64())
    text = {name: column.take(first) for name, column in columns.text.items()}
    pay = columns.text[table.paired]
    return replace(
        columns,
        text={**text, LOW: pay.take(second), HIGH: pay.take(first)},
        numbering=tuple(columns.numbering[row] for row, _ in pairs),
        broken=(*columns.broken, *((columns.numbering[row], "half_a_range", _UNPAIRED) for row in alone)),
    )


def _partners(rows: Sequence[int], amounts: Sequence[float | None]) -> tuple[_Pairs, list[int]]:
    """The pairs of a run of rows that are alike but for pay, the higher amount first, and the rows left over.

    In a run of odd length one row has no partner. Which one is told only where leaving it out is the one way in which
    all the others pair; else the whole run is left over.
    """
    if len(rows) % 2 == 0:
        pairs = _in_twos(rows)
        return (pairs, []) if _falling(pairs, amounts) == len(pairs) else ([], list(rows))
    # the rows ahead of the one left out pair from the first row on, those behind it up to the last
    before = _falling(_in_twos(rows[:-1]), amounts)
    behind = _falling(_in_twos(rows[1:])[::-1], amounts)
    if before + behind != len(rows) // 2:
        return [], list(rows)
    alone = 2 * before
    return _in_twos([*rows[:alone], *rows[alone + 1 :]]), [rows[alone]]


def _in_twos(rows: Sequence[int]) -> _Pairs:
    return list(zip(rows[::2], rows[1::2], strict=True))


def _falling(pairs: _Pairs, amounts: Sequence[float | None]) -> int:
    """How many pairs there are ahead of the first whose first amount is neither the higher one nor the same."""
    ends = ((amounts[high], amounts[low]) for high, low in pairs)
    sound = takewhile(lambda pair: None not in pair and pair[0] >= pair[1], ends)  # type: ignore[operator]
    return sum(1 for _ in sound)
