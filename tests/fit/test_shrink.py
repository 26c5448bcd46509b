"""Borrowing: how much, from where, at what cost."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from payguide.fit.quantiles import Curve
from payguide.fit.shrink import Parent, apart, between, shrink


def curve(values, deviation, effective=1e9, df=80.0, seed=0):
    """A curve whose replicates have exactly the given standard deviation at every quantile."""
    noise = np.random.default_rng(seed).normal(size=(80, 1))
    noise *= deviation / np.sqrt(np.mean(noise**2))
    values = np.asarray(values, float)
    return Curve(values, values + noise, effective, df)


def known(values, df=80.0, cost=0.0):
    """A parent that is known exactly."""
    values = np.asarray(values, float)
    return Parent(values, np.tile(values, (80, 1)), df, cost)


def test_a_cell_is_mixed_with_its_parent_by_hand():
    # v = 0.03^2, tau^2 = 0.04^2: b = 9 / (9 + 16) = 0.36; 12.2 - 12.0 keeps 0.64 x 0.2
    one = apart(curve([12.2, 12.4], 0.03), known([12.0, 12.2]))
    found = shrink(one, 0.04**2)
    assert found.share == pytest.approx(0.36)
    assert [spread.value for spread in found.spreads] == pytest.approx([12.128, 12.328])
    assert found.spreads[0].error == pytest.approx(0.64 * 0.03, rel=1e-6)
    # what it may cost: b tau
    assert found.cost**0.5 == pytest.approx(0.36 * 0.04)


def test_error_and_cost_together_are_the_posteriors():
    """With a parent that is known the error of the mixture is sqrt(v (1 - b)), as a normal posterior's is."""
    found = shrink(apart(curve([12.2], 0.03), known([12.0])), 0.04**2)
    total = found.spreads[0].error ** 2 + found.cost
    assert total == pytest.approx(0.03**2 * (1 - found.share))


def test_what_the_parent_borrowed_is_paid_for_by_who_borrows_from_it():
    plain = shrink(apart(curve([12.2], 0.03), known([12.0])), 0.04**2)
    dear = shrink(apart(curve([12.2], 0.03), known([12.0], cost=0.02**2)), 0.04**2)
    assert dear.cost == pytest.approx(plain.cost + plain.share**2 * 0.02**2)


def test_the_noise_that_a_cell_shares_with_its_parent_cancels():
    own = curve([12.2], 0.05)
    one = apart(own, Parent(own.values - 0.1, own.replicates - 0.1, 80.0))
    assert one.variance < 1e-5
    assert shrink(one, 0.04**2).spreads[0].value == pytest.approx(12.2, abs=1e-3)


@pytest.mark.parametrize(("deviation", "least", "most"), [(0.005, 0.0, 0.05), (0.2, 0.9, 1.0)])
def test_thick_cells_stand_on_their_own_and_thin_ones_borrow(deviation, least, most):
    found = shrink(apart(curve([12.2], deviation), known([12.0])), 0.04**2)
    assert least <= found.share <= most


def test_few_effective_employers_borrow_more():
    few, many = (shrink(apart(curve([12.2], 0.03, n), known([12.0])), 0.04**2) for n in (3.0, 100.0))
    assert few.share > many.share


@pytest.mark.parametrize("cells", [0, 1, 2])
def test_two_cells_teach_nothing_and_nothing_is_borrowed(cells):
    found = [apart(curve([12.2, 12.4], 0.1), known([12.0, 12.2])) for _ in range(cells)]
    assert between(found) == float("inf")
    for one in found:
        shrunk = shrink(one, between(found))
        assert (shrunk.share, shrunk.cost) == (0.0, 0.0)
        assert [spread.value for spread in shrunk.spreads] == pytest.approx([12.2, 12.4])


def test_the_variance_between_cells_against_a_grid():
    """The likelihood of the differences times tau^2, written out and tried at every tau."""
    rng = np.random.default_rng(4)
    deviations = rng.uniform(0.02, 0.1, 12)
    places = rng.normal(0.0, np.hypot(0.06, deviations))
    found = [apart(curve([12 + d], s), known([12.0])) for d, s in zip(places, deviations, strict=True)]
    taus = np.linspace(1e-3, 0.5, 5000)
    total = deviations**2 + taus[:, None] ** 2
    log = (-0.5 * np.log(total) - 0.5 * places**2 / total).sum(axis=1) + 2 * np.log(taus)
    assert between(found) ** 0.5 == pytest.approx(taus[log.argmax()], abs=2e-4)


def test_cells_that_agree_by_chance_are_not_taken_to_be_alike():
    """All on their parent: the plain likelihood says tau = 0 and everything would be borrowed."""
    found = [apart(curve([12.0], 0.05), known([12.0])) for _ in range(6)]
    log = lambda tau: 0.5 * np.log(0.05**2 + tau**2)  # noqa: E731
    assert optimize.minimize_scalar(log, bounds=(0, 1), method="bounded").x < 1e-3
    assert 0.5 < shrink(found[0], between(found)).share < 0.95


def test_borrowing_brings_thin_cells_nearer_to_the_truth_and_keeps_the_coverage():
    """400 markets of eight cells; nominal 0.9: with 3,200 intervals of cells in 400 draws known within 0.02."""
    rng = np.random.default_rng(11)
    held, off, off_alone = [], [], []
    for draw in range(400):
        true = rng.normal(0.0, 0.05, 8)
        deviations = rng.choice([0.02, 0.05, 0.1], 8)
        places = true + rng.normal(0.0, deviations)
        found = [
            apart(curve([d], s, seed=draw), known([0.0])) for d, s in zip(places, deviations, strict=True)
        ]
        variance = between(found)
        for one, truth in zip(found, true, strict=True):
            shrunk = shrink(one, variance)
            spread = shrunk.spreads[0]
            half = 1.6449 * (spread.error**2 + shrunk.cost) ** 0.5
            held.append(abs(spread.value - truth) <= half)
            off.append((spread.value - truth) ** 2)
            off_alone.append((one.values[0] - truth) ** 2)
    assert np.mean(held) == pytest.approx(0.9, abs=0.02)
    assert np.mean(off) < 0.6 * np.mean(off_alone)
