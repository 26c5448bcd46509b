"""The readings of a claim: how a figure's interval decides one, and what they say together.

A claim is a set of readings that its words allow. A reading *holds* when the whole interval lies where the claim says,
*fails* when none of it does, and is *open* when the interval reaches across the line or a figure is not published.
How near it is to the words is its rank: the *plainest* (several, where the sentence says several things), those that
the words *equally* allow, those that are *possible*, and those that are shown but *not counted*. Then, the first that
applies:

    not enough evidence  no plainest and no equal reading is decided
    supported            every plainest reading holds, and no equal one fails
    mixed                some readings hold and some fail
    contradicted         at least one fails, none holds
    not enough evidence  some hold and none fails, but a plainest one is open
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from payguide.base.edition import Claim, Judgement, Outcome, Rank, Reading
from payguide.base.estimates import Estimate, Figure, Published, Unknown, Withheld
from payguide.guide import numbers, words

_NEAR: Final = (Rank.PLAIN, Rank.EQUAL)


def side(low: float, high: float, least: float, most: float) -> Outcome:
    """Where the interval [low, high] lies against the range [least, most] (ends may be infinite)."""
    if least <= low and high <= most:
        return Outcome.HOLDS
    return Outcome.FAILS if high < least or low > most else Outcome.OPEN


def difference(first: Estimate, second: Estimate) -> tuple[float, float, float]:
    """The difference first - second as (value, low, high), from the two intervals.

    The square-and-add rule (MOVER) of Zou & Donner, Statistics in Medicine 27 (2008), 1693-1702, which takes
    the two as independent; figures of one sample are positively correlated, so it errs to the wide side.
    """
    gap = first.value - second.value
    low = gap - math.hypot(first.value - first.low, second.high - second.value)
    high = gap + math.hypot(first.high - first.value, second.value - second.low)
    return gap, low, high


def judgement(readings: Sequence[Reading]) -> Judgement:
    """What the readings of a claim say together (see the module's table)."""
    counted = {one.outcome for one in readings if one.rank is not Rank.ASIDE}
    near = {one.outcome for one in readings if one.rank in _NEAR}
    plainest = {one.outcome for one in readings if one.rank is Rank.PLAIN}
    if near <= {Outcome.OPEN}:
        return Judgement.NOT_ENOUGH
    if plainest == {Outcome.HOLDS} and Outcome.FAILS not in near:
        return Judgement.SUPPORTED
    if Outcome.FAILS in counted:
        return Judgement.MIXED if Outcome.HOLDS in counted else Judgement.CONTRADICTED
    return Judgement.NOT_ENOUGH


def found(
    claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]
) -> tuple[list[Estimate], list[Reading]]:
    """The published estimates among `ids`, and an open reading for each reason why others are not published. Where the
    claim says that it needs fewer figures than it names, and as many are published, the rest need not be.
    """
    estimates: list[Estimate] = []
    missing: dict[str, list[str]] = {}
    for figure in dict.fromkeys(ids):
        match figures.get(figure):
            case Published(estimate):
                estimates.append(estimate)
            case Withheld(label=label, why=why):
                missing.setdefault(f"withheld ({_clause(why)})", []).append(words.inside(figure, label))
            case Unknown(label=label, why=why):
                missing.setdefault(f"not known ({_clause(why)})", []).append(words.inside(figure, label))
            case None:
                missing.setdefault("not estimated in this edition", []).append(words.inside(figure))
    published = sum(isinstance(figures.get(figure), Published) for figure in set(claim.figures))
    rank = Rank.LOOSE if published >= float(claim.options.get("need", math.inf)) else Rank.PLAIN
    return estimates, [
        Reading(Outcome.OPEN, numbers.joined(names), f"{numbers.joined(names)}: {why}", rank=rank)
        for why, names in missing.items()
    ]


def _clause(why: str) -> str:
    """A reason as a clause: "One employer holds over 25%." gives "one employer holds over 25%"."""
    return why[:1].lower() + why[1:].rstrip(".")


def name(estimate: Estimate) -> str:
    """A figure's name in a clause."""
    return words.inside(estimate.id, estimate.label)


def said(estimate: Estimate) -> str:
    """A figure in a clause: "San Francisco: +18% (+14% to +22%)"."""
    return f"{name(estimate)}: {numbers.value(estimate)} ({numbers.interval(estimate)})"


def capital(sentence: str) -> str:
    """The sentence with its first letter upper-case."""
    return sentence[:1].upper() + sentence[1:]
