"""Conformal quantiles beside MAPIE's."""

from __future__ import annotations

import numpy as np
import pytest

from payguide.fit.model.conformal import conformal_quantile

mapie = pytest.importorskip("mapie.regression")
dummy = pytest.importorskip("sklearn.dummy")


@pytest.mark.parametrize("n", [39, 200, 1001])
@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.95])
def test_half_width_is_mapies_to_one_rank(n: int, coverage: float) -> None:
    y = np.random.default_rng(n).standard_t(4, n)
    x = np.zeros((n, 1))
    zero = dummy.DummyRegressor(strategy="constant", constant=0.0).fit(x, y)
    split = mapie.SplitConformalRegressor(zero, confidence_level=coverage, prefit=True).conformalize(x, y)
    theirs = float(split.predict_interval(x[:1])[1][0, 1, 0])

    ours = conformal_quantile(np.abs(y), np.ones(n), coverage)

    # MAPIE takes the whole rank ceil((n + 1) coverage); ours lies between that rank and the one before it
    ordered = np.sort(np.abs(y))
    rank = int(np.ceil((n + 1) * coverage - 1e-9))
    assert theirs == pytest.approx(ordered[rank - 1])
    assert ordered[rank - 2] - 1e-12 <= ours <= theirs + 1e-12
