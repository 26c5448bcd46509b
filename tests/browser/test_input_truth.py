"""What is typed is answered, asked about or refused in words, by the page as by the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from payguide.base.reference.plausible import did_you_mean, plain_number
from payguide.decode.profile_input import resolve_profile
from payguide.estimator import Estimator
from payguide.estimator.columns import Profiles
from payguide.guide import edition as editions

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(desk_used: Callable[[str], Page]) -> Callable[[str], Page]:
    return desk_used


def headline(page: Page) -> str:
    return page.locator(".verdictline").inner_text()


#: What is no number of any kind.
NONE = [
    "-3",
    "−3",
    "lots",
    "1e9",
    "7,5",
    "５",
    "٧",
    "0x10",
    "1_0",
    "NaN",
    "Infinity",
    "7 years",
    "5%",
    "1/2",
    "--",
    ".",
]


@pytest.mark.few(4)
@pytest.mark.parametrize(
    ("page", "field"),
    [
        ("stand.html", "years"), ("stand.html", "tenure"), ("stand.html", "pay"), ("plan.html", "pay"),
        ("offers.html", "years"), ("offers.html", "a-base"), ("offers.html", "b-grant"), ("offers.html", "a-cliff"),
        ("offers.html", "b-sign"), ("offers.html", "a-refresher"), ("offers.html", "b-bonus"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_named_and_has_no_answer(
    opened: Callable[[str], Page], page: str, field: str
) -> None:
    desk = opened(page)
    if page == "offers.html":
        desk.fill("#a-base", "200k")
        desk.fill("#b-base", "210k")

    for text in NONE:
        if (field, text) == ("b-bonus", "5%"):
            continue
        desk.fill(f"#{field}", text)
        assert "Write " in desk.locator(f"#{field}-e").inner_text(), text
        assert headline(desk) == "No answer yet", text
        assert desk.locator(".answers > section:visible").count() == 1, text
    desk.fill(f"#{field}", "")
    assert headline(desk) != "No answer yet"


@pytest.mark.parametrize(
    ("field", "typed", "asks", "yes", "no"),
    [
        ("years", "60", "Did you mean 6?", "6", "60"),
        ("years", "55", "Did you mean 5.5?", "5.5", "55"),
        ("tenure", "70", "Did you mean 7?", "7", "70"),
        ("pay", "185", "Did you mean $185,000?", "$185,000", "185"),
        ("pay", "185,000,000", "Did you mean $185,000?", "$185,000", "185,000,000"),
    ],
)
def test_what_is_implausible_is_asked_about_before_it_is_answered(
    opened: Callable[[str], Page], field: str, typed: str, asks: str, yes: str, no: str
) -> None:
    desk = opened("stand.html")
    desk.fill(f"#{field}", typed)
    said = desk.locator(f"#{field}-e")
    assert asks in said.inner_text()
    assert headline(desk) == "No answer yet"

    said.locator("button", has_text="Yes").click()
    assert (desk.input_value(f"#{field}"), headline(desk) == "No answer yet") == (yes, False)
    desk.fill(f"#{field}", typed)
    said.locator("button", has_text="No").click()
    assert (desk.input_value(f"#{field}"), headline(desk) == "No answer yet") == (no, False)
    expect(said).to_be_empty()


#: Years as they may be typed: number, or nothing.
YEARS = [
    *NONE,
    "7",
    " 7 ",
    "7.5",
    "0",
    "80",
    "81",
    "50",
    "50.5",
    "60",
    "2019",
    "007",
    "7.",
    ".5",
    "+7",
    "7 5",
    "٣",
]


def test_years_are_read_asked_about_and_refused_as_the_command_line_does(
    opened: Callable[[str], Page],
) -> None:
    desk = opened("stand.html")

    for text in YEARS:
        desk.fill("#years", text)
        shown = desk.locator("#years-e").inner_text()
        years = plain_number(text)
        if years is None or years > 80:
            assert "Write a number of years" in shown, text
        elif meant := did_you_mean(years):
            assert f"Did you mean {meant:g}?" in shown, text
        else:
            assert shown == "", text


#: Places as they may be typed, at home and abroad.
PLACES = [
    "Remote", "remote", "Fully remote", "Remote, US", "Remote (US)", "Remote - USA", "US Remote", "Anywhere", "WFH",
    "work from home", "Remote, CA", "Remote - Denver, CO", "Denver, CO (Remote)", "Hybrid, Seattle, WA", "Hybrid",
    "Remote, OR", "Onsite", "Berlin", "Toronto, Canada", "London", "London, UK", "Paris", "Remote - EMEA",
    "Remote Canada", "Remote, Germany", "Remote Berlin", "Atlantis", "-3", "94105", "???", "東京", "Munich, Germany",
    "Bangalore", "Tel Aviv", "Seattle, WA", "Boulder, CO", "Fargo, ND", "Bay Area", "USA", "Winston-Salem, NC", "Ohio",
]  # fmt: skip


def test_a_place_is_answered_as_the_library_does_or_refused_in_words(
    opened: Callable[[str], Page], folder: Path
) -> None:
    desk = opened("stand.html")
    model: Any = editions.read(folder).model
    estimator = Estimator(model)

    for text in PLACES:
        (ours,) = estimator.replies(
            Profiles.of([resolve_profile({"role": "ml_engineer", "component": "base", "place": text})]), [0]
        )
        desk.fill("#place", text)
        refused = desk.locator("#place-e").inner_text()
        assert bool(refused) == hasattr(ours, "error"), (text, ours)
        if not hasattr(ours, "error"):
            shown = desk.locator("#place-drawn [data-estimate='model.base.p50']").first.get_attribute("value")
            assert abs(int(shown or 0) - ours.p50) <= 1, text
        else:
            assert headline(desk) == "No answer yet", text
    desk.fill("#place", "Remote")
    assert "Remote" in desk.locator(".readas").inner_text()


def test_an_employer_that_nobody_knows_is_said(opened: Callable[[str], Page]) -> None:
    desk = opened("stand.html")
    desk.fill("#employer", "Zzyzx & Sons")
    assert "no evidence of Zzyzx & Sons by itself" in " ".join(desk.locator(".caution").all_inner_texts())
    desk.fill("#employer", "???")
    assert "“???” is not read as an employer's name" in desk.locator(".caution").inner_text()
