"""The coding of effects: against the frame's mean, so that who does not tell is of the frame."""

from __future__ import annotations

import numpy as np
import pytest

from payguide.base.market import CLOSED_TIERS
from payguide.fit.market.coded import settings
from payguide.fit.market.design import CROSSED, FRAMED, UNKNOWN, design, nobody
from payguide.fit.market.frame import TIERS, frame
from small_market import exact, market, posterior

SHARES = {"frontier_lab": 0.1, "big_tech": 0.3, "enterprise": 0.4, "startup": 0.2}
KNOTS = np.array([-2.0, -1.0, 0.0])


@pytest.fixture(scope="module")
def stated():
    whose = market(
        tier=exact(SHARES),
        metro=exact({"41860": 0.25, "35620": 0.75}),
        remote=exact({"remote": 0.5, "onsite": 0.5}),
    )
    return frame(whose, posterior().seeds["ml_engineer"], 0, np.random.default_rng(0))


@pytest.fixture(scope="module")
def plan(stated):
    return design(posterior().base.design.values, stated, KNOTS, settings()["base"])


def met(plan, n=1, **of):
    """What people meet, by effect (n, q)."""
    return (
        plan.rows(nobody(n, **{name: np.asarray(values) for name, values in of.items()})) @ plan.centre
    ).toarray()


def test_who_tells_nothing_meets_no_effect_of_the_frame(plan):
    row = met(plan, level=[2], role=[1])[0]
    for name in CROSSED:
        if set(name.split(":")) & set(FRAMED):
            assert not row[plan.block(name).at].any(), name
    assert row[plan.block("mean").at] == [1.0]
    assert row[plan.block("level").at].tolist() == [0.0, 0.0, 1.0, 0.0]


@pytest.mark.parametrize("name", ["metro", "industry", "remote"])
def test_effects_add_up_to_nothing_over_the_frame(plan, stated, name):
    values = np.arange(len(plan.values[name]))
    apart = met(plan, len(values), **{name: values})
    share = stated.margin(name)[0]
    assert share @ apart[:, plan.block(name).at] == pytest.approx(np.zeros(len(values)), abs=1e-12)
    assert np.diag(apart[:, plan.block(name).at]) == pytest.approx(1 - share)


@pytest.mark.parametrize("level", [0, 3])
def test_the_tiers_of_each_level_add_up_to_nothing_over_the_frame(plan, stated, level):
    n = len(TIERS)
    rows = met(plan, n, tier=np.arange(n), level=np.full(n, level))[:, plan.block("tier:level").at]
    share = stated.tier[0] * stated.given["level"][0][:, level]
    present = share > 0
    assert share[present] @ rows[present] == pytest.approx(np.zeros(rows.shape[1]), abs=1e-12)


def test_an_employer_that_no_list_knows_is_of_the_open_tiers(plan):
    unknown, *each = met(plan, 1 + len(TIERS), tier=[UNKNOWN, *range(len(TIERS))])[:, plan.block("tier").at]
    open_ = {name: share for name, share in SHARES.items() if name not in CLOSED_TIERS}
    expected = sum(share / sum(open_.values()) * each[TIERS.index(name)] for name, share in open_.items())
    assert unknown == pytest.approx(expected)


@pytest.mark.parametrize(
    ("years", "curve"),
    [(0, [0, 0]), (-1, [0, 1]), (-1.5, [0.5, 0.5]), (-2, [1, 0]), (-9, [1, 0]), (3, [0, 0])],
)
def test_the_time_curve_is_nothing_at_the_editions_date(plan, years, curve):
    codes = nobody(1)
    codes.years[:] = years
    row = (plan.rows(codes) @ plan.centre).toarray()[0]
    assert row[plan.block("time").at].tolist() == curve
