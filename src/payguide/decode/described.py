"""A profile as a person writes it ("Seattle, WA", "Amazon Web Services"), brought to what a model knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from payguide.decode.employer import read_employer
from payguide.decode.place import read_places

#: Fields that are read; what is known of them takes their place.
_READ = ("employer", "place", "title")


def described(profile: Mapping[str, object]) -> Mapping[str, object]:
    """The profile with `employer` and `place` read as ids, tier, industry, metro, region and country.

    Every other field passes as it is; fields that are None or not known are left out. Nothing is raised. Names are
    read as the evidence's are, so that a profile meets the rows of its own employer and place.
    """
    passed = {name: value for name, value in profile.items() if value is not None and name not in _READ}
    who, where = str(profile.get("employer") or ""), str(profile.get("place") or "")
    return {**_employer(who), **_place(where), **passed}


@lru_cache(maxsize=65_536)
def _employer(name: str) -> Mapping[str, str]:
    """What an employer's name says."""
    who = read_employer(name)
    known = {"employer": who.id, "tier": who.tier, "industry": who.industry}
    return {name: str(value) for name, value in known.items() if value}


@lru_cache(maxsize=65_536)
def _place(text: str) -> Mapping[str, str]:
    """What a place's name says: of several places the first."""
    places = read_places(text)
    if not places:
        return {}
    known = {"metro": places[0].metro, "region": places[0].region, "country": places[0].country}
    return {name: str(value) for name, value in known.items() if value}
