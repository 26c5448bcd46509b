"""Name code that stands in two places, seven successive lines or more, and exit 1 where there is any.

What is compared is what has to be kept alike: lines without their indentation and comments; docstrings, imports,
signatures and lines without a word are left out.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LINES = 7

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Line(NamedTuple):
    """A line of code, where it stands."""

    path: Path
    number: int
    text: str


def left_out(tree: ast.Module) -> Iterator[int]:
    """The numbers of the lines of docstrings, imports and signatures."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)
        if isinstance(node, Function):
            yield from range(node.lineno, node.body[0].lineno)
        if isinstance(node, Function | ast.ClassDef | ast.Module) and ast.get_docstring(node) is not None:
            told = node.body[0]
            yield from range(told.lineno, (told.end_lineno or told.lineno) + 1)


def code(path: Path) -> list[Line]:
    """The lines of a file that are compared."""
    source = path.read_text(encoding="utf-8")
    out = set(left_out(ast.parse(source)))
    lines = (
        Line(path, number, line.partition("#")[0].strip())
        for number, line in enumerate(source.splitlines(), start=1)
        if number not in out
    )
    return [line for line in lines if re.search(r"\w", line.text)]


def duplicates(paths: list[Path], lines: int = LINES) -> list[tuple[Line, Line]]:
    """The first lines of two places from which on `lines` lines or more are alike, once for each such stretch."""
    seen: defaultdict[tuple[str, ...], list[tuple[int, Line]]] = defaultdict(list)
    ends: set[tuple[int, int]] = set()
    found: list[tuple[Line, Line]] = []
    every = [line for path in paths for line in code(path)]
    for at in range(len(every) - lines + 1):
        window = every[at : at + lines]
        if window[0].path != window[-1].path:
            continue
        alike = seen[tuple(line.text for line in window)]
        for before, first in alike:
            if (before - 1, at - 1) not in ends:
                found.append((first, window[0]))
            ends.add((before, at))
        alike.append((at, window[0]))
    return found


def main(folders: list[str]) -> int:
    """Print what stands twice; return the exit code."""
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*.py"))
    found = duplicates(paths)
    for one, other in found:
        print(f"{one.path}:{one.number} and {other.path}:{other.number} are alike, from {one.text!r} on")
    if not found:
        print(f"no {LINES} lines of {len(paths)} files stand twice")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
