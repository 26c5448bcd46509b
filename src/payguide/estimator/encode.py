"""Profiles into arrays: the numbers of what they say, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from payguide.base.dates import day_of
from payguide.base.errors import InputError
from payguide.base.grades import grade_key, grade_step
from payguide.base.money import FloatArray, IntArray
from payguide.base.reference.plausible import MAX_YEARS
from payguide.estimator.columns import Column, Profiles
from payguide.estimator.features import (
    DAYS_A_YEAR,
    NOT_KNOWN,
    PLAIN,
    FeatureTable,
    dimensions,
    filled_years,
    log_years,
)

#: Grades that are kept read at the most.
_KEPT: Final = 100_000
_NAMELESS, _NAN = frozenset({None, *NOT_KNOWN}), float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Profiles as arrays: `values` maps each dimension to value numbers (n,), -1 where not known; filled (n,), years of
    experience or those that stand for the level, or the centre; log_years (n,); day (n,) ordinals; time (n,) years
    since the first day, held within the evidence's. `codes` holds combinations of dimensions that were worked out
    already (evaluate.py).
    """

    values: dict[str, IntArray]
    filled: FloatArray
    log_years: FloatArray
    day: FloatArray
    time: FloatArray
    codes: dict[tuple[str | int | None, ...], IntArray] = field(default_factory=dict)

    def __len__(self) -> int:
        """The number of profiles."""
        return len(self.filled)


class FeatureEncoder:
    """What it takes to read profiles for one component of a model."""

    def __init__(self, model: Mapping[str, Any], part: Mapping[str, Any]) -> None:
        self.numbers: dict[str, dict[str, int]] = {
            name: {value: k for k, value in enumerate(values)} for name, values in part["vocabulary"].items()
        }
        self.words: Mapping[str, str] = model["words"]
        self.steps = frozenset(model["steps"])
        self.cut = model["years"]
        self.specialisations = {name: k for k, name in enumerate(model["specialisations"])}
        self.origin, self.last, self.as_of = part["origin"], part["last_day"], part["as_of"]
        self.grades: dict[str | None, tuple[int, int, bool]] = {}
        self.days: dict[object, int] = {None: self.as_of, "": self.as_of}

    def grade(self, text: str | None) -> tuple[int, int, bool]:
        """A grade as its employer writes it: its number, its step's (-1 where not known), and whether it says anything
        at all. One that the model has not met is still a grade: rows were judged as such.
        """
        if text not in self.grades:
            if len(self.grades) > _KEPT:
                self.grades.clear()
            key = grade_key(text or "", self.words)
            number = self.numbers["grade"].get(key, -1)
            step = self.numbers["step"].get(grade_step(key, self.steps), -1)
            self.grades[text] = (number, step, key not in NOT_KNOWN)
        return self.grades[text]

    def day(self, given: object, number: int) -> int:
        """The ordinal of a date or an ISO date, of the model's own date where none is given; `number` is the profile's.

        Raises:
            InputError: it is no date, or no plausible one.
        """
        if given not in self.days:
            try:
                self.days[given] = day_of(given).toordinal()
            except ValueError as error:
                raise InputError(str(error), where=f"profile {number}") from None
        return self.days[given]

    def time(self, day: FloatArray) -> FloatArray:
        """Years since the first day, held within the evidence's."""
        return np.asarray((np.clip(day, self.origin, self.last) - self.origin) / DAYS_A_YEAR)


def encode(encoder: FeatureEncoder, profiles: Profiles) -> Inputs:
    """The profiles as arrays.

    Raises:
        InputError: years that are no number from 0 to 80, or a date that is none.
    """
    numbers = ((name, encoder.numbers[name]) for name in PLAIN)
    index: dict[str, IntArray] = {
        name: profiles[name].read(lambda value, known=known: known.get(value, -1), np.int64)  # type: ignore[misc]
        for name, known in numbers
    }
    index["grade"], index["step"], graded = profiles["grade"].read(encoder.grade, np.int64).reshape(-1, 3).T
    day = _days(encoder, profiles["date"])
    given = FeatureTable(
        index,
        years=years_told(profiles["years"], "years of experience"),
        tenure=years_told(profiles["tenure"], "years with the employer"),
        time=encoder.time(day),
        special=_specialisations(encoder, profiles["specialisation"]),
        named=profiles["employer"].read(lambda who: who not in _NAMELESS, bool),
        graded=graded > 0,
    )
    filled = filled_years(given, encoder.cut)
    return Inputs(dimensions(given, encoder.cut), filled, log_years(filled, encoder.cut), day, given.time)


def _days(encoder: FeatureEncoder, told: Column) -> FloatArray:
    days = [encoder.day(day, int(np.argmax(told.codes == k)) + 1) for k, day in enumerate(told.values)]
    return np.array(days, float)[told.codes]


def _specialisations(encoder: FeatureEncoder, told: Column) -> FloatArray:
    """0/1 (n, s)."""
    found = np.zeros((len(told.values), len(encoder.specialisations)))
    for k, names in enumerate(told.values):
        for name in several(names or ()):
            if name in encoder.specialisations:
                found[k, encoder.specialisations[name]] = 1.0
    return found[told.codes]


def years_told(given: Column, told: str) -> FloatArray:
    """A field of years (n,), NaN where not given; `told` is what it is called. Raises as `encode`."""
    try:
        years = np.array([_NAN if one is None or one == "" else float(one) for one in given.values])
    except (TypeError, ValueError) as error:
        raise InputError(f"{told} must be a number ({error})", where="a profile") from None
    for k in np.flatnonzero((years < 0) | (years > MAX_YEARS)):
        where = f"profile {np.argmax(given.codes == k) + 1}"
        raise InputError(f"{told} must lie in 0-{MAX_YEARS}, not {years[k]:g}", where=where)
    return np.asarray(years[given.codes])


def years_of(given: Any, told: str) -> float | None:
    """One profile's field of years. Raises as `encode`."""
    if given is None or given == "":
        return None
    (years,) = years_told(Column.of([given], 1), told).tolist()
    return None if math.isnan(years) else float(years)


def several(names: str | Iterable[str]) -> Iterable[str]:
    """The names of a specialisation field: one, several joined by "|", or a list."""
    return names.split("|") if isinstance(names, str) else names
