"""From judged rows to the spread, the quantiles, and the back-test that says how good they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from payguide.base.money import FloatArray, IntArray
from payguide.estimator.features import PATTERNS, FeatureTable
from payguide.fit.model.conformal import conformal_quantile, fit_quantiles, pinball, rising
from payguide.fit.model.cross_fitting import AS_IS, HIDDEN, STRANGER, OutOfFold, Sample
from payguide.fit.model.features import dimensions, filled_years, settings
from payguide.fit.model.random_effects import Block, Effects, blocks, terms_of
from payguide.fit.model.scale import fit_lack, fit_scale, spread_points
from payguide.fit.model.splines import Curves, beside, hats

#: Folds in which the spread and the quantiles are themselves cross-fitted for the back-test.
FOLDS = 4
#: A slice of the back-test has at least this many rows.
SLICE = 200


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What calibration learnt: what hiding does to the mean, the log spread, the quantiles (one sum each),
    and the knots of the spread's curve over the mean.
    """

    lack: Effects
    scale: Effects
    quantiles: list[Effects]
    knots: FloatArray


def scale_columns(
    raw: FeatureTable, mean: FloatArray, n_grade: FloatArray, n_employer: FloatArray, knots: FloatArray
) -> Curves:
    """The columns of the spread: constant; curves over years, ln(1 + evidence of the employer x grade),
    ln(1 + evidence of the employer), and the mean.
    """
    curve = hats(filled_years(raw), settings()["years"]["knots"])
    at = np.log1p(np.array(settings()["counts"]["knots"], dtype=float))
    counts = [hats(np.log1p(n_grade), at), hats(np.log1p(n_employer), at)]
    return beside(curve, *counts, hats(mean, knots))


def mean_knots(mean: FloatArray) -> FloatArray:
    """Where the spread's curve over the mean bends: seven quantiles, at least 0.01 apart."""
    knots = np.round(np.quantile(mean, [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99]), 4)
    return np.asarray(knots + np.arange(len(knots)) * 0.01)


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """The judged rows' terms: of lack, of the spread, of the quantiles' slices."""

    lack: list[Block]
    scale: list[Block]
    shape: list[Block]


def _only(parts: Sequence[Block], rows: IntArray) -> list[Block]:
    return [part.take(rows) for part in parts]


@dataclass(frozen=True, slots=True, eq=False)
class _Width:
    """Lack and spread without quantiles, and the knots of the spread's curve over the mean."""

    lack: Effects
    scale: Effects
    knots: FloatArray

    def at(self, judged: OutOfFold, parts: _Parts, rows: IntArray) -> tuple[FloatArray, FloatArray]:
        """The mean, lack included, and the spread of judged rows: (n,), (n,)."""
        mean = judged.mean[rows] + _sum(self.lack, parts.lack, rows)
        curves = scale_columns(
            judged.raw.take(rows), mean, judged.n_grade[rows], judged.n_employer[rows], self.knots
        )
        eta = curves @ self.scale.smooth + _sum(self.scale, parts.scale, rows)
        return mean, np.exp(eta)


def _sum(effects: Effects, parts: Sequence[Block], rows: IntArray) -> FloatArray:
    """The tables' contributions to rows of the blocks they were fitted on."""
    total = np.zeros(len(rows))
    for one, (_, _, values) in zip(_only(parts, rows), effects.tables, strict=True):
        total += one.of(values)
    return total


def _fit_width(sample: Sample, judged: OutOfFold, parts: _Parts, rows: IntArray, knots: FloatArray) -> _Width:
    """Lack and spread fitted on the named judged rows."""
    row, weight = judged.row[rows], judged.weight[rows]
    residual = sample.y[row] - judged.mean[rows]
    lack = fit_lack(residual, _only(parts.lack, rows), weight)
    moved = _sum(lack, parts.lack, rows)
    size = np.abs(spread_points(residual - moved, sample.half[row])).mean(axis=1)
    curves = scale_columns(
        judged.raw.take(rows), judged.mean[rows] + moved, judged.n_grade[rows], judged.n_employer[rows], knots
    )
    return _Width(lack, fit_scale(size, curves, _only(parts.scale, rows), weight), knots)


