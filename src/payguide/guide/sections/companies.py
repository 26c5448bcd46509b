"""The pages of companies: one each, and the index that finds and sorts them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jinja2 import Environment

from payguide.base.aggregates import OwnEvidence
from payguide.base.codes import LADDER, EvidenceKind, Level
from payguide.base.edition import Edition, EvidenceRecord
from payguide.base.estimates import Published
from payguide.base.figure_id import figure_id, parse
from payguide.base.reference.minimums import MIN_EVIDENCE, MIN_OWN
from payguide.guide import csv_text, numbers, scripted, words
from payguide.guide.companies import COMPONENTS, TOLD, Companies, Company
from payguide.guide.sections.dated import age_said, month
from payguide.guide.shown import Shown, show

#: The index, the table of all companies' figures, and the folder with what the index needs.
PAGE: Final = "companies.html"
TABLE: Final = "companies.csv"
FOLDER: Final = "companies"
#: The most places, and posted ranges by themselves, that a page shows.
PLACES: Final = 12
RANGES: Final = 24

_COLUMNS: Final = (
    "id", "employer", "name", "unit", "value", "low", "high", "coverage", "n", "currency", "date",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Band:
    """A component of pay at a level or grade: quartiles and median; of a level with how far it lies from the market."""

    component: str
    low: Shown
    median: Shown
    high: Shown
    gap: Shown | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A level or a grade: its data points of the role, of all roles, and the newest of them."""

    key: str
    name: str
    years: str
    bands: tuple[Band, ...]
    n: int
    n_all: int
    newest: date | None


@dataclass(frozen=True, slots=True)
class Ranges:
    """Posted ranges of a role's level in a year: how many, and their medians as stated."""

    role: str
    level: str
    year: int
    n: int
    pay: str
    newest: date


@dataclass(frozen=True, slots=True)
class Place:
    """Where a company's data points are: the metro, its page where there is one, how many, and the newest."""

    name: str
    page: str
    n: int
    newest: date


def files_of(
    found: Companies, edition: Edition, environment: Environment, head: Mapping[str, Any], places: Mapping[str, str]
) -> dict[str, str]:  # fmt: skip
    """Every file of the companies by its path in the edition's folder; none where no company has a page. `places` are
    the pages of metros by code.
    """
    if not found.held:
        return {}
    shared = {
        "edition": head,
        "components": [words.word("components", one).capitalize() for one in COMPONENTS],
    }
    template = environment.get_template("company.html.j2")
    records = _records(edition)
    names = metro_names(edition)
    held = [(one, levels(found, one)) for one in found.held]
    made = {
        one.page: template.render(
            shared | _page(found, one, rows, edition, names, places, records.get(one.slug, ()))
        )
        for one, rows in held
    }
    index = {
        "companies": held,
        "levels": [(str(level), words.level_name(level)) for level in LADDER],
        "top": top_paying(found),
        "table": TABLE,
        "least": MIN_OWN,
        "least_all": MIN_EVIDENCE,
        "points": {one.slug: sum(row.n for row in one.points()) for one in found.held},
        "newest": {one.slug: one.newest() for one in found.held},
        "ages": {one.slug: _age(one.newest(component="total"), edition) for one in found.held},
    }
    return {
        **made,
        PAGE: environment.get_template(f"{PAGE}.j2").render(shared | index),
        TABLE: csv_text.write(_COLUMNS, _rows(found)),
        f"{FOLDER}/sorted.js": scripted.packaged("scripts", "sorted.js"),
        f"{FOLDER}/companies.css": scripted.packaged("templates", "companies.css"),
    }


def metro_names(edition: Edition) -> dict[str, str]:
    """The names of metros by their codes, as the model file has them."""
    model: Any = edition.model or {}
    told = dict(model.get("names", {}).get("metros", ()))
    return {code: words.place_name(code) or name for code, name in told.items()}


def levels(found: Companies, company: Company) -> tuple[Row, ...]:
    """What a company pays at each level of the ladder."""
    return tuple(_level(found, company, level) for level in LADDER)


def _level(found: Companies, company: Company, level: Level) -> Row:
    bands = []
    for component in COMPONENTS:
        told = {"employer": company.slug, "level": str(level), "component": str(component)}
        gap = show(found.figures, figure_id("company_gap", **told))
        bands.append(Band(str(component), *_quartiles(found, "company", told), gap))
    n = max(sum(row.n for row in company.points(level=level, component=one)) for one in COMPONENTS)
    named = words.level_name(level), words.level_years(level)
    return Row(str(level), *named, tuple(bands), n, n, company.newest(level=level))


def _quartiles(found: Companies, form: str, told: Mapping[str, str]) -> tuple[Shown, Shown, Shown]:
    low, median, high = (show(found.figures, figure_id(form, **told, statistic=name)) for name in TOLD)
    return low, median, high


def _grades(found: Companies, company: Company) -> list[Row]:
    """What a company pays at each of its grades, from the lowest median of base pay on."""
    rows = []
    for grade in company.grades:
        told = {"employer": company.slug, "grade": grade.slug}
        bands = tuple(
            Band(str(one), *_quartiles(found, "company_grade", {**told, "component": str(one)}))
            for one in COMPONENTS
        )
        rows.append(Row(grade.slug, grade.name, "", bands, grade.n, grade.n_all, grade.newest))
    return sorted(rows, key=lambda row: float(row.bands[0].median.value or 0))


