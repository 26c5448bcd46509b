"""The degree that a posting requires, and the one it prefers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from payguide.base.codes import DegreeName
from payguide.base.records import Degree
from payguide.decode.lexicon import Hit, Scan, vocabulary
from payguide.decode.sections import PREFERRED, sentence, standing

_RISING: Final = tuple(DegreeName)
_SHORT: Final = "short_"

#: How near another degree must stand for a short form to be one too: "BS/MS/PhD".
_NEAR: Final = 22


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
        (preferred if standing(found, hit, hits) == PREFERRED else required).append(degree)
    return Degree(
        min(required, key=_RISING.index, default=None), max(preferred, key=_RISING.index, default=None)
    )


def _degrees(found: Scan) -> Iterator[tuple[Hit, DegreeName]]:
    """The degrees asked of a person, in the text's order."""
    hits = found.hits["degrees"]
    named = [hit for hit in hits if hit.name in _RISING or hit.name.startswith(_SHORT)]
    last_end = -1
    for hit in sorted(hits, key=lambda one: (one.start, -one.end)):
        if hit.name == "team" or hit.start < last_end or _is_the_teams(found, hit):
            continue
        degree = _degree(found, hit, named)
        if degree is not None:
            last_end = hit.end
            yield hit, degree


def _degree(found: Scan, hit: Hit, named: list[Hit]) -> DegreeName | None:
    if hit.name in _RISING:
        return DegreeName(hit.name)
    others = [other for other in named if not (other.start < hit.end and hit.start < other.end)]
    if hit.name == "unnamed":
        start, end = sentence(found.text, hit.start)
        # "Master's degree in": the degree is named beside it
        return None if any(start <= other.start < end for other in others) else DegreeName.BACHELOR
    return DegreeName(hit.name.removeprefix(_SHORT)) if _is_degree(found, hit, others) else None


def _is_degree(found: Scan, hit: Hit, others: list[Hit]) -> bool:
    """Whether a short form is a degree: in capitals, with a word behind or a degree beside that says so."""
    written = found.text[hit.start : hit.end]
    if not written[:1].isupper() or (len(written) <= 3 and not written.replace(".", "").isupper()):
        return False
    words = found.plain[hit.end : hit.end + 40].split()
    short = vocabulary("degrees")["short"]
    if words and words[0] in short["never"]:
        return False
    if any(0 <= other.start - hit.end <= _NEAR or 0 <= hit.start - other.end <= _NEAR for other in others):
        return True
    if words[:1] == ["in"]:
        return bool(set(words[1:4]) & set(short["fields"]))
    return bool(words) and words[0] in short["behind"]


def _is_the_teams(found: Scan, hit: Hit) -> bool:
    start, end = sentence(found.text, hit.start)
    return any(mark.name == "team" and start <= mark.start < end for mark in found.hits["degrees"])
