"""Claims judged against published figures: each formal test is a small function that a claim names, and gives the
claim's readings.

How a reading comes out, and what readings say together, is defined in `parts`; bands have a module of their own.
Figures are read through the gate only: what is withheld or unknown never decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Final

from payguide.base.edition import Claim, Outcome, Rank, Reading, Verdict
from payguide.base.estimates import Estimate, Figure, Published
from payguide.guide import numbers, words
from payguide.guide.claims.band import band
from payguide.guide.claims.parts import capital, difference, found, judgement, name, said, side

#: A test: the readings of a claim that figures of some ids give.
Test = Callable[[Claim, Sequence[str], Mapping[str, Figure]], list[Reading]]

#: The options that name figures of further readings, and the rank of these.
FURTHER: Final = {"otherwise": Rank.EQUAL, "beside": Rank.ASIDE}

#: More readings than this that are merely possible are named in a verdict's sentence, not told.
_TOLD: Final = 3


def _bounded(claim: Claim, estimates: Sequence[Estimate], least: float, most: float) -> list[Reading]:
    """Each figure's interval against [least, most]."""
    return [_compare(estimate, claim, least, most) for estimate in estimates]


def _compare(estimate: Estimate, claim: Claim, least: float, most: float) -> Reading:
    """One figure against the range."""
    outcome = side(estimate.low, estimate.high, least, most)
    unit = numbers.unit_of(claim)
    beyond = "above" if estimate.low > most else "below"
    if math.isfinite(least) and math.isfinite(most):
        # a sign is told only where the range crosses zero
        texts = [numbers.amount(end, unit) for end in (least, most)]
        window = " to ".join(text.lstrip("+") if least >= 0 else text for text in texts)
        where = {Outcome.HOLDS: "inside", Outcome.FAILS: beyond, Outcome.OPEN: "across an end of"}
    else:
        line = most if math.isinf(least) else least
        window = numbers.amount(line, unit) if line else "zero"
        held = "above" if math.isinf(most) else "below"
        where = {Outcome.HOLDS: held, Outcome.FAILS: beyond, Outcome.OPEN: "not to be told from"}
    clause = f"{said(estimate)}, {where[outcome]} {window}"
    return Reading(outcome, name(estimate), clause, (estimate.id,))


