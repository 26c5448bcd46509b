"""The degree that a posting requires, and the one it prefers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from payguide.base.codes import DegreeName
from payguide.base.inputs import Degree
from payguide.decode.phrase_matcher import Hit, Scan, vocabulary
from payguide.decode.sections import DENIED, PREFERRED, requirement_strength, sentence, within

_RISING: Final = tuple(DegreeName)
_SHORT: Final = "short_"

#: How near another degree must stand for a short form to be one too: "BS/MS/PhD".
_NEAR: Final = 22
_TOUCHING: Final = 6

#: How far ahead of a degree, and behind it, the word stands that makes it somebody else's.
_TEAM_AHEAD: Final = 180
_TEAM_BEHIND: Final = 40

#: How far ahead of a degree "or 2 years with" is looked for.
_INSTEAD: Final = 40
_TIME: Final = frozenset(("years", "year", "yrs", "yr"))


#: The most mentions of one text that are read; real postings have a dozen.
_MOST_READ: Final = 120


def degree_in(found: Scan) -> Degree:
    """The lowest degree required and the highest preferred; None where not mentioned.

    The words in the same sentence decide ("a plus", "required"), else the heading above. What experience may
    stand for ("or equivalent experience") is preferred, not required: one can be hired without.
    """
    named = list(_degrees(found))
    if not named:
        return Degree()
    hits = [hit for hit, _ in named]
    required: list[DegreeName] = []
    preferred: list[DegreeName] = []
    for hit, degree in named:
        state = requirement_strength(found, hit, hits)
        if state == DENIED:
            continue
        welcome = state == PREFERRED or _instead_of_years(found, hit, hits)
        (preferred if welcome else required).append(degree)
    return Degree(
        min(required, key=_RISING.index, default=None), max(preferred, key=_RISING.index, default=None)
    )


def _degrees(found: Scan) -> Iterator[tuple[Hit, DegreeName]]:
    """The degrees asked of a person, in the text's order."""
    worth = [
        hit for hit in found.hits["degrees"]
        if hit.name in _RISING or hit.name == "unnamed"
        or (hit.name.startswith(_SHORT) and _is_written_so(found.text[hit.start : hit.end]))
    ]  # fmt: skip
    named = [hit for hit in worth if hit.name != "unnamed"]
    last_end = -1
    for hit in sorted(worth, key=lambda one: (one.start, -one.end))[:_MOST_READ]:
        if hit.start < last_end or _is_the_teams(found, hit):
            continue
        degree = _degree(found, hit, named)
        if degree is not None:
            last_end = hit.end
            yield hit, degree


def _degree(found: Scan, hit: Hit, named: list[Hit]) -> DegreeName | None:
    if hit.name in _RISING:
        return DegreeName(hit.name)
    start, end = sentence(found.text, hit.start)
    near = within(named, min(start, hit.start - _NEAR * 3), max(end, hit.end + _NEAR + 1))
    others = [other for other in near if not (other.start < hit.end and hit.start < other.end)]
    if hit.name == "unnamed":
        if found.plain[hit.end : hit.end + 4] == " of ":  # "a degree of autonomy"
            return None
        # "Master's degree in": the degree is named beside it
        return None if any(start <= other.start < end for other in others) else DegreeName.BACHELOR
    return DegreeName(hit.name.removeprefix(_SHORT)) if _is_degree(found, hit, others) else None


def _is_written_so(short: str) -> bool:
    """Whether a short form is written as a degree is: "BS" and "B.S.", not "be"."""
    return len(short) > 3 or short.replace(".", "").isupper()


def _gap(one: Hit, other: Hit) -> int:
    """How many characters lie between two phrases."""
    return max(one.start, other.start) - min(one.end, other.end)


def _is_degree(found: Scan, hit: Hit, others: list[Hit]) -> bool:
    """Whether a short form is a degree: in capitals, with a word behind or a degree beside that says so."""
    written = found.text[hit.start : hit.end]
    if len(written) > 5 and any(_gap(hit, other) <= _TOUCHING for other in others):  # "PhD / master"
        return True
    if not (written[:1].isupper() and _is_written_so(written)):
        return False
    words = found.plain[hit.end : hit.end + 40].split()
    short = vocabulary("degrees")["short"]
    if words and words[0] in short["never"]:
        return False
    if any(_gap(hit, other) <= _NEAR for other in others):
        return True
    if words[:1] == ["in"]:
        return bool(set(words[1:4]) & set(short["fields"]))
    return bool(words) and words[0] in short["behind"]


def _is_the_teams(found: Scan, hit: Hit) -> bool:
    """Whether the degree is somebody else's, or said not to be asked for: a word near it, before any colon."""
    start, end = sentence(found.text, hit.start)
    for mark in within(found.hits["degrees"], start, end):
        if mark.name == "team" and start <= mark.start < end:
            ahead, behind = hit.start - mark.end, mark.start - hit.end
            if 0 <= ahead <= _TEAM_AHEAD and ":" not in found.text[mark.end : hit.start]:
                return True
            if 0 <= behind <= _TEAM_BEHIND and ":" not in found.text[hit.end : mark.start]:
                return True
        # "no PhD", "no specific degree": the denial overlaps the degree or ends right before it
        if mark.name == "denied" and mark.start <= hit.start <= mark.end + 2:
            return True
    return False


def _instead_of_years(found: Scan, hit: Hit, named: Sequence[Hit]) -> bool:
    """Whether the degree only saves years: "5 years of experience, or 3 years with a master's"."""
    start, _ = sentence(found.text, hit.start)
    near = max(start, hit.start - _INSTEAD)
    words = found.plain[near : hit.start].split()
    if "or" not in words or not _TIME.intersection(words[words.index("or") :]):
        return False
    first = found.plain.find(" or ", near, hit.start)
    if within(named, start, first):
        return False
    return bool(_TIME.intersection(found.plain[start:first].split()))
