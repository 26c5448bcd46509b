"""Where the work may be done: the board's statement, the location field, the title, then the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from payguide.base.codes import Remote
from payguide.decode.phrase_matcher import Hit, Scan, fold, scan

#: Where several arrangements are named, the first of these is meant: an office beside a home is hybrid.
_ORDER: Final = (Remote.HYBRID, Remote.REMOTE, Remote.ONSITE)
_LIKELY: Final = "likely_"
#: How many signs ahead of a phrase a "not" is looked for: "not currently a remote role".
_AHEAD: Final = 12
#: How many signs around "3 days a week" the place of those days is looked for, and ahead of it their number.
_AROUND: Final = 60
_BEFORE: Final = 24
#: A field longer than this is a text; only its head is read.
_LONGEST: Final = 300

_ELSEWHERE: Final = ("remote", "remotely", "wfh", "home office", "home based")
_READ_AS: Final = {
    "hybrid": Remote.HYBRID, "onsite": Remote.ONSITE, "on site": Remote.ONSITE, "in office": Remote.ONSITE,
    "in person": Remote.ONSITE,
}  # fmt: skip
_PLACELESS: Final = (
    "anywhere", "distributed", "worldwide", "work from home", "telecommute", "telework", "virtual",
)  # fmt: skip
_IN_FIELD: Final = re.compile(rf"\b({'|'.join((*_ELSEWHERE, *_READ_AS))})\b")
_IN_LOCATION: Final = re.compile(rf"\b({'|'.join(_PLACELESS)})\b")
_LABELLED: Final = re.compile(
    r"\b(?:locations?|workplace|modality|arrangement|work(?:ing)? (?:type|model|mode|setting|style|policy|shift)"
    r"|(?:office|remote) policy)[*_]{0,4}(?:\s{0,2}[:–—(]|\s{1,2}-)[*_]{0,4}\s{0,3}([^\n.;]{1,60})",
    re.IGNORECASE,
)
#: What stands ahead of and behind a word that is alone in a line or in brackets.
_ALONE_AHEAD: Final = re.compile(r"(?:(?:\A|\n)\W{0,6}|\(|\s[|/·•]\s{1,2})\Z")
_ALONE_BEHIND: Final = re.compile(r"\W{0,6}(?:\n|\Z)|\)|\s{1,2}[|·•]\s|:(?!\s{0,2}(?i:no|not|n/a)\b)")
#: The head of a post that says in its first line what others say in fields: "Acme | Engineer | Remote (US) | ...".
_HEAD: Final = 300
_LONGEST_PART: Final = 80
#: "1 week onsite, 3 weeks remote": both, in turn.
_IN_TURN: Final = re.compile(r"\b(?:days?|weeks?)\b")
#: A sign parts a phrase, so the vocabulary cannot hold "100 % remote".
_PER_CENT: Final = re.compile(r"\b100\s?%\s{1,2}\Z")
_MARGIN: Final = 9
#: "Research / Full-time / Hybrid": beside the kind of employment a word is a field's.
_FULL_TIME: Final = re.compile(r"(?i)\b(?:full|part)[- ]?time\s{0,2}[/|·•,–-]\s{0,2}\Z")
_BESIDE: Final = 16
_OFFICE: Final = re.compile(r"\b(office|offices|onsite|on site|in person|hq|headquarters|hub|hubs)\b")
_HOME: Final = re.compile(r"\b(remote|remotely|from home|wfh)\b")
_NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "1x": 1, "2x": 2, "3x": 3, "4x": 4, "5x": 5,
}  # fmt: skip
_WHOLE_WEEK: Final = 5
#: "Not fully remote" says less than "not remote".
_IN_FULL: Final = ("fully", "100", "complet", "entire", "perman")


class _Marks(NamedTuple):
    """What takes a phrase's meaning away: positions inside a phrase that means something else, where a "not"
    ends, where a "not available" begins.
    """

    covered: frozenset[int]
    no: frozenset[int]
    not_so: frozenset[int]


def words_of_place() -> list[tuple[str, str]]:
    """What is said in a field of place of how work is done: words and what they mean, the first that stands counts."""
    read = {**dict.fromkeys((*_ELSEWHERE, *_PLACELESS), Remote.REMOTE), **_READ_AS}
    return [(words, str(meant)) for one in _ORDER for words, meant in read.items() if meant is one]


def remote_in(found: Scan, location: str, title: str, stated: Remote | None = None) -> Remote:
    """Where the work may be done; `UNSTATED` where nobody says.

    `stated` is the board's own field. "Hybrid" beside "remote" in one field is hybrid: an office is expected.
    In the text, what is said of the post counts before what is said of the employer's ways.
    """
    if stated is not None and stated is not Remote.UNSTATED:
        return stated
    told = _told(location, of_place=True) or _told(title)
    if told is not None:
        return told
    headed = _first(set(_headed(found.text)))
    if headed is not None:
        return headed
    said, likely = set(_labelled(found)), set()
    marks = _marks(found)
    for hit in _meant(found, marks):
        if hit.name == "days":
            said.update(_counted(found, marks, hit))
        elif hit.name.endswith("remote") and _negated(found, marks, hit.start, hit.end):
            said.update(() if found.plain.startswith(_IN_FULL, hit.start) else (Remote.ONSITE,))
        elif hit.name.startswith(_LIKELY):
            likely.add(Remote(hit.name.removeprefix(_LIKELY)))
        else:
            said.add(Remote(hit.name))
    return _first(said) or _first(likely) or Remote.UNSTATED


def _first(named: set[Remote]) -> Remote | None:
    return next((remote for remote in _ORDER if remote in named), None)


@lru_cache(maxsize=65_536)
def _told(field: str, *, of_place: bool = False) -> Remote | None:
    """What a short field says. A title's "Distributed Systems" or "Remote Sensing" says nothing."""
    if not field:
        return None
    read = scan(" ".join(fold(field[:_LONGEST]).split()))
    marks = _marks(read)
    words = list(_IN_FIELD.finditer(read.plain))
    if of_place:
        words += _IN_LOCATION.finditer(read.plain)
    named = set()
    for word in words:
        if word.start() in marks.covered:
            continue
        meant = _READ_AS.get(word[1], Remote.REMOTE)
        denied = meant is Remote.REMOTE and _negated(read, marks, word.start(), word.end())
        named.add(Remote.ONSITE if denied else meant)
    if named == {Remote.REMOTE, Remote.ONSITE} and _IN_TURN.search(read.plain):
        return Remote.HYBRID
    return _first(named)


