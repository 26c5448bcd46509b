"""Places as postings write them, brought to city, region, country and US metropolitan area.

A name that several places bear is resolved by the region or country beside it. Without one it is resolved
only if one place has at least `_DOMINANT` times the people of every other of the name, or if the US job market
uses the bare name for one place (`bare` in data/places.toml); else city alone is kept and the country is left
unknown. Two capital letters that are both a state's and a country's code decide nothing by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Final

from payguide.base.inputs import Place
from payguide.decode.gazetteer import (
    City,
    cities,
    codes,
    key,
    lookup_country,
    lookup_state,
    metro,
    names,
)
from payguide.decode.letters import as_seen

_DOMINANT: Final = 3.0
#: A city named inside an unknown phrase ("Acme Minsk") counts from this size.
_PROMINENT: Final = 500_000

_BETWEEN: Final = re.compile(
    r"[;|•\n]|\s/\s|(?<=[A-Za-z])/(?=[A-Za-z])|,?\s++(?:or|OR|and|AND|und)\s++|\s[&+]\s"
)
_WITHIN: Final = re.compile(r",|[()\[\]:]|\s[-–—]++\s|[-–—]++\s|\s[-–—]++|[–—]")
#: A code or a name, then what joins it to the next part: the same sign throughout.
_CODED: Final = re.compile(r"\s*+[A-Z][A-Za-z ]{1,19}(?P<by>[._>:/]|\s?[-–—]\s?|\s[>:|/]\s)\s?[^,()]{2,60}")
#: Names that hold a joining word, and what stands for them while the text is split.
_JOINED: Final = (
    ("Trinidad and Tobago", "Trinidad"), ("Bosnia and Herzegovina", "Bosnia"), ("Bosnia & Herzegovina", "Bosnia"),
    ("Newfoundland and Labrador", "Canada"), ("Town and Country", "Town & Country"), ("Korea, South", "Korea"),
)  # fmt: skip
#: Words that are codes of states in capitals only: "New York Office (or Remote)".
_WORDS: Final = frozenset(("or", "in", "me", "hi", "oh", "ok", "and"))
#: Longer texts are no location; only their head is read.
_LONGEST: Final = 2_000


@lru_cache(maxsize=65_536)
def read_places(location: str, *, country: str = "") -> tuple[Place, ...]:
    """The places a location names, in its order, each once; a country that a later city lies in is left out.

    `country` (ISO code or name) helps where the location leaves the country open. Cities are named as GeoNames
    names them, but for "New York". Nothing that can be read is the empty tuple; nothing is ever raised.
    """
    home = read_country(country)
    found: list[Place] = []
    text = as_seen(location[:_LONGEST]).text
    for name, plain in _JOINED:
        text = text.replace(name, plain)
    text = "; ".join(map(_in_order, text.split(";")))
    for chunk in _BETWEEN.split(text):
        parts = [part for part in map(_clean, _WITHIN.split(_apart(chunk))) if part]
        found += _resolve(parts, home)
    if not found and home:
        found = [Place(country=home)]
    return tuple(_without_wider(_settled(found)))


def read_country(country: str) -> str:
    """The ISO code of a country's name or code; empty where it is none."""
    country = country.strip()
    if len(country) == 2 and country.upper() in codes():
        return country.upper()
    return lookup_country(key(country)) if country else ""


def _in_order(piece: str) -> str:
    """A location that an applicant system codes from the wide to the near ("USA.VA.Reston", "DE - Berlin",
    "United States-Texas-Austin") as people write it: "Reston, VA, USA". Any other as it is.
    """
    listed = piece.split(",")
    if len(listed) > 1 and all(map(_CODED.fullmatch, listed)):
        return "; ".join(map(_in_order, listed))
    found = _CODED.fullmatch(piece)
    by = found["by"].strip() if found else ","
    country, *rest = (part.strip() for part in piece.split(by))
    if len(rest) == 2 and _is_region(rest[0], country) and (country.isupper() or by != ","):
        return ", ".join((rest[1], rest[0], country))
    if len(rest) == 2 and by in "._-" and rest[1].isupper() and _is_region(rest[0], rest[1]):
        return ", ".join((country, *rest))
    code = country.isupper() and len(country) in (2, 3)
    if found is None or not (code or (len(rest) > 1 and lookup_country(key(country)))):
        return piece
    for at, part in enumerate(rest[:2]):  # a name with a hyphen in it is one: "FR-Aix-en-Provence"
        whole = " ".join(rest[at:])
        city = whole if cities(key(whole)) else part
        region = rest[at - 1 : at] if at else []
        if cities(key(city)) and not (
            at == 0 and len(rest) > 1 and _is_region(part, country) and city is part
        ):
            return ", ".join((city, *region, country))
    return piece


