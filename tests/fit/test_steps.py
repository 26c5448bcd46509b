"""Steps between levels, read within each source."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from payguide.base.codes import EvidenceKind, Role
from payguide.base.estimates import Estimate, Unknown
from payguide.base.reference.country import country
from payguide.fit.ageing import age
from payguide.fit.frame import Frame
from payguide.fit.lookup import Evidence
from payguide.fit.steps import steps

DAY = date(2026, 6, 12)
FRAME = Frame(Role.ML_ENGINEER, DAY, 0.9, country("US"), "People")
WHOSE = np.repeat(np.arange(20), 5)


def figures(*cells):
    return {item.id: item for item in steps(Evidence("ml_engineer", cells, (), (), "pooled"), FRAME)}


def pay(seed, centre=200_000.0, between=0.1, within=0.1):
    """The same employers pay the same above or below the others at every level."""
    shared = np.random.default_rng(0).normal(0, between, 20)[WHOSE]
    return centre * np.exp(shared + np.random.default_rng(seed).normal(0, within, len(WHOSE)))


def test_every_step_of_the_ladder_is_named_for_both_components():
    assert set(figures()) == {
        f"step.{level}.{component}.effect"
        for level in ("mid", "senior", "staff") for component in ("base", "total")
    }  # fmt: skip
    assert all(isinstance(item, Unknown) and item.why.endswith("both levels.") for item in figures().values())


def test_a_step_is_the_ratio_of_the_medians_less_one(make_cell):
    lower, upper = pay(1), pay(2, 250_000)
    found = figures(make_cell(WHOSE, lower, level="mid"), make_cell(WHOSE, upper, level="senior"))
    step = found["step.senior.base.effect"]
    assert step.value == pytest.approx(np.median(upper) / np.median(lower) - 1, abs=0.01)
    assert step.low > 0
    assert step.label == "Senior over mid-level base pay, median"
    assert (step.n, step.n_employers, step.largest_share) == (200, 20, 0.05)


def test_what_the_levels_have_in_common_cancels(make_cell):
    """The employers' own pay moves both medians alike; without the same employers the step is less certain."""
    lower, upper = (
        make_cell(WHOSE, pay(n, 2e5 * n, 0.3, 0.02), level=at) for n, at in ((1, "mid"), (2, "senior"))
    )
    other = make_cell(WHOSE, pay(2, 4e5, 0.3, 0.02), level="senior", seed=9)
    same, apart = (figures(lower, cell)["step.senior.base.effect"] for cell in (upper, other))
    assert apart.high - apart.low > 1.5 * (same.high - same.low)


def test_a_sources_own_offset_cancels(make_cell):
    low, high = pay(1), pay(2, 230_000)
    plain, off = (
        figures(make_cell(WHOSE, low * by, level="mid"), make_cell(WHOSE, high * by, level="senior"))
        for by in (1.0, 1.5)
    )
    assert off["step.senior.base.effect"].value == pytest.approx(
        plain["step.senior.base.effect"].value, abs=0.006
    )


def test_levels_of_different_days_are_aged_first(make_cell):
    then = date(2019, 6, 12)
    lower = make_cell(WHOSE, pay(1), level="mid")
    upper = make_cell(WHOSE, pay(1), level="senior", mean_date=then)
    step = figures(lower, upper)["step.senior.base.effect"]
    assert step.value == pytest.approx(age(then, DAY).factor - 1, abs=1e-6)


def test_sources_that_know_one_level_only_say_nothing(make_cell):
    mid = make_cell(WHOSE, pay(1), level="mid", source="a")
    senior = make_cell(WHOSE, pay(2), level="senior", source="b", kind=EvidenceKind.SELF_REPORT)
    assert isinstance(figures(mid, senior)["step.senior.base.effect"], Unknown)


def test_levels_that_pay_the_same_cannot_be_ordered(make_cell):
    step = figures(make_cell(WHOSE, pay(1), level="mid"), make_cell(WHOSE, pay(2), level="senior"))[
        "step.senior.base.effect"
    ]
    assert isinstance(step, Estimate)
    assert step.low < 0 < step.high


def test_thin_levels_make_no_step(make_cell):
    mid, senior = (make_cell(WHOSE, pay(n), level=at) for n, at in ((1, "mid"), (2, "senior")))
    assert isinstance(figures(mid, replace(senior, n=9))["step.senior.base.effect"], Unknown)
