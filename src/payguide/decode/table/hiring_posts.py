"""Posts of a hiring thread: free text whose first line says "Company | Role | Place | Terms"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import filterfalse
from typing import Final

from payguide.base.codes import Level, Role
from payguide.base.inputs import Document, Reading
from payguide.decode.html import plain_text
from payguide.decode.level import read_level
from payguide.decode.place import read_places
from payguide.decode.posting import read_posting
from payguide.decode.role import read_role
from payguide.decode.sanity_limits import InvalidAmount
from payguide.decode.table.accumulator import Accumulator
from payguide.decode.table.columns import Columns
from payguide.decode.table.facts import facts_of
from payguide.decode.table.mapping import TableMap

#: Words of a field that is a title, when the occupation is none of ours (one is enough, as a whole word).
_OCCUPATION: Final = re.compile(
    r"\b(engineers?|engineering|eng|developers?|devs?|scientists?|researchers?|designers?|architects?"
    r"|managers?|analysts?|leads?|head|director|cto|vp|programmers?|sre|swe|intern(?:ship)?s?|recruiters?"
    r"|marketers?|executives?|advocates?|technicians?|administrators?|consultants?|specialists?|founders?"
    r"|member of technical staff|operations)\b",
    re.IGNORECASE,
)
#: Words of a field that offers more than one job.
_SEVERAL: Final = re.compile(
    r"\b(multiple|various|several|many|all|open) (?:\w++ ){0,2}(?:roles?|positions?|openings?|jobs?)\b",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://\S+|\bwww\.\S+")
_BETWEEN_ROLES: Final = re.compile(r"[,;]| / | and | & | \+ ")
_BRACKETS: Final = re.compile(r"\([^()]*+\)|\[|\]")
_AMOUNT: Final = re.compile(r"[$€£]\s?\d|\d\s?k\b", re.IGNORECASE)
_LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class Headline:
    """What a post's first line says: who hires, for what, where."""

    employer: str
    title: str
    location: str


def read_posts(document: Document, table: TableMap, columns: Columns) -> Reading:
    """One posting a post that hires for one job. A post for several different jobs is refused: its pay cannot
    be told apart; so is one whose first line names no job.
    """
    facts = facts_of(document, table, columns)
    accumulator = Accumulator.started(document, columns, facts)
    texts = columns.texts(table.columns.text)
    htmls = columns.texts(table.columns.html)
    for row in range(columns.rows):
        if facts.fault[row] is not None:
            continue
        text = texts[row] or plain_text(htmls[row])
        head = headline(text)
        if isinstance(head, InvalidAmount):
            accumulator.refuse(row, head.rule, head.found)
            continue
        posting = read_posting(
            id=facts.record[row],
            title=head.title,
            text=text,
            location=head.location,
            employer=head.employer,
            date=facts.day[row],
            source=document.card.name,
            sha256=document.sha256,
        )
        accumulator.add(row, posting)
    return accumulator.reading()


def headline(text: str) -> Headline | InvalidAmount:
    """The fields of a post's first line, split at "|" (or at a dash between blanks where there is no "|")."""
    line = _ADDRESS.sub(" ", _first_line(text))
    mark = "|" if "|" in line else " - " if " - " in line else " – "
    fields = [_trimmed(field) for field in line.split(mark)]
    if len(fields) < 2 or not fields[0]:
        return InvalidAmount("no_headline", "the post does not open with 'Company | Role | ...'")
    found = f"{' | '.join(fields)[:100]!r}"
    titles = [field for field in fields[1:] if _is_title(field)]
    if any(map(_SEVERAL.search, fields[1:])) or _names_several(titles):
        return InvalidAmount("several_jobs_in_one_post", f"{found} names more than one job")
    if not titles:
        return InvalidAmount("no_role_named", f"{found} names no job")
    others = filterfalse(frozenset(titles).__contains__, fields[1:])
    return Headline(_employer(fields[0]), titles[0], "; ".join(filter(_is_place, others)))


def _first_line(text: str) -> str:
    """The first line, and the lines that go on with it: a link on a line of its own splits many headlines."""
    lines = text.strip().split("\n")
    line = lines[0]
    for more in lines[1:4]:
        if not (line.rstrip().endswith(("|", "(", ",")) or more.lstrip().startswith(("|", ")"))):
            break
        line = f"{line} {more}"
    return line


def _trimmed(field: str) -> str:
    """The field without the blanks and the lone bracket that a link leaves behind."""
    field = " ".join(field.split()).removesuffix("()").strip()
    return field.strip("() ") if field.count("(") != field.count(")") else field


def _is_title(field: str) -> bool:
    sane = len(field) <= _LONGEST_TITLE and not _AMOUNT.search(field)
    return sane and bool(_OCCUPATION.search(field))


def _jobs(title: str) -> set[Role | Level]:
    """The families of work, and the levels, that a title names: more than one of either is more than one job.

    An occupation in the plural holds for the whole list before it: "FE, FS, ML engineers" are three jobs.
    """
    plain = _BRACKETS.sub(" ", title)
    parts = [part for part in _BETWEEN_ROLES.split(plain) if part]
    last = _OCCUPATION.search(parts[-1]) if parts else None
    if last and last.group().lower().endswith("s"):
        parts = [part if _OCCUPATION.search(part) else f"{part} {last.group()}" for part in parts]
    named = [part for part in parts if _OCCUPATION.search(part)]
    if len(named) < 2:
        return {read_role(title), read_level(title)}
    roles = {read_role(part) for part in named}
    levels: set[Level] = {level for level in map(read_level, named) if level is not Level.UNSTATED}
    return {*roles, *(levels or {Level.UNSTATED})}


def _names_several(titles: Iterable[str]) -> bool:
    named = set().union(*map(_jobs, titles))
    roles = {one for one in named if isinstance(one, Role)}
    return len(roles) > 1 or len(named - roles - {Level.UNSTATED}) > 1


def _is_place(field: str) -> bool:
    lower = field.lower()
    named = any(place.city or place.region or place.country for place in read_places(field))
    return named or any(word in lower for word in ("remote", "onsite", "on-site", "hybrid"))


def _employer(field: str) -> str:
    """The employer without what stands in brackets behind it: "Acme (YC S21)" is Acme."""
    return field.partition("(")[0].strip() or field
