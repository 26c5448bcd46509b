"""The edition's pages: the guide, its claims, its evidence. Static HTML that reads without JavaScript or outside
requests.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment

from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.figure_id import of_form
from payguide.guide import (
    card,
    charts,
    companies,
    desk,
    drawings,
    explorer,
    layout,
    numbers,
    own,
    prose,
    words,
)
from payguide.guide.edition import fingerprint
from payguide.guide.linked import linked
from payguide.guide.sections import (
    backtest,
    changes,
    claimed,
    evidence,
    factors,
    levels,
    methods,
    populations,
    questions,
    skills,
    time,
)
from payguide.guide.sections import companies as company_pages
from payguide.guide.sections import places as place_pages
from payguide.guide.sections import whose as market
from payguide.guide.shares_chart import shares_svg
from payguide.guide.shown import EVIDENCE, EVIDENCE_NARROWER, show

#: The pages of evidence, and what stands at their head.
_EVIDENCE: Final = {
    EVIDENCE: "The evidence behind every figure",
    EVIDENCE_NARROWER: "The evidence behind narrower populations",
}


def render(edition: Edition, folder: Path, mark: str = "") -> list[Path]:
    """Write the pages, their style and the desk's scripts into `folder`; return their paths. `mark` is the edition's
    fingerprint, where it is known.

    The same edition gives the same bytes. Nothing in the pages leaves the folder.
    """
    environment = layout.environment()
    mark = mark or fingerprint(edition)
    index = {
        **_index(edition),
        "cited": layout.citation(layout.head(edition), mark),
        "linked": linked(edition, mark),
    }
    pages: dict[str, str | bytes] = {
        "index.html": environment.get_template("index.html.j2").render(index),
        **_drawings(index),
        card.FILE: card.card(edition, _bands_of(index), index["edition"]["date_words"]),
        methods.PAGE: environment.get_template(f"{methods.PAGE}.j2").render(_methods(edition)),
        **_evidence(edition, environment),
        "style.css": (files("payguide.guide") / "templates" / "style.css").read_text(encoding="utf-8"),
        **_populations(edition, environment),
        **desk.files_of(edition, environment, layout.head(edition)),
        **changes.files_of(edition, environment, layout.head(edition)),
        **explorer.files_of(edition, environment, layout.head(edition)),
        **_own(edition, environment),
        **_single(edition, environment),
    }
    if edition.verdicts:
        pages["claims.html"] = environment.get_template("claims.html.j2").render(_claims(edition))
    return layout.write(pages, folder, own.notice(edition))


def _single(edition: Edition, environment: Environment) -> dict[str, str]:
    """The pages of single companies and metros, and of time."""
    head, found = layout.head(edition), companies.companies(edition)
    places = place_pages.pages(edition)
    return {
        **company_pages.files_of(found, edition, environment, head, places),
        **place_pages.files_of(found, edition, environment, head),
        **time.files_of(edition, environment, head),
    }


def _drawings(index: Mapping[str, Any]) -> dict[str, str]:
    """The edition page's charts as files of their own."""
    return drawings.files_of(
        [_bands_of(index), *index["charts"].values()],
        index["edition"],
        coverage=numbers.percent(index["coverage"]),
        source=index["cited"],
    )


def _bands_of(index: Mapping[str, Any]) -> str:
    """The drawing of the levels; empty where there is none."""
    return str(index["levels_chart"]["wide"]) if index["levels_chart"] else ""


def _manifest_facts(edition: Edition) -> list[tuple[str, list[tuple[str, str]]]]:
    """The manifest's own account of its rules and its ageing."""
    headings = (("Rules of publication", "rules"), ("Ageing", "ageing"))
    told = [(title, list(methods.facts(edition.manifest.get(key)))) for title, key in headings]
    return [(title, lines) for title, lines in told if lines]


def _charts(edition: Edition, found: list[factors.Factor], ranked: list[skills.Skill]) -> dict[str, str]:
    """Every chart but that of the levels, by section."""
    place = next((v.claim.stated for v in edition.verdicts if v.claim.id == "place.premium"), ())
    drawn = {
        factor.key: charts.dots_svg(
            charts.Dots(
                name=f"effects-{factor.key}",
                title=f"{factor.title}: base pay against {factor.against}",
                rows=tuple((words.name(e.id, e.label), e) for e in factor.estimates),
                ghost=place if factor.key == "place" else (),
            )
        )
        for factor in found
    }
    demand = tuple((skill.name, skill.demand_estimate) for skill in ranked)
    premium = tuple((skill.name, skill.premium_estimate) for skill in ranked)
    drawn["demand"] = charts.dots_svg(
        charts.Dots("skills-demand", "Share of postings that ask for each skill", demand, zero=False)
    )
    drawn["premium"] = charts.dots_svg(
        charts.Dots("skills-premium", "Base pay of postings that ask for each skill", premium)
    )
    return drawn


