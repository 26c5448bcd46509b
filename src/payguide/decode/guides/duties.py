"""What a guide says that the role, and each level, does: against the duties that postings state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from payguide.base.codes import LADDER, Duty, Level, Role
from payguide.base.edition import Claim
from payguide.base.estimates import Unit
from payguide.base.figure_id import figure_id
from payguide.base.guides import Assertion, GuideClaim, Whose
from payguide.decode.duties import duties_in
from payguide.decode.guides.mentions import mentions
from payguide.decode.guides.page import Passage
from payguide.decode.guides.subject import heading_told
from payguide.decode.phrase_matcher import scan

#: What the role does, at whatever level.
_OF_ROLE: Final = (Duty.BUILD_MODELS, Duty.DEPLOY, Duty.MAINTAIN, Duty.RESEARCH_TO_PRODUCTION)
#: A duty is part of the role when at least one posting in four states it.
_PART: Final = 0.25
#: "build, deploy, and maintain production systems": each verb with what all are done to.
_VERBS: Final = re.compile(r"\b(\w{1,24}), (\w{1,24}),? (?:and|or) (\w{1,24}) ((?:\w{1,24} ){0,3}\w{1,24})")
_SUBJECT: Final = 60


def duty_claims(read: Sequence[Passage], role: Role, country: str) -> Iterator[GuideClaim]:
    """A claim for what the role does and one for each level whose duties a guide names."""
    levels: dict[Level, tuple[str, tuple[Duty, ...]]] = {}
    profile: tuple[str, tuple[Duty, ...]] | None = None
    for passage in read:
        if passage.heading or passage.columns:
            continue
        text = passage.text
        level = _level(passage, country)
        duties = duties_in(scan(_VERBS.sub(r"\1 \4; \2 \4; \3 \4", text)))
        if level and level not in levels:
            own = tuple(duty for duty in duties if duty not in _OF_ROLE)
            if own:
                levels[level] = (text, own)
        elif level is None and profile is None and len(passage.heads) < 2 + bool(passage.heads[:1]):
            of_role = tuple(duty for duty in _OF_ROLE if duty in duties)
            profile = (text, of_role) if len(of_role) > 1 else None
    if profile:
        yield _profile(*profile, role)
    for level in LADDER:
        if level in levels and (claim := _of_level(level, levels, role)):
            yield claim


def _level(passage: Passage, country: str) -> Level | None:
    """The one level of the ladder that a passage is about: its heading's, or its subject's."""
    opening = [one.value for one in mentions(passage.text[:_SUBJECT]) if one.kind == "level"]
    headed = heading_told(passage.heads[-1], country).values.get("level", ()) if passage.heads else ()
    named = opening[:1] or list(headed)
    return named[0] if len(named) == 1 and named[0] in LADDER else None


def _profile(text: str, duties: tuple[Duty, ...], role: Role) -> GuideClaim:
    figures = tuple(str(figure_id("role_duty", duty=str(duty))) for duty in duties)
    reading = "We read a duty as part of the role when at least one posting in four states it."
    options: dict[str, str | float] = {
        "section": "role",
        "unit": "share",
        "hidden": True,
        "need": min(3, len(figures)),
        "reading": reading,
    }
    claim = Claim("role.profile", text, "at_least", figures, (_PART,), options)
    return GuideClaim(Assertion.DUTIES, text, Whose(role), unit=Unit.SHARE, claim=claim)


def _of_level(
    level: Level, levels: dict[Level, tuple[str, tuple[Duty, ...]]], role: Role
) -> GuideClaim | None:
    """Postings for a level should state its duties more often than those for the level below; work under guidance,
    which ends, more often than those for senior level. What the guide says of a lower level too is none of this one's.
    """
    text, duties = levels[level]
    at = LADDER.index(level)
    below = {duty for lower in LADDER[:at] if lower in levels for duty in levels[lower][1]}
    other = Level.SENIOR if level is Level.ENTRY else LADDER[at - 1]
    own = [duty for duty in duties if duty not in below and (level is not Level.ENTRY or duty is Duty.GUIDED)]
    if not own:
        return None
    figures = tuple(
        str(figure_id("duty", level=str(one), duty=str(duty))) for duty in own for one in (level, other)
    )
    reading = f"Postings for {level} level should say so more often than those for {other} level."
    options: dict[str, str | float] = {
        "section": "levels",
        "unit": "share",
        "level": str(level),
        "reading": reading,
    }
    claim = Claim(f"level.duties.{level}", text, "pairs", figures, (), options)
    return GuideClaim(Assertion.DUTIES, text, Whose(role, (level,)), unit=Unit.SHARE, claim=claim)
