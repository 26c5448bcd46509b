"""Differences of two answers have intervals of their own, of the market's joint draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from payguide.fit.market.people import People
from payguide.guide import role as roles
from payguide.pipeline.models import market_of, packaged

pytestmark = pytest.mark.browser

ASK = """([one, other]) => { const desk = payguide.desk.open();
    const side = fields => { const read = desk.read({ role: "ml_engineer", years: null, level: "", grade: "",
        employer: "", place: "", ...fields }); return { ...read, p50: desk.predict(read.profile).p50 } };
    return [payguide.apart.difference(desk.predict, side(one), side(other)), side(one).p50, side(other).p50] }"""


@pytest.fixture(scope="module")
def people() -> People:
    spec = roles.load("ml-engineer")
    *_, posterior = packaged(lambda *_: None)
    return People(posterior, market_of(spec, None), spec.role)


def asked(page: Page, one: dict[str, str], other: dict[str, str], component: str = "base") -> list[Any]:
    told: list[Any] = page.evaluate(ASK, [{**one, "component": component}, {**other, "component": component}])
    return told


#: Parts of the market as a reader names them, and as the draws do.
PARTS = [
    ({"level": "senior"}, ("senior", {})),
    ({"level": "staff"}, ("staff", {})),
    ({"level": "senior", "place": "San Francisco, CA"}, ("senior", {"metro": "41860"})),
    ({"level": "entry", "place": "Denver, CO"}, ("entry", {"metro": "19740"})),
    ({"level": "mid", "remote": "remote"}, ("mid", {"remote": "remote"})),
    ({}, ("any", {})),
]


@pytest.mark.parametrize("component", ["base", "total"])
def test_an_interval_is_as_wide_as_the_draws_of_the_difference(
    stand: Page, people: People, component: str
) -> None:
    def draws(level: str, fixed: dict[str, str]) -> Any:
        at = {name: [people.frame.values[name].index(value)] for name, value in fixed.items()}
        found = people.distribution(component, level, at)
        assert found is not None
        return np.exp(found.quantiles(np.array([0.5]))[1:, 0])

    for k, (one, mine) in enumerate(PARTS):
        for other, theirs in PARTS[:k]:
            found, p50, against = asked(stand, one, other, component)
            assert found["value"] == p50 - against
            wide = np.std(draws(*mine) - draws(*theirs)) * 2 * 1.645
            # linear in the draws, and their mean for their median: within a quarter of what the draws say, or $3K
            assert found["high"] - found["low"] == pytest.approx(wide, rel=0.25, abs=3_000), (one, other)


def test_what_both_sides_have_in_common_cancels(stand: Page) -> None:
    same, *_ = asked(
        stand, {"level": "senior", "employer": "Google"}, {"level": "senior", "employer": "Google"}
    )
    assert same == {"value": 0, "low": 0, "high": 0}
    near, *_ = asked(stand, {"level": "senior", "place": "Denver, CO"}, {"level": "senior"})
    far, *_ = asked(
        stand, {"level": "senior", "place": "Denver, CO"}, {"level": "staff", "place": "Boise, ID"}
    )
    known = stand.evaluate(
        """() => { const desk = payguide.desk.open(); const read = desk.read({ role: "ml_engineer", component: "base",
            years: null, level: "senior", grade: "", employer: "", place: "Denver, CO" });
            const known = { ...read, p50: desk.predict(read.profile).p50 };
            return payguide.apart.difference(desk.predict, known, { p50: 0 }) }"""
    )
    # against a sum that is known an answer has the whole of its own uncertainty
    assert near["high"] - near["low"] < known["high"] - known["low"]
    assert near["high"] - near["low"] < far["high"] - far["low"]


def test_the_page_says_you_over_the_guide_and_the_employer_over_any(stand: Page) -> None:
    stand.select_option("#level", "senior")
    stand.fill("#employer", "Google")
    stand.fill("#place", "Denver, CO")

    told = stand.locator(".differences").inner_text()
    assert "you over the guide's level" in told
    assert "Google over any employer" in told
    found, *_ = asked(
        stand, {"level": "senior", "employer": "Google", "place": "Denver, CO"}, {"level": "senior"}
    )
    shown = stand.locator("[data-estimate='model.base.over_guide']").first.get_attribute("value")
    assert int(shown or 0) == found["value"]


def test_offers_say_whose_market_pays_more_with_an_interval(desk_used: Callable[[str], Page]) -> None:
    offers = desk_used("offers.html")
    for field, text in {
        "years": "7", "a-base": "200k", "b-base": "210k", "a-employer": "Google", "b-place": "Denver, CO",
    }.items():  # fmt: skip
        offers.fill(f"#{field}", text)

    told = offers.locator(".differences").all_inner_texts()
    assert len(told) == 2
    for part in (
        "the market of offer A over that of offer B",
        "offer A over its market",
        "Google over any employer",
    ):
        assert all(part in one for one in told), part
    assert offers.locator(".differences .interval").count() >= 8
