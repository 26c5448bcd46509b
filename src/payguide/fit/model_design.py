"""The model's columns: what a statement of pay is, as dimensions with numbered values.

A dimension is an integer array (n,): the number of the row's value in the dimension's vocabulary, -1 where
it is not known. An effect keyed by several dimensions is not applied where one of them is not known. What
is derived from raw inputs (years bands, the readings of level, what is lacking) is derived here, and by
guide/estimator.py in the same way from the settings the model file carries.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from payguide.base.codes import LADDER, Level, Specialisation
from payguide.base.figures import PayRows
from payguide.base.grades import grade_key, grade_step
from payguide.base.money import BoolArray, FloatArray, IntArray

#: Text columns that become dimensions as they are.
PLAIN: Final = (
    "source", "kind", "role", "level", "employer", "grade", "tier", "industry", "metro", "region",
    "country", "remote", "focus", "degree",
)  # fmt: skip

#: Values that say "not known" in any text column.
NOT_KNOWN: Final = ("", "unknown", "unstated")

#: What may be lacking, in the order of the pattern's letters.
EXPERIENCE, GRADE = ("known", "level", "none"), ("known", "none")
EMPLOYER, PLACE = ("known", "new", "none"), ("known", "none")
PATTERNS: Final = tuple(
    f"{e}-{g}-{m}-{p}" for e in EXPERIENCE for g in GRADE for m in EMPLOYER for p in PLACE
)

#: The levels in the order of their numbers.
LEVELS: Final = tuple(sorted(str(level) for level in Level if level is not Level.UNSTATED))

DAYS_A_YEAR: Final = 365.25

#: The bits that hide tenure and focus; with all below `EVERYTHING` hidden, nothing is told.
TENURE, FOCUS, EVERYTHING = 32, 64, 128


@cache
def settings() -> dict[str, Any]:
    """The packaged settings of the model (model.toml)."""
    return tomllib.loads((files("payguide.fit") / "model.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """The rows' inputs: `index` maps each plain column to (n,) value numbers; years (n,) of
    experience and tenure (n,), those with the employer, NaN where not known; time (n,) in years since `origin`;
    special (n, s) 0/1 in the order of `Specialisation`; known (n,) whether the employer is one the model has rows of.
    """

    index: Mapping[str, IntArray]
    years: FloatArray
    tenure: FloatArray
    time: FloatArray
    special: FloatArray
    known: np.ndarray[Any, np.dtype[np.bool_]]

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.years)

    def take(self, rows: IntArray) -> Raw:
        """The named rows."""
        index = {name: codes[rows] for name, codes in self.index.items()}
        return Raw(
            index, self.years[rows], self.tenure[rows], self.time[rows], self.special[rows], self.known[rows]
        )


def number(column: Sequence[str] | np.ndarray[Any, Any]) -> tuple[IntArray, list[str]]:
    """Each value's number in the sorted list of the values; what is not known gets -1."""
    values, codes = np.unique(np.asarray(column, dtype=np.str_), return_inverse=True)
    known = ~np.isin(values, NOT_KNOWN)
    renumber = np.where(known, np.cumsum(known) - 1, -1)
    return renumber[codes].astype(np.int64), [str(value) for value in values[known]]


def raw_of(rows: PayRows, origin: int) -> tuple[Raw, dict[str, list[str]]]:
    """The rows' inputs and the vocabulary of each plain column."""
    index, vocabulary = {}, {}
    for name in PLAIN:
        if name != "grade":
            index[name], vocabulary[name] = number(rows.columns[name])
    texts, where = np.unique(rows.columns["grade"], return_inverse=True)
    keys = [grade_key(str(text), settings()["words"]) for text in texts]
    steps = [grade_step(key, settings()["steps"]) for key in keys]
    for name, found in (("grade", keys), ("step", steps)):
        index[name], vocabulary[name] = number(np.array(found, dtype=np.str_)[where])
    # levels are always numbered the same, so that a level can be put in from the years
    renumber = np.array(
        [LEVELS.index(value) if value in LEVELS else -1 for value in vocabulary["level"]] + [-1]
    )
    index["level"], vocabulary["level"] = renumber[index["level"]].astype(np.int64), list(LEVELS)
    special = np.array(
        [
            [float(name in text.split("|")) for name in Specialisation]
            for text in rows.columns["specialisation"]
        ]
    ).reshape(len(rows), len(Specialisation))
    time = (rows.day - origin) / DAYS_A_YEAR
    years, tenure = rows.years.astype(float), rows.tenure.astype(float)
    return Raw(index, years, tenure, time, special, index["employer"] >= 0), vocabulary


def ladder_level(years: FloatArray) -> IntArray:
    """The number of the ladder's level for known years (`base.codes.level_of_years`); -1 for NaN."""
    steps = np.array([LEVELS.index(level) for level in LADDER])
    step = (years >= 3).astype(np.int64) + (years >= 6) + (years > 10)
    return np.where(np.isnan(years), -1, steps[step])


def patterns(raw: Raw) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """What each row lacks: experience 0-2, grade 0-1, employer 0-2 (1: an employer the model has no rows
    of), place 0-1; numbered in the order of EXPERIENCE, GRADE, EMPLOYER, PLACE.
    """
    levelled = raw.index["level"] >= 0
    experience = np.where(~np.isnan(raw.years), 0, np.where(levelled, 1, 2))
    grade = (raw.index["grade"] < 0).astype(np.int64)
    employer = np.where(raw.known, 0, np.where(raw.index["employer"] >= 0, 1, 2))
    place = ((raw.index["metro"] < 0) & (raw.index["region"] < 0)).astype(np.int64)
    return experience.astype(np.int64), grade, employer.astype(np.int64), place


