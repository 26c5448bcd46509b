"""A table's cells, each with what its row and its columns are headed; columns of least and most are one range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from payguide.decode.pay.words import lexicon

#: Larger tables are no guide's.
_MOST_ROWS: Final = 2_000
_MOST_COLUMNS: Final = 60

_WORD: Final = re.compile(r"[a-zà-ü]++|[0-9]++(?:st|th)?")
#: What a cell of figures holds besides its numbers.
_FIGURE: Final = re.compile(r"\d")
_YEARS: Final = re.compile(r"\byears\b|\byrs\b|\byoe\b|experience", re.IGNORECASE)
_CALENDAR: Final = re.compile(r"\d{3}")
_MIDDLE: Final = re.compile(r"\bmid(?:dle|point)?\b", re.IGNORECASE)
#: "150–185": a range of thousands, no years.
_AMOUNTS: Final = re.compile(r"\b(?:[5-9]\d|\d{3})\s?[-–]\s?\d{2,3}\b(?!\s?%)")
#: A unit in a heading: "($K)", "(£/day)".
_UNIT: Final = re.compile(r"\([^()]*+\)")
#: A heading of more words does not name an end.
_LONGEST: Final = 8
_ENDS: Final = frozenset(("low", "high"))


class Cell(NamedTuple):
    """A cell as it is written: whether it is marked as a heading, and how many columns and rows it takes."""

    text: str
    heads: bool = False
    wide: int = 1
    tall: int = 1


class Read(NamedTuple):
    """A cell of a table's body with what heads it: the rest of its row (each cell behind its own heading), and its
    columns' headings, the widest first.
    """

    text: str
    row: tuple[str, ...]
    columns: tuple[str, ...]


def cells_of(rows: Sequence[Sequence[Cell]]) -> Iterator[Read]:
    """The cells with a figure of a table's body."""
    grid = _spread([row for row in rows[:_MOST_ROWS] if row])
    if not grid:
        return
    top = _heading_rows(grid)
    width = max(map(len, grid))
    heads = [
        tuple(dict.fromkeys(row[at].text for row in grid[:top] if at < len(row) and row[at].text))
        for at in range(width)
    ]
    heads = _with_medians(heads)
    for row in grid[top:]:
        if len({cell.text for cell in row}) == 1 and len(row) > 1:
            # a row of one wide cell heads those below it
            heads = [
                (*(text for text in head if text not in _bands(grid, top)), row[0].text) for head in heads
            ]
            continue
        yield from _row(row, heads)


