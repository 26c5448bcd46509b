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


#: What joins alternatives, how many words ahead of the second of them, and what may stand between two in a list.
_OR: Final = frozenset(("or",))
_WORDS_AHEAD: Final = 3
_AND: Final = frozenset(("and", "&"))
_FILLING: Final = _AND | {"degree", "degrees", "level", "s", "a", "an"}

#: How many commas make a list without an "or": "BS, MS, PhD".
_A_LIST: Final = 2

#: How far behind a degree its years stand: "with 6 years of experience".
_YEARS_BEHIND: Final = 60

#: The most mentions of one text that are read; real postings have a dozen.
_MOST_READ: Final = 80


def degree_in(found: Scan) -> Degree:
    """The lowest degree required and the highest preferred; None where not mentioned.

    The words in the same sentence decide ("a plus", "required"), else the heading above. What experience may
    stand for ("or equivalent experience") is preferred, not required: one can be hired without. Of alternatives
    ("BS, MS or PhD") the lowest is what is asked for.
    """
    named = list(_degrees(found))
    if not named:
        return Degree()
    hits = [hit for hit, _ in named]
    required: list[DegreeName] = []
    preferred: list[tuple[Hit, DegreeName]] = []
    for hit, degree in named:
        state = requirement_strength(found, hit, hits)
        if state == DENIED:
            continue
        if state == PREFERRED or _instead_of_years(found, hit, hits):
            preferred.append((hit, degree))
        else:
            required.append(degree)
    lowest = [min(of, key=_RISING.index) for of in _alternatives(found, preferred)]
    return Degree(
        min(required, key=_RISING.index, default=None), max(lowest, key=_RISING.index, default=None)
    )


def _alternatives(found: Scan, named: Sequence[tuple[Hit, DegreeName]]) -> list[list[DegreeName]]:
    """Degrees in groups of which any one will do: "BS, MS or PhD" is one group, "MS preferred; PhD a plus" two."""
    groups: list[list[DegreeName]] = []
    # how many of the last groups have but a comma ahead: an "or" that ends such a list, or its length, joins them
    commas = 0
    for place, (hit, degree) in enumerate(named):
        link = _link(found, named[place - 1][0], hit) if place else ""
        groups.append([degree])
        if link == ",":
            commas += 1
        if link == "or" or commas == _A_LIST:
            together = commas + 1 + (link == "or")
            groups[-together:] = [[one for group in groups[-together:] for one in group]]
        if link != "," or commas == _A_LIST:
            commas = 0
    return groups


def _link(found: Scan, first: Hit, second: Hit) -> str:
    """What joins two degrees of one sentence: "or" (also "/", "and"), "," where nothing else does, else ""."""
    start, end = sentence(found.text, second.start)
    if not start <= first.start < end:
        return ""
    between, words = found.text[first.end : second.start], found.plain[first.end : second.start].split()
    # what stands right ahead of the second, behind the last comma or bracket
    cut = max(between.rfind(mark) for mark in ",(:") + 1
    last = found.plain[first.end + cut : second.start].split()[-_WORDS_AHEAD:]
    if _OR.intersection(last) or between.rstrip().endswith(("/", "|")):
        return "or"
    # "a bachelor's with 8 years, a master's with 6": the years are what is asked for
    behind = found.plain[second.end : min(end, second.end + _YEARS_BEHIND)].split()
    if _TIME.intersection(words) and _TIME.intersection(behind):
        return "or"
    if "(" in between or not _FILLING.issuperset(words):
        return ""
    # two in brackets of their own: "(MS, PhD)"
    alone = found.text[start : first.start].endswith("(") and found.text.startswith(")", second.end)
    return "or" if alone or _AND.intersection(words) else ","


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
        # "Master's degree in": the degree is named beside it; "a degree or PhD" is two
        beside = [other for other in others if start <= other.start < end]
        if beside and (beside[0].start < hit.start or _link(found, hit, beside[0]) != "or"):
            return None
        return DegreeName.BACHELOR
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
