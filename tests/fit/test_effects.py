"""Adjusted effects of every kind, from the moments of made-up markets whose truth is known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from payguide.base.codes import TOP_TIERS, Component, EvidenceKind, Role
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import parse
from payguide.base.reference.country import country
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.context import EditionContext
from payguide.fit.effects.adjusted import Effects, averaged, effects, framed_effects
from payguide.fit.effects.places import places
from payguide.fit.effects.role_premium import premium
from payguide.fit.market.figures import Market
from payguide.fit.market.frame import TIERS
from small_market import people

FRAME = EditionContext(Role.ML_ENGINEER, date(2026, 11, 1), 0.9, country("US"), "People")
POSTED, REPORTED = "effects.posted_range.base.ml_engineer", "effects.self_report.base.ml_engineer"


def market(rng, employers=90, n=1800, tier_effect=0.25):
    """A third of the employers is big tech, a third start-ups (left out), a third enterprises (-0.15)."""
    employer = rng.integers(0, employers, n)
    tier = np.arange(employers)[employer] % 3
    metro = rng.integers(0, 3, n)  # 0 other_us (left out), 1 San Francisco +0.2, 2 Boston +0.05
    named = rng.random(n) < 0.2
    stages = rng.integers(0, 7, n)
    columns = ("intercept", "tier=big_tech", "tier=enterprise", "metro=41860", "metro=14460",
               "specialisation=vision", "stages", "stages=full")  # fmt: skip
    design = np.column_stack(
        [np.ones(n), tier == 1, tier == 2, metro == 1, metro == 2, named, stages, stages >= 5]
    ).astype(float)
    y = (
        design @ np.array([12.0, tier_effect, -0.15, 0.2, 0.05, 0.08, 0.01, 0.0])
        + rng.normal(0, 0.1, employers)[employer]
        + rng.normal(0, 0.15, n)
    )
    return columns, design, y, employer


def found(items):
    return {item.id: item for item in items}


def of_market(evidence):
    return Market(people(), evidence, FRAME, {})


def direct(evidence, name, *values, jobs=None):
    """What the regressions of each kind say together of an effect of the frame."""
    dimension = {"tier": "tier", "place": "metro"}[name.partition(".")[0]]
    return Effects(evidence, FRAME).figure(parse(name), averaged(dimension, values, jobs))


@pytest.fixture(scope="module")
def posted(make_moments):
    return make_moments(POSTED, *market(np.random.default_rng(1)))


def evidence(*moments, cells=()):
    return AggregateIndex("ml_engineer", cells, moments, (), "pooled")


def test_one_kind_gives_its_own_effect(posted):
    # big tech +0.25, enterprise -0.15, start-ups 0: the average is +0.033, big tech stands at +0.217 or +24 %
    tech = direct(evidence(posted), "tier.big_tech.effect", "big_tech")
    assert tech.low < np.expm1(0.25 - 0.0333) < tech.high
    assert tech.value == pytest.approx(np.expm1(0.25 - 0.0333), abs=0.06)
    assert tech.component is Component.BASE
    assert 500 < tech.n < 700
    assert tech.n_employers == 30
    assert direct(evidence(posted), "tier.top.effect", *TOP_TIERS).value == pytest.approx(tech.value)
    got = found(effects(evidence(posted), FRAME))
    vision = got["specialisation.vision.effect"]
    assert vision.low < np.expm1(0.08) < vision.high
    assert isinstance(direct(evidence(posted), "tier.consultancy.effect", "consultancy"), Unknown)
    assert isinstance(got["degree.required_phd.effect"], Unknown)


def test_breadth_is_read_by_the_count_and_by_five_or_more_each_alone(posted):
    got = found(effects(evidence(posted), FRAME))
    stage, full = got["lifecycle.stage.effect"], got["lifecycle.full.effect"]
    assert stage.low < np.expm1(0.01) < stage.high
    # 5.5 stages on average against 2: a difference of 3.5 x 0.01
    assert full.low < np.expm1(0.035) < full.high


def test_two_kinds_are_blended_and_both_are_kept(posted, make_moments):
    reported = make_moments(
        REPORTED, *market(np.random.default_rng(2), tier_effect=0.35), sources=("levels",)
    )
    tech = direct(evidence(posted, reported), "tier.big_tech.effect", "big_tech")
    assert {source.kind for source in tech.sources} == {EvidenceKind.POSTED_RANGE, EvidenceKind.SELF_REPORT}
    assert min(s.value for s in tech.sources) < tech.value < max(s.value for s in tech.sources)
    assert tech.n == sum(source.n for source in tech.sources)
    assert tech.n_employers == 30


def test_the_left_out_tier_is_found_through_its_cells(posted, make_cell):
    rest = posted.n - int(posted.column_n[1] + posted.column_n[2])
    cell = make_cell(np.arange(rest) % 30, np.full(rest, 2e5), level="any", population="tier=startup")
    startup = direct(evidence(posted, cells=(cell,)), "tier.startup.effect", "startup")
    assert startup.value == pytest.approx(np.expm1(-0.0333), abs=0.06)
    assert startup.low < startup.value < startup.high
    assert startup.n == rest


def test_the_markets_effect_has_the_regressions_beside_it(posted, make_cell):
    pooled = make_cell(
        np.arange(60) % 20, np.full(60, 2e5), source="pooled", level="any", population="tier=big_tech"
    )
    of = evidence(posted, cells=(pooled,))
    effect = found(framed_effects(of, FRAME, of_market(of)))["tier.big_tech.effect"]
    assert effect.value == pytest.approx(np.expm1(people().tier_effect([TIERS.index("big_tech")])[0]))
    assert (effect.n, effect.n_employers) == (60, 20)
    beside = direct(of, "tier.big_tech.effect", "big_tech")
    assert [(one.value, one.weight) for one in effect.sources] == [(pytest.approx(beside.value), 0.0)]


def test_what_no_regression_knows_is_the_markets_where_there_is_evidence(make_cell):
    pooled = make_cell(
        np.arange(60) % 20, np.full(60, 2e5), source="pooled", level="any", population="tier=big_tech"
    )
    got = found(framed_effects(of := evidence(cells=(pooled,)), FRAME, of_market(of)))
    assert isinstance(got["tier.big_tech.effect"], Estimate)
    assert got["tier.big_tech.effect"].sources == ()
    assert isinstance(got["tier.startup.effect"], Unknown)


def test_places_and_the_spread_between_them(posted, make_moments):
    remote = make_moments(f"{POSTED}.remote", *market(np.random.default_rng(3)))
    names = {"14460": "Boston", "41860": "San Francisco"}
    of = evidence(posted, remote)
    got = found(places(of, FRAME, names, None, of_market(of)))
    assert got["place.14460.effect"].label == "Base pay in Boston, against all others"
    francisco = direct(of, "place.41860.effect", "41860")
    assert francisco.low < np.expm1(0.2 - 0.25 / 3) < francisco.high
    # San Francisco against Boston, the only other place with a column: +0.15
    assert got["place.spread.remote.effect"].low < np.expm1(0.15) < got["place.spread.remote.effect"].high
    assert isinstance(got["place.spread.onsite.effect"], Unknown)
    assert isinstance(got["place.42660.effect"], Unknown)


def test_places_stand_against_the_nations_jobs_where_those_are_known(posted):
    # San Francisco has a third of the evidence, 5 % of the jobs, Boston 10 %: 0.2 - (0.05 x 0.2 + 0.1 x 0.05)
    jobs = {"41860": 0.05, "14460": 0.10, "other_us": 0.85}
    got = direct(evidence(posted), "place.41860.effect", "41860", jobs=jobs)
    assert got.low < np.expm1(0.185) < got.high


def test_the_premium_over_software_engineers_is_within_groups(make_moments):
    rng = np.random.default_rng(5)
    group = np.repeat(np.arange(100), 8)
    ml = np.tile([1.0, 1, 0, 0, 0, 0, 0, 0], 100)
    y = 12 + rng.normal(0, 0.5, 100)[group] + 0.07 * ml + rng.normal(0, 0.1, 800)
    demeaned = [v - np.repeat(v.reshape(100, 8).mean(axis=1), 8) for v in (ml, y)]
    names = ("total.grade.all", "base.years.all", "base.years.other")
    moments = [
        make_moments(f"gap.self_report.{name}", ("ml",), demeaned[0][:, None], demeaned[1], group % 40)
        for name in names
    ]
    got = found(premium(evidence(*moments), FRAME))
    known = {name for name, item in got.items() if isinstance(item, Estimate)}
    assert known == {f"swe.premium.{name}.effect" for name in ("grade", "years.base", "years_other.base")}
    assert len(got) == 12
    for name in known:
        assert got[name].low < np.expm1(0.07) < got[name].high
        assert got[name].component is (Component.BASE if ".base." in name else Component.TOTAL)
        assert (got[name].n, got[name].n_employers) == (800, 40)
    other = EditionContext(Role.DATA_SCIENTIST, FRAME.as_of, 0.9, country("US"), "People")
    assert all(isinstance(item, Unknown) for item in premium(evidence(*moments), other))


def test_every_effect_holds_its_value(posted):
    of = evidence(posted)
    for item in (*effects(of, FRAME), *framed_effects(of, FRAME, of_market(of))):
        if isinstance(item, Estimate):
            assert -1 < item.low <= item.value <= item.high
