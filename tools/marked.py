"""A block of a document that is generated: between a start line and an end line."""

from __future__ import annotations

from pathlib import Path


def replaced(document: str, start: str, end: str, block: str) -> str:
    """The document with the block between its marks.

    Raises:
        ValueError: the document has no such marks.
    """
    before, _, rest = document.partition(start)
    _, closed, after = rest.partition(end)
    if not closed:
        raise ValueError(f"the document has no block {start.strip()} ... {end.strip()}")
    return f"{before}{start}{block}{end}{after}"


def rewrite(path: Path, start: str, end: str, block: str) -> None:
    """Write the block between its marks into a document on disk.

    Raises:
        ValueError: the document has no such marks.
    """
    path.write_text(replaced(path.read_text(encoding="utf-8"), start, end, block), encoding="utf-8")
