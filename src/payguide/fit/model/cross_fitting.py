"""Cross-fitting: every row judged by a model that never saw it, as it is and with inputs hidden.

The judged rows are what the spread and the quantiles are calibrated on. Besides each row as it came there are
copies with inputs hidden (years, level, grade, employer, place, tenure, focus in all combinations), so that a
profile that leaves something out gets an interval as wide as that deserves, and rows of employers that were
left out whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.estimator.features import FeatureTable
from payguide.fit.model.features import EVERYTHING, dimensions, filled_years, hide, settings
from payguide.fit.model.mean import Regression, Variances, counted, fit_mean
from payguide.fit.model.random_effects import Block, Effects, Term, averages, block
from payguide.fit.model.splines import Curves, beside, hats
from payguide.fit.parallel import parallel_map

AS_IS, HIDDEN, STRANGER = 0, 1, 2
#: The dimension that says whether another one is told.
TELLS: Final = {"tenure_step": "tells_tenure", "focus": "tells_focus"}
EMPLOYER_GRADE, EMPLOYER = Term(("employer", "grade")), Term(("employer",))


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One component's rows ready to fit: the regression, whose y (n,) is ln pay less the wage index and the centre;
    typical, for each dimension that few tell, the blocks of who is alike, and those on each scale of evidence;
    half (n,) half the log width of a range; sizes of the dimensions.
    """

    raw: FeatureTable
    regression: Regression
    typical: Mapping[str, Sequence[tuple[Block, Block]]]
    half: FloatArray
    sizes: dict[str, int]
    vocabulary: dict[str, list[str]]
    time_knots: FloatArray

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.half)

    @property
    def y(self) -> FloatArray:
        """What is fitted (n,)."""
        return self.regression.y


@dataclass(frozen=True, slots=True, eq=False)
class OutOfFold:
    """Rows judged by models that never saw them, (a,) each: `row` its number in the sample, `fold`, `how`
    (AS_IS, HIDDEN or STRANGER), the mean foretold, the evidence of its employer x grade and its employer in
    the model that foretold it, its weight in calibration, and its inputs as judged.
    """

    row: IntArray
    fold: IntArray
    how: IntArray
    mean: FloatArray
    n_grade: FloatArray
    n_employer: FloatArray
    weight: FloatArray
    raw: FeatureTable


def curve_columns(raw: FeatureTable, time_knots: FloatArray) -> Curves:
    """Intercept, years curve and time curve: (n, 1 + knots + knots)."""
    curve = hats(filled_years(raw), settings()["years"]["knots"])
    return beside(curve, hats(raw.time, time_knots))


def train(sample: Sample, rows: IntArray, variances: Variances) -> Effects:
    """The mean fitted on the named rows only; effects of groups without rows are 0."""
    given = sample.regression.take(rows)
    found = fit_mean(given, variances)
    return Effects(found.smooth, found.tables + tuple(_against_typical(sample, rows, given, found)))


def _against_typical(
    sample: Sample, rows: IntArray, given: Regression, found: Effects
) -> Iterator[tuple[Term, IntArray, FloatArray]]:
    """The tables that take from what a dimension does its mean over those of the named rows who are alike and tell it,
    and that give the mean to all of their scale.
    """
    for dimension, parts in sample.typical.items():
        does, told = np.zeros(len(rows)), np.zeros(len(rows), dtype=bool)
        driver = ""
        for one, (term, _, values) in zip(given.blocks, found.tables, strict=True):
            if dimension in term.by:
                does += one.of(values)
                told |= one.group < one.m
                driver = term.driver
        who = rows[told]
        means = averages(does[told], [alike.take(who) for alike, _ in parts]).tables
        for (alike, scaled), (term, keys, mean) in zip(parts, means, strict=True):
            # what tells it has one value only: the codes are the same with it and without
            yield Term((TELLS[dimension], *term.by), None, driver), keys, -mean
            of_key = np.full(scaled.m + 1, alike.m)
            of_key[scaled.group[who]] = alike.group[who]
            yield scaled.term, scaled.keys, np.append(mean, 0.0)[of_key[: scaled.m]]


def row_folds(n: int, folds: int, seed: int) -> IntArray:
    """Folds of equal size in random order (n,)."""
    order = np.random.default_rng(seed).permutation(n)
    fold = np.empty(n, dtype=np.int64)
    fold[order] = np.arange(n) % folds
    return fold


