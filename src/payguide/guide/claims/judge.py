"""Claims judged against published figures: each formal test is a small function that a claim names.

What holds, fails and stays undecided, and how comparisons add up, is defined in `parts`; bands have a module
of their own, `band`. Figures are read through the gate only: what is withheld or unknown never decides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase

from payguide.base.edition import Claim, Judgement, Verdict
from payguide.base.estimates import Estimate, Figure, Published
from payguide.guide import numbers, words
from payguide.guide.claims.band import judge_band
from payguide.guide.claims.parts import (
    Outcome,
    Part,
    add_up,
    capital,
    difference,
    found,
    lacking,
    needed,
    said,
    side,
    verdict,
)

Test = Callable[[Claim, Mapping[str, Figure]], Verdict]


def _bounded(claim: Claim, figures: Mapping[str, Figure], least: float, most: float) -> Verdict:
    """Each figure's interval against [least, most]."""
    estimates, missing = found(claim.figures, figures)
    if len(estimates) < needed(claim):
        return lacking(claim, missing)
    parts = [_compare(estimate, claim, least, most) for estimate in estimates]
    judged = verdict(claim, parts, missing)
    if judged.judgement is Judgement.CONTRADICTED and "otherwise" in claim.options:
        return _second_reading(judged, figures, least, most)
    return judged


def _compare(estimate: Estimate, claim: Claim, least: float, most: float) -> Part:
    """One figure against the range, in a clause."""
    outcome = side(estimate.low, estimate.high, least, most)
    unit = numbers.unit_of(claim)
    beyond = "above" if estimate.low > most else "below"
    if math.isfinite(least) and math.isfinite(most):
        # a sign is told only where the range crosses zero
        texts = [numbers.amount(end, unit) for end in (least, most)]
        window = " to ".join(text.lstrip("+") if least >= 0 else text for text in texts)
        where = {Outcome.HOLDS: "inside", Outcome.FAILS: beyond, Outcome.UNDECIDED: "across an end of"}
    else:
        line = most if math.isinf(least) else least
        window = numbers.amount(line, unit) if line else "zero"
        held = "above" if math.isinf(most) else "below"
        where = {Outcome.HOLDS: held, Outcome.FAILS: beyond, Outcome.UNDECIDED: "not to be told from"}
    return Part(outcome, f"{said(estimate)}, {where[outcome]} {window}", (estimate.id,))


def _second_reading(first: Verdict, figures: Mapping[str, Figure], least: float, most: float) -> Verdict:
    """A claim that its plain reading contradicts: mixed where every figure of the other reading holds."""
    claim = first.claim
    ids = str(claim.options["otherwise"]).split()
    estimates, missing = found(ids, figures)
    parts = [_compare(estimate, claim, least, most) for estimate in estimates]
    if missing or add_up(parts) is not Judgement.SUPPORTED:
        return first
    other = str(claim.options.get("otherwise_name", "another reading"))
    why = (
        f"{first.why.rstrip('.')}; read as {other} it would hold: {'; '.join(part.clause for part in parts)}."
    )
    return Verdict(claim, Judgement.MIXED, why, (*first.deciding, *(e.id for e in estimates)))


def within(claim: Claim, figures: Mapping[str, Figure]) -> Verdict:
    """Every figure lies in the stated range: `stated` = (low, high).

    Option `otherwise` names figures of a second reading: where the plain reading is contradicted and the
    second holds, the claim is mixed.
    """
    return _bounded(claim, figures, *claim.stated)


def at_least(claim: Claim, figures: Mapping[str, Figure]) -> Verdict:
    """Every figure is at least the stated number (for effects usually 0: it pays more)."""
    return _bounded(claim, figures, claim.stated[0], math.inf)


def at_most(claim: Claim, figures: Mapping[str, Figure]) -> Verdict:
    """Every figure is at most the stated number."""
    return _bounded(claim, figures, -math.inf, claim.stated[0])


