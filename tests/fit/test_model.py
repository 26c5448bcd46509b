"""The estimator's model: recovery of a known truth, coverage, determinism, hard inputs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from model_market import (
    FIRST_DAY,
    FOCUS_EFFECT,
    METRO_EFFECT,
    METROS,
    ROLE_EFFECT,
    ROLES,
    Market,
    market,
    rows_of,
)
from payguide.base.aggregates import PayRows
from payguide.base.errors import InputError
from payguide.base.money import FloatArray
from payguide.estimator.model_file import PER_ONE, unpack_integers, unpack_keys
from payguide.estimator.statements import points_for
from payguide.fit.model.fit import fit_component, fit_model

AS_OF = date(2021, 6, 30)
NUMBERS = ("low", "high", "years", "tenure", "day")


@pytest.fixture(scope="module")
def world() -> Market:
    return market(8000, seed=3)


@pytest.fixture(scope="module")
def model(world: Market) -> dict[str, Any]:
    return fit_model({"base": world.rows}, as_of=AS_OF, seed=5)


@pytest.fixture(scope="module")
def fitted(model: dict[str, Any]) -> dict[str, Any]:
    return model["components"]["base"]


@pytest.fixture(scope="module")
def points(world: Market, model: dict[str, Any]) -> FloatArray:
    """What the model says of its own rows (n, q)."""
    return points_for(model, world.rows)


def effects(fitted: dict[str, Any], by: list[str], over: str | None = None) -> dict[str, float]:
    """The effects of a one-dimensional table by name."""
    vocabulary = fitted["vocabulary"][by[0]]
    (table,) = (t for t in fitted["mean"]["terms"] if t["by"] == by and t["over"] == over)
    pairs = zip(unpack_keys(table["keys"]), unpack_integers(table["values"]), strict=True)
    return {vocabulary[key]: value / PER_ONE for key, value in pairs}


def test_recovers_role_and_metro_effects(fitted: dict[str, Any]) -> None:
    role, metro = effects(fitted, ["role"]), effects(fitted, ["metro"])
    # 8,000 rows with sd 0.08-0.16: the standard error of a difference of two roles is about 0.003
    for k, name in enumerate(ROLES):
        assert role[name] - role[ROLES[0]] == pytest.approx(ROLE_EFFECT[k], abs=0.02)
    for k, code in enumerate(METROS):
        # region splits a place's effect with metro: only their sum is estimable
        region = (
            effects(fitted, ["region"]) if any(t["by"] == ["region"] for t in fitted["mean"]["terms"]) else {}
        )
        states = ("CA", "NY", "WA", "TX")
        place = metro[code] + region.get(states[k], 0.0)
        first = metro[METROS[0]] + region.get(states[0], 0.0)
        assert place - first == pytest.approx(METRO_EFFECT[k], abs=0.03)


def test_recovers_focus(fitted: dict[str, Any]) -> None:
    focus = effects(fitted, ["focus"])
    assert focus["security"] - focus["testing"] == pytest.approx(FOCUS_EFFECT[1] - FOCUS_EFFECT[2], abs=0.02)


def test_median_is_near_the_truth_in_spite_of_gross_errors(world: Market, points: FloatArray) -> None:
    error = np.log(points[:, 2]) - world.mean
    # one row in a hundred is ten times too high: a mean would be off by 0.023
    assert abs(float(np.median(error))) < 0.006
    assert float(np.sqrt(np.mean(error**2))) < 0.05


def test_spread_follows_the_truth(world: Market, points: FloatArray) -> None:
    width = np.log(points[:, 4] / points[:, 0])
    noisy = world.rows.columns["role"] == "data_scientist"
    # P10-P90 of a normal is 2.563 standard deviations: 0.41 and 0.205, plus what is not known of the mean
    assert 0.38 < float(np.median(width[noisy])) < 0.52
    assert 0.19 < float(np.median(width[~noisy])) < 0.27


def test_quantiles_rise(points: FloatArray) -> None:
    assert np.all(np.diff(points, axis=1) >= 0)


@pytest.mark.parametrize("name", ["role=data_scientist", "role=ml_engineer", "role=software_engineer"])
def test_backtest_covers_in_every_role(fitted: dict[str, Any], name: str) -> None:
    tested = fitted["backtest"]["slices"][name]
    assert tested["coverage"] == pytest.approx(0.80, abs=0.03)


def test_backtest_covers_rows_hidden_inputs_and_new_employers(fitted: dict[str, Any]) -> None:
    tested = fitted["backtest"]
    assert tested["rows"]["n"] == 8000
    assert tested["rows"]["coverage"] == pytest.approx(0.80, abs=0.015)
    assert tested["new_employers"]["coverage"] == pytest.approx(0.80, abs=0.05)
    assert tested["new_employers"]["width"] > 1.5 * tested["rows"]["width"]
    hidden = tested["hidden"]
    assert hidden
    for pattern, measured in hidden.items():
        # some 500 rows: the standard error is 0.018
        assert measured["coverage"] == pytest.approx(0.80, abs=0.06), pattern


@pytest.mark.slow
def test_cross_fitted_coverage_over_several_markets() -> None:
    inside = []
    for seed in (11, 12, 13):
        made = market(1500, seed=seed)
        tested = fit_component(made.rows, as_of=AS_OF, seed=seed)["backtest"]["rows"]
        inside.append(tested["coverage"])
    # 4,500 rows: the standard error is 0.006
    assert float(np.mean(inside)) == pytest.approx(0.80, abs=0.02)


def test_same_seed_same_bytes() -> None:
    made = market(400, seed=1).rows
    first, again = (fit_model({"base": made}, as_of=AS_OF, seed=9) for _ in range(2))
    assert json.dumps(first, sort_keys=True) == json.dumps(again, sort_keys=True)


def test_round_trip_through_json() -> None:
    model = fit_model({"base": market(200, seed=1).rows}, as_of=AS_OF, seed=9)
    assert json.loads(json.dumps(model, allow_nan=False)) == model


@pytest.mark.slow
def test_order_of_components_does_not_matter() -> None:
    made = market(200, seed=1).rows
    forward = fit_model({"base": made, "total": made}, as_of=AS_OF, seed=9)
    backward = fit_model({"total": made, "base": made}, as_of=AS_OF, seed=9)
    assert json.dumps(forward) == json.dumps(backward)


def test_range_widens_what_is_foretold() -> None:
    middle = np.exp(np.random.default_rng(0).normal(12, 0.05, 300))
    single, ranges = (
        points_for(fit_model({"base": rows}, as_of=AS_OF, seed=1), rows)
        for rows in (rows_of(middle), rows_of(middle / 1.3, high=middle * 1.3))
    )
    # evenly between ends 2 ln 1.3 = 0.525 apart on the log scale: the middle 80 % are 0.42 wide
    assert np.median(np.log(ranges[:, 4] / ranges[:, 0])) > 0.38
    assert np.median(np.log(single[:, 4] / single[:, 0])) < 0.2
    assert np.median(ranges[:, 2]) == pytest.approx(np.median(single[:, 2]), rel=0.02)


@pytest.mark.parametrize(
    ("case", "rows"),
    [
        ("no years, no employer", rows_of(np.linspace(1e5, 2e5, 30))),
        ("one employer", rows_of(np.linspace(1e5, 2e5, 60), years=np.arange(60.0) % 20, employer=["a"] * 60)),
        ("all pay equal", rows_of(np.full(40, 1e5), years=np.arange(40.0) % 9, employer=["a", "b"] * 20)),
        ("one day", rows_of(np.linspace(1e5, 2e5, 31), years=np.full(31, 5.0))),
        ("every row its own source", rows_of(np.linspace(1e5, 2e5, 40), source=[f"s{k}" for k in range(40)])),
    ],
)
def test_thin_inputs_give_finite_rising_quantiles(case: str, rows: PayRows) -> None:
    points = points_for(fit_model({"base": rows}, as_of=AS_OF, seed=1), rows)
    assert np.all(np.isfinite(points)), case
    assert np.all(np.diff(points, axis=1) >= 0), case


def test_too_few_rows_say_how_many() -> None:
    with pytest.raises(InputError, match="base 29; at least 30"):
        fit_model({"base": rows_of(np.full(29, 1e5))}, as_of=AS_OF, seed=1)
    with pytest.raises(InputError, match="nothing"):
        fit_model({}, as_of=AS_OF, seed=1)


def test_component_with_too_few_rows_is_left_out() -> None:
    model = fit_model(
        {"base": rows_of(np.linspace(1e5, 2e5, 30)), "total": rows_of(np.full(3, 1e5))}, as_of=AS_OF, seed=1
    )
    assert list(model["components"]) == ["base"]  # type: ignore[call-overload]


@pytest.mark.parametrize(("low", "high"), [(0.0, 1e5), (-5.0, 1e5), (2e5, 1e5)])
def test_impossible_amounts_are_refused(low: float, high: float) -> None:
    rows = rows_of(np.full(30, low), high=np.full(30, high))
    with pytest.raises(InputError, match="not positive, or a range runs backwards"):
        fit_component(rows, as_of=AS_OF, seed=1)


def test_a_handful_of_late_statements_sets_no_level() -> None:
    many, few = market(1000, seed=12).rows, market(2, seed=13).rows
    last = many.day.max() + 400
    names = {**few.columns, "source": np.full(2, "board")}
    late = replace(few, day=np.full(2, last), columns=names)
    held = fit_component(together(many, late), as_of=AS_OF, seed=5)["blend"]
    board = held["n"].index(2)
    shares = dict(zip(held["time"], np.array(held["shares"])[:, board], strict=True))
    time = (last - many.day.min()) / 365.25

    # the two count for the points on either side of them, each made up to ten statements by the shares of all
    for point in (np.floor(time * 2) / 2, np.floor(time * 2) / 2 + 0.5):
        own = 2 * (1 - abs(time - point) * 2)
        assert shares[point] == pytest.approx((own + (10 - own) * 2 / 1002) / 10, abs=1e-4)
    # while they were not asked, and a year after, the shares are those of the evidence
    assert shares[0.0] == 0.0
    assert held["shares"][-1][board] == pytest.approx(2 / 1002, abs=1e-4)


def together(one: PayRows, other: PayRows) -> PayRows:
    """The rows of both."""
    return PayRows(
        component=one.component,
        currency=one.currency,
        columns={n: np.concatenate([one.columns[n], other.columns[n]]) for n in PayRows.TEXT},
        **{n: np.concatenate([getattr(one, n), getattr(other, n)]) for n in NUMBERS},
    )


def test_rate_is_the_callers_or_the_index() -> None:
    rows = rows_of(np.linspace(1e5, 2e5, 30))
    assert fit_component(rows, as_of=AS_OF, seed=1, ageing_rate_a_year=0.07)["rate"] == 0.07
    assert 0.0 < fit_component(rows, as_of=AS_OF, seed=1)["rate"] < 0.1
    assert fit_component(rows, as_of=AS_OF, seed=1)["last_day"] == FIRST_DAY
