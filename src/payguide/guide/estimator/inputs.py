"""Profiles into arrays: the numbers of their values, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, filterfalse, repeat
from operator import itemgetter
from typing import Any, Final

import numpy as np

from payguide.base.codes import LADDER
from payguide.base.errors import InputError
from payguide.base.grades import grade_key, grade_step
from payguide.base.money import FloatArray, IntArray

#: What a profile may state in plain words, beside years, tenure, grade, date and specialisation.
PLAIN: Final = (
    "source", "kind", "role", "level", "employer", "tier", "industry", "metro", "region", "country",
    "remote", "focus", "degree",
)  # fmt: skip
FIELDS: Final = (*PLAIN, "years", "tenure", "grade", "date", "specialisation")
NOT_KNOWN: Final = frozenset({"", "unknown", "unstated"})
_NAMELESS, _NAN = frozenset({None, *NOT_KNOWN}), float("nan")
DAYS_A_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """Profiles as arrays: `values` maps each dimension to value numbers (n,), -1 where not known; years (n,),
    NaN where not known; filled (n,), those that stand for the level, or the centre, put in; log_years (n,);
    day (n,) ordinals; time (n,) years since the first day, held within the evidence's. `codes` holds combinations of
    dimensions that were worked out already (evaluate.py).
    """

    values: dict[str, IntArray]
    years: FloatArray
    filled: FloatArray
    log_years: FloatArray
    day: FloatArray
    time: FloatArray
    codes: dict[tuple[str | int | None, ...], IntArray] = field(default_factory=dict)

    def __len__(self) -> int:
        """The number of profiles."""
        return len(self.years)


class Reader:
    """What it takes to read profiles for one component of a model."""

    def __init__(self, model: Mapping[str, Any], part: Mapping[str, Any]) -> None:
        self.numbers: dict[str, dict[str, int]] = {
            name: {value: k for k, value in enumerate(values) if value}
            for name, values in part["vocabulary"].items()
        }
        self.words: Mapping[str, str] = model["words"]
        self.steps = frozenset(model["steps"])
        self.cut = model["years"]
        self.specialisations: Sequence[str] = model["specialisations"]
        self.origin, self.last, self.as_of = part["origin"], part["last_day"], part["as_of"]
        self.ladder = np.array([self.numbers["level"][level] for level in LADDER])
        levels = [
            self.cut["of_level"].get(level, self.cut["centre"]) for level in part["vocabulary"]["level"]
        ]
        self.typical = np.array([*levels, self.cut["centre"]])
        self.grades: dict[str | None, tuple[int, int, bool]] = {}
        self.days: dict[object, int] = {None: self.as_of, "": self.as_of}

    def grades_of(self, told: Sequence[str | None]) -> IntArray:
        """Of grades (n) as their employers write them: their numbers, their steps' (-1 where not known), and whether
        they say anything at all (3, n). One that the model has not met is still a grade: rows were judged as such.
        """
        if len(self.grades) > 100_000:
            self.grades.clear()
        for text in filterfalse(self.grades.__contains__, told):
            key = grade_key(text or "", self.words)
            grade = self.numbers["grade"].get(key, -1)
            step = self.numbers["step"].get(grade_step(key, self.steps), -1)
            self.grades[text] = (grade, step, key not in NOT_KNOWN)
        each = chain.from_iterable(map(self.grades.__getitem__, told))
        return np.fromiter(each, np.int64, 3 * len(told)).reshape(-1, 3).T

    def days_of(self, told: Sequence[object]) -> FloatArray:
        """The ordinals (n,) of dates (n), or of ISO dates; of the model's own date where none is given."""
        for day in filterfalse(self.days.__contains__, told):
            try:
                found = day if isinstance(day, date) else date.fromisoformat(str(day)[:10])
            except ValueError:
                where = f"profile {told.index(day) + 1}"
                raise InputError(f"{day!r} is no date", where=where, remedy="write 2026-11-01") from None
            self.days[day] = found.toordinal()
        return np.fromiter(map(self.days.__getitem__, told), float, len(told))


