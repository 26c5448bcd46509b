"""Laws on pay in job postings: what each asks a posting to state, with its reference and the day it was looked up.

Facts, not advice: `laws.toml` leaves out what is not certain.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

#: What a posting may have to state, and how a posting may say it; brackets are for the employer to fill in.
PARTS: Final = {
    "range": ("the pay range", ""),
    "other_pay": ("other pay", "Other pay: [bonus, commission, equity; or that there is none]."),
    "benefits": (
        "benefits",
        "Benefits: [a general description: health, retirement, paid leave and the rest].",
    ),
    "health": ("that there are healthcare benefits", "Healthcare benefits: [which there are]."),
    "deadline": ("when applications close", "Applications close on [date]."),
    "description": ("the job description", "[The job description.]"),
}


@dataclass(frozen=True, slots=True)
class Law:
    """One law. `code` is the state's, a city's own, or EU; `region` the state and `metro` the metro of a city; `must`
    are keys of `PARTS`; `told` is where it is told, in the "posting" or to an "applicant", whose law asks nothing of a
    posting; `remote` says how it meets work from afar, where that is known.
    """

    code: str
    place: str
    name: str
    statute: str
    since: date
    covers: str
    states: str
    must: tuple[str, ...]
    reference: str
    link: str
    checked: date
    told: str = "posting"
    region: str = ""
    metro: str = ""
    remote: str = ""
    note: str = ""


def in_force(day: date) -> tuple[tuple[Law, ...], tuple[Law, ...]]:
    """The laws in force on a day, and those that will be."""
    found = tuple(law for law in laws() if law.since <= day)
    return found, tuple(law for law in laws() if law not in found)


@cache
def laws() -> tuple[Law, ...]:
    """Every law, in the order of their places' names."""
    path = files("payguide.guide") / "laws.toml"
    found = [_law(entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["law"]]
    return tuple(sorted(found, key=lambda law: law.place))


def _law(entry: dict[str, Any]) -> Law:
    law = Law(**{**entry, "must": tuple(entry["must"])})
    unknown = set(law.must) - set(PARTS)
    if unknown or ("range" in law.must) != (law.told == "posting"):
        raise ValueError(
            f"{law.code}: a posting's law asks for the range, and for nothing but {', '.join(PARTS)}"
        )
    return replace(law, region=law.region or law.code)
