"""The desk: three pages that work out an answer for one reader, in the browser, by the edition's own model.

Where do I stand, compare two offers, plan a posting. The pages are static like the others; what they work out
needs JavaScript, and they say what can be read without. A page opened from a file may fetch nothing, so the
model and what the edition says travel as scripts that assign a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from jinja2 import Environment

from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.base.figure_id import band
from payguide.base.reference import data, plausible
from payguide.base.reference.currency import symbols
from payguide.base.reference.minimums import MIN_OWN
from payguide.estimator import FORMAT
from payguide.guide import laws, numbers, offers, scripted, words
from payguide.guide.codec import plain
from payguide.guide.edition import MODEL_DIGITS
from payguide.guide.once import once
from payguide.guide.sections import levels, methods

#: The pages, and the name each has in a list of links.
PAGES = {
    "stand.html": "Where do I stand?",
    "offers.html": "Compare two offers",
    "plan.html": "Plan a posting",
}

#: Scripts in the order in which they are run; a page has those it needs and its own.
_SHARED = (
    "numbers",
    "employers",
    "places",
    "inputs",
    "evaluate",
    "market",
    "anchored",
    "apart",
    "profile",
    "dom",
    "draw",
    "form",
)
_OWN = {
    "stand.html": ("trust", "grades", "bridge", "stated", "stand"),
    "offers.html": ("offers", "beside", "compare"),
    "plan.html": ("trust", "stated", "plan"),
}

#: The script of the first page's box, which leads to the answer.
_BOX = "box"

#: The folder of an edition that holds what the pages need.
_FOLDER = "desk"

#: What stands in a model file beside what answers are worked out of.
_BESIDE = ("own", "companies", "differences")

#: The roles that a reader may choose: `other` is nobody's.
_NO_ROLE = "other"


def desk(edition: Edition) -> Mapping[str, str]:
    """The pages of an edition by file name; none where it has no estimator of base pay, or one without names."""
    model: Mapping[str, Any] = edition.model or {}
    whole = model.get("format") == FORMAT and "names" in model and "base" in model["components"]
    return PAGES if whole else {}


def levels_to_choose() -> list[tuple[str, str, str]]:
    """The levels that a form offers: code, name, years."""
    return [(str(level), words.level_name(level), words.level_years(level)) for level in LADDER]


def files_of(edition: Edition, environment: Environment, head: Mapping[str, str]) -> dict[str, str]:
    """Every file of the desk by its path in the edition's folder; none where it has no estimator."""
    if not desk(edition):
        return {}
    model: Mapping[str, Any] = edition.model or {}
    shared = {
        "edition": head,
        "desk": PAGES,
        "cards": levels.cards(edition),
        "roles": _roles(model),
        "chosen": str(edition.manifest.get("role", "")),
        "levels": levels_to_choose(),
        **_choices(model),
    }
    made = {
        page: environment.get_template(f"{page}.j2").render(
            shared | _own(page, edition) | {"page": page, "scripts": (*_SHARED, *_OWN[page])}
        )
        for page in PAGES
    }
    scripts = dict.fromkeys((_BOX, *(name for names in _OWN.values() for name in (*_SHARED, *names))))
    made |= {f"{_FOLDER}/{name}.js": scripted.packaged("scripts", f"{name}.js") for name in scripts}
    made[f"{_FOLDER}/desk.css"] = scripted.packaged("templates", "desk.css")
    made[f"{_FOLDER}/model.js"] = _model_script(model)
    made |= {
        f"{_FOLDER}/{name}.js": scripted.assigned(name, plain(model.get(name), MODEL_DIGITS))
        for name in _BESIDE
    }
    made[f"{_FOLDER}/edition.js"] = scripted.assigned("edition", told(edition))
    return made


@once
def _model_script(model: Mapping[str, Any]) -> str:
    evaluated = {name: part for name, part in model.items() if name not in _BESIDE}
    return scripted.assigned("model", plain(evaluated, MODEL_DIGITS))


def _own(page: str, edition: Edition) -> dict[str, Any]:
    """What one page shows besides what all of them do."""
    if page == "plan.html":
        now, coming = laws.in_force(date.fromisoformat(str(edition.manifest["date"])))
        return {"laws": now, "coming": coming, "parts": laws.PARTS}
    return {"schedules": offers.SCHEDULES} if page == "offers.html" else {}


def _roles(model: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The roles the model has evidence of, as (code, name)."""
    known = {role for part in model["components"].values() for role in part["vocabulary"]["role"] if role}
    return [(role, name) for role, name in words.vocabulary()["roles"].items() if role in known - {_NO_ROLE}]


def _choices(model: Mapping[str, Any]) -> dict[str, list[tuple[str, str]]]:
    """What else the model tells apart: specialisations with an effect, parts of software, where the work is done,
    degrees.
    """
    parts = model["components"].values()
    effects = {name for part in parts for term in part["mean"]["terms"] for name in term["by"]}

    def known(kind: str) -> list[str]:
        return sorted({value for part in parts for value in part["vocabulary"][kind] if value})

    return {
        "components": [(name, words.word("components", name).capitalize()) for name in model["components"]],
        "specialisations": [
            (name, words.word("specialisation", name))
            for name in model["specialisations"]
            if f"is_{name}" in effects
        ],
        "arrangements": [(name, words.word("remote", name)) for name in known("remote")],
        "focuses": [(name, words.word("focus", name)) for name in known("focus")],
        "degrees": [(name, words.word("own_degree", name)) for name in known("degree")],
    }


def told(edition: Edition) -> dict[str, Any]:
    """What the pages' scripts say of the edition: its name, sources, bands, and the words they use."""
    return {
        "title": str(edition.manifest.get("title", "")),
        "date": str(edition.manifest.get("date", "")),
        "evidence": str(edition.manifest.get("evidence_version", "")),
        "role": str(edition.manifest.get("role", "")),
        "sources": [[source.name, source.brief, source.kind] for source in methods.sources(edition)],
        "bands": _bands(edition),
        "symbols": symbols(),
        "changed": [{**one, "day": str(one["day"])} for one in data.table("recency")["changed"]],
        "limits": {**plausible.limits(), "own": {**data.table("recency")["own"], "least": MIN_OWN}},
        "words": {
            table: words.vocabulary()[table]
            for table in (
                "drivers",
                "roles",
                "tier",
                "levels",
                "specialisation",
                "focus",
                "remote",
                "own_degree",
                "slices",
            )
        },
    }


def _bands(edition: Edition) -> list[list[str]]:
    """The quartiles and medians: [figure's id, plain value, as it is written, level, component]."""
    ids = [
        str(band(level, component, quantile))
        for level in LADDER
        for component in ("base", "total")
        for quantile in ("p25", "p50", "p75")
    ]
    found = [figure.estimate for name in ids if isinstance(figure := edition.figures.get(name), Published)]
    return [
        [one.id, f"{one.value:.0f}", numbers.value(one), str(one.level), str(one.component)] for one in found
    ]