def read(reader: Reader, profiles: Sequence[Mapping[str, Any]]) -> Inputs:
    """The profiles as arrays.

    Raises:
        InputError: years that are no number from 0 to 80, or a date that is none.
    """
    n, told = len(profiles), _columns(profiles)
    unknown = np.full(n, -1, dtype=np.int64)
    values = {
        name: np.fromiter(map(reader.numbers[name].get, told[name], repeat(-1)), np.int64, n)
        if name in told else unknown
        for name in PLAIN
    }  # fmt: skip
    nothing: list[Any] = [None] * n
    values["grade"], values["step"], graded = reader.grades_of(told.get("grade", nothing))
    named = ~np.fromiter(map(_NAMELESS.__contains__, told.get("employer", nothing)), bool, n)
    day = reader.days_of(told.get("date", nothing))
    years = _years(told.get("years", nothing), "years of experience")
    cut = reader.cut
    filled = np.where(np.isnan(years), reader.typical[values["level"]], years)
    time = (np.clip(day, reader.origin, reader.last) - reader.origin) / DAYS_A_YEAR
    inputs = Inputs(
        values, years, filled, np.log((filled + cut["shift"]) / (cut["centre"] + cut["shift"])), day, time
    )
    _derive(reader, inputs, graded > 0, named)
    tenure = _years(told.get("tenure", nothing), "years with the employer")
    stayed = ~np.isnan(tenure)
    values["tenure_step"] = np.where(stayed, np.digitize(np.where(stayed, tenure, 0.0), cut["tenure"]), -1)
    for name, stated in (("tenure", stayed), ("focus", values["focus"] >= 0)):
        values[f"tells_{name}"] = np.where(stated, 0, -1)
    for name in reader.specialisations:
        values[f"is_{name}"] = np.full(n, -1, dtype=np.int64)
    several = ((k, names) for k, names in enumerate(told.get("specialisation", ())) if names)
    for k, names in several:
        for name in _several(names):
            if f"is_{name}" in values:
                values[f"is_{name}"][k] = 0
    return inputs


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
    wrong = np.flatnonzero((years < 0) | (years > 80))
    if len(wrong):
        raise InputError(f"{told} must lie in 0-80, not {years[wrong[0]]:g}", where=f"profile {wrong[0] + 1}")
    return years


def _several(names: str | Iterable[str]) -> Iterable[str]:
    """The names of a specialisation field: one, several joined by "|", or a list."""
    return names.split("|") if isinstance(names, str) else names


def _derive(
    reader: Reader, inputs: Inputs, graded: np.ndarray[Any, Any], named: np.ndarray[Any, Any]
) -> None:
    """What follows from the inputs, as fit/model_design.py derives it: bands of years, the reading of level
    that counts, half years and years of time, and what is lacking.
    """
    values, cut = inputs.values, reader.cut
    known = ~np.isnan(inputs.years)
    years = np.where(known, inputs.years, 0.0)
    level = values["level"]
    ladder = np.where(known, reader.ladder[(years >= 3).astype(int) + (years >= 6) + (years > 10)], -1)
    experience = np.where(known, 0, np.where(level >= 0, 1, 2))
    grade = np.where(graded, 0, 1)
    employer = np.where(values["employer"] >= 0, 0, np.where(named, 1, 2))
    place = ((values["metro"] < 0) & (values["region"] < 0)).astype(np.int64)
    state = ((experience * 2 + grade) * 3 + employer) * 2 + place
    values |= {
        "level_alone": np.where(known, -1, level),
        "level_beside": np.where(known & (grade == 1) & (level != ladder), level, -1),
        "years_band": np.where(known, np.digitize(years, cut["band"]), -1),
        "years_step": np.where(known, np.digitize(years, cut["step"]), -1),
        "half": np.floor(inputs.time * 2).astype(np.int64),
        "year": np.floor(inputs.time + 0.5).astype(np.int64),
        "pattern": np.where(state > 0, state, -1),
        "state": state,
        "whole": (state > 0).astype(np.int64),
        "no_experience": np.where(experience > 0, experience, -1),
        "no_grade": np.where(grade > 0, 1, -1),
        "no_place": np.where(place > 0, 1, -1),
    }