def cross_fit(sample: Sample, variances: Variances, seed: int) -> OutOfFold:
    """Every row judged as it is and hidden (of very many a part), and some rows of employers left out whole.

    A model is fitted for every part of the rows that it leaves out, so that where few are judged few models are fitted.
    """
    fitting, n = settings()["fitting"], len(sample)
    folds = min(int(fitting["folds"]), n)
    fold = row_folds(n, folds, seed)
    shown = row_folds(n, max(1, -(-n // int(fitting["judged"]))), seed + 2) == 0
    models = -(-folds * int(shown.sum()) // n)
    left_out = np.where(shown, fold % models, -1)
    rng = np.random.default_rng(seed + 1)
    held_out = []
    for k in range(models):
        test = np.flatnonzero(left_out == k)
        draws = [rng.integers(1, EVERYTHING, len(test)) for _ in range(fitting["masks"])]
        held_out.append(HeldOut(left_out == k, test, ((AS_IS, None), *((HIDDEN, draw) for draw in draws))))
    return join(judged_by_others(sample, variances, [*held_out, *_strangers(sample, rng)]), fold)


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Rows that a model is fitted without, without (n,), and those of them that it judges, test (m,): how, and with
    which inputs hidden (m,), if any are.
    """

    without: BoolArray
    test: IntArray
    ways: Sequence[tuple[int, IntArray | None]]


def judged_by_others(sample: Sample, variances: Variances, held_out: Sequence[HeldOut]) -> list[OutOfFold]:
    """What models fitted without them say of the rows held out."""
    found = parallel_map(partial(_judged_without, sample, variances), held_out, len(sample))
    return [one for parts in found for one in parts]


def _judged_without(sample: Sample, variances: Variances, held: HeldOut) -> list[OutOfFold]:
    rest = np.flatnonzero(~held.without)
    effects = train(sample, rest, variances)
    nothing = np.zeros(len(held.test), dtype=np.int64)
    return [
        judge(sample, effects, rest, held.test, nothing if draw is None else draw, how)
        for how, draw in held.ways
    ]


def _strangers(sample: Sample, rng: np.random.Generator) -> Iterator[HeldOut]:
    """Rows of employers left out whole, of very many employers a part; at most `cap` of an employer, so that no large
    one speaks for all.
    """
    fitting, employer = settings()["fitting"], sample.raw.index["employer"]
    count = sample.sizes["employer"]
    folds = min(int(fitting["strangers"]), count)
    if folds < 2:
        return
    home = row_folds(count, folds, int(rng.integers(1 << 30)))
    order = rng.permutation(len(sample))
    named = employer[order]
    by_employer = np.argsort(named, kind="stable")
    run = named[by_employer]
    rank = np.arange(len(run)) - np.searchsorted(run, run)
    shown = order[by_employer[(rank < fitting["cap"]) & (run >= 0)]]
    for k in range(min(folds, -(-folds * int(fitting["judged"]) // max(len(shown), 1)))):
        left_out = (employer >= 0) & (home[np.maximum(employer, 0)] == k)
        test = np.sort(shown[left_out[shown]])
        if np.sum(~left_out) >= 2 and len(test):
            yield HeldOut(left_out, test, ((STRANGER, None),))


def judge(
    sample: Sample, effects: Effects, rest: IntArray, test: IntArray, draw: IntArray, how: int
) -> OutOfFold:
    """The test rows, with the inputs of `draw` hidden, judged by effects fitted on the rest."""
    found = dimensions(sample.raw)
    by_grade = counted(block(EMPLOYER_GRADE, sample.raw, found, sample.sizes), rest)[test]
    by_employer = counted(block(EMPLOYER, sample.raw, found, sample.sizes), rest)[test]
    raw = sample.raw.take(test)
    employer = np.where(by_employer > 0, raw.index["employer"], -1)
    raw = hide(replace(raw, index={**raw.index, "employer": employer}), draw)
    mean = effects.at(curve_columns(raw, sample.time_knots), raw, sample.sizes)
    shown = raw.index["employer"] >= 0
    one = np.ones(len(test))
    return OutOfFold(
        row=test,
        fold=np.zeros(len(test), dtype=np.int64),
        how=np.full(len(test), how),
        mean=mean,
        n_grade=np.where(shown & (raw.index["grade"] >= 0), by_grade, 0.0),
        n_employer=np.where(shown, by_employer, 0.0),
        weight=one / settings()["fitting"]["masks"] if how == HIDDEN else one,
        raw=raw,
    )


def join(parts: Sequence[OutOfFold], fold: IntArray) -> OutOfFold:
    """All parts as one; every copy of a row belongs to the row's fold."""

    def column(name: str) -> FloatArray:
        return np.concatenate([getattr(part, name) for part in parts])

    row = column("row").astype(np.int64)
    raws = [part.raw for part in parts]
    raw = FeatureTable(
        index={name: np.concatenate([one.index[name] for one in raws]) for name in raws[0].index},
        years=np.concatenate([one.years for one in raws]),
        tenure=np.concatenate([one.tenure for one in raws]),
        time=np.concatenate([one.time for one in raws]),
        special=np.concatenate([one.special for one in raws]),
        named=np.concatenate([one.named for one in raws]),
        graded=np.concatenate([one.graded for one in raws]),
    )
    return OutOfFold(
        row=row, fold=fold[row], how=column("how").astype(np.int64), mean=column("mean"),
        n_grade=column("n_grade"), n_employer=column("n_employer"), weight=column("weight"), raw=raw,
    )  # fmt: skip
