"""Employers over their spellings: one id each, and the tier, industry, size and owner that are known.

Two names are one employer by rule only: a listed spelling, or a listed name with nothing but a legal form, a place or a
unit's name behind it. data/employers.toml is the list, data/employer_table.toml what tools/employers.py worked out for
employers of the evidence by lists of companies and by their own filings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote

from payguide.base.codes import Industry, Tier
from payguide.base.inputs import Employer
from payguide.decode.phrase_matcher import vocabulary

#: A name longer than this is a text, not a name.
_LONGEST: Final = 120

#: Tiers whose members trade under many legal names ("Qualcomm Technologies", "Amazon Data Services").
LARGE: Final = frozenset(
    (Tier.BIG_TECH, Tier.PUBLIC_TECH, Tier.ENTERPRISE, Tier.CONSULTANCY, Tier.IT_SERVICES)
)

#: How a tier is known.
LIST: Final = "list"
RULE: Final = "rule"

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
_FORMERLY: Final = re.compile(r"[\s,(\[]++(?:formerly|fka|f/k/a|previously|aka|a/k/a|also known as)\b.*")
#: A name in which those patterns find nothing, unless one of these words stands in it.
_PLAIN: Final = re.compile(r"[A-Za-z0-9 ]++")
_SAYS_MORE: Final = frozenset({"dba", "doing", "trading", "formerly", "fka", "previously", "aka", "also"})
#: "X, a Y company": X hires under its own name, Y owns it.
_OWNED: Final = re.compile(
    r"(?<=[a-z0-9.,])(?:,|[ ](?:inc|llc|corp|ltd)\.?,?)[ ]an?[ ]"
    r"(?:([^,]{2,60})[ ]company|(?:wholly[ -]owned[ ])?subsidiary[ ]of[ ](.{2,80}))$",
    re.IGNORECASE,
)
#: The most words ahead of a name that are none of it, and fewer.
_OPENING: Final = (4, 3, 2, 1)
#: The digits of a code of accounts ahead of a name; fewer are part of one ("99 Ranch", "18F").
_CODE_DIGITS: Final = 3
#: Letters that no accent makes: they do not fall apart into a plain letter and a mark.
_LETTERS: Final = str.maketrans({
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "đ": "d", "ı": "i",
    "\u2010": "-", "\u2011": "-",
})  # fmt: skip


@lru_cache(maxsize=65_536)
def read_employer(name: str) -> Employer:
    """The employer that a name, a board's slug or a legal name means. An unlisted one keeps its own slug.

    Tier and industry are those of the lists; else what the name itself says ("Bank", "University", "Staffing"); else
    unknown. An empty name gives an unknown employer. Nothing is raised; time is linear.
    """
    shown = _shown(name)
    owned = _OWNED.search(shown)
    owner = _known(_words(owned[1] or owned[2])) if owned else None
    if owned is None or owner is None:
        return _read(shown)
    found = _read(shown[: owned.start()])
    return found if found.id == owner.id or found.parent else replace(found, name=shown, parent=owner.id)


def _read(shown: str) -> Employer:
    words = _words(shown)
    bare = _words(_SUFFIX.sub("", shown.lower()))
    known = _known(words) or (_known(bare) if bare != words else None) or _behind_code(words)
    if known is not None:
        return known if known.name else replace(known, name=shown)
    if not bare:
        return Employer()
    industry, tier = _first_said(bare, "words"), _first_said(bare, "words_tier")
    if industry and tier == Tier.IT_SERVICES:  # "Healthcare Solutions" are no one's people at a client's
        tier = ""
    return Employer(
        "-".join(bare), shown, Tier(tier or "unknown"), Industry(industry or "unknown"),
        known_by=RULE if tier else "",
    )  # fmt: skip


@cache
def shown_name(slug: str) -> str:
    """How the employer of a slug is shown: as it is listed, else its words."""
    listed = next(
        (employer.name for employer in _listed().values() if employer.id == slug and employer.name), ""
    )
    return listed or slug.replace("-", " ").title()


def _shown(name: str) -> str:
    """The name as it is shown: web escapes undone, blanks joined."""
    shown = name[:_LONGEST]
    while (plain := unquote(shown)) != shown:
        shown = plain
    return " ".join(shown.split())


@lru_cache(maxsize=16_384)
def _words(name: str) -> tuple[str, ...]:
    """The words of a name without its legal form, what stands in brackets and "Careers at".

    A name in another script keeps its letters. One of plain words alone has nothing that the patterns look for.
    """
    if _PLAIN.fullmatch(name) and (words := name.lower().split()) and _SAYS_MORE.isdisjoint(words):
        return tuple(_without_ends(words))
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
        taken = next((n for n in _OPENING if len(words) > n and " ".join(words[:n]) in form["opening"]), 0)
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


def _behind_code(words: tuple[str, ...]) -> Employer | None:
    """The listed employer behind a code of accounts ("99-7777827 Bank of America")."""
    start = next((at for at, word in enumerate(words) if not word.isdigit()), len(words))
    if len("".join(words[:start])) < _CODE_DIGITS:
        return None
    return _known(tuple(_without_ends(list(words[start:]))))


def _is_same(employer: Employer, head: tuple[str, ...], tail: tuple[str, ...]) -> bool:
    """Whether a listed name with more words behind it is still that employer."""
    if not tail:
        return True
    form = _forms()
    if tail == ("ai",):
        return employer.industry is Industry.AI
    if " ".join(head) in form["ordinary"]:
        return False
    is_known_by_it = bool(employer.name) and employer.tier in LARGE and len("".join(head)) >= _TELLING
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
    """Every spelling, its words run together, to its employer; the first listed wins.

    Those of the table have no name of their own: they are shown as they are spelled.
    """
    found: dict[str, Employer] = {}
    for employer, spellings in listed_employers():
        for spelling in spellings:
            found.setdefault("".join(_words(spelling)), employer)
    for employer in table_employers():
        found.setdefault(employer.id.replace("-", ""), employer)
    return found


def listed_employers() -> Iterator[tuple[Employer, tuple[str, ...]]]:
    """(employer, its spellings) of data/employers.toml, the canonical spelling first."""
    listed = vocabulary("employers")
    owners = {slug(name): slug(owner) for owner, owned in listed["parents"].items() for name in owned}
    sizes = {
        name: size for size, names in vocabulary("employer_table")["sizes"].items() for name in names.split()
    }
    for group in listed["group"]:
        tier, industry = Tier(group["tier"]), Industry(group["industry"])
        for line in group["names"]:
            spellings = tuple(spelling.strip() for spelling in line.split("|"))
            own = slug(spellings[0])
            known_by = "" if tier is Tier.UNKNOWN else LIST
            yield (
                Employer(
                    own, spellings[0], tier, industry, owners.get(own, ""), sizes.get(own, ""), known_by
                ),
                spellings,
            )


def table_employers() -> Iterator[Employer]:
    """The employers of data/employer_table.toml, without a name."""
    table = vocabulary("employer_table")
    sizes = {name: size for size, names in table["sizes"].items() for name in names.split()}
    for group in table["group"]:
        tier, industry = Tier(group["tier"]), Industry(group["industry"])
        for own in group["ids"].split():
            yield Employer(own, "", tier, industry, "", sizes.get(own, ""), group["known_by"])


def slug(name: str) -> str:
    """The id of a name as it is written."""
    return "-".join(_words(name))


class _Phrases(NamedTuple):
    """A table's phrases by the words they are made of, what ends a word, and the entry, in order, that each stands for.

    A full stop behind a phrase stands for the end of a name. `longest` is the most words of a phrase.
    """

    entries: tuple[str, ...]
    whole: Mapping[str, int]
    endings: tuple[tuple[str, int], ...]
    longest: int


def _first_said(words: tuple[str, ...], table: str) -> str:
    """The first entry of a table one of whose phrases stands in the words of a name."""
    said = _phrases(table)
    lengths = range(1, min(said.longest, len(words)) + 1)
    runs = [" ".join(words[at : at + n]) for n in lengths for at in range(len(words) - n + 1)]
    runs += [f"{' '.join(words[-n:])}." for n in lengths]
    found = [said.whole[run] for run in runs if run in said.whole]
    found += [
        entry
        for ending, entry in said.endings
        for word in (words if ending[-1] != "." else words[-1:])
        if word.endswith(ending.rstrip("."))
    ]
    return said.entries[min(found)] if found else ""


@cache
def _phrases(table: str) -> _Phrases:
    listed = vocabulary("employers")[table]
    pairs = [(phrase, entry) for entry, phrases in enumerate(listed.values()) for phrase in phrases]
    whole: dict[str, int] = {}
    for phrase, entry in pairs:
        if phrase[0] != "*":
            whole.setdefault(phrase, entry)
    endings = tuple((phrase[1:], entry) for phrase, entry in pairs if phrase[0] == "*")
    return _Phrases(tuple(listed), whole, endings, max(phrase.count(" ") + 1 for phrase, _ in pairs))
