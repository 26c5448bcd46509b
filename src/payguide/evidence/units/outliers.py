"""Outliers among the pieces of evidence: marked, never deleted. Three stages, after LinkedIn Salary (Kenthapadi,
Ambler, Zhang and Agarwal, "Bringing Salary Transparency to the World", CIKM 2017).

1. Hard limits: the contract refuses what breaks them (`contract`), and the quarantine keeps it.
2. Limits from the official statistics of the occupation and the place (`plausible_pay`).
3. Box and whiskers (Tukey, Exploratory Data Analysis, 1977) on the logs of what one source says of one role's level
   and component: beyond Q1 - 3 IQR or Q3 + 3 IQR, the outer fences. Of log-normal pay 2.3 in a million lie there.
   Quartiles and fences are whole bins, half a per cent wide as those of cells (`base.money`): a quartile is the bin
   that holds the piece at a quarter of the way, so that one more piece seldom moves a fence.
   Only what people type (self-reports, payroll lines) is judged so: a band that an employer publishes is no slip. What
   three pieces of one employer say beyond the same fence is how that employer pays (all in cash, a token bonus), and
   is not marked either.

Of a range the middle on the log scale is judged. What is marked counts in no cell, regression or fit; `payguide
evidence outliers` lists it. Fewer than 20 pieces, or quartiles that are equal, have no whiskers; where no official
statistics are in the evidence there are no limits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import narwhals as nw
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.base.aggregates import OfficialFigure
from payguide.base.money import LOG_GAMMA, BoolArray, FloatArray, IntArray, bin_of
from payguide.evidence.engine import Engine, Frame, Reduction
from payguide.evidence.units.categorical import Categorical
from payguide.evidence.units.distinct import PERSONAL
from payguide.evidence.units.plausible_pay import plausible_pay

#: How far beyond the quartiles the fences stand, in interquartile ranges: Tukey's outer ones.
FENCE: Final = 3

#: The fewest pieces with whiskers: a quartile of fewer is one piece's word.
LEAST: Final = 20

#: So many pieces of one employer beyond one fence are how it pays.
CORROBORATED: Final = 3

#: The stages that mark, as they are written.
OFFICIAL_LIMITS, WHISKERS = "official limits", "whiskers"

#: What has fences of its own, and within what an employer's pieces beyond them are counted.
LEVEL: Final = ("source", "role", "component", "level")
_GROUP: Final = LEVEL[:3]

_PLACE: Final = ("role", "component", "place_metro", "place_region")

#: What decides whether a piece is marked.
_JUDGED: Final = ("key", *LEVEL, "cluster", "kind", "place_metro", "place_region", "low", "high")

#: How many pieces inside the limits have their middle in each bin.
MIDPOINT_COUNTS: Final = pa.schema(
    [*((name, pa.string()) for name in LEVEL), ("bin", pa.int64()), ("n", pa.int64())]
)

#: What is marked; `least` and `most` are the limits or fences, null where there is none.
FLAGS: Final = pa.schema([
    ("key", pa.string()), ("outlier", pa.string()), ("least", pa.float64()), ("most", pa.float64()),
])  # fmt: skip

#: Fences that nothing lies beyond.
_NONE: Final = (-(1 << 40), 1 << 40)

#: The engines' arithmetic is trusted so far.
_NEAR: Final = 1e-9

#: Least and most by role, component and place (a metro, a region, or "" for the nation); NaN where there is none.
PlausibleRanges = Mapping[tuple[str, str, str], tuple[float, float]]

#: The bins of the lower and the upper fence by source, role, component and level.
Fences = Mapping[tuple[str, ...], tuple[int, int]]


def plausible_ranges(official: Sequence[OfficialFigure]) -> PlausibleRanges:
    """The limits by place that official statistics give."""
    return {
        (row["role"], row["component"], row["metro"] or row["region"]): (
            row["low"], np.nan if row["high"] is None else row["high"],
        )
        for row in plausible_pay(official).to_pylist()
    }  # fmt: skip


def flags(engine: Engine, result: Frame, standing: Fences, by_place: PlausibleRanges) -> pa.Table:
    """The marks (`FLAGS`) among pieces of evidence, by their keys."""
    rows = engine.collect(_candidates(engine, result, standing, by_place).select(*_JUDGED))
    return _flags_of(rows, standing, by_place)


def midpoint_counts(engine: Engine, result: Frame, by_place: PlausibleRanges) -> pa.Table:
    """How many pieces inside the limits have their middle in each bin (`MIDPOINT_COUNTS`)."""
    reduction = Reduction(
        partial(_midpoint_counts_of, by_place=by_place),
        _added,
        MIDPOINT_COUNTS,
        MIDPOINT_COUNTS.names[:-1],
        "low",
    )
    columns = dict.fromkeys((*LEVEL, *_PLACE, "low", "high"))
    made = engine.grouped(result.select(*columns), ("role", "component"), reduction)
    return _added(pa.concat_tables([MIDPOINT_COUNTS.empty_table(), *made]))


def _midpoint_counts_of(rows: pa.Table, by_place: PlausibleRanges) -> pa.Table:
    """The same (`MIDPOINT_COUNTS`) of some rows."""
    middle = _midpoint(rows)
    least, most = _plausible(rows, by_place)
    inside = ~((middle < least) | (middle > most))
    first, at = _distinct(rows, LEVEL)
    bins = bin_of(middle[inside])
    lowest = int(bins.min(initial=0))
    width = int(bins.max(initial=0)) - lowest + 1
    counts = np.bincount(at[inside] * width + bins - lowest)
    held = np.flatnonzero(counts)
    names = {name: rows[name].take(pa.array(first[held // width])).cast(pa.string()) for name in LEVEL}
    return pa.table({**names, "bin": held % width + lowest, "n": counts[held]}, schema=MIDPOINT_COUNTS)


def _added(counts: pa.Table) -> pa.Table:
    """Counts (`MIDPOINT_COUNTS`) of the same things added up."""
    sums = counts.group_by(MIDPOINT_COUNTS.names[:-1], use_threads=False).aggregate([("n", "sum")])
    return sums.rename_columns(MIDPOINT_COUNTS.names)


def fences(counts: pa.Table) -> Fences:
    """The fences of every level that has whiskers, from the counts of its middles."""
    if not counts.num_rows:
        return {}
    first, at = _distinct(counts, LEVEL)
    names = counts.select(LEVEL).take(pa.array(first)).to_pylist()
    order = np.lexsort((counts["bin"].to_numpy(), at))
    ends = np.searchsorted(at[order], np.arange(1, len(first)))
    bins, n = (np.split(counts[name].to_numpy()[order], ends) for name in ("bin", "n"))
    result: dict[tuple[str, ...], tuple[int, int]] = {}
    for name, held, times in zip(names, bins, n, strict=True):
        reached = np.cumsum(times)
        lower, upper = held[np.searchsorted(reached, reached[-1] * np.array([0.25, 0.75]))].tolist()
        if reached[-1] >= LEAST and upper > lower:
            reach = FENCE * (upper - lower)
            result[tuple(name.values())] = (lower - reach, upper + reach)
    return result


def _candidates(engine: Engine, result: Frame, standing: Fences, by_place: PlausibleRanges) -> Frame:
    """The pieces that may lie beyond a limit or fence: beyond the narrowest limits of any place, or their fences."""
    rows = []
    for level in engine.collect(result.select(*LEVEL).unique()).to_pylist():
        places = [both for key, both in by_place.items() if key[:2] == (level["role"], level["component"])]
        bounds = np.array([*places, _edges(standing.get(tuple(level.values())))])
        least, most = np.fmax.reduce(bounds[:, 0]), np.fmin.reduce(bounds[:, 1])
        # a little more than that: what is near is looked at exactly
        rows.append({**level, "above": (least * (1 + _NEAR)) ** 2, "below": (most * (1 - _NEAR)) ** 2})
    types = [*((name, pa.string()) for name in LEVEL), ("above", pa.float64()), ("below", pa.float64())]
    bounded = pa.Table.from_pylist(rows, schema=pa.schema(types))
    squared = nw.col("low") * nw.col("high")
    merged = result.join(engine.given(bounded), on=list(LEVEL))
    return merged.filter((squared < nw.col("above")) | (squared > nw.col("below")))


def _flags_of(rows: pa.Table, standing: Fences, by_place: PlausibleRanges) -> pa.Table:
    """The marks (`FLAGS`) among pieces (`_JUDGED`), which hold all of an employer's pieces beyond a fence."""
    middle = _midpoint(rows)
    least, most = _plausible(rows, by_place)
    side, low_edge, high_edge = _sides(rows, standing, by_place)
    beyond = (middle < least) | (middle > most)
    kind = Categorical.of(rows["kind"])
    typed = np.isin(kind.words, [str(one) for one in PERSONAL])[kind.codes]
    whiskers = typed & (side != 0) & ~_corroborated(rows, side)
    at = np.flatnonzero(beyond | whiskers)
    columns = {
        "key": rows["key"].take(pa.array(at)),
        "outlier": np.where(beyond[at], OFFICIAL_LIMITS, WHISKERS).tolist(),
    }
    for name, limit, edge in (("least", least, low_edge), ("most", most, high_edge)):
        columns[name] = pa.array(np.where(beyond[at], limit[at], edge[at]), from_pandas=True)
    return pa.table(columns, schema=FLAGS)


