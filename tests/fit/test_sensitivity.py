"""How far medians hang on the top tiers' share: the same pay in other shares."""

from __future__ import annotations

import numpy as np
import pytest

from payguide.base.codes import TOP_TIERS, Role
from payguide.base.market import packaged_market, with_share
from payguide.evidence import sealed
from payguide.fit.market.frame import TIERS
from payguide.fit.market.packed import read_market_model
from payguide.fit.market.people import People

MEDIAN = np.array([0.5])


@pytest.fixture(scope="module")
def whose() -> People:
    market = packaged_market("US", Role.ML_ENGINEER)
    assert market is not None
    return People(read_market_model(sealed.read_market()), market, Role.ML_ENGINEER)


def median(people: People, component: str, level: str) -> float:
    found = people.distribution(component, level)
    assert found is not None
    return float(found.quantiles(MEDIAN)[0, 0])


@pytest.mark.parametrize("level", ["any", "entry", "staff"])
@pytest.mark.parametrize("component", ["base", "total"])
def test_the_same_shares_give_the_same_median(whose: People, component: str, level: str) -> None:
    again = whose.under(whose.market)

    assert median(again, component, level) == pytest.approx(median(whose, component, level), abs=1e-6)


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_the_frame_has_the_changed_share_and_all_other_margins(whose: People, factor: float) -> None:
    market = with_share(whose.market, [str(tier) for tier in TOP_TIERS], factor)
    assert market is not None
    other = whose.under(market)

    top = [TIERS.index(tier) for tier in TOP_TIERS]
    assert other.frame.tier[0, top].sum() == pytest.approx(factor * whose.frame.tier[0, top].sum())
    for name in ("level", "metro", "industry", "remote"):
        assert other.frame.margin(name)[0] == pytest.approx(whose.frame.margin(name)[0], abs=1e-3)
    # what the tiers pay stays: a median of the top tiers' people alone hardly moves
    own = [people.distribution("base", "any", {"tier": top}) for people in (whose, other)]
    assert own[0] is not None
    assert own[1] is not None
    first, second = (float(one.quantiles(MEDIAN)[0, 0]) for one in own if one)
    assert second == pytest.approx(first, abs=0.05)
