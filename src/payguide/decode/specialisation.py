"""What an ML posting specialises in, and the stages of a model's life that it asks the person to work on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from payguide.base.codes import Specialisation, Stage
from payguide.decode.phrase_matcher import Hit, Scan, vocabulary
from payguide.decode.titles import Phrases, title_words

#: Marks the names of title words that count only beside a word of ML, or where the text bears them out.
_COMMON: Final = "common:"

#: How often the text must name a field that the title only hints at.
_BORNE_OUT: Final = 2

#: Marks a phrase of a stage that counts only beside a model ("monitoring" alone may be anybody's).
_BESIDE: Final = "beside_"

#: How far from a model such a phrase may stand, in the same line (characters).
_REACH: Final = 70


def specialisations_in(found: Scan, title: str) -> tuple[Specialisation, ...]:
    """The fields that a posting is about, in the vocabulary's order: those that its title names, else those
    that its text comes back to often enough, in enough different words (`enough` in the vocabulary).
    """
    mentions, wordings = _mentions(found.hits["specialisations"], found.plain)
    named = set(_named(title, mentions))
    if not named:
        enough = vocabulary("specialisations")["enough"]
        for field, count in mentions.items():
            least = enough.get(field, enough["any"])
            if count >= least["mentions"] and len(wordings[field]) >= least["wordings"]:
                named.add(field)
    return tuple(field for field in Specialisation if field in named) if named else ()


def _named(title: str, mentions: Counter[str]) -> Iterator[str]:
    """The fields that a title names."""
    if not title.strip():
        return
    words = title_words(title)
    names = {name for _, _, name in _titles().find(words)}
    of_ml = bool(_ml().find(words))
    for name in names:
        field = name.removeprefix(_COMMON)
        if field == name or of_ml or mentions[field] >= _BORNE_OUT:
            yield field


def _mentions(hits: Iterable[Hit], plain: str) -> tuple[Counter[str], dict[str, set[str]]]:
    """How often each field is named, and in which words; a phrase inside another one counts once."""
    mentions: Counter[str] = Counter()
    wordings: dict[str, set[str]] = {}
    reached: dict[str, int] = {}
    for hit in hits:
        if hit.start < reached.get(hit.name, -1):
            continue
        reached[hit.name] = hit.end
        mentions[hit.name] += 1
        wordings.setdefault(hit.name, set()).add(plain[hit.start : hit.end])
    return mentions, wordings


def stages_in(found: Scan) -> tuple[Stage, ...]:
    """The stages of a model's life that a text asks the person to work on, in their order.

    What is said of models counts ("train models"); words that are also said of other things ("monitoring",
    "deployment") count only beside a model, in the same line.
    """
    hits = found.hits["stages"]
    named = {hit.name for hit in hits if not hit.name.startswith(_BESIDE)}
    models = sorted(hit.start for hit in hits if hit.name == "model")
    for hit in hits:
        stage = hit.name.removeprefix(_BESIDE)
        if stage != hit.name and stage not in named and _is_beside(found.text, hit, models):
            named.add(stage)
    return tuple(stage for stage in Stage if stage in named) if named else ()


def _is_beside(text: str, hit: Hit, models: list[int]) -> bool:
    """Whether a model is spoken of near a phrase, in the same line. `models` are where, in order."""
    first, last = bisect_left(models, hit.start - _REACH), bisect_right(models, hit.start + _REACH)
    return any("\n" not in text[min(at, hit.start) : max(at, hit.start)] for at in models[first:last])


@cache
def _titles() -> Phrases:
    data = vocabulary("specialisations")
    common = {f"{_COMMON}{field}": phrases for field, phrases in data["common"].items()}
    return Phrases({**data["titles"], **common})


@cache
def _ml() -> Phrases:
    return Phrases({"ml": vocabulary("specialisations")["ml"]["words"]})