def _ordered(first: Estimate, second: Estimate) -> Part:
    """Whether the first is above the second, by the interval of their difference."""
    _, low, high = difference(first, second)
    outcome = side(low, high, 0.0, math.inf)
    clause = {Outcome.HOLDS: "above", Outcome.FAILS: "below", Outcome.UNDECIDED: "not to be told from"}[
        outcome
    ]
    return Part(outcome, f"{said(first)}, {clause} {said(second)}", (first.id, second.id))


def _order(claim: Claim, figures: Mapping[str, Figure], couples: list[tuple[str, str]]) -> Verdict:
    """Each couple in order; a couple with a figure missing cannot be compared."""
    parts: list[Part] = []
    for couple in couples:
        estimates, absent = found(couple, figures)
        if not absent:
            parts.append(_ordered(*estimates))
    _, missing = found(list(dict.fromkeys(figure for couple in couples for figure in couple)), figures)
    compared = {figure for part in parts for figure in part.figures}
    if not parts or len(compared) < needed(claim):
        return lacking(claim, missing)
    return verdict(claim, parts, missing)


def pairs(claim: Claim, figures: Mapping[str, Figure]) -> Verdict:
    """Figures come in couples; the first of each is above the second."""
    ids = claim.figures
    return _order(claim, figures, list(zip(ids[::2], ids[1::2], strict=True)))


def above(claim: Claim, figures: Mapping[str, Figure]) -> Verdict:
    """Every figure but the last is above the last."""
    return _order(claim, figures, [(figure, claim.figures[-1]) for figure in claim.figures[:-1]])


def starts(claim: Claim, figures: Mapping[str, Figure]) -> Verdict:
    """The stated number lies between two figures: clear of both intervals it holds, beyond one it fails."""
    estimates, missing = found(claim.figures, figures)
    if missing:
        return lacking(claim, missing)
    lower, upper = estimates
    stated = claim.stated[0]
    if lower.high <= stated <= upper.low:
        outcome, where = Outcome.HOLDS, "between them"
    elif stated < lower.low or stated > upper.high:
        outcome, where = Outcome.FAILS, "below both" if stated < lower.low else "above both"
    else:
        outcome, where = Outcome.UNDECIDED, "too close to an end to tell"
    clause = f"{said(lower)} and {said(upper)}; the {numbers.stated(claim)} stated lies {where}"
    return verdict(claim, [Part(outcome, clause, (lower.id, upper.id))])


def presence(claim: Claim, figures: Mapping[str, Figure]) -> Verdict:
    """Among the figures a pattern names, at least one lies wholly at or above the stated number.

    Fails when every one lies wholly below it.
    """
    matching = [
        figure.estimate
        for id_, figure in figures.items()
        if isinstance(figure, Published) and any(fnmatchcase(id_, pattern) for pattern in claim.figures)
    ]
    if not matching:
        return lacking(claim, [f"no figure {claim.figures[0]} is published"])
    ranked = sorted(matching, key=lambda estimate: (-estimate.value, estimate.id))
    outcomes = [side(estimate.low, estimate.high, claim.stated[0], math.inf) for estimate in ranked]
    judgement = Judgement.NOT_ENOUGH
    if Outcome.HOLDS in outcomes:
        judgement = Judgement.SUPPORTED
    elif all(outcome is Outcome.FAILS for outcome in outcomes):
        judgement = Judgement.CONTRADICTED
    leading = ranked[:3]
    named = numbers.joined(
        [f"{words.name(e.id, e.label)} {numbers.value(e)} ({numbers.interval(e)})" for e in leading]
    )
    reach = outcomes.count(Outcome.HOLDS)
    why = capital(
        f"{numbers.count(reach)} of {numbers.count(len(ranked))} reach the line; the first are {named}."
    )
    return Verdict(claim, judgement, why, tuple(estimate.id for estimate in leading))


#: The tests a claims file may name.
TESTS: Mapping[str, Test] = {
    "band": judge_band,
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


def judge(claims: Iterable[Claim], figures: Mapping[str, Figure]) -> tuple[Verdict, ...]:
    """Each claim's verdict, in the claims' order."""
    return tuple(TESTS[claim.test](claim, figures) for claim in claims)
