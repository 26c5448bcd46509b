"""On the market's scale, too, the page's scripts and the library say the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from anchored_model import anchored_model, asked
from payguide.estimator import Estimator, predict_each
from payguide.guide.scripted import packaged

pytestmark = pytest.mark.browser

SCRIPTS = ("numbers", "inputs", "evaluate", "market", "anchored")


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    return anchored_model()


def test_every_answer_of_a_market_is_the_librarys_to_the_dollar(
    reader: Callable[..., Page], model: dict[str, Any]
) -> None:
    page = reader(policy=False)
    for name in SCRIPTS:
        page.add_script_tag(content=packaged("scripts", f"{name}.js"))
    profiles = asked(model, 400, seed=5)
    profiles += [{"component": "base", "role": "ml_engineer"}, {"component": "total", "role": "ml_engineer"}]

    told = page.evaluate(
        "([model, profiles]) => { const predict = payguide.estimator(model); return profiles.map(predict) }",
        [model, profiles],
    )

    for profile, ours, theirs in zip(profiles, predict_each(Estimator(model), profiles), told, strict=True):
        for name in ("p10", "p25", "p50", "p75", "p90", "reference", "n"):
            # halves of a dollar may be rounded to either side
            assert abs(ours[name] - theirs[name]) <= 1, (name, profile)
        assert sum(driver["amount"] for driver in theirs["drivers"]) == theirs["p50"] - theirs["reference"], (
            profile
        )
        known, found = ({d["name"]: d["amount"] for d in one["drivers"]} for one in (ours, theirs))
        assert all(abs(known.get(name, 0) - found.get(name, 0)) <= 1 for name in known | found), profile
