"""Comparisons of pay without a figure: "FAANG-level firms pay at the top of the market", "X pays more than Y"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from payguide.base.codes import TOP_TIERS, Remote, Role
from payguide.base.edition import Claim
from payguide.base.estimates import Unit
from payguide.base.figure_id import figure_id
from payguide.base.guides import Assertion, GuideClaim
from payguide.decode.guides.figures import Figure
from payguide.decode.guides.mentions import NATION, Mention, mentions, phrases
from payguide.decode.guides.subject import NOTHING, Told, told, whose
from payguide.decode.phrase_matcher import vocabulary

_CLAUSES: Final = re.compile(
    r";|,?\s(?:while|whereas|although|though|but)\s|\b(?:while|although|though)\s", re.IGNORECASE
)
_THAN: Final = re.compile(r"\b(?:than|over|versus|compared (?:with|to)|relative to)\b", re.IGNORECASE)
_GAP: Final = re.compile(r"\b(?:premium|gap|differential)\b")
#: Of each kind of thing the form of its figures, the field that names it, and the section of a page it belongs to.
_KINDS: Final = {
    "tier": ("tier", "tier", "tier"), "industry": ("industry", "industry", "industry"),
    "specialisation": ("specialisation", "specialisation", "depth"), "place": ("place", "metro", "place"),
    "remote": ("remote", "remote", "remote"), "skill": ("skill_premium", "skill", "skills"),
}  # fmt: skip
#: How each way of comparing with all others is tested, and read. Near the median is within a tenth.
_WAYS: Final = {
    "near": (
        "within",
        (-0.1, 0.1),
        "We read close as within a tenth of what all others pay, other things equal.",
    ),
    "high": ("at_least", (0.0,), "Each should pay more than all others, other things equal."),
    "low": ("at_most", (0.0,), "Each should pay less than all others, other things equal."),
}

Options = Mapping[str, str | float]
Found = Iterator[tuple[Claim, Told]]


def comparisons_in(
    sentence: str, text: str, figures: Sequence[Figure], page: tuple[Role, str], above: Told
) -> list[GuideClaim]:
    """The comparisons of a sentence that the evidence can test, clause by clause; a clause with a figure makes none."""
    found: list[GuideClaim] = []
    for start, end in pairwise([0, *(hit.start() for hit in _CLAUSES.finditer(text)), len(text)]):
        if any(start <= one.start < end for one in figures):
            continue
        for claim, subject in _of_clause(text[start:end], page[1], sentence):
            about = whose(subject.over(above, ("role",)), *page)
            unit = Unit(str(claim.options["unit"]))
            found.append(GuideClaim(Assertion.COMPARISON, sentence, about, unit=unit, claim=claim))
    return found


def _of_clause(clause: str, country: str, sentence: str) -> Found:
    trend: Options = {"trend": True} if phrases("comparison", "trend").search(clause) else {}
    named = mentions(clause, country)
    remote = any(one.value is Remote.REMOTE for one in named)
    if remote and _all(clause, "compress", "gaps"):
        yield _known("spread", sentence, {}), NOTHING
    elif remote and _all(clause, "one_band"):
        yield _known("one_band", sentence, trend), NOTHING
    elif _all(clause, "central") and _GAP.search(clause):
        yield _known("central", sentence, trend), NOTHING
    elif degree := _degree(clause, named, sentence):
        yield degree
    elif way := next((way for way in _WAYS if _all(clause, way)), ""):
        if way == "high" and _all(clause, "lifecycle"):
            yield _known("lifecycle", sentence, trend), NOTHING
        else:
            yield from _compared(clause, way, named, sentence, trend)


def _all(clause: str, *names: str) -> bool:
    return all(phrases("comparison", name).search(clause) for name in names)


def _known(name: str, sentence: str, more: Options) -> Claim:
    """A claim that guides.toml has."""
    told: dict[str, Any] = vocabulary("guides")["test"][name]
    stated = tuple(told.get("stated", ()))
    return Claim(
        told["id"], sentence, told["test"], tuple(told["figures"]), stated, {**told["options"], **more}
    )


def _degree(clause: str, named: Sequence[Mention], sentence: str) -> tuple[Claim, Told] | None:
    """Whether a degree is asked for: at most, or at least, by half of the postings."""
    degrees = [one for one in named if one.kind == "degree"]
    behind = clause[degrees[0].start :] if degrees else ""
    denied = phrases("comparison", "not_required").search(behind)
    if not (denied or phrases("comparison", "is_required").search(behind)):
        return None
    said = told(degrees, clause)
    figure = str(figure_id("degree_share", strength="required", degree=degree_of(said.values["degree"])))
    reading = f"{'Fewer' if denied else 'More'} than half of the postings should require one."
    options: Options = {"section": "degree", "unit": "share", "hidden": True, "reading": reading}
    test = "at_most" if denied else "at_least"
    return Claim("degree.required", sentence, test, (figure,), (0.5,), options), said


def degree_of(degrees: Sequence[str]) -> str:
    """The word that figures have for degrees named together."""
    return "advanced" if "advanced" in degrees or {"master", "phd"} <= set(degrees) else str(degrees[0])


def _compared(clause: str, way: str, named: Sequence[Mention], sentence: str, trend: Options) -> Found:
    """One kind of thing above or below another, above or below all others, or near the median."""
    than = _THAN.search(clause)
    at = than.start() if than else len(clause)
    subject = [one for one in named if one.end <= at and one.value != NATION]
    kind = next((kind for kind in _KINDS if _figures(kind, subject)), "")
    if not kind:
        return
    section = _KINDS[kind][2]
    options: Options = {"section": section, "unit": "effect", **trend}
    figures = _figures(kind, subject)
    against = _figures(kind, [one for one in named if one.start >= at])[:1]
    name = f"{section}.{'median' if way == 'near' else 'premium'}"
    if against and way == "high":
        claim = Claim(name, sentence, "above", (*figures, *against), (), options)
    elif against and way == "low":
        couples = tuple(one for figure in figures for one in (*against, figure))
        claim = Claim(name, sentence, "pairs", couples, (), options)
    else:
        test, stated, reading = _WAYS[way]
        more = {**options, "hidden": True, "reading": reading, **_beside(figures, way)}
        claim = Claim(name, sentence, test, tuple(figures), stated, more)
    yield claim, told(subject, clause)


def _beside(figures: Sequence[str], way: str) -> Options:
    """What is shown with tiers that are said to pay the most, and what else mid-size firms may be."""
    top = [f"tier.{tier}.effect" for tier in (*TOP_TIERS, "top")]
    if way == "near" and "tier.midsize.effect" in figures:
        return {"otherwise": "tier.enterprise.effect"}
    if way == "high" and not set(figures).isdisjoint(top):
        return {"beside": " ".join(one for one in top if one not in figures)}
    return {}


def _figures(kind: str, named: Sequence[Mention]) -> list[str]:
    """The ids of the effects of the things of a kind that are named; none where an edition has none."""
    form, name, _ = _KINDS[kind]
    values = [one.value.metro if kind == "place" else str(one.value) for one in named if one.kind == kind]
    return [str(figure_id(form, **{name: value})) for value in dict.fromkeys(values) if value]
