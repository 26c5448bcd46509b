"""The back-test: what is kept back, how it is scored, and what scores mean on a market with known truth."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy.stats import norm

from model_market import FIRST_DAY, market, rows_of
from payguide.base.aggregates import PayRows
from payguide.base.money import FloatArray
from payguide.estimator.statements import points_for, profiles_of
from payguide.fit.model import backtest
from payguide.fit.model.backtest import LEAST, compare, judge, kept_back, met, sliced
from payguide.fit.model.backtest_references import references, years_buckets
from payguide.fit.model.fit import fit_model
from payguide.gate.model import pass_model

LEVELS = (0.10, 0.25, 0.50, 0.75, 0.90)


def quiet(stage: str, done: int, total: int | None) -> None:
    """Nobody watches a test's progress."""


def test_scores_by_hand() -> None:
    # pay 100,000; quantiles at ln = truth + (-2, -1, 0, 1, 2) / 10
    points = 1e5 * np.exp(np.array([[-0.2, -0.1, 0.0, 0.1, 0.2]]))
    scored = judge(rows_of(np.array([1e5])), points)
    # 0.1 * 0.2 + 0.25 * 0.1 + 0 + 0.25 * 0.1 + 0.1 * 0.2 = 0.09 over five
    assert scored.loss.tolist() == pytest.approx([0.09 / 5])
    assert scored.inside.tolist() == [1.0]
    assert scored.width.tolist() == pytest.approx([0.4])


@pytest.mark.parametrize(("shift", "inside"), [(0.0, 1.0), (0.19, 1.0), (0.21, 0.0), (-0.21, 0.0)])
def test_pay_beyond_p10_or_p90_is_not_held(shift: float, inside: float) -> None:
    points = 1e5 * np.exp(np.array([[-0.2, -0.1, 0.0, 0.1, 0.2]]))
    assert judge(rows_of(np.array([1e5 * np.exp(shift)])), points).inside.tolist() == [inside]


def test_a_range_counts_as_its_five_points() -> None:
    half = 0.5  # its points lie at -0.4, -0.2, 0, 0.2 and 0.4 on the log scale: three of five within 0.3
    rows = rows_of(np.array([1e5 * np.exp(-half)]), high=np.array([1e5 * np.exp(half)]))
    points = 1e5 * np.exp(np.array([[-0.3, -0.1, 0.0, 0.1, 0.3]]))
    assert judge(rows, points).inside.tolist() == pytest.approx([0.6])


def test_what_is_kept_back() -> None:
    rows = market(4000, seed=1, employers=200).rows
    back = kept_back(rows, seed=3)
    employer, day = rows.columns["employer"], rows.day
    # every statement once, in parts of one size
    assert [int(part.sum()) for part in back["rows"]] == [1000] * 4
    assert np.all(np.sum(back["rows"], axis=0) == 1)
    (strangers,), (latest,) = back["employers"], back["dates"]
    assert not set(employer[strangers]) & set(employer[~strangers])
    assert day[latest].min() > day[~latest].max()
    assert latest.mean() == pytest.approx(0.15, abs=0.01)
    again = kept_back(rows, seed=3)
    assert all(np.array_equal(back[name], again[name]) for name in back)


