"""The reader's names of figures: an id's words looked up in `words.toml`, the label where it has none."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from payguide.base.figures import Judgement

#: Dimensions whose figures are named by their second part: `tier.big_tech.effect`.
_BY_SECOND = ("tier", "remote", "specialisation", "industry", "lifecycle", "degree")


@cache
def vocabulary() -> Mapping[str, Any]:
    """The whole of `words.toml`."""
    path = files("payguide.guide") / "words.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def word(table: str, key: str) -> str:
    """A word as a reader writes it; the key with spaces where there is no entry."""
    found = vocabulary().get(table, {}).get(key)
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
    return str(vocabulary()["levels"].get(level, {}).get("years", ""))


def mark(judgement: Judgement) -> str:
    """The sign of a verdict, so that it never depends on colour."""
    return str(vocabulary()["verdicts"][str(judgement)]["mark"])


def slug(judgement: Judgement) -> str:
    """A verdict's name as a style class."""
    return str(vocabulary()["verdicts"][str(judgement)]["slug"])


def _band(parts: list[str]) -> str:
    """`band.senior.total.top.p75` -> "senior total pay at top-tier employers, 75th percentile";
    `band.mid.base.tier.big_tech.p50` -> "mid base pay, big tech, median".
    """
    level = level_name(parts[1]).lower() if parts[1] != "any" else "all levels,"
    where = " at top-tier employers" if parts[3] == "top" else ""
    if len(parts) == 6:
        where = f", {_population(parts[3], parts[4])}"
    quantile = word("quantiles", parts[-1]).lower()
    return f"{level} {word('components', parts[2])}{where}, {quantile}"


def _population(dimension: str, value: str) -> str:
    """A population inside a sentence: "big tech", "New York", "computer vision"."""
    named = word("place" if dimension == "metro" else dimension, value)
    abbreviated = any(letter.isupper() for letter in named.partition(" ")[0][1:])
    return named if dimension == "metro" or abbreviated else named[:1].lower() + named[1:]


def _share(parts: list[str]) -> str:
    """`share.senior.total.top.over_400k` -> "senior totals over 400K at top-tier employers"."""
    threshold = parts[-1].removeprefix("over_").upper()
    return f"{level_name(parts[1]).lower()} totals over ${threshold} at top-tier employers"


def _uplift(parts: list[str]) -> str:
    """`uplift.mid.all.p50` -> "total over base, mid, median"."""
    level = level_name(parts[1]).lower()
    where = " at top-tier employers" if parts[2] == "top" else ""
    return f"total over base, {level}{where}, {word('quantiles', parts[-1]).lower()}"


def _swe(parts: list[str]) -> str:
    """`swe.premium.grade.effect` -> "against software engineers of the same employer, grade and metro"."""
    return {
        "grade": "ML over software engineers, same employer, grade and metro",
        "years": "ML over software engineers, same employer, years and metro",
        "top": "ML over software engineers at top-tier employers",
        "other": "ML over software engineers at other employers",
    }.get(parts[2], "ML over software engineers")


def _degree_share(parts: list[str]) -> str:
    """`degree.preferred.advanced.share` -> "postings that prefer a master's or PhD"."""
    if parts[1] == "unmentioned":
        return "postings that mention no degree"
    verb = {"required": "require", "preferred": "prefer"}.get(parts[1], parts[1])
    return f"postings that {verb} {word('degree_share', parts[2]).lower().replace('phd', 'PhD')}"


def _spread(parts: list[str]) -> str:
    """`place.spread.remote.effect` -> "the three metros over the rest of the country, remote work"."""
    return f"the three metros over the rest of the country, {word('remote', parts[2]).lower()} work"


def _place(code: str, label: str) -> str:
    """A metro's name: ours, else the one in the estimate's label ("Base pay in Tulsa, against ...")."""
    if code in vocabulary()["place"] or not label.startswith("Base pay in "):
        return word("place", code) if code in vocabulary()["place"] else label or code
    return label.removeprefix("Base pay in ").partition(", against")[0]


def counted(figure: str) -> str:
    """What a figure's n counts: postings for shares of postings, jobs for official statistics."""
    kind, *_, last = figure.split(".")
    if kind == "official":
        return "jobs in the occupation"
    shares = kind in ("role", "duty") or (kind, last) in (("skill", "demand"), ("degree", "share"))
    return "postings" if shares else "pieces of evidence"


def inside(figure: str, label: str = "") -> str:
    """A figure's name inside a sentence: its first letter small, unless a proper name or an abbreviation."""
    told = name(figure, label)
    first = told.partition(" ")[0]
    proper = figure.startswith("place.") and figure.split(".")[1] not in ("spread", "top3", "other_us")
    if proper or figure.startswith("skill.") or any(letter.isupper() for letter in first[1:]):
        return told
    return told[:1].lower() + told[1:]


def name(figure: str, label: str = "") -> str:
    """A figure's name for a reader; `label` (the estimate's own) where the id's kind is not known."""
    parts = figure.split(".")
    kind = parts[0]
    if kind == "band" and len(parts) == 6 and parts[3] == "metro" and parts[4] not in vocabulary()["place"]:
        return label or figure
    if kind in ("band", "share", "uplift", "swe") and len(parts) >= 4:
        return {"band": _band, "share": _share, "uplift": _uplift, "swe": _swe}[kind](parts)
    if figure == "remote.single_band.share":
        return "remote employers with one band"
    if kind == "degree" and parts[-1] == "share":
        return _degree_share(parts)
    if kind == "place" and parts[1] == "spread" and len(parts) == 4:
        return _spread(parts)
    if kind == "duty" and len(parts) == 4:
        return f"{word('duty', parts[2])}, {level_name(parts[1]).lower()}"
    if kind == "role" and len(parts) == 3:
        return word("duty", parts[1])
    if kind == "skill" and len(parts) == 3:
        return f"{word('skill', parts[1])}, {parts[2]}"
    if kind == "place" and parts[-1] == "effect":
        return _place(parts[1], label)
    if kind in _BY_SECOND and len(parts) == 3:
        known = parts[1] in vocabulary()[kind]
        return word(kind, parts[1]) if known or not label else label
    return label or figure
