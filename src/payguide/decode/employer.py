"""Employers over their spellings: one id each, and the tier and industry that are generally known."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final
from urllib.parse import unquote

from payguide.base.codes import Industry, Tier
from payguide.base.inputs import Employer
from payguide.decode.phrase_matcher import vocabulary

#: A name longer than this is a text, not a name.
_LONGEST: Final = 120

#: Tiers whose members trade under many legal names ("Qualcomm Technologies", "Amazon Data Services").
LARGE: Final = frozenset((Tier.BIG_TECH, Tier.PUBLIC_TECH, Tier.ENTERPRISE, Tier.CONSULTANCY))

#: A shorter name is borne by others too ("HTC Global Services").
_TELLING: Final = 4

_BRACKETS: Final = re.compile(r"\s{0,8}[(\[][^)\]]{0,80}[)\]]")
_APOSTROPHE: Final = re.compile(r"['’`´]")
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_DOTTED: Final = re.compile(r"\b([a-z])[./](?=[a-z]\b)")
_ADDRESS: Final = re.compile(r"^(?:https?://)?(?:www\.)?")
_SUFFIX: Final = re.compile(
    r"(?<=[a-z0-9]{2})\.(?:com|ai|io|co|dev|app|xyz|org|net|us|tech|inc|foundation)(?![\w.])"
)
_TRADES_AS: Final = re.compile(r"\b(?:d/b/a|d\.b\.a\.?|dba|doing business as|trading as)\b[\s:.)/]*+(?=\w)")
_FORMERLY: Final = re.compile(r"[\s,]++(?:formerly|fka|f/k/a|previously)\b.*")
#: Letters that no accent makes: they do not fall apart into a plain letter and a mark.
_LETTERS: Final = str.maketrans({
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d", "ı": "i",
    "\u2010": "-", "\u2011": "-",
})  # fmt: skip


@lru_cache(maxsize=65_536)
def read_employer(name: str) -> Employer:
    """The employer that a name, a board's slug or a legal name means. An unlisted one keeps its own slug.

    Tier and industry are those of data/employers.toml; else what the name itself says ("Bank", "University",
    "Staffing"); else unknown. An empty name gives an unknown employer. Nothing is raised; time is linear.
    """
    shown = _shown(name)
    words = _words(shown)
    bare = _words(_SUFFIX.sub("", shown.lower()))
    known = _known(words) or (_known(bare) if bare != words else None)
    if known is not None:
        return known
    if not bare:
        return Employer()
    padded = f" {' '.join(bare)} "
    industry, tier = _first_said(padded, "words"), _first_said(padded, "words_tier")
    return Employer("-".join(bare), shown, Tier(tier or "unknown"), Industry(industry or "unknown"))


def _shown(name: str) -> str:
    """The name as it is shown: web escapes undone, blanks joined."""
    shown = name[:_LONGEST]
    while (plain := unquote(shown)) != shown:
        shown = plain
    return " ".join(shown.split())


@lru_cache(maxsize=16_384)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name without its legal form, what stands in brackets and "Careers at".

    A name in another script keeps its letters.
    """
    plain = unicodedata.normalize("NFKD", (_BRACKETS.sub("", name) or name).translate(_LETTERS))
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).lower().strip()
    plain = _FORMERLY.sub("", _ADDRESS.sub("", plain)) or plain
    plain = _TRADES_AS.split(plain)[-1]
    plain = _DOTTED.sub(r"\1", _APOSTROPHE.sub("", plain)).replace("&", " and ")
    words = _NOT_WORD.sub(" ", plain).split() or "".join(c if c.isalnum() else " " for c in plain).split()
    return tuple(_without_ends(words))


def _without_ends(words: list[str]) -> list[str]:
    """Without the legal form and the board's "careers" behind a name and "the", "jobs at" ahead of it."""
    if len(words) < 2:
        return words
    form = _forms()
    while len(words) > 1 and words[-1] in form["ending"]:
        words = words[:-1]
    while len(words) > 1:
        taken = next((n for n in (2, 1) if len(words) > n and " ".join(words[:n]) in form["opening"]), 0)
        if not taken:
            break
        words = words[taken:]
    return words


def _known(words: tuple[str, ...]) -> Employer | None:
    """The listed employer of these words, or of the first of them if only a unit's or a place's name follows."""
    for end in range(len(words), 0, -1):
        employer = _listed().get("".join(words[:end]))
        if employer is not None and _is_same(employer, words[:end], words[end:]):
            return employer
        if words[end - 1] not in _forms()["tail"]:
            return None
    return None


def _is_same(employer: Employer, head: tuple[str, ...], tail: tuple[str, ...]) -> bool:
    """Whether a listed name with more words behind it is still that employer."""
    if not tail:
        return True
    form = _forms()
    if tail == ("ai",):
        return employer.industry is Industry.AI
    if " ".join(head) in form["ordinary"]:
        return False
    is_known_by_it = employer.tier in LARGE and len("".join(head)) >= _TELLING
    return is_known_by_it or all(word in form["same"] for word in tail)


@cache
def _forms() -> Mapping[str, frozenset[str]]:
    """The words that are taken off names, by what they are."""
    form = vocabulary("employers")["forms"]
    same = frozenset(word for phrase in form["same"] for word in phrase.split()) | frozenset(form["legal"])
    return {
        "ending": frozenset(form["legal"]) | frozenset(form["board"]),
        "opening": frozenset(form["opening"]),
        "ordinary": frozenset(form["ordinary"]),
        "same": same,
        "tail": same | frozenset(form["units"]) | {"ai"},
    }


@cache
def _listed() -> Mapping[str, Employer]:
    """Every spelling, its words run together, to its employer; the first listed wins."""
    found: dict[str, Employer] = {}
    for employer, spellings in listed_employers():
        for spelling in spellings:
            found.setdefault("".join(_words(spelling)), employer)
    return found


def listed_employers() -> Iterator[tuple[Employer, tuple[str, ...]]]:
    """(employer, its spellings) of data/employers.toml, the canonical spelling first."""
    for group in vocabulary("employers")["group"]:
        for line in group["names"]:
            spellings = tuple(spelling.strip() for spelling in line.split("|"))
            slug = "-".join(_words(spellings[0]))
            yield Employer(slug, spellings[0], Tier(group["tier"]), Industry(group["industry"])), spellings


def _first_said(padded: str, table: str) -> str:
    """The first entry of a table one of whose phrases stands in the words of a name."""
    entries: Iterable[tuple[str, list[str]]] = vocabulary("employers")[table].items()
    return next(
        (named for named, phrases in entries if any(f" {phrase} " in padded for phrase in phrases)), ""
    )
