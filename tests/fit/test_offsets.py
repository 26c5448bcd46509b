"""Kinds of evidence side by side at the same level."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from payguide.base.codes import EvidenceKind, Role
from payguide.base.estimates import Unknown
from payguide.base.reference.country import country
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.context import EditionContext
from payguide.fit.effects.source_differences import kinds

FRAME = EditionContext(Role.ML_ENGINEER, date(2026, 6, 12), 0.9, country("US"), "People")
POSTED, REPORTED = EvidenceKind.POSTED_RANGE, EvidenceKind.SELF_REPORT
WHOSE = np.repeat(np.arange(25), 4)


def figures(*cells):
    return {item.id: item for item in kinds(AggregateIndex("ml_engineer", cells, (), (), "pooled"), FRAME)}


@pytest.fixture(scope="module")
def cells(make_cell):
    """Postings lie 10 % below reports at mid and at senior level; two boards, one survey."""
    made = []
    for number, level in enumerate(("mid", "senior")):
        for source, kind, factor in (("a", POSTED, 0.9), ("b", POSTED, 0.9), ("survey", REPORTED, 1.0)):
            seed = 10 * number + ord(source[0])
            pay = 2e5 * 1.2**number * factor * np.exp(np.random.default_rng(seed).normal(0, 0.1, len(WHOSE)))
            made.append(make_cell(WHOSE, pay, source=source, kind=kind, level=level, seed=seed))
    return made


def test_each_kind_has_the_blend_of_its_own_sources(cells):
    found = figures(*cells)
    posted = found["kind.posted_range.mid.base.p50"]
    assert [source.source for source in posted.sources] == ["a", "b"]
    assert {source.kind for source in posted.sources} == {POSTED}
    assert posted.label == "Mid-level base pay, posted ranges alone, median"
    assert posted.population == "People; posted ranges"
    assert posted.low < 0.9 * 2e5 < posted.high
    assert [source.source for source in found["kind.self_report.senior.base.p50"].sources] == ["survey"]


@pytest.mark.parametrize("level", ["mid", "senior", "same"])
def test_the_offset_is_the_ratio_of_the_kinds(cells, level):
    found = figures(*cells)
    offset = found[f"offset.posted_range.{level}.base.effect"]
    assert offset.low < offset.value < offset.high < 0
    # drawn 10 % apart; medians of 100 values of a spread of 0.1 are known within 0.013, three of those 0.05
    assert offset.value == pytest.approx(-0.10, abs=0.05)
    if level != "same":
        own, other = (found[f"kind.{kind}.{level}.base.p50"] for kind in ("posted_range", "self_report"))
        assert offset.value == pytest.approx(own.value / other.value - 1)
    assert sum(source.weight for source in offset.sources) == pytest.approx(1.0)
    assert [source.source for source in offset.sources] == ["a", "b"]
    assert (offset.n, offset.n_employers) == ((600, 25) if level == "same" else (300, 25))


def test_several_levels_of_the_same_employers_are_hardly_surer_than_one(cells):
    found = figures(*cells)
    one, both = (found[f"offset.posted_range.{level}.base.effect"] for level in ("mid", "same"))
    assert both.high - both.low > 0.8 * (one.high - one.low)


def test_a_kind_alone_has_no_offset(make_cell):
    found = figures(make_cell(WHOSE, np.full(len(WHOSE), 2e5)))
    assert set(found) == {"kind.posted_range.senior.base.p50"}


def test_kinds_that_share_no_level_cannot_be_compared(make_cell):
    pay = np.full(len(WHOSE), 2e5)
    posted = make_cell(WHOSE, pay, level="senior")
    reported = make_cell(WHOSE, pay, level="mid", source="survey", kind=REPORTED)
    found = figures(posted, reported)
    assert isinstance(found["offset.posted_range.same.base.effect"], Unknown)
    assert "offset.posted_range.senior.base.effect" not in found


def test_the_interval_of_an_offset_holds_what_these_sources_differ_by(make_cell):
    """Nominal 0.9, 300 draws: a standard error of 0.017. Twenty-five employers, two boards, one survey."""
    rng = np.random.default_rng(5)
    held = 0
    for draw in range(300):
        off = rng.normal(0, 0.1, 3)
        made = [
            make_cell(
                WHOSE,
                2e5 * np.exp(by + rng.normal(0, 0.12, 25)[WHOSE] + rng.normal(0, 0.12, len(WHOSE))),
                source=source, kind=kind, seed=3 * draw + number,
            )
            for number, (source, kind, by) in enumerate(zip("abs", (POSTED, POSTED, REPORTED), off, strict=True))
        ]  # fmt: skip
        found = figures(*made)["offset.posted_range.senior.base.effect"]
        weights = [source.weight for source in found.sources]
        held += found.low <= np.expm1(np.dot(weights, off[:2]) - off[2]) <= found.high
    assert held / 300 == pytest.approx(0.9, abs=0.05)