def _is_region(part: str, country: str) -> bool:
    """Whether a part is a state or province of a country, by its code or name."""
    code = read_country(country) or lookup_country(country.lower())
    if code == "US":
        return bool(lookup_state(key(part)))
    return key(part) in names().provinces if code == "CA" else part.isupper() and len(part) <= 3


@cache
def _noise() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in names().noise)
    return re.compile(rf"(?<![\w.])(?:{words})(?![\w.])", re.IGNORECASE)


@cache
def _arrangement() -> re.Pattern[str]:
    return re.compile(
        r"(?i)\b(remote|hybrid|on-?site|in-office)-|-(remote|hybrid|on-?site|in-office|hq|office)\b"
    )


def _apart(chunk: str) -> str:
    """Arrangement words set apart from the name they are tied to: "Remote-US", "San Francisco-Hybrid"."""
    return _arrangement().sub(", ", chunk)


def _clean(part: str) -> str:
    """The part without what is no name; capitals are kept, they tell codes from words."""
    part = part.strip(" .-–—_*")
    whole = key(part)
    if _is_code(part) or whole in names().areas or lookup_country(whole):
        return part
    if cities(whole) and whole not in names().noise:
        return part
    rest = " ".join(_noise().sub(" ", part).split()).strip(" .-–—_*")
    return "" if rest in _WORDS else rest


def _resolve(parts: list[str], home: str) -> Iterator[Place]:
    """The places of one chunk: "City, Region, Country", "Country - City", or a list of cities."""
    at, within = 0, Place(country=home)
    while at < len(parts):
        taken, place = _read_one(parts, at, within)
        at += taken
        if place is None:
            continue
        yield place
        if not place.city and place.country:
            within = place


def _read_one(parts: list[str], at: int, within: Place) -> tuple[int, Place | None]:
    """(parts taken, the place) at a position; `within` is what went before: a country, a state."""
    part = parts[at]
    name = key(part)
    area = names().areas.get(name)
    follows = parts[at + 1 : at + 3]
    if area is not None and not _is_state_of(name, follows):
        return 1 + _qualifiers(follows, area[1], area[2]), Place(*area)
    wide = _wide(part, name, within, follows)
    if wide is not None and not _is_city(name, wide, follows):
        repeated = bool(wide.region and follows) and _country_part(follows[0]) == wide.country
        return 1 + repeated, wide
    taken, place = _city(part, name, follows, within)
    if place is not None:
        foreign = place.country not in ("US", "CA") and not taken and follows and _is_code(follows[0])
        return 1 + taken + bool(foreign), place  # "Tijuana, BC": a region we do not list
    return 1, wide or _tail(part, within) or _inside(part, within)


def _is_city(name: str, wide: Place, follows: list[str]) -> bool:
    """A name of a state or country is a city's when a state stands behind it ("Lebanon, NJ"), or when it is a
    state that shares its name with a great city ("New York").
    """
    if follows and _is_code(follows[0]) and _is_us(follows) and len(name) > 3:
        return (follows[0] not in (wide.country, wide.region) and wide.country != "US") or bool(wide.region)
    known = cities(name)
    if not known or not wide.region or name in ("georgia", "ontario", "quebec"):
        return False
    return (wide.region == lookup_state(name) and known[0].population >= _PROMINENT) or len(name) == 2


def _is_state_of(name: str, follows: list[str]) -> bool:
    return name == "washington" and bool(follows) and not lookup_country(key(follows[0]))