def calibrate(sample: Sample, judged: OutOfFold) -> tuple[Spread, dict[str, Any]]:
    """The calibration fitted on all judged rows, and the back-test in which it was itself cross-fitted.

    The quantiles are those of residuals standardised by a spread that had not seen them either. Slices learn some of
    the noise of their own rows, so each quantile is set right once more by rows that had no part in its slices.
    """
    chosen = settings()
    levels: list[float] = chosen["quantiles"]
    parts = _Parts(*(
        blocks(terms_of(chosen[name]), judged.raw, sample.sizes) for name in ("lack", "scale", "shape")
    ))  # fmt: skip
    every, knots = np.arange(len(judged.row)), mean_knots(judged.mean)
    mean, width = np.empty(len(every)), np.empty(len(every))
    halves = [
        (np.flatnonzero(judged.fold % FOLDS == k), np.flatnonzero(judged.fold % FOLDS != k))
        for k in range(FOLDS)
    ]
    for test, rest in halves:
        mean[test], width[test] = _fit_width(sample, judged, parts, rest, knots).at(judged, parts, test)
    owner, residual, weight = _points(sample, judged, mean)
    z, home = residual / width[owner], judged.fold[owner] % FOLDS
    sliced = np.empty((len(every), len(levels)))
    for k, (test, _) in enumerate(halves):
        inside = np.flatnonzero(home != k)
        sums = fit_quantiles(z[inside], weight[inside], _only(parts.shape, owner[inside]), levels)
        sliced[test] = np.column_stack([one.smooth[0] + _sum(one, parts.shape, test) for one in sums])
    points = np.empty_like(sliced)
    for k, (test, _) in enumerate(halves):
        inside = np.flatnonzero(home != k)
        shift = shifts(z[inside, None] - sliced[owner[inside]], weight[inside], levels)
        points[test] = rising(mean[test, None] + width[test, None] * (sliced[test] + shift))
    final = _fit_width(sample, judged, parts, every, knots)
    quantiles = fit_quantiles(z, weight, _only(parts.shape, owner), levels)
    shift = shifts(z[:, None] - sliced[owner], weight, levels)
    moved = [Effects(one.smooth + by, one.tables) for one, by in zip(quantiles, shift, strict=True)]
    return Spread(final.lack, final.scale, moved, knots), backtest(sample, judged, points)


def shifts(excess: FloatArray, weight: FloatArray, levels: Sequence[float]) -> FloatArray:
    """By how much each quantile (q,) is to be moved so that its share of the points lies below. excess (m, q) the
    points less their quantiles, weight (m,).
    """
    return np.array([conformal_quantile(excess[:, k], weight, level) for k, level in enumerate(levels)])


def _points(sample: Sample, judged: OutOfFold, mean: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """The judged rows' points (a range five, a single amount one): row, residual and weight, (m,) each."""
    half = sample.half[judged.row]
    residual = spread_points(sample.y[judged.row] - mean, half)
    middle = np.arange(residual.shape[1]) == residual.shape[1] // 2
    shown = (half > 0)[:, None] | middle
    owner = np.nonzero(shown)[0]
    return owner, residual[shown], (judged.weight / shown.sum(axis=1))[owner]


def backtest(sample: Sample, judged: OutOfFold, points: FloatArray) -> dict[str, Any]:
    """Held-out pinball loss of ln pay and coverage of P10-P90: all rows, slices of at least `SLICE`, rows
    with inputs hidden, rows of employers left out whole. A range counts as its five points.
    """
    levels: list[float] = settings()["quantiles"]
    truth = spread_points(sample.y[judged.row], sample.half[judged.row])
    loss = np.mean([pinball(truth[:, k], points, levels) for k in range(truth.shape[1])], axis=0)
    inside = ((truth >= points[:, :1]) & (truth <= points[:, -1:])).mean(axis=1)
    width = points[:, -1] - points[:, 0]

    def measured(rows: FloatArray | IntArray) -> dict[str, Any]:
        return {
            "n": int(np.sum(rows)), "pinball": round(float(loss[rows].mean()), 5),
            "coverage": round(float(inside[rows].mean()), 4), "width": round(float(width[rows].mean()), 4),
        }  # fmt: skip

    as_is = judged.how == AS_IS
    found = dimensions(judged.raw)
    slices = {}
    for name in (
        "role",
        "kind",
        "source",
        "tier",
        "level_alone",
        "years_step",
        "metro",
        "country",
        "employer",
    ):
        values, codes = _labels(name, sample), found[name]
        for k in np.flatnonzero(np.bincount(codes[as_is & (codes >= 0)], minlength=1) >= SLICE).tolist():
            slices[f"{name}={values[k]}"] = measured(as_is & (codes == k))
    hidden = {}
    for k, pattern in enumerate(PATTERNS):
        rows = (judged.how == HIDDEN) & (found["pattern"] == k)
        if rows.sum() >= SLICE:
            hidden[pattern] = measured(rows)
    report: dict[str, Any] = {"rows": measured(as_is), "slices": slices, "hidden": hidden}
    if (judged.how == STRANGER).any():
        report["new_employers"] = measured(judged.how == STRANGER)
    return report


def _labels(name: str, sample: Sample) -> Sequence[str]:
    """The values of a dimension, in order."""
    if name == "level_alone":
        return sample.vocabulary["level"]
    if name == "years_step":
        cut = settings()["years"]["step"]
        return [f"{low}-{high}" for low, high in zip([0, *cut], [*cut, "over"], strict=True)]
    return sample.vocabulary[name]
