"""What an edition is about: a role (one TOML file each in `roles/`) in a country (`base/reference/countries/`)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from payguide.base.codes import Role
from payguide.base.errors import UsageError
from payguide.base.reference.country import countries, country, default_country

#: Stands for every role where roles are named.
ALL = "all"

_FOLDER = files("payguide.guide") / "roles"


@dataclass(frozen=True, slots=True)
class EditionSpec:
    """What an edition is about: a role in a country. `date` is the edition's date: evidence is aged to it.

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
    population: str
    official: str
    duties: str = ""
    claims: str = ""

    @property
    def currency(self) -> str:
        """The code of the country's currency."""
        return country(self.country).currency


def known() -> tuple[str, ...]:
    """The slugs of the roles there is a file for, sorted."""
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir()))


def several(slugs: Sequence[str]) -> tuple[EditionSpec, ...]:
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


def load(slug: str) -> EditionSpec:
    """The role of a slug such as "ml-engineer", in the country that is meant where none is named; "ml-engineer-gb"
    names one by its code.

    Raises:
        UsageError: there is no such role.
    """
    role, _, code = slug.rpartition("-")
    role, code = (role, code.upper()) if code.upper() in countries() else (slug, default_country())
    if role not in known():
        raise UsageError(f"no role is called {slug!r}", remedy=f"Known roles: {', '.join(known())}, {ALL}")
    data = tomllib.loads((_FOLDER / f"{role}.toml").read_text(encoding="utf-8"))
    market = country(code)
    told = {
        "slug": slug,
        "role": Role(data["role"]),
        "country": market.code,
        "population": f"{data['population']} in {market.in_sentence}",
    }
    return EditionSpec(**data | told)
