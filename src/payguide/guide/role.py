"""Roles are data: one TOML file each in `roles/` says what an edition is about."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from payguide.base.codes import Role
from payguide.base.errors import UsageError

_FOLDER = files("payguide.guide") / "roles"


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """What an edition is about. `date` is the edition's date: evidence is aged to it."""

    slug: str
    role: Role
    name: str
    title: str
    date: date
    country: str
    currency: str
    population: str
    claims: str


def known() -> tuple[str, ...]:
    """The slugs of the roles there is a file for, sorted."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir()))


def load(slug: str) -> RoleSpec:
    """The role of a slug such as "ml-engineer".

    Raises:
        UsageError: there is no such role.
    """
    if slug not in known():
        raise UsageError(f"no role is called {slug!r}", remedy=f"Known roles: {', '.join(known())}")
    data = tomllib.loads((_FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))
    return RoleSpec(**{**data, "role": Role(data["role"])})
