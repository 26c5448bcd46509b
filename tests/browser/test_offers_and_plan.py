"""Compare two offers and plan a posting, as a person uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import exp
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from payguide.estimator import predict
from payguide.guide import edition as editions
from payguide.guide import site
from payguide.guide.laws import in_force

pytestmark = pytest.mark.browser


def headline(page: Page) -> str:
    return page.locator(".verdictline").inner_text()


@pytest.fixture
def offers(desk_used: Callable[[str], Page]) -> Page:
    return desk_used("offers.html")


def test_two_offers(offers: Page) -> None:
    assert headline(offers) == "Write what each of the two pays"
    assert offers.locator(".answers table").count() == 0
    for field, text in {
        "a-base": "200k",
        "a-bonus": "10%",
        "b-base": "180k",
        "b-grant": "400k",
        "b-sign": "30k",
    }.items():
        offers.fill(f"#{field}", text)
    offers.select_option("#b-schedule", label="Four years, front-loaded: 33 / 33 / 22 / 12 %")

    # A: 4 x 220K = 880K; B: 4 x 180K + 400K + 30K = 1.15M
    assert headline(offers) == "B pays $270K more"
    cells = offers.locator("#years-drawn tbody tr").nth(1).locator("td").all_inner_texts()
    assert cells == ["$180K", "–", "$30K", "$132K", "$342K"]
    assert (
        "between" in offers.locator("#market-drawn").inner_text()
        or "below" in offers.locator("#market-drawn").inner_text()
    )
    left = offers.locator("#leave-drawn tbody tr").nth(1).locator("td").all_inner_texts()
    assert left == ["0%", "33%", "50%", "66%", "88%", "100%"]


def test_a_schedule_of_ones_own(offers: Page) -> None:
    offers.fill("#a-base", "100k")
    offers.fill("#b-base", "100k")
    offers.fill("#b-grant", "100k")
    assert offers.locator("#b-own").is_hidden()
    offers.select_option("#b-schedule", "own")
    assert "make 100 together" in offers.locator("#b-own-e").inner_text()
    offers.fill("#b-own", "10, 20, 30, 40")

    equity = [
        offers.locator("#years-drawn tbody tr").nth(2 * n + 1).locator("td").nth(1).inner_text()
        for n in range(4)
    ]
    assert equity == ["$10K", "$20K", "$30K", "$40K"]


def test_growth_and_where_the_two_are_equal(offers: Page) -> None:
    for field, text in {"a-base": "100k", "a-grant": "400k", "a-growth": "10", "b-base": "230k"}.items():
        offers.fill(f"#{field}", text)
    offers.select_option("#a-every", "12")

    # 400K + 110K + 121K + 133.1K + 146.41K = 910.51K, against 920K
    assert headline(offers) == "B pays $9K more"
    told = offers.locator("#sum-drawn").inner_text()
    assert re.search(r"rise by 1[01]% a year", told)


def test_shares_that_cannot_be_sold_count_by_the_readers_own_assumptions(offers: Page) -> None:
    for field, text in {"a-base": "200k", "b-base": "150k", "b-grant": "400k"}.items():
        offers.fill(f"#{field}", text)
    assert headline(offers) == "B pays $200K more"
    offers.check("[name=b-private]")

    # nothing is assumed for the reader
    assert headline(offers) == "No answer yet"
    offers.fill("#b-chance", "40")
    offers.fill("#b-discount", "25%")
    # 400K x 0.4 x 0.75 = 120K: A 800K, B 720K
    assert headline(offers) == "A pays $80K more"
    told = offers.locator("#sum-drawn").inner_text()
    assert "your own assumptions, a chance of 40%" in told
    assert "less 25% for the wait" in told
    offers.uncheck("[name=b-private]")
    assert headline(offers) == "B pays $200K more"


def test_an_offer_is_held_against_new_hires(offers: Page, folder: Path) -> None:
    model = editions.read(folder).model
    assert model is not None
    for field, text in {"a-base": "200k", "b-base": "210k", "years": "7"}.items():
        offers.fill(f"#{field}", text)

    profile = {"role": "ml_engineer", "years": 7, "country": "US", "component": "base"}
    hired, in_post = predict(model, {**profile, "tenure": 0})["p50"], predict(model, profile)["p50"]
    shown = offers.locator("#market-drawn [data-estimate='model.base.p50']").first.get_attribute("value")
    assert abs(int(shown or 0) - hired) <= 1
    more = offers.locator("#market-drawn [data-estimate='model.base.tenure']").get_attribute("value")
    assert int(more or 0) == pytest.approx(hired - in_post, abs=1)
    assert "held against new hires" in offers.locator("#market-drawn").inner_text()


def test_a_model_of_base_pay_alone_still_compares(used: Page, folder: Path, tmp_path: Path) -> None:
    edition = editions.read(folder)
    components: Any = (edition.model or {})["components"]
    model = {**(edition.model or {}), "components": {"base": components["base"]}}
    del model["companies"]  # they are of total pay, too
    site.render(replace(edition, model=model), tmp_path)
    used.goto((tmp_path / "offers.html").as_uri())
    used.fill("#a-base", "200k")
    used.fill("#b-base", "210k")

    assert headline(used) == "B pays $40K more"
    assert used.locator("#market-drawn tbody tr").count() == 2


@pytest.fixture
def plan(desk_used: Callable[[str], Page]) -> Page:
    return desk_used("plan.html")


def ends(page: Page) -> list[int]:
    return [int(node.get_attribute("value") or 0) for node in page.locator(".verdictline data").all()]


def test_a_range_by_its_rule(plan: Page, folder: Path) -> None:
    model = editions.read(folder).model
    assert model is not None
    place = {"metro": "42660", "region": "WA", "country": "US"}
    known = predict(model, {"role": "ml_engineer", "level": "senior", "component": "base", **place})
    plan.fill("#place", "Seattle, WA")
    assert ends(plan) == [round(known["p25"], -3), round(known["p75"], -3)]
    plan.select_option("#round", "1")
    plan.check("[name=rule][value='10 90']")
    assert ends(plan) == pytest.approx([known["p10"], known["p90"]], abs=1)
    plan.check("[name=rule][value='40 60']")
    # three fifths of the way from P25 to P50, two fifths from P50 to P75, on the log scale
    low = known["p25"] ** 0.4 * known["p50"] ** 0.6
    high = known["p50"] ** 0.6 * known["p75"] ** 0.4
    assert ends(plan) == pytest.approx([low, high], abs=2)


def test_a_posting_is_on_the_scale_of_postings_where_the_evidence_tells_it(plan: Page, folder: Path) -> None:
    model = editions.read(folder).model
    assert model is not None
    plan.select_option("#round", "1")

    for level in ("entry", "senior", "staff"):
        plan.select_option("#level", level)
        known = predict(model, {"role": "ml_engineer", "level": level, "component": "base", "country": "US"})
        shown = plan.locator("#range-drawn .scale [data-estimate='model.base.posted']")
        scale = float(shown.first.get_attribute("value") or 0) if shown.count() else 0.0
        assert ends(plan) == pytest.approx([known["p25"] * exp(scale), known["p75"] * exp(scale)], abs=2)
        told = plan.locator("#range-drawn .scale").inner_text()
        assert ("does not tell posted ranges from" in told) == (scale == 0.0)
    # of the top level postings are known to lie higher
    assert scale > 0


def test_measures_of_a_pay(plan: Page) -> None:
    plan.select_option("#round", "1")
    low, high = ends(plan)
    plan.fill("#pay", str(low))
    shown = [float(node.get_attribute("value") or 0) for node in plan.locator(".measures data").all()]

    middle = (low + high) / 2
    assert shown == pytest.approx([middle, (high - low) / low, low / middle, 0.0], abs=1e-6)
    assert "within the range" in plan.locator("#range-drawn").inner_text()


@pytest.mark.parametrize(
    ("place", "codes", "asks", "not_asked"),
    [
        ("Denver, CO", ["CO"], ["Other pay", "Benefits", "Applications close"], ["Healthcare"]),
        ("Washington, DC", ["DC"], ["Healthcare benefits"], ["Applications close", "Other pay"]),
        ("Austin, TX", [], [], ["Other pay", "Benefits", "Applications close", "Healthcare"]),
        ("New York, NY", ["NY", "NYC"], ["job description"], ["Benefits"]),
        ("Portland, ME", ["ME"], [], ["Benefits"]),
        ("Richmond, VA", ["VA"], [], ["Benefits"]),
        ("Jersey City, NJ", ["JC", "NJ"], ["Benefits", "Other pay"], []),
        ("Cleveland, OH", ["CLE"], [], ["Benefits"]),
        ("Hartford, CT", ["CT"], [], ["Benefits"]),
    ],
)
def test_the_wording_is_what_the_places_law_asks_for(
    plan: Page, place: str, codes: list[str], asks: list[str], not_asked: list[str]
) -> None:
    plan.fill("#place", place)

    text = plan.locator("#wording-text").input_value()
    assert all(f"${end:,}" in text for end in ends(plan))
    assert all(asked in text for asked in asks)
    assert not any(asked in text for asked in not_asked)
    listed = plan.locator("#applying li").evaluate_all("all => all.map(one => one.dataset.code)")
    assert sorted(listed) == sorted(codes)


def test_a_remote_posting_meets_several_laws_at_once(plan: Page, folder: Path) -> None:
    plan.check("[name=anywhere]")

    listed = plan.locator("#applying li").evaluate_all("all => all.map(one => one.dataset.code)")
    now, coming = in_force(date.fromisoformat(str(editions.read(folder).manifest["date"])))
    assert set(listed) == {law.code for law in now} - {"EU"}
    assert plan.locator(".coming li").count() == len(coming)
    warned = plan.locator(".costliest").inner_text()
    assert "San Jose" in warned or "San Francisco" in warned
    assert "Applications close" in plan.locator("#wording-text").input_value()
    plan.evaluate("document.querySelectorAll('details').forEach(folded => { folded.open = true })")
    plan.uncheck("[name=law][value=CO]")
    assert "Applications close" not in plan.locator("#wording-text").input_value()
    plan.check("[name=law][value=EU]")
    assert plan.locator("#applying li").count() == len(now) - 1
    plan.uncheck("[name=anywhere]")
    assert plan.locator(".costliest").count() == 0
    plan.fill("#place", "Remote")
    assert plan.locator(".costliest").count() == 1


def test_the_texts_can_be_copied(plan: Page) -> None:
    plan.fill("#place", "Denver, CO")
    button = plan.locator("[data-of=wording-text]")
    button.click()
    expect(button).to_have_text("Copied")


def test_the_note_names_own_and_borrowed_evidence(plan: Page) -> None:
    plan.fill("#place", "Denver, CO")
    note = plan.locator("#basis-text").input_value()
    assert "Denver" in note
    assert "of what people report (2019–2021)" in note
    assert "the rest is from Colorado and metros like it" in note


def test_the_note_for_the_files_names_rule_edition_and_laws(plan: Page, folder: Path) -> None:
    plan.fill("#place", "Seattle, WA")
    note = plan.locator("#basis-text").input_value()
    manifest = editions.read(folder).manifest
    for part in ("P25 to P75", str(manifest["title"]), str(manifest["date"]), "RCW 49.58.110", "80%"):
        assert part in note
