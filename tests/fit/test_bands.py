"""Direct estimates, which stand beside the market's bands: a source's own quantiles, aged; with the pooled counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from payguide.base.aggregates import POOLED
from payguide.base.codes import EvidenceKind, Role
from payguide.base.estimates import Estimate, Unknown
from payguide.base.reference.country import country
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.bands.ageing import age
from payguide.fit.bands.direct import ageing_notes
from payguide.fit.bands.reported import reported
from payguide.fit.context import EditionContext
from payguide.fit.market.figures import Market, market_figures
from payguide.fit.market.people import People
from small_market import DAY, SHORTEST, fitted, market, people, statements

FRAME = EditionContext(
    Role.ML_ENGINEER, DAY, 0.9, country("US"), "Machine learning engineers in the United States"
)
RNG = np.random.default_rng(11)


def figures(*cells, whose=None):
    """Of cells of sources; the last one of a key is also its pooled cell, unless one is given."""
    pooled = [replace(cell, key=replace(cell.key, source="pooled")) for cell in cells]
    evidence = AggregateIndex("ml_engineer", (*pooled, *cells), (), (), "pooled")
    return {item.id: item for item in market_figures(Market(whose or people(), evidence, FRAME, {}))}


def pay(employers, each, centre=200_000.0, spread=0.2):
    whose = np.repeat(np.arange(employers), each)
    return whose, centre * np.exp(RNG.normal(0, spread, len(whose)))


def test_a_source_on_the_day_is_its_own_quantiles(make_cell):
    whose, amounts = pay(20, 5)
    cell = make_cell(whose, amounts)
    found = figures(cell)
    p50, mean = found["band.senior.base.p50"], found["band.senior.base.mean"]
    assert p50.sources[0].value == pytest.approx(np.quantile(amounts, 0.5, method="hazen"), rel=0.006)
    assert mean.sources[0].value == pytest.approx(amounts.mean(), rel=0.006)
    assert (p50.n, p50.n_employers, p50.largest_share) == (100, 20, 0.05)
    assert p50.label == "Senior base pay, median"


def test_the_band_is_the_markets_whatever_one_source_says(make_cell):
    low, high = (make_cell(*pay(20, 5, centre)) for centre in (100_000, 400_000))
    bands = [figures(cell)["band.senior.base.p50"] for cell in (low, high)]
    assert bands[0].value == bands[1].value
    assert bands[0].sources[0].value < bands[0].value < bands[1].sources[0].value


def test_pay_of_an_earlier_day_is_aged(make_cell):
    whose, amounts = pay(20, 5)
    then = date(2019, 6, 12)
    old, new = (
        figures(make_cell(whose, amounts, mean_date=day))["band.senior.base.p50"].sources[0]
        for day in (then, DAY)
    )
    # 173.865 / 135.2
    assert old.value / new.value == pytest.approx(173.865 / 135.2, rel=1e-6)
    assert old.ageing == pytest.approx(age(then, DAY).factor)


def test_extrapolated_ageing_is_said(make_cell):
    cell = make_cell(*pay(20, 5))
    later = replace(FRAME, as_of=date(2026, 11, 1))
    assert any("extrapolated" in note for note in ageing_notes([cell], later, None))
    assert not any("extrapolated" in note for note in ageing_notes([cell], FRAME, None))


def test_a_thin_source_says_nothing_by_itself_but_counts_as_evidence(make_cell):
    thick = make_cell(*pay(20, 5), source="a")
    thin = make_cell(*pay(4, 5, 400_000), source="b")
    pooled = make_cell(*pay(24, 5), source="pooled")
    p50 = figures(thick, thin, pooled)["band.senior.base.p50"]
    assert [source.source for source in p50.sources] == ["a"]
    assert p50.n == 120


@pytest.mark.parametrize(("employers", "each"), [(4, 10), (9, 1)])
def test_only_thin_sources_leave_it_unknown(make_cell, employers, each):
    found = figures(make_cell(*pay(employers, each)))
    assert isinstance(found["band.senior.base.p50"], Unknown)
    assert isinstance(found["band.staff.total.top.p10"], Unknown)


def test_other_roles_do_not_enter(make_cell):
    cell = make_cell(*pay(20, 5), role="data_scientist")
    assert all(isinstance(item, Unknown) for item in figures(cell).values())


def totals(make_cell, component, **of):
    return make_cell(
        *pay(20, 5, 1.3 if component == "total_over_base" else 3e5, 0.05),
        component=component, kind=EvidenceKind.SELF_REPORT, **of,
    )  # fmt: skip


def test_a_sources_total_over_base_is_not_aged(make_cell):
    whose, ratios = np.repeat(np.arange(20), 5), np.tile([1.1, 1.2, 1.3, 1.4, 1.5], 20)
    old = make_cell(
        whose, ratios, component="total_over_base", kind=EvidenceKind.SELF_REPORT, mean_date=date(2019, 1, 1)
    )
    found = figures(old)["uplift.senior.all.p50"].sources[0]
    assert found.value == pytest.approx(0.30, abs=0.004)
    assert found.ageing == 1.0


def test_shares_above_thresholds_fall_as_they_rise(make_cell):
    found = figures(totals(make_cell, "total", population="top=yes"))
    shares = [
        found[f"share.senior.total.top.over_{amount}"].value for amount in ("300k", "350k", "400k", "500k")
    ]
    assert all(0 < upper < lower < 1 for lower, upper in pairwise(shares))


@pytest.mark.parametrize("both", ["none", "few", "nothing on top"])
def test_total_pay_is_unknown_where_hardly_anyone_states_both(make_cell, both):
    base, pairs = statements(120)
    told = {"none": None, "few": pairs.take(np.arange(120) < 20), "nothing on top": base}[both]
    whose = People(fitted(base, told, sampling=SHORTEST), market(), "ml_engineer")
    found = figures(
        make_cell(*pay(20, 5)), totals(make_cell, "total"), totals(make_cell, "total_over_base"), whose=whose
    )
    assert isinstance(found["band.senior.base.p50"], Estimate)
    for name in ("band.senior.total.p50", "uplift.senior.all.p50"):
        assert found[name].why.startswith("Too few people state both")


def test_what_was_reported_is_not_aged_and_every_sources_reports_count_alike(make_cell):
    def cell(source, totals, day):
        return make_cell(
            np.repeat(np.arange(20), 5),
            np.tile(totals, 20),
            source=source,
            component="total",
            population="top=yes",
            kind=EvidenceKind.SELF_REPORT,
            mean_date=day,
        )

    early = cell("early", [250e3, 280e3, 340e3, 390e3, 600e3], date(2019, 6, 12))
    late = cell("late", [250e3, 280e3, 340e3, 520e3, 600e3], date(2025, 6, 12))
    found = {
        one.id: one for one in reported(AggregateIndex("ml_engineer", (early, late), (), (), POOLED), FRAME)
    }
    shares = {
        name: found[f"share.senior.total.top.reported_over_{name}"] for name in ("300k", "350k", "500k")
    }
    # of the ten 6, 4 and 3 lie above
    assert [round(one.value, 2) for one in shares.values()] == [0.60, 0.40, 0.30]
    assert all((one.n, one.n_employers) == (200, 20) for one in shares.values())
    assert isinstance(found["share.entry.total.top.reported_over_300k"], Unknown)
