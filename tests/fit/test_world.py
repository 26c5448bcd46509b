"""A market whose truth is known, through the real reduction, direct estimators and gate: a few draws always, all of
them in the slow suite. docs/coverage.md has the figures of the whole simulation.
"""

from __future__ import annotations

from collections import Counter

import interval_coverage as simulated
import numpy as np
import pytest
import world
from truth import market, truth

FEW = 4


@pytest.fixture(scope="module")
def alike():
    """A few draws of markets whose sources do not lie apart, and what is published of each, by id."""
    drawn = [world.draw(seed, simulated.scales(), world.Apart(0.0, 0.0)) for seed in range(FEW)]
    return [(one, simulated.published(simulated.figures(one))) for one in drawn]


def test_a_draw_is_its_seeds():
    one, same, other = (world.draw(seed, simulated.scales()) for seed in (7, 7, 8))
    assert one.observations.equals(same.observations)
    assert not one.observations.equals(other.observations)


def test_the_truth_is_what_a_large_sample_shows():
    """A million of a level's total pay drawn place by place: its quantiles are known within a thousandth."""
    rng = np.random.default_rng(3)
    crossed = {(level, tier): rng.normal(0, 0.04) for level in world.LEVELS for tier in world.TIERS}
    found = market(crossed, "senior", "total")
    at = rng.choice(len(found.places), 1_000_000, p=found.shares)
    logs = found.places[at] + rng.normal(0, found.deviation, at.size)
    logs += rng.uniform(-found.half, found.half, at.size)

    for probability in (0.1, 0.25, 0.5, 0.75, 0.9):
        assert found.quantile(probability) == pytest.approx(np.quantile(logs, probability), abs=0.003)


def test_each_sources_own_interval_holds_the_truth(alike):
    """With nothing between sources, each source's interval is a test of its employers' alone."""
    held = Counter(
        source.low <= value <= source.high
        for drawn, found in alike
        for name, value in truth(drawn.interactions).items()
        if name.startswith("kind.") and name in found
        for source in found[name].sources
    )

    assert held.total() > 60
    assert 0.82 <= held[True] / held.total() <= 0.98


@pytest.mark.parametrize(
    ("line", "allowed"),
    [
        # three standard errors of four draws' mean, as sixty other draws have them
        ("a kind's median", 0.036),
        ("a kind's offset", 0.036),
        ("tier, each kind by itself", 0.033),
        ("place, each kind by itself", 0.028),
        ("skill", 0.009),
    ],
)
def test_nothing_is_off_on_average(alike, line, allowed):
    found = simulated.chosen([list(simulated.compared(*one)) for one in alike], line)
    off = [held.off for drawn in found for held in drawn]
    assert len(off) >= 10
    assert abs(np.mean(off)) < allowed


def test_hardly_any_skill_without_a_premium_is_called_significant(alike):
    """37 of 40 skills change nothing; Benjamini and Hochberg let a tenth of those called be false, here nearly none."""
    called = [
        held.figure
        for one in alike
        for held in simulated.compared(*one)
        if held.figure.startswith("skill.") and held.significant and not held.true
    ]
    assert len(called) <= 2, called


@pytest.fixture(scope="module")
def every():
    """The whole simulation."""
    return simulated.run()


@pytest.mark.slow
@pytest.mark.parametrize("line", simulated.HELD)
def test_coverage_is_what_is_stated(every, line):
    share, _ = simulated.coverage(simulated.chosen(every, line))
    assert share == pytest.approx(simulated.NOMINAL, abs=simulated.ALLOWED)


@pytest.mark.slow
def test_premiums_are_without_bias_and_false_ones_as_rare_as_stated(every):
    found = simulated.discoveries(every)
    assert found.false <= 0.10
    assert abs(found.off_true) < 0.005
    assert abs(found.off_false) < 0.005
