"""An employer's grades are picked from what the model knows; the bridge from the guide's figure adds up."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from desk_profiles import EMPLOYERS, PLACES
from playwright.sync_api import Page

from payguide.base.grades import grade_key
from payguide.estimator import predict
from payguide.guide import edition as editions

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def model(folder: Path) -> Any:
    return editions.read(folder).model


def test_grades_are_those_that_the_model_knows_of_the_employer(stand: Page, model: Any) -> None:
    assert stand.locator("#pick").is_hidden()
    stand.fill("#employer", "Google")

    offered = stand.locator("#pick option").all_inner_texts()
    assert offered[0] == "Not sure"
    assert {"L3, entry", "L4, mid", "L5, senior", "L6, staff and principal"} <= set(offered)
    known = set(model["components"]["base"]["vocabulary"]["grade"])
    values = stand.locator("#pick option").evaluate_all("all => all.map(one => one.value)")
    assert all(grade_key(value, model["words"]) in known for value in values if value not in ("", "another"))
    assert stand.locator("#grade").is_hidden()
    stand.select_option("#pick", "another")
    stand.fill("#grade", "L4")
    assert stand.input_value("#pick") == "L4"
    stand.fill("#employer", "Zzyzx & Sons")
    assert (stand.locator("#pick").is_hidden(), stand.locator("#grade").is_visible()) == (True, True)


def test_every_grade_that_is_offered_is_read_back_as_itself(stand: Page, model: Any) -> None:
    keys = model["components"]["base"]["vocabulary"]["grade"]

    written = stand.evaluate("keys => keys.map(payguide.grades.written)", keys)

    assert [grade_key(one, model["words"]) for one in written] == keys


@pytest.mark.parametrize(
    ("typed", "asks"),
    [
        ({"employer": "Google", "level": "staff"}, "grades at this level"),
        ({"employer": "Capital One", "level": "senior"}, "grades in the evidence"),
        ({"employer": "Google", "level": "staff", "pick": "L6"}, None),
        ({"level": "staff"}, None),
        ({"employer": "Zzyzx & Sons", "level": "staff"}, None),
    ],
)
def test_a_grade_that_decides_the_answer_is_asked_for_above_it(
    stand: Page, model: Any, typed: dict[str, str], asks: str | None
) -> None:
    for field, text in typed.items():
        (stand.select_option if field in ("level", "pick") else stand.fill)(f"#{field}", text)

    asked = stand.locator("#place-drawn > .ask-grade:has(~ .verdictline)")
    assert asked.count() == (asks is not None)
    if asks:
        assert asks in asked.inner_text()
    if typed.get("employer") == "Google" and asks:
        profile = {
            "role": "ml_engineer",
            "employer": "google",
            "tier": "big_tech",
            "level": "staff",
            "country": "US",
        }
        l6 = predict(model, {**profile, "component": "base", "grade": "L6"})["p50"]
        ends = [int(one.get_attribute("value") or 0) for one in asked.locator("data").all()]
        assert ends[0] <= l6 + 1
        assert l6 <= ends[1] + 1


def test_the_bridge_adds_up_to_the_dollar_whoever_asks(stand: Page) -> None:
    draw = random.Random(5)
    asked = [
        {
            "role": draw.choice(("ml_engineer", "data_engineer")), "component": draw.choice(("base", "total")),
            "employer": draw.choice(EMPLOYERS), "place": draw.choice(PLACES[:13]),
            "years": draw.choice((None, 0, 4, 10, 30)),
            "level": draw.choice(("", "entry", "senior", "staff")), "grade": draw.choice(("", "L5")),
            "remote": draw.choice(("", "remote")),
        }
        for _ in range(300)
    ]  # fmt: skip

    found = stand.evaluate(
        """asked => { const desk = payguide.desk.open();
            return asked.map(desk.read).filter(read => !read.refused).map(read => {
                const answer = desk.predict(read.profile);
                const { role, component } = read.profile;
              return { ...payguide.bridge.bridge(read, answer, desk.predict), role, component,
                    to: answer.p50 }; }) }""",
        asked,
    )

    bands = dict(stand.evaluate("payguide.edition.bands.map(([id, value]) => [id, Number(value)])"))
    assert len(found) > 150
    for one in found:
        assert one["from"] + sum(step["amount"] for step in one["steps"]) == one["to"], one
        assert all(step["amount"] and step["name"] for step in one["steps"]), one
        if one["role"] == "ml_engineer" and one["level"]:
            assert one["from"] == bands[f"band.{one['level']}.{one['component']}.p50"]
