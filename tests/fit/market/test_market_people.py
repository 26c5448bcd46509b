"""The people of a market: what holds of every figure that is read off them, and what it says where truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.errors import InputError
from payguide.fit.market.design import LEVELS
from payguide.fit.market.frame import TIERS
from payguide.fit.market.people import People
from small_market import (
    DAY,
    SHORTEST,
    exact,
    fitted,
    margin,
    market,
    medians,
    people,
    posterior,
    statements,
)
from small_market import LEVELS as LOG_PAY
from small_market import TIERS as EFFECTS

EVERY = np.linspace(0.05, 0.95, 19)
TOLD = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
NUMBER = {name: TIERS.index(name) for name in EFFECTS}
SHARES = {"big_tech": 0.2, "enterprise": 0.5, "startup": 0.3}
WHOM = [{}, {"tier": [NUMBER["big_tech"]]}, {"metro": [0]}, {"remote": [0], "tier": [NUMBER["startup"]]}]


def quantiles(whose, component, level, at=EVERY, **fixed):
    return whose.distribution(component, level, fixed).quantiles(at)


@pytest.mark.parametrize("fixed", WHOM, ids=str)
@pytest.mark.parametrize("level", [*LEVELS, "any"])
def test_total_is_never_under_base(level, fixed):
    base, total = (quantiles(people(), component, level, **fixed) for component in ("base", "total"))
    assert (total >= base - 1e-4).all()
    assert people().ratio(level, fixed).quantiles(EVERY).min() >= -0.01  # within a step of the grid


@pytest.mark.parametrize("fixed", WHOM, ids=str)
@pytest.mark.parametrize("component", ["base", "total"])
def test_all_levels_together_are_the_levels_mixture(component, fixed):
    """At any amount the share paid more is the mean of the levels' shares, so that no quantile is outside theirs."""
    whose = people()
    each = np.array([quantiles(whose, component, level, **fixed) for level in LEVELS])
    every = quantiles(whose, component, "any", **fixed)
    assert (every >= each.min(axis=0) - 1e-4).all()
    assert (every <= each.max(axis=0) + 1e-4).all()
    weights = whose.weights("any", fixed).sum(axis=2)
    for amount in (11.6, 12.0, 12.4):
        above = np.array([whose.distribution(component, level, fixed).above(amount) for level in LEVELS])
        mixed = np.einsum("sl,ls->s", weights / weights.sum(axis=1, keepdims=True), above)
        assert whose.distribution(component, "any", fixed).above(amount) == pytest.approx(mixed, abs=3e-4)


@given(st.sampled_from(["metro", "industry", "remote"]), st.data())
def test_what_parts_some_from_all_others_parts_the_others_from_them(name, data):
    whose = people()
    values = [k for k, share in enumerate(whose.frame.margin(name)[0]) if share > 0]
    some = data.draw(st.sets(st.sampled_from(values), min_size=1, max_size=len(values) - 1))
    found = whose.effect(name, sorted(some))
    assert found == pytest.approx(-whose.effect(name, sorted(set(values) - some)))


def test_a_tier_is_held_against_all_others_of_the_frame():
    """0.3 against (0.5 * 0 - 0.3 * 0.1) / 0.8; ten employers of a tier tell its mean within 0.03."""
    whose = People(posterior(), market(tier=exact(SHARES)), "ml_engineer")
    top = whose.tier_effect([NUMBER["big_tech"]])
    assert top[0] == pytest.approx(0.3 + 0.03 / 0.8, abs=0.06)
    others = whose.tier_effect([NUMBER["enterprise"], NUMBER["startup"]])
    assert others == pytest.approx(-top)
    assert whose.tier_effect(list(NUMBER.values())) is None
    assert whose.tier_effect([TIERS.index("consultancy")]) is None


def test_a_tier_is_held_against_others_of_the_levels_that_there_are():
    few = market(tier=exact(SHARES), level=exact({"entry": 0.5, "senior": 0.5}))
    whose = People(posterior(), few, "ml_engineer")
    assert whose.tier_effect([NUMBER["big_tech"]])[0] == pytest.approx(0.3375, abs=0.08)
    assert whose.distribution("base", "mid") is None


