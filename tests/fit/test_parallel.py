"""Parts done side by side: the same as one after the other, and what goes wrong in one is told."""

from __future__ import annotations

import os
from datetime import date
from functools import partial

import joblib
import pytest

from model_market import market
from payguide.fit import parallel
from payguide.fit.model.fit import fit_component
from payguide.fit.parallel import WORTH_IT, parallel_map


def whose(shift: int, task: int) -> tuple[int, int]:
    """The task moved, and the process that did it."""
    return task + shift, os.getpid()


def fails_at_two(task: int) -> int:
    if task == 2:
        raise ValueError("no two")
    return task


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joblib, "cpu_count", lambda: 2)


@pytest.mark.parametrize(("rows", "here"), [(WORTH_IT - 1, True), (WORTH_IT, False)])
def test_in_order_and_in_other_processes_where_rows_are_many(rows: int, here: bool) -> None:
    found = parallel_map(partial(whose, 10), [3, 1, 2], rows)
    assert [moved for moved, _ in found] == [13, 11, 12]
    assert (os.getpid() in {process for _, process in found}) == here


@pytest.mark.parametrize("rows", [0, WORTH_IT])
def test_what_goes_wrong_is_raised(rows: int) -> None:
    with pytest.raises(ValueError, match="no two"):
        parallel_map(fails_at_two, [1, 2, 3], rows)


def test_a_model_does_not_depend_on_how_it_was_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = market(1_500, seed=4).rows
    alone = fit_component(rows, as_of=date(2026, 11, 1), seed=5)
    monkeypatch.setattr(parallel, "WORTH_IT", 0)
    assert fit_component(rows, as_of=date(2026, 11, 1), seed=5) == alone
