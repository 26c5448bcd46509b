"""Whose pay a figure or a clause is about: from its own stretch of the sentence, else what goes before it, else what
heads it, the nearest first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from payguide.base.codes import Component, Role
from payguide.base.guides import Whose
from payguide.base.inputs import Place
from payguide.base.reference.levels import level_of_years
from payguide.decode.employer import LIST, read_employer
from payguide.decode.guides.mentions import NATION, TOP, Mention, mentions
from payguide.decode.guides.page import Passage
from payguide.decode.guides.spelled import in_digits

#: What joins things that one figure is of: "San Francisco, New York, and Seattle", "senior and staff-level".
_JOINED: Final = re.compile(
    r"[\s,/&-]{0,4}(?:and|or|to|as well as|plus)?[\s/-]{0,3}(?:(?:the|in)\s)?"
    r"(?:companies|firms|engineers|level)?[\s,]{0,3}"
)
#: Whoever these words speak of is not who was spoken of before.
_ANEW: Final = re.compile(
    r"\b(?:overall|across (?:all|the)|all levels|in general|nationwide|regardless of|industry-wide|on the whole"
    r"|by comparison)\b",
    re.IGNORECASE,
)
_MANY: Final = ("level", "place", "tier", "industry", "specialisation", "skill", "degree")
_KINDS: Final = ("role", "level", "years", "place", "tier", "industry", "remote")
#: How far behind an amount a word of its kind may stand, against one ahead.
_BEHIND: Final = 1.2


@dataclass(frozen=True, slots=True)
class Told:
    """What a text says of a figure in it: of each kind what is said, several where a figure is of several."""

    values: dict[str, tuple[Any, ...]]

    def one(self, kind: str) -> Any:
        """The first of a kind; None where none is said."""
        return next(iter(self.values.get(kind, ())), None)

    def over(self, wider: Told, kinds: Iterable[str] | None = None) -> Told:
        """What is said, and of what that leaves open what a wider text says. Years and a level
        that stand farther off count where they agree with it.
        """
        found = dict(self.values)
        for kind, values in wider.values.items():
            if kind in found or (kinds is not None and kind not in kinds):
                continue
            if kind in _RUNGS and not _agree({**self.values, kind: values}):
                continue
            found[kind] = values
        return Told(found)


_LEAD: Final = re.compile(r"([^:;|–—$€£]{2,40}?)\s?[:|–—]\s")
_EXTRAS: Final = frozenset({Component.BONUS, Component.EQUITY})
NOTHING: Final = Told({})


_RUNGS: Final = ("level", "years")


def _agree(values: Mapping[str, tuple[Any, ...]]) -> bool:
    """Whether a level and years of experience may be of one person; who says one of them only agrees."""
    if not set(_RUNGS) <= values.keys():
        return True
    years = values["years"][0]
    low = years.low or 0.0
    middle = low + 0.5 if years.high in (None, low) else (low + years.high) / 2
    return level_of_years(middle) in values["level"]


def told(found: Sequence[Mention], text: str, near: tuple[int, int] | None = None) -> Told:
    """What mentions say together; of several of a kind the nearest to [start, end), and what is joined to it."""
    values: dict[str, tuple[Any, ...]] = {}
    for kind in {one.kind for one in found}:
        same = [one for one in found if one.kind == kind]
        if kind == "component":
            # what a package is made of is named beside it
            same = [one for one in same if one.value in (Component.BASE, Component.TOTAL)] or same
        elif kind == "statistic":
            # "the best-paid 10% make more than X": the percentile, not the end
            same = [one for one in same if str(one.value).startswith("p")] or same
        first = min(same, key=_distance(near)) if near else same[0]
        chosen = _chain(same, same.index(first), text) if kind in _MANY else [first]
        values[kind] = tuple(dict.fromkeys(one.value for one in chosen))
    return Told(values)


def _distance(near: tuple[int, int]) -> Callable[[Mention], float]:
    def far(one: Mention) -> float:
        return near[0] - one.end if one.end <= near[0] else (one.start - near[1]) * _BEHIND

    return far


def _chain(same: Sequence[Mention], at: int, text: str) -> list[Mention]:
    """The mentions of a kind that nothing but joining words parts from one of them."""
    first = last = at
    while first and _JOINED.fullmatch(text[same[first - 1].end : same[first].start]):
        first -= 1
    while last + 1 < len(same) and _JOINED.fullmatch(text[same[last].end : same[last + 1].start]):
        last += 1
    return list(same[first : last + 1])


def heading_told(text: str, country: str) -> Told:
    """What a heading says of all below it: of a kind that it names several of, nothing, unless it joins them."""
    text = in_digits(text)
    # "vs. national average" says what a column is held against
    found = [one for one in mentions(text, country) if one.value != NATION]
    said = told(found, text)
    if re.search(r"\band\b|&", text) and any(
        place.country and not _is_below(place) for place in said.values.get("place", ())
    ):
        # "London and the UK"
        said = Told(
            {**said.values, "place": tuple(place for place in said.values["place"] if not _is_below(place))}
        )
    kept = {}
    # what is on top of base pay is named beside it
    for kind, values in said.values.items():
        named = {one.value for one in found if one.kind == kind} - _EXTRAS
        if len(named or values) == len(values):
            kept[kind] = values
    return Told(kept)


def heads_told(passage: Passage, country: str) -> Told:
    """What all that heads a passage says, the nearest first."""
    said = NOTHING
    above = passage.heads[: len(passage.heads) - len(passage.row) - len(passage.columns)]
    # the cells of a row stand as near as one another
    for head in (*reversed(passage.columns), "; ".join(passage.row), *reversed(above)):
        told_here = heading_told(head, country)
        if head == passage.heads[0] and len(told_here.values.get("place", ())) > 1:
            # a title that lists places says of no figure where it is
            told_here = Told({kind: one for kind, one in told_here.values.items() if kind != "place"})
        said = said.over(told_here)
    return said


def employer_told(passage: Passage) -> Told:
    """The employer that the label of a row or of an item is: "Netflix – $450,000"."""
    lead = _LEAD.match(passage.text)
    for label in (*passage.row[:1], *([lead[1]] if lead else [])):
        employer = read_employer(label)
        if employer.known_by == LIST and not mentions(label):
            return Told({"employer": (employer.id,)})
    return NOTHING


def continues(sentence: str, country: str) -> bool:
    """Whether a sentence goes on about whom the one before was about: it does not begin anew."""
    named = mentions(sentence, country)
    roles = any(one.kind == "role" for one in named)
    own = any(one.kind in ("level", "years") for one in named)
    return not _ANEW.search(sentence) and (own or not roles)


def whose(said: Told, role: Role, country: str) -> Whose:
    """Whose pay it is, by what is said."""
    places = tuple(place for place in said.values.get("place", ()) if place != NATION)
    named = tuple(dict.fromkeys(place for place in places if _is_below(place)))
    nation = next((place.country for place in places if place.country), country)
    employers = said.values.get("employer", ())
    tiers = said.values.get("tier", ()) if not employers else ()
    return Whose(
        role=said.one("role") or role,
        levels=tuple(said.values.get("level", ())),
        years=said.one("years"),
        places=named,
        country=nation,
        tiers=tuple(tier for tier in tiers if tier != TOP),
        top=TOP in tiers,
        industries=tuple(said.values.get("industry", ())),
        specialisations=tuple(said.values.get("specialisation", ())),
        skills=tuple(said.values.get("skill", ())),
        employers=employers,
        remote=said.one("remote"),
        degrees=tuple(said.values.get("degree", ())),
    )


def _is_below(place: Place) -> bool:
    """Whether a place is less than a country."""
    return bool(place.city or place.region or place.metro)
