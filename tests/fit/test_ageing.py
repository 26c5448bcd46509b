"""The wage index: its values, what lies between and beyond, and what ageing does to pay."""

from __future__ import annotations

import itertools
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.reference import data
from payguide.base.reference.wage_index import wage_index
from payguide.fit.bands.ageing import age

DATA = data.table("wage_index", "us_eci_professional")
INDEX = wage_index("us_eci_professional")
VALUES = {row["date"]: row["value"] for row in DATA["values"]}


def test_every_quarter_is_there_once_in_order():
    days = [row["date"] for row in DATA["values"]]
    months = [day.year * 12 + day.month for day in days]
    assert all(later - earlier == 3 for earlier, later in itertools.pairwise(months))
    assert days[0] <= date(2012, 1, 1)
    assert days[-1] >= date(2026, 6, 1)


def test_every_value_names_a_reference_that_exists():
    for row in DATA["values"]:
        assert row["seen"]
        assert set(row["seen"]) <= set(DATA["references"])


@pytest.mark.parametrize(("text", "published"), sorted(DATA["twelve_month_changes"].items()))
def test_the_values_give_back_the_published_twelve_month_changes(text, published):
    day = date.fromisoformat(text)
    before = day.replace(year=day.year - 1)
    # BLS rounds the change of the unrounded index: allow the half tenth of each rounding
    assert 100 * (VALUES[day] / VALUES[before] - 1) == pytest.approx(published, abs=0.1)


def test_at_a_published_day_the_index_is_the_published_value():
    for day, value in VALUES.items():
        assert math.exp(INDEX.log_at(day)) == pytest.approx(value, rel=1e-12)


def test_between_two_values_it_grows_evenly_on_the_log_scale():
    # 2025-12-12 170.588, 2026-03-12 172.554: 45 of 90 days on
    expected = 170.588 * (172.554 / 170.588) ** (45 / 90)
    assert math.exp(INDEX.log_at(date(2026, 1, 26))) == pytest.approx(expected, rel=1e-9)


def test_beyond_the_last_value_the_last_years_rate_goes_on():
    # 2025-06-12 167.912 to 2026-06-12 173.865, 365 days; 2026-11-01 is 142 days later
    ageing = age(date(2026, 6, 12), date(2026, 11, 1))
    assert ageing.factor == pytest.approx((173.865 / 167.912) ** (142 / 365), rel=1e-9)
    assert ageing.extrapolated
    assert INDEX.last == date(2026, 6, 12)


def test_pay_of_2020_at_the_level_of_june_2026():
    # 173.865 / 138.0
    ageing = age(date(2020, 6, 12), date(2026, 6, 12))
    assert ageing.factor == pytest.approx(173.865 / 138.0, rel=1e-9)
    assert not ageing.extrapolated


DAYS = st.dates(date(2009, 1, 1), date(2028, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_ageing_in_two_steps_is_ageing_in_one(first, second, third):
    assert age(first, second).factor * age(second, third).factor == pytest.approx(age(first, third).factor)


@given(DAYS, st.integers(0, 3000))
def test_later_is_never_much_lower(day, later):
    # the index fell once, by 0.1 in 138.1, in mid 2020
    end = date.fromordinal(min(day.toordinal() + later, date(2028, 12, 31).toordinal()))
    assert age(day, end).factor > 0.999