def _with_medians(heads: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The headings, of which "Mid" between "Low" and "High" is the middle and no level."""
    if {"low", "high"} <= set(map(_end, heads)):
        return [tuple(_MIDDLE.sub("Median", text) for text in head) for head in heads]
    return list(heads)


def _bands(grid: Sequence[Sequence[Cell]], top: int) -> set[str]:
    return {row[0].text for row in grid[top:] if len(row) > 1 and len({cell.text for cell in row}) == 1}


def _row(row: Sequence[Cell], heads: Sequence[tuple[str, ...]]) -> Iterator[Read]:
    """The figures of a row. Its first cell, and others that hold no money, say whose they are."""
    labels = [
        at
        for at, cell in enumerate(row)
        if at == 0
        or not _FIGURE.search(cell.text)
        or (_YEARS.search(" ".join(heads[at])) and not _money(cell.text))
    ]
    if len(row) == 1:
        labels = []
    named = {at: _labelled(row[at].text, heads[at]) for at in labels}
    merged = _ranges(row, heads, labels)
    done: set[int] = set()
    for at, cell in enumerate(row):
        if at in labels or at in done or not _FIGURE.search(cell.text):
            continue
        text, columns = cell.text, heads[at]
        if at in merged:
            other = merged[at]
            done.add(other)
            text, columns = f"{cell.text} – {row[other].text}", tuple(map(_without_ends, columns))
        whose = tuple(label for label in named.values() if label)
        for part, headed in _slashed(text, columns):
            yield Read(part, whose, tuple(filter(None, headed)))


def _slashed(text: str, columns: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """The figures of a cell below "Base / total", each with its own heading."""
    heads = re.split(r"\s?/\s?|\s\|\s", _UNIT.sub("", columns[-1]).strip()) if columns else []
    parts = re.split(r"\s?/\s?|\s\|\s|\n", text)
    inside = (
        [part for part in _UNIT.findall(columns[-1]) if part.count("/") == len(parts) - 1] if columns else []
    )
    if inside:
        # "Base (25th / 50th / 75th)"
        of = _UNIT.sub("", columns[-1]).strip()
        heads = [f"{of} {part}" for part in re.split(r"\s?/\s?", inside[0].strip("()"))]
    if len(parts) < 2 or len(parts) != len(heads):
        return [(text, columns)]
    unit = " ".join(_UNIT.findall(columns[-1])) if not inside else ""
    return [(part, (*columns[:-1], f"{head} {unit}")) for part, head in zip(parts, heads, strict=True)]


def _labelled(text: str, heads: Sequence[str]) -> str:
    """A row's label; a bare "3–5" below "Years of experience" is of years."""
    head = " ".join(heads)
    if (
        _YEARS.search(head)
        and not _YEARS.search(text)
        and _FIGURE.search(text)
        and not _CALENDAR.search(text)
        and not _money(text)
    ):
        return f"{text} years"
    return text


def _ranges(row: Sequence[Cell], heads: Sequence[tuple[str, ...]], labels: Sequence[int]) -> dict[int, int]:
    """Of each cell below a heading of the least the cell below that of the most, where all else of both is alike."""
    low: dict[str, int] = {}
    pairs: dict[int, int] = {}
    for at, cell in enumerate(row):
        end = _end(heads[at])
        if at in labels or not end or not _FIGURE.search(cell.text):
            continue
        of = " ".join(map(_without_ends, heads[at]))
        if end == "low":
            low[of] = at
        elif of in low:
            pairs[low.pop(of)] = at
    return pairs


def _end(heads: Sequence[str]) -> str:
    """Whether a column is headed as the least or the most; a percentile, or both in one, is neither."""
    words = _WORD.findall(" ".join(heads).lower())
    kinds = [kind for word in words if (kind := lexicon().columns.get(word)) in _ENDS]
    percentile = any(
        (word.endswith("th") and word[0].isdigit()) or word.startswith("percent") for word in words
    )
    return kinds[0] if len(set(kinds)) == 1 and not percentile and len(words) <= _LONGEST else ""


def _without_ends(head: str) -> str:
    kept = [word for word in head.split() if lexicon().columns.get(word.lower().strip("(),:")) not in _ENDS]
    return " ".join(kept)


def _heading_rows(grid: Sequence[Sequence[Cell]]) -> int:
    """How many rows head the table: those marked so, else the first where it holds no money."""
    top = 0
    while top < len(grid) - 1 and all(cell.heads for cell in grid[top]):
        top += 1
    if (
        top == 0
        and len(grid) > 1
        and not any(_money(cell.text) or _AMOUNTS.search(cell.text) for cell in grid[0])
    ):
        top = 1
    return top


def _money(text: str) -> bool:
    return bool(re.search(r"[$€£]\s?\d|\d[kK]\b|\d{2,3}[,.]\d{3}\b", text))


def _spread(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """The rows with cells of several columns and rows repeated in each."""
    grid: list[list[Cell]] = []
    hanging: dict[int, tuple[Cell, int]] = {}
    for cells in rows:
        row: list[Cell] = []
        waiting = list(cells)
        while (waiting or len(row) in hanging) and len(row) < _MOST_COLUMNS:
            at = len(row)
            if at in hanging:
                cell, left = hanging.pop(at)
                row.append(cell)
                if left > 1:
                    hanging[at] = (cell, left - 1)
                continue
            cell = waiting.pop(0)
            for _ in range(cell.wide):
                if cell.tall > 1:
                    hanging[len(row)] = (cell, cell.tall - 1)
                row.append(cell)
        grid.append(row)
    width = max(map(len, grid), default=0)
    return [[*row, *[Cell("")] * (width - len(row))] for row in grid]
