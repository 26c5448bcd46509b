"""Roles are data: one TOML file each in `roles/` says what an edition is about."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from payguide.base.codes import Role
from payguide.base.errors import UsageError

#: Stands for every role where roles are named.
ALL = "all"

_FOLDER = files("payguide.guide") / "roles"


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """What an edition is about. `date` is the edition's date: evidence is aged to it.

    `one` and `many` are what its people are called ("an ML engineer", "ML engineers"), `official` says what the
    official statistics are to the role, `duties` what must be known of its duties ("" where nothing), `claims`
    names the published guide that is tested ("" where there is none).
    """

    slug: str
    role: Role
    name: str
    one: str
    many: str
    title: str
    date: date
    country: str
    currency: str
    population: str
    official: str
    duties: str = ""
    claims: str = ""


def known() -> tuple[str, ...]:
    """The slugs of the roles there is a file for, sorted."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir()))


def several(slugs: Sequence[str]) -> tuple[RoleSpec, ...]:
    """The roles of slugs, each once, in their order; "all" stands for all there are.

    Raises:
        UsageError: there is no such role, or they are not of one country, currency and date.
    """
    named = [slug for given in slugs for slug in (known() if given == ALL else (given,))]
    found = tuple(load(slug) for slug in dict.fromkeys(named))
    if len({(role.country, role.currency, role.date) for role in found}) != 1:
        raise UsageError(
            f"the roles {', '.join(named)} are not of one country, currency and date",
            remedy="Build them one by one",
        )
    return found


def load(slug: str) -> RoleSpec:
    """The role of a slug such as "ml-engineer".

    Raises:
        UsageError: there is no such role.
    """
    if slug not in known():
        raise UsageError(f"no role is called {slug!r}", remedy=f"Known roles: {', '.join(known())}, {ALL}")
    data = tomllib.loads((_FOLDER / f"{slug}.toml").read_text(encoding="utf-8"))
    return RoleSpec(**{**data, "role": Role(data["role"])})
