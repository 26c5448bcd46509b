"""The estimator: what a model file says of profiles."""

from __future__ import annotations

import json
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_market import TENURE_EFFECT, Market, market, mixed_market
from payguide.base.aggregates import PayRows
from payguide.base.errors import InputError
from payguide.estimator import Estimator, predict, predict_each
from payguide.fit.model.fit import fit_model

AS_OF = date(2021, 6, 30)
FULL = {
    "role": "ml_engineer", "years": 6.0, "grade": "L2", "employer": "employer-1", "metro": "41860",
    "region": "CA", "country": "US", "date": "2020-06-30",
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> Market:
    return market(3000, seed=3)


@pytest.fixture(scope="module")
def model(world: Market) -> dict[str, Any]:
    return json.loads(json.dumps(fit_model({"base": world.rows, "total": world.rows}, as_of=AS_OF, seed=5)))


@pytest.fixture(scope="module")
def estimator(model: dict[str, Any]) -> Estimator:
    return Estimator(model)


def profiles_of(rows: PayRows) -> list[dict[str, Any]]:
    """The rows as profiles that name their source."""
    columns = rows.columns
    return [
        {name: str(columns[name][k]) for name in PayRows.TEXT}
        | {"years": float(rows.years[k]), "tenure": float(rows.tenure[k])}
        | {"date": date.fromordinal(int(rows.day[k])).isoformat()}
        for k in range(len(rows))
    ]


def test_blend_is_the_evidence_around_the_date() -> None:
    model = fit_model({"base": mixed_market()}, as_of=date(2026, 1, 1), seed=5)
    early = {"role": "ml_engineer", "employer": "employer-1", "country": "US", "date": "2019-06-30"}
    late = {**early, "date": "2023-06-30"}
    for profile, source in ((early, "survey"), (late, "board")):
        assert predict(model, profile)["p50"] == predict(model, {**profile, "source": source})["p50"]
    asked = predict(model, {**early, "kind": "posted_range"})
    assert asked["p50"] == predict(model, {**early, "source": "board"})["p50"] != predict(model, early)["p50"]


def test_fresh_rows_are_covered(estimator: Estimator) -> None:
    fresh = market(3000, seed=77)
    points = estimator.many(profiles_of(fresh.rows)).points
    inside = (fresh.rows.low >= points[:, 0]) & (fresh.rows.low <= points[:, 4])
    # 3,000 rows: the standard error is 0.007; calibration's own is about as much
    assert float(inside.mean()) == pytest.approx(0.80, abs=0.03)
    for k, level in enumerate((0.10, 0.25, 0.50, 0.75, 0.90)):
        assert float((fresh.rows.low <= points[:, k]).mean()) == pytest.approx(level, abs=0.03)


@pytest.mark.parametrize(
    ("lacking", "least"),
    [
        ({"employer": "never-heard-of"}, 1.5),
        ({"employer": None}, 1.5),
        ({"grade": None}, 1.02),
        ({"grade": None, "employer": None, "years": None}, 1.5),
        ({"metro": None, "region": None}, 1.2),
        ({"employer": "never-heard-of", "metro": "00000", "region": "ZZ", "grade": "grandmaster"}, 1.5),
    ],
)
def test_what_is_not_known_widens(estimator: Estimator, lacking: dict[str, Any], least: float) -> None:
    known, less = predict(estimator, FULL), predict(estimator, {**FULL, **lacking})
    assert np.log(less["p90"] / less["p10"]) > least * np.log(known["p90"] / known["p10"])
    assert less["n"] >= 0


def test_hidden_employer_is_covered_on_fresh_rows(estimator: Estimator) -> None:
    fresh = market(3000, seed=78)
    given_less = [{**profile, "employer": ""} for profile in profiles_of(fresh.rows)]
    points = estimator.many(given_less).points
    inside = (fresh.rows.low >= points[:, 0]) & (fresh.rows.low <= points[:, 4])
    assert float(inside.mean()) == pytest.approx(0.80, abs=0.05)


def test_tenure_and_focus_move_the_estimate_as_they_do_in_the_market(estimator: Estimator) -> None:
    def log_median(**given: Any) -> float:
        return float(np.log(predict(estimator, {**FULL, "years": 12, **given})["p50"]))

    # a year with the employer takes two percent, up to five; half of the statements tell it, in bands
    assert log_median(tenure=7) - log_median(tenure=0) == pytest.approx(5 * TENURE_EFFECT, abs=0.04)
    assert log_median(focus="security") - log_median(focus="testing") == pytest.approx(0.16, abs=0.03)
    assert log_median(tenure=7) < log_median() < log_median(tenure=0)


def test_tenure_left_open_is_covered_on_fresh_rows(estimator: Estimator) -> None:
    fresh = market(3000, seed=79)
    points = estimator.many([{**profile, "tenure": None} for profile in profiles_of(fresh.rows)]).points
    inside = (fresh.rows.low >= points[:, 0]) & (fresh.rows.low <= points[:, 4])
    assert float(inside.mean()) == pytest.approx(0.80, abs=0.03)


@pytest.mark.parametrize("hidden", ["tenure", "focus"])
def test_what_is_left_open_moves_nobody_on_average(world: Market, estimator: Estimator, hidden: str) -> None:
    told = [p for p in profiles_of(world.rows) if p[hidden] and p[hidden] == p[hidden]]
    known, left_open = (
        np.log(estimator.many([{**p, **given} for p in told]).points[:, 2]) for given in ({}, {hidden: None})
    )
    moved = left_open - known
    assert abs(float(moved.mean())) < 0.002
    # nor at any of the larger employers
    employer = np.array([p["employer"] for p in told])
    for name, n in zip(*np.unique(employer, return_counts=True), strict=True):
        if n >= 50:
            assert abs(float(moved[employer == name].mean())) < 0.01, name


def test_tenure_left_open_lies_among_its_answers_where_only_other_evidence_tells_it() -> None:
    estimator = Estimator(fit_model({"base": mixed_market()}, as_of=date(2026, 1, 1), seed=5))
    # the blend of the date is the board's, whose postings tell no tenure
    late = {**FULL, "years": 12, "date": "2023-06-30"}
    told = [predict(estimator, {**late, "tenure": tenure})["p50"] for tenure in (0, 1, 2, 3, 4, 6, 10)]
    assert min(told) < predict(estimator, late)["p50"] < max(told)


def test_answer_has_the_promised_shape(estimator: Estimator) -> None:
    answer = predict(estimator, FULL)
    assert list(answer) == [
        "p10",
        "p25",
        "p50",
        "p75",
        "p90",
        "currency",
        "coverage",
        "n",
        "reference",
        "drivers",
    ]
    assert answer["p10"] < answer["p25"] < answer["p50"] < answer["p75"] < answer["p90"]
    assert answer["currency"] == "USD"
    assert answer["coverage"] == 0.8
    json.dumps(answer)


def test_n_is_the_evidence_of_the_most_specific_known_group(world: Market, estimator: Estimator) -> None:
    columns = world.rows.columns
    here = columns["employer"] == "employer-1"
    assert predict(estimator, FULL)["n"] == int(np.sum(here & (columns["grade"] == "L2")))
    assert predict(estimator, {**FULL, "grade": None})["n"] == int(np.sum(here))
    in_metro = (columns["role"] == "ml_engineer") & (columns["metro"] == "41860")
    assert predict(estimator, {**FULL, "employer": "x"})["n"] == int(np.sum(in_metro))
    assert predict(estimator, {"role": "ml_engineer"})["n"] == int(np.sum(columns["role"] == "ml_engineer"))
    assert predict(estimator, {"role": "other"})["n"] == 0


maybe = st.one_of
profile_strategy = st.fixed_dictionaries(
    {"role": st.sampled_from(["ml_engineer", "data_scientist", "other", ""])},
    optional={
        "years": maybe(st.none(), st.floats(0, 60)),
        "level": st.sampled_from(["entry", "senior", "staff", "unstated", "", None]),
        "grade": maybe(st.none(), st.sampled_from(["L1", "L4", "l 4"]), st.text(max_size=8)),
        "employer": st.sampled_from(["employer-0", "employer-7", "x", "", None]),
        "metro": st.sampled_from(["41860", "99999", "", None]),
        "date": st.sampled_from(["2018-01-01", "2019-03-04", "2021-06-30", "2022-12-30", None]),
        "component": st.sampled_from(["base", "total"]),
        "specialisation": st.sampled_from(["vision", "vision|speech", ["speech"], "", None]),
        "kind": st.sampled_from(["self_report", "filing", None]),
    },
)


@given(st.lists(profile_strategy, min_size=1, max_size=5))
def test_any_profile_has_an_answer_that_adds_up(estimator: Estimator, profiles: list[dict[str, Any]]) -> None:
    answers = predict_each(estimator, profiles)
    assert len(answers) == len(profiles)
    for profile, answer in zip(profiles, answers, strict=True):
        drivers = sum(driver["amount"] for driver in answer["drivers"])
        assert drivers == answer["p50"] - answer["reference"]
        values = [answer[q] for q in ("p10", "p25", "p50", "p75", "p90")]
        assert values == sorted(values)
        assert values[0] > 0
        assert predict(estimator, profile) == answer


def test_drivers_on_the_log_scale_add_up(estimator: Estimator) -> None:
    found = estimator.many([FULL, {"role": "data_scientist"}], drivers=True)
    total = sum(found.drivers.values())
    assert total == pytest.approx(np.log(found.points[:, 2] / found.reference), abs=1e-12)


def test_date_is_honoured_and_pay_grows_beyond_the_evidence(
    model: dict[str, Any], estimator: Estimator
) -> None:
    rate = model["components"]["base"]["rate"]
    points = estimator.many(
        [{**FULL, "date": day} for day in ("2023-01-01", "2024-01-01", "2025-01-01")]
    ).points
    # the spread stays, the whole distribution grows by the rate: 365 or 366 days of 365.25
    assert points[1] / points[0] == pytest.approx((1 + rate) ** (365 / 365.25))
    assert points[2] / points[1] == pytest.approx((1 + rate) ** (366 / 365.25))
    assert predict(estimator, {**FULL, "date": None}) == predict(estimator, {**FULL, "date": AS_OF})


def test_level_stands_in_for_years(estimator: Estimator) -> None:
    medians = [
        predict(estimator, {"role": "ml_engineer", "level": level})["p50"]
        for level in ("entry", "mid", "senior", "staff")
    ]
    assert medians == sorted(medians)
    assert len(set(medians)) == 4


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ({**FULL, "years": -1}, "0-80"),
        ({**FULL, "years": 200}, "0-80"),
        ({**FULL, "years": "many"}, "must be a number"),
        ({**FULL, "years": float("inf")}, "0-80"),
        ({**FULL, "tenure": -1}, "years with the employer must lie in 0-80"),
        ({**FULL, "tenure": "long"}, "years with the employer must be a number"),
        ({**FULL, "date": "yesterday"}, "is no date"),
        ({**FULL, "component": "equity"}, "no component 'equity'"),
    ],
)
def test_nonsense_is_refused(estimator: Estimator, profile: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        predict(estimator, profile)


def test_the_first_wrong_date_is_named_with_its_place(estimator: Estimator) -> None:
    given = [FULL, {**FULL, "date": "soon"}, {**FULL, "date": "later"}]
    for dates in (given, [given[0], given[2], given[1]]):
        with pytest.raises(InputError, match=f"'{dates[1]['date']}' is no date") as refused:
            estimator.many(dates)
        assert refused.value.where == "profile 2"


def test_no_profiles_no_answers(estimator: Estimator) -> None:
    assert predict_each(estimator, []) == []


def test_what_a_profile_leaves_out_may_be_left_out_of_some_only(estimator: Estimator) -> None:
    # as many fields in each, but not the same ones; then fewer in one; then a mapping that is no dict
    less = {name: value for name, value in FULL.items() if name != "grade"}
    other = {**less, "remote": "remote"}
    for pair in ([FULL, other], [other, FULL], [FULL, less], [less, FULL], [MappingProxyType(FULL), other]):
        together = estimator.many(pair).points
        alone = [estimator.many([one]).points[0] for one in pair]
        assert together == pytest.approx(np.array(alone))
