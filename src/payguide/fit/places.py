"""Place effects: metros against the market average, and whether remote work narrows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from payguide.base.codes import Role
from payguide.base.figures import Estimate, Unknown
from payguide.fit.contrasts import Measured, one_against_another
from payguide.fit.effects import KINDS, TOP_METROS, Effects, averaged
from payguide.fit.frame import Frame
from payguide.fit.labels import phrase
from payguide.fit.lookup import Evidence
from payguide.fit.regression import Fit


def places(
    evidence: Evidence, frame: Frame, names: Mapping[str, str], market: Mapping[str, float] | None
) -> Iterator[Estimate | Unknown]:
    """Place effects: the metros with a column, the three a guide names together, and remote against
    on-site.

    `names` gives each CBSA code its name for people; `market` each place's share of the nation's jobs
    (None: the average place is the evidence's own).
    """
    how = (
        "adjusted effect against the average US job"
        if market
        else "adjusted effect against the average of the evidence"
    )
    notes = ("The national average weighs places by BLS employment.",) if market else ()
    found = Effects(evidence, frame)
    codes = sorted({*TOP_METROS, *metros(evidence, frame.role)})
    for code in codes:
        label = phrase("effect_place", metro=names.get(code, f"metro {code}"))
        yield found.figure(
            f"place.{code}.effect", label, averaged("metro", (code,), market), method=how, notes=notes
        )
    label = phrase("effect_place", metro="top3")
    yield found.figure(
        "place.top3.effect", label, averaged("metro", TOP_METROS, market), method=how, notes=notes
    )
    for remote in ("remote", "onsite"):
        yield found.figure(
            f"place.spread.{remote}.effect",
            phrase("spread", remote=remote),
            _top_against_rest,
            kinds=("posted_range",),
            model="effects.{kind}.base.{role}." + remote,
            method="adjusted effect of the three metros against every other known place",
            population=f"{phrase('population', of=remote)} postings".lower(),
        )


def metros(evidence: Evidence, role: Role) -> set[str]:
    """The metros that have a column in one of the role's regressions."""
    return {
        column.removeprefix("metro=")
        for kind in KINDS
        if (moments := evidence.moments.get(f"effects.{kind}.base.{role}")) is not None
        for column in moments.columns
        if column.startswith("metro=") and column.removeprefix("metro=").isdigit()
    }


def heaviest(evidence: Evidence, role: Role) -> float:
    """The most pieces of evidence that one employer can have in the role's regressions."""
    found = [evidence.moments.get(f"effects.{kind}.base.{role}") for kind in KINDS]
    return sum(one.largest_share * one.n for one in found if one is not None)


def _top_against_rest(of: Fit, effects: Effects) -> Measured | None:
    """The three metros against the other known places: one number for how far places differ, without bias
    (the standard deviation of noisy place effects would grow with the noise).
    """
    rest = [
        name.removeprefix("metro=")
        for name in of.columns
        if name.startswith("metro=") and name.removeprefix("metro=") not in (*TOP_METROS, "unknown", "other")
    ]
    return one_against_another(of, "metro", TOP_METROS, [*rest, "other_us"], effects.left_out(of, "metro"))
