"""Tables as CSV for spreadsheets: no text in them becomes a formula, in whatever country the spreadsheet is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from payguide.base.text import CONTROLS, UNSEEN

#: What a spreadsheet takes for the start of a formula, in any width.
_SIGNS: Final = "=＝﹦⁼₌+＋﹢⁺₊\\-－﹣⁻₋−@＠﹫%％﹪|｜"

#: What it divides a line by: where a comma marks decimals that is a semicolon, which it finds within texts too, as a
#: quote that does not begin a cell counts for nothing.
_DIVIDERS: Final = ",;|，；｜\u037e"

#: What it strips or looks through before a sign: quotes, blanks, what is not seen, and letters that show nothing.
_THROUGH: Final = f'["\\s{UNSEEN}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0]'

_FORMULA: Final = re.compile(f"(?:^|(?<=[{_DIVIDERS}]))(?={_THROUGH}*+[{_SIGNS}])")
_CONTROL: Final = re.compile(f"[{CONTROLS}]")
_NUMBER: Final = re.compile(r"[+-]?+(\d[\d.,]*+|\.\d++)(e[+-]?+\d++)?+", re.IGNORECASE)


def safe(text: str) -> str:
    """The text with an apostrophe wherever a spreadsheet would begin to read a formula, and blanks for line feeds and
    other control characters; a number is none.

    OWASP, CSV Injection, and beyond: the parts that another divider than the comma would make cells are looked at too.
    """
    return text if _NUMBER.fullmatch(text) else _FORMULA.sub("'", _CONTROL.sub(" ", text))


def write(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Rows with a header, lines ended by LF; what is missing is empty, and every text is `safe`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([safe(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()
