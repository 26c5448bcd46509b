"""What of a model may be published."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from model_market import market, rows_of
from payguide.fit.model import fit_model
from payguide.gate.model import OWN_EVIDENCE, PUBLISHED, Rules, pass_model
from payguide.guide.estimator import Estimator, predict

AS_OF = date(2021, 6, 30)


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    return fit_model({"base": market(1500, seed=2).rows}, as_of=AS_OF, seed=1)


def table(model: dict[str, Any], *by: str, over: str | None = None) -> dict[str, Any]:
    tables = model["components"]["base"]["mean"]["terms"]
    return next(t for t in tables if t["by"] == list(by) and t["over"] == over)


def counts(model: dict[str, Any], *by: str) -> dict[int, int]:
    entry = next(t for t in model["components"]["base"]["counts"] if t["by"] == list(by))
    return dict(zip(entry["keys"], entry["n"], strict=True))


def test_effects_of_one_employer_need_three_statements(model: dict[str, Any]) -> None:
    before, after = counts(model, "employer", "grade"), counts(pass_model(model), "employer", "grade")
    assert min(before.values()) < 3 <= min(after.values())
    assert after == {key: n for key, n in before.items() if n >= 3}
    # grades of letter and number say no more than their steps: the model holds the one table
    before = table(model, "employer", "step")
    few = {key for key, n in zip(before["keys"], before["n"], strict=True) if n < 3}
    assert few
    assert not few & set(table(pass_model(model), "employer", "step")["keys"])


def test_evidence_counts_of_effects_are_stripped(model: dict[str, Any]) -> None:
    part = pass_model(model)["components"]["base"]
    for entry in [*part["mean"]["terms"], *part["scale"]["terms"]]:
        assert set(entry) == {"by", "over", "driver", "keys", "values"}


def test_employers_without_effects_are_not_named(model: dict[str, Any]) -> None:
    strict = pass_model(model, Rules(shared_n=10, shared_employers=5, employer_n=50, private=False))
    named = [name for name in strict["components"]["base"]["vocabulary"]["employer"] if name]
    large = [n for n in counts(model, "employer").values() if n >= 50]
    assert len(named) == len(large) > 0


def test_an_employer_left_out_is_a_new_employer(model: dict[str, Any]) -> None:
    strict = Estimator(pass_model(model, Rules(10, 5, 10_000, private=False)))
    profile = {"role": "ml_engineer", "years": 5, "grade": "L2", "metro": "42660", "region": "WA"}
    left_out = predict(strict, {**profile, "employer": "employer-0"})
    assert left_out == predict(strict, {**profile, "employer": "nobody-knows"})
    known = predict(pass_model(model, OWN_EVIDENCE), {**profile, "employer": "employer-0"})
    assert left_out["p90"] / left_out["p10"] > 1.3 * known["p90"] / known["p10"]


def test_own_evidence_loses_next_to_nothing(model: dict[str, Any]) -> None:
    profiles = [
        {"role": "ml_engineer", "years": y, "grade": "L3", "employer": f"employer-{y}", "metro": "35620"}
        for y in range(20)
    ]
    raw = Estimator(model).many(profiles).points
    own = Estimator(pass_model(model, OWN_EVIDENCE)).many(profiles).points
    # several effects under 0.001 each, and under 0.005 of the spread
    assert np.abs(np.log(own / raw)).max() < 0.01


def private_model(kind: str) -> dict[str, Any]:
    """Twelve employers' pay, one of them known by evidence of this kind."""
    rng = np.random.default_rng(0)
    employer = np.repeat([f"e{k}" for k in range(12)], 30)
    kinds = np.where(employer == "e3", kind, "self_report")
    pay = np.exp(11.5 + rng.normal(0, 0.1, 360) + np.where(employer == "e3", 0.5, 0.0))
    return fit_model({"base": rows_of(pay, employer=employer, kind=kinds, source=kinds)}, as_of=AS_OF, seed=1)


def test_payroll_of_one_employer_never_leaves() -> None:
    public, private = pass_model(private_model("filing")), pass_model(private_model("payroll"))
    assert "e3" in public["components"]["base"]["vocabulary"]["employer"]
    assert "e3" not in private["components"]["base"]["vocabulary"]["employer"]
    assert '"e3"' not in json.dumps(private["components"])


def test_thin_shared_effect_goes_with_its_employer() -> None:
    """Grade "x" is one employer's: no shared effect leaves, and the employer's own pay is still foretold."""
    rng = np.random.default_rng(0)
    employer = np.repeat([f"e{k}" for k in range(12)], 40)
    grade = np.where((employer == "e0") & (np.arange(480) % 2 == 0), "x", "y")
    pay = np.exp(11.5 + rng.normal(0, 0.05, 480) + np.where(grade == "x", 0.6, 0.0))
    model = fit_model(
        {"base": rows_of(pay, years=np.full(480, 5.0), employer=employer, grade=grade)}, as_of=AS_OF, seed=1
    )
    passed = pass_model(model)
    profile = {"role": "ml_engineer", "years": 5, "employer": "e0", "grade": "x"}
    assert predict(passed, profile)["p50"] == pytest.approx(predict(model, profile)["p50"], rel=0.03)
    shared = [t for t in passed["components"]["base"]["mean"]["terms"] if t["by"] == ["grade"]]
    x = passed["components"]["base"]["vocabulary"]["grade"].index("x")
    assert all(x not in t["keys"] for t in shared)


def test_a_component_of_too_few_employers_stays_behind() -> None:
    rows = rows_of(np.linspace(1e5, 2e5, 60), employer=["a", "b"] * 30)
    model = fit_model({"base": rows}, as_of=AS_OF, seed=1)
    assert pass_model(model)["components"] == {}
    assert list(pass_model(model, OWN_EVIDENCE)["components"]) == ["base"]


def test_passing_changes_nothing_given_and_passes_once(model: dict[str, Any]) -> None:
    before = json.dumps(model)
    passed = pass_model(model)
    assert json.dumps(model) == before
    assert pass_model(passed, OWN_EVIDENCE) == passed
    assert passed["gate"] == {"shared_n": 10, "shared_employers": 5, "employer_n": 3, "private": False}
    assert PUBLISHED.employer_n == 3


def test_a_back_test_names_only_who_has_effects_left() -> None:
    slices = {"employer=e3": {"n": 900}, "employer=e4": {"n": 900}, "level=senior": {"n": 900}}
    tested = {"protocols": {"rows": {"base": {"n": 900, "slices": slices}, "bonus": {"n": 5, "slices": {}}}}}
    passed = pass_model(private_model("payroll") | {"backtest": tested})["backtest"]["protocols"]["rows"]
    assert {name: list(found["slices"]) for name, found in passed.items()} == {
        "base": ["employer=e4", "level=senior"]
    }