def _wide(part: str, name: str, within: Place, follows: list[str]) -> Place | None:
    """A state, a province or a country, by name or by an unambiguous code."""
    next_country = lookup_country(key(follows[0])) if follows else ""
    if (province := names().provinces.get(name)) and "CA" in (within.country, next_country):
        return Place(region=province, country="CA")
    country = lookup_country(name)
    state = lookup_state(name)
    is_code = _is_code(part)
    if state and (next_country == "US" or within.country == "US"):
        return Place(region=state, country="US")
    if name == "georgia":
        return Place(city="Georgia")  # a state and a country: settled by the others
    if state and (is_code or len(name) > 2):
        return Place(region=state, country="" if part in names().ambiguous else "US")
    if country and (len(name) > 3 or part.isupper() or name in ("us", "uk", "usa")):
        return Place(country=country)
    if province and (is_code or len(name) > 2) and not _is_us(follows):
        return None if is_code and part in codes() else Place(region=province, country="CA")
    if is_code and part in codes() and not state and part not in ("AM", "PM"):
        return Place(country=part)
    return None


def _is_code(part: str) -> bool:
    return len(part) == 2 and part.isupper() and part.isalpha()


def _is_us(follows: list[str]) -> bool:
    return bool(follows) and bool(lookup_state(key(follows[0])))


def _city(part: str, name: str, follows: list[str], within: Place) -> tuple[int, Place | None]:
    """(parts taken behind it, the city), resolved by what follows, by what went before, or by its size."""
    known = cities(name)
    taken, region, country = _qualified(name, known, follows)
    if region or country:
        named = None if known else _inside(part, Place(country=country))
        if named is not None and region in ("", named.region):
            return taken, named
        return taken, _placed(part, name, known, region, country)
    if not known:
        return 0, None
    if within.region and any(c.region == within.region and c.country == within.country for c in known):
        return 0, _placed(part, name, known, within.region, within.country)
    return 0, _bare(name, known, within.country)


def _qualified(name: str, known: tuple[City, ...], follows: list[str]) -> tuple[int, str, str]:
    """(parts taken, region, country) that the parts behind a city give it."""
    if not follows:
        return 0, "", ""
    first, folded = follows[0], key(follows[0])
    second = _country_part(follows[1]) if len(follows) > 1 else ""
    state = lookup_state(folded)
    in_state = state and any(c.region == state and c.country == "US" for c in known)
    is_city_too = bool(cities(folded)) and len(folded) > 2
    fits = in_state or second == "US" or (not is_city_too and not _other_country(first, known))
    if state and second in ("", "US") and fits:
        return 1 + (second == "US"), state, "US"
    province = names().provinces.get(folded, "")
    if province and second in ("", "CA") and (second or any(c.country == "CA" for c in known)):
        return 1 + (second == "CA"), province, "CA"
    if second and _is_code(first) and (not known or any(c.country == second for c in known)):
        return 2, "", second  # a region's code, and the country behind it: "Bengaluru, KA, India"
    country = _country_part(first)
    if country:
        in_country = not known or any(c.country == country for c in known)
        if in_country or not is_city_too:
            return 1, "", country
    if second and not (is_city_too and not any(c.country == second for c in known)):
        return 2, "", second
    return 0, "", ""


def _other_country(part: str, known: tuple[City, ...]) -> bool:
    """A state's name or code is also a country's, and the city lies there: "Darmstadt, DE", "Tbilisi, Georgia"."""
    code = "GE" if key(part) == "georgia" else part
    return any(c.country == code for c in known)


def _country_part(part: str) -> str:
    folded = key(part)
    found = lookup_country(folded)
    if found:
        return found
    if folded in ("england", "scotland", "wales", "northern ireland"):
        return "GB"
    return part if len(part) == 2 and part.isupper() and part in codes() else ""


def _qualifiers(follows: list[str], region: str, country: str) -> int:
    """How many parts behind an area only repeat its state or country ("NYC, NY, USA")."""
    same = [
        bool(region and lookup_state(key(part)) == region) or bool(country and _country_part(part) == country)
        for part in follows
    ]
    if len(same) == 2 and same[1] and (same[0] or _is_code(follows[0])):
        return 2
    return 1 if same and same[0] else 0


