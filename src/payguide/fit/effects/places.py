"""Place effects: metros against the market average, and whether remote work narrows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from payguide.base.codes import Role
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.context import EditionContext
from payguide.fit.effects.adjusted import KINDS, Effects, averaged
from payguide.fit.effects.contrasts import Measured, one_against_another
from payguide.fit.effects.regression import Fit
from payguide.fit.market import figures

#: The code, in ids, of the metros that a guide names together.
TOP3 = "top3"


def places(
    evidence: AggregateIndex,
    frame: EditionContext,
    names: Mapping[str, str],
    jobs: Mapping[str, float] | None,
    market: figures.Market,
) -> Iterator[Estimate | Unknown]:
    """Place effects: the metros with a column, the three a guide names together, and remote against
    on-site.

    `names` gives each CBSA code its name for people; `jobs` each place's share of the nation's jobs, against which the
    regressions beside are read (None: the average place is the evidence's own).
    """
    found = Effects(evidence, frame)
    top = frame.country.top
    named = {
        code: ((code,), names.get(code, f"metro {code}")) for code in {*top, *metros(evidence, frame.role)}
    }
    for code, (values, name) in [*sorted(named.items()), (TOP3, (top, f"{frame.country.top_name} together"))]:
        parts, _ = found.parts(averaged("metro", values, jobs), tuple(KINDS))
        figure = figure_id("place", metro=code)
        yield figures.effect(market, figure, "metro", values, parts, figure.label(metro=name))
    for remote in ("remote", "onsite"):
        figure = figure_id("spread", remote=remote)
        yield found.figure(
            figure,
            _top_against_rest,
            label=figure.label(top=frame.country.top_name, elsewhere=frame.country.elsewhere_name),
            kinds=("posted_range",),
            model="effects.{kind}.base.{role}." + remote,
            method="adjusted effect of the three metros against every other known place",
            population=f"{remote} postings",
        )


def metros(evidence: AggregateIndex, role: Role) -> set[str]:
    """The metros that have a column in one of the role's regressions."""
    return {
        column.removeprefix("metro=")
        for kind in KINDS
        if (moments := evidence.moments.get(f"effects.{kind}.base.{role}")) is not None
        for column in moments.columns
        if column.startswith("metro=") and column.removeprefix("metro=").isdigit()
    }


def heaviest(evidence: AggregateIndex, role: Role) -> float:
    """The most pieces of evidence that one employer can have in the role's regressions."""
    found = [evidence.moments.get(f"effects.{kind}.base.{role}") for kind in KINDS]
    return sum(one.who.largest_share * one.n for one in found if one is not None)


def _top_against_rest(of: Fit, effects: Effects) -> Measured | None:
    """The three metros against the other known places: one number for how far places differ, without bias
    (the standard deviation of noisy place effects would grow with the noise).
    """
    country = effects.frame.country
    rest = [
        name.removeprefix("metro=")
        for name in of.columns
        if name.startswith("metro=") and name.removeprefix("metro=") not in (*country.top, "unknown", "other")
    ]
    return one_against_another(
        of, "metro", country.top, [*rest, country.elsewhere], effects.left_out(of, "metro")
    )
