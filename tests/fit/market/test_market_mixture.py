"""Mixtures of cells by Fourier transforms, against the same sums made one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from payguide.fit.market.mixture import STEP, distribution, of_samples, shift

LEVELS = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
RNG = np.random.default_rng(6)
CENTRE = 12.0


def test_a_mixture_of_sums_is_as_brute_force_has_it():
    """Two cells with shares 0.3 and 0.7, each moved by places of its own, against a million people drawn one by one:
    their quantiles are known within a thousandth or two.
    """
    shares, within = [0.3, 0.7], [RNG.normal(-0.2, 0.1, 2_000), RNG.normal(0.3, 0.3, 2_000)]
    moves, weights = np.array([-0.11, 0.0, 0.32]), np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
    whole = sum(
        share * of_samples(own[None]) * (weight[:, None] * shift(moves)).sum(axis=0)
        for share, own, weight in zip(shares, within, weights, strict=True)
    )
    found = distribution(whole, CENTRE)

    cell = RNG.choice(2, 1_000_000, p=shares)
    drawn = np.where(cell == 0, RNG.choice(within[0], cell.size), RNG.choice(within[1], cell.size))
    drawn += np.where(cell == 0, *(RNG.choice(moves, cell.size, p=weight) for weight in weights)) + CENTRE
    assert found.quantiles(LEVELS)[0] == pytest.approx(np.quantile(drawn, LEVELS), abs=0.005)
    assert found.mean()[0] == pytest.approx(np.log(np.mean(np.exp(drawn))), abs=0.002)
    assert found.above(12.3)[0] == pytest.approx((drawn > 12.3).mean(), abs=0.003)


@given(arrays(float, 40, elements=st.floats(-1.5, 1.5)))
def test_quantiles_rise(values):
    every = np.linspace(0.01, 0.99, 60)
    assert (np.diff(distribution(of_samples(values[None]), 0.0).quantiles(every)[0]) >= 0).all()


@pytest.mark.parametrize(
    ("by", "off"), [(20 * STEP, 1e-4), (-33 * STEP, 1e-4), (0.1234, 1e-3), (-0.4321, 1e-3)]
)
def test_a_shift_moves_every_quantile_by_as_much(by, off):
    """To the digits of the transforms by whole steps of the grid, within a fifteenth of a step between them."""
    whole = of_samples(RNG.normal(0, 0.25, 4_000)[None])
    moved = distribution(whole * shift(np.array([by])), 0.0).quantiles(LEVELS)
    assert moved == pytest.approx(distribution(whole, 0.0).quantiles(LEVELS) + by, abs=off)


def test_shares_need_not_add_up_to_one():
    whole = of_samples(RNG.normal(0, 0.25, (3, 500)))
    few, all_ = (distribution(share * whole, CENTRE).quantiles(LEVELS) for share in (0.02, 1.0))
    assert few == pytest.approx(all_, abs=1e-4)