def dimensions(raw: Raw) -> dict[str, IntArray]:
    """Every dimension of the rows, derived ones too; -1 where not known."""
    known, stayed = ~np.isnan(raw.years), ~np.isnan(raw.tenure)
    years = np.where(known, raw.years, 0.0)
    cut = settings()["years"]
    experience, grade, employer, place = patterns(raw)
    pattern = ((experience * 2 + grade) * 3 + employer) * 2 + place
    level = raw.index["level"]
    found = {name: codes for name, codes in raw.index.items() if name != "level"}
    found["employer"] = np.where(raw.known, raw.index["employer"], -1)
    found |= {
        "level_alone": np.where(known, -1, level),
        "level_beside": np.where(known & (grade == 1) & (level != ladder_level(raw.years)), level, -1),
        "years_band": np.where(known, np.digitize(years, cut["band"]), -1),
        "years_step": np.where(known, np.digitize(years, cut["step"]), -1),
        "tenure_step": np.where(stayed, np.digitize(np.where(stayed, raw.tenure, 0.0), cut["tenure"]), -1),
        "half": np.floor(raw.time * 2).astype(np.int64),
        "year": np.floor(raw.time + 0.5).astype(np.int64),
        "pattern": np.where(pattern > 0, pattern, -1),
        "state": pattern,
        "whole": (pattern > 0).astype(np.int64),
        "no_experience": np.where(experience > 0, experience, -1),
        "no_grade": np.where(grade > 0, 1, -1),
        "no_place": np.where(place > 0, 1, -1),
        "tells_tenure": np.where(stayed, 0, -1),
        "tells_focus": np.where(raw.index["focus"] < 0, -1, 0),
    }
    found |= {f"is_{name}": np.where(raw.special[:, k] > 0, 0, -1) for k, name in enumerate(Specialisation)}
    return found


def sizes(vocabulary: Mapping[str, Sequence[str]], span: float) -> dict[str, int]:
    """The number of values of every dimension, `span` being the years from the origin to the last day."""
    found = {name: len(values) for name, values in vocabulary.items()}
    cut = settings()["years"]
    found |= {
        "level_alone": found["level"], "level_beside": found["level"],
        "years_band": len(cut["band"]) + 1, "years_step": len(cut["step"]) + 1,
        "tenure_step": len(cut["tenure"]) + 1,
        "half": int(span * 2) + 1, "year": int(span + 0.5) + 1,
        "pattern": len(PATTERNS), "state": len(PATTERNS), "whole": 2,
        "no_experience": 3, "no_grade": 2, "no_place": 2,
        "tells_tenure": 1, "tells_focus": 1,
    }  # fmt: skip
    return found | {f"is_{name}": 1 for name in Specialisation}


def filled_years(raw: Raw) -> FloatArray:
    """The years of experience; where not known, those that stand for the level, or the centre (n,)."""
    cut = settings()["years"]
    typical = np.array([cut["of_level"].get(level, cut["centre"]) for level in LEVELS] + [cut["centre"]])
    return np.where(np.isnan(raw.years), typical[raw.index["level"]], raw.years)


def over(raw: Raw, name: str) -> FloatArray:
    """The variable of a slope (n,)."""
    if name == "time":
        return raw.time
    cut, years = settings()["years"], filled_years(raw)
    return np.asarray(np.log((years + cut["shift"]) / (cut["centre"] + cut["shift"])))


def hide(raw: Raw, draw: IntArray) -> Raw:
    """The rows with inputs hidden: bit by bit of `draw` (n,): 1 years, 2 level too, 4 grade, 8 employer
    (with its tier and industry), 16 place, `TENURE`, `FOCUS`. Where the years are hidden but the level is not, the
    level is the ladder's.
    """
    bits = (1, 2, 4, 8, 16, TENURE, FOCUS)
    years, level, grade, employer, place, tenure, focus = (draw & bit > 0 for bit in bits)
    index = dict(raw.index)
    from_years = ladder_level(raw.years)
    read = np.where((index["level"] < 0) | ~np.isnan(raw.years), from_years, index["level"])
    read = np.where(read >= 0, read, index["level"])
    index["level"] = np.where(years, np.where(level, -1, read), index["level"])
    for name in ("grade", "step"):
        index[name] = np.where(grade, -1, index[name])
    for name in ("employer", "tier", "industry"):
        index[name] = np.where(employer, -1, index[name])
    for name in ("metro", "region"):
        index[name] = np.where(place, -1, index[name])
    index["focus"] = np.where(focus, -1, index["focus"])
    hidden, stayed = np.where(years, np.nan, raw.years), np.where(tenure, np.nan, raw.tenure)
    return replace(raw, index=index, years=hidden, tenure=stayed, known=raw.known & ~employer)


def followed(raw: Raw, periods: int) -> BoolArray:
    """The half-year steps of time (periods - 1,) over which some one source goes on: it has rows in the step
    and in the next, so that both of its ends are known from the same source.
    """
    fewest = settings()["fitting"]["fewest_followed"]
    source, half = (
        np.maximum(raw.index["source"], 0),
        np.minimum((raw.time * 2).astype(np.int64), periods - 2),
    )
    rows = np.zeros((int(source.max()) + 1, periods))
    np.add.at(rows, (source, half), 1)
    goes_on = (rows[:, :-1] >= fewest) & (rows[:, 1:] >= fewest)
    return np.asarray(goes_on.any(axis=0))
