"""What the estimator is measured beside: years-buckets as published guides use, and gradient-boosted quantiles.

LightGBM (Ke et al. 2017) and CatBoost (Prokhorenkova et al. 2018) are development dependencies: a back-test runs
without either. Both see what the estimator sees, categories as categories, and are given their usual settings with
enough trees for some tens of thousands of rows; they are references, not tuned rivals.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any, Final

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import Specialisation
from payguide.base.money import FloatArray, IntArray
from payguide.estimator.features import NOT_KNOWN
from payguide.fit.model.conformal import rising
from payguide.fit.model.features import settings
from payguide.fit.model.scale import spread_points

#: A method: fitted on the first rows, the quantiles (n, q) of annual pay it gives the second.
Method = Callable[[PayRows, PayRows], FloatArray]

#: The categories that boosted trees see.
CATEGORIES: Final = (
    "kind", "role", "level", "employer", "grade", "tier", "industry", "metro", "region", "remote", "focus", "degree",
)  # fmt: skip
#: The rows that a bucket needs; one with fewer takes those of its role, then all.
FEWEST: Final = 20
#: Years at which published guides cut: 0-2, 3-5, 6-10, over 10.
CUTS: Final = (3.0, 6.0, 10.0 + 1e-9)


def references() -> tuple[dict[str, Method], list[str]]:
    """The references that can run here, and the names of those that are not installed."""
    boosted: dict[str, Method] = {"lightgbm": lightgbm, "catboost": catboost}
    found = {name: method for name, method in boosted.items() if find_spec(name) is not None}
    return {"years-buckets": years_buckets, **found}, [name for name in boosted if name not in found]


def years_buckets(train: PayRows, test: PayRows) -> FloatArray:
    """Quantiles (n, q) of pay by role and years of experience, the level where years are not known."""
    _, truth, weight = _points(train)
    row = np.repeat(np.arange(len(train)), truth.shape[1])
    buckets, roles = _buckets(train), train.columns["role"]
    values, weights = np.log(truth).ravel(), weight.ravel()
    known: dict[tuple[str, str], FloatArray] = {}

    def quantiles(role: str, bucket: str) -> FloatArray:
        if (role, bucket) not in known:
            inside = ((roles == role) | (role == "")) & ((buckets == bucket) | (bucket == ""))
            if inside.sum() >= FEWEST or not role:
                chosen = inside[row]
                known[role, bucket] = _weighted(values[chosen], weights[chosen])
            else:
                known[role, bucket] = quantiles(role if bucket else "", "")
        return known[role, bucket]

    asked = zip(test.columns["role"].tolist(), _buckets(test).tolist(), strict=True)
    found: FloatArray = np.exp(np.array([quantiles(role, bucket) for role, bucket in asked], dtype=float))
    return found


def _buckets(rows: PayRows) -> np.ndarray[Any, np.dtype[np.str_]]:
    """The bucket of each row (n,)."""
    cut = np.digitize(np.nan_to_num(rows.years), CUTS).astype(np.str_)
    return np.where(np.isnan(rows.years), np.char.add("level ", rows.columns["level"]), cut)


def _weighted(values: FloatArray, weight: FloatArray) -> FloatArray:
    """The weighted quantiles (q,)."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order]) - weight[order] / 2
    return np.asarray(
        np.interp(np.array(settings()["quantiles"]) * weight.sum(), below, values[order]), dtype=float
    )


def _points(rows: PayRows) -> tuple[IntArray, FloatArray, FloatArray]:
    """The rows' points as they are learnt from: the number of each point's row (m,), and of each row its five
    points of pay (n, 5) with their weights (n, 5); a single amount is one point.
    """
    half = np.log(rows.high / rows.low) / 2
    truth = np.exp(spread_points(np.log(rows.low) + half, half))
    middle = np.arange(truth.shape[1]) == truth.shape[1] // 2
    weight = np.where((half > 0)[:, None], 1 / truth.shape[1], middle.astype(float))
    return np.nonzero(weight)[0], truth, weight


def _numbered(train: PayRows, test: PayRows) -> tuple[IntArray, IntArray]:
    """The categories as numbers (n, categories), -1 where not known or not met in training."""
    sides: tuple[list[IntArray], list[IntArray]] = ([], [])
    for name in CATEGORIES:
        values = np.setdiff1d(train.columns[name], NOT_KNOWN)
        for rows, side in zip((train, test), sides, strict=True):
            at = np.minimum(np.searchsorted(values, rows.columns[name]), max(len(values) - 1, 0))
            met = values[at] == rows.columns[name] if len(values) else np.zeros(len(rows), dtype=bool)
            side.append(np.where(met, at, -1))
    return np.column_stack(sides[0]), np.column_stack(sides[1])


def _plain(rows: PayRows) -> FloatArray:
    """Years of experience and with the employer, the day, and whether each specialisation is named (n, 3 +
    specialisations).
    """
    told = [set(text.split("|")) for text in rows.columns["specialisation"].tolist()]
    named = [[float(name in one) for name in Specialisation] for one in told]
    return np.column_stack([rows.years, rows.tenure, rows.day.astype(float), np.array(named)])


def lightgbm(train: PayRows, test: PayRows) -> FloatArray:
    """LightGBM's quantiles (n, q): one model for each quantile."""
    from lightgbm import Dataset
    from lightgbm import train as boost

    row, truth, weight = _points(train)
    met, asked = _numbered(train, test)
    x = np.hstack([met, _plain(train)])[row]
    shown = weight > 0
    data = Dataset(
        x, np.log(truth[shown]), weight=weight[shown], free_raw_data=False,
        categorical_feature=list(range(len(CATEGORIES))), params={"verbosity": -1, "max_bin": 255},
    )  # fmt: skip
    fixed = {
        "objective": "quantile", "learning_rate": 0.05, "num_leaves": 31, "min_data_in_leaf": 20, "verbosity": -1,
        "deterministic": True, "force_row_wise": True, "seed": 1,
    }  # fmt: skip
    wanted = np.hstack([asked, _plain(test)])
    found = [boost({**fixed, "alpha": q}, data, num_boost_round=400).predict(wanted) for q in _levels()]
    return np.exp(rising(np.column_stack(found)))


def catboost(train: PayRows, test: PayRows) -> FloatArray:
    """CatBoost's quantiles (n, q): one model for all of them."""
    from catboost import CatBoostRegressor, Pool

    row, truth, weight = _points(train)
    met, asked = _numbered(train, test)
    shown = weight > 0
    model = CatBoostRegressor(
        loss_function=f"MultiQuantile:alpha={','.join(map(str, _levels()))}", random_seed=1,
        verbose=False, allow_writing_files=False,
    )  # fmt: skip
    categories = list(range(len(CATEGORIES)))
    learnt = Pool(
        _objects(met, _plain(train))[row], np.log(truth[shown]), weight=weight[shown], cat_features=categories
    )
    found = model.fit(learnt).predict(Pool(_objects(asked, _plain(test)), cat_features=categories))
    return np.exp(rising(np.asarray(found, dtype=float)))


def _objects(categories: IntArray, plain: FloatArray) -> np.ndarray[Any, np.dtype[np.object_]]:
    """Categories as words beside numbers, as CatBoost takes them."""
    return np.hstack([categories.astype(str).astype(object), plain.astype(object)])


def _levels() -> Sequence[float]:
    levels: Sequence[float] = settings()["quantiles"]
    return levels
