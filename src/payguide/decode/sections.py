"""Whether a posting asks for a thing or only welcomes it: by the words beside it, else by the heading above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from payguide.decode.lexicon import Hit, Scan

REQUIRED: Final = "required"
PREFERRED: Final = "preferred"
OTHER: Final = "other"

#: A line longer than this is no heading; a heading further above than this no longer holds.
_LONGEST_HEADING: Final = 70
_FURTHEST: Final = 2500

#: How far back a sentence's beginning is looked for.
_LONGEST_SENTENCE: Final = 400

#: A word behind a thing counts before one ahead of it only when it is this near.
_NEAR: Final = 30


def sentence(text: str, at: int) -> tuple[int, int]:
    """[start, end) of the sentence or line that holds a position: ended by a line's end, ";" or a full stop."""
    start = max(text.rfind(mark, 0, at) for mark in "\n;")
    stop = _stop_before(text, at)
    ends = [end for end in (text.find(mark, at) for mark in "\n;") if end >= 0]
    end = min(ends, default=len(text))
    return max(start, stop) + 1, _stop_within(text, at, end)


def _is_stop(text: str, at: int) -> bool:
    """Whether the ". " at a position ends a sentence: "Ph.D. in" and "B.S. or" do not."""
    return not text[at - 1 : at].isupper()


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


def standing(found: Scan, hit: Hit, others: Sequence[Hit] = ()) -> str:
    """`REQUIRED`, `PREFERRED`, `OTHER` (under a heading where nothing is asked for), or "" where nothing says so.

    `others` are hits of the same kind: a word ahead of one of them speaks of that one.
    """
    start, end = sentence(found.text, hit.start)
    marks = [mark for mark in found.hits["sections"] if start <= mark.start < end]
    behind = [
        mark for mark in marks
        if mark.start >= hit.end and mark.name.startswith("after_") and not _apart(found.text[hit.end : mark.start])
    ]  # fmt: skip
    ahead = [mark for mark in marks if mark.end <= hit.start and mark.name.startswith("before_")]
    replaceable = [mark for mark in behind if mark.name == "after_replaceable"]
    near = [mark for mark in behind if mark.start - hit.end <= _NEAR and mark not in replaceable]
    if near:
        return _kind(min(near, key=lambda mark: (mark.start, -mark.end)))
    if ahead:
        nearest = max(ahead, key=lambda mark: (mark.end, -mark.start))
        taken = any(nearest.end <= other.start < hit.start for other in others)
        if not (taken and behind):
            return PREFERRED if replaceable else _kind(nearest)
    if behind:
        return _kind(min(behind, key=lambda mark: (mark.start, -mark.end)))
    return heading(found, start)


def _apart(between: str) -> bool:
    """Whether a bracket opens in between and does not close: "Bachelor's (Master's preferred)"."""
    return between.count("(") > between.count(")")


def _kind(mark: Hit) -> str:
    return REQUIRED if mark.name.endswith("required") else PREFERRED


def heading(found: Scan, at: int) -> str:
    """What the nearest heading above a position says; "" where there is none."""
    text = found.text
    marks = [m for m in found.hits["sections"] if m.start < at and m.name.startswith("heading_")]
    for mark in reversed(marks):
        if at - mark.start > _FURTHEST:
            break
        start, end = text.rfind("\n", 0, mark.start) + 1, text.find("\n", mark.start)
        line = text[start : end if end >= 0 else len(text)]
        if start <= at <= start + len(line) or not is_heading(line):
            continue
        names = {m.name for m in marks if start <= m.start < start + len(line)}
        if "heading_preferred" in names:
            return PREFERRED
        return REQUIRED if "heading_required" in names else OTHER
    return ""


def is_heading(line: str) -> bool:
    """Whether a line stands alone above a list: short, no bullet, no full stop."""
    bare = line.strip().strip("*#_ ")
    return (
        0 < len(bare) <= _LONGEST_HEADING and bare[0] not in "-•·●▪◦" and not bare.endswith((".", ";", ","))
    )
