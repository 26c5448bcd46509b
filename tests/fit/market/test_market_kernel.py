"""What lies within a cell: its employers, met or not, and what parts people of one employer."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from payguide.fit.market.kernel import (
    POINTS,
    SPREAD,
    Employers,
    employers_by_tier,
    new_effects,
    pick,
    points,
    shape_of,
)


def test_points_are_even_in_every_coordinate():
    even = (np.arange(POINTS) + 0.5) / POINTS
    assert np.sort(points(), axis=0) == pytest.approx(np.tile(even[:, None], 5))
    assert np.abs(np.corrcoef(points().T) - np.eye(5)).max() < 0.05


def test_the_points_have_the_ranks_of_a_scrambled_sobol_sequence():
    drawn = stats.qmc.Sobol(5, scramble=True, seed=20261101).random(POINTS)
    assert (np.argsort(points(), axis=0) == np.argsort(drawn, axis=0)).all()


def test_who_was_never_met_is_as_many_as_those_met_once():
    employer = np.array([0, 0, 0, 1, 2, 3, 3, -1])
    tier = np.array([0, 0, 0, 0, 1, 1, 1, 0])
    first, second, third = employers_by_tier(employer, tier, np.ones(8), 3)
    # of four statements one is of an employer met once: (1 + 1) / (4 + 1); of three one; of none all are new
    assert (first.number.tolist(), first.statements.tolist(), first.unmet) == ([0, 1], [3, 1], 0.4)
    assert (second.number.tolist(), second.unmet) == ([2, 3], 0.5)
    assert (third.number.tolist(), third.unmet) == ([], 1.0)


def test_employers_have_their_shares_of_statements():
    """Fifty with one statement each, fifty with three; a draw resamples them."""
    known = Employers(np.arange(100), np.repeat([1.0, 3.0], 50), 0.2)
    who = pick(known, 500, np.random.default_rng(0))
    shares = [(who == -1).mean(), ((who >= 0) & (who < 50)).mean(), (who >= 50).mean()]
    # of 500 draws whose standard deviation is 0.04
    assert shares == pytest.approx([0.2, 0.8 * 0.25, 0.8 * 0.75], abs=0.008)
    assert np.ptp((who == -1).mean(axis=1)) == 0.0
    assert (pick(Employers(np.array([], int), np.array([]), 1.0), 3, np.random.default_rng(0)) == -1).all()


def test_new_employers_are_as_far_apart_as_the_draw_says():
    found = new_effects(np.array([0.1, 0.2]), 4.0)
    assert found[1] == pytest.approx(2 * found[0])
    assert np.quantile(found[0], [0.1, 0.5, 0.9]) == pytest.approx(
        0.1 * stats.t.ppf([0.1, 0.5, 0.9], 4), abs=1e-3
    )


def test_the_spread_of_a_cell_is_drawn_to_that_of_its_level():
    left = np.concatenate([np.tile([-0.1, 0.1], 100), np.tile([-0.3, 0.3], 100)])
    level, tier = np.zeros(400, int), np.repeat([0, 1], 100 * 2)
    found = shape_of(left, level, tier, 2, 3)
    both = (0.01 + 0.09) / 2
    # SPREAD statements of the level's mean square beside 200 of the cell's own; of a cell without any that alone
    own = [np.sqrt((200 * square + SPREAD * both) / (200 + SPREAD)) for square in (0.01, 0.09)]
    assert found.spread[0] == pytest.approx([*own, np.sqrt(both)], rel=1e-6)
    assert found.counts[0].tolist() == [200, 200, 0]


def test_the_shape_is_that_of_what_is_left():
    left = 0.2 * stats.t.ppf((np.arange(3_000) + 0.5) / 3_000, 5)
    found = shape_of(left, np.zeros(3_000, int), np.zeros(3_000, int), 1, 1)
    at = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
    assert found.spread[0, 0] * found.at(at) == pytest.approx(np.quantile(left, at), abs=0.003)
    # a gross error is no spread
    wild = np.append(left, [9.0, -9.0])
    assert (
        shape_of(wild, np.zeros(3_002, int), np.zeros(3_002, int), 1, 1).spread[0, 0]
        < 1.1 * found.spread[0, 0]
    )
