"""How exact rows are beside each other: what the mean weighs them by.

Where people of one employer and grade are all paid much the same, one statement tells more of the mean than where they
are paid anything; and with all rows alike the noisiest would also set how much every effect is shrunk. So the spread's
own model (scale.py) is fitted to residuals of rows that the mean had not seen, and rows weigh by its inverse
(feasible generalised least squares; Wooldridge 2010, sec. 7.5).

The spread counts as it would with the most evidence of the row's employer and grade, where it names them: what the mean
does not know yet of an employer is no noise of the row, but that a row names none is. The weights run with a power of
the spread under two, and are held within bounds, for it is itself an estimate.
"""

from __future__ import annotations

import numpy as np

from payguide.base.money import FloatArray
from payguide.fit.model.calibration import mean_knots, scale_columns
from payguide.fit.model.cross_fitting import AS_IS, HeldOut, Sample, join, judged_by_others, row_folds
from payguide.fit.model.features import settings
from payguide.fit.model.mean import Variances
from payguide.fit.model.random_effects import blocks, terms_of
from payguide.fit.model.scale import fit_scale


def precision(sample: Sample, variances: Variances, seed: int) -> FloatArray:
    """How exact the rows are, 1 on average (n,); `variances` are those of rows that are all alike."""
    chosen, n = settings(), len(sample)
    folds = min(int(chosen["noise"]["folds"]), n)
    fold = row_folds(n, folds, seed)
    held_out = [HeldOut(fold == k, np.flatnonzero(fold == k), ((AS_IS, None),)) for k in range(folds)]
    judged = join(judged_by_others(sample, variances, held_out), fold)
    knots = mean_knots(judged.mean)
    met = blocks(terms_of(chosen["scale"]), judged.raw, sample.sizes)
    curves = scale_columns(judged.raw, judged.mean, judged.n_grade, judged.n_employer, knots)
    found = fit_scale(np.abs(sample.y[judged.row] - judged.mean), curves, met, np.ones(n))
    most = float(chosen["counts"]["knots"][-1])
    named = judged.raw.named
    graded = named & judged.raw.graded
    by_grade, by_employer = np.where(graded, most, 0.0), np.where(named, most, 0.0)
    known = scale_columns(judged.raw, judged.mean, by_grade, by_employer, knots)
    return _relative(found.at(known, judged.raw, sample.sizes)[np.argsort(judged.row)])


def _relative(spread: FloatArray) -> FloatArray:
    """Precisions (n,), 1 on average, of rows whose log spread (n,) is known."""
    noise = settings()["noise"]
    bound = float(np.log(noise["most"]))
    found = np.exp(-noise["power"] * np.clip(spread - np.median(spread), -bound, bound))
    return np.asarray(found / found.mean())
