"""A market whose truth is known, through the real reduction, estimators and gate: a few draws always, all of them in
the slow suite. docs/coverage.md has the figures of the whole simulation.
"""

from __future__ import annotations

from collections import Counter

import interval_coverage as simulated
import numpy as np
import pytest
import world
from truth import QUANTILES, market, truth

from payguide.base.estimates import Published

FEW = 2


@pytest.fixture(scope="module")
def alike():
    """A few draws of markets whose sources do not lie apart: what is published and what is true, by id."""
    drawn = [world.draw(seed, simulated.scales(), world.Apart(0.0, 0.0)) for seed in range(FEW)]
    return [(simulated.figures(one), truth(one.interactions)) for one in drawn]


def test_a_draw_is_its_seeds():
    one, same, other = (world.draw(seed, simulated.scales()) for seed in (7, 7, 8))
    assert one.observations.equals(same.observations)
    assert not one.observations.equals(other.observations)


def test_the_truth_is_what_a_large_sample_shows():
    """A million of a level's total pay drawn place by place: its quantiles are known within a thousandth."""
    rng = np.random.default_rng(3)
    crossed = {(level, tier): rng.normal(0, 0.04) for level in world.LEVELS for tier in world.TIERS}
    found = market(crossed, "senior", "total", ".top")
    at = rng.choice(len(found.places), 1_000_000, p=found.shares)
    logs = found.places[at] + rng.normal(0, found.deviation, at.size)
    logs += rng.uniform(-found.half, found.half, at.size)

    for probability in QUANTILES.values():
        assert found.quantile(probability) == pytest.approx(np.quantile(logs, probability), abs=0.003)
    assert np.log(found.mean()) == pytest.approx(np.log(np.exp(logs).mean()), abs=0.003)


def test_each_sources_own_interval_holds_the_truth(alike):
    """With nothing between sources, each source's interval is a test of its employers' alone. Sixty
    other draws know its coverage within 0.007 (one standard error), so two within 0.038: bounds at three of them.
    """
    held: Counter[bool] = Counter()
    for published, true in alike:
        for name, value in true.items():
            figure = published.get(name)
            if name.startswith("band.") and name.count(".") == 3 and isinstance(figure, Published):
                held.update(source.low <= value <= source.high for source in figure.estimate.sources)

    assert held.total() > 150
    assert 0.786 <= held[True] / held.total() <= 0.99


@pytest.mark.parametrize(
    ("starts", "ends", "allowed"),
    [
        # three standard errors of two draws' mean, as sixty other draws have them
        ("band.", ".p50", 0.051),
        ("tier.", ".effect", 0.047),
        ("place.", ".effect", 0.040),
        ("skill.", ".premium", 0.013),
    ],
)
def test_nothing_is_off_on_average(alike, starts, ends, allowed):
    off = [
        np.log(figure.estimate.value / value) if starts == "band." else figure.estimate.value - value
        for published, true in alike
        for name, value in true.items()
        if name.startswith(starts)
        and name.endswith(ends)
        and (starts != "band." or name.count(".") == 3)
        and isinstance(figure := published.get(name), Published)
    ]
    assert len(off) >= 10
    assert abs(np.mean(off)) < allowed


def test_hardly_any_skill_without_a_premium_is_called_significant(alike):
    """37 of 40 skills change nothing; Benjamini and Hochberg let a tenth of those called be false, here nearly none."""
    called = [
        name
        for published, true in alike
        for name, value in true.items()
        if name.startswith("skill.")
        and value == 0.0
        and isinstance(figure := published.get(name), Published)
        and any(note.startswith("Significant") for note in figure.estimate.notes)
    ]
    assert len(called) <= 2, called


@pytest.fixture(scope="module")
def every():
    """The whole simulation."""
    return simulated.run()


@pytest.mark.slow
@pytest.mark.parametrize("name", list(simulated.HELD))
def test_coverage_is_what_is_stated(every, name):
    _, share, _ = simulated.summary(every)[name]
    assert share == pytest.approx(simulated.NOMINAL, abs=simulated.ALLOWED)


@pytest.mark.slow
def test_premiums_are_without_bias_and_false_ones_as_rare_as_stated(every):
    found = simulated.discoveries(every)
    assert found.false <= 0.10
    assert abs(found.off_true) < 0.005
    assert abs(found.off_false) < 0.005