def _page(
    found: Companies, company: Company, rows: tuple[Row, ...], edition: Edition, names: Mapping[str, str],
    places: Mapping[str, str], records: Sequence[EvidenceRecord],
) -> dict[str, Any]:  # fmt: skip
    """Everything a company's page shows."""
    currency = str(edition.manifest.get("currency", ""))
    tier = company.profile["tier"]
    return {
        "company": company,
        "tier": words.population("tier", tier) if tier != "unknown" else "",
        "rows": rows,
        "senior": next(row for row in rows if row.key == Level.SENIOR),
        "grades": _grades(found, company),
        "ranges": _ranges(company, found.role, currency),
        "places": _places(company, found.role, names, places),
        "n": sum(row.n for row in company.points()),
        "silent": sum(row.n for row in company.points(level=str(Level.UNSTATED))),
        "others": _others(company, found.role),
        "filed": _filed(company, found.role),
        "role": str(edition.manifest.get("many", "")),
        "one": words.word("roles", found.role),
        "dated": _dated(company, edition),
        "month": month,
        "records": [(one, _amounts(one.low, one.high, currency)) for one in records[:RANGES]],
        "all_records": len(records),
    }


def _amounts(low: float, high: float, currency: str) -> str:
    return "–".join(dict.fromkeys(numbers.money(end, currency) for end in (low, high)))


def _others(company: Company, role: str) -> list[tuple[str, int]]:
    """How many data points there are on a company's people of other roles, most first."""
    counts = Counter[str]()
    for row in company.own:
        if row.role != role and not (row.metro or row.grade) and row.kind != EvidenceKind.FILING:
            counts[words.word("roles", row.role)] += row.n
    return counts.most_common()


def _filed(company: Company, role: str) -> tuple[int, date] | None:
    """How many wages a company filed for a role, and the day of the last; None where it did not."""
    rows = [row for row in company.own if row.kind == EvidenceKind.FILING and row.role == role and row.level]
    return (sum(row.n for row in rows), max(row.newest for row in rows)) if rows else None


def _age(newest: date | None, edition: Edition) -> str:
    return age_said(newest, date.fromisoformat(str(edition.manifest["date"])))


def _dated(company: Company, edition: Edition) -> list[tuple[str, date | None, str]]:
    """Of when the newest evidence on a company's base and total pay is, and how old that is where it is years; said
    once where it is one month's.
    """
    made: dict[str, tuple[str, date | None, str]] = {}
    for component in COMPONENTS:
        name, day = words.word("components", component), company.newest(component=str(component))
        key = month(day) if day else ""
        before = f"{made[key][0].removesuffix(' pay')} and " if key in made else ""
        made[key] = before + name, day, _age(day, edition)
    return list(made.values())


def _ranges(company: Company, role: str, currency: str) -> list[Ranges]:
    """The posted ranges of the role and then of others, the newest first."""
    rows = [
        row
        for row in company.own
        if row.level
        and row.kind == EvidenceKind.POSTED_RANGE
        and row.low is not None
        and row.high is not None
    ]
    rows.sort(
        key=lambda row: (row.role != role, -row.year, [*LADDER, row.level].index(row.level), row.component)
    )
    return [_range(row, currency) for row in rows[:RANGES]]


def _range(row: OwnEvidence, currency: str) -> Ranges:
    pay = _amounts(row.low or 0, row.high or 0, currency)
    level = "no level stated" if row.level == Level.UNSTATED else words.level_name(row.level)
    total = " (total pay)" if row.component != "base" else ""
    return Ranges(words.word("roles", row.role), level, row.year, row.n, pay + total, row.newest)


def _places(company: Company, role: str, names: Mapping[str, str], pages: Mapping[str, str]) -> list[Place]:
    """The metros where a company's data points of the role are, most first; who states base and total counts once."""
    counts: dict[str, dict[str, int]] = {}
    newest: dict[str, date] = {}
    for row in company.own:
        if row.metro and row.role == role and row.kind != EvidenceKind.FILING:
            held = counts.setdefault(row.metro, {})
            held[row.component] = held.get(row.component, 0) + row.n
            newest[row.metro] = max(row.newest, newest.get(row.metro, row.newest))
    made = [
        Place(names.get(code, f"Metro {code}"), pages.get(code, ""), max(held.values()), newest[code])
        for code, held in counts.items()
    ]
    return sorted(made, key=lambda one: (-one.n, one.name))[:PLACES]


def top_paying(found: Companies) -> list[tuple[Company, Shown]]:
    """The companies of the highest median total pay of a senior, of those whose own evidence tells any total."""
    ranked = []
    for company in found.held:
        told = {"employer": company.slug, "level": "senior", "component": "total", "statistic": "p50"}
        figure = found.figures.get(str(figure_id("company", **told)))
        if isinstance(figure, Published) and company.points(component="total"):
            ranked.append((figure.estimate.value, company, show(found.figures, figure.id)))
    return [(company, shown) for _, company, shown in sorted(ranked, key=lambda one: -one[0])[:10]]


def _records(edition: Edition) -> dict[str, list[EvidenceRecord]]:
    """The posted ranges of each company, one by one, the newest first; none in an edition without its evidence."""
    found: dict[str, list[EvidenceRecord]] = {}
    for one in edition.records.shown if edition.records else ():
        if one.kind is EvidenceKind.POSTED_RANGE and one.employer_id and not one.outlier:
            found.setdefault(one.employer_id, []).append(one)
    return found


def _rows(found: Companies) -> Iterator[list[object]]:
    names = {one.slug: one.name for one in found.held}
    for figure in found.figures.values():
        if isinstance(figure, Published):
            e, slug = figure.estimate, parse(figure.id).get("employer")
            ends = [f"{end:.6g}" if e.coverage else "" for end in (e.low, e.high, e.coverage)]
            yield [
                e.id,
                slug,
                names[slug],
                e.unit,
                f"{e.value:.6g}",
                *ends,
                e.n,
                e.currency,
                e.date.isoformat(),
            ]
