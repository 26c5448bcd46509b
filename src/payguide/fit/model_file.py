"""The fitted model as plain data: JSON-able, rounded, effects as whole numbers.

Every table keeps, beside its effects, the evidence of each (`n` rows, distinct `employers`, rows from
`private` payrolls): the gate decides by them and strips them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from payguide.base.codes import EvidenceKind
from payguide.base.money import FloatArray, IntArray
from payguide.fit.model_calibrate import Spread
from payguide.fit.model_cross import EMPLOYER, EMPLOYER_GRADE, Judged, Sample
from payguide.fit.model_design import Raw, dimensions, settings
from payguide.fit.model_terms import Effects, Term, code

DIGITS: Final = 4
#: Effects are written as whole numbers, so many to 1: the file is a quarter shorter than with decimals.
PER_ONE: Final = 10**DIGITS
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
    """Counts the evidence behind the effects of rows (n,); copies of a row count once."""

    def __init__(self, raw: Raw, row: IntArray, sample: Sample) -> None:
        self.found, self.row, self.sizes = dimensions(raw), row, sample.sizes
        employer = sample.raw.index["employer"]
        # an employer that is not known is its own cluster
        self.cluster = np.where(employer >= 0, employer, len(employer) + np.arange(len(employer)))
        kinds = sample.vocabulary["kind"]
        payroll = kinds.index(EvidenceKind.PAYROLL) if EvidenceKind.PAYROLL in kinds else -2
        self.private = sample.raw.index["kind"] == payroll

    def of(self, term: Term, keys: IntArray) -> dict[str, list[int]]:
        """n, employers and private rows of each key (m,)."""
        codes = code(self.found, term.by, self.sizes)
        position = np.searchsorted(keys, codes)
        hit = np.zeros(len(codes), dtype=bool)
        inside = position < len(keys)
        hit[inside] = keys[position[inside]] == codes[inside]
        n = 1 + int(self.row.max(initial=0))
        pairs = np.unique(position[hit] * n + self.row[hit])
        group, row = pairs // n, pairs % n
        width = 1 + int(self.cluster.max(initial=0))
        clusters = np.unique(group * width + self.cluster[row]) // width
        private = group[self.private[row]]
        return {
            name: np.bincount(values, minlength=len(keys)).tolist()
            for name, values in (("n", group), ("employers", clusters), ("private", private))
        }


def tables(effects: Effects, evidence: Evidence) -> list[dict[str, Any]]:
    """The tables that hold any effect."""
    return [
        {
            "by": list(term.by), "over": term.over, "driver": term.driver,
            "keys": keys.tolist(), "values": np.rint(values * PER_ONE).astype(int).tolist(), **evidence.of(term, keys),
        }
        for term, keys, values in effects.tables if len(keys)
    ]  # fmt: skip


def counts(sample: Sample, evidence: Evidence) -> list[dict[str, Any]]:
    """The evidence of the groups of `GROUPS`."""
    result = []
    for term in GROUPS:
        codes = code(evidence.found, term.by, sample.sizes)
        keys = np.unique(codes[codes >= 0])
        result.append({"by": list(term.by), "keys": keys.tolist(), **evidence.of(term, keys)})
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
    sample: Sample, mean: Effects, spread: Spread, judged: Judged, span: float
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