def _placed(part: str, name: str, known: tuple[City, ...], region: str, country: str) -> Place:
    """A city whose region or country is known; outside every list it keeps the name as written."""
    same = [c for c in known if c.country == country and (not region or c.region == region)]
    city = same[0] if same else None
    if city is not None and not region and _dominant(same) is None:
        return Place(_shown(city), "", country)
    if city is not None:
        region = region or (city.region if country in ("US", "CA") else "")
    shown = _shown(city) if city is not None else part
    code = metro(name, region) if country == "US" and region else ""
    return Place(shown, region, country, code)


def _bare(name: str, known: tuple[City, ...], country: str) -> Place | None:
    """A city without a region: by convention, by the country, by its size; else its name alone."""
    state = names().bare.get(names().aliases.get(name, name))
    if state and country in ("", "US"):
        same = [c for c in known if c.country == "US" and c.region == state]
        if same:
            return _placed(name, name, tuple(same), state, "US")
    here = [c for c in known if not country or c.country == country]
    if not here:
        here = list(known)
    city = _dominant(here)
    if city is not None:
        return _placed(name, name, (city,), city.region if city.country in ("US", "CA") else "", city.country)
    alone = here[0].country if len({c.country for c in here}) == 1 else ""
    return Place(_shown(here[0]), "", alone)


def _dominant(known: Iterable[City]) -> City | None:
    first, *others = known
    return first if all(first.population >= _DOMINANT * other.population for other in others) else None


def _shown(city: City) -> str:
    return "New York" if city.name == "New York City" else city.name


def _tail(part: str, within: Place) -> Place | None:
    """A city and its state's or country's code without a comma: "New York NY", "Lehi UT"."""
    head, _, code = part.rpartition(" ")
    if head and len(code) in (2, 3) and code.isupper() and not any(c.isdigit() for c in part):
        taken, place = _city(head, key(head), [code], within)
        if taken and place is not None:
            return place
    return None


def _inside(part: str, within: Place) -> Place | None:
    """A place named at the end or the beginning of an unknown phrase: "Acme Minsk", "NYC-Privy"."""
    words = re.split(r"[\s-]+", part)
    if (any(c.isdigit() for c in part) and len(words) > 3) or len(words) > 8:
        return None
    for size in range(min(3, len(words) - 1), 0, -1):
        for some in (words[-size:], words[:size]):
            phrase = " ".join(some)
            if not phrase[:1].isupper():
                continue
            name = key(phrase)
            if country := lookup_country(name):
                if len(name) > 3 or phrase.isupper():
                    return Place(country=country)
            elif name in names().aliases or name in names().bare or _is_prominent(name):
                return _bare(name, cities(name), within.country)
            elif len(name) > 3 and name != "georgia" and (state := lookup_state(name)):
                return Place(region=state, country="US")  # "East Texas"
    return None


def _is_prominent(name: str) -> bool:
    known = cities(name)
    return bool(known) and known[0].population >= _PROMINENT


def _settled(found: list[Place]) -> list[Place]:
    """What is a state's name or code and a country's is the state beside US places only, the country beside
    other countries only, else not known: "CA", "Georgia".
    """
    others = {place.country for place in found if place.country}
    settled = []
    for place in found:
        if place.country or (place.city and place.city != "Georgia"):
            settled.append(place)
        elif others == {"US"}:
            settled.append(Place(region=place.region or "GA", country="US"))
        elif others and "US" not in others:
            settled.append(Place(country=place.region or "GE"))
    return list(dict.fromkeys(settled))


def _without_wider(found: list[Place]) -> Iterator[Place]:
    """The places without a country or state that another of them lies in."""
    for place in found:
        if place.city or place.metro:
            yield place
            continue
        inner = [
            other
            for other in found
            if other.country == place.country and (not place.region or other.region == place.region)
        ]
        if not any((other.city or other.region or other.metro) and other != place for other in inner):
            yield place
