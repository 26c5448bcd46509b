"""Replicate weights against a plain cluster bootstrap of the rows: employers drawn with replacement."""

from __future__ import annotations

import numpy as np
import pytest

from payguide.base.money import ACCURACY
from payguide.fit.bands.quantiles import cell_mean, cell_quantiles

PROBABILITIES = np.array([0.10, 0.25, 0.50, 0.75, 0.90])


@pytest.fixture(scope="module")
def rows():
    """Ranges of 60 employers of unequal size, 30 % wide."""
    rng = np.random.default_rng(2)
    whose = np.repeat(np.arange(60), 1 + np.floor(rng.lognormal(0.5, 1.0, 60)).astype(int))
    middle = 12 + rng.normal(0, 0.15, 60)[whose] + rng.normal(0, 0.15, len(whose))
    return whose, np.exp(middle - 0.15), np.exp(middle + 0.15)


def resampled(rows, statistic, draws=1500):
    """The statistic of the points of each resample of employers, all rows of one drawn together."""
    whose, low, high = rows
    points = np.log(low)[:, None] + np.log(high / low)[:, None] * [0.1, 0.3, 0.5, 0.7, 0.9]
    blocks = [points[whose == employer].ravel() for employer in range(60)]
    rng = np.random.default_rng(3)
    return np.array(
        [statistic(np.concatenate([blocks[e] for e in rng.integers(0, 60, 60)])) for _ in range(draws)]
    )


def test_quantiles_and_their_errors(rows, make_cell):
    """Five sets of eighty weights know an error within 8 %/sqrt(5); 1,500 resamples within 2 %; multinomial weights
    of 60 clusters vary by 59/60 of Poisson ones, which is put back.
    """
    drawn = resampled(rows, lambda points: np.quantile(points, PROBABILITIES, method="hazen"))
    found = [cell_quantiles(make_cell(*rows, seed=seed), PROBABILITIES) for seed in range(5)]
    errors = np.mean([[spread.error for spread in spreads] for spreads in found], axis=0)
    values = [spread.value for spread in found[0]]
    assert values == pytest.approx(drawn.mean(axis=0), abs=0.01 + ACCURACY)
    assert errors == pytest.approx(drawn.std(axis=0), rel=0.15)


def test_the_mean_and_its_error(rows, make_cell):
    drawn = np.log(resampled(rows, lambda points: np.exp(points).mean()))
    found = [cell_mean(make_cell(*rows, seed=seed)) for seed in range(5)]
    assert found[0].value == pytest.approx(drawn.mean(), abs=0.005 + ACCURACY)
    assert np.mean([spread.error for spread in found]) == pytest.approx(drawn.std(), rel=0.12)
