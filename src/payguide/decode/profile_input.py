"""A profile as a person writes it ("Seattle, WA", "Amazon Web Services"), brought to what a model knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from payguide.base.codes import Remote, Role
from payguide.base.reference.country import default_country
from payguide.decode.employer import read_employer
from payguide.decode.focus import beside_role, focus_in
from payguide.decode.gazetteer import key, lookup_state
from payguide.decode.phrase_matcher import scan, vocabulary
from payguide.decode.place import read_places
from payguide.decode.remote import remote_in
from payguide.estimator.columns import Column, Profiles

_WORD: Final = re.compile(r"[^\W\d_]+")
#: Fields that are read; what is known of them takes their place.
_READ: Final = ("role", "employer", "place", "title", "focus")
#: What is read of those that may not be.
_TOLD: Final = {
    "employer": ("employer", "tier", "industry"),
    "place": ("metro", "region", "country", "remote"),
    "focus": ("focus",),
}


def resolve_profile(profile: Mapping[str, object]) -> Mapping[str, object]:
    """One profile as `resolved` reads it; every other field passes as it is, those that are None are left out."""
    passed = {name: value for name, value in profile.items() if value is not None and name not in _READ}
    return {**resolved(Profiles.of([profile])).row(0), **passed}


def resolved(profiles: Profiles) -> Profiles:
    """The profiles with `role`, `employer`, `place` and `focus` read: as id, tier, industry, metro, region, country,
    way of working and the part of software. Those of them that are not read stand under `unread`, as given.

    What a profile states itself of these passes as it is. Nothing is raised. Names are read as the evidence's are, so
    that a profile meets the rows of its own employer and place.
    """
    role = profiles["role"].mapped(lambda one: None if one is None else _role(str(one)))
    who, where, part = (
        profiles[name].mapped(lambda one: str(one or "")) for name in ("employer", "place", "focus")
    )
    within = Column.joined([part, role], lambda one, of_role: (one, of_role or ""))
    read = {
        "employer": (who, [_employer(one) for one in who.values]),
        "place": (where, [_place(one) for one in where.values]),
        "focus": (
            within._replace(values=[one for one, _ in within.values]),
            [_focus(*one) for one in within.values],
        ),
    }
    found, unread = {}, []
    for name, (told, known) in read.items():
        for field in _TOLD[name]:
            found[field] = Column([one.get(field) for one in known], told.codes)
        texts = ["" if one else text for one, text in zip(known, told.values, strict=True)]
        unread.append(Column([text if text.strip() else "" for text in texts], told.codes))
    found["role"] = role
    for name, column in profiles.columns.items():
        if name in found and name not in _READ:
            column = Column.joined([found[name], column], lambda ours, own: ours if own is None else own)
        if name not in _READ:
            found[name] = column
    if any(any(one.values) for one in unread):
        found["unread"] = Column.joined(unread, _named)
    return Profiles(len(profiles), found)


def _named(*texts: str) -> tuple[tuple[str, str], ...] | None:
    return tuple((name, text) for name, text in zip(_TOLD, texts, strict=True) if text) or None


@lru_cache(maxsize=65_536)
def _role(text: str) -> str:
    """A role's code, however its words are joined; what is none stays as it is."""
    code = "_".join(text.lower().replace("-", " ").replace("_", " ").split())
    return code if code in set(Role) else text


@lru_cache(maxsize=65_536)
def _employer(name: str) -> Mapping[str, str]:
    """What an employer's name says."""
    who = read_employer(name)
    return {"employer": who.id, "tier": str(who.tier), "industry": str(who.industry)} if who.id else {}


@lru_cache(maxsize=65_536)
def _focus(text: str, role: str) -> Mapping[str, str]:
    """What the words for a part of software say beside the role: an empty one where they say the same."""
    focus = focus_in(text)
    known = next((one for one in Role if one == role), Role.OTHER)
    return {"focus": str(beside_role(focus, known) or "")} if focus else {}


@lru_cache(maxsize=65_536)
def _place(text: str) -> Mapping[str, str]:
    """What a place's name says: of several places the first; of none the way of working ("Remote"). What is a state's
    name or code is the state, whatever else is named so. Who names no place, or remote alone, is where editions are of.
    """
    places = read_places(text)
    passed = vocabulary("arrangements")["field"]
    rest = [word for word in _WORD.findall(text.lower()) if word not in passed]
    state = lookup_state(key(text)) or lookup_state(" ".join(rest))
    if state and not (places and places[0].metro):
        known = {"region": state, "country": "US"}
    elif places:
        known = {"metro": places[0].metro, "region": places[0].region, "country": places[0].country}
    else:
        known = {}
    # beside any other word that is not read "remote" says where, and that was not read: "Remote - EMEA"
    remote = remote_in(scan(""), text, "") if known or not rest else Remote.UNSTATED
    known["remote"] = "" if remote is Remote.UNSTATED else str(remote)
    if not text.strip() or (known["remote"] and not places):
        known.setdefault("country", default_country())
    return {name: value for name, value in known.items() if value}
