"""Amounts in the cells of a table whose columns are headed "minimum" and "maximum": one row is one range."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from payguide.decode.pay.amounts import Amount
from payguide.decode.pay.words import lexicon, words_in

#: What lies between two cells of a row; in a grid each cell has a line.
_CELL: Final = re.compile(r"[ \t\u00a0]{0,4}(?:\||\t|[ \u00a0])[ \t\u00a0]{0,4}")
_LINE: Final = re.compile(r"[ \t\u00a0|]{0,4}\n\s{0,4}")
#: How far above a row its table's heading is looked for, and the longest heading.
_REACH: Final = 700
_LONGEST: Final = 160
_LOW, _MIDDLE, _HIGH = "low", "middle", "high"


def row_of(text: str, amounts: Sequence[Amount], at: int) -> tuple[int, int, int] | None:
    """Of a row of a table that begins with the amount at an index: the indices of its least and its most, and how
    many amounts it has. None where it is no such row.
    """
    if at + 1 == len(amounts):
        return None
    gap = text[amounts[at].end : amounts[at + 1].start]
    if len(gap) > 9 or not (_CELL.fullmatch(gap) or _LINE.fullmatch(gap)):
        return None
    parted = _LINE if "\n" in gap else _CELL
    heads = _grid(text, amounts[at].start) if parted is _LINE else _heads(text, amounts[at].start)
    if _LOW not in heads or _HIGH not in heads:
        return None
    row = amounts[at : at + len(heads)]
    cells = (text[one.end : two.start] for one, two in pairwise(row))
    if len(row) < len(heads) or not all(map(parted.fullmatch, cells)):
        return None
    low, high = heads.index(_LOW), heads.index(_HIGH)
    return (at + low, at + high, len(heads)) if row[low].value <= row[high].value else None


def _heads(text: str, start: int) -> list[str]:
    """What the columns are headed, of the nearest line above that heads any; rows of figures are passed over."""
    above = text[max(0, start - _REACH) : text.rfind("\n", 0, start) + 1]
    for line in reversed(above.split("\n")):
        if len(line) <= _LONGEST and not any(sign.isdigit() for sign in line):
            kinds = [kind for word in words_in(line, 0, len(line)) if (kind := lexicon().columns.get(word))]
            if _LOW in kinds and _HIGH in kinds:
                return kinds
    return []


def _grid(text: str, start: int) -> list[str]:
    """The same where each cell has a line: the lines right above the first figure."""
    kinds: list[str] = []
    for line in reversed(text[max(0, start - _LONGEST) : start].split("\n")[:-1]):
        said = [kind for word in words_in(line, 0, len(line)) if (kind := lexicon().columns.get(word))]
        if line.strip() and len(said) != 1:
            break
        kinds = said + kinds
    return kinds