def _sides(
    rows: pa.Table, standing: Fences, by_place: PlausibleRanges
) -> tuple[NDArray[np.int8], FloatArray, FloatArray]:
    """Of each piece (n,) the side of its level's fences that it lies beyond, -1, 1 or 0 for none or beyond the limits
    already, and the fences in annual money; NaN where there are none.
    """
    first, at = _distinct(rows, LEVEL)
    names = rows.select(LEVEL).take(pa.array(first)).to_pylist()
    levels = [standing.get(tuple(map(str, name.values()))) for name in names]
    edges = np.array([_edges(level) for level in levels]).reshape(-1, 2)[at]
    bins = np.array([level or _NONE for level in levels], np.int64).reshape(-1, 2)[at]
    middle = _midpoint(rows)
    least, most = _plausible(rows, by_place)
    bin_, inside = bin_of(middle), ~((middle < least) | (middle > most))
    side = (bin_ > bins[:, 1]).astype(np.int8) - (bin_ < bins[:, 0])
    return np.where(inside, side, 0), edges[:, 0], edges[:, 1]


def _edges(fence: tuple[int, int] | None) -> tuple[float, float]:
    """The amounts that the bins of two fences end at; NaN for none."""
    if fence is None:
        return np.nan, np.nan
    lower, upper = fence
    return float(np.exp((lower - 1) * LOG_GAMMA)), float(np.exp(upper * LOG_GAMMA))


