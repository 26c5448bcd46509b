"""The nouns of figures: estimates, and what the gate lets through of them.

Money is annual, in the currency named beside it; shares are fractions of one; effects are fractions (0.15 = 15 % more),
already taken off the log scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from payguide.base.codes import Component, EvidenceKind, Level, Role


class Unit(StrEnum):
    """The unit of a figure's value."""

    MONEY = "money"
    SHARE = "share"
    EFFECT = "effect"
    RATIO = "ratio"
    COUNT = "count"
    CORRELATION = "correlation"


@dataclass(frozen=True, slots=True)
class SourceEstimate:
    """One source's own estimate of a figure: its value aged to the edition's date with its interval, its weight, and
    the factor that aged it. `n_employers` is None where none is named.

    In a blend of sources the weights add up to one. Beside a figure of the market the value is a check, and the weight
    the source's influence: how far the figure moves when all base pay that the source states moves by one; it may be
    a little negative, and is 0 where it is not worked out (of effects and of total over base).
    """

    source: str
    kind: EvidenceKind
    value: float
    low: float
    high: float
    weight: float
    n: int
    n_employers: int | None
    mean_date: date
    ageing: float = 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure before the gate.

    `id` is dotted and stable: `band.senior.base.p50`, `effect.metro.41860`, `skill.pytorch.demand`.
    `coverage` is the stated coverage of [low, high]. `n_employers` are those that are named, None where none is;
    `n_unnamed` pieces name none. `effective` is the effective number of employers (inverse Simpson), or of what stands
    in their place; `largest_share` the share of n of the largest, and `largest` its slug ("" where it is not named); of
    a published figure its name, where it dominates.
    `heterogeneity` is I2 of a blend of sources (None with one source, and of the market's figures). `borrowed` is the
    share of what parts a narrower population from the others that is its parents' (None where it is of all).
    `significant` tells whether it stands after false-discovery control (None where it was not tested with others).
    """

    id: str
    label: str
    unit: Unit
    value: float
    low: float
    high: float
    coverage: float
    n: int
    n_records: int
    n_employers: int | None
    n_unnamed: int
    effective: float
    largest_share: float
    largest: str
    method: str
    population: str
    date: date
    sources: tuple[SourceEstimate, ...] = ()
    heterogeneity: float | None = None
    currency: str = ""
    component: Component | None = None
    role: Role | None = None
    level: Level | None = None
    quantile: float | None = None
    notes: tuple[str, ...] = ()
    borrowed: float | None = None
    significant: bool | None = None

    def __post_init__(self) -> None:
        """An interval holds its value."""
        if not self.low <= self.value <= self.high:
            raise ValueError(f"{self.id}: the interval {self.low}-{self.high} does not hold {self.value}")

    @property
    def sure(self) -> bool:
        """Whether an effect can be told from zero: by its interval, and among others that were tested with it."""
        return (self.low > 0 or self.high < 0) and self.significant is not False


@dataclass(frozen=True, slots=True)
class Unknown:
    """A figure the evidence says nothing about (not withheld, not zero)."""

    id: str
    label: str
    why: str


@dataclass(frozen=True, slots=True)
class Published:
    """A figure the gate let out."""

    estimate: Estimate

    @property
    def id(self) -> str:
        """The estimate's id."""
        return self.estimate.id


@dataclass(frozen=True, slots=True)
class Withheld:
    """A figure the gate kept back: the rule it broke and, in words, why. It carries no value."""

    id: str
    label: str
    rule: str
    why: str


Figure = Published | Withheld | Unknown
