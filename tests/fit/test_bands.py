"""Bands: aged, blended, in order, with the pooled cell's counts; and total pay over base and over
thresholds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from payguide.fit.uplift import thresholds, uplift

from payguide.base.codes import EvidenceKind, Role
from payguide.base.estimates import Estimate, Unknown
from payguide.base.reference.country import country
from payguide.fit.ageing import age
from payguide.fit.bands import bands, rearranged
from payguide.fit.combine import Blended
from payguide.fit.frame import Frame
from payguide.fit.lookup import Evidence

DAY = date(2026, 6, 12)
FRAME = Frame(Role.ML_ENGINEER, DAY, 0.9, country("US"), "Machine learning engineers in the United States")
RNG = np.random.default_rng(11)


def evidence(*cells):
    return Evidence("ml_engineer", cells, (), (), "pooled")


def figures(found):
    return {item.id: item for item in found}


def pay(employers, each, centre=200_000.0, spread=0.2):
    whose = np.repeat(np.arange(employers), each)
    return whose, centre * np.exp(RNG.normal(0, spread, len(whose)))


def test_one_source_on_the_day_is_its_own_quantiles(make_cell):
    whose, amounts = pay(20, 5)
    cell = make_cell(whose, amounts)
    found = figures(bands(evidence(cell, replace(cell, key=replace(cell.key, source="pooled"))), FRAME))
    p50 = found["band.senior.base.p50"]
    assert p50.value == pytest.approx(np.quantile(amounts, 0.5, method="hazen"), rel=0.006)
    assert (p50.n, p50.n_employers, p50.largest_share) == (100, 20, 0.05)
    assert p50.heterogeneity is None
    assert p50.sources[0].weight == 1.0
    assert p50.label == "Senior base pay, median"
    assert found["band.senior.base.mean"].value == pytest.approx(amounts.mean(), rel=0.006)


def test_pay_of_an_earlier_day_is_aged(make_cell):
    whose, amounts = pay(20, 5)
    then = date(2019, 6, 12)
    old = figures(bands(evidence(make_cell(whose, amounts, mean_date=then)), FRAME))["band.senior.base.p50"]
    new = figures(bands(evidence(make_cell(whose, amounts)), FRAME))["band.senior.base.p50"]
    # 173.865 / 135.2
    assert old.value / new.value == pytest.approx(173.865 / 135.2, rel=1e-6)
    assert old.sources[0].ageing == pytest.approx(age(then, DAY).factor)


def test_extrapolated_ageing_is_said(make_cell):
    cell = make_cell(*pay(20, 5))
    later = replace(FRAME, as_of=date(2026, 11, 1))
    notes = figures(bands(evidence(cell), later))["band.senior.base.p50"].notes
    assert any("extrapolated" in note for note in notes)
    assert not figures(bands(evidence(cell), FRAME))["band.senior.base.p50"].notes


def test_two_sources_lie_on_either_side_and_every_weight_is_kept(make_cell):
    low = make_cell(*pay(20, 5, 180_000), source="a")
    high = make_cell(*pay(30, 5, 230_000), source="b", kind=EvidenceKind.SELF_REPORT)
    p50 = figures(bands(evidence(low, high), FRAME))["band.senior.base.p50"]
    assert [source.source for source in p50.sources] == ["a", "b"]
    assert sum(source.weight for source in p50.sources) == pytest.approx(1.0)
    assert p50.sources[0].value < p50.value < p50.sources[1].value
    assert p50.heterogeneity > 0.5
    # wider than either source claims for itself
    assert p50.high - p50.low > max(source.high - source.low for source in p50.sources)


def test_a_thin_source_stays_out_of_the_blend_but_counts_as_evidence(make_cell):
    thick = make_cell(*pay(20, 5), source="a")
    thin = make_cell(*pay(4, 5, 400_000), source="b")
    pooled = make_cell(*pay(24, 5), source="pooled")
    p50 = figures(bands(evidence(thick, thin, pooled), FRAME))["band.senior.base.p50"]
    assert [source.source for source in p50.sources] == ["a"]
    assert p50.n == 120


@pytest.mark.parametrize(("employers", "each"), [(4, 10), (9, 1)])
def test_only_thin_sources_leave_it_unknown(make_cell, employers, each):
    found = figures(bands(evidence(make_cell(*pay(employers, each))), FRAME))
    assert isinstance(found["band.senior.base.p50"], Unknown)
    assert isinstance(found["band.staff.total.top.p10"], Unknown)


def test_other_roles_do_not_enter(make_cell):
    cell = make_cell(*pay(20, 5), role="data_scientist")
    assert all(isinstance(item, Unknown) for item in bands(evidence(cell), FRAME))


CURVES = st.lists(
    st.tuples(st.floats(1e5, 5e5), st.floats(0, 1e5), st.floats(0, 1e5)), min_size=2, max_size=5
)


@given(CURVES)
def test_rearranged_quantiles_rise_and_intervals_hold_them(curve):
    rows = {
        str(i): Blended(value, value - down, value + up, None, (), "")
        for i, (value, down, up) in enumerate(curve)
    }
    found = list(rearranged(rows).values())
    for name in ("value", "low", "high"):
        ends = [getattr(row, name) for row in found]
        assert ends == sorted(ends)
    assert all(row.low <= row.value <= row.high for row in found)
    # nothing is made up: the same values, in order
    assert sorted(row.value for row in found) == sorted(row.value for row in rows.values())


def test_a_noisy_tail_does_not_widen_the_quantile_below_it():
    rows = {
        "p75": Blended(300.0, 250.0, 380.0, None, (), ""),
        "p90": Blended(350.0, 200.0, 600.0, None, (), ""),
    }
    p75, p90 = rearranged(rows).values()
    assert (p75.low, p75.high) == (250.0, 380.0)
    assert (p90.low, p90.high) == (250.0, 600.0)


def test_the_uplift_is_the_ratio_less_one_and_is_not_aged(make_cell):
    whose = np.repeat(np.arange(20), 5)
    ratios = np.tile([1.1, 1.2, 1.3, 1.4, 1.5], 20)
    cell = make_cell(
        whose,
        ratios,
        component="total_over_base",
        kind=EvidenceKind.SELF_REPORT,
        mean_date=date(2019, 1, 1),
    )
    found = figures(uplift(evidence(cell), FRAME))
    assert found["uplift.senior.all.p50"].value == pytest.approx(0.30, abs=0.004)
    assert found["uplift.senior.all.p25"].value == pytest.approx(0.20, abs=0.004)
    assert isinstance(found["uplift.senior.top.p50"], Unknown)


def test_the_share_above_a_threshold_is_read_after_ageing(make_cell):
    whose = np.repeat(np.arange(20), 5)
    totals = np.tile([250e3, 300e3, 340e3, 390e3, 600e3], 20)
    cell = make_cell(
        whose,
        totals,
        component="total",
        population="top=yes",
        kind=EvidenceKind.SELF_REPORT,
        mean_date=date(2021, 6, 12),
    )
    found = figures(thresholds(evidence(cell), FRAME))
    # aged by 173.865/141.7 = 1.227 the five are 307K, 368K, 417K, 479K, 736K
    shares = {name: found[f"share.senior.total.top.over_{name}"] for name in ("300k", "350k", "400k", "500k")}
    assert [round(shares[name].value, 2) for name in ("350k", "400k", "500k")] == [0.80, 0.60, 0.20]
    assert shares["300k"].value > 0.95
    assert all(0 < item.low < item.high < 1 for item in shares.values())
    assert all(isinstance(item, Estimate) for item in shares.values())
