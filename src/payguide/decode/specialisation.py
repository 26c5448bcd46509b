"""What an ML posting specialises in, and the stages of a model's life that it names."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Final

from payguide.base.codes import Specialisation, Stage
from payguide.decode.lexicon import Scan, vocabulary
from payguide.decode.titles import Phrases, title_words

#: How often a text must speak of a field, in how many different words, to be about it: one mention in a list of
#: things that are nice to know makes no specialist.
_MENTIONS: Final = 3
_WORDINGS: Final = 2


def specialisations_in(found: Scan, title: str) -> tuple[Specialisation, ...]:
    """The fields a posting is about: those its title names, else those its text comes back to."""
    named = {name for _, _, name in _titles().find(title_words(title))} if title.strip() else set()
    if not named:
        named = _dwelt_on(found)
    return tuple(field for field in Specialisation if str(field) in named)


def _dwelt_on(found: Scan) -> set[str]:
    mentions: Counter[str] = Counter()
    wordings: dict[str, set[str]] = {}
    for hit in found.hits["specialisations"]:
        mentions[hit.name] += 1
        wordings.setdefault(hit.name, set()).add(found.plain[hit.start : hit.end])
    return {
        name for name, count in mentions.items() if count >= _MENTIONS and len(wordings[name]) >= _WORDINGS
    }


def stages_in(found: Scan) -> tuple[Stage, ...]:
    """The stages of a model's life that a text names, in their order."""
    named = {hit.name for hit in found.hits["stages"]}
    return tuple(stage for stage in Stage if str(stage) in named)


@cache
def _titles() -> Phrases:
    return Phrases(vocabulary("specialisations")["titles"])
