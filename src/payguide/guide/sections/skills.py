"""Top skills: how many postings ask for each, and what it adds to pay."""

from __future__ import annotations

from dataclasses import dataclass

from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Published
from payguide.base.figure_id import figure_id, of_form, parse
from payguide.guide import words
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


def skills(edition: Edition) -> list[Skill]:
    """The skills most asked for, in falling order of demand, without those that the role's name already says."""
    said = words.said_by(str(edition.manifest.get("role", "")))
    asked = [one for one in of_form(edition.figures, "skill_demand") if one.get("skill") not in said]
    found = [edition.figures[str(one)] for one in asked]
    known = [figure.estimate for figure in found if isinstance(figure, Published)]
    ranked = sorted(known, key=lambda estimate: (-estimate.value, estimate.id))[:_MOST]
    return [_skill(edition, estimate) for estimate in ranked]


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