def test_the_latest_are_each_sources_own_and_unknown_employers_are_apart() -> None:
    n = 2000
    source = np.repeat(["old", "new"], n // 2)
    day = FIRST_DAY + np.where(source == "old", 0, 3000) + np.tile(np.arange(n // 2), 2)
    back = kept_back(rows_of(np.full(n, 1e5), source=source, day=day), seed=1)
    assert {name: int(back["dates"][0][source == name].sum()) for name in ("old", "new")} == {
        "old": 150,
        "new": 150,
    }
    # nobody's employer is known: they are kept back one by one, not all or none
    assert back["employers"][0].mean() == pytest.approx(0.20, abs=0.04)


def test_slices_by_employer_size_count_what_was_fitted_on() -> None:
    train = rows_of(np.full(12, 1e5), employer=["a"] * 11 + ["b"])
    test = rows_of(np.full(4, 1e5), employer=["a", "b", "c", ""])
    slices = sliced(test.columns, met(train, test))
    found = {name: rows.tolist() for name, rows in slices if name.startswith("statements")}
    assert found["statements=0"] == [False, False, True, False]
    assert found["statements=1-9"] == [False, True, False, False]
    assert found["statements=10-99"] == [True, False, False, False]
    assert "statements=1000" in found


def test_a_component_too_small_to_judge_is_left_out() -> None:
    small, enough = (rows_of(np.full(n, 1e5)) for n in (LEAST, 10 * LEAST))
    told: list[tuple[str, int, int | None]] = []
    found = compare(
        {"base": enough, "total": small}, {"same": lambda train, test: np.full((len(test), 5), 1e5)},
        seed=1, tick=lambda *what: told.append(what),
    )  # fmt: skip
    assert {protocol: list(held) for protocol, held in found["protocols"].items()} == {
        "rows": ["base"], "employers": ["base"],
    }  # fmt: skip
    assert found["protocols"]["rows"]["base"]["methods"] == {
        "same": {"pinball": 0, "coverage": 1, "width": 0}
    }
    assert [(done, total) for _, done, total in told] == [(k, 5) for k in range(5)]
    # each statement was kept back once, and the method fitted on the three parts that were not
    assert [found["protocols"]["rows"]["base"][name] for name in ("n", "fitted_on")] == [300, 225]


def estimator(train: PayRows, test: PayRows) -> FloatArray:
    model = fit_model({str(train.component): train}, as_of=date(2021, 6, 30), seed=5)
    return points_for(pass_model(model, own=True), test)


def test_a_profile_tells_all_of_a_statement_but_source_and_pay() -> None:
    rows = rows_of(np.array([1e5]), years=np.array([np.nan]), grade=["L5"], metro=["42660"])
    (told,) = profiles_of(rows)
    known = {name: value for name, value in told.items() if value}
    assert known == {
        "component": "base", "role": "ml_engineer", "kind": "self_report", "grade": "L5", "metro": "42660",
        "date": date.fromordinal(FIRST_DAY),
    }  # fmt: skip


@pytest.fixture(scope="module")
def simulated() -> dict[str, dict[str, object]]:
    """Base pay of a market with known truth, rows kept back; the oracle knows each statement's mean and spread."""
    world = market(6000, seed=4, gross_errors=0.0)
    truth = {
        pay: (mean, spread)
        for pay, mean, spread in zip(world.rows.low, world.mean, world.spread, strict=True)
    }

    def oracle(_: PayRows, test: PayRows) -> FloatArray:
        mean, spread = np.array([truth[pay] for pay in test.low]).T
        return np.exp(mean[:, None] + spread[:, None] * norm.ppf(LEVELS))

    methods = {"estimator": estimator, "oracle": oracle, "years-buckets": years_buckets}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backtest, "kept_back", lambda rows, seed: {"rows": kept_back(rows, seed)["rows"][:1]})
        return compare({"base": world.rows}, methods, seed=2, tick=quiet)["protocols"]["rows"]["base"]


def test_the_estimator_lies_between_who_knows_all_and_who_knows_years(simulated: dict[str, object]) -> None:
    own, oracle, buckets = (
        simulated["methods"][name]["pinball"]  # type: ignore[index]
        for name in ("estimator", "oracle", "years-buckets")
    )
    # 240 effects learnt from 4,500 statements cost about an eighth of the loss that nobody can avoid
    assert oracle < own < 1.15 * oracle
    assert buckets > 2 * own


def test_coverage_holds_overall_and_in_every_slice_of_a_known_market(simulated: dict[str, object]) -> None:
    assert simulated["methods"]["estimator"]["coverage"] == pytest.approx(0.80, abs=0.025)  # type: ignore[index]
    slices: dict[str, dict[str, object]] = simulated["slices"]  # type: ignore[assignment]
    assert {"role=ml_engineer", "metro=42660", "statements=100-999"} <= set(slices)
    for name, found in slices.items():
        # three standard errors of a share of n, and what calibration itself does not know
        far = 3 * np.sqrt(0.16 / found["n"]) + 0.01  # type: ignore[operator]
        assert found["methods"]["estimator"]["coverage"] == pytest.approx(0.80, abs=far), name  # type: ignore[index]


def test_years_buckets_by_hand() -> None:
    pay = np.concatenate([np.full(30, 1e5), np.full(30, 2e5), np.full(5, 9e5)])
    train = rows_of(pay, years=np.repeat([1.0, 8.0, 20.0], [30, 30, 5]))
    test = rows_of(np.ones(4), years=np.array([2.9, 6.0, 15.0, np.nan]), role=["ml_engineer"] * 3 + ["other"])
    found = years_buckets(train, test)
    assert found[0].tolist() == pytest.approx([1e5] * 5)
    assert found[1].tolist() == pytest.approx([2e5] * 5)
    # five rows are no bucket: all of the role's, of which the upper tenth begins among the largest
    assert found[2, 2] == pytest.approx(2e5)
    assert found[3].tolist() == pytest.approx(found[2].tolist())


@pytest.mark.parametrize("name", ["lightgbm", pytest.param("catboost", marks=pytest.mark.slow)])
def test_references_learn_the_market_but_less_than_the_estimator(name: str) -> None:
    pytest.importorskip(name)
    rows = market(1500, seed=7).rows
    methods, missing = references()
    assert missing == [] or name not in missing
    back = kept_back(rows, seed=1)["rows"][0]
    train, test = rows.take(~back), rows.take(back)
    points = methods[name](train, test)
    own, its, buckets = (
        judge(test, found).loss.mean()
        for found in (estimator(train, test), points, years_buckets(train, test))
    )
    assert own < its < buckets
    assert np.all(np.diff(points, axis=1) >= 0)
