"""Skill premiums, held to a false-discovery rate."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from payguide.base.codes import Role
from payguide.base.reference.country import country
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.context import EditionContext
from payguide.fit.effects.skills import skills

FRAME = EditionContext(Role.ML_ENGINEER, date(2026, 11, 1), 0.9, country("US"), "People")


def found(*moments):
    return {item.id: item for item in skills(AggregateIndex("ml_engineer", (), moments, (), "pooled"), FRAME)}


def skilled(make_moments, rng, beta, *, n=240, employers=60):
    """The moments of postings that pay `beta` (k,) more for each of k skills; an employer asks for its own skills."""
    employer = np.append(np.arange(employers), rng.integers(0, employers, n - employers))
    taste = rng.normal(0, 0.8, (employers, len(beta)))[employer]
    held = rng.normal(0, 1, (n, len(beta))) + taste + rng.normal(0, 0.7, (n, 1)) > 0.7
    y = 12 + held @ beta + rng.normal(0, 0.1, employers)[employer] + rng.normal(0, 0.15, n)
    columns = ("intercept", *[f"skill=s{i:02}" for i in range(len(beta))])
    design = np.column_stack([np.ones(n), held]).astype(float)
    return make_moments("skills.posted_range.base.ml_engineer", columns, design, y, employer)


def test_skills_are_held_to_a_false_discovery_rate(make_moments):
    beta = np.array([0.15] + [0.0] * 20)
    moments = skilled(make_moments, np.random.default_rng(4), beta, n=1500)
    got = found(moments)
    assert len(got) == 21
    assert all(item.notes[0].startswith("Significant") is item.significant for item in got.values())
    stands = {key: item.significant for key, item in got.items()}
    assert stands.pop("skill.s00.premium")
    assert sum(stands.values()) <= 2
    assert found() == {}


def test_a_premium_is_right_on_average_and_its_interval_holds_it(make_moments):
    beta = np.array([0.15] + [0.0] * 20)
    drawn = [
        found(skilled(make_moments, np.random.default_rng(seed), beta, n=1500))["skill.s00.premium"]
        for seed in range(6)
    ]
    # each with a standard error of 0.014: employers ask for their own skills, and pay in their own way
    assert np.mean([np.log1p(one.value) for one in drawn]) == pytest.approx(0.15, abs=0.018)
    assert sum(one.low < np.expm1(0.15) < one.high for one in drawn) >= 4
