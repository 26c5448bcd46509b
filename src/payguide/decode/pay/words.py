"""The words and signs of a window of text, and the phrases of the lexicon found in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import accumulate, product, repeat
from typing import Final, NamedTuple

from payguide.base.codes import Basis, Period

#: Words, numbers, and the signs that divide or join statements. Hyphens are left out: "sign-on" is two words.
#: An identifier ("w2", "gw86tc7us") is one word. The plain word comes first: most are, and nothing is tried twice.
_TOKEN: Final = re.compile(
    r"([a-z]++(?!\w)|[a-zA-Z]++[0-9][0-9a-zA-Z]*|[^\W\d_]+|[0-9][0-9.,]*+%?|[+|•·;:()\n.!?,/&])"
)

#: A square bracket says what a round one says.
_BRACKETS: Final = str.maketrans("[]", "()")


class Token(NamedTuple):
    """One word, number or sign, in lower case, with its place in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a phrase says of an amount. `kind`: pay, weak, not, veto, extra, mute or "" (period). `term`: it names a
    time that is no unit of pay.
    """

    kind: str = ""
    basis: Basis | None = None
    period: Period | None = None
    unit: bool = False
    term: bool = False


class Cue(NamedTuple):
    """A phrase found: tokens [first, last) and its meaning."""

    first: int
    last: int
    meaning: Meaning


_Rest = tuple[tuple[str, ...], Meaning]


@dataclass(frozen=True)
class Lexicon:
    """The phrases by their first word, and the plain word lists. Of a first word: the rest of its longer phrases by
    their second word, longest first, and of the phrase that it is alone.
    """

    phrases: dict[str, tuple[dict[str, list[_Rest]], list[_Rest]]]
    low: frozenset[tuple[str, ...]]
    high: frozenset[tuple[str, ...]]
    between: frozenset[tuple[str, ...]]
    middle: frozenset[tuple[str, ...]]
    or_more: frozenset[tuple[str, ...]]
    or_less: frozenset[tuple[str, ...]]
    connectors: frozenset[tuple[str, ...]]
    joined: frozenset[tuple[str, ...]]
    filler: frozenset[str]
    columns: dict[str, str]
    whole: dict[str, frozenset[str]]
    per: frozenset[str]
    paid: frozenset[str]
    payroll: frozenset[str]
    term_begins: frozenset[str]
    term_units: frozenset[str]
    few: frozenset[str]
    role: frozenset[str]


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of text[start:end]."""
    start = max(0, start)
    window = text[start:end]
    lower = _lower(window)
    holds = len(lower) == len(
        window
    )  # "İ" has two signs in lower case: then word by word, so that places hold
    parts = _TOKEN.split(lower if holds else window)  # what lies between two tokens, and the tokens
    words = parts[1::2] if holds else map(str.lower, parts[1::2])
    ends = list(accumulate(map(len, parts), initial=start))
    # made as Token._make does, without its call: a posting has a hundred
    return list(map(tuple.__new__, repeat(Token), zip(words, ends[1::2], ends[2::2], strict=False)))


def words_in(text: str, start: int, end: int) -> list[str]:
    """The tokens of text[start:end] without their places."""
    window = text[max(0, start) : end]
    lower = _lower(window)
    if len(lower) != len(window):
        return [word.lower() for word in _TOKEN.findall(window)]
    found: list[str] = _TOKEN.findall(lower)
    return found


def _lower(window: str) -> str:
    return window.lower().translate(_BRACKETS) if "[" in window else window.lower()


def cues(words: Sequence[str]) -> list[Cue]:
    """The phrases in the words of a run of tokens, leftmost longest, muted ones left out."""
    phrases = lexicon().phrases
    out: list[Cue] = []
    free = 0
    for at, word in enumerate(words):
        if word not in phrases or at < free:
            continue
        longer, alone = phrases[word]
        for rest, meaning in (*longer.get(words[at + 1] if at + 1 < len(words) else "", ()), *alone):
            last = at + 1 + len(rest)
            if tuple(words[at + 1 : last]) == rest:
                free = last
                if meaning.kind != "mute":
                    out.append(Cue(at, last, meaning))
                break
    return out


@cache
def lexicon() -> Lexicon:
    """The packaged phrases."""
    raw = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8"))
    meanings: dict[tuple[str, ...], Meaning] = {}

    def add(phrase: str, **said: object) -> None:
        key = _split(phrase)
        meanings[key] = replace(meanings.get(key, Meaning()), **said)  # type: ignore[arg-type]

    for kind in ("weak", "extra", "not", "veto", "mute"):
        for phrase in (*raw[kind]["words"], *_crossed(raw[kind].get("crossed", ()))):
            add(phrase, kind=kind)
    for basis, phrases in raw["pay"].items():
        for phrase in phrases:
            add(phrase, kind="pay", basis=None if basis == "any" else Basis(basis))
    for phrase in raw["term"]["phrases"]:
        add(phrase, term=True)
    for name, forms in raw["period"].items():
        for form, phrases in forms.items():
            for phrase in phrases:
                add(phrase, period=Period(name), unit=form == "unit")
    ordered: dict[str, tuple[dict[str, list[_Rest]], list[_Rest]]] = {}
    for key in sorted(meanings, key=len, reverse=True):
        longer, alone = ordered.setdefault(key[0], ({}, []))
        (longer.setdefault(key[1], []) if key[1:] else alone).append((key[1:], meanings[key]))
    lead, connector, schedule, term = (raw[name] for name in ("lead", "connector", "schedule", "term"))
    timed = frozenset(key[0] for key, meaning in meanings.items() if meaning.period and len(key) == 1)
    return Lexicon(
        ordered, _all(lead["low"] + _crossed(lead["low_crossed"])), _all(lead["high"] + _crossed(lead["high_crossed"])),
        _all(lead["between"]), _all(lead["middle"]),
        _all(lead["or_more"]), _all(lead["or_less"]), _all(connector["plain"]), _all(connector["joined"]),
        timed.union(raw["filler"]["words"]),
        {word: kind for kind, words in raw["columns"].items() for word in words},
        {code: frozenset(words) for code, words in raw["whole"].items()}, frozenset(raw["markers"]["words"]),
        frozenset(schedule["before"]), frozenset(schedule["behind"]),
        frozenset(term["begins"]), frozenset(term["units"]), frozenset(term["few"]),
        frozenset(raw["role"]["words"]),
    )  # fmt: skip


def _crossed(tables: Iterable[Sequence[Sequence[str]]]) -> list[str]:
    """Every way through the columns of each table: [["sick", "shift"], ["pay"]] is two phrases."""
    return [" ".join(words) for columns in tables for words in product(*columns)]


def _split(phrase: str) -> tuple[str, ...]:
    return tuple(match.group().lower() for match in _TOKEN.finditer(phrase))


def _all(phrases: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(_split(phrase) for phrase in phrases)
