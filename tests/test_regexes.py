"""No regular expression of the package can backtrack without bound: every one that is compiled is looked at.

An unbounded repeat must be possessive ("*+", "++"), or end the pattern, where there is nothing to go back for; and
no repeat may stand inside an unbounded one that gives back.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

#: Imports every module in a process of its own, reads one posting, and lists what was compiled for our files.
SPY = r"""
import importlib, importlib.util, json, pkgutil, re, sys
from re import _compiler

seen, plain = [], _compiler.compile
[home] = importlib.util.find_spec("payguide").submodule_search_locations

def spy(pattern, flags=0):
    frame = sys._getframe(1)
    while frame is not None and "/re/" in frame.f_code.co_filename:
        frame = frame.f_back
    name = frame.f_code.co_filename if frame else ""
    if name.startswith(home) and isinstance(pattern, str):
        seen.append([name[len(home) + 1:].replace("\\", "/"), pattern, int(flags)])
    return plain(pattern, flags)

re.purge()
re._compiler.compile = spy
import payguide
for module in pkgutil.walk_packages(payguide.__path__, "payguide."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
from payguide.decode.posting import read_posting
text = "<p>Base pay: $120k - 150k a year, remote in Berlin or NYC. 5+ years, PhD preferred.</p>"
read_posting(id="1", title="Sr. ML Engineer", html=text, location="Remote - US", employer="Acme (x), Inc.")
print(json.dumps(seen))
"""


@pytest.fixture(scope="module")
def patterns() -> list[tuple[str, str, int]]:
    done = subprocess.run([sys.executable, "-c", SPY], check=True, capture_output=True, text=True)
    return [tuple(one) for one in json.loads(done.stdout)]


def faults(pattern: str, flags: int = 0) -> list[str]:
    return sorted(set(_faults(parser.parse(pattern, flags), ends=True, inside=False)))


def _faults(items: Iterable[Any], *, ends: bool, inside: bool) -> Iterator[str]:
    """`ends`: nothing follows the items in the pattern; `inside`: an unbounded repeat holds them."""
    listed = list(items)
    for at, (code, value) in enumerate(listed):
        last = ends and at == len(listed) - 1
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
            unbounded = value[1] == codes.MAXREPEAT
            if inside and value[0] != value[1]:
                yield "a repeat inside an unbounded one"
            if unbounded and not last:
                yield "an unbounded repeat that gives back"
            yield from _faults(value[2], ends=last and value[1] == 1, inside=inside or unbounded)
        elif code is codes.POSSESSIVE_REPEAT:
            yield from _faults(value[2], ends=False, inside=inside)
        elif code is codes.SUBPATTERN:
            yield from _faults(value[3], ends=last, inside=inside)
        elif code in (codes.ASSERT, codes.ASSERT_NOT):
            yield from _faults(value[1], ends=True, inside=inside)
        elif code is codes.BRANCH:
            for branch in value[1]:
                yield from _faults(branch, ends=last, inside=inside)


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"a{0,80}b",      []),
        (r"\d+",           []),
        (r"\d++x",         []),
        (r"(?:ab|c*+d)*+", []),
        (r"\d+x",          ["an unbounded repeat that gives back"]),
        (r"\s*$",          ["an unbounded repeat that gives back"]),
        (r".*?;",          ["an unbounded repeat that gives back"]),
        (r"(?:a|b+)c",     ["an unbounded repeat that gives back"]),
        (r"(a{1,9})*",     ["a repeat inside an unbounded one"]),
        (r"(a+)+",         ["a repeat inside an unbounded one", "an unbounded repeat that gives back"]),
    ],
)  # fmt: skip
def test_the_scan_sees(pattern: str, found: list[str]) -> None:
    re.compile(pattern)
    assert faults(pattern) == found


def test_no_expression_backtracks_without_bound(patterns: list[tuple[str, str, int]]) -> None:
    assert len(patterns) > 50  # the spy saw the package
    wrong = {(file, pattern): found for file, pattern, flags in patterns if (found := faults(pattern, flags))}
    assert wrong == {}
