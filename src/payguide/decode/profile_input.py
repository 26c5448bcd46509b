"""A profile as a person writes it ("Seattle, WA", "Amazon Web Services"), brought to what a model knows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from payguide.base.codes import Role
from payguide.decode.employer import read_employer
from payguide.decode.focus import beside_role, focus_in
from payguide.decode.place import read_places

#: Fields that are read; what is known of them takes their place.
_READ = ("employer", "place", "title", "focus")


def resolve_profile(profile: Mapping[str, object]) -> Mapping[str, object]:
    """The profile with `employer`, `place` and `focus` read: as id, tier, industry, metro, region, country and the part
    of software.

    Every other field passes as it is; fields that are None or not known are left out. Nothing is raised. Names are
    read as the evidence's are, so that a profile meets the rows of its own employer and place.
    """
    passed = {name: value for name, value in profile.items() if value is not None and name not in _READ}
    who, where = str(profile.get("employer") or ""), str(profile.get("place") or "")
    part, role = str(profile.get("focus") or ""), str(profile.get("role") or "")
    return {**_employer(who), **_place(where), **_focus(part, role), **passed}


@lru_cache(maxsize=65_536)
def _employer(name: str) -> Mapping[str, str]:
    """What an employer's name says."""
    who = read_employer(name)
    known = {"employer": who.id, "tier": who.tier, "industry": who.industry}
    return {name: str(value) for name, value in known.items() if value}


@lru_cache(maxsize=65_536)
def _focus(text: str, role: str) -> Mapping[str, str]:
    """What the words for a part of software say beside the role."""
    known = next((one for one in Role if one == role), Role.OTHER)
    focus = beside_role(focus_in(text), known)
    return {"focus": str(focus)} if focus else {}


@lru_cache(maxsize=65_536)
def _place(text: str) -> Mapping[str, str]:
    """What a place's name says: of several places the first."""
    places = read_places(text)
    if not places:
        return {}
    known = {"metro": places[0].metro, "region": places[0].region, "country": places[0].country}
    return {name: str(value) for name, value in known.items() if value}
