"""Level from a title: words first, then grade numerals. Years and an employer's own ladder are read apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Final

from payguide.base.codes import Level
from payguide.decode.phrase_matcher import vocabulary
from payguide.decode.titles import BREAK, Phrases, title_words

#: From the lowest to the highest: of two levels in one title the lower counts.
_ORDER: Final = (
    Level.INTERN, Level.ENTRY, Level.MID, Level.SENIOR, Level.LEAD, Level.STAFF, Level.MANAGER,
)  # fmt: skip
_STEPS: Final = (Level.ENTRY, Level.MID, Level.SENIOR, Level.STAFF)
_NUMERALS: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6}


@lru_cache(maxsize=65_536)
def read_level(title: str) -> Level:
    """The level a title states; `unstated` where it states none.

    People managers of an engineering, science or support group are `manager` whatever stands beside; other
    managers keep their other marker. Of several levels the lower counts. A word outranks a numeral beside it
    ("Senior Engineer II" is senior). I-IV and 1-4 are entry, mid, senior, staff; a code (L5, IC3) is its employer's
    step and says nothing here (`grade`). A level word in the name of an office, team or thing is none.
    """
    words = _without_names(title_words(title))
    stated = set(_stated(words))
    if Level.MANAGER in stated:
        return Level.MANAGER
    leads = _managing(words)
    if leads is True:
        return Level.MANAGER
    if not stated:
        stated = set(_numbered(words))
    if stated:
        return min(stated, key=_ORDER.index)
    return Level.UNSTATED if leads is None else Level.MANAGER


@cache
def _phrases() -> Phrases:
    return Phrases(vocabulary("levels")["words"])


@cache
def _set(table: str, name: str) -> frozenset[str]:
    return frozenset(vocabulary("levels")[table][name])


def _without_names(words: Sequence[str]) -> Sequence[str]:
    """The title without the names in it whose level words are not the job's: what "office of" begins, what a job is
    for ("Data Engineer for VP Analytics"), and behind the occupation what is more than a level ("Data Analyst, Lead
    Scoring"). "Engineer, Head of Data" stays where nothing else states a level.
    """
    parts = _parts(words)
    kept = [parts[0]]
    for part in parts[1:]:
        person = any(word in _set("names", "persons") for before in kept for word in before)
        named = person and len(part) > 1 and _may_be_name(part)
        heads = part[1:2] == ("of",) and not any(True for before in kept for _ in _stated(before))
        kept.append(() if named and not heads and not _is_rank(part) else part)
    own = [word for part in kept for word in (*_up_to_name(part), BREAK)]
    return tuple(own[:-1])


def _may_be_name(part: Sequence[str]) -> bool:
    """Whether a level word stands in a part that names may have: "new grad" and "intern" are nobody's office."""
    found = _phrases().find(part)
    levels = {
        name for start, _, name in found if name not in ("intern", "entry") or part[start] in ("junior", "jr")
    }
    return bool(levels) or not _set("names", "managers").isdisjoint(part)


def _parts(words: Sequence[str]) -> list[tuple[str, ...]]:
    parts: list[list[str]] = [[]]
    for word in words:
        if word == BREAK:
            parts.append([])
        else:
            parts[-1].append(word)
    return [tuple(part) for part in parts]


def _is_rank(part: Sequence[str]) -> bool:
    """Whether a part of a title is a title: "Measurement Lead", "Program Manager"; or says nothing but a level, an
    occupation, a field and how one is employed.
    """
    if part[-1] in _set("names", "titles"):
        return True
    if part[-1] == "manager" and part[-2] in _set("heads", "occupations") | _set("heads", "words"):
        return True
    plain = _set("names", "plain") | _set("grades", "occupations") | _set("heads", "words")
    levels = {at for start, end, _ in _phrases().find(part) for at in range(start, end)}
    return all(
        at in levels or word in plain or word.isdigit() or _grade(word) for at, word in enumerate(part)
    )


def _up_to_name(part: Sequence[str]) -> Sequence[str]:
    for at, word in enumerate(part):
        if word == "office" and part[at + 1 : at + 2] == ("of",):
            return part[:at]
        if word in _set("names", "behind") and any(
            before in _set("names", "persons") for before in part[:at]
        ):
            return part[:at]
    return part


def _stated(words: Sequence[str]) -> Iterator[Level]:
    """The levels that words say. An assistant to a director is no director."""
    assists = "assistant" in words
    for start, end, name in _phrases().find(words):
        level = Level(name)
        if level is Level.UNSTATED or (level is Level.MANAGER and assists):
            continue
        if words[start] == "head" and end < len(words) and words[end] in ("up", "unit", "mounted"):
            continue
        if words[start] == "graduate" and "program" in words[end:] and "manager" in words:
            continue
        yield level
    for at, word in enumerate(words):
        if word in ("associate", "assoc") and _is_junior(words, at):
            yield Level.ENTRY


def _is_junior(words: Sequence[str], at: int) -> bool:
    """Whether "associate" stands before an occupation in the same phrase."""
    phrase = _phrase_behind(words, at + 1)
    if not phrase or phrase[0] in _set("grades", "not_associate"):
        return False
    return any(word in _set("grades", "occupations") for word in phrase)


def _phrase_behind(words: Sequence[str], start: int) -> Sequence[str]:
    end = start
    while end < len(words) and words[end] != BREAK:
        end += 1
    return words[start:end]


def _managing(words: Sequence[str]) -> bool | None:
    """True: manages people of an engineering, science or support group; False: another manager; None: none."""
    managing: bool | None = None
    for at, word in enumerate(words):
        if word in ("manager", "managers", "mgr", "management") and _is_title(words, at):
            managing = managing or _manages_people(words, at)
    return managing


def _is_title(words: Sequence[str], at: int) -> bool:
    """Whether it is a title word: "Management" is one only in "Engineering Management", "Manager" none in "Secrets
    Manager Software Engineer".
    """
    behind = _phrase_behind(words, at + 1)
    if any(word in _set("names", "persons") for word in behind):
        return False
    return words[at] != "management" or (at > 0 and words[at - 1] == "engineering" and at + 1 == len(words))


def _manages_people(words: Sequence[str], at: int) -> bool:
    before = next((word for word in reversed(words[:at]) if word != BREAK), "") if at else ""
    if at and words[at - 1] == BREAK:
        before = ""
    if before in _set("heads", "words"):
        return True
    levels = {
        "senior",
        "sr",
        "staff",
        "principal",
        "group",
        "associate",
        "junior",
        "regional",
        "global",
        "people",
    }
    if before and before not in levels:
        return False
    behind = [
        word for word in words[at + 1 :] if word != BREAK and word not in ("of", "the") and not _grade(word)
    ]
    if not behind or behind[0] in _set("heads", "occupations"):
        return False
    return any(word in _set("heads", "words") for word in behind[:6])


def _grade(word: str) -> int:
    """The number of a grade written as a numeral or a digit; 0 where it is none."""
    return _NUMERALS.get(word, int(word) if word.isdigit() and len(word) == 1 else 0)


def _numbered(words: Sequence[str]) -> Iterator[Level]:
    """The levels that numerals say: behind an occupation, or behind another such grade ("I/II")."""
    graded = False
    for at, word in enumerate(words):
        number = _grade(word)
        before = next((w for w in reversed(words[:at]) if w != BREAK), "")
        if number and _is_grade(words, at, before, graded):
            graded = True
            yield _STEPS[min(number, len(_STEPS)) - 1]


def _is_grade(words: Sequence[str], at: int, before: str, graded: bool) -> bool:
    word = words[at]
    if before in _set("grades", "not_behind") or (before == "level" and _grade(word) > len(_STEPS)):
        return False
    if word in ("ii", "iii", "iv"):
        return bool(before)
    adjacent = at > 0 and words[at - 1] == before
    if before in _set("grades", "occupations"):
        return adjacent or at + 1 == len(words)
    return graded and bool(_grade(before))
