"""The skills that a text names, and which of their many-meaning names are meant.

"Go", "R", "Spark" or "Excel" are also plain words. What tells the two apart is data (`base/reference/skills.toml`,
`guarded`): the spelling, the words right before and behind, a list of other skills, a word that goes with it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from payguide.decode.phrase_matcher import Hit, Scan, fold, vocabulary

#: How far from a name the next item of a list may stand, and a word that goes with it (characters).
_LIST_REACH: Final = 26
_NEAR_REACH: Final = 44

#: An address from behind its scheme; its length is bounded so that the search stays linear.
_ADDRESS: Final = re.compile(r"://[^\s)>]{0,400}")

#: The longest run of words that a rule may forbid beside a name (characters).
_BESIDE: Final = 24


@dataclass(frozen=True, slots=True)
class _Guard:
    """What a name must meet to be the skill; what is empty asks nothing.

    `phrases` are the phrases it holds for (empty: all), `case` the spellings allowed (one may be longer than
    the phrase: ".NET"); `lower` also allows lower case in a list. `not_before` and `not_after` are the words
    that may not stand before and behind. Where `list` or `near` is set, one of the two must hold: another
    skill in the same list, or one of these words. `within` lets it count inside a longer name: "SQL" in
    "SQL Server".
    """

    phrases: frozenset[str]
    case: tuple[str, ...]
    lower: bool
    within: bool
    list: bool
    near: frozenset[str]
    not_before: tuple[str, ...]
    not_after: tuple[str, ...]


def skills_in(found: Scan) -> tuple[str, ...]:
    """The slugs of the skills that a text names, sorted, each once. Any text is taken; nothing is raised."""
    hits = found.hits["skills"]
    if not hits:
        return ()
    guards = _guards()
    addresses = _addresses(found.text)
    certain: set[str] = set()
    doubtful: list[tuple[int, Hit, _Guard]] = []
    for position, hit in enumerate(hits):
        guard = guards.get(hit.name)
        if addresses and addresses[bisect_right(addresses, (hit.start, len(found.text))) - 1][1] >= hit.end:
            continue
        if guard is None or (guard.phrases and found.plain[hit.start : hit.end] not in guard.phrases):
            certain.add(hit.name)
        else:
            doubtful.append((position, hit, guard))
    for position, hit, guard in doubtful:
        if hit.name not in certain and _meant(found, hits, position, guard):
            certain.add(hit.name)
    return tuple(sorted(certain))


def _meant(found: Scan, hits: list[Hit], position: int, guard: _Guard) -> bool:
    """Whether the hit at a position meets its guard."""
    hit = hits[position]
    spelled = _is_spelled(found.text, hit, guard.case)
    if not spelled and not guard.lower:
        return False
    if guard.not_after and _starts(found, hit.end, guard.not_after):
        return False
    if guard.not_before and _ends(found, hit.start, guard.not_before):
        return False
    beside = [other for other in hits[max(0, position - 4) : position + 5] if other.name != hit.name]
    if not guard.within and any(other.start <= hit.start and hit.end <= other.end for other in beside):
        return False
    if spelled and not guard.list and not guard.near:
        return True
    if (guard.list or not spelled) and any(_is_listed(found, hit, other) for other in beside):
        return True
    if not spelled or not guard.near:
        return False
    around = found.plain[max(0, hit.start - _NEAR_REACH) : hit.start].split()
    around += found.plain[hit.end : hit.end + _NEAR_REACH].split()
    return not guard.near.isdisjoint(around)


def _is_spelled(text: str, hit: Hit, forms: tuple[str, ...]) -> bool:
    """Whether the text writes the name in one of these forms; no forms: any spelling will do."""
    return not forms or any(
        text[max(0, min(hit.start, hit.end - len(form))) : hit.end] == form for form in forms
    )


def _starts(found: Scan, at: int, words: tuple[str, ...]) -> bool:
    """Whether one of these runs of words begins behind a position, nothing parting the two."""
    behind = found.text[at : at + _BESIDE]
    end = min((cut for cut in map(behind.find, ("\n", ". ", ",", ")")) if cut >= 0), default=len(behind))
    return f"{' '.join(found.plain[at : at + end].split())} ".startswith(words)


def _ends(found: Scan, at: int, words: tuple[str, ...]) -> bool:
    """Whether one of these runs of words ends ahead of a position, in the same sentence and line."""
    start = max(0, at - _BESIDE)
    start += max((cut for cut in map(found.text[start:at].rfind, ("\n", ". ")) if cut >= 0), default=0)
    return f" {' '.join(found.plain[start:at].split())}".endswith(words)


def _is_listed(found: Scan, hit: Hit, other: Hit) -> bool:
    """Whether only what parts the items of a list, and at most one item not known, lies between two names."""
    start, end = (other.end, hit.start) if other.end <= hit.start else (hit.end, other.start)
    if not 0 <= end - start <= _LIST_REACH or ". " in found.text[start:end]:
        return False
    guard = _guards().get(other.name)
    if guard is not None and not guard.phrases and not _is_spelled(found.text, other, guard.case):
        return False
    return sum(word not in _links() for word in found.plain[start:end].split()) <= 1


def _addresses(text: str) -> list[tuple[int, int]]:
    """[start, end) of the web addresses of a text, in order, behind a first one that holds nothing.

    A name in an address says where a page lies, not what is asked for.
    """
    if "://" not in text:
        return []
    return [(-1, -1), *(match.span() for match in _ADDRESS.finditer(text))]


@cache
def _links() -> frozenset[str]:
    return frozenset(vocabulary("skills")["lists"]["links"])


@cache
def _guards() -> dict[str, _Guard]:
    return {name: _guard(rule) for name, rule in vocabulary("skills")["guarded"].items()}


def _guard(rule: dict[str, Any]) -> _Guard:
    return _Guard(
        phrases=frozenset(" ".join(fold(phrase).split()) for phrase in rule.get("phrases", ())),
        case=tuple(rule.get("case", ())),
        lower=bool(rule.get("lower", False)),
        within=bool(rule.get("within", False)),
        list=bool(rule.get("list", False)),
        near=frozenset(rule.get("near", ())),
        not_before=tuple(f" {words}" for words in rule.get("not_before", ())),
        not_after=tuple(f"{words} " for words in rule.get("not_after", ())),
    )
