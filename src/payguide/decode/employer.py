"""Employers over their spellings: one id each, and the tier and industry that are generally known."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final
from urllib.parse import unquote

from payguide.base.codes import Industry, Tier
from payguide.base.records import Employer
from payguide.decode.lexicon import vocabulary

#: A name longer than this is a text, not a name.
_LONGEST: Final = 120

_BRACKETS: Final = re.compile(r"\s*[(\[][^)\]]{0,80}[)\]]")
_APOSTROPHE: Final = re.compile(r"['’`´]")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_CAREERS: Final = frozenset(("careers", "jobs", "recruiting", "hiring"))
_LEGAL: Final = frozenset((
    "inc", "incorporated", "llc", "ltd", "limited", "corp", "corporation", "co", "company", "gmbh", "plc",
    "pbc", "pvt", "private", "llp", "lp", "sa", "ag", "nv", "bv", "ab", "oy", "srl", "sas", "spa", "pte",
    "pty", "kk", "ug", "se",
))  # fmt: skip
#: Words that end a name without being part of it: "JP Morgan Chase & Co." ends in "and" once "co" is gone.
_DROPPED: Final = _LEGAL | _CAREERS | {"and"}
_SUFFIX: Final = re.compile(r"\.(com|ai|io|co|dev|app|xyz|org|net|us|tech)$")


@lru_cache(maxsize=65_536)
def read_employer(name: str) -> Employer:
    """The employer that a name, a board's slug or a legal name means. An unlisted one keeps its own slug.

    Tier and industry are those of data/employers.toml; else the industry that the name itself says ("Bank",
    "University"); else unknown. An empty name gives an unknown employer. Nothing is raised.
    """
    shown = " ".join(unquote(name[:_LONGEST]).split())
    words = _words(shown)
    if not words:
        return Employer()
    for key in _keys(words, shown):
        known = _listed().get(key)
        if known is not None:
            return known
    return Employer("-".join(words), shown, Tier.UNKNOWN, _said(words))


def _words(name: str) -> list[str]:
    """The words of a name without its legal form, what stands in brackets and "Careers at"."""
    plain = unicodedata.normalize("NFKD", _BRACKETS.sub("", name) or name)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).lower().strip()
    plain = _APOSTROPHE.sub("", plain).replace("&", " and ")
    words = _NOT_WORD.sub(" ", plain).split()
    while len(words) > 1 and words[-1] in _DROPPED:
        words.pop()
    while len(words) > 1 and words[0] == "the":
        words.pop(0)
    return words


def _keys(words: list[str], shown: str) -> tuple[str, ...]:
    """What a name is looked up by: its words, the same run together, and without a web address's ending."""
    bare = _SUFFIX.sub("", shown.lower())
    return ("-".join(words), "".join(words), "-".join(_words(bare)) if bare != shown.lower() else "")


@cache
def _listed() -> dict[str, Employer]:
    """Every spelling's key to its employer; the first listed wins."""
    found: dict[str, Employer] = {}
    joined: dict[str, Employer] = {}
    for group in vocabulary("employers")["group"]:
        for line in group["names"]:
            spellings = [spelling.strip() for spelling in line.split("|")]
            slug = "-".join(_words(spellings[0]))
            employer = Employer(slug, spellings[0], Tier(group["tier"]), Industry(group["industry"]))
            for spelling in spellings:
                words = _words(spelling)
                found.setdefault("-".join(words), employer)
                joined.setdefault("".join(words), employer)
    return {**joined, **found}


def _said(words: list[str]) -> Industry:
    """The industry that a name's own words say."""
    padded = f" {' '.join(words)} "
    for industry, phrases in vocabulary("employers")["words"].items():
        if any(f" {phrase} " in padded for phrase in phrases):
            return Industry(industry)
    return Industry.UNKNOWN
