"""The years of experience that a posting asks for: READING's "years asked for this job"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from payguide.decode.lexicon import Hit, Scan, scan
from payguide.decode.sections import OTHER, PREFERRED, sentence, standing

_WORDS: Final = {word: number for number, word in enumerate((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen",
))}  # fmt: skip
_AMOUNT: Final = re.compile(r"\d{1,2}(?:\.\d)?")

#: Years ahead of which words may stand: "5 or more years", "7 plus years", "2+ full years".
_OPEN: Final = frozenset(("or", "more", "plus", "+", "full", "greater", "above"))
_LINK: Final = frozenset(("to", "and", "or", "between"))

#: More than this is a company's history, not a demand.
_MOST: Final = 25

#: How far behind the unit the word that makes it experience may stand.
_REACH: Final = 90

#: Words between "years" and "experience" that ask for experience at large, not for one skill.
_GENERAL: Final = frozenset((
    "of", "professional", "industry", "relevant", "work", "working", "software", "engineering",
    "development", "hands", "on", "total", "full", "time", "related", "technical", "proven", "practical",
    "progressive", "s", "in", "overall", "commercial", "experience", "or", "more", "post", "graduate",
    "prior", "real", "world", "direct", "applicable", "experienced", "the", "a", "as", "an", "engineer",
    "exp", "demonstrated",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    low: float
    high: float | None
    general: bool
    welcome: bool
    at: int


def years_in(found: Scan, title: str = "") -> tuple[float | None, float | None]:
    """(least, most) years of experience asked for; None where not said. "5+ years" is (5, None).

    Experience at large comes before experience in one skill, what is required before what is welcome. Of
    several skills the longest counts: who has it has the others. A title may say it too ("Engineer, 5+ yrs").
    """
    asked = [one for hit in _units(found) if (one := _asked(found, hit))]
    if not asked and title and any(mark.isdigit() for mark in title):
        named = scan(title)
        asked = [one for hit in _units(named) if (one := _asked(named, hit, bare=True))]
    for welcome in (False, True):
        general = [one for one in asked if one.welcome is welcome and one.general]
        if general:
            return general[0].low, general[0].high
        special = [one for one in asked if one.welcome is welcome]
        if special:
            longest = max(special, key=lambda one: one.low)
            return longest.low, longest.high
    return None, None


def _units(found: Scan) -> list[Hit]:
    """The units, each once: "years" inside "years of experience" is the same."""
    kept: list[Hit] = []
    for hit in found.hits["years"]:
        if hit.name == "unit" and (not kept or hit.start > kept[-1].start):
            kept.append(hit)
    return kept


def _asked(found: Scan, unit: Hit, *, bare: bool = False) -> _Asked | None:
    """What one unit asks for; None where it asks for nothing."""
    amount = _amount_before(found, unit.start)
    if amount is None:
        return None
    low, high, at, plus = amount
    if not (0 <= low <= _MOST) or (high is not None and (high < low or high > 2 * _MOST)):
        return None
    start, end = sentence(found.text, unit.start)
    marks = [hit for hit in found.hits["years"] if start <= hit.start < end and hit.name != "unit"]
    if any(hit.name == "passing" and 0 <= at - hit.end <= 2 for hit in marks):
        return None
    if any(hit.name == "company" and -60 <= hit.start - unit.end <= 14 for hit in marks):
        return None
    behind = [hit for hit in marks if hit.name == "experience" and 0 <= hit.start - unit.end <= _REACH]
    ahead = [hit for hit in marks if hit.name == "experience" and 0 <= at - hit.end <= 30]
    listed = plus or found.plain[unit.end : unit.end + 4].split()[:1] == ["in"]
    if not (behind or ahead or bare or listed or found.plain[unit.start : unit.end] == "yoe"):
        return None
    state = standing(found, unit)
    if state == OTHER and not behind:
        return None
    return _Asked(low, high, _is_general(found.plain, unit, behind), state == PREFERRED, at)


def _is_general(plain: str, unit: Hit, behind: list[Hit]) -> bool:
    """Whether only general words lie between the unit and "experience", and no skill is named right behind."""
    words = plain[unit.end : unit.end + _REACH].split()
    if plain[unit.start : unit.end] == "yoe" or not words:
        return True
    if not any(word in ("experience", "exp", "experienced") for word in words):
        return False
    for at, word in enumerate(words):
        if word in ("experience", "exp", "experienced"):
            # "experience with Kubernetes" is of one skill
            return words[at + 1 : at + 2] not in (["with"], ["using"])
        if word not in _GENERAL:
            return False
    return bool(behind)


def _amount_before(found: Scan, unit: int) -> tuple[float, float | None, int, bool] | None:
    """(least, most or None, where it starts, whether open-ended: "5+") of the amount right before the unit."""
    start = max(0, unit - 48)
    ahead = _with_points(found.plain[start:unit], found.text[start:unit])
    tokens = [(match.group(), start + match.start()) for match in re.finditer(r"\S+", ahead)]
    open_ended = False
    while tokens and tokens[-1][0] in _OPEN:
        open_ended = True
        tokens.pop()
    if not tokens:
        return None
    last = _number(tokens[-1][0])
    if last is None:
        return None
    value, at, plus = last[0], tokens[-1][1], last[1] or open_ended
    tokens.pop()
    before = _number(tokens[-1][0]) if tokens else None
    if before is None and len(tokens) > 1 and tokens[-1][0] in _LINK:
        before = _number(tokens[-2][0])
        at = tokens[-2][1] if before else at
    elif before:
        at = tokens[-1][1]
    if before is None or before[0] > value:
        return value, None, at, plus
    if before[0] == value:  # "five (5) years"
        return value, None, at, plus
    return before[0], None if plus else value, at, plus


def _with_points(plain: str, text: str) -> str:
    """The folded text with its decimal points back: "2.5" is one number."""
    if "." not in text:
        return plain
    return "".join(
        "." if mark == "." and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit() else folded
        for at, (folded, mark) in enumerate(zip(plain, text, strict=True))
    )


def _number(token: str) -> tuple[float, bool] | None:
    """(value, whether a "+" stands on it), or None where the token is no number of years."""
    if token in _WORDS:
        return float(_WORDS[token]), False
    bare = token.rstrip("+")
    return (float(bare), bare != token) if _AMOUNT.fullmatch(bare) else None
