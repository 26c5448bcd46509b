"""What a sentence of a guide names: roles, levels, years, places, kinds of employer and of pay, statistics, periods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from payguide.base.codes import (
    Component,
    Industry,
    Level,
    Period,
    Remote,
    Role,
    Specialisation,
    Tier,
)
from payguide.base.guides import Measure, Years
from payguide.base.inputs import Place
from payguide.decode.gazetteer import cities, key, lookup_country, lookup_state, names
from payguide.decode.phrase_matcher import scan, vocabulary
from payguide.decode.place import read_places
from payguide.decode.role import read_role
from payguide.decode.skills import skills_in

#: A city that is named without more is one from this size.
_PROMINENT: Final = 180_000
_MOST_WORDS: Final = 4
_SHORT: Final = 40
TOP: Final = "top"
NATION: Final = Place()

_KINDS: Final[dict[str, Any]] = {
    "component": Component, "statistic": Measure, "tier": Tier, "industry": Industry, "remote": Remote, "level": Level,
    "period": Period, "role": Role,
}  # fmt: skip
_NUMBER: Final = r"\d{1,2}(?:\.5)?"
_AND_UP: Final = re.compile(r"\s(?:and|or)\s(?:up(?:wards?)?|more|over|above|beyond)\b|\s?\+", re.IGNORECASE)
_OF_YEARS: Final = r"[\s-]?(?:years?|yrs?|yoe)\b(?!\s(?:ago|earlier|later|before|to come|in a row))"
_YEARS: Final = re.compile(
    rf"(?P<low>{_NUMBER})\s?(?:-|–|—|to|and|or)\s?(?P<high>{_NUMBER})(?P<open>\+)?{_OF_YEARS}"
    rf"|(?P<more>over|above|more than|at least|beyond|after)\s(?P<from>{_NUMBER}){_OF_YEARS}"
    rf"|(?P<less>under|below|less than|fewer than|up to|within|first|<)\s?(?P<to>{_NUMBER}){_OF_YEARS}"
    rf"|(?P<plus>{_NUMBER})(?:\s?\+|\sor more|\splus){_OF_YEARS}|(?P<one>{_NUMBER}){_OF_YEARS}"
    rf"|\b(?:by|in|at|after|from)\syear\s(?P<since>{_NUMBER})\b"
    rf"|(?:years?|yrs?)\s(?P<first>{_NUMBER})\s?(?:-|–|to)\s?(?P<last>{_NUMBER})\b",
    re.IGNORECASE,
)
#: Years that are no experience: "over the past 5 years".
_TIME: Final = re.compile(
    r"\b(?:past|last|next|coming|previous|every|for the|growth over|within the)\s(?:\S{1,20}\s)?\Z",
    re.IGNORECASE,
)
_CALENDAR: Final = re.compile(r"\b(?:19[89]|20[0-4])\d\b(?!\s?(?:hours|jobs|postings|employees))")
#: A step of some employer's ladder: "L5 engineers", "IC4s".
_GRADE: Final = re.compile(r"(?:l|e|ic|ict|p|t|m|sde|swe)-?\d{1,2}s?")
_WORD: Final = re.compile(r"[^\W\d_][\w.'’&+-]*|[,;:()/]")
_CAPITAL: Final = re.compile(
    r"(?<![\w$€£.])(?:[A-Z][\w'’éüöãç-]{0,30}\.?|U\.S\.A?\.?|U\.K\.)(?:\s(?:of\s|upon\s|de\s)?[A-Z][\w'’éüöãç-]{0,30}){0,3}(?!\$)"
)


class Mention(NamedTuple):
    """One thing named: its kind ("level", "place", ...), what it is, and its [start, end) in the text."""

    kind: str
    value: Any
    start: int
    end: int


@lru_cache(maxsize=4096)
def mentions(text: str, country: str = "") -> tuple[Mention, ...]:
    """All that a text names, in order. `country` is whose places are meant where several bear a name."""
    found = [*_worded(text), *_roles(text), *_years(text), *_places(text, country)]
    named = [one for one in found if one.kind in ("role", "industry", "tier")]
    found += [
        one
        for kind in ("specialisation", "skill", "degree")
        for one in _apart([topic for topic in _topics(text) if topic.kind == kind])
        if not any(one.start < other.end and other.start < one.end for other in named)
    ]
    return tuple(sorted(found, key=lambda one: (one.start, -one.end)))


@cache
def phrases(table: str, name: str) -> re.Pattern[str]:
    """The phrases of one list of guides.toml as one expression."""
    return re.compile(_any(vocabulary("guides")[table][name]), re.IGNORECASE)


@cache
def _tables(kind: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, phrases(kind, name)) for name in vocabulary("guides")[kind])


def _any(listed: Sequence[str]) -> str:
    plain = (
        phrase.replace("(s)", "s?").replace(" ?", "\0").replace(" ", r"[\s-]").replace("\0", r"[\s-]?")
        for phrase in listed
    )
    return rf"(?<![\w-])(?:{'|'.join(plain)})(?![\w])"


def _worded(text: str) -> Iterator[Mention]:
    """What the word lists name; of those that overlap the first that began, and of them the longest."""
    for kind, code in _KINDS.items():
        found = [
            Mention(kind, TOP if name == TOP else code(name), hit.start(), hit.end())
            for name, pattern in _tables(kind) for hit in pattern.finditer(text) if hit.end() > hit.start()
        ]  # fmt: skip
        yield from _apart(found)


def _apart(found: Sequence[Mention]) -> Iterator[Mention]:
    end = -1
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if one.start >= end:
            end = one.end
            yield one


@cache
def _heads() -> frozenset[str]:
    heads = vocabulary("roles")["heads"]
    listed = (
        *heads["engineer"],
        *heads["scientist"],
        *heads["researcher"],
        *heads["analyst"],
        *heads["architect"],
    )
    return frozenset(listed) - {"engineering", "dev", "eng", "devops", "sre", "mle", "swe", "sde"}


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(vocabulary("guides")["people"][name])


def _roles(text: str) -> Iterator[Mention]:
    """The occupations named. "Senior engineers" names none: they are the guide's own."""
    words = [(hit[0].lower(), hit.start(), hit.end()) for hit in _WORD.finditer(text)]
    # in a label or a cell everybody is a profession
    occupations = set(vocabulary("roles")["heads"]["other"]) - (
        _set("nobody") if len(text) > _SHORT else set()
    )
    occupations |= _set("others")
    fields = set(vocabulary("levels")["heads"]["occupations"])
    for at, (word, _, end) in enumerate(words):
        single = word.removesuffix("s") if not word.endswith("ss") else word
        before = _before(words, at)
        ranks = _set("ranks")
        named = [
            one
            for one, _, _ in before
            if one.removesuffix("-level") not in ranks and not _GRADE.fullmatch(one)
        ]
        start = before[0][1] if before else words[at][1]
        if single in occupations or (single == "manager" and named[-1:] and named[-1] in fields):
            yield Mention("role", Role.OTHER, start, end)
        elif word in _heads() and named:
            role = read_role(text[start:end])
            if role is not Role.SOFTWARE_ENGINEER or _is_of_software(word, named):
                yield Mention("role", role, start, end)
        elif (
            single in _set("plain")
            and named
            and (role := read_role(f"{' '.join(named)} engineer")) is not Role.SOFTWARE_ENGINEER
        ):
            yield Mention("role", role, start, end)