def _index(edition: Edition) -> Mapping[str, Any]:
    """Everything the edition page shows."""
    found, ranked = factors.factors(edition), skills.skills(edition)
    wide = charts.levels_svg(edition)
    found_cards, judged = levels.cards(edition), _judged(edition)
    covered = layout.coverage(edition)
    people = market.whose(edition, covered)
    return {
        "edition": layout.head(edition),
        "choices": desk.levels_to_choose(),
        "changes": changes.page(edition),
        "records": explorer.page(edition),
        "populations": populations.PAGE if populations.populations(edition) else "",
        "order": prose.order(edition.figures),
        "lead": prose.lead(edition),
        "yardstick": prose.official(edition.figures),
        "standing": prose.standing(edition),
        "coverage": covered,
        "whose": people,
        "tally": claimed.tally(edition.verdicts),
        "cards": found_cards,
        "quantiles": [quantile.upper() for quantile in levels.QUANTILES],
        "official": levels.official(edition),
        "priced": any(
            s.published for card in found_cards for b in card.bands + card.top for s in b.quantiles
        ),
        "leveled": any(card.duties for card in found_cards) or any(judged["level_verdicts"].values()),
        "levels_chart": {"wide": wide, "narrow": charts.levels_svg(edition, narrow=True)} if wide else None,
        "drawn": charts.drawn_components(edition.figures),
        "duties": [
            s
            for name in of_form(edition.figures, "role_duty")
            if (s := show(edition.figures, name)).published
        ],
        "factors": [factor for factor in found if factor.told],
        "thin": [factor.title for factor in found if not factor.told],
        "skills": ranked,
        "discoveries": skills.discoveries(edition),
        "charts": {**_charts(edition, found, ranked), "market": shares_svg(people.groups if people else ())},
        "questions": questions.questions(edition),
        "titles": methods.titles(edition),
        "tested": backtest.tested(edition.model, methods.titles(edition)),
        **judged,
    }


def _methods(edition: Edition) -> Mapping[str, Any]:
    """Everything the page of methods and sources shows."""
    return {
        "edition": layout.head(edition),
        "populations": populations.populations(edition),
        "offsets": prose.offsets(edition.figures),
        "whose": market.whose(edition, layout.coverage(edition)),
        "sources": methods.sources(edition),
        "withheld": methods.withheld(edition),
        "notes": methods.notes(edition),
        "manifest_facts": _manifest_facts(edition),
        "tested": backtest.tested(edition.model, methods.titles(edition)),
    }


def _judged(edition: Edition) -> Mapping[str, Any]:
    """The verdicts that belong to the role, the skills and each level."""

    def of(section: str, level: str = "") -> list[Any]:
        return [
            verdict
            for verdict in edition.verdicts
            if verdict.claim.options.get("section") == section
            and (not level or verdict.claim.options.get("level") == level)
        ]

    return {
        "role_verdicts": of("role"),
        "skill_verdicts": of("skills"),
        "level_verdicts": {
            str(level): [v for v in of("levels", level) if v.claim.test != "band"] for level in LADDER
        },
    }


def _claims(edition: Edition) -> Mapping[str, Any]:
    """Everything the page of claims shows."""
    return {
        "edition": layout.head(edition),
        "note": claimed.guide(edition)["note"],
        "tally": claimed.tally(edition.verdicts),
        "groups": claimed.groups(edition),
    }


def _populations(edition: Edition, environment: Environment) -> dict[str, str]:
    """The page of narrower populations; none where no band of one is published."""
    found = populations.populations(edition)
    if not found:
        return {}
    told = {
        "edition": layout.head(edition),
        "sections": found,
        "levels": [words.level_name(level) for level in populations.LEVELS],
    }
    return {populations.PAGE: environment.get_template(f"{populations.PAGE}.j2").render(told)}


def _own(edition: Edition, environment: Environment) -> dict[str, str]:
    """The page of the confidential sources of an owner's report; none in a public edition."""
    if not own.notice(edition):
        return {}
    quantiles = [quantile.upper() for quantile in own.QUANTILES]
    told = {"edition": layout.head(edition), "tables": own.tables(edition), "quantiles": quantiles}
    return {own.PAGE: environment.get_template(f"{own.PAGE}.j2").render(told)}


def _evidence(edition: Edition, environment: Environment) -> dict[str, str]:
    """The pages with the evidence of every figure; that of narrower populations is left out where there is none."""
    groups = {page: evidence.entries(edition, page) for page in _EVIDENCE}
    template = environment.get_template("evidence.html.j2")
    return {
        page: template.render(_evidence_page(edition, page, groups))
        for page in _EVIDENCE
        if groups[page] or page == EVIDENCE
    }


def _evidence_page(
    edition: Edition, page: str, groups: Mapping[str, list[tuple[str, list[evidence.Entry]]]]
) -> Mapping[str, Any]:
    """Everything a page of evidence shows. Methods repeat: they are numbered and told once."""
    told = dict.fromkeys(entry.method for _, found in groups[page] for entry in found if entry.method)
    numbered = {method: number for number, method in enumerate(told, start=1)}
    other = next((name, _EVIDENCE[name]) for name in _EVIDENCE if name != page)
    return {
        "edition": layout.head(edition),
        "heading": _EVIDENCE[page],
        "other": other if groups[other[0]] else None,
        "groups": groups[page],
        "records": explorer.page(edition),
        "filtered": explorer.filtered if explorer.page(edition) else lambda _: "",
        "methods": numbered,
        "method": lambda entry: numbered.get(entry.method),
        "titles": methods.titles(edition),
    }
