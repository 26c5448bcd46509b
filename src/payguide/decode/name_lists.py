"""The names that people type for employers and places, as plain data that travels with a model.

Who evaluates a model elsewhere (the edition's pages) reads names by this data as this room reads them. It is
general knowledge: the lists of employers and places that come with the package, and nothing of the evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from payguide.decode.employer import LARGE, listed_employers, table_employers
from payguide.decode.gazetteer import key, metro_title, names, us_cities, us_towns
from payguide.decode.grade import ladders
from payguide.decode.phrase_matcher import vocabulary
from payguide.decode.place import read_places
from payguide.decode.remote import words_of_place

#: The employers' name forms that a reader of names needs.
_FORMS: Final = ("legal", "board", "opening", "same", "units", "ordinary")
_COUNTRY: Final = "US"


def with_names(model: Mapping[str, Any]) -> dict[str, Any]:
    """A model with the names that its readers may type for employers and places."""
    vocabularies = (part["vocabulary"]["metro"] for part in model["components"].values())
    return {**model, "names": names_of({code for metros in vocabularies for code in metros if code})}


def names_of(metros: Collection[str]) -> dict[str, Any]:
    """Employers' spellings with tier and industry, and US places, as JSON-able data.

    `metros` are the CBSA codes that matter to the model: other towns are told by their state alone.
    """
    employers = vocabulary("employers")
    return {
        "employers": _groups(),
        "table": _table(),
        "forms": {form: employers["forms"][form] for form in _FORMS},
        "large": sorted(str(tier) for tier in LARGE),
        # pairs, not a mapping: the first that fits counts, and a file's keys are sorted
        "said": {
            "industry": [list(pair) for pair in employers["words"].items()],
            "tier": [list(pair) for pair in employers["words_tier"].items()],
        },
        "metros": [[code, metro_title(code)] for code in sorted(metros)],
        "states": sorted([name, code] for name, code in names().states.items() if len(name) > 2),
        "areas": [
            [name, region, metro if metro in metros else ""]
            for name, (_, region, country, metro) in sorted(names().areas.items())
            if country == _COUNTRY and region
        ],
        "aliases": sorted([name, plain] for name, plain in names().aliases.items() if name != plain),
        "towns": _towns(metros),
        "ladders": {name: dict(ladder) for name, ladder in sorted(ladders().items())},
        # what a field of place says besides, and the words in it that are no place's
        "arrangements": {
            "said": [list(pair) for pair in words_of_place()],
            "passed": sorted(vocabulary("arrangements")["field"]),
        },
        "bare": _bare(),
    }


def _groups() -> list[list[Any]]:
    """[tier, industry, names]: the listed employers in their order, each name its spellings joined by "|"."""
    groups: list[list[Any]] = []
    for employer, spellings in listed_employers():
        if not groups or groups[-1][:2] != [str(employer.tier), str(employer.industry)]:
            groups.append([str(employer.tier), str(employer.industry), []])
        groups[-1][2].append("|".join(spellings))
    return groups


def _table() -> list[list[str]]:
    """[tier, industry, ids joined by blanks] of the employers that were worked out."""
    ids: dict[tuple[str, str], list[str]] = {}
    for employer in table_employers():
        ids.setdefault((employer.tier, employer.industry), []).append(employer.id)
    return [[tier, industry, " ".join(own)] for (tier, industry), own in ids.items()]


def _towns(metros: Collection[str]) -> list[list[str]]:
    """[state, metro, towns]: the towns of each of the metros, folded, joined by "|"."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, state, code in us_towns():
        if code in metros:
            found.setdefault((state, code), set()).add(name)
    return [[state, code, "|".join(sorted(towns))] for (state, code), towns in sorted(found.items())]


def _bare() -> list[list[str]]:
    """[state, names]: what may be said without a state, folded, joined by "|": the cities that are read as
    one place, and the states themselves.
    """
    found: dict[str, set[str]] = {}
    for name in dict.fromkeys(_names()):
        places = read_places(name)
        if len(places) == 1 and places[0].country == _COUNTRY and places[0].region:
            found.setdefault(places[0].region, set()).add(key(name))
    return [[state, "|".join(sorted(known))] for state, known in sorted(found.items())]


def _names() -> Iterator[str]:
    """Every US city's name, and other names that stand for one."""
    yield from (city.name for city in us_cities())
    yield from names().aliases
    yield from names().bare
