"""Effects against the average of their dimension, whichever value is left out."""

from __future__ import annotations

import numpy as np
import pytest

from payguide.base.contributors import Contributors
from payguide.fit.bands.pooled import SampleSize, together
from payguide.fit.effects.contrasts import (
    ReferenceCategory,
    against_average,
    left_out,
    one_against_another,
    plain,
)
from payguide.fit.effects.regression import fit

TIERS = ("startup", "big_tech", "enterprise")


@pytest.fixture(scope="module")
def rows():
    """900 rows: half start-ups, a third big tech (+0.3), a sixth enterprises (-0.1); no noise, 30
    employers.
    """
    tier = np.repeat([0, 1, 2], [450, 300, 150])
    y = 12.0 + np.array([0.0, 0.3, -0.1])[tier]
    return tier, y, np.arange(900) % 30


def fitted(rows, make_moments, reference):
    tier, y, employer = rows
    held = [i for i in range(3) if i != reference]
    design = np.column_stack([np.ones(900), *[(tier == i).astype(float) for i in held]])
    return fit(make_moments("m", ("intercept", *[f"tier={TIERS[i]}" for i in held]), design, y, employer))


@pytest.mark.parametrize("reference", [0, 1, 2])
def test_the_effect_does_not_depend_on_the_value_left_out(rows, make_moments, reference):
    # the average is 0.5 x 0 + 1/3 x 0.3 + 1/6 x (-0.1) = 0.08333
    of = fitted(rows, make_moments, reference)
    n = [450, 300, 150][reference]
    out = ReferenceCategory(TIERS[reference], SampleSize(n, n, Contributors(30, 0, 20.0, 0.1)))
    effects = [against_average(of, "tier", (tier,), out).spread.value for tier in TIERS]
    assert effects == pytest.approx([-0.08333, 0.21667, -0.18333], abs=1e-4)


def test_several_values_together_are_their_weighted_mean(rows, make_moments):
    # (300 x 0.3 + 150 x (-0.1)) / 450 = 0.16667, less the average 0.08333
    found = against_average(fitted(rows, make_moments, 0), "tier", ("big_tech", "enterprise"), None)
    assert found.spread.value == pytest.approx(0.08333, abs=1e-4)
    assert found.counts.n == 450


def test_some_against_others(rows, make_moments):
    of = fitted(rows, make_moments, 0)
    found = one_against_another(of, "tier", ("big_tech",), ("enterprise",), None)
    assert found.spread.value == pytest.approx(0.4, abs=1e-9)
    assert one_against_another(of, "tier", ("big_tech",), ("consultancy",), None) is None


def test_a_value_without_a_column_has_no_effect(rows, make_moments):
    of = fitted(rows, make_moments, 0)
    assert against_average(of, "tier", ("startup",), None) is None
    assert plain(of, "tier=consultancy") is None


def test_the_value_left_out_is_told_by_its_evidence(rows, make_moments, make_cell):
    of = fitted(rows, make_moments, 0)
    cells = {
        "startup": [make_cell(np.arange(430) % 30, np.full(430, 2e5))],
        "consultancy": [make_cell(np.arange(20), np.full(20, 2e5))],
        "big_tech": [make_cell(np.arange(300) % 30, np.full(300, 2e5))],
    }
    found = left_out(of, "tier", cells)
    assert found.value == "startup"
    assert found.counts.n == 450  # the regression's own count
    assert found.counts.who.employers == 30


def test_no_value_is_named_when_none_has_that_much_evidence(rows, make_moments, make_cell):
    of = fitted(rows, make_moments, 0)
    assert left_out(of, "tier", {"consultancy": [make_cell(np.arange(20), np.full(20, 2e5))]}) is None


def test_groups_that_may_share_employers_claim_the_fewest():
    parts = [
        SampleSize(100, 100, Contributors(20, 0, 16.0, 0.1, "acme")),
        SampleSize(300, 400, Contributors(15, 4, 9.0, 0.2, "beta")),
    ]
    # the norms of their shares, 1/4 and 1/3, weigh a quarter and three quarters: 5/16 together at most
    who = Contributors(20, 4, pytest.approx((16 / 5) ** 2), pytest.approx(0.175), "beta")
    assert together(parts) == SampleSize(400, 500, who)
