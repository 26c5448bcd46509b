"""Cross-fitting: no row is judged by a model that saw it, and where few are judged few models are fitted."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from model_market import market
from payguide.base.money import IntArray
from payguide.fit.model import cross_fitting as model_cross
from payguide.fit.model.cross_fitting import AS_IS, STRANGER, Sample, cross_fit
from payguide.fit.model.features import settings
from payguide.fit.model.fit import fit_component, sample_of
from payguide.fit.model.mean import Variances
from payguide.fit.model.random_effects import Effects


@pytest.fixture(scope="module")
def sample() -> Sample:
    rows = market(800, seed=3).rows
    return sample_of(rows, np.log(rows.low) - 12)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[IntArray]:
    """The rows of every fit."""
    seen: list[IntArray] = []

    def train(given: Sample, rows: IntArray, variances: Variances) -> Effects:
        seen.append(rows)
        return Effects(np.zeros(given.regression.curves.shape[1]), ())

    monkeypatch.setattr(model_cross, "train", train)
    return seen


@pytest.mark.parametrize(
    # a quarter of 800 rows is two eighths of them; fewer than an eighth is one model's
    ("most", "judged", "models"),
    [(100_000, 800, 8), (800, 800, 8), (400, 400, 4), (200, 200, 2), (100, 100, 1), (40, 40, 1)],
)
def test_as_many_models_as_the_judged_rows_need(
    sample: Sample,
    fits: list[IntArray],
    monkeypatch: pytest.MonkeyPatch,
    most: int,
    judged: int,
    models: int,
) -> None:
    monkeypatch.setitem(settings()["fitting"], "judged", most)
    alike = Variances(0.04, np.full(len(sample.regression.blocks), 0.01))

    employer = sample.raw.index["employer"]

    found = cross_fit(sample, alike, seed=1)

    as_is = found.row[found.how == AS_IS]
    assert len(as_is) == len(set(as_is.tolist())) == judged
    left_out = [np.setdiff1d(np.arange(len(sample)), rows) for rows in fits]
    whole = [not set(employer[part]) & set(employer[rows]) for part, rows in zip(left_out, fits, strict=True)]
    assert whole == [False] * models + [True] * (len(fits) - models)
    assert sorted(np.concatenate(left_out[:models])) == sorted(as_is)
    assert set(found.row[found.how == STRANGER]) <= set(np.concatenate(left_out[models:]))


def test_calibration_holds_where_a_part_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings()["fitting"], "judged", 500)

    tested = fit_component(market(4000, seed=3).rows, as_of=date(2021, 6, 30), seed=5)["backtest"]["rows"]

    assert tested["n"] == 500
    # the standard error is 0.018
    assert tested["coverage"] == pytest.approx(0.80, abs=0.05)
