"""What the published model is fitted on, and that it answers as it was fitted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model_market import market, rows_of
from payguide.base.aggregates import PayRows
from payguide.estimator import Estimator, predict
from payguide.estimator.statements import points_for
from payguide.fit.model.fit import fit_model
from payguide.gate.model import pass_model, public_rows

AS_OF = date(2021, 6, 30)
#: A group of so many statements is asked for; and how far the published median may lie from the fitted one.
ENOUGH, NEAR = 10, 0.02


def few_of_a_kind() -> PayRows:
    """The market's rows, and what a rule of five employers took out: a tier of three employers that pays twice as much,
    a grade that one employer has, a metro where two employers are, an employer whose statements name no place.
    """
    rows = market(1500, seed=2).rows
    rng = np.random.default_rng(4)
    n, k = len(rows), 30
    lab = np.array([f"lab-{j % 3}" for j in range(k)])
    added = rows_of(
        np.exp(12.9 + rng.normal(0, 0.1, k)),
        years=rng.integers(0, 15, k).astype(float),
        day=rows.day[:k],
        employer=lab,
        tier=np.full(k, "frontier_lab"),
        grade=np.where(lab == "lab-0", "Member of Technical Staff", ""),
        metro=np.where(lab == "lab-1", "", "22220"),
        region=np.where(lab == "lab-1", "", "AR"),
    )
    columns = {name: np.concatenate([rows.columns[name], added.columns[name]]) for name in PayRows.TEXT}
    columns["tier"][:n] = "startup"
    numbers = {
        name: np.concatenate([getattr(rows, name), getattr(added, name)])
        for name in ("low", "high", "years", "tenure", "day")
    }
    return PayRows(rows.component, rows.currency, columns=columns, **numbers)


def asked_of(rows: PayRows) -> Iterator[dict[str, Any]]:
    """A profile of every employer, metro, employer's grade, role and level that `ENOUGH` statements name, with and
    without years.
    """
    tier = dict(zip(rows.columns["employer"].tolist(), rows.columns["tier"].tolist(), strict=True))
    for names in (
        ("employer",),
        ("metro",),
        ("region",),
        ("employer", "grade"),
        ("role",),
        ("level",),
        ("tier",),
    ):
        pairs = list(zip(*(rows.columns[name].tolist() for name in names), strict=True))
        for pair in dict.fromkeys(pairs):
            known = dict(zip(names, pair, strict=True))
            if all(known.values()) and pairs.count(pair) >= ENOUGH:
                named = {"tier": tier[known["employer"]]} if "employer" in known else {}
                for years in ({}, {"years": 7}):
                    yield {"role": "ml_engineer", **named, **known, **years, "component": str(rows.component)}


def distances(model: Mapping[str, Any], rows: PayRows) -> dict[str, float]:
    """How far the published median of each profile asked lies from the fitted one, as a fraction."""
    asked = list(asked_of(rows))
    fitted, published = (Estimator(one).many(asked).points[:, 2] for one in (model, pass_model(model)))
    return {
        json.dumps(profile): abs(found) for profile, found in zip(asked, published / fitted - 1, strict=True)
    }


@pytest.fixture(scope="module")
def rows() -> PayRows:
    return few_of_a_kind()


@pytest.fixture(scope="module")
def model(rows: PayRows) -> dict[str, Any]:
    return fit_model({"base": rows}, as_of=AS_OF, seed=1)


def test_whoever_has_ten_statements_gets_the_fitted_answer(model: dict[str, Any], rows: PayRows) -> None:
    found = distances(model, rows)
    assert len(found) > 100
    assert {profile: distance for profile, distance in found.items() if distance > NEAR} == {}


def test_a_tier_of_three_employers_is_published(model: dict[str, Any]) -> None:
    passed = pass_model(model)
    ordinary = predict(passed, {"role": "ml_engineer", "years": 7, "tier": "startup"})["p50"]
    # paid 1.7 times as much; thirty statements that leave much open do not carry all of it
    for employer in ("lab-0", "lab-1", "lab-2", "lab-3, which nobody has heard of"):
        profile = {"role": "ml_engineer", "years": 7, "employer": employer, "tier": "frontier_lab"}
        assert predict(passed, profile)["p50"] > 1.25 * ordinary, employer


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("component", ["base", "total"])
def test_on_the_library_whoever_has_ten_statements_gets_the_fitted_answer(
    library: Path, tmp_path: Path, component: str
) -> None:
    from payguide.evidence.snapshot import Snapshot
    from payguide.evidence.store import Store
    from payguide.pipeline import collection

    collection.collect(
        [f"library:{library}"], tmp_path, map_name=None, retrieved=None, tick=lambda stage, done, total: None
    )
    with Snapshot.of(Store.open(tmp_path)) as taken:
        rows = public_rows(taken.training_rows())[component]
    found = distances(fit_model({component: rows}, as_of=date(2026, 11, 1), seed=20261101), rows)
    assert len(found) > 1000
    assert {profile: distance for profile, distance in found.items() if distance > NEAR} == {}


def test_nothing_but_effects_and_the_groups_counts_leaves(model: dict[str, Any]) -> None:
    part = pass_model(model)["components"]["base"]
    for entry in [*part["mean"]["terms"], *part["scale"]["terms"]]:
        assert set(entry) == {"by", "over", "driver", "keys", "values"}
    assert all(set(entry) == {"by", "keys", "n"} for entry in part["counts"])


def of_kind(kind: str) -> PayRows:
    """Twelve employers' pay, one of them known by evidence of this kind."""
    rng = np.random.default_rng(0)
    employer = np.repeat([f"e{k}" for k in range(12)], 30)
    kinds = np.where(employer == "e3", kind, "self_report")
    pay = np.exp(11.5 + rng.normal(0, 0.1, 360) + np.where(employer == "e3", 0.5, 0.0))
    return rows_of(pay, employer=employer, kind=kinds, source=kinds)


