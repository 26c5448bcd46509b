"""The nouns of an audit: what a published guide asserts, sentence by sentence, and the guide as it was read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from payguide.base.codes import Component, Industry, Level, Period, Remote, Role, Specialisation, Tier
from payguide.base.edition import Claim
from payguide.base.estimates import Unit
from payguide.base.inputs import Place


class Assertion(StrEnum):
    """What kind of thing a sentence asserts."""

    PAY = "pay"
    PREMIUM = "premium"
    UPLIFT = "uplift"
    STEP = "step"
    SHARE = "share"
    COMPARISON = "comparison"
    DUTIES = "duties"


class Measure(StrEnum):
    """Which part of a distribution a guide's figure is."""

    MEAN = "mean"
    P10 = "p10"
    P25 = "p25"
    P50 = "p50"
    P75 = "p75"
    P90 = "p90"
    RANGE = "range"
    START = "start"
    REACH = "reach"
    UNSTATED = ""


@dataclass(frozen=True, slots=True)
class Years:
    """Years of experience, both ends in; None where an end is open."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose pay a sentence is about. What it and what stands above it leave open is empty or None."""

    role: Role = Role.OTHER
    levels: tuple[Level, ...] = ()
    years: Years | None = None
    places: tuple[Place, ...] = ()
    country: str = ""
    tiers: tuple[Tier, ...] = ()
    top: bool = False
    industries: tuple[Industry, ...] = ()
    specialisations: tuple[Specialisation, ...] = ()
    skills: tuple[str, ...] = ()
    remote: Remote | None = None
    degrees: tuple[str, ...] = ()
    employers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GuideClaim:
    """One thing that a guide asserts. `sentence` is as the guide has it; `low` and `high` are in the stated currency
    and period, or fractions where the unit is an effect or a share (None: an open end, or no figure at all).

    `unsaid` names what the guide leaves open of it; `claim` is its formal test, None where there is none: `why_not`
    says why.
    """

    kind: Assertion
    sentence: str
    whose: Whose
    low: float | None = None
    high: float | None = None
    unit: Unit = Unit.MONEY
    currency: str = ""
    period: Period | None = None
    component: Component | None = None
    statistic: Measure = Measure.UNSTATED
    year: int | None = None
    unsaid: tuple[str, ...] = ()
    claim: Claim | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Untestable:
    """A sentence about pay of which no claim is made, and why."""

    sentence: str
    why: str


@dataclass(frozen=True, slots=True)
class GuidePage:
    """A published guide as it was read: its claims in its own order, the sentences about pay that no figure can test,
    and the headings that promise something and hold nothing.
    """

    title: str
    role: Role
    country: str
    year: int | None
    claims: tuple[GuideClaim, ...]
    untestable: tuple[Untestable, ...] = ()
    gaps: tuple[str, ...] = ()
