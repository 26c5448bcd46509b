"""The pages of metros: one each of those whose bands are published, and the index that finds and sorts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jinja2 import Environment

from payguide.base.aggregates import OwnEvidence
from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.base.figure_id import figure_id, narrower_band, of_form
from payguide.estimator.own_evidence import unpacked
from payguide.guide import words
from payguide.guide.companies import COMPONENTS, TOLD, Companies, Company
from payguide.guide.sections.companies import Band, metro_names
from payguide.guide.sections.dated import month
from payguide.guide.shown import Shown, show

PAGE: Final = "places.html"
_LEVELS: Final = ("any", *LADDER)


@dataclass(frozen=True, slots=True)
class There:
    """A company in a metro: how many data points of its own are of there, the newest on a day."""

    company: Company
    senior: Shown
    n: int
    newest: date


@dataclass(frozen=True, slots=True)
class Counted:
    """Data points of a metro by kind: of which years, and how many."""

    kind: str
    component: str
    first: int
    last: int
    n: int


@dataclass(frozen=True, slots=True)
class Metro:
    """A metro with a page: bands by level, what parts it from all others, what its own evidence is, who is there."""

    code: str
    name: str
    levels: tuple[tuple[str, str, tuple[Band, ...]], ...]
    effect: Shown
    counted: tuple[Counted, ...]
    there: tuple[There, ...]

    @property
    def page(self) -> str:
        """The file of its page."""
        return f"place-{self.code}.html"


def pages(edition: Edition) -> dict[str, str]:
    """The pages of metros by code: of those with a published median of any level."""
    published = (
        one.get("metro")
        for one in of_form(edition.figures, "band_metro")
        if isinstance(edition.figures[str(one)], Published) and one.get("statistic") == "p50"
    )
    return {code: f"place-{code}.html" for code in dict.fromkeys(published) if code.isdigit()}


def files_of(
    found: Companies, edition: Edition, environment: Environment, head: Mapping[str, Any]
) -> dict[str, str]:
    """Every page of a place by its name; none where no metro's bands are published."""
    metros = _metros(found, edition)
    if not metros:
        return {}
    shared = {
        "edition": head, "components": [words.word("components", one).capitalize() for one in COMPONENTS],
        "month": month, "companies": bool(found.held),
    }  # fmt: skip
    template = environment.get_template("place.html.j2")
    made = {one.page: template.render(shared | {"metro": one}) for one in metros}
    index = {"metros": metros, "levels": metros[0].levels}
    return {**made, PAGE: environment.get_template(f"{PAGE}.j2").render(shared | index)}


def _metros(found: Companies, edition: Edition) -> list[Metro]:
    names, by_metro = metro_names(edition), dict[str, list[OwnEvidence]]()
    for row in unpacked(edition.model or {}):
        if row.metro and row.role == edition.manifest.get("role"):
            by_metro.setdefault(row.metro, []).append(row)
    made = []
    for code in pages(edition):
        name = names.get(code) or words.place_name(code) or f"Metro {code}"
        rows = by_metro.get(code, [])
        effect = show(edition.figures, figure_id("place", metro=code))
        made.append(Metro(code, name, _levels(edition, code), effect, _counted(rows), _there(found, rows)))
    return sorted(made, key=lambda one: one.name)


def _levels(edition: Edition, code: str) -> tuple[tuple[str, str, tuple[Band, ...]], ...]:
    return tuple(
        (
            words.level_name(level),
            words.level_years(level),
            tuple(
                Band(component, *(
                    show(edition.figures, narrower_band(level, component, "metro", code, name)) for name in TOLD
                ))
                for component in COMPONENTS
            ),
        )
        for level in _LEVELS
    )  # fmt: skip


def _counted(rows: list[OwnEvidence]) -> tuple[Counted, ...]:
    """A metro's data points by kind and component, whoever states them."""
    counts, years = Counter[tuple[str, str]](), dict[tuple[str, str], list[int]]()
    for row in rows:
        if not row.employer:
            counts[row.kind, row.component] += row.n
            years.setdefault((row.kind, row.component), []).append(row.year)
    return tuple(
        Counted(words.word("kinds", kind), words.word("components", component), min(years[kind, component]),
                max(years[kind, component]), n)
        for (kind, component), n in sorted(counts.items())
    )  # fmt: skip


def _there(found: Companies, rows: list[OwnEvidence]) -> tuple[There, ...]:
    """The companies with most data points there; who states base and total pay counts once."""
    known = {one.slug: one for one in found.held}
    held: dict[str, list[OwnEvidence]] = {}
    for row in rows:
        if row.employer in known and row.kind != "filing":
            held.setdefault(row.employer, []).append(row)
    made = []
    for slug, own in held.items():
        counts = Counter[str]()
        for row in own:
            counts[row.component] += row.n
        told = {"employer": slug, "level": "senior", "component": "total", "statistic": "p50"}
        senior = show(found.figures, figure_id("company", **told))
        made.append(There(known[slug], senior, max(counts.values()), max(row.newest for row in own)))
    return tuple(sorted(made, key=lambda one: (-one.n, one.company.name)))