@pytest.mark.parametrize(("kind", "left"), [("filing", 360), ("payroll", 330)])
def test_payrolls_are_left_out_before_the_fit(kind: str, left: int) -> None:
    public = public_rows({"base": of_kind(kind)})
    assert len(public["base"]) == left
    model = pass_model(fit_model(public, as_of=AS_OF, seed=1))
    assert ('"e3"' in json.dumps(model["components"])) == (kind == "filing")


def test_what_was_fitted_on_payrolls_is_its_owners_alone() -> None:
    model = fit_model({"base": of_kind("payroll")}, as_of=AS_OF, seed=1)
    with pytest.raises(ValueError, match="fitted on public rows"):
        pass_model(model)
    assert "e3" in pass_model(model, own=True)["components"]["base"]["vocabulary"]["employer"]


def test_a_component_of_too_few_employers_stays_behind() -> None:
    rows = rows_of(np.linspace(1e5, 2e5, 60), employer=["a", "b"] * 30)
    model = fit_model({"base": rows}, as_of=AS_OF, seed=1)
    assert pass_model(model)["components"] == {}
    assert list(pass_model(model, own=True)["components"]) == ["base"]


def test_passing_changes_nothing_given_and_passes_once(model: dict[str, Any]) -> None:
    before = json.dumps(model)
    passed = pass_model(model)
    assert json.dumps(model) == before
    assert pass_model(passed, own=True) == passed
    assert passed["gate"] == {"own": False}


def test_the_back_test_judges_the_model_that_is_published(model: dict[str, Any], rows: PayRows) -> None:
    tested = pass_model(model)["components"]["base"]["backtest"]["rows"]
    points = points_for(pass_model(model), rows)
    inside = float(np.mean((rows.low >= points[:, 0]) & (rows.low <= points[:, -1])))
    # its own rows, which it was fitted to, it holds somewhat more often than those held out
    assert tested["n"] == len(rows)
    assert tested["coverage"] - 0.01 < inside < tested["coverage"] + 0.08


def test_a_back_test_names_only_whom_the_model_knows() -> None:
    slices = {"employer=e3": {"n": 900}, "employer=e4": {"n": 900}, "level=senior": {"n": 900}}
    tested = {"protocols": {"rows": {"base": {"n": 900, "slices": slices}, "bonus": {"n": 5, "slices": {}}}}}
    model = fit_model(public_rows({"base": of_kind("payroll")}), as_of=AS_OF, seed=1)
    passed = pass_model(model | {"backtest": tested})["backtest"]["protocols"]["rows"]
    assert {name: list(found["slices"]) for name, found in passed.items()} == {
        "base": ["employer=e4", "level=senior"]
    }
