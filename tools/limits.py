"""Hold every Python file and function to the house's sizes; exits 1 and names what is over.

Files: at most 400 lines. Functions: at most 60 lines, and at least 95 % of them under 35 (signature and
docstring are not counted: what is measured is what has to be followed).
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

FILE_LINES = 400
FUNCTION_LINES = 60
SHORT_LINES = 35
SHORT_SHARE = 0.95

Function = ast.FunctionDef | ast.AsyncFunctionDef


def body_lines(function: Function) -> int:
    """The lines of a function's body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not body:
        return 0
    end = body[-1].end_lineno or body[-1].lineno
    return end - body[0].lineno + 1


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function of a file as `file:line name` and its body's lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield f"{path}:{node.lineno} {node.name}", body_lines(node)


def main(folders: list[str]) -> int:
    """Print what is over the limits; return the exit code."""
    paths = sorted(path for folder in folders for path in Path(folder).rglob("*.py"))
    over = [
        f"{path}: {lines} lines, over {FILE_LINES}"
        for path in paths
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_LINES
    ]
    sizes = [size for path in paths for size in functions(path)]
    over += [
        f"{name}: {lines} lines, over {FUNCTION_LINES}" for name, lines in sizes if lines > FUNCTION_LINES
    ]
    short = sum(lines < SHORT_LINES for _, lines in sizes) / max(1, len(sizes))
    if short < SHORT_SHARE:
        over.append(
            f"only {short:.1%} of functions are under {SHORT_LINES} lines; the house wants {SHORT_SHARE:.0%}"
        )
    print(
        "\n".join(over)
        or f"{len(paths)} files, {len(sizes)} functions, {short:.1%} under {SHORT_LINES} lines"
    )
    return bool(over)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