def _midpoint(rows: pa.Table) -> FloatArray:
    """The middles (n,) of amounts or ranges on the log scale."""
    middle: FloatArray = np.sqrt(rows["low"].to_numpy() * rows["high"].to_numpy())
    return middle


def _plausible(rows: pa.Table, by_place: PlausibleRanges) -> tuple[FloatArray, FloatArray]:
    """Of each piece (n,) the limits of its metro, else of its state, else of the nation; NaN where there are none."""
    if not by_place:
        nothing = np.full(rows.num_rows, np.nan)
        return nothing, nothing
    first, at = _distinct(rows, _PLACE)
    bounds = np.full((len(first), 2), np.nan)
    for number, row in enumerate(rows.select(_PLACE).take(pa.array(first)).to_pylist()):
        role, component, metro, region = map(str, row.values())
        keys = [(role, component, place) for place in (*filter(None, (metro, region)), "")]
        bounds[number] = next((by_place[key] for key in keys if key in by_place), np.nan)
    return bounds[at, 0], bounds[at, 1]


def _corroborated(rows: pa.Table, side: NDArray[np.int8]) -> BoolArray:
    """Whether a piece's employer has enough pieces beyond the same fence (n,)."""
    _, at = _distinct(rows, (*_GROUP, "cluster"))
    both = at * 3 + side + 1
    enough: BoolArray = (side != 0) & (np.bincount(both)[both] >= CORROBORATED)
    return enough


def _distinct(rows: pa.Table, names: Iterable[str]) -> tuple[IntArray, IntArray]:
    """Where each distinct combination of words is first found (d,), and which one each row has (n,)."""
    codes = np.zeros(rows.num_rows, np.int64)
    for name in names:
        words = Categorical.of(rows[name])
        codes = codes * max(1, len(words.words)) + words.codes
    _, first, at = np.unique(codes, return_index=True, return_inverse=True)
    return first, at
