"""A profile as a person writes it ("Seattle, WA", "Amazon Web Services"), brought to what a model knows."""

from __future__ import annotations

from collections.abc import Mapping

from payguide.decode.profile import read_profile

#: Fields that are read; what is known of them takes their place.
_READ = ("employer", "place", "title")


def described(profile: Mapping[str, object]) -> Mapping[str, object]:
    """The profile with `employer` and `place` read as ids, tier, industry, metro, region and country.

    Every other field passes as it is; fields that are None or not known are left out. Nothing is raised.
    """
    title, location, employer = (str(profile.get(name) or "") for name in ("title", "place", "employer"))
    found = read_profile(title=title, location=location, employer=employer)
    place, who = found.place, found.employer
    known = {
        "employer": who.id,
        "tier": who.tier,
        "industry": who.industry,
        "metro": place.metro,
        "region": place.region,
        "country": place.country,
    }
    passed = {name: value for name, value in profile.items() if value is not None and name not in _READ}
    return {**{name: str(value) for name, value in known.items() if value}, **passed}