def _headed(text: str) -> Iterator[Remote]:
    """What the parts of a first line say that is a row of fields."""
    parts = text[:_HEAD].split("|")
    if len(parts) < 3:
        return
    for part in (*parts[:-1], parts[-1].split("\n", 1)[0]):
        told = _told(part.strip(), of_place=True) if len(part) <= _LONGEST_PART else None
        if told is not None:
            yield told


def _labelled(found: Scan) -> Iterator[Remote]:
    """What a line or bracket says that is nothing but the word, or "Location: ...", or "100% ..."."""
    text = found.text
    for hit in found.hits["arrangements"]:
        told: Remote | None = None
        if hit.name == "label" and (line := _LABELLED.match(text, hit.start)):
            told = _told(line[1])
        elif hit.name == "word":
            ahead = text[max(0, hit.start - _MARGIN) : hit.start]
            alone = _ALONE_AHEAD.search(ahead) and _ALONE_BEHIND.match(text, hit.end)
            fielded = _FULL_TIME.search(text, max(0, hit.start - _BESIDE), hit.start)
            if alone or fielded or _PER_CENT.search(ahead):
                told = _told(text[hit.start : hit.end])
        if told is not None:
            yield told


def _marks(found: Scan) -> _Marks:
    hits = found.hits["arrangements"]
    return _Marks(
        frozenset(at for hit in hits if hit.name == "other" for at in range(hit.start, hit.end)),
        frozenset(hit.end for hit in hits if hit.name == "no"),
        frozenset(hit.start for hit in hits if hit.name == "not_so"),
    )


def _meant(found: Scan, marks: _Marks) -> Iterator[Hit]:
    """The phrases that speak of the arrangement."""
    for hit in found.hits["arrangements"]:
        if hit.name in ("other", "no", "not_so", "word", "label") or {hit.start, hit.end - 1} & marks.covered:
            continue
        yield hit


def _negated(found: Scan, marks: _Marks, start: int, end: int) -> bool:
    """Whether a "not" stands close ahead of a phrase or an "is not available" behind it, in its sentence."""
    for at in range(max(0, start - _AHEAD), start):
        if at in marks.no and not any(stop in found.text[at:start] for stop in ".!?:;\n"):
            return True
    return any(at in marks.not_so and "." not in found.text[end:at] for at in range(end, end + _AHEAD))


def _counted(found: Scan, marks: _Marks, hit: Hit) -> Iterator[Remote]:
    """What "3 days a week" says: hybrid beside an office or a home, on-site for all the week in the office."""
    start, end = max(0, hit.start - _AROUND), min(len(found.plain), hit.end + _AROUND)
    at_home = _HOME.search(found.plain, start, end) is not None
    offices = _OFFICE.finditer(found.plain, start, end)
    if not at_home and all(office.start() in marks.covered for office in offices):
        return
    words = found.plain[max(0, hit.start - _BEFORE) : hit.end].replace("+", " ").split()
    counts = [_NUMBERS[word] for word in words if word in _NUMBERS]
    if counts and min(counts) < _WHOLE_WEEK:
        yield Remote.HYBRID
    elif counts and not at_home:
        yield Remote.ONSITE
