"""What an edition says of single employers: the estimator's answers, with intervals, and their own evidence.

A company's figures are no more than the answers to the questions that `stand.html` asks ("a senior at Google"), so the
two agree to the dollar; they are worked out when the site is rendered, from the model file alone, all at once. Their
intervals are the market's draws (`companies` in the model file, fit/market/companies.py); what is too wide to say
anything is withheld by the gate's rule. A grade's median has no interval: the draws know no grades.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, Final

import numpy as np

from payguide.base.aggregates import OwnEvidence
from payguide.base.codes import LADDER, Component, EvidenceKind, Level, Role
from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Figure, Published, Unit, Withheld
from payguide.base.figure_id import FigureId, band, figure_id
from payguide.base.grades import grade_key
from payguide.base.money import FloatArray, IntArray
from payguide.estimator import Estimator
from payguide.estimator.answers import QUANTILES
from payguide.estimator.model_file import unpack_integers
from payguide.estimator.own_evidence import unpacked
from payguide.gate.rules import width

COMPONENTS: Final = (Component.BASE, Component.TOTAL)
#: The quantiles that are told, by the last part of their ids.
TOLD: Final[Mapping[str, int]] = {
    f"p{quantile * 100:.0f}": QUANTILES.index(quantile) for quantile in (0.25, 0.50, 0.75)
}
#: The most grades of a company that are told, those of most data points; of fewer than such a share of the largest's
#: none is: that is another spelling, or somebody's own.
GRADES: Final = 12
LEAST_SHARE: Final = 0.03

_ANSWER: Final = "the estimator's answer for this employer and level; interval of the market's draws"
_GRADE: Final = "the estimator's answer for this employer and grade"
_SLUG: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Grade:
    """One of a company's own grades: its name, the part of an id that stands for it, and how many data points of the
    role and of all roles there are on its base and total pay, the newest on a day.
    """

    name: str
    slug: str
    n: int
    n_all: int
    newest: date


@dataclass(frozen=True, slots=True)
class Company:
    """A named employer with a page: what a profile says of it, its own evidence, and its grades. `stated` is the
    evidence on what the role's people are paid, by level and year; what it files is a floor, and not among it.
    """

    slug: str
    name: str
    profile: Mapping[str, str]
    own: tuple[OwnEvidence, ...]
    stated: tuple[OwnEvidence, ...]
    grades: tuple[Grade, ...]

    @property
    def page(self) -> str:
        """The file of its page."""
        return f"company-{self.slug}.html"

    def points(self, *, component: str = "", level: str = "") -> list[OwnEvidence]:
        """Of what is stated that on a component or level."""
        return [
            row
            for row in self.stated
            if row.level == (level or row.level) and row.component == (component or row.component)
        ]

    def newest(self, *, component: str = "", level: str = "") -> date | None:
        """The day of the newest of `points`; None where there is none."""
        return max((row.newest for row in self.points(component=component, level=level)), default=None)


@dataclass(frozen=True, slots=True)
class Companies:
    """The companies of an edition, by name, with every figure of theirs by its id."""

    role: str
    held: tuple[Company, ...]
    figures: Mapping[str, Figure]


def companies(edition: Edition) -> Companies:
    """Those of an edition; none where its model tells of none."""
    model: Mapping[str, Any] = edition.model or {}
    told = model.get("companies", {"employers": []})
    role = str(edition.manifest.get("role", ""))
    if not told["employers"]:
        return Companies(role, (), {})
    own = {name: tuple(rows) for name, rows in groupby(unpacked(model), lambda row: row.employer)}
    found = [
        Company(
            slug, name, profile, own[slug], _stated(own[slug], role), _grades(own[slug], role, model["words"])
        )
        for slug, name, profile in zip(told["employers"], told["names"], told["profiles"], strict=True)
    ]
    figures = dict(_figures(edition, found, told))
    return Companies(role, tuple(sorted(found, key=lambda one: one.name.lower())), figures)


def _stated(rows: Sequence[OwnEvidence], role: str) -> tuple[OwnEvidence, ...]:
    return tuple(row for row in rows if row.role == role and row.level and row.kind != EvidenceKind.FILING)


def _grades(rows: Sequence[OwnEvidence], role: str, words: Mapping[str, str]) -> tuple[Grade, ...]:
    """The grades that are named most often; spellings of one grade are one."""
    held: dict[str, list[OwnEvidence]] = {}
    for row in rows:
        if row.grade and (key := grade_key(row.grade, words)):
            held.setdefault(key, []).append(row)
    made = [_grade(spelled, role) for spelled in held.values()]
    least = LEAST_SHARE * max((one.n_all for one in made), default=0)
    told = [one for one in made if one.n_all >= least and one.slug]
    most = sorted(told, key=lambda one: (-one.n_all, -one.n, one.name))[:GRADES]
    return tuple({one.slug: one for one in most}.values())


def _grade(rows: Sequence[OwnEvidence], role: str) -> Grade:
    name = max(rows, key=lambda row: (row.n, row.grade)).grade
    own, everyone = (
        max((_count(rows, component, of) for component in COMPONENTS), default=0) for of in (role, "")
    )
    return Grade(
        name, _SLUG.sub("-", name.lower()).strip("-"), own, everyone, max(row.newest for row in rows)
    )


def _count(rows: Sequence[OwnEvidence], component: str, role: str) -> int:
    return sum(row.n for row in rows if row.component == component and role in ("", row.role))


def _figures(
    edition: Edition, found: Sequence[Company], told: Mapping[str, Any]
) -> Iterator[tuple[str, Figure]]:
    """Every figure, from answers that are asked all at once."""
    model, role = edition.model or {}, str(edition.manifest["role"])
    known = [one for one in COMPONENTS if one in told["components"]]
    levels = [
        (c, k, level, component) for k, c in enumerate(found) for level in LADDER for component in known
    ]
    grades = [(c, grade, component) for c in found for grade in c.grades for component in known]
    profiles = [
        *(
            {**c.profile, "role": role, "level": str(level), "component": str(one)}
            for c, _, level, one in levels
        ),
        *(
            {**c.profile, "role": role, "grade": grade.name, "component": str(one)}
            for c, grade, one in grades
        ),
    ]
    points = np.round(Estimator(model).many(profiles).points)
    ends = {one: {name: _ends(told, one, name) for name in ("median", "gap")} for one in known}
    for (company, k, level, component), row in zip(levels, points, strict=False):
        at = list(LADDER).index(level)
        own = {name: held[k, at] / told["per_one"] for name, held in ends[component].items()}
        yield from _of_level(edition, company, level, component, row, own, float(told["coverage"]))
    for (company, grade, component), row in zip(grades, points[len(levels) :], strict=True):
        for name, at in TOLD.items():
            one = figure_id(
                "company_grade", employer=company.slug, grade=grade.slug, component=component, statistic=name
            )
            value = float(row[at])
            yield (
                str(one),
                Published(
                    _estimate(edition, one, value, (value, value), 0.0, grade.n_all, _GRADE, grade=grade.name)
                ),
            )


def _ends(told: Mapping[str, Any], component: str, name: str) -> IntArray:
    """How far the ends of intervals lie below and above the answers, by company and level (e, l, 2)."""
    return unpack_integers(told["components"][component][name]).reshape(
        len(told["employers"]), len(LADDER), 2
    )


def _of_level(
    edition: Edition, company: Company, level: Level, component: Component, row: FloatArray,
    ends: Mapping[str, FloatArray], coverage: float,
) -> Iterator[tuple[str, Figure]]:  # fmt: skip
    n = sum(one.n for one in company.points(component=component, level=level))
    told = {"employer": company.slug, "level": level, "component": component}
    made: list[Published | Withheld] = []
    for name, at in TOLD.items():
        one, value = figure_id("company", **told, statistic=name), float(row[at])
        around = (value * math.exp(ends["median"][0]), value * math.exp(ends["median"][1]))
        made.append(
            _judged(_estimate(edition, one, value, around, coverage, n, _ANSWER, employer=company.name))
        )
    yield from ((one.id, one) for one in made)
    market = edition.figures.get(str(band(level, component)))
    if isinstance(market, Published):
        one, over = (
            figure_id("company_gap", **told),
            math.log(float(row[TOLD["p50"]]) / market.estimate.value),
        )
        low, high = (math.expm1(over + end) for end in ends["gap"])
        effect = _estimate(
            edition, one, math.expm1(over), (low, high), coverage, n, _ANSWER, employer=company.name
        )
        yield str(one), _judged(effect)


def _judged(estimate: Estimate) -> Published | Withheld:
    """A company's figure, unless its interval says nothing; how much evidence it needs is the page's rule."""
    why = width(estimate)
    return Withheld(estimate.id, estimate.label, "width", why) if why else Published(estimate)


def _estimate(
    edition: Edition, one: FigureId, value: float, ends: tuple[float, float], coverage: float, n: int, method: str,
    **said: str,
) -> Estimate:  # fmt: skip
    manifest, money, label = edition.manifest, one.form.unit is Unit.MONEY, one.label(**said)
    return Estimate(
        id=str(one), label=label, unit=one.form.unit, value=value, low=min(ends[0], value),
        high=max(ends[1], value), coverage=coverage, n=n, n_records=n, n_employers=1, n_unnamed=0, effective=1.0,
        largest_share=1.0, largest="", method=method, population=label,
        date=date.fromisoformat(str(manifest["date"])), currency=str(manifest["currency"]) if money else "",
        component=one.component, role=Role(str(manifest["role"])), level=one.level, quantile=one.quantile,
    )  # fmt: skip