def _is_of_software(head: str, named: Sequence[str]) -> bool:
    """Whether words before "engineer" say which: "newly minted engineers" are the guide's own."""
    words = {part for one in named for part in (one, *one.split("-"))}
    return head.startswith(("develop", "program")) or not words.isdisjoint(
        vocabulary("roles")["software"]["words"]
    )


def _before(words: Sequence[tuple[str, int, int]], at: int) -> list[tuple[str, int, int]]:
    """The words of a noun's phrase that stand before it."""
    first = at
    while (
        first
        and at - first < _MOST_WORDS
        and words[first - 1][0] not in _set("stops")
        and words[first - 1][0][0].isalpha()
    ):
        if words[first - 1][0].endswith(("'s", "’s")):
            break
        first -= 1
    return list(words[first:at])


def _years(text: str) -> Iterator[Mention]:
    for hit in _YEARS.finditer(text):
        if _TIME.search(text, max(0, hit.start() - 30), hit.start()):
            continue
        low, high = hit["low"] or hit["first"], hit["high"] or hit["last"]
        if low:
            years = Years(float(low), None if hit["open"] else float(high))
        elif hit["more"] or hit["plus"] or hit["since"]:
            years = Years(float(hit["from"] or hit["plus"] or hit["since"]), None)
        elif hit["less"]:
            years = Years(0.0 if hit["less"].lower() != "up to" else None, float(hit["to"]))
            years = Years(0.0, years.high)
        else:
            years = Years(float(hit["one"]), None if _AND_UP.match(text, hit.end()) else float(hit["one"]))
        yield Mention("years", years, hit.start(), hit.end())
    for hit in _CALENDAR.finditer(text):
        yield Mention("year", int(hit[0]), hit.start(), hit.end())


