"""The rules a structured amount must pass: each case is one line of the table."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Basis, Component, Period
from payguide.base.inputs import PayBand
from payguide.decode.sanity_limits import (
    InvalidAmount,
    band,
    check,
    currency_code,
    number,
    period_by_size,
    period_of,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (120000, 120000.0),
        ("120,000", 120000.0),
        ("$95,000.50", 95000.5),
        (" 9.5e4 ", 95000.0),
        ("95,5", None),  # a decimal comma: not guessed at
        ("95.000,00", None),
        ("1,20,000", None),
        ("competitive", None),
        ("", None),
        (None, None),
        (True, None),
        ("nan", None),
        (math.inf, None),
        ([1], None),
        (10**400, None),
    ],
)
def test_numbers_are_read_or_refused(written: object, read: float | None) -> None:
    assert number(written) == read


@pytest.mark.parametrize(
    ("spelt", "read"),
    [
        ("1 YEAR", Period.YEAR),
        ("per-year-salary", Period.YEAR),
        ("Year", Period.YEAR),
        ("per hour", Period.HOUR),
        ("HOUR", Period.HOUR),
        ("Bi-Weekly", Period.FORTNIGHT),
        ("2 WEEK", Period.FORTNIGHT),
        ("1 MONTH", Period.MONTH),
    ],
)
def test_periods_of_every_source_are_known(spelt: str, read: Period) -> None:
    assert period_of(spelt) == read


#: low, high, currency, period -> the band, or the rule it breaks
BANDS = [
    ((150_000, 200_000, "USD", "1 YEAR"), (150_000, 200_000, "USD", Period.YEAR)),
    ((150_000, None, "usd ", "year"), (150_000, None, "USD", Period.YEAR)),
    ((0, 123_000, "USD", "1 YEAR"), (None, 123_000, "USD", Period.YEAR)),  # a floor of 0 is no floor
    ((40, 40, "USD", "1 HOUR"), (40, 40, "USD", Period.HOUR)),
    ((4_000, 5_000, "USD", "2 WEEK"), (4_000, 5_000, "USD", Period.FORTNIGHT)),
    ((55, 63, "USD", ""), (55, 63, "USD", Period.HOUR)),  # told from the size
    ((105_000, 125_000, "USD", ""), (105_000, 125_000, "USD", Period.YEAR)),
    ((2_200_000, 2_500_000, "PHP", "1 YEAR"), (2_200_000, 2_500_000, "PHP", Period.YEAR)),
    ((139_200_000, 208_800_000, "COP", ""), (139_200_000, 208_800_000, "COP", Period.YEAR)),
    ((24.04, 24.04, "USD", "1 YEAR"), "absurd_pay"),  # an hourly wage in the yearly field
    ((140_000, 400_000_000, "USD", "year"), "absurd_pay"),
    ((5_000_000, 9_000_000, "CAD", "year"), "absurd_pay"),
    ((-1, 100_000, "USD", "year"), "negative_pay"),
    ((0, 0, "USD", "year"), "zero_pay"),
    ((200_000, 100_000, "USD", "year"), "band_runs_backwards"),
    ((10_000, 500_000, "USD", "year"), "band_too_wide"),
    ((100_000, 120_000, "XXQ", "year"), "unknown_currency"),
    ((100_000, 120_000, "", "year"), "unknown_currency"),
    ((60, 60, "USD", "1 TIME"), "unknown_period"),
    ((3_000, 4_000, "USD", ""), "period_unclear"),
    ((None, None, "USD", "year"), "no_amount"),
]


@pytest.mark.parametrize(("stated", "expected"), BANDS)
def test_a_band_is_one_or_breaks_a_named_rule(
    stated: tuple[float | None, float | None, str, str], expected: tuple[object, ...] | str
) -> None:
    found = band(*stated)
    if isinstance(expected, str):
        assert isinstance(found, InvalidAmount)
        assert found.rule == expected
        assert found.found
    else:
        assert isinstance(found, PayBand)
        assert (found.low, found.high, found.currency, found.period) == expected


@given(
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["USD", "INR", "JPY", "KWD", "what", ""]),
    st.sampled_from(["1 YEAR", "hour", "", "2 WEEK", "what"]),
)
def test_a_band_that_passes_is_sane(
    low: float | None, high: float | None, currency: str, period: str
) -> None:
    found = band(low, high, currency, period, basis=Basis.OTE)
    if isinstance(found, PayBand):
        ends = [end for end in (found.low, found.high) if end is not None]
        assert ends
        assert all(end > 0 for end in ends)
        assert ends == sorted(ends)
        assert found.basis is Basis.OTE


@pytest.mark.parametrize(
    ("amount", "component", "rule"),
    [
        (1_500_000, Component.BASE, None),
        (2_500_000, Component.BASE, "absurd_pay"),
        (2_500_000, Component.TOTAL, None),
        (1_500, Component.BASE, "absurd_pay"),
        (1_500, Component.BONUS, None),
        (0, Component.TOTAL, "zero_pay"),
    ],
)
def test_limits_fit_the_component(amount: float, component: Component, rule: str | None) -> None:
    broken = check(amount, "USD", Period.YEAR, component)
    assert (broken.rule if broken else None) == rule


def test_an_iso_currency_without_limits_is_still_a_currency() -> None:
    assert currency_code("kwd") == "KWD"
    assert check(30_000, "KWD", Period.YEAR, Component.BASE) is None
    assert period_by_size(30_000, "KWD") is Period.YEAR
