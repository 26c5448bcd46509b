"""Outliers among the pieces of evidence: marked, never deleted. Three stages, after LinkedIn Salary (Kenthapadi,
Ambler, Zhang and Agarwal, "Bringing Salary Transparency to the World", CIKM 2017).

1. Hard limits: the contract refuses what breaks them (`contract`), and the quarantine keeps it.
2. Limits from the official statistics of the occupation and the place (`limits`).
3. Box and whiskers (Tukey, Exploratory Data Analysis, 1977) on the logs of what one source says of one role's level
   and component: beyond Q1 - 3 IQR or Q3 + 3 IQR, the outer fences. Of log-normal pay 2.3 in a million lie there.
   Only what people type (self-reports, payroll lines) is judged so: a band that an employer publishes is no slip. What
   three pieces of one employer say beyond the same fence is how that employer pays (all in cash, a token bonus), and
   is not marked either.

Of a range the middle on the log scale is judged. What is marked counts in no cell, regression or fit; `payguide
evidence outliers` lists it. Fewer than 20 pieces, or quartiles that are equal, have no whiskers; where no official
statistics are in the evidence there are no limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.base.figures import OfficialFigure
from payguide.base.money import BoolArray, FloatArray
from payguide.evidence.distinct import PERSONAL
from payguide.evidence.engine import Engine, Frame
from payguide.evidence.limits import limits
from payguide.evidence.members import Words

#: How far beyond the quartiles the fences stand, in interquartile ranges: Tukey's outer ones.
FENCE: Final = 3.0

#: The fewest pieces with whiskers: a quartile of fewer is one piece's word.
LEAST: Final = 20

#: So many pieces of one employer beyond one fence are how it pays.
CORROBORATED: Final = 3

#: The stages that mark, as they are written.
LIMITS, WHISKERS = "official limits", "whiskers"

_GROUP: Final = ("source", "role", "component")

#: What pieces that are judged alike share.
_ALIKE: Final = (*_GROUP, "level", "cluster", "place_metro", "place_region", "low", "high")

#: The marked among them; `least` and `most` are the limits or fences, null where there is none.
MARKS: Final = pa.schema([
    *((name, pa.float64() if name in ("low", "high") else pa.string()) for name in _ALIKE),
    ("outlier", pa.string()), ("least", pa.float64()), ("most", pa.float64()),
])  # fmt: skip

#: Least and most by role, component and place.
_Limits = Mapping[tuple[str, str, str], tuple[float, float]]


def marked(engine: Engine, found: Frame, official: Sequence[OfficialFigure]) -> Frame:
    """The pieces with `outlier`, the stage that marks one or empty, and the limits or fences (`least`, `most`) of
    what is marked, in annual money.
    """
    table = limits(official) if official else limits(())
    by_place = {
        (row["role"], row["component"], row["metro"] or row["region"]): (
            row["low"], np.nan if row["high"] is None else row["high"],
        )
        for row in table.to_pylist()
    }  # fmt: skip
    function = partial(of_group, by_place=by_place)
    marks = [
        one for one in engine.grouped(found.select(*_ALIKE, "kind"), _GROUP, function, MARKS) if one.num_rows
    ]
    given = engine.given(pa.concat_tables([MARKS.empty_table(), *marks]))
    joined = found.join(given, on=list(_ALIKE), how="left")
    return joined.with_columns(outlier=nw.coalesce("outlier", nw.lit("")))


def of_group(rows: pa.Table, by_place: _Limits) -> pa.Table:
    """The marks (`MARKS`) in what one source says of one role's component."""
    group = {name: str(rows[name][0]) for name in _GROUP}
    low, high = rows["low"].to_numpy(), rows["high"].to_numpy()
    middle = np.sqrt(low * high)
    least, most = _limits(rows, {key[2]: both for key, both in by_place.items() if key[:2] == _job(group)})
    beyond = (middle < least) | (middle > most)
    lowest, highest = _fences(Words.of(rows["level"]), middle, ~beyond)
    side = np.where(beyond, 0, (middle > highest).astype(np.int8) - (middle < lowest))
    kind = Words.of(rows["kind"])
    typed = np.isin(kind.words, [str(one) for one in PERSONAL])[kind.codes]
    whiskers = typed & (side != 0) & ~_corroborated(Words.of(rows["cluster"]), side)
    at = np.flatnonzero(beyond | whiskers)
    columns = {name: rows[name].take(pa.array(at)).cast(MARKS.field(name).type) for name in _ALIKE}
    columns["outlier"] = pa.array(np.where(beyond[at], LIMITS, WHISKERS).tolist(), pa.string())
    for name, limit, fence in (("least", least, lowest), ("most", most, highest)):
        columns[name] = pa.array(np.where(beyond[at], limit[at], fence[at]), from_pandas=True)
    # pieces that are alike are judged alike: one row marks them all
    return pa.table(columns, schema=MARKS).group_by(MARKS.names, use_threads=False).aggregate([])


def _job(group: Mapping[str, str]) -> tuple[str, str]:
    return group["role"], group["component"]


def _limits(rows: pa.Table, by_place: Mapping[str, tuple[float, float]]) -> tuple[FloatArray, FloatArray]:
    """Of each piece (n,) the limits of its metro, else of its state, else of the nation; NaN where there are none."""
    metro, region = Words.of(rows["place_metro"]), Words.of(rows["place_region"])
    bounds = np.full((len(metro.words), len(region.words), 2), np.nan)
    for i, one in enumerate(metro.words) if by_place else ():
        for j, other in enumerate(region.words):
            names = (*filter(None, (one, other)), "")
            bounds[i, j] = next((by_place[name] for name in names if name in by_place), np.nan)
    found = bounds[metro.codes, region.codes]
    return found[:, 0], found[:, 1]


def _fences(level: Words, middle: FloatArray, inside: BoolArray) -> tuple[FloatArray, FloatArray]:
    """The outer fences of each piece's level (n,), from the pieces inside the limits; NaN where there are none."""
    fences = np.full((len(level.words), 2), np.nan)
    for code in range(len(level.words)):
        logs = np.log(middle[(level.codes == code) & inside])
        if len(logs) >= LEAST:
            lower, upper = np.quantile(logs, [0.25, 0.75])
            reach = FENCE * (upper - lower)
            if reach > 0:
                fences[code] = np.exp([lower - reach, upper + reach])
    return fences[level.codes, 0], fences[level.codes, 1]


def _corroborated(employer: Words, side: NDArray[np.int8]) -> BoolArray:
    """Whether a piece's employer has enough pieces beyond the same fence (n,)."""
    found = np.zeros(len(side), np.bool_)
    for one in (-1, 1):
        times = np.bincount(employer.codes[side == one], minlength=len(employer.words))
        found |= (side == one) & (times[employer.codes] >= CORROBORATED)
    return found
