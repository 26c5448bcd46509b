"""Every phrase that is looked for in a posting's text, found in one pass (Aho-Corasick).

The vocabularies are TOML files beside this module; each belongs to the file of this room that reads its hits.
The text is brought to one plain form of the same length first, so that a hit's offsets hold in the text as
it came. Time is linear in the text's length.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import Any, Final, NamedTuple

import ahocorasick

#: The vocabularies searched in one pass: `data/{kind}.toml`.
KINDS: Final = (
    "skills", "specialisations", "stages", "duties", "degrees", "years", "arrangements", "sections",
)  # fmt: skip

#: Signs that are no letters in any language; folded first so that one pass over bytes can do the rest.
_SIGNS: Final = "\u00a0\u2009\u202f\u2010\u2011–—−•·“”‘’…?※●▪→★✓✔🔹"
_KEPT: Final = "+#&"
_TABLE: Final = bytes(
    ord(chr(code).lower())
    if code < 128 and (chr(code).isalnum() or chr(code) in _KEPT)
    else (code if chr(code) == "?" else 32)
    for code in range(256)
)


class Hit(NamedTuple):
    """A phrase found: what it stands for, and its [start, end) in the text as it came."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """A text searched once. `plain` is the text folded to lower-case ASCII words, same length as `text`; the
    hits are in the order of their ends. A scan equals itself only, so that what is worked out can be kept.
    """

    text: str
    plain: str
    hits: Mapping[str, list[Hit]]


def fold(text: str) -> str:
    """The text in lower-case ASCII, blanks for what separates words, same length ("?" is a foreign letter).

    "+", "#" and "&" stay: "C++", "C#" and "R&D" are words.
    """
    if text.isascii():
        return text.replace("?", " ").encode("ascii").translate(_TABLE).decode("ascii")
    for sign in _SIGNS:
        if sign in text:
            text = text.replace(sign, " ")
    return text.encode("ascii", "replace").translate(_TABLE).decode("ascii")


def scan(text: str) -> Scan:
    """Every phrase of every vocabulary in the text."""
    if not text:
        return _EMPTY
    plain = fold(text)
    hits: dict[str, list[Hit]] = {kind: [] for kind in KINDS}
    made = tuple.__new__
    # the added blank shifts offsets by one: a key is " phrase ", so its end lies at the blank behind it
    for at, values in _automaton().iter(f" {plain} "):
        for kind, name, length in values:
            # made as Hit._make does, without its call: a text has a hundred
            hits[kind].append(made(Hit, (name, at - 1 - length, at - 1)))
    return Scan(text, plain, hits)


@lru_cache(maxsize=256)
def vocabulary(kind: str) -> Mapping[str, Any]:
    """A vocabulary's file as it is written.

    Raises:
        FileNotFoundError: the package lacks the file.
    """
    return tomllib.loads(files(__package__).joinpath("data", f"{kind}.toml").read_text(encoding="utf-8"))


def _phrases(kind: str) -> Iterator[tuple[str, str]]:
    """(phrase, what it stands for) of one vocabulary: the tables under `phrases`, nested or not, and every
    way through the columns under `crossed`: [["own", "lead"], ["the roadmap"]] is two phrases.
    """
    for name, value in vocabulary(kind)["phrases"].items():
        nested = value.items() if isinstance(value, dict) else ((name, value),)
        for inner, phrases in nested:
            for phrase in phrases:
                yield phrase, inner
    for name, tables in vocabulary(kind).get("crossed", {}).items():
        for columns in tables:
            for words in product(*columns):
                yield " ".join(words), name


@cache
def _automaton() -> ahocorasick.Automaton:
    found: dict[str, dict[tuple[str, str, int], None]] = {}
    for kind in KINDS:
        for phrase, name in _phrases(kind):
            key = " ".join(fold(phrase).split())
            found.setdefault(f" {key} ", {})[kind, name, len(key)] = None
    machine = ahocorasick.Automaton()
    for key, values in found.items():
        machine.add_word(key, tuple(values))
    machine.make_automaton()
    return machine


_EMPTY: Final = Scan("", "", {kind: [] for kind in KINDS})