@pytest.mark.parametrize("component", ["base", "total"])
def test_with_a_sources_own_mix_the_band_is_that_sources_own(component):
    """A thousand statements, four of ten from one tier. Spreads of cells are drawn to each other, and as wide as all
    draws together say: a few per cent.
    """
    rng = np.random.default_rng(8)
    base, both = statements(4_000, seed=9, source="one", day=DAY.toordinal())
    kept = rng.random(4_000) < np.where(base.columns["tier"] == "big_tech", 0.55, 0.18)
    kept &= (base.columns["level"] != "entry") | (rng.random(4_000) < 0.5)
    base, both = base.take(kept), both.take(kept)
    whose = People(fitted(base, both), market(), "ml_engineer")
    stated = np.log(base.low if component == "base" else both.high)
    for level in ("senior", "any"):
        own = stated if level == "any" else stated[base.columns["level"] == level]
        assert quantiles(whose, component, level, TOLD)[0] == pytest.approx(
            np.quantile(own, TOLD), abs=0.04
        ), level


@pytest.fixture(scope="module")
def biased():
    """Seven of ten statements are of the tier that pays most."""
    base, _ = statements(1_000, seed=5)
    kept = np.random.default_rng(1).random(1_000) < np.where(base.columns["tier"] == "big_tech", 0.9, 0.2)
    return fitted(base.take(kept), None)


@pytest.mark.parametrize(
    "shares", [SHARES, {"big_tech": 0.8, "enterprise": 0.1, "startup": 0.1}, {"startup": 1.0}], ids=str
)
def test_the_band_is_of_the_stated_tiers_whoever_reports(biased, shares):
    """Whatever share of the frame is of the tier that most statements are of: the truth, within 0.06."""
    whose = People(biased, market(tier=exact(shares)), "ml_engineer")
    drawn = np.random.default_rng(0).choice(
        LOG_PAY["entry"] + np.array([EFFECTS[name] for name in shares]), 100_000, p=list(shares.values())
    )
    true = np.median(drawn + np.random.default_rng(2).normal(0, 0.15, 100_000))
    assert medians(whose, level="entry")[0] == pytest.approx(true, abs=0.06)


def test_what_is_not_known_of_the_frame_is_in_the_interval():
    exact_, loose = (
        medians(People(posterior(), market(tier=margin(certainty, **SHARES)), "ml_engineer"))
        for certainty in (None, 5.0)
    )
    assert loose[0] == pytest.approx(exact_[0], abs=0.002)
    assert loose[1:].std() > 1.3 * exact_[1:].std()


#: Columns of statements in which something is not told, or is all the same.
SPARSE = {
    "all told": {}, "no self-report": {"kind": "posted_range"}, "one level": {"level": "senior"},
    "no level": {"level": ""}, "no tier": {"tier": ""}, "no employer": {"employer": ""},
    "no employer and no tier": {"employer": "", "tier": "unknown"}, "one employer": {"employer": "acme"},
    "no metro": {"metro": ""}, "one source": {"source": "one"}, "another role": {"role": "data_analyst"},
    "nothing": {"level": "", "tier": "", "employer": "", "metro": "", "industry": "", "remote": ""},
}  # fmt: skip


@pytest.mark.parametrize("what", SPARSE)
def test_sparse_evidence_is_a_market_too(what):
    base, both = statements(90, **SPARSE[what])
    whose = market(tier=margin(1.0, frontier_lab=0.01, startup=0.99))
    ordered(People(fitted(base, both, whose, SHORTEST), whose, "ml_engineer"))


@pytest.mark.parametrize("n", [1, 2, 29])
def test_few_statements_are_a_market_too(n):
    ordered(People(fitted(*statements(n), sampling=SHORTEST), market(), "ml_engineer"))


@pytest.mark.parametrize("column", ["source", "kind"])
def test_who_states_total_pay_may_be_of_a_source_by_itself(column):
    base, both = statements(90)
    apart = replace(both, columns={**both.columns, column: np.full(90, "payroll")})
    ordered(People(fitted(base, apart, sampling=SHORTEST), market(), "ml_engineer"))


def ordered(whose):
    """Quantiles are numbers that rise, the median one that might be paid; total is over base."""
    for level in ("entry", "any"):
        base = quantiles(whose, "base", level, TOLD)
        assert np.isfinite(base).all()
        assert (np.diff(base) >= 0).all()
        assert 9 < base[0, 2] < 14
        if whose.posterior.top:
            assert (quantiles(whose, "total", level, TOLD) >= base - 1e-4).all()


def test_who_has_nothing_on_top_is_told_by_all_where_no_tier_is():
    base, both = statements(400, tier="", employer="")
    share = fitted(base, both, sampling=SHORTEST).nothing.mean()
    assert share == pytest.approx((both.high == both.low).mean(), abs=0.03)


def test_no_statement_of_base_pay_is_no_market():
    base, both = statements(40)
    with pytest.raises(InputError, match="no statement of base pay in USD"):
        fitted(base.take(np.zeros(40, bool)), both)
