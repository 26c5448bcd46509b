"""The audited guide's claims: each with its test, the figures that decide, its verdict, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from payguide.base.edition import Claim, Edition, Judgement, Verdict
from payguide.base.estimates import Unit
from payguide.guide import numbers, words
from payguide.guide.shown import Shown, show


@dataclass(frozen=True, slots=True)
class Tested:
    """One claim judged. `asks` is its test in words, `figures` decide."""

    verdict: Verdict
    asks: str
    figures: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The claims of one part of the audited guide."""

    key: str
    title: str
    tested: tuple[Tested, ...]


def asks(claim: Claim) -> str:
    """A claim's test in words, with its own numbers: "Each figure lies between $180K and $260K."."""
    unit = numbers.unit_of(claim)
    ends = [_end(number, unit) for number in claim.stated]
    low, high = (*ends, "", "")[:2]
    return words.word("tests", claim.test).format(low=low, high=high)


def _end(number: float, unit: Unit) -> str:
    """One end of a stated range; zero as a word."""
    text = numbers.amount(number, unit)
    return "zero" if not number else text if number < 0 else text.lstrip("+")


def groups(edition: Edition) -> list[Group]:
    """The claims in the audited guide's order, under the parts that they belong to."""
    grouped: dict[str, list[Tested]] = {key: [] for key in words.vocabulary()["claimed"]}
    of_section = {s: key for key, part in words.vocabulary()["claimed"].items() for s in part["sections"]}
    for verdict in edition.verdicts:
        key = of_section.get(str(verdict.claim.options.get("section", "")), "other")
        deciding = tuple(show(edition.figures, name) for name in verdict.deciding)
        grouped[key].append(Tested(verdict, asks(verdict.claim), deciding))
    return [
        Group(key, words.vocabulary()["claimed"][key]["title"], tuple(tested))
        for key, tested in grouped.items()
        if tested
    ]


def tally(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """How many claims got each verdict."""
    counted = Counter(verdict.judgement for verdict in verdicts)
    return [
        {
            "name": str(judgement),
            "slug": words.slug(judgement),
            "mark": words.mark(judgement),
            "count": counted[judgement],
        }
        for judgement in Judgement
        if counted[judgement]
    ]


def guide(edition: Edition) -> Mapping[str, str]:
    """What is said of the audited guide: what it is called, and what must be known of it."""
    told = edition.manifest.get("published_guide")
    said = told if isinstance(told, Mapping) else {}
    return {"title": str(said.get("title", "")), "note": str(said.get("note", ""))}
