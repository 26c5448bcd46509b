"""The frame: raked margins, what the evidence tells where no margin is stated, and drawn ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.fit.market.frame import TIERS, WITHIN, Seed, frame, rake, smoothed
from small_market import exact, fitted, margin, market, statements

EVEN = np.array([[0.5, 0.5]])
VALUES = {
    "level": ("entry", "senior"),
    "metro": ("41860", "elsewhere"),
    "industry": ("ai",),
    "remote": ("remote",),
}
SHARES = {"big_tech": 0.2, "enterprise": 0.5, "startup": 0.3}


def seed(**counts: list[list[float]]) -> Seed:
    """Counts of the first tiers; the others, and other dimensions, have none."""
    full = {name: np.zeros((len(TIERS), len(VALUES[name]))) for name in WITHIN}
    for name, rows in counts.items():
        full[name][: len(rows)] = rows
    return Seed(VALUES, full, np.ones(len(TIERS)))


def made(whose, of=None, draws=0):
    return frame(whose, of or seed(), draws, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("start", "margin", "raked"),
    [
        ([[0.5, 0.5], [0.5, 0.5]], [0.6, 0.4], [[0.6, 0.4], [0.6, 0.4]]),
        # nothing to move: it has the margin already
        ([[0.8, 0.2], [0.2, 0.8]], [0.5, 0.5], [[0.8, 0.2], [0.2, 0.8]]),
        # 4k/(4k+1) + k/(k+4) = 1.2 where the first value's odds are taken times k: k = (3.4 + sqrt 73) / 6.4
        ([[0.8, 0.2], [0.2, 0.8]], [0.6, 0.4], [[0.88187, 0.11813], [0.31813, 0.68187]]),
        ([[0.8, 0.2], [0.2, 0.8]], [1.0, 0.0], [[1.0, 0.0], [1.0, 0.0]]),
    ],
)
def test_raking_by_hand(start, margin, raked):
    assert rake(np.array(start), EVEN, np.array([margin]))[0] == pytest.approx(np.array(raked), abs=1e-4)


PARTS = st.lists(st.floats(0.1, 1.0), min_size=3, max_size=3).map(lambda row: np.array(row) / sum(row))


@given(st.lists(PARTS, min_size=4, max_size=4), PARTS, PARTS)
def test_raking_gives_the_margins_and_keeps_the_odds(rows, tier, margin):
    start = np.array(rows[:3])
    found = rake(start, tier[None], margin[None])[0]
    assert tier @ found == pytest.approx(margin, abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(np.ones(3))
    moved = np.log(found / start)
    assert np.ptp(moved - moved[:, :1], axis=0) == pytest.approx(np.zeros(3), abs=1e-6)


def test_the_frame_has_the_margins_as_stated_whatever_goes_together():
    whose = market(tier=exact(SHARES), level=exact({"entry": 0.3, "senior": 0.7}))
    found = made(whose, seed(level=[[9, 1], [1, 30], [5, 5]]))
    assert dict(zip(TIERS, found.tier[0], strict=True)) == pytest.approx(dict.fromkeys(TIERS, 0.0) | SHARES)
    assert found.margin("level")[0] == pytest.approx([0.3, 0.7])
    # the first tier, of which the evidence has hardly any seniors, still has the fewest
    assert found.given["level"][0, 0, 1] < found.given["level"][0, 1, 1]


def test_a_margin_that_is_not_stated_is_as_the_evidence_has_it():
    assert smoothed(np.array([[10.0, 0.0], [0.0, 10.0]])) == pytest.approx(
        np.array([[12.5, 2.5], [2.5, 12.5]]) / 15, abs=1e-3
    )
    found = made(market(tier=exact(SHARES)), seed(level=[[10, 0], [0, 10]]))
    # a tier of which nothing is known is like all others together
    assert found.given["level"][0, 2] == pytest.approx([0.5, 0.5])


def test_drawn_margins_are_as_exact_as_a_count_of_so_many():
    draws, certainty = 4_000, 40
    found = made(market(tier=margin(certainty, **SHARES)), draws=draws).tier
    for name, share in SHARES.items():
        own, sd = found[:, TIERS.index(name)], np.sqrt(share * (1 - share) / (certainty + 1))
        assert own.mean() == pytest.approx(share, abs=4 * sd / np.sqrt(draws))
        assert own.std() == pytest.approx(sd, rel=0.06)  # four standard errors of a standard deviation
    assert not found[:, TIERS.index("frontier_lab")].any()
    assert np.ptp(made(market(tier=exact(SHARES)), draws=50).tier, axis=0).max() == 0.0


def test_whoever_is_stated_is_somebody_in_every_draw():
    rare = margin(1.0, frontier_lab=0.002, startup=0.998)
    found = made(market(tier=rare), draws=500).tier
    assert found[:, TIERS.index("frontier_lab")].min() > 1e-7
    assert found.sum(axis=1) == pytest.approx(np.ones(500))


def test_a_metro_that_no_statement_is_near_is_elsewhere():
    whose = market(tier=exact(SHARES), metro=exact({"41860": 0.3, "19100": 0.5, "elsewhere": 0.2}))
    assert made(whose).margin("metro")[0] == pytest.approx([0.3, 0.7])


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        # Boston is one of all others, where two thirds of the statements of these are
        ({"41860": 0.4, "elsewhere": 0.6}, [0.4, 0.4, 0.2]),
        ({"14460": 0.1, "41860": 0.4, "elsewhere": 0.5}, [0.4, 0.1, 0.5]),
        ({"41860": 1.0}, [1.0, 0.0, 0.0]),
    ],
)
def test_a_metro_that_the_file_does_not_name_is_one_of_all_others(stated, found):
    values = {**VALUES, "metro": ("41860", "14460", "elsewhere")}
    counts = {name: np.zeros((len(TIERS), len(values[name]))) for name in WITHIN}
    counts["metro"][0] = [3.0, 2.0, 1.0]
    whose = market(tier=exact(SHARES), metro=exact(stated))
    assert made(whose, Seed(values, counts, np.ones(len(TIERS)))).margin("metro")[0] == pytest.approx(found)


def test_where_nothing_tells_a_tier_all_are_of_none_that_is_known():
    untold = fitted(*statements(60, tier="", employer=""))
    found = frame(market(), untold.seeds["ml_engineer"], 0, np.random.default_rng(1))
    assert found.tier[0, TIERS.index("unknown")] == pytest.approx(1.0)
