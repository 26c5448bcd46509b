"""A block of a document that is generated: between a start line and an end line."""

from __future__ import annotations


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
