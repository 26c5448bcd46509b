"""Replicate weights: the same numbers everywhere, with a Poisson(1)'s mean, variance and independence."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from scipy import stats

from payguide.base.aggregates import REPLICATES
from payguide.evidence.reduce.replicates import THRESHOLDS, weights


def test_an_employers_first_weights_by_hand() -> None:
    # sha256("google#0") = 4330 d835 62dc b0d1 e58e fc1c d3e3 52dd ...
    # thresholds 24109 48219 60273 64292 65296
    # 0x4330 = 17200 -> 0;  0xd835 = 55349 -> 2;  0x62dc = 25308 -> 1;  0xb0d1 = 45265 -> 1
    # 0xe58e = 58766 -> 2;  0xfc1c = 64540 -> 4;  0xd3e3 = 54243 -> 2;  0x52dd = 21213 -> 0
    assert weights(["google"])[0, :8].tolist() == [0, 2, 1, 1, 2, 4, 2, 0]


def test_thresholds_are_those_of_a_poisson_of_mean_one() -> None:
    steps = [round(65536 * stats.poisson.cdf(k, 1)) for k in range(len(THRESHOLDS))]
    assert THRESHOLDS.tolist() == steps
    # the mean is the sum of P(weight > k)
    assert sum(1 - t / 65536 for t in steps) == 1.0


@pytest.mark.parametrize("name", ["google", "", "société générale", "a#0", "board/17"])
def test_sql_gives_the_same_weights(name: str) -> None:
    query = """
        SELECT list_transform(range(80), lambda r: len(list_filter($thresholds, lambda t:
            ('0x' || substr(sha256($name || '#' || (r // 16)), 1 + 4 * (r % 16), 4))::INTEGER >= t)))
    """
    with duckdb.connect() as connection:
        row = connection.execute(query, {"name": name, "thresholds": THRESHOLDS.tolist()}).fetchone()
    assert row is not None
    assert row[0] == weights([name])[0].tolist()


def test_mean_variance_and_independence() -> None:
    drawn = weights([f"employer {number}" for number in range(4000)]).astype(float)
    assert drawn.shape == (4000, REPLICATES)
    # 320,000 draws: the error of the mean is 1/566, of the variance about sqrt(3/320000) = 1/327
    assert drawn.mean() == pytest.approx(1, abs=5 / 566)
    assert drawn.var() == pytest.approx(1, abs=5 / 327)
    expected = stats.poisson.pmf(range(5), 1)
    found = [(drawn == k).mean() for k in range(5)]
    assert found == pytest.approx(expected, abs=0.004)
    # between replicates: 3,160 correlations of 4,000 draws, each of error 1/63
    apart = np.corrcoef(drawn.T)[np.triu_indices(REPLICATES, 1)]
    assert np.abs(apart).max() < 5 / 63
    # between employers whose names differ in the last letter only
    assert abs(np.corrcoef(drawn[:-1].ravel(), drawn[1:].ravel())[0, 1]) < 5 / 566


def test_nobody_is_no_weights() -> None:
    assert weights([]).shape == (0, REPLICATES)
