"""The formal tests of what is a percentage: premiums, total over base, steps between levels, shares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from payguide.base.codes import LADDER, TOP_TIERS, Component, Role
from payguide.base.estimates import Unit
from payguide.base.figure_id import figure_id
from payguide.base.guides import GuideClaim, Whose
from payguide.base.inputs import Place
from payguide.base.reference.country import country, default_country
from payguide.decode.guides.comparisons import degree_of
from payguide.decode.guides.mentions import TOP, mentions, phrases

#: A single percentage is read as within so many points.
_POINTS: Final = 0.05
_SOFTWARE: Final = re.compile(r"software (?:engineer|developer)|\bswes?\b", re.IGNORECASE)
_PREFERS: Final = re.compile("prefer", re.IGNORECASE)

#: A claim's id, its test, the ids of its figures, its own numbers, and its options.
Test = tuple[str, str, tuple[str, ...], tuple[float, ...], dict[str, str | float]]


class Untested(Exception):
    """There is no figure that tests a claim; its message says why."""


def refuse_foreign(one: GuideClaim) -> None:
    """Refuse what is of another country than editions are.

    Raises:
        Untested: it is.
    """
    home = country(default_country())
    if one.currency not in ("", home.currency):
        raise Untested(f"it is in {one.currency}, and the evidence is in {home.currency}")
    if one.whose.country not in ("", home.code):
        raise Untested(f"it is of {one.whose.country}, and the evidence is of {home.code}")


def refuse_one_employer(about: Whose) -> None:
    """Refuse what is of employers by name.

    Raises:
        Untested: it is.
    """
    if about.employers:
        raise Untested("it is of one employer: `payguide estimate --employer` answers for it")


def metro_of(place: Place) -> str:
    """The metro that stands for a place in an edition.

    Raises:
        Untested: it has none.
    """
    if not place.metro:
        raise Untested(f"an edition has no figures of {place.city or place.region}")
    return place.metro


def premium(one: GuideClaim) -> Test:
    """What a tier, industry, specialisation, arrangement, place, role, degree or skill pays more. A place beside
    another thing says where that thing pays so.
    """
    refuse_foreign(one)
    about = one.whose
    if one.unit is Unit.MONEY:
        raise Untested("it is a difference in money, and an edition tells shares of pay")
    refuse_one_employer(about)
    for form, section, values in (
        ("tier", "tier", (*about.tiers, *([TOP] if about.top else []))), ("industry", "industry", about.industries),
        ("specialisation", "depth", about.specialisations),
        ("remote", "remote", [about.remote] if about.remote else []),
    ):  # fmt: skip
        if values:
            return _bounded(f"{form}.premium", section, _ids(form, form, values), one)
    if about.places:
        metros = [metro_of(place) for place in about.places]
        three = set(metros) == set(country(default_country()).top)
        otherwise = "place.top3.effect" if three else ""
        return _bounded("place.premium", "place", _ids("place", "metro", metros), one, otherwise=otherwise)
    if about.role is Role.SOFTWARE_ENGINEER or _SOFTWARE.search(one.sentence):
        beside = "swe.premium.grade.effect swe.premium.grade.base.effect"
        base = "swe.premium.years.base.effect"
        return _bounded(
            "swe.premium", "swe", ("swe.premium.years.effect",), one, otherwise=base, beside=beside
        )
    if about.degrees:
        figure = (
            "degree.required_phd.effect" if about.degrees == ("phd",) else "degree.preferred_advanced.effect"
        )
        return _bounded("degree.premium", "degree", (figure,), one)
    if about.skills:
        return _bounded("skill.premium", "skills", _ids("skill_premium", "skill", about.skills), one)
    raise Untested("it names nothing that the evidence tells apart")


def uplift(one: GuideClaim) -> Test:
    """What total pay has over base pay; of all levels together unless it names one."""
    refuse_foreign(one)
    population = "top" if one.whose.top or not set(one.whose.tiers).isdisjoint(TOP_TIERS) else "all"

    def of(levels: Iterable[str]) -> list[str]:
        fields = {"population": population, "statistic": "p50"}
        return [str(figure_id("uplift", level=str(level), **fields)) for level in levels]

    named = [level for level in one.whose.levels if level in LADDER]
    otherwise = "" if named else " ".join(of(LADDER))
    return _bounded("total.uplift", "average", tuple(of(named or ["any"])), one, otherwise=otherwise)


def step(one: GuideClaim) -> Test:
    """What a level has over the one below it."""
    refuse_foreign(one)
    levels = [level for level in one.whose.levels if level in LADDER[1:]]
    named = {found.value for found in mentions(one.sentence) if found.kind == "level"}
    if levels and any(level not in LADDER[LADDER.index(levels[-1]) - 1 :][:2] for level in named):
        raise Untested("it is of more than one step between levels")
    if not levels:
        raise Untested("it does not say which step between levels")
    component = Component.TOTAL if one.component is Component.TOTAL else Component.BASE
    figure = str(figure_id("step", level=str(levels[-1]), component=str(component)))
    return _bounded(f"step.{levels[-1]}", "levels", (figure,), one)


def share(one: GuideClaim) -> Test:
    """A share of postings that ask for a degree or a skill."""
    refuse_foreign(one)
    if one.whose.degrees:
        prefers = phrases("share", "preferred").search(one.sentence) and _PREFERS.search(one.sentence)
        strength = "preferred" if prefers else "required"
        figure = figure_id("degree_share", strength=strength, degree=degree_of(one.whose.degrees))
        return _bounded(f"degree.{strength}", "degree", (str(figure),), one)
    if one.whose.skills:
        return _bounded("skill.demand", "skills", _ids("skill_demand", "skill", one.whose.skills), one)
    raise Untested("an edition has no such share")


def _ids(form: str, field: str, values: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(figure_id(form, **{field: str(value)})) for value in values)


def _bounded(name: str, section: str, figures: tuple[str, ...], one: GuideClaim, **more: str) -> Test:
    """Percentages within a range, or beyond its one end; a single number is read as within so many points."""
    options: dict[str, str | float] = {"section": section, "unit": str(one.unit), **more}
    low, high = one.low, one.high
    if low is None or high is None:
        test, end = ("at_least", low) if high is None else ("at_most", high)
        return name, test, figures, (end or 0.0,), options
    if low == high:
        low, high = round(low - _POINTS, 4), round(high + _POINTS, 4)
        options["about"] = one.low or 0.0
    return name, "within", figures, (low, high), options
