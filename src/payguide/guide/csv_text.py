"""Tables as CSV for spreadsheets, and text that cannot become a formula in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

#: What a spreadsheet takes for the start of a formula, or strips to reach one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would read a formula.

    OWASP, CSV Injection. Spaces before the sign do not disarm it, so they are looked through.
    """
    return (
        f"'{text}" if text.lstrip(" \ufeff\u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text
    )


def write(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Rows with a header, lines ended by LF; what is missing is empty. Texts must have been made `safe`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue()
