"""The skills that a text names, and which of their many-meaning names are meant.

"Go", "R", "Spark" or "Excel" are also plain words: what tells them apart is data (data/skills.toml,
`guarded`): the spelling, another skill nearby, the word before and the word behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from payguide.decode.lexicon import Hit, Scan, fold, vocabulary

#: How far away another skill may be to make a list with this one (characters).
_NEAR: Final = 30


@dataclass(frozen=True, slots=True)
class _Guard:
    """What a name must meet to be the skill. `only` are the phrases it holds for; empty: all."""

    only: frozenset[str]
    written: frozenset[str]
    listed: bool
    not_behind: frozenset[str]
    not_ahead: frozenset[str]


def skills_in(found: Scan) -> tuple[str, ...]:
    """The slugs of the skills a text names, sorted, each once."""
    hits = found.hits["skills"]
    certain: set[str] = set()
    doubtful: list[tuple[int, Hit, _Guard]] = []
    for position, hit in enumerate(hits):
        guard = _guards().get(hit.name)
        if guard is None or (guard.only and found.plain[hit.start : hit.end] not in guard.only):
            certain.add(hit.name)
        elif hit.name not in certain:
            doubtful.append((position, hit, guard))
    for position, hit, guard in doubtful:
        if hit.name not in certain and _meant(found, hits, position, guard):
            certain.add(hit.name)
    return tuple(sorted(certain))


def _meant(found: Scan, hits: list[Hit], position: int, guard: _Guard) -> bool:
    hit = hits[position]
    if guard.written and found.text[hit.start : hit.end] not in guard.written:
        return False
    if guard.not_behind and _word(found.plain[hit.end : hit.end + 16].split()[:1]) in guard.not_behind:
        return False
    if (
        guard.not_ahead
        and _word(found.plain[max(0, hit.start - 16) : hit.start].split()[-1:]) in guard.not_ahead
    ):
        return False
    neighbours = hits[max(0, position - 4) : position] + hits[position + 1 : position + 5]
    if any(
        other.start <= hit.start and hit.end <= other.end and other.name != hit.name for other in neighbours
    ):
        return False
    return not guard.listed or any(
        other.name != hit.name
        and (0 <= other.start - hit.end <= _NEAR or 0 <= hit.start - other.end <= _NEAR)
        for other in neighbours
    )


def _word(words: list[str]) -> str:
    return words[0] if words else ""


@cache
def _guards() -> dict[str, _Guard]:
    return {
        name: _Guard(
            frozenset(" ".join(fold(phrase).split()) for phrase in rule.get("only", ())),
            frozenset(rule.get("written", ())),
            bool(rule.get("listed", False)),
            frozenset(rule.get("not_behind", ())),
            frozenset(rule.get("not_ahead", ())),
        )
        for name, rule in vocabulary("skills")["guarded"].items()
    }
