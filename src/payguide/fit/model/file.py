"""The fitted model as plain data: JSON-able, rounded, effects as whole numbers.

Every table keeps, beside its effects, how many confidential statements each rests on (`private`): the gate looks
whether there are any, and drops the column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from payguide.base.codes import CONFIDENTIAL_KINDS
from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.estimator.features import FeatureTable, code
from payguide.estimator.model_file import DIGITS, PER_ONE, pack_integers, pack_keys
from payguide.fit.model.calibration import Spread
from payguide.fit.model.cross_fitting import EMPLOYER, EMPLOYER_GRADE, OutOfFold, Sample
from payguide.fit.model.features import dimensions, settings
from payguide.fit.model.random_effects import Effects, Term

#: Groups whose counts the file carries, the most specific first: `n` of a prediction is the first that is
#: known.
GROUPS: Final = (EMPLOYER_GRADE, EMPLOYER, Term(("role", "metro")), Term(("role",)))


def rounded(effects: Effects) -> Effects:
    """The effects as the file holds them."""
    tables = tuple((term, keys, np.round(values, DIGITS)) for term, keys, values in effects.tables)
    return Effects(np.round(effects.smooth, DIGITS), tables)


def rounded_spread(spread: Spread) -> Spread:
    """The calibration as the file holds it."""
    return Spread(
        rounded(spread.lack), rounded(spread.scale), [rounded(one) for one in spread.quantiles], spread.knots
    )


class Evidence:
    """Counts the statements behind the effects of rows (n,); copies of a row count once."""

    def __init__(self, raw: FeatureTable, row: IntArray, sample: Sample) -> None:
        self.found, self.row, self.sizes = dimensions(raw), row, sample.sizes
        kinds = sample.vocabulary["kind"]
        private = [kinds.index(kind) for kind in CONFIDENTIAL_KINDS if kind in kinds]
        self.private = np.isin(sample.raw.index["kind"], private)

    def of(self, term: Term, keys: IntArray) -> dict[str, str]:
        """The confidential statements of each key (m,), as the file holds them."""
        counts = self._count(term, keys, self.private[self.row])
        return {"private": pack_integers(counts)}

    def all_of(self, term: Term, keys: IntArray) -> dict[str, str]:
        """The same, and all statements of each key."""
        return {
            "n": pack_integers(self._count(term, keys, np.ones(len(self.row), dtype=bool))),
            **self.of(term, keys),
        }

    def _count(self, term: Term, keys: IntArray, which: BoolArray) -> IntArray:
        codes, row = code(self.found, term.by, self.sizes)[which], self.row[which]
        hit = np.isin(codes, keys)
        position = np.searchsorted(keys, codes)
        n = 1 + int(self.row.max(initial=0))
        pairs = np.unique(position[hit] * n + row[hit])
        return np.bincount(pairs // n, minlength=len(keys))


def tables(effects: Effects, evidence: Evidence) -> list[dict[str, Any]]:
    """The tables that hold any effect."""
    return [
        {
            "by": list(term.by), "over": term.over, "driver": term.driver,
            "keys": pack_keys(keys), "values": pack_integers(np.rint(values * PER_ONE)), **evidence.of(term, keys),
        }
        for term, keys, values in effects.tables if len(keys)
    ]  # fmt: skip


def counts(sample: Sample, evidence: Evidence) -> list[dict[str, Any]]:
    """The evidence of the groups of `GROUPS`."""
    result = []
    for term in GROUPS:
        codes = code(evidence.found, term.by, sample.sizes)
        keys = np.unique(codes[codes >= 0])
        result.append({"by": list(term.by), "keys": pack_keys(keys), **evidence.all_of(term, keys)})
    return result


def blend(sample: Sample, span: float) -> dict[str, Any]:
    """The market of a date: each source's share of the evidence around it, and from a year after the last
    evidence on its share of all of it (the latest survey alone is no market).

    At every half year the shares of the rows, each row counted for the two half-year points it lies between;
    points without evidence are left out (shares run straight between the others), and one with fewer rows than
    a source needs to be read at all is made up to so many by the shares of all rows: a handful of statements sets no
    level. A prediction that names no source is on the scale of this blend: the scale of the evidence there is for
    its date.
    """
    points = np.arange(int(span * 2) + 2)
    source = np.maximum(sample.raw.index["source"], 0)
    left = np.floor(sample.raw.time * 2)
    share = sample.raw.time * 2 - left
    weights = np.zeros((len(points), max(sample.sizes["source"], 1)))
    np.add.at(weights, (left.astype(np.int64), source), 1 - share)
    np.add.at(weights, (left.astype(np.int64) + 1, source), share)
    total = weights.sum(axis=1)
    used = total > 0
    n = np.bincount(source, minlength=weights.shape[1])
    lacking = np.maximum(settings()["blend"]["fewest"] - total[used], 0.0)
    made_up = weights[used] + np.outer(lacking, n / n.sum())
    shares = np.round(made_up / made_up.sum(axis=1, keepdims=True), DIGITS)
    last = points[used][-1] / 2
    times = [*(points[used] / 2).tolist(), last + 0.5, last + 1.0]
    shares = np.vstack([shares, shares[-1], np.round(n / n.sum(), DIGITS)])
    kind = sample.raw.index["kind"]
    kind_of = np.full(weights.shape[1], -1)
    kind_of[source] = kind
    return {
        "time": times, "shares": shares.tolist(), "kind": kind_of.tolist(), "n": n.tolist(),
    }  # fmt: skip


def cut(values: FloatArray, names: Sequence[tuple[str, int]]) -> dict[str, list[float]]:
    """The coefficients cut into their named curves."""
    result, at = {}, 0
    for name, width in names:
        result[name] = values[at : at + width].tolist()
        at += width
    return result


def component_file(
    sample: Sample, mean: Effects, spread: Spread, judged: OutOfFold, span: float
) -> dict[str, Any]:
    """Everything one component's prediction needs, but for the wage index and the reference."""
    chosen = settings()
    own = Evidence(sample.raw, np.arange(len(sample)), sample)
    copies = Evidence(judged.raw, judged.row, sample)
    years, count = len(chosen["years"]["knots"]), len(chosen["counts"]["knots"])
    return {
        "vocabulary": sample.vocabulary,
        "sizes": sample.sizes,
        "blend": blend(sample, span),
        "counts": counts(sample, own),
        "mean": {
            "time_knots": sample.time_knots.tolist(),
            **cut(mean.smooth, [("intercept", 1), ("years", years), ("time", len(sample.time_knots))]),
            "terms": tables(mean, own) + tables(spread.lack, copies),
        },
        "scale": {
            "mean_knots": spread.knots.tolist(),
            **cut(
                spread.scale.smooth,
                [("intercept", 1), ("years", years), ("n_grade", count), ("n_employer", count), ("mean", 7)],
            ),
            "terms": tables(spread.scale, copies),
        },
        "quantiles": [
            {"level": level, "value": float(one.smooth[0]), "terms": tables(one, copies)}
            for level, one in zip(chosen["quantiles"], spread.quantiles, strict=True)
        ],
    }  # fmt: skip