def _places(text: str, country: str) -> Iterator[Mention]:
    for hit in phrases("place", "nation").finditer(text):
        yield Mention("place", NATION, hit.start(), hit.end())
    behind = set(vocabulary("guides")["place"]["not_behind"])
    for run in _CAPITAL.finditer(text):
        words = [(word.start(), word.end()) for word in re.finditer(r"\S+", run[0])]
        at = 0
        while at < len(words):
            for size in range(min(4, len(words) - at), 0, -1):
                start, end = run.start() + words[at][0], run.start() + words[at + size - 1][1]
                after = text[end : end + 14].split()
                if after[:1] and after[0].lower() in behind:
                    continue
                place = _place(text[start:end].rstrip(".'"), text[end : end + 24], country)
                if place is not None:
                    yield Mention("place", place, start, end)
                    at += size - 1
                    break
            at += 1


def as_states(text: str) -> str:
    """A text with each name that a state bears marked as the state's: "Washington State"."""

    def marked(run: re.Match[str]) -> str:
        known = len(run[0]) > 2 and lookup_state(key(run[0])) and not text.startswith(" State", run.end())
        return f"{run[0]} State" if known else run[0]

    return _CAPITAL.sub(marked, text)


def _place(name: str, behind: str, country: str) -> Place | None:
    """The place that a name in capitals is; None where it is rather something else."""
    plain = key(name)
    if plain in vocabulary("guides")["place"]["never"] or (
        len(name) <= 2 and name not in ("US", "UK", "SF", "LA", "EU")
    ):
        return None
    if name in ("US", "U.S", "U.S.", "USA", "U.S.A", "America"):
        return Place(country="US")
    if name in ("UK", "U.K", "U.K.", "Britain"):
        return Place(country="GB")
    if behind.startswith(" State") and (state := lookup_state(plain)):
        return Place(region=state, country="US")
    known = names()
    if not (
        plain in known.areas or plain in known.aliases or plain in known.bare or lookup_country(plain)
        or (len(plain) > 3 and (lookup_state(plain) or plain in known.provinces))
        or any(city.population >= _PROMINENT for city in cities(plain))
    ):  # fmt: skip
        return None
    region = re.match(r",\s([A-Z]{2}\b|[A-Z][a-z]{1,30})", behind)
    wider = (
        f"{name}, {region[1]}"
        if region and (lookup_state(key(region[1])) or lookup_country(key(region[1])))
        else name
    )
    found = read_places(wider, country=country if not _is_wide(plain) else "")
    return found[0] if found else None


def _is_wide(plain: str) -> bool:
    return bool(lookup_country(plain))


def _topics(text: str) -> Iterator[Mention]:
    """Specialisations, skills and degrees, as postings name them. An industry of the same words comes first."""
    found = scan(text)
    for hit in found.hits["specialisations"]:
        yield Mention("specialisation", Specialisation(hit.name), hit.start, hit.end)
    named = set(skills_in(found))
    for hit in found.hits["skills"]:
        if hit.name in named:
            yield Mention("skill", hit.name, hit.start, hit.end)
    for hit in found.hits["degrees"]:
        degree = hit.name.removeprefix("short_")
        written = text[hit.start : hit.end]
        if degree in ("bachelor", "master", "phd") and (
            hit.name == degree or written.isupper() or written.lower() == "master"
        ):
            advanced = degree == "master" and "advanced" in written.lower()
            yield Mention("degree", "advanced" if advanced else degree, hit.start, hit.end)
