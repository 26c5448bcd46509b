"""What a percentage of a guide is: a premium, total pay over base, a step between levels, a share; or no claim."""

from __future__ import annotations

import re
from typing import Final

from payguide.base.codes import Component
from payguide.base.estimates import Unit
from payguide.base.guides import Assertion
from payguide.decode.guides.amounts import under_veto
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
_SIGNS: Final = ("+", "-", "−", "–")
#: An item of a list may say no more than "Chicago: 5% below".
_SHORT: Final = 60
#: A column that says what its percentages are.
_DIFFERENCE: Final = re.compile(
    r"premium|effect|impact|difference|differential|versus|\bvs\b|compared|against|relative|above|uplift|adjust",
    re.IGNORECASE,
)

Found = tuple[Assertion, Unit, Told, Component | None]


def kind_of_percent(text: str, figure: Figure, passage: Passage, said: Told) -> Found | None:
    """What a percentage asserts and of whom; None where it is of no pay."""
    if shared := _share(text, figure, said):
        return shared
    if under_veto(passage):
        return None
    signed = passage.row and text.strip()[:1] in _SIGNS
    if passage.columns or signed:
        return _in_table(passage, said, signed=bool(signed))
    stretch = text[figure.first : figure.last]
    asked = passage.heads[-1] if passage.heads and passage.heads[-1].endswith("?") else ""
    own = {one.kind for one in mentions(stretch)}
    parts = {one.value for one in mentions(stretch) if one.kind == "component"}
    if paid := _paid_on_top(stretch, asked, parts):
        return (*paid[:1], Unit.EFFECT, said, paid[1])
    if phrases("veto", "percent").search(stretch) or not _is_compared(text, stretch, asked, own, figure):
        return None
    component = min(parts & {Component.BASE, Component.TOTAL}, default=None)
    levels = {one.value for one in mentions(text) if one.kind == "level"}
    if len(levels) > 1 or (levels and phrases("steps", "words").search(text)):
        return Assertion.STEP, Unit.EFFECT, said, component
    if not any(map(said.values.get, _DIMENSIONS)):
        return None
    return Assertion.PREMIUM, Unit.EFFECT, said, component


def _in_table(passage: Passage, said: Told, *, signed: bool) -> Found | None:
    """What a percentage of a table is: a bonus, or a difference, by its sign or its column."""
    columns = " ".join(passage.columns)
    component: Component | None = said.one("component")
    if component is Component.BONUS:
        return Assertion.PAY, Unit.EFFECT, said, component
    told = signed or _DIFFERENCE.search(columns)
    if not told or phrases("veto", "columns").search(columns):
        return None
    return Assertion.PREMIUM, Unit.EFFECT, said, component


def _paid_on_top(stretch: str, asked: str, parts: set[Component]) -> tuple[Assertion, Component] | None:
    """Whether a percentage is what is paid on top of base pay: all of it, or a bonus."""
    extras = parts & {Component.BONUS, Component.EQUITY}
    if {Component.TOTAL, Component.BASE} <= parts or (len(extras) > 1 and _OF_BASE.search(stretch)):
        return Assertion.UPLIFT, Component.TOTAL
    if extras and _OF_BASE.search(stretch):
        return Assertion.PAY, min(extras)
    bonus = phrases("component", "bonus").search(f"{stretch} {asked}")
    if (
        bonus
        and not phrases("veto", "money").search(stretch)
        and not phrases("premium", "less").search(stretch)
    ):
        return Assertion.PAY, Component.BONUS
    return None


def _is_compared(text: str, stretch: str, asked: str, own: set[str], figure: Figure) -> bool:
    """Whether a percentage is more or less pay than another's: by the words of its stretch, of the question that it
    answers, or of its sentence, where it only goes on with it ("skills in X add 9%, in Y 7%").
    """
    of_something = not own.isdisjoint(_DIMENSIONS)
    # "CUDA: +12%"
    step = len({one.value for one in mentions(stretch) if one.kind == "level"}) > 1
    signed = (of_something or step) and len(stretch) < _SHORT and text[figure.start] in _SIGNS
    whole = text if of_something and len(stretch) < _SHORT else ""
    words = (phrases("premium", "more"), phrases("premium", "less"))
    if signed:
        return True
    if not any(word.search(said) for word in words for said in (stretch, asked, whole)):
        return False
    of_pay = phrases("comparison", "pay").search(f"{text} {asked}") or words[0].search(stretch)
    right_behind = of_something and any(word.match(text[figure.end :].strip()) for word in words)
    return bool(of_pay or right_behind)


def sign_of(text: str, figure: Figure) -> int:
    """-1 where the nearest word says less, 1 otherwise."""
    behind = text[figure.end : min(figure.end + 40, figure.last)]
    more, less = phrases("premium", "more").search(behind), phrases("premium", "less").search(behind)
    if less and (not more or less.start() < more.start()):
        return -1
    if more:
        return 1
    before = text[max(figure.first, figure.start - 60) : figure.start]
    return -1 if phrases("premium", "less").search(before) else 1


def _share(text: str, figure: Figure, said: Told) -> Found | None:
    """A share of postings or people that have something the evidence counts, or earn more than an amount."""
    behind = text[figure.end : figure.end + 60]
    of = phrases("share", "of")
    named = re.match(r"\s?of\s", behind) and of.search(behind)
    # "38% of postings ask for a PhD, and 52% mention PyTorch"
    verbs = [phrases("share", name) for name in ("preferred", "required", "offered")]
    goes_on = any(verb.match(behind.strip()) for verb in verbs) and of.search(text, 0, figure.start)
    if not (named or goes_on):
        return None
    asks = any(verb.search(text, figure.end) for verb in verbs)
    topics = {
        one.kind
        for one in mentions(text)
        if one.kind in ("degree", "skill", "remote", "component") and one.start > figure.end
    }
    if not topics or not (asks or "remote" in topics):
        return None
    return Assertion.SHARE, Unit.SHARE, said, None
