"""Methods and sources, generated from the manifest and the figures: sources, rules, what was withheld."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from payguide.base.edition import Edition
from payguide.base.estimates import Published, Unknown, Withheld
from payguide.base.figure_id import band, find
from payguide.guide import numbers, words

#: The page.
PAGE: Final = "methods.html"

#: The figure whose sources' influence stands for the edition.
_OVERALL = str(band("any", "base"))


@dataclass(frozen=True, slots=True)
class Source:
    """One source's card. `influence` is its own on the median of base pay at all levels; empty where none."""

    name: str
    title: str
    origin: str
    licence: str
    kind: str
    retrieved: str
    records: int | None
    observations: int | None
    outliers: int | None
    bias: str
    influence: str

    @property
    def brief(self) -> str:
        """The title up to its first comma: "Levels.fyi self-reports, 2017 to 2021" in few words."""
        return self.title.partition(",")[0]


def titles(edition: Edition) -> dict[str, str]:
    """Each source's title in few words, by its name."""
    return {source.name: source.brief for source in sources(edition)}


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None


def sources(edition: Edition) -> list[Source]:
    """The sources' cards in the order of their names."""
    cards = edition.manifest.get("sources")
    influence = _influence(edition)
    found = []
    for name, card in sorted(cards.items()) if isinstance(cards, Mapping) else ():
        found.append(
            Source(
                name=name,
                title=str(card.get("title", name)),
                origin=str(card.get("origin", "")),
                licence=str(card.get("licence", "")),
                kind=words.word("kinds", str(card.get("kind", ""))),
                retrieved=str(card.get("retrieved", "")),
                records=_whole(card.get("records")),
                observations=_whole(card.get("observations")),
                outliers=_whole(card.get("outliers")),
                bias=str(card.get("bias", "")),
                influence=influence.get(name, ""),
            )
        )
    return found


def _influence(edition: Edition) -> dict[str, str]:
    """How far the median of base pay at all levels moves with what each source states, in percent of it."""
    found = edition.figures.get(_OVERALL)
    if not isinstance(found, Published):
        return {}
    return {source.source: numbers.percent(source.weight) for source in found.estimate.sources}


def withheld(edition: Edition) -> list[tuple[str, int]]:
    """Why figures were kept back or are not known, with how many each: the commonest first."""
    reasons: Counter[str] = Counter()
    for figure in edition.figures.values():
        if isinstance(figure, Withheld | Unknown):
            reasons[_reason(figure)] += 1
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))


def _reason(figure: Withheld | Unknown) -> str:
    """The reason without the counts in brackets, so that alike reasons add up."""
    why = figure.why.partition(" (")[0].rstrip(".")
    return f"Withheld. {why}" if isinstance(figure, Withheld) else f"Not known. {why}"


def facts(value: object, prefix: str = "") -> Iterator[tuple[str, str]]:
    """A nested part of the manifest as (name, text) lines: {"a": {"b": 1}} gives ("A: b", "1")."""
    if isinstance(value, Mapping):
        for key, item in sorted(value.items(), key=lambda pair: str(pair[0])):
            name = str(key).replace("_", " ")
            yield from facts(item, f"{prefix}: {name}" if prefix else name[:1].upper() + name[1:])
    elif isinstance(value, list | tuple):
        yield prefix, ", ".join(str(item) for item in value)
    elif value not in (None, ""):
        yield prefix, str(value)


def notes(edition: Edition) -> list[str]:
    """What estimates say of themselves on bands of pay: each distinct note once."""
    found = (
        note
        for name, figure in edition.figures.items()
        if isinstance(figure, Published) and (of := find(name)) and of.form.kind == "band"
        for note in figure.estimate.notes
    )
    return list(dict.fromkeys(found))