def within(claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """Every figure lies in the stated range: `stated` = (low, high)."""
    estimates, missing = found(claim, ids, figures)
    return [*_bounded(claim, estimates, *claim.stated), *missing]


def at_least(claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """Every figure is at least the stated number (for effects usually 0: it pays more)."""
    estimates, missing = found(claim, ids, figures)
    return [*_bounded(claim, estimates, claim.stated[0], math.inf), *missing]


def at_most(claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """Every figure is at most the stated number."""
    estimates, missing = found(claim, ids, figures)
    return [*_bounded(claim, estimates, -math.inf, claim.stated[0]), *missing]


def _order(claim: Claim, couple: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """Whether the first of a couple is above the second, by the interval of their difference."""
    estimates, missing = found(claim, couple, figures)
    if missing:
        clause = "; ".join([*map(said, estimates), *(one.clause for one in missing)])
        held = tuple(estimate.id for estimate in estimates)
        return [replace(missing[0], clause=clause, figures=held)]
    first, second = estimates
    _, low, high = difference(first, second)
    outcome = side(low, high, 0.0, math.inf)
    where = {Outcome.HOLDS: "above", Outcome.FAILS: "below", Outcome.OPEN: "not to be told from"}[outcome]
    clause = f"{said(first)}, {where} {said(second)}"
    return [Reading(outcome, f"{name(first)} over {name(second)}", clause, (first.id, second.id))]


def pairs(claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """Figures come in couples; the first of each is above the second."""
    couples = zip(ids[::2], ids[1::2], strict=True)
    return [reading for couple in couples for reading in _order(claim, couple, figures)]


def above(claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """Every figure but the last is above the last."""
    return [reading for first in ids[:-1] for reading in _order(claim, (first, ids[-1]), figures)]


def starts(claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """The stated number lies between two figures: clear of both intervals it holds, beyond one it fails."""
    estimates, missing = found(claim, ids, figures)
    if missing:
        return missing
    lower, upper = estimates
    stated = claim.stated[0]
    if lower.high <= stated <= upper.low:
        outcome, where = Outcome.HOLDS, "between them"
    elif stated < lower.low or stated > upper.high:
        outcome, where = Outcome.FAILS, "below both" if stated < lower.low else "above both"
    else:
        outcome, where = Outcome.OPEN, "too close to an end to tell"
    clause = f"{said(lower)} and {said(upper)}; the {numbers.stated(claim)} stated lies {where}"
    return [Reading(outcome, f"{name(lower)} to {name(upper)}", clause, (lower.id, upper.id))]


def presence(claim: Claim, ids: Sequence[str], figures: Mapping[str, Figure]) -> list[Reading]:
    """Among the figures a pattern names, at least one lies wholly at or above the stated number.

    Fails when every one lies wholly below it.
    """
    matching = [
        figure.estimate
        for id_, figure in figures.items()
        if isinstance(figure, Published) and any(fnmatchcase(id_, pattern) for pattern in ids)
    ]
    if not matching:
        return [Reading(Outcome.OPEN, ids[0], f"no figure {ids[0]} is published")]
    ranked = sorted(matching, key=lambda estimate: (-estimate.value, estimate.id))
    outcomes = [side(estimate.low, estimate.high, claim.stated[0], math.inf) for estimate in ranked]
    # one is enough; all must be below
    outcome = next((one for one in (Outcome.HOLDS, Outcome.OPEN) if one in outcomes), Outcome.FAILS)
    leading = ranked[:3]
    first = [f"{words.name(e.id, e.label)} {numbers.value(e)} ({numbers.interval(e)})" for e in leading]
    reach = numbers.count(outcomes.count(Outcome.HOLDS))
    clause = f"{reach} of {numbers.count(len(ranked))} reach the line; the first are {numbers.joined(first)}"
    return [Reading(outcome, f"any of {numbers.count(len(ranked))}", clause, tuple(e.id for e in leading))]


#: The tests a claims file may name.
TESTS: Mapping[str, Test] = {
    "band": band,
    "within": within,
    "at_least": at_least,
    "at_most": at_most,
    "pairs": pairs,
    "above": above,
    "starts": starts,
    "presence": presence,
}

#: How many stated numbers each test takes; load.py holds claims files to it.
STATED: Mapping[str, int] = {
    "band": 2, "within": 2, "at_least": 1, "at_most": 1, "pairs": 0, "above": 0, "starts": 1, "presence": 1,
}  # fmt: skip


def further(claim: Claim, option: str) -> list[str]:
    """The ids of the figures of a claim's further readings."""
    return str(claim.options.get(option, "")).split()


def judge(claims: Iterable[Claim], figures: Mapping[str, Figure]) -> tuple[Verdict, ...]:
    """Each claim's verdict, in the claims' order."""
    return tuple(_verdict(claim, _readings(claim, figures)) for claim in claims)


def _readings(claim: Claim, figures: Mapping[str, Figure]) -> list[Reading]:
    """All readings of a claim. A sentence that says how something changes is not decided by figures of one date."""
    test = TESTS[claim.test]
    readings = test(claim, claim.figures, figures)
    for option, rank in FURTHER.items():
        ids = further(claim, option)
        said_so = claim.options.get(f"{option}_name")
        for one in test(claim, ids, figures) if ids else ():
            clause = f"as {said_so}, {one.clause}" if said_so else one.clause
            clause = f"not counted: {clause}" if rank is Rank.ASIDE else clause
            new = rank if one.rank is Rank.PLAIN else one.rank
            readings.append(replace(one, clause=clause, rank=new))
    if claim.options.get("trend"):
        at_one_date = "; of one date, which tells no trend"
        return [replace(one, outcome=Outcome.OPEN, clause=one.clause + at_one_date) for one in readings]
    return readings


def _verdict(claim: Claim, readings: Sequence[Reading]) -> Verdict:
    """The verdict of readings, in one sentence: those that are merely possible are only named where they are many."""
    possible = [one for one in readings if one.rank is Rank.LOOSE]
    named = possible if len(possible) > _TOLD else []
    told = [one for one in readings if one not in named]
    clauses = [one.clause for one in told]
    for outcome, says in ((Outcome.HOLDS, "holds"), (Outcome.FAILS, "fails"), (Outcome.OPEN, "open")):
        if alike := [one.name for one in named if one.outcome is outcome]:
            clauses.append(f"{says} as {numbers.joined(alike)}")
    deciding = tuple(dict.fromkeys(figure for one in told for figure in one.figures))
    why = capital("; ".join(clauses)) + "."
    return Verdict(claim, judgement(readings), why, deciding, tuple(readings))
