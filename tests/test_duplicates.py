"""What `make check` takes for a second copy: seven lines of code alike, whatever stands between and around them."""

from __future__ import annotations

from pathlib import Path

import duplicates
import pytest

LINES = [f"value = work({n}, value)" for n in range(7)]
BODY = "\n".join(LINES)


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (BODY, 1),
        ("def work():\n" + indented(BODY), 1),
        ("\n\n# why\n".join(LINES), 1),
        (f"before = 0\n{BODY}\nafter = 1", 1),
        # a longer stretch is named once
        (f"{BODY}\nvalue = done(value)", 1),
        ("\n".join(LINES[:6]), 0),
        ("\n".join([*LINES[:3], "other = 1", *LINES[3:]]), 0),
        ("\n".join(LINES[1:]), 0),
        (f'"""\n{BODY}\n"""', 0),
    ],
)
def test_a_second_copy_is_found(tmp_path: Path, other: str, found: int) -> None:
    one, two = tmp_path / "a.py", tmp_path / "b.py"
    one.write_text(f"import os\n\nfirst = 1\n{BODY}\nvalue = done(value)\n", encoding="utf-8")
    two.write_text(f"{other}\n", encoding="utf-8")

    told = duplicates.duplicates([one, two])
    assert [(line.path, other.path) for line, other in told] == [(one, two)] * found
    assert all(line.number == 4 for line, _ in told)
    assert duplicates.main([str(tmp_path)]) == bool(found)


@pytest.mark.parametrize(
    "alike",
    [
        "".join(f"import os.path as path{n}\n" for n in range(9)),
        "def work(\n" + "".join(f"    value{n}: int,\n" for n in range(9)) + ") -> None:\n    pass\n",
    ],
)
def test_imports_and_signatures_are_no_copies(tmp_path: Path, alike: str) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(alike, encoding="utf-8")
    assert duplicates.main([str(tmp_path)]) == 0


def test_a_copy_within_a_file_is_found_too(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(f"{BODY}\nother = 1\n{BODY}\n", encoding="utf-8")
    assert duplicates.main([str(tmp_path)]) == 1
