"""Profiles into arrays: the numbers of what they say, and what follows from them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, filterfalse, repeat
from operator import itemgetter
from typing import Any, Final

import numpy as np

from payguide.base.dates import day_of
from payguide.base.errors import InputError
from payguide.base.grades import grade_key, grade_step
from payguide.base.money import FloatArray, IntArray
from payguide.base.reference.plausible import MAX_YEARS
from payguide.estimator.features import (
    DAYS_A_YEAR,
    NOT_KNOWN,
    PLAIN,
    FeatureTable,
    dimensions,
    filled_years,
    log_years,
)

#: What a profile may state.
FIELDS: Final = (*PLAIN, "years", "tenure", "grade", "date", "specialisation")
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


def encode(encoder: FeatureEncoder, profiles: Sequence[Mapping[str, Any]]) -> Inputs:
    """The profiles as arrays.

    Raises:
        InputError: years that are no number from 0 to 80, or a date that is none.
    """
    n, told = len(profiles), _columns(profiles)
    unknown, nothing = np.full(n, -1, dtype=np.int64), [None] * n
    index = {
        name: np.fromiter(map(encoder.numbers[name].get, told[name], repeat(-1)), np.int64, n)
        if name in told else unknown
        for name in PLAIN
    }  # fmt: skip
    index["grade"], index["step"], graded = _grades(encoder, told.get("grade", nothing))
    day = _days(encoder, told.get("date", nothing))
    given = FeatureTable(
        index,
        years=_years(told.get("years", nothing), "years of experience"),
        tenure=_years(told.get("tenure", nothing), "years with the employer"),
        time=encoder.time(day),
        special=_specialisations(encoder, told.get("specialisation", ()), n),
        named=~np.fromiter(map(_NAMELESS.__contains__, told.get("employer", nothing)), bool, n),
        graded=graded > 0,
    )
    filled = filled_years(given, encoder.cut)
    return Inputs(dimensions(given, encoder.cut), filled, log_years(filled, encoder.cut), day, given.time)


def _grades(encoder: FeatureEncoder, told: Sequence[str | None]) -> IntArray:
    """Grades (n): their numbers, their steps', and whether they say anything (3, n)."""
    if len(encoder.grades) > 100_000:
        encoder.grades.clear()
    for text in filterfalse(encoder.grades.__contains__, told):
        encoder.grade(text)
    each = chain.from_iterable(map(encoder.grades.__getitem__, told))
    return np.fromiter(each, np.int64, 3 * len(told)).reshape(-1, 3).T


def _days(encoder: FeatureEncoder, told: Sequence[object]) -> FloatArray:
    for day in filterfalse(encoder.days.__contains__, told):
        encoder.day(day, told.index(day) + 1)
    return np.fromiter(map(encoder.days.__getitem__, told), float, len(told))


def _specialisations(encoder: FeatureEncoder, told: Sequence[Any], n: int) -> FloatArray:
    """0/1 (n, s)."""
    found = np.zeros((n, len(encoder.specialisations)))
    for k, names in ((k, names) for k, names in enumerate(told) if names):
        for name in several(names):
            if name in encoder.specialisations:
                found[k, encoder.specialisations[name]] = 1.0
    return found


def _columns(profiles: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The fields of the profiles, None where one is not there; without those that none has. A profile at a time, for
    thousands of them do not stay in the processor's cache; all of a profile's at once where all have the same.
    """
    names = tuple(profiles[0])
    if len(names) > 1 and {(type(one), len(one)) for one in profiles} == {(dict, len(names))}:
        with suppress(KeyError):
            told = list(chain.from_iterable(map(itemgetter(*names), profiles)))
            return {name: told[k :: len(names)] for k, name in enumerate(names)}
    told = [profile.get(name) for profile in profiles for name in FIELDS]
    return {name: told[k :: len(FIELDS)] for k, name in enumerate(FIELDS)}


def _years(given: Sequence[Any], told: str) -> FloatArray:
    """A field of years, NaN where not given; `told` is what it is called."""
    try:
        years = np.array([_NAN if one is None or one == "" else float(one) for one in given])
    except (TypeError, ValueError) as error:
        raise InputError(f"{told} must be a number ({error})", where="a profile") from None
    wrong = np.flatnonzero((years < 0) | (years > MAX_YEARS))
    if len(wrong):
        raise InputError(
            f"{told} must lie in 0-{MAX_YEARS}, not {years[wrong[0]]:g}", where=f"profile {wrong[0] + 1}"
        )
    return years


def years_of(given: Any, told: str) -> float | None:
    """One profile's field of years. Raises as `encode`."""
    if given is None or given == "":
        return None
    (years,) = _years([given], told).tolist()
    return None if math.isnan(years) else float(years)


def several(names: str | Iterable[str]) -> Iterable[str]:
    """The names of a specialisation field: one, several joined by "|", or a list."""
    return names.split("|") if isinstance(names, str) else names
