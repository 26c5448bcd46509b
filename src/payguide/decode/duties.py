"""What a posting says that the person does."""

from __future__ import annotations

from functools import cache
from typing import Final

from payguide.base.codes import Duty
from payguide.decode.phrase_matcher import Hit, Scan, vocabulary

_ORDER: Final = {str(duty): duty for duty in Duty}


def duties_in(found: Scan) -> tuple[Duty, ...]:
    """The duties that a posting states, in the vocabulary's order."""
    stated = {hit.name for hit in found.hits["duties"] if not _is_for_others(found, hit)}
    return tuple(duty for name, duty in _ORDER.items() if name in stated)


@cache
def _turning(name: str) -> frozenset[str]:
    return frozenset(vocabulary("duties")["about_others"]["guarded"].get(name, ()))


def _is_for_others(found: Scan, hit: Hit) -> bool:
    """Whether the next word turns the phrase around: "mentoring program", "mentors from industry"."""
    words = found.plain[hit.end : hit.end + 24].split(maxsplit=1)
    return bool(words) and words[0] in _turning(hit.name)
