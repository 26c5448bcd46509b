"""Answers on the market's scale: what the guide says where nothing more is told, and what moves them from there."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from anchored_model import anchored_model, asked
from payguide.estimator import Estimator, predict
from payguide.estimator.answers import QUANTILES
from payguide.estimator.market import MarketTables, Part
from payguide.estimator.model_file import pack_integers

NAMES = ("p10", "p25", "p50", "p75", "p90")
ROLE = "ml_engineer"


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    return anchored_model()


@pytest.fixture(scope="module")
def estimator(model: dict[str, Any]) -> Estimator:
    return Estimator(model)


def ln(estimator: Estimator, *profiles: dict[str, Any]) -> np.ndarray:
    """Ln pay of profiles of the role at the quantiles (n, q)."""
    return np.log(estimator.many([{"role": ROLE, **one} for one in profiles]).points)


@pytest.mark.parametrize("component", ["base", "total"])
@pytest.mark.parametrize(
    ("profile", "part"),
    [
        ({}, Part()),
        ({"country": "US"}, Part()),
        ({"level": "senior"}, Part(level="senior")),
        ({"level": "unstated", "tier": "unknown", "metro": "unknown"}, Part()),
        ({"metro": "35620", "region": "NY", "country": "US"}, Part(metro="35620")),
        ({"metro": "99999"}, Part(metro="other_us")),
        ({"remote": "remote", "level": "entry"}, Part(level="entry", remote="remote")),
        ({"industry": "finance"}, Part(industry="finance")),
        ({"employer": "nobody-inc", "tier": "startup", "industry": "ai"}, Part(tier="startup", industry="ai")),
        ({"employer": "nobody-inc"}, Part()),
    ],
)  # fmt: skip
def test_what_the_frame_tells_is_answered_as_the_market_has_it(
    model: dict[str, Any], estimator: Estimator, component: str, profile: dict[str, Any], part: Part
) -> None:
    stated = MarketTables(model["market"], ROLE).quantiles(component, part, QUANTILES)

    assert ln(estimator, {"component": component, **profile})[0] == pytest.approx(stated, abs=1e-9)


def without_benchmark(model: dict[str, Any]) -> Estimator:
    bench = MarketTables(model["market"], ROLE).bench["base"]
    nothing = {name: {"base": pack_integers(np.zeros(bench.size))} for name in ("bench", "bench_placed")}
    roles = {ROLE: {**model["market"]["roles"][ROLE], **nothing}}
    return Estimator({**model, "market": {**model["market"], "roles": roles}})


@pytest.mark.parametrize(
    ("years", "shares"),
    [
        (0, {"entry": 1}), (1, {"entry": 1}), (2, {"entry": 2 / 3, "mid": 1 / 3}), (4, {"mid": 1}),
        (6, {"mid": 1 / 2, "senior": 1 / 2}), (8, {"senior": 1}), (15.8, {"staff": 1}), (40, {"staff": 1}),
    ],
)  # fmt: skip
def test_years_between_the_middles_of_two_levels_stand_between_them(
    model: dict[str, Any], estimator: Estimator, years: float, shares: Mapping[str, float]
) -> None:
    told = {"employer": "employer-0", "tier": "big_tech", "years": years}
    values, bench = model["market"]["values"], MarketTables(model["market"], ROLE).bench["base"]
    tier = values["tier"].index("big_tech")
    expected = sum(share * bench[values["level"].index(level), tier] for level, share in shares.items())

    moved = ln(estimator, told) - ln(without_benchmark(model), told)

    assert moved == pytest.approx(np.full((1, 5), expected), abs=1e-9)


@pytest.mark.parametrize("component", ["base", "total"])
@pytest.mark.parametrize("employer", ["", "employer-0", "employer-unheard-of"])
def test_no_answer_leaps_where_a_level_ends(estimator: Estimator, component: str, employer: str) -> None:
    years = np.arange(0, 20, 0.25)
    told = {"component": component, "employer": employer, "tier": "big_tech" if employer else ""}

    middle = ln(estimator, *({**told, "years": float(year)} for year in years))[:, 2]

    assert np.abs(np.diff(middle)).max() < 0.06


def test_a_date_moves_an_answer_by_the_markets_drift_alone(
    model: dict[str, Any], estimator: Estimator
) -> None:
    # a year before, and half way to two years after the edition's date: the drift of stated_market
    for date, drift in (("2021-06-01", -0.04), ("2023-06-01", 0.035)):
        for profile in (
            {},
            {"years": 7, "grade": "L3"},
            {"employer": "employer-3", "years": 7, "level": "mid"},
        ):
            moved = ln(estimator, {**profile, "date": date}) - ln(estimator, profile)
            assert moved == pytest.approx(np.full((1, 5), drift), abs=2e-4), (date, profile)


def test_an_employer_that_was_met_is_moved_by_the_benchmark_of_its_tier_and_level(
    model: dict[str, Any], estimator: Estimator
) -> None:
    bench, values = MarketTables(model["market"], ROLE).bench["base"], model["market"]["values"]
    unmoved = without_benchmark(model)
    senior = values["level"].index("senior")

    for told, at in (
        ({"employer": "employer-0", "tier": "big_tech", "level": "senior"}, (senior, values["tier"].index("big_tech"))),
        # the middle of a senior's years
        ({"employer": "employer-0", "tier": "big_tech", "years": 8}, (senior, values["tier"].index("big_tech"))),
        ({"employer": "employer-3", "level": "senior"}, (senior, -1)),
        ({"employer": "employer-3"}, (-1, -1)),
    ):  # fmt: skip
        assert ln(estimator, told) - ln(unmoved, told) == pytest.approx(
            np.full((1, 5), bench[at]), abs=1e-9
        ), told


def test_of_an_employer_met_in_base_pay_alone_the_market_tells_what_is_on_top(
    model: dict[str, Any], estimator: Estimator
) -> None:
    profile = {"employer": "employer-3", "tier": "midsize", "level": "mid"}
    assert "employer-3" not in model["components"]["total"]["vocabulary"]["employer"]
    table, part = MarketTables(model["market"], ROLE), Part(level="mid", tier="midsize")
    there = {name: np.asarray(table.quantiles(name, part, QUANTILES)) for name in ("base", "total")}

    base, total = ln(estimator, profile, {**profile, "component": "total"})

    assert total - base == pytest.approx(there["total"] - there["base"], abs=1e-9)


def test_who_names_a_source_or_kind_or_another_role_is_answered_by_the_estimator_alone(
    model: dict[str, Any],
) -> None:
    alone = {name: part for name, part in model.items() if name != "market"}
    for told in (
        {"source": "survey"},
        {"kind": "self_report"},
        {"role": "data_scientist"},
        {"role": "ml_engineer"},
    ):
        profile = {"role": ROLE, "years": 7, "employer": "employer-2", **told}
        assert (predict(model, profile) == predict(alone, profile)) == (told != {"role": ROLE}), told


def test_answers_are_ordered_and_their_drivers_add_up(model: dict[str, Any], estimator: Estimator) -> None:
    profiles = asked(model, 300, seed=1)

    for profile, answer in zip(profiles, estimator.answers(profiles, [None] * 300), strict=True):
        points = [getattr(answer, name) for name in NAMES]
        assert all(low <= high for low, high in pairwise(points)), profile
        assert sum(driver.amount for driver in answer.drivers) == answer.p50 - answer.reference, profile


def test_total_pay_is_never_below_base_pay(model: dict[str, Any], estimator: Estimator) -> None:
    profiles = asked(model, 300, seed=2)

    base, total = (
        estimator.many([{**one, "component": name} for one in profiles]).points for name in ("base", "total")
    )

    assert (total >= base).all()


def test_an_answer_is_the_same_alone_among_others_in_any_order_and_without_drivers(
    model: dict[str, Any],
) -> None:
    profiles = asked(model, 200, seed=3)
    together = Estimator(model).many(profiles, drivers=True).points
    turned = Estimator(model).many(profiles[::-1]).points[::-1]
    estimator = Estimator(model)
    alone = np.concatenate([estimator.many([profile]).points for profile in profiles])

    assert turned == pytest.approx(together, rel=1e-9)
    assert alone == pytest.approx(together, rel=1e-9)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"specialisation": "vision|vision"}, {"specialisation": ["vision"]}),
        ({"specialisation": "alchemy"}, {}),
        ({"years": float("nan"), "level": "mid"}, {"level": "mid"}),
        ({"years": "7"}, {"years": 7}),
        ({"years": ""}, {}),
        ({"grade": "L3", "employer": "unknown"}, {"grade": "L3"}),
        ({"date": "2022-06-01"}, {}),
    ],
)
def test_what_says_the_same_is_answered_the_same(
    estimator: Estimator, one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert ln(estimator, one) == pytest.approx(ln(estimator, other), abs=1e-9)
