"""Numbers, multipliers and currency marks, one by one."""

from __future__ import annotations

import pytest

from payguide.decode.pay.amounts import scan
from payguide.decode.pay.currency import currencies
from payguide.decode.pay.numbers import value_of
from payguide.decode.pay.words import lexicon

VALUES = [
    ("120,000", 120_000), ("120.000", 120_000), ("120 000", 120_000), ("120'000", 120_000),
    ("120’000", 120_000),
    ("1,20,000", 120_000), ("1.234.567,89", 1_234_567.89), ("1,234,567.89", 1_234_567.89),
    ("128012.65", 128_012.65),
    ("67.50", 67.5), ("67,5", 67.5), ("187.8", 187.8), ("100,0000", 100_000),
    ("142, 500", 142_500), ("45", 45),
]  # fmt: skip


@pytest.mark.parametrize(("written", "value"), VALUES)
def test_values(written: str, value: float) -> None:
    assert value_of(written) == value


def test_a_point_before_three_digits_is_decimal_before_a_k() -> None:
    assert value_of("128.750", multiplied=True) == 128.75


AMOUNTS = [
    ("US$150,000", 150_000, "USD"), ("USD $150k", 150_000, "USD"), ("$150,000 CAD", 150_000, "CAD"),
    ("C$150K", 150_000, "CAD"), ("R$ 8.000,00", 8_000, "BRL"), ("50.000 €", 50_000, "EUR"),
    ("50k€", 50_000, "EUR"),
    ("50 K€", 50_000, "EUR"), ("55 KEUR", 55_000, "EUR"), ("£55k", 55_000, "GBP"),
    ("20 000 zł", 20_000, "PLN"),
    ("12 tys. zł", 12_000, "PLN"), ("₹18 lakhs", 1_800_000, "INR"), ("15 LPA", 1_500_000, "INR"),
    ("₹10L", 1_000_000, "INR"), ("30万円", 300_000, "JPY"), ("Rs. 50,000", 50_000, "INR"),
    ("$1.2M", 1_200_000, "$"),
    ("$50,000k", 50_000, "$"), ("70 000$", 70_000, "$"), ("80 thousand dollars", 80_000, "USD"),
    ("CA $150,000", 150_000, "$"), ("A $10,000", 10_000, "$"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "code"), AMOUNTS, ids=[row[0] for row in AMOUNTS])
def test_one_amount(text: str, value: float, code: str) -> None:
    (amount,), _ = scan(text)
    assert (amount.value, amount.code) == (value, code)


@pytest.mark.parametrize("text", ["a16z", "W2", "401(k)", "401k", "v1.2.3", "5 years", "2024", "10%", "L3"])
def test_no_amount(text: str) -> None:
    assert scan(text)[0] == []


def test_every_currency_is_complete() -> None:
    for code, row in currencies().by_code.items():
        assert code.isupper()
        assert len(code) == 3
        assert row.before
        assert row.after
        assert 0 < row.hourly_below < row.yearly_from, code


def test_a_phrase_of_the_lexicon_has_one_meaning_for_pay() -> None:
    kinds = {"pay", "weak", "not", "veto", "extra", "mute", ""}
    meanings = [
        meaning
        for longer, alone in lexicon().phrases.values()
        for rests in (*longer.values(), alone)
        for _, meaning in rests
    ]
    assert {meaning.kind for meaning in meanings} == kinds
    assert all(meaning.kind == "pay" for meaning in meanings if meaning.basis is not None)
