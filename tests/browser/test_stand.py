"""Where do I stand, as a person uses it: typing, mistakes, by keyboard alone, read aloud."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from payguide.estimator import predict
from payguide.guide import edition as editions

pytestmark = pytest.mark.browser


def headline(page: Page) -> str:
    return page.locator(".verdictline").inner_text()


@pytest.fixture(scope="module")
def answer(folder: Path) -> dict[str, Any]:
    """What the library says of an ML engineer of seven years, of whom nothing else is known."""
    model = editions.read(folder).model
    assert model is not None
    return predict(model, {"role": "ml_engineer", "years": 7, "country": "US", "component": "base"})


@pytest.mark.parametrize(
    ("low", "high", "says", "people"),
    [
        (None, "p10", "Below the 10th percentile", "at least 18 are paid more"),
        ("p10", "p25", "Between the 10th percentile and the 25th percentile", "15 to 18 are paid more"),
        ("p25", "p50", "Between the 25th percentile and the median", "10 to 15 are paid more"),
        ("p50", "p75", "Between the median and the 75th percentile", "5 to 10 are paid more"),
        ("p75", "p90", "Between the 75th percentile and the 90th percentile", "2 to 5 are paid more"),
        ("p90", None, "Above the 90th percentile", "at most 2 are paid more"),
    ],
)
def test_a_pay_is_placed_between_quantiles_never_at_an_exact_one(
    stand: Page, answer: dict[str, Any], low: str | None, high: str | None, says: str, people: str
) -> None:
    ends = [answer[low] if low else answer["p10"] * 0.5, answer[high] if high else answer["p90"] * 1.5]
    stand.fill("#years", "7")
    stand.fill("#pay", f"{sum(ends) / 2:.0f}")

    assert headline(stand) == says
    told = stand.locator("#place-drawn").inner_text()
    assert people in told
    assert ("cannot say" in told) == (low is None or high is None)


def test_the_page_shows_what_the_library_says(stand: Page, answer: dict[str, Any]) -> None:
    stand.fill("#years", "7")

    for name in ("p25", "p50", "p75"):
        shown = stand.locator(f"#place-drawn [data-estimate='model.base.{name}']").first.get_attribute(
            "value"
        )
        assert abs(int(shown or 0) - answer[name]) <= 1
    amounts = [
        int(node.get_attribute("value") or 0)
        for node in stand.locator("[data-estimate='model.base.drivers']").all()
    ]
    guide = stand.locator("#drivers-drawn [data-estimate='band.senior.base.p50']").get_attribute("value")
    assert sum(amounts) == answer["p50"] - int(guide or 0)


def test_twenty_dots_stand_for_twenty_people(stand: Page) -> None:
    assert stand.locator("#place-drawn svg circle[stroke-dasharray]").count() == 4
    # the four dashed ones are drawn twice, and the median has a ring
    assert stand.locator("#place-drawn svg circle").count() == 20 + 4 + 1


def test_tenure_and_focus_are_what_the_library_makes_of_them(stand: Page, folder: Path) -> None:
    model = editions.read(folder).model
    assert model is not None
    stand.select_option("#role", "software_engineer")
    stand.fill("#years", "9")
    stand.fill("#tenure", "1")
    stand.locator("summary").first.click()
    stand.select_option("#focus", "security")

    told = stand.locator("#place-drawn").inner_text()
    assert "1 year with the employer" in told
    assert "Security" in told
    asked = {"role": "software_engineer", "years": 9, "country": "US", "tenure": 1, "focus": "security"}
    shown = stand.locator("#place-drawn [data-estimate='model.base.p50']").first.get_attribute("value")
    assert abs(int(shown or 0) - predict(model, asked)["p50"]) <= 1
    stand.fill("#tenure", "long")
    expect(stand.locator("#tenure-e")).to_have_text("Write a number of years from 0 to 80.")


def test_how_something_was_read_is_said(stand: Page) -> None:
    stand.fill("#employer", "Amazon Web Services")
    stand.fill("#place", "Bellevue, WA")
    read = stand.locator(".readas").inner_text()
    assert "Amazon (big tech)" in read
    assert "Seattle" in read
    assert stand.locator(".caution").count() == 0

    stand.fill("#employer", "Nobody Ever Heard Of Ltd")
    stand.fill("#place", "North Dakota")
    stand.fill("#grade", "Grandmaster 99")
    told = " ".join(stand.locator(".caution").all_inner_texts())
    assert "no evidence of Nobody Ever Heard Of Ltd" in told
    assert "read as ND outside its metropolitan areas" in told
    assert "does not know a grade “Grandmaster 99”" in told


def test_less_known_is_said_to_rest_on_less_and_drawn_wider(stand: Page) -> None:
    def spread() -> float:
        found = [
            float(
                stand.locator(f"#place-drawn [data-estimate='model.base.{q}']").first.get_attribute("value")
                or 0
            )
            for q in ("p25", "p75")
        ]
        return found[1] / found[0]

    stand.fill("#years", "7")
    stand.fill("#place", "San Francisco, CA")
    stand.fill("#employer", "Google")
    stand.select_option("#pick", "L5")
    known = spread()
    assert "Google:" in stand.locator("#rests-drawn").inner_text()
    stand.fill("#employer", "Nobody Ever Heard Of Ltd")
    assert spread() > 1.05 * known
    assert "none of its own of the role" in stand.locator("#rests-drawn").inner_text()


def test_the_back_test_of_people_who_tell_as_much_is_shown(stand: Page, folder: Path) -> None:
    model: Any = editions.read(folder).model
    stand.fill("#employer", "Nobody Ever Heard Of Ltd")
    fresh = model["components"]["base"]["backtest"]["new_employers"]
    first = (
        stand.locator("#trust-drawn tbody tr")
        .filter(has_not_text="Later")
        .first.locator("[data-estimate='model.backtest']")
        .first
    )
    assert first.get_attribute("value") == str(fresh["n"])
    assert "held-out employers" in stand.locator("#trust-drawn").inner_text()
    stand.fill("#employer", "")
    stand.fill("#years", "7")
    hidden = model["components"]["base"]["backtest"]["hidden"]["known-none-none-none"]

    shown = stand.locator("#trust-drawn tbody tr").filter(has_not_text="Later").first
    assert shown.locator("[data-estimate='model.backtest']").first.get_attribute("value") == str(hidden["n"])
    assert f"{hidden['coverage']:.0%}" in shown.inner_text()


def test_a_back_test_of_another_form_is_read_tolerantly(used: Page, folder: Path) -> None:
    # a page of its own, whose model is changed
    stand = used
    stand.goto((folder / "stand.html").as_uri())
    stand.evaluate(
        """() => { payguide.model.components.base.backtest = { slices: { "role=ml_engineer": { n: 0 } }, more: [1] };
            payguide.model.backtest = { protocols: { dates: { base: { n: 3 } } } };
            document.getElementById("ask").dispatchEvent(new Event("input")); }"""
    )
    assert "Too few held-out statements" in stand.locator("#trust-drawn").inner_text()
    stand.evaluate(
        """() => { delete payguide.model.components.base.backtest; delete payguide.model.backtest;
            document.getElementById("ask").dispatchEvent(new Event("input")); }"""
    )
    assert "Too few held-out statements" in stand.locator("#trust-drawn").inner_text()


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [("years", "many", "from 0 to 80"), ("years", "99", "from 0 to 80"), ("pay", "a lot", "Write an amount")],
)
def test_a_mistake_is_named_beside_its_field(stand: Page, field: str, text: str, says: str) -> None:
    stand.fill(f"#{field}", text)

    assert says in stand.locator(f"#{field}-e").inner_text()
    assert stand.locator(f"#{field}").get_attribute("aria-invalid") == "true"
    stand.fill(f"#{field}", "")
    assert stand.locator(f"#{field}-e").inner_text() == ""
    assert stand.locator(f"#{field}").get_attribute("aria-invalid") == "false"


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("185k", 185_000), ("$185,000", 185_000), ("185 000", 185_000), ("1.2m", 1_200_000), ("USD 99,500", 99_500),
        ("", None), ("lots", "wrong"), ("12,34", "wrong"), ("9" * 40, "wrong"), ("1e5", "wrong"), ("-5", "wrong"),
    ],
)  # fmt: skip
def test_amounts_as_people_type_them(stand: Page, typed: str, amount: float | str | None) -> None:
    found = stand.evaluate(
        "text => { const found = payguide.numbers.amountIn(text); return found === undefined ? 'wrong' : found }",
        typed,
    )
    assert found == amount


def test_the_suggestions_are_the_models_own_employers(stand: Page) -> None:
    offered = stand.evaluate("[...document.querySelectorAll('#employers option')].map(one => one.value)")
    known = stand.evaluate(
        """() => { const read = payguide.employerReader(payguide.model.names);
            const known = new Set(Object.values(payguide.model.components).flatMap(part => part.vocabulary.employer));
            return [...document.querySelectorAll('#employers option')].every(one => known.has(read(one.value).id)) }"""
    )
    assert len(offered) > 100
    assert known


def test_by_keyboard_alone(reader: Callable[..., Page], folder: Path) -> None:
    page = reader()
    page.goto((folder / "stand.html").as_uri())
    reached: list[str] = []
    for _ in range(30):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id || document.activeElement.name || ''")
        reached.append(name)
        if name == "years":
            page.keyboard.type("7")
        if name == "pay":
            page.keyboard.type("400k")
            page.keyboard.press("Enter")
            break

    order = [
        name for name in reached if name in ("role", "years", "level", "grade", "employer", "place", "pay")
    ]
    assert order == ["role", "years", "level", "grade", "employer", "place", "pay"]
    assert page.evaluate("document.activeElement.id") == "answer"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert headline(page) == "Above the 90th percentile"


def test_what_is_worked_out_is_read_aloud_once_typing_pauses(stand: Page) -> None:
    said = stand.locator("#said")
    assert said.get_attribute("role") == "status"
    stand.fill("#pay", "900k")
    assert "Above" not in said.inner_text()
    expect(said).to_contain_text("Above the 90th percentile.")


def test_enter_leads_to_the_first_mistake(stand: Page) -> None:
    stand.fill("#years", "many")
    stand.press("#years", "Enter")
    assert stand.evaluate("document.activeElement.id") == "years"
