"""The model's columns: statements of pay as features (estimator/features.py), with the vocabulary that numbers them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import Specialisation
from payguide.base.grades import grade_key, grade_step
from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.estimator import features
from payguide.estimator.features import DAYS_A_YEAR, LEVELS, NOT_KNOWN, PLAIN, FeatureTable, ladder_level

#: The bits that hide tenure and focus; with all below `EVERYTHING` hidden, nothing is told.
TENURE, FOCUS, EVERYTHING = 32, 64, 128


@cache
def settings() -> dict[str, Any]:
    """The packaged settings of the model (model.toml)."""
    return tomllib.loads((files("payguide.fit.model") / "model.toml").read_text(encoding="utf-8"))


def number(column: Sequence[str] | np.ndarray[Any, Any]) -> tuple[IntArray, list[str]]:
    """Each value's number in the sorted list of the values; what is not known gets -1."""
    values, codes = np.unique(np.asarray(column, dtype=np.str_), return_inverse=True)
    known = ~np.isin(values, NOT_KNOWN)
    renumber = np.where(known, np.cumsum(known) - 1, -1)
    return renumber[codes].astype(np.int64), [str(value) for value in values[known]]


def raw_of(rows: PayRows, origin: int) -> tuple[FeatureTable, dict[str, list[str]]]:
    """The rows' features and the vocabulary of each plain column."""
    index, vocabulary = {}, {}
    for name in PLAIN:
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
    named, graded = index["employer"] >= 0, index["grade"] >= 0
    return FeatureTable(index, years, tenure, time, special, named, graded), vocabulary


def dimensions(raw: FeatureTable) -> dict[str, IntArray]:
    """Every dimension of the rows (`features.dimensions`)."""
    return features.dimensions(raw, settings()["years"])


def sizes(vocabulary: Mapping[str, Sequence[str]], span: float) -> dict[str, int]:
    """The number of values of every dimension (`features.sizes`)."""
    return features.sizes(vocabulary, span, settings()["years"])


def filled_years(raw: FeatureTable) -> FloatArray:
    """The years of experience, put in where they are not known (n,)."""
    return features.filled_years(raw, settings()["years"])


def over(raw: FeatureTable, name: str) -> FloatArray:
    """The variable of a slope (n,)."""
    if name == "time":
        return raw.time
    return features.log_years(filled_years(raw), settings()["years"])


def hide(raw: FeatureTable, draw: IntArray) -> FeatureTable:
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
    return replace(
        raw, index=index, years=hidden, tenure=stayed, named=raw.named & ~employer, graded=raw.graded & ~grade
    )


def followed(raw: FeatureTable, periods: int) -> BoolArray:
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
