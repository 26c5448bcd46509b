"""The sampler against restricted maximum likelihood, and what it makes of levels that are not told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from payguide.fit.market.coded import ROLES
from payguide.fit.market.design import LEVELS, nobody
from payguide.fit.market.posterior import Sampling, fit_market
from payguide.fit.market.sampler import r_hat
from small_market import COUNTRY, DAY, market, statements

LONGER = Sampling(chains=2, burn=30, keep=120, thin=1)


def fit(base):
    return fit_market(base, None, market=market(), country=COUNTRY, as_of=DAY, seed=5, sampling=LONGER).base


def at_levels(part):
    """Ln pay of an ML engineer at each level (s, l)."""
    n = len(LEVELS)
    codes = nobody(n, level=np.arange(n), role=np.full(n, ROLES.index("ml_engineer")))
    return part.draws.effects @ (part.design.rows(codes) @ part.design.centre).toarray().T


def test_levels_are_as_a_mixed_model_has_them():
    """REML knows levels as well as a posterior whose priors are wide against their errors; the t of the errors, here
    normal, loses 5 % of the precision (Lange et al. 1989): the two lie apart by a quarter of the error, and thrice that
    is allowed. 240 draws know a standard deviation to 5 %.
    """
    base, _ = statements(
        400, metro="41860", remote="onsite", industry="software", tier="startup", source="one"
    )
    base = replace(base, day=np.full(400, DAY.toordinal()))
    level = np.array([LEVELS.index(one) for one in base.columns["level"]])
    columns = np.column_stack([np.ones(400), *(level == k for k in (1, 2, 3))]).astype(float)
    outside = sm.MixedLM(np.log(base.low), columns, groups=base.columns["employer"]).fit(reml=True)
    found = at_levels(fit(base))

    for k in (1, 2, 3):
        step, error = found[:, k] - found[:, 0], outside.bse[k]
        assert step.mean() == pytest.approx(outside.params[k], abs=0.75 * error)
        assert step.std() == pytest.approx(error, rel=0.25)


def test_levels_that_are_not_told_are_recovered():
    base, _ = statements(600, seed=2)
    true = base.columns["level"]
    hidden = np.random.default_rng(4).random(600) < 1 / 3
    part = fit(replace(base, columns={**base.columns, "level": np.where(hidden, "", true)}))

    known = at_levels(fit(base.take(~hidden)))
    assert at_levels(part).mean(axis=0) == pytest.approx(known.mean(axis=0), abs=3 * known.std(axis=0).max())
    chance = part.draws.level
    assert (chance[~hidden].max(axis=1) == 1.0).all()
    right = chance[np.arange(600), [LEVELS.index(one) for one in true]][hidden]
    # by chance a quarter; levels lie 0.2 apart where people of a cell lie 0.15 apart
    assert right.mean() > 0.45
    # what it is sure of it is right in as often as it says
    sure = chance[hidden].max(axis=1)
    hit = chance[hidden].argmax(axis=1) == [LEVELS.index(one) for one in true[hidden]]
    assert hit.mean() == pytest.approx(
        sure.mean(), abs=3 * np.sqrt(np.mean(sure * (1 - sure)) / hidden.sum())
    )


def test_r_hat_by_hand():
    # halves 12, 34, 34, 56: within 0.5, between 2 * 8/3; sqrt((0.25 + 8/3) / 0.5)
    chains = np.array([[1.0, 2.0, 3.0, 4.0], [3.0, 4.0, 5.0, 6.0]])[:, :, None]
    assert r_hat(chains) == pytest.approx([2.41523])
    assert r_hat(np.random.default_rng(0).normal(size=(4, 4_000, 1))) == pytest.approx([1.0], abs=0.002)
