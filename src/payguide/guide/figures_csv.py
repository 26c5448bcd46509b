"""figures.csv: one row a figure, for spreadsheets. Text cells cannot become formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from payguide.base.figures import Estimate, Figure, Published, Unknown, Withheld
from payguide.guide.codec import DIGITS

COLUMNS = (
    "id", "label", "status", "value", "low", "high", "coverage", "unit", "currency", "component", "n",
    "n_records", "n_employers", "largest_share", "borrowed", "sources", "method", "date", "note",
)  # fmt: skip

#: What a spreadsheet takes for the start of a formula, or strips to reach one.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def safe(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would read a formula.

    OWASP, CSV Injection. Spaces before the sign do not disarm it, so they are looked through.
    """
    return (
        f"'{text}" if text.lstrip(" \ufeff\u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text
    )


def write_csv(figures: Mapping[str, Figure]) -> str:
    """All figures as CSV with a header, sorted by id, lines ended by LF."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for _, figure in sorted(figures.items()):
        row = _published(figure.estimate) if isinstance(figure, Published) else _absent(figure)
        writer.writerow([row.get(column, "") for column in COLUMNS])
    return out.getvalue()


def _number(value: float) -> str:
    return f"{value + 0.0:.{DIGITS}g}" if abs(value) < 1e6 else f"{value:.0f}"


def _published(estimate: Estimate) -> dict[str, str]:
    sources = "; ".join(f"{source.source} {source.weight:.0%}" for source in estimate.sources)
    texts = {
        "id": estimate.id,
        "label": estimate.label,
        "status": "published",
        "unit": str(estimate.unit),
        "currency": estimate.currency,
        "component": str(estimate.component or ""),
        "sources": sources,
        "method": estimate.method,
        "date": estimate.date.isoformat(),
        "note": " ".join(estimate.notes),
    }
    counted = {
        "value": _number(estimate.value),
        "low": _number(estimate.low),
        "high": _number(estimate.high),
        "coverage": _number(estimate.coverage),
        "n": str(estimate.n),
        "n_records": str(estimate.n_records),
        "n_employers": str(estimate.n_employers),
        "largest_share": _number(estimate.largest_share),
        "borrowed": "" if estimate.borrowed is None else _number(estimate.borrowed),
    }
    return {name: safe(text) for name, text in texts.items()} | counted


def _absent(figure: Withheld | Unknown) -> dict[str, str]:
    """A figure without a value: why, and the gate's rule where one kept it back."""
    rule = f"{figure.rule}: " if isinstance(figure, Withheld) else ""
    return {
        "id": safe(figure.id),
        "label": safe(figure.label),
        "status": "withheld" if rule else "unknown",
        "note": safe(f"{rule}{figure.why}"),
    }
