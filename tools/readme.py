"""Write the README's table of bands from an edition: `python tools/readme.py out/ml-engineer-2026`.

Numbers in prose are generated: a test builds the edition and fails where the README says otherwise.
"""

from __future__ import annotations

import sys
from pathlib import Path

from marked import replaced

from payguide.base.edition import Edition
from payguide.guide import edition as editions
from payguide.guide import table

START, END = "<!-- bands: written by `make docs` -->\n", "<!-- /bands -->\n"


def block(edition: Edition) -> str:
    """The bands as a Markdown table, with what must be said below it."""
    title, columns, rows = table.bands(edition)
    head = [column.lstrip(">") for column in columns]
    rule = ["--:" if column.startswith(">") else "---" for column in columns]
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, rule, *rows)]
    return "\n".join([f"{title}:", "", *lines, "", *table.footnotes(edition), ""])


def written(readme: str, edition: Edition) -> str:
    """The README with its block of bands as the edition has it; raises ValueError where it has none."""
    return replaced(readme, START, END, block(edition))


if __name__ == "__main__":
    path = Path("README.md")
    path.write_text(
        written(path.read_text(encoding="utf-8"), editions.read(Path(sys.argv[1]))), encoding="utf-8"
    )
