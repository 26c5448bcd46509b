"""Who and what a statement of pay is about, put together from the readings of this room."""

from __future__ import annotations

from functools import lru_cache

from payguide.base.codes import Level, LevelReading, Remote
from payguide.base.inputs import Place, Profile
from payguide.base.reference.levels import level_of_years
from payguide.base.reference.plausible import MAX_YEARS
from payguide.decode.degree import degree_in
from payguide.decode.duties import duties_in
from payguide.decode.employer import read_employer
from payguide.decode.focus import beside_role, focus_in
from payguide.decode.grade import level_of_code, level_of_grade
from payguide.decode.letters import as_seen
from payguide.decode.level import read_level
from payguide.decode.phrase_matcher import Scan, scan
from payguide.decode.place import read_places
from payguide.decode.remote import remote_in
from payguide.decode.role import role_in
from payguide.decode.skills import skills_in
from payguide.decode.specialisation import specialisations_in, stages_in
from payguide.decode.years import years_in

_NOWHERE = Place()


def read_profile(
    *,
    title: str,
    text: str = "",
    location: str = "",
    employer: str = "",
    remote: Remote | None = None,
    years: float | None = None,
    grade: str = "",
    country: str = "",
) -> Profile:
    """The profile that a title, a text and the fields beside them describe.

    `years` are somebody's own years of experience (a self-report): they decide the level. Otherwise the level
    is the title's, else the employer's grade's where it is a known step, else that of the years asked for.
    `remote` is the board's own statement, `country` an ISO code or a name. Any text is taken; nothing raised.
    """
    if not text:
        return _without_text(title, location, employer, remote, years, grade, country)
    return _read(scan(as_seen(text).text), title, location, employer, remote, years, grade, country)


@lru_cache(maxsize=65_536)
def _without_text(
    title: str,
    location: str,
    employer: str,
    remote: Remote | None,
    years: float | None,
    grade: str,
    country: str,
) -> Profile:
    return _read(scan(""), title, location, employer, remote, years, grade, country)


def _read(
    found: Scan,
    title: str,
    location: str,
    employer: str,
    remote: Remote | None,
    years: float | None,
    grade: str,
    country: str,
) -> Profile:
    places = read_places(location, country=country)
    who = read_employer(employer)
    asked = (None, None) if years is not None else years_in(found, title)
    role = role_in(title, found)
    low, high = (years, years) if years is not None and 0 <= years <= MAX_YEARS else asked
    level, read_from = _level(title, who.id, grade, low, own=years is not None)
    return Profile(
        role=role,
        level=level,
        level_read_from=read_from,
        years_min=low,
        years_max=high,
        grade=grade,
        title=title,
        focus=beside_role(focus_in(title), role),
        place=places[0] if places else _NOWHERE,
        remote=remote_in(found, location, title, remote),
        employer=who,
        degree=degree_in(found),
        skills=skills_in(found),
        specialisations=specialisations_in(found, title),
        stages=stages_in(found),
        duties=duties_in(found),
    )


def _level(
    title: str, employer: str, grade: str, years: float | None, *, own: bool
) -> tuple[Level, LevelReading]:
    """The level and how it was read. Self-reported years come first, a posting's title before its years."""
    if own and years is not None:
        return level_of_years(years), LevelReading.YEARS
    stated = read_level(title)
    if stated is not Level.UNSTATED:
        return stated, LevelReading.TITLE
    step = level_of_grade(grade, employer)
    if step is Level.UNSTATED:
        step = level_of_code(title, employer)
    if step is not Level.UNSTATED:
        return step, LevelReading.GRADE
    if years is not None:
        return level_of_years(years), LevelReading.YEARS
    return Level.UNSTATED, LevelReading.NONE
