"""Whether a posting asks for a thing or only welcomes it: by the words beside it, else by the heading above."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from payguide.decode.phrase_matcher import Hit, Scan

REQUIRED: Final = "required"
PREFERRED: Final = "preferred"
OTHER: Final = "other"
DENIED: Final = "denied"

#: A line longer than this is no heading; a heading further above than this no longer holds.
_LONGEST_HEADING: Final = 70
_FURTHEST: Final = 2500
#: A heading with its bullets and blanks; a longer line is none.
_LONGEST_LINE: Final = 160

#: How far a sentence's beginning and end are looked for; no phrase of a vocabulary is longer than the second.
_LONGEST_SENTENCE: Final = 400
_LONGEST_PHRASE: Final = 80

#: What ends a sentence besides a full stop.
_ENDS: Final = "\n;•"

#: What a full stop behind does not end a sentence: "MSc. in physics", "e.g. statistics".
_ABBREVIATIONS: Final = (
    "Sc", "sc", "Eng", "Ph", "Phd", "PhD", "Tech", "e.g", "i.e", "incl", "vs", "min", "Min", "max", "Max", "approx",
    "yrs",
)  # fmt: skip

#: A word behind a thing counts before one ahead of it only when it is this near.
_NEAR: Final = 30

#: How far from a thing a word about it may stand, and "or equivalent experience" behind it: lists are long.
_REACH: Final = 160
_FAR: Final = 260


def within(hits: Sequence[Hit], start: int, end: int) -> list[Hit]:
    """The hits that begin in [start, end), found without going through all: a scan gives them by their ends."""
    kept = []
    for at in range(bisect_left(hits, start, key=_end_of), len(hits)):
        if hits[at].end >= end + _LONGEST_PHRASE:
            break
        if start <= hits[at].start < end:
            kept.append(hits[at])
    return kept


def _end_of(hit: Hit) -> int:
    return hit.end


@lru_cache(maxsize=256)
def sentence(text: str, at: int) -> tuple[int, int]:
    """[start, end) of the sentence or line that holds a position: ended by its end, ";", a bullet or a full stop.

    Of one that never ends, what lies near the position.
    """
    first, last = max(0, at - _LONGEST_SENTENCE), min(len(text), at + _LONGEST_SENTENCE)
    start, end = first - 1, last
    for mark in _ENDS:
        start = max(start, text.rfind(mark, start + 1, at))
        found = text.find(mark, at, end)
        end = end if found < 0 else found
    return max(start, _stop_before(text, at)) + 1, _stop_within(text, at, end)


def _is_stop(text: str, at: int) -> bool:
    """Whether the ". " at a position ends a sentence: "Ph.D. in" and "MSc. or" do not."""
    return not (text[at - 1 : at].isupper() or text.endswith(_ABBREVIATIONS, max(0, at - 6), at))


def _stop_before(text: str, at: int) -> int:
    """Where the last full stop ahead of a position is; -1 where there is none."""
    stop = text.rfind(". ", max(0, at - _LONGEST_SENTENCE), at)
    while stop >= 0 and not _is_stop(text, stop):
        stop = text.rfind(". ", max(0, at - _LONGEST_SENTENCE), stop)
    return stop


def _stop_within(text: str, at: int, end: int) -> int:
    stop = text.find(". ", at, end)
    while stop >= 0 and not _is_stop(text, stop):
        stop = text.find(". ", stop + 1, end)
    return stop if stop >= 0 else end


def requirement_strength(
    found: Scan, hit: Hit, others: Sequence[Hit] = (), *, replaceable: bool = True
) -> str:
    """`REQUIRED`, `PREFERRED`, `DENIED` ("not required"), `OTHER` (under a heading where nothing is asked for),
    or "" where nothing says so.

    `others` are hits of the same kind: a word ahead of one of them speaks of that one. `replaceable`: what
    experience may stand for ("or equivalent experience") is preferred.
    """
    start, end = sentence(found.text, hit.start)
    marks = within(found.hits["sections"], start, end)
    behind = [
        mark for mark in marks
        if mark.name.startswith("after_") and _reaches(found, hit, mark)
        and (replaceable or mark.name != "after_replaceable")
    ]  # fmt: skip
    ahead = [
        mark for mark in marks
        if mark.name.startswith("before_") and 0 <= hit.start - mark.end <= _REACH
    ]  # fmt: skip
    without = [mark for mark in behind if mark.name == "after_replaceable"]
    near = [mark for mark in behind if mark.start - hit.end <= _NEAR and mark not in without]
    if near:
        return _kind(min(near, key=lambda mark: (mark.start, -mark.end)))
    if ahead:
        nearest = max(ahead, key=lambda mark: (mark.end, -mark.start))
        taken = bool(within(others, nearest.end, hit.start))
        if not (taken and behind):
            return PREFERRED if without else _kind(nearest)
    if behind:
        return _kind(min(behind, key=lambda mark: (mark.start, -mark.end)))
    return heading(found, start)


def _reaches(found: Scan, hit: Hit, mark: Hit) -> bool:
    """Whether a mark behind a thing can be about it: near enough, in its own clause, not "years of equivalent"."""
    between = found.text[hit.end : mark.start]
    replaceable = mark.name == "after_replaceable"
    if mark.start < hit.end or len(between) > (_FAR if replaceable else _REACH):
        return False
    if replaceable:  # "(or equivalent experience)" is about what stands ahead of the bracket
        return not found.plain.endswith("of ", hit.end, mark.start)
    if len(between) > _NEAR and (mark.name == "after_denied" or ":" in between):
        return False
    return not _apart(between)


def _apart(between: str) -> bool:
    """Whether a bracket opens in between and does not close: "Bachelor's (Master's preferred)"."""
    return between.count("(") > between.count(")")


def _kind(mark: Hit) -> str:
    if mark.name == "after_denied":
        return DENIED
    return REQUIRED if mark.name.endswith("required") else PREFERRED


def heading(found: Scan, at: int) -> str:
    """What the nearest heading above a position says; "" where there is none."""
    text, hits = found.text, found.hits["sections"]
    for index in range(bisect_left(hits, text.rfind("\n", 0, at) + 1, key=_end_of) - 1, -1, -1):
        mark = hits[index]
        if at - mark.end > _FURTHEST:
            break
        if mark.name.startswith("heading_"):
            start, end = _line_around(text, mark.start)
            if is_heading(text[start:end]):
                return _said_by(hits, index, start)
    return ""


def _line_around(text: str, at: int) -> tuple[int, int]:
    """[start, end) of the line that holds a position; of a long line what is too long for a heading."""
    nearest, furthest = max(0, at - _LONGEST_LINE), at + _LONGEST_LINE
    start, end = text.rfind("\n", nearest, at), text.find("\n", at, furthest)
    return (nearest if start < 0 else start + 1), (furthest if end < 0 else end)


def _said_by(hits: Sequence[Hit], last: int, start: int) -> str:
    """What a heading says whose last phrase is that of an index, and which begins at `start`."""
    names = set()
    for index in range(last, -1, -1):
        if hits[index].start < start:
            break
        names.add(hits[index].name)
    if "heading_preferred" in names:
        return PREFERRED
    return REQUIRED if "heading_required" in names else OTHER


def is_heading(line: str) -> bool:
    """Whether a line stands alone above a list: short, no bullet, no full stop."""
    bare = line.strip().strip("*#_ ")
    return (
        0 < len(bare) <= _LONGEST_HEADING
        and bare[0] not in "-•·●▪◦"
        and not bare.endswith((";", ","))
        and (not bare.endswith(".") or bare.endswith("..."))
    )
