"""Write the measured table of docs/decoding.md: `python tools/decoding.py path/to/library`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from labelled import LABELS, Score, scores
from marked import replaced

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "decoding.md"
START, END = "<!-- measured: written by `make pack` -->\n", "<!-- /measured -->\n"


def table(measured: list[Score]) -> str:
    """The scores as a Markdown table."""
    first = json.loads((LABELS / "first_sight.json").read_text("utf-8"))
    lines = [
        "| part | labelled postings | right | precision | recall | right at first sight |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    for score in measured:
        sight = first.get(score.part)
        seen = f"{sight[0]} of {sight[1]}" if sight else ""
        lines.append(
            f"| {score.part} | {score.labelled} | {score.exact:.1%} | {score.precision:.1%} "
            f"| {score.recall:.1%} | {seen} |"
        )
    return "\n".join(lines) + "\n"


def written(document: str, measured: list[Score]) -> str:
    """The document with its table as measured; raises ValueError where it has none."""
    return replaced(document, START, END, table(measured))


if __name__ == "__main__":
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(written(text, scores(Path(sys.argv[1]))), encoding="utf-8")
