"""Every phrase that is looked for in a posting's text, found in one pass (Aho-Corasick).

The vocabularies are TOML files beside this module; each belongs to the file of this room that reads its hits.
The text is brought to one plain form of the same length first, so that a hit's offsets hold in the text as
it came. Time is linear in the text's length.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, product
from typing import Any, Final, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation

from payguide.base.reference import data
from payguide.decode.letters import INNER, encoded

#: The vocabularies searched in one pass: `data/{kind}.toml`.
KINDS: Final = (
    "skills", "specialisations", "stages", "duties", "degrees", "years", "arrangements", "sections",
)  # fmt: skip

_KEPT: Final = "+#&"
#: The most phrases of one text that are read; the densest of several thousand postings has 300.
_MOST_HITS: Final = 3_000
#: What the signs begin with that are no letters: U+0080 to U+00BF, U+2000 to U+2FFF, pictures.
_SIGNS: Final = frozenset((0xC2, 0xE2, 0xF0))
#: Of each byte of UTF-8 the plain one; the first of a sign that is not ASCII stands for it, its others go.
_TABLE: Final = bytes(
    ord(" ")
    if code in _SIGNS
    else ord("?")
    if code >= 0x80
    else ord(chr(code).lower())
    if chr(code).isalnum() or chr(code) in _KEPT
    else ord(" ")
    for code in range(256)
)

#: An automaton, and of each of its phrases the vocabularies and what it stands for in them.
_Machine = tuple[BytesAhoCorasick, list[tuple[tuple[str, str], ...]]]


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
    return encoded(text).translate(_TABLE, INNER).decode("ascii")


def scan(text: str) -> Scan:
    """Every phrase of every vocabulary in the text."""
    if not text:
        return _EMPTY
    plain = fold(text)
    hits: dict[str, list[Hit]] = {kind: [] for kind in KINDS}
    made = tuple.__new__
    machine, meanings = _machine_of_all()
    # the added blank shifts offsets by one: a key is " phrase ", so that a phrase ends two ahead of its key
    found = machine.find_matches_as_indexes(f" {plain} ".encode("ascii"), overlapping=True)
    for which, start, end in found[:_MOST_HITS]:
        for kind, name in meanings[which]:
            # made as Hit._make does, without its call: a text has dozens
            hits[kind].append(made(Hit, (name, start, end - 2)))
    return Scan(text, plain, hits)


def beside(found: Scan, kind: str, start: int, end: int) -> list[Hit]:
    """The phrases under `beside` of one vocabulary in [start, end): words that count only near another hit."""
    machine, meanings = _machine_beside(kind)
    window = f" {found.plain[start:end]} ".encode("ascii")
    return [
        Hit(name, start + first, start + last - 2)
        for which, first, last in machine.find_matches_as_indexes(window, overlapping=True)
        for _, name in meanings[which]
    ]


@lru_cache(maxsize=256)
def vocabulary(kind: str) -> Mapping[str, Any]:
    """A vocabulary's file as it is written: one of this room, or one that other rooms read too.

    Raises:
        FileNotFoundError: the package lacks the file.
    """
    own = files(__package__).joinpath("data", f"{kind}.toml")
    return tomllib.loads(own.read_text(encoding="utf-8")) if own.is_file() else data.table(kind)


def _phrases(kind: str, table: str = "phrases") -> Iterator[tuple[str, str]]:
    """(phrase, what it stands for) of one vocabulary: the lists of a table, nested or not."""
    for name, value in vocabulary(kind)[table].items():
        nested = value.items() if isinstance(value, dict) else ((name, value),)
        for inner, phrases in nested:
            for phrase in phrases:
                yield phrase, inner


def _crossed(kind: str) -> Iterator[tuple[str, str]]:
    """The same of every way through the columns under `crossed`: [["own", "lead"], ["the roadmap"]] is two."""
    for name, tables in vocabulary(kind).get("crossed", {}).items():
        for columns in tables:
            for words in product(*columns):
                yield " ".join(words), name


@cache
def _machine_of_all() -> _Machine:
    return _machine((kind, *phrase) for kind in KINDS for phrase in chain(_phrases(kind), _crossed(kind)))


@cache
def _machine_beside(kind: str) -> _Machine:
    return _machine((kind, *phrase) for phrase in _phrases(kind, "beside"))


def _machine(phrases: Iterable[tuple[str, str, str]]) -> _Machine:
    """The automaton of (vocabulary, phrase, what it stands for), and what each of its phrases stands for."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    for kind, phrase, name in phrases:
        found.setdefault(f" {' '.join(fold(phrase).split())} ", {})[kind, name] = None
    keys = [key.encode("ascii") for key in found]
    return BytesAhoCorasick(keys, implementation=Implementation.ContiguousNFA), [
        tuple(said) for said in found.values()
    ]


_EMPTY: Final = Scan("", "", {kind: [] for kind in KINDS})
