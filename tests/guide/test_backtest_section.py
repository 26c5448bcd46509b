"""A model's back-test as the page and the command line tell it."""

from __future__ import annotations

import json

import pytest
from artificial import BACKTEST

from payguide.guide.sections import backtest as section


def test_a_model_without_a_back_test_tells_none() -> None:
    assert section.tested(None, {}) is None
    assert section.tested({"components": {}}, {}) is None


def test_order_is_the_lists_however_a_file_sorts_its_keys() -> None:
    found = section.tested(json.loads(json.dumps({"backtest": BACKTEST}, sort_keys=True)), {})
    assert found is not None
    assert [(line.kept_back, line.n) for line in found.lines] == [
        ("Every statement, a quarter at a time", 1000),
        ("The latest statements of each source", 300),
    ]
    assert [score.name for score in found.lines[0].scores] == ["The estimator", "Years-buckets", "CatBoost"]
    assert [score.best for score in found.lines[0].scores] == [True, False, False]
    assert found.lines[0].scores[0].key == "rows.base.estimator"


def test_gain_is_over_the_best_of_the_others() -> None:
    found = section.tested({"backtest": BACKTEST}, {})
    assert found is not None
    # 1 - 0.027 / min(0.09, 0.03)
    assert found.gain == (("base", pytest.approx(0.1)),)


def test_slices_of_few_statements_are_not_shown() -> None:
    found = section.tested({"backtest": BACKTEST}, {})
    assert found is not None
    assert [(line.slice, line.n) for line in found.slices] == [("ML engineer", 600)]
    assert [line.other and line.other.name for line in found.slices] == ["CatBoost"]
    _, columns, rows = section.table(found)
    assert {len(row) for row in rows} == {len(columns)}
    assert len(rows) == 3 + 3 + 3


@pytest.mark.parametrize(
    ("part", "name"),
    [("role=ml_engineer", "ML engineer"), ("level=senior", "Senior"), ("tier=big_tech", "Big tech"),
     ("metro=41860", "San Francisco"), ("employer=acme-labs", "Acme labs"),
     ("kind=self_report", "Pay people report"), ("statements=10-99", "Employers with 10-99 statements in the fit"),
     ("statements=1000", "Employers with 1,000 or more statements in the fit"), ("", "")],
)  # fmt: skip
def test_slices_by_name(part: str, name: str) -> None:
    assert section.slice_name(part, {}) == name


@pytest.mark.parametrize(("titles", "name"), [({}, "So 2025"), ({"so_2025": "Survey"}, "Survey")])
def test_a_source_by_its_title(titles: dict[str, str], name: str) -> None:
    assert section.slice_name("source=so_2025", titles) == name
