"""Top skills: how many postings ask for each, and what it adds to pay."""

from __future__ import annotations

from dataclasses import dataclass

from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Published
from payguide.base.figure_id import figure_id, of_form, parse
from payguide.guide import numbers, words
from payguide.guide.shown import Shown, show

#: How many skills the page shows; figures.csv has them all.
_MOST = 24


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill: demand (share of postings) and premium (adjusted effect on base pay)."""

    name: str
    demand: Shown
    premium: Shown
    demand_estimate: Estimate
    premium_estimate: Estimate | None

    @property
    def stands(self) -> str:
        """Whether the premium stands after false-discovery control, in words; "" where it was not tested so."""
        tested = self.premium_estimate.significant if self.premium_estimate else None
        return "" if tested is None else "stands" if tested else "does not stand"


def skills(edition: Edition) -> list[Skill]:
    """The skills most asked for, in falling order of demand, without those that the role's name already says."""
    said = words.said_by(str(edition.manifest.get("role", "")))
    asked = [one for one in of_form(edition.figures, "skill_demand") if one.get("skill") not in said]
    found = [edition.figures[str(one)] for one in asked]
    known = [figure.estimate for figure in found if isinstance(figure, Published)]
    ranked = sorted(known, key=lambda estimate: (-estimate.value, estimate.id))[:_MOST]
    return [_skill(edition, estimate) for estimate in ranked]


def discoveries(edition: Edition) -> str:
    """Which of the premiums stand after false-discovery control; "" where none was tested so."""
    named = (str(one) for one in of_form(edition.figures, "skill_premium"))
    published = (figure.estimate for name in named if isinstance(figure := edition.figures[name], Published))
    tested = [estimate for estimate in published if estimate.significant is not None]
    stand = [words.word("skill", parse(one.id).get("skill")) for one in tested if one.significant]
    if not tested:
        return ""
    if not stand:
        return "Tested together, none of the effects on pay stands: with so many, some look large by chance."
    verb = "stands" if len(stand) == 1 else "stand"
    return (
        f"Of the effects on pay, tested together, {numbers.joined(stand)} {verb}; the others may be chance."
    )


def _skill(edition: Edition, demand: Estimate) -> Skill:
    slug = parse(demand.id).get("skill")
    paid = figure_id("skill_premium", skill=slug)
    premium = edition.figures.get(str(paid))
    return Skill(
        name=words.word("skill", slug),
        demand=show(edition.figures, demand.id),
        premium=show(edition.figures, paid),
        demand_estimate=demand,
        premium_estimate=premium.estimate if isinstance(premium, Published) else None,
    )
