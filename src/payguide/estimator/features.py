"""Features: what a statement or a profile says, as dimensions with numbered values.

A dimension is an integer array (n,): the number of the row's value in the dimension's vocabulary, -1 where
it is not known. An effect keyed by several dimensions is not applied where one of them is not known. What
follows from what is said (bands of years, the readings of level, what is lacking) is derived here, for the fit and for
predictions alike; the page's script (guide/scripts/inputs.js) derives the same from the same settings, which the model
file carries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from payguide.base.codes import LADDER, Level, Specialisation
from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.base.reference.levels import bounds

#: What is said in plain words, and becomes a dimension as it is.
PLAIN: Final = (
    "source", "kind", "role", "level", "employer", "tier", "industry", "metro", "region", "country",
    "remote", "focus", "degree",
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
_LADDER: Final = np.array([LEVELS.index(level) for level in LADDER])

DAYS_A_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True, eq=False)
class FeatureTable:
    """What n rows say: `index` maps each plain column, the grade and its step to value numbers (n,); years (n,) of
    experience and tenure (n,), those with the employer, NaN where not known; time (n,) in years since the first day;
    special (n, s) 0/1 in the order of `Specialisation`; named and graded (n,) whether an employer and a grade are
    stated at all, which need not be ones that have a number.
    """

    index: Mapping[str, IntArray]
    years: FloatArray
    tenure: FloatArray
    time: FloatArray
    special: FloatArray
    named: BoolArray
    graded: BoolArray

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.years)

    def take(self, rows: IntArray) -> FeatureTable:
        """The named rows."""
        index = {name: codes[rows] for name, codes in self.index.items()}
        others = (self.years, self.tenure, self.time, self.special, self.named, self.graded)
        return FeatureTable(index, *(one[rows] for one in others))  # type: ignore[arg-type]


def ladder_level(years: FloatArray) -> IntArray:
    """The number of the ladder's level for known years (n,); -1 for NaN."""
    passed = [years > bound.end if bound.inclusive else years >= bound.end for bound in bounds()]
    return np.where(np.isnan(years), -1, _LADDER[np.sum(passed, axis=0)])


def dimensions(given: FeatureTable, cut: Mapping[str, Any]) -> dict[str, IntArray]:
    """Every dimension of the rows, derived ones too; -1 where not known. `cut` has the edges of years (`band`, `step`)
    and of `tenure`.
    """
    known, stayed = ~np.isnan(given.years), ~np.isnan(given.tenure)
    years, level = np.where(known, given.years, 0.0), given.index["level"]
    experience = np.where(known, 0, np.where(level >= 0, 1, 2))
    grade = (~given.graded).astype(np.int64)
    employer = np.where(given.index["employer"] >= 0, 0, np.where(given.named, 1, 2))
    place = ((given.index["metro"] < 0) & (given.index["region"] < 0)).astype(np.int64)
    state = ((experience * 2 + grade) * 3 + employer) * 2 + place
    found = {name: codes for name, codes in given.index.items() if name != "level"}
    found |= {
        "level_alone": np.where(known, -1, level),
        "level_beside": np.where(known & (grade == 1) & (level != ladder_level(given.years)), level, -1),
        "years_band": np.where(known, np.digitize(years, cut["band"]), -1),
        "years_step": np.where(known, np.digitize(years, cut["step"]), -1),
        "tenure_step": np.where(stayed, np.digitize(np.where(stayed, given.tenure, 0.0), cut["tenure"]), -1),
        "half": np.floor(given.time * 2).astype(np.int64),
        "year": np.floor(given.time + 0.5).astype(np.int64),
        "pattern": np.where(state > 0, state, -1),
        "state": state,
        "whole": (state > 0).astype(np.int64),
        "no_experience": np.where(experience > 0, experience, -1),
        "no_grade": np.where(grade > 0, 1, -1),
        "no_place": np.where(place > 0, 1, -1),
        "tells_tenure": np.where(stayed, 0, -1),
        "tells_focus": np.where(given.index["focus"] < 0, -1, 0),
    }
    found |= {f"is_{name}": np.where(given.special[:, k] > 0, 0, -1) for k, name in enumerate(Specialisation)}
    return found


def sizes(vocabulary: Mapping[str, Sequence[str]], span: float, cut: Mapping[str, Any]) -> dict[str, int]:
    """The number of values of every dimension, `span` being the years from the first to the last day."""
    found = {name: len(values) for name, values in vocabulary.items()}
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


def typical_years(cut: Mapping[str, Any]) -> FloatArray:
    """The years that stand for each of `LEVELS`, and last those that stand for none."""
    return np.array([*(cut["of_level"].get(level, cut["centre"]) for level in LEVELS), cut["centre"]])


def filled_years(given: FeatureTable, cut: Mapping[str, Any]) -> FloatArray:
    """The years of experience; where not known, those that stand for the level, or the centre (n,)."""
    return np.where(np.isnan(given.years), typical_years(cut)[given.index["level"]], given.years)


def log_years(filled: FloatArray, cut: Mapping[str, Any]) -> FloatArray:
    """What pay grows along as years (n,) pass: 0 at the centre."""
    return np.asarray(np.log((filled + cut["shift"]) / (cut["centre"] + cut["shift"])))


def code(found: Mapping[str, IntArray], by: Sequence[str], sizes: Mapping[str, int]) -> IntArray:
    """One number for a combination of values (mixed radix, the first dimension leading); negative where a value is not
    known.
    """
    total = signs = found[by[0]]
    for name in by[1:]:
        # a number that is negative makes the bits of all of them together negative
        signs = signs | found[name]
        total = total * sizes[name] + found[name]
    return total if total is signs else np.where(signs < 0, -1, total)
