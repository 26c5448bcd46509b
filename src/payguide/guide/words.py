"""The reader's names of figures: an id's words looked up in `words.toml`, the label where it has none."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from payguide.base.edition import Judgement
from payguide.base.figure_id import FigureId, find
from payguide.base.reference import data
from payguide.base.reference.country import place_names
from payguide.base.reference.levels import years_of


@cache
def vocabulary() -> Mapping[str, Any]:
    """The whole of `words.toml`."""
    path = files("payguide.guide") / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def word(table: str, key: str) -> str:
    """A word as a reader writes it; the key with spaces where there is no entry."""
    words = data.table("skills")["names"] if table == "skill" else vocabulary().get(table, {})
    found = words.get(key)
    if isinstance(found, str):
        return found
    plain = key.replace("_", " ").replace("-", " ")
    return plain[:1].upper() + plain[1:]


def said_by(role: str) -> tuple[str, ...]:
    """The skills that a role's own name says: every posting for it asks for them."""
    return tuple(vocabulary()["said_by"].get(role, ()))


def level_name(level: str) -> str:
    """A level's name: "Senior"."""
    return str(vocabulary()["levels"].get(level, {}).get("name", level.capitalize()))


def level_years(level: str) -> str:
    """A level's years of experience: "6–10 years"; empty where it has none."""
    return years_of(level)


def mark(judgement: Judgement) -> str:
    """The sign of a verdict, so that it never depends on colour."""
    return str(vocabulary()["verdicts"][str(judgement)]["mark"])


def slug(judgement: Judgement) -> str:
    """A verdict's name as a style class."""
    return str(vocabulary()["verdicts"][str(judgement)]["slug"])


def place_name(code: str) -> str:
    """A place's name by its code; empty where no country's file has it."""
    return place_names().get(code, "")


def _statistic(figure: FigureId) -> str:
    return word("quantiles", figure.get("statistic")).lower()


def _band(figure: FigureId) -> str:
    """`band.senior.total.top.p75` -> "senior total pay at top-tier employers, 75th percentile";
    `band.mid.base.tier.big_tech.p50` -> "mid base pay, big tech, median".
    """
    level = figure.get("level")
    who = level_name(level).lower() if level != "any" else "all levels,"
    where = {"band": "", "band_top": " at top-tier employers"}.get(figure.form.name)
    if where is None:
        where = f", {population(*figure.population)}"
    return f"{who} {word('components', figure.get('component'))}{where}, {_statistic(figure)}"


def population(dimension: str, value: str) -> str:
    """A population inside a sentence: "big tech", "New York", "computer vision"."""
    if dimension == "metro":
        return place_name(value) or value
    named = word(dimension, value)
    abbreviated = any(letter.isupper() for letter in named.partition(" ")[0][1:])
    return named if abbreviated else named[:1].lower() + named[1:]


def _share(figure: FigureId) -> str:
    """`share.senior.total.top.over_400k` -> "senior totals over $400K at top-tier employers"."""
    threshold = vocabulary()["threshold"].get(figure.get("threshold"), figure.get("threshold").upper())
    reported = " as reported" if figure.form.name == "reported" else ""
    level = level_name(figure.get("level")).lower()
    return f"{level} totals{reported} over {threshold} at top-tier employers"


def _uplift(figure: FigureId) -> str:
    """`uplift.mid.all.p50` -> "total over base, mid, median"."""
    where = " at top-tier employers" if figure.get("population") == "top" else ""
    return f"total over base, {level_name(figure.get('level')).lower()}{where}, {_statistic(figure)}"


def _swe(figure: FigureId) -> str:
    """`swe.premium.grade.effect` -> "ML over software engineers, same employer, grade and metro"."""
    base = ", base pay" if figure.form.name == "swe_base" else ""
    return str(vocabulary()["swe"].get(figure.get("within"), "ML over software engineers")) + base


def _degree_share(figure: FigureId) -> str:
    """`degree.preferred.advanced.share` -> "postings that prefer a master's or PhD"."""
    verb = {"required": "require", "preferred": "prefer"}.get(figure.get("strength"), figure.get("strength"))
    return f"postings that {verb} {word('degree_share', figure.get('degree')).lower().replace('phd', 'PhD')}"


def _spread(figure: FigureId) -> str:
    """`place.spread.remote.effect` -> "the three metros over the rest of the country, remote work"."""
    return (
        f"the three metros over the rest of the country, {word('remote', figure.get('remote')).lower()} work"
    )


def _place(figure: FigureId, label: str) -> str:
    """A metro's name: ours, else the one in the estimate's label ("Base pay in Tulsa, against ...")."""
    code = figure.get("metro")
    before, after = figure.form.label.split("{metro}")
    inner = label.removeprefix(before).removesuffix(after) if label.startswith(before) else label
    return place_name(code) or inner or code


#: The names of figures that are put together from the words of their ids, by their forms.
_NAMES: Final[Mapping[str, Callable[[FigureId], str]]] = {
    "band": _band,
    "band_top": _band,
    **{f"band_{dimension}": _band for dimension in ("tier", "metro", "remote", "industry", "specialisation")},
    "share": _share,
    "reported": _share,
    "uplift": _uplift,
    "swe": _swe,
    "swe_base": _swe,
    "single_band": lambda _: "remote employers with one band",
    "degree_share": _degree_share,
    "degree_unmentioned": lambda _: "postings that mention no degree",
    "spread": _spread,
    "duty": lambda one: f"{word('duty', one.get('duty'))}, {level_name(one.get('level')).lower()}",
    "role_duty": lambda one: word("duty", one.get("duty")),
    "skill_demand": lambda one: f"{word('skill', one.get('skill'))}, demand",
    "skill_premium": lambda one: f"{word('skill', one.get('skill'))}, premium",
}

#: The table of words that names the figures of a form, and the word: of its id, or always the same.
_WORDS: Final[Mapping[str, tuple[str, Callable[[FigureId], str]]]] = {
    **{name: (name, lambda one: one.values[0]) for name in ("tier", "remote", "specialisation", "industry")},
    "stage": ("lifecycle", lambda _: "stage"),
    "full": ("lifecycle", lambda _: "full"),
    "degree_required": ("degree", lambda one: f"required_{one.get('degree')}"),
    "degree_preferred": ("degree", lambda _: "preferred_advanced"),
}


def counted(figure: str) -> str:
    """What a figure's n counts: postings for shares of postings, jobs for official statistics."""
    found = find(figure)
    counts = found.form.counts if found else ""
    return str(vocabulary()["counts"].get(counts, counts))


def inside(figure: str, label: str = "") -> str:
    """A figure's name inside a sentence: its first letter small, unless a proper name or an abbreviation."""
    told, found = name(figure, label), find(figure)
    proper = found is not None and (
        found.form.name.startswith("skill") or (found.form.name == "place" and found.get("metro").isdigit())
    )
    if proper or any(letter.isupper() for letter in told.partition(" ")[0][1:]):
        return told
    return told[:1].lower() + told[1:]


def name(figure: str, label: str = "") -> str:
    """A figure's name for a reader; `label` (the estimate's own) where the id's form is not known."""
    found = find(figure)
    if found is None:
        return label or figure
    form = found.form.name
    if form == "band_metro" and not place_name(found.get("metro")):
        return label or figure
    if form in _NAMES:
        return _NAMES[form](found)
    if form == "place":
        return _place(found, label)
    if form in _WORDS:
        table, key = _WORDS[form][0], _WORDS[form][1](found)
        return word(table, key) if key in vocabulary()[table] or not label else label
    return label or figure
