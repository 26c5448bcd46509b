"""One comparison of a figure with a claim, judged by the figure's interval; and how comparisons add up.

A comparison *holds* when the whole interval lies where the claim says, *fails* when none of it does, and is
*undecided* when the interval reaches across the line. A claim made of several comparisons is

    supported            every comparison holds
    contradicted         every comparison fails
    mixed                some are decided, but not all alike
    not enough evidence  none is decided, or a figure that the claim needs is withheld or unknown
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from payguide.base.edition import Claim, Judgement, Verdict
from payguide.base.estimates import Estimate, Figure, Published, Unknown, Withheld
from payguide.guide import numbers, words


class Outcome(Enum):
    """What one comparison says."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Part:
    """One comparison: its outcome, the clause that says so, and the figures it rests on."""

    outcome: Outcome
    clause: str
    figures: tuple[str, ...]


def side(low: float, high: float, least: float, most: float) -> Outcome:
    """Where the interval [low, high] lies against the range [least, most] (ends may be infinite)."""
    if least <= low and high <= most:
        return Outcome.HOLDS
    return Outcome.FAILS if high < least or low > most else Outcome.UNDECIDED


def difference(first: Estimate, second: Estimate) -> tuple[float, float, float]:
    """The difference first - second as (value, low, high), from the two intervals.

    The square-and-add rule (MOVER) of Zou & Donner, Statistics in Medicine 27 (2008), 1693-1702, which takes
    the two as independent; figures of one sample are positively correlated, so it errs to the wide side.
    """
    gap = first.value - second.value
    low = gap - math.hypot(first.value - first.low, second.high - second.value)
    high = gap + math.hypot(first.high - first.value, second.value - second.low)
    return gap, low, high


def add_up(parts: Sequence[Part]) -> Judgement:
    """The judgement of comparisons together (see the module's table)."""
    outcomes = [part.outcome for part in parts]
    if not any(outcome is not Outcome.UNDECIDED for outcome in outcomes):
        return Judgement.NOT_ENOUGH
    if all(outcome is Outcome.HOLDS for outcome in outcomes):
        return Judgement.SUPPORTED
    if all(outcome is Outcome.FAILS for outcome in outcomes):
        return Judgement.CONTRADICTED
    return Judgement.MIXED


def found(ids: Sequence[str], figures: Mapping[str, Figure]) -> tuple[list[Estimate], list[str]]:
    """The published estimates among `ids`, and a clause for each reason why others are not published."""
    estimates: list[Estimate] = []
    missing: dict[str, list[str]] = {}
    for figure in ids:
        match figures.get(figure):
            case Published(estimate):
                estimates.append(estimate)
            case Withheld(label=label, why=why):
                missing.setdefault(f"withheld ({_clause(why)})", []).append(words.inside(figure, label))
            case Unknown(label=label, why=why):
                missing.setdefault(f"not known ({_clause(why)})", []).append(words.inside(figure, label))
            case None:
                missing.setdefault("not estimated in this edition", []).append(words.inside(figure))
    return estimates, [f"{numbers.joined(names)}: {why}" for why, names in missing.items()]


def _clause(why: str) -> str:
    """A reason as a clause: "One employer holds over 25%." gives "one employer holds over 25%"."""
    return why[:1].lower() + why[1:].rstrip(".")


def needed(claim: Claim) -> int:
    """How many of the claim's figures, each counted once, must be published before it is judged."""
    return int(claim.options.get("need", len(set(claim.figures))))


def said(estimate: Estimate) -> str:
    """A figure in a clause: "San Francisco: +18% (+14% to +22%)"."""
    name = words.inside(estimate.id, estimate.label)
    return f"{name}: {numbers.value(estimate)} ({numbers.interval(estimate)})"


def capital(sentence: str) -> str:
    """The sentence with its first letter upper-case."""
    return sentence[:1].upper() + sentence[1:]


def lacking(claim: Claim, missing: Sequence[str]) -> Verdict:
    """The verdict where a needed figure is not published: which one, and why."""
    rest = "; others are missing too" if len(missing) > 3 else ""
    why = capital(f"{'; '.join(missing[:3])}{rest}.")
    return Verdict(claim, Judgement.NOT_ENOUGH, why, ())


def verdict(claim: Claim, parts: Sequence[Part], missing: Sequence[str] = ()) -> Verdict:
    """The parts' verdict, in one sentence that names each part and what could not be compared."""
    clauses = [part.clause for part in parts] + list(missing)
    deciding = tuple(dict.fromkeys(figure for part in parts for figure in part.figures))
    return Verdict(claim, add_up(parts), capital("; ".join(clauses)) + ".", deciding)
