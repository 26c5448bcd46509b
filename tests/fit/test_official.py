"""Official statistics as they stand, and the outside check of place."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import stats

from payguide.base.aggregates import OfficialFigure
from payguide.base.codes import EvidenceKind, Role, Statistic
from payguide.base.estimates import Estimate, Unit, Unknown
from payguide.base.reference.country import country
from payguide.fit.bands.official import (
    employment_shares,
    metro_names,
    official,
    place_check,
    place_error,
    rank_interval,
)
from payguide.fit.context import EditionContext

FRAME = EditionContext(Role.ML_ENGINEER, date(2026, 11, 1), 0.9, country("US"), "People")
#: What one employer may have, where it does not matter.
ANY = math.inf
METROS = {"41860": 1.40, "42660": 1.20, "35620": 1.15, "14460": 1.05, "12420": 0.95, "19100": 0.90}


def figure(statistic, value, area_code="", area="U.S.", **kwargs):
    return OfficialFigure(
        "oews",
        "15-2051",
        "Data Scientists",
        area,
        area_code,
        "",
        statistic,
        value,
        240_000,
        date(2025, 5, 1),
        **kwargs,
    )


NATION = [
    figure(Statistic.P50, 120_230.0),
    figure(Statistic.P90, 239_200.0, top_coded=True),
    figure(Statistic.MEAN, 130_000.0, relative_error=0.01),
    figure(Statistic.P10, None, footnote="not released"),
]


def place(code, value):
    return Estimate(
        f"place.{code}.effect",
        code,
        Unit.EFFECT,
        value,
        value - 0.1,
        value + 0.1,
        0.9,
        50,
        50,
        20,
        0,
        15.0,
        0.1,
        "acme",
        "",
        "",
        date(2026, 11, 1),
    )


def test_a_percentile_stands_alone_and_claims_no_coverage():
    found = {item.id: item for item in official(NATION, FRAME, ["41860"])}
    p50 = found["official.15-2051.p50"]
    assert p50.value == p50.low == p50.high == 120_230.0
    assert p50.coverage == 0.0
    assert any("no interval" in note for note in p50.notes)
    assert p50.sources[0].kind is EvidenceKind.STATISTIC


def test_the_mean_has_the_interval_of_its_relative_standard_error():
    found = {item.id: item for item in official(NATION, FRAME, [])}
    mean = found["official.15-2051.mean"]
    # 130,000 x (1 -+ 1.645 x 0.01)
    assert mean.high == pytest.approx(132_138, abs=1)
    assert mean.coverage == 0.9


def test_top_codes_and_gaps_are_said():
    found = {item.id: item for item in official(NATION, FRAME, ["41860"])}
    assert "floor" in found["official.15-2051.p90"].notes[0]
    assert "not released" in found["official.15-2051.p10"].why
    assert isinstance(found["official.15-2051.41860.p50"], Unknown)
    assert isinstance(found["official.15-1221.mean"], Unknown)


def metros():
    return [
        figure(Statistic.P50, 120_230.0 * ratio, code, f"City {code}-Suburb, XX")
        for code, ratio in METROS.items()
    ]


def test_metros_are_named_by_their_first_city():
    assert metro_names(metros(), FRAME.country)["41860"] == "City 41860"


def test_shares_of_the_nations_jobs():
    # the fixtures give every area 240,000 jobs: each metro would be a nation; take one a tenth of it
    seattle = replace(figure(Statistic.P50, 1.0, "42660"), employment=24_000)
    shares = employment_shares([*NATION, seattle], FRAME, ["42660", "41860"])
    assert shares == {"42660": pytest.approx(0.1), "other_us": pytest.approx(0.9)}
    assert employment_shares(NATION, FRAME, ["41860"]) is None
    assert employment_shares([], FRAME, ["41860"]) is None


def test_oews_own_area_codes_are_understood():
    nation = replace(NATION[0], area_code="0000000", industry="000000")
    metro = replace(figure(Statistic.P50, 170_000.0), area_code="0041860", industry="000000", area="SF, CA")
    found = {item.id: item for item in official([nation, metro], FRAME, ["41860"])}
    assert found["official.15-2051.p50"].value == 120_230.0
    assert found["official.15-2051.41860.p50"].value == 170_000.0


def test_the_same_order_is_a_correlation_of_one():
    places = {code: place(code, math.log(ratio)) for code, ratio in METROS.items()}
    found = place_check([*NATION, *metros()], places, FRAME, ANY)
    assert found.value == pytest.approx(1.0)
    assert found.low > 0.9
    assert found.n == 300


@pytest.mark.parametrize(
    ("heaviest", "largest"),
    [
        # 0.1 of 50 pieces in each of six places: 30 of 300, if it is one employer
        (math.inf, 0.1),
        # who has 12 pieces anywhere has no more in these places
        (12.0, 0.04),
    ],
)
def test_an_employer_has_no_more_in_places_than_anywhere(heaviest, largest):
    places = {code: place(code, value - 1) for code, value in METROS.items()}
    for compare in (place_check, place_error):
        found = compare([*NATION, *metros()], places, FRAME, heaviest)
        assert found.largest_share == pytest.approx(largest)


@pytest.mark.parametrize("ours", [(0.2, 0.3, 0.1, -0.1, 0.0, -0.2), (0.2, 0.2, 0.1, -0.1, 0.2, -0.1)])
def test_a_mixed_order_is_spearmans(ours):
    values = dict(zip(METROS, ours, strict=True))
    found = place_check(
        [*NATION, *metros()], {code: place(code, value) for code, value in values.items()}, FRAME, ANY
    )
    expected = stats.spearmanr(list(METROS.values()), list(values.values())).statistic
    assert found.value == pytest.approx(expected)
    assert found.low < found.value < found.high


def test_too_few_metros_or_no_order_is_unknown():
    few = {code: place(code, 0.1) for code in list(METROS)[:4]}
    assert isinstance(place_check([*NATION, *metros()], few, FRAME, ANY), Unknown)
    same = {code: place(code, 0.1) for code in METROS}
    assert isinstance(place_check([*NATION, *metros()], same, FRAME, ANY), Unknown)


def test_the_rank_interval_by_hand():
    # r = 0.6, k = 10, 0.95: atanh 0.6931 -+ 1.96 sqrt(1.18/7) = 0.8047
    low, high = rank_interval(0.6, 10, 0.95)
    assert (low, high) == (
        pytest.approx(math.tanh(0.6931 - 0.8047), abs=1e-3),
        pytest.approx(math.tanh(0.6931 + 0.8047), abs=1e-3),
    )


def test_the_mean_distance_of_place_effects_from_official_medians_by_hand():
    """Ours lie 0.02, 0.04, 0.06, 0.08, 0.10 and 0.06 off on the log scale: 0.06 on average, deviation 0.0283, of 6."""
    nation = figure(Statistic.P50, 100_000.0, "0000000")
    metros = [figure(Statistic.P50, 100_000.0 * factor, f"00{code}") for code, factor in METROS.items()]
    off = (0.02, -0.04, 0.06, -0.08, 0.10, 0.06)
    ours = {
        code: place(code, float(np.expm1(np.log(factor) + by)))
        for (code, factor), by in zip(METROS.items(), off, strict=True)
    }
    found = place_error([nation, *metros], ours, FRAME, ANY)
    assert found.value == pytest.approx(0.06)
    # t(5) at 0.9 is 2.015
    assert found.high == pytest.approx(0.06 + 2.015 * np.std(np.abs(off), ddof=1) / 6**0.5, abs=1e-4)
    assert found.low > 0
    assert found.unit is Unit.RATIO


def test_few_metros_have_no_distance():
    nation = figure(Statistic.P50, 100_000.0, "0000000")
    found = place_error([nation], {"41860": place("41860", 0.2)}, FRAME, ANY)
    assert isinstance(found, Unknown)
    assert "Only 0 metros" in found.why
