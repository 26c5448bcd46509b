"""What a percentage of a guide is: a premium, total pay over base, a step between levels, a share; or no claim."""

from __future__ import annotations

import re
from typing import Final

from payguide.base.codes import Component
from payguide.base.estimates import Unit
from payguide.base.guides import Assertion
from payguide.decode.guides.figures import Figure
from payguide.decode.guides.mentions import mentions, phrases
from payguide.decode.guides.page import Passage
from payguide.decode.guides.subject import Told

_OF_BASE: Final = re.compile(
    r"\b(?:of|over|above|on top of|to|exceed\w{0,3}|beyond|than)\s(?:(?:the|their|annual|your)\s)?"
    r"(?:base|basic|fixed|salary)",
    re.IGNORECASE,
)
_DIMENSIONS: Final = ("place", "tier", "industry", "specialisation", "skill", "remote", "degree", "role")
#: An item of a list may say no more than "Chicago: 5% below".
_SHORT: Final = 60
#: A column that says what its percentages are.
_DIFFERENCE: Final = re.compile(
    r"premium|difference|differential|versus|\bvs\b|compared|against|relative|above|uplift|adjust",
    re.IGNORECASE,
)

Found = tuple[Assertion, Unit, Told, Component | None]


def kind_of_percent(text: str, figure: Figure, passage: Passage, said: Told) -> Found | None:
    """What a percentage asserts and of whom; None where it is of no pay."""
    stretch = text[figure.first : figure.last]
    around = text[max(figure.first, figure.start - 90) : min(len(text), figure.end + 90)]
    columns = " ".join(passage.columns)
    if shared := _share(text, figure, said):
        return shared
    if any(
        phrases("veto", "headings").fullmatch(head.strip().rstrip("?:").lower()) for head in passage.heads[1:]
    ):
        return None
    if passage.row and not passage.columns and text.strip()[:1] in "+-−–":
        return Assertion.PREMIUM, Unit.EFFECT, said, None
    if passage.columns:
        bonus = said.one("component") is Component.BONUS
        if bonus or (phrases("veto", "columns").search(columns) is None and _DIFFERENCE.search(columns)):
            return (Assertion.PAY if bonus else Assertion.PREMIUM), Unit.EFFECT, said, said.one("component")
        return None
    parts = {one.value for one in mentions(stretch) if one.kind == "component"}
    if {Component.TOTAL, Component.BASE} <= parts or (
        parts & {Component.BONUS, Component.EQUITY} and _OF_BASE.search(stretch)
    ):
        kind = (
            Assertion.UPLIFT
            if Component.TOTAL in parts or len(parts & {Component.BONUS, Component.EQUITY}) > 1
            else Assertion.PAY
        )
        component = (
            Component.TOTAL if kind is Assertion.UPLIFT else min(parts & {Component.BONUS, Component.EQUITY})
        )
        return kind, Unit.EFFECT, said, component
    extra = phrases("component", "bonus").search(stretch) and not phrases("veto", "money").search(stretch)
    if extra and not phrases("premium", "less").search(stretch):
        return Assertion.PAY, Unit.EFFECT, said, Component.BONUS
    own = min(parts & {Component.BASE, Component.TOTAL}, default=None)
    against = phrases("veto", "percent").search(stretch)
    asked = passage.heads[-1] if passage.heads and passage.heads[-1].endswith("?") else ""
    more, less = (
        phrases("premium", way).search(around) or phrases("premium", way).search(asked)
        for way in ("more", "less")
    )
    if against or not (more or less):
        return None
    of_pay = phrases("comparison", "pay").search(f"{text} {asked}") or phrases("premium", "more").search(
        stretch
    )
    if not (of_pay or (passage.text == text and len(text) < _SHORT)):
        return None
    levels = said.values.get("level", ())
    if phrases("steps", "words").search(text) and [one for one in mentions(text) if one.kind == "level"]:
        return Assertion.STEP, Unit.EFFECT, Told({**said.values, "level": levels}), own
    if not any(said.values.get(kind) for kind in _DIMENSIONS):
        return None
    return Assertion.PREMIUM, Unit.EFFECT, said, own


def sign_of(text: str, figure: Figure) -> int:
    """-1 where the nearest word says less, 1 otherwise."""
    behind = text[figure.end : figure.end + 40]
    more, less = phrases("premium", "more").search(behind), phrases("premium", "less").search(behind)
    if less and (not more or less.start() < more.start()):
        return -1
    if more:
        return 1
    return (
        -1
        if phrases("premium", "less").search(text[max(figure.first, figure.start - 60) : figure.start])
        else 1
    )


def _share(text: str, figure: Figure, said: Told) -> Found | None:
    """A share of postings or people that have something the evidence counts, or earn more than an amount."""
    behind = text[figure.end : figure.end + 60]
    of = phrases("share", "of")
    named = re.match(r"\s?of\s", behind) and of.search(behind)
    # "38% of postings ask for a PhD, and 52% mention PyTorch"
    verbs = (phrases("share", "preferred"), phrases("share", "required"))
    goes_on = any(verb.match(behind.strip()) for verb in verbs) and of.search(text, 0, figure.start)
    if not (named or goes_on):
        return None
    asks = phrases("share", "preferred").search(text, figure.end) or phrases("share", "required").search(
        text, figure.end
    )
    topics = [
        one
        for one in mentions(text)
        if one.kind in ("degree", "skill", "remote", "component") and one.start > figure.end
    ]
    if not asks and not any(one.kind == "remote" for one in topics):
        return None
    if not topics:
        return None
    return Assertion.SHARE, Unit.SHARE, said, None
