"""Shares of postings: pooled, clustered, with every source's own share beside."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from payguide.base.codes import Role
from payguide.base.estimates import Unknown
from payguide.base.reference.country import country
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.shares import shares
from payguide.fit.context import EditionContext

FRAME = EditionContext(Role.ML_ENGINEER, date(2026, 11, 1), 0.9, country("US"), "People")
WHOSE = np.arange(200) % 40


def figures(*tallies):
    return {item.id: item for item in shares(AggregateIndex("ml_engineer", (), (), tallies, "pooled"), FRAME)}


def test_a_share_is_count_over_total_with_a_clustered_interval(make_tally):
    has = np.arange(200) < 60
    found = figures(make_tally("skill=pytorch", has, WHOSE))["skill.pytorch.demand"]
    assert found.value == pytest.approx(0.30)
    assert found.low < 0.30 < found.high
    assert (found.n, found.n_employers) == (200, 40)
    assert found.label == "Share of postings that ask for pytorch"


def test_one_employer_asking_makes_it_uncertain(make_tally):
    spread_out = figures(make_tally("skill=a", np.arange(200) % 5 == 0, np.arange(200) // 5))
    by_employer = figures(make_tally("skill=a", WHOSE < 8, WHOSE))
    first, second = spread_out["skill.a.demand"], by_employer["skill.a.demand"]
    assert first.value == second.value == pytest.approx(0.2)
    assert second.high - second.low > 1.5 * (first.high - first.low)


def test_every_source_keeps_its_own_share(make_tally):
    a = make_tally("skill=a", np.arange(100) < 20, np.arange(100) % 20, source="a")
    b = make_tally("skill=a", np.arange(300) < 180, np.arange(300) % 60, source="b")
    pooled = make_tally("skill=a", np.arange(400) < 200, np.arange(400) % 80)
    found = figures(a, b, pooled)["skill.a.demand"]
    assert found.value == pytest.approx(0.5)
    assert [(s.source, round(s.value, 2), s.weight) for s in found.sources] == [
        ("a", 0.20, 0.25),
        ("b", 0.60, 0.75),
    ]
    assert found.heterogeneity > 0.5


def test_advanced_degrees_are_masters_and_doctors_together(make_tally):
    master = make_tally("degree=preferred:master", np.arange(200) < 50, WHOSE)
    doctor = make_tally("degree=preferred:phd", (np.arange(200) >= 50) & (np.arange(200) < 80), WHOSE)
    found = figures(master, doctor)["degree.preferred.advanced.share"]
    assert found.value == pytest.approx(0.40)
    counted = make_tally("degree=preferred:advanced", np.arange(200) < 82, WHOSE)
    assert figures(master, doctor, counted)["degree.preferred.advanced.share"].value == pytest.approx(0.41)


def test_duties_are_by_level_and_single_bands_are_employers(make_tally):
    duty = make_tally("duty=mentor", np.arange(200) < 90, WHOSE, level="senior")
    single = make_tally("employer.single_band", np.arange(30) < 21, np.arange(30))
    found = figures(duty, single)
    assert found["duty.senior.mentor.share"].value == pytest.approx(0.45)
    assert found["remote.single_band.share"].value == pytest.approx(0.70)
    assert "employers" in found["remote.single_band.share"].population
    assert isinstance(found["duty.staff.mentor.share"], Unknown)


def test_a_share_of_none_or_all_still_has_an_interval(make_tally):
    none = figures(make_tally("skill=a", np.zeros(200, dtype=bool), WHOSE))["skill.a.demand"]
    every = figures(make_tally("skill=a", np.ones(200, dtype=bool), WHOSE))["skill.a.demand"]
    assert none.value == none.low == 0.0
    assert 0 < none.high < 0.2
    assert every.value == every.high == 1.0
    assert 0.8 < every.low < 1
