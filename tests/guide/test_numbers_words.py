"""How figures are written."""

from __future__ import annotations

import artificial
import pytest

from payguide.base.figures import Unit
from payguide.guide import numbers, words


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (182_400, "USD", "$182K"),
        (182_500, "USD", "$182K"),  # half to even, as Python writes it
        (950, "USD", "$950"),
        (0, "USD", "$0"),
        (-12_000, "USD", "−$12K"),
        (999_400, "USD", "$999K"),
        (999_600, "USD", "$1M"),
        (1_250_000, "USD", "$1.25M"),
        (120_000, "CAD", "CAD 120K"),
        (80_000, "EUR", "€80K"),
    ],
)
def test_money(amount: float, currency: str, text: str) -> None:
    assert numbers.money(amount, currency) == text


@pytest.mark.parametrize(
    ("fraction", "signed", "digits", "text"),
    [
        (0.153, False, 0, "15%"),
        (0.153, True, 0, "+15%"),
        (-0.031, True, 1, "−3.1%"),
        (0.0001, True, 0, "0%"),
        (-0.0001, True, 0, "0%"),
    ],
)
def test_percentages(fraction: float, signed: bool, digits: int, text: str) -> None:
    assert numbers.percent(fraction, signed=signed, digits=digits) == text


def test_small_effects_keep_a_decimal() -> None:
    small = artificial.estimate("e", 0.012, -0.004, 0.028, Unit.EFFECT)
    large = artificial.estimate("e", 0.12, 0.08, 0.16, Unit.EFFECT)

    assert (numbers.value(small), numbers.interval(small)) == ("+1.2%", "−0.4% to +2.8%")
    assert (numbers.value(large), numbers.interval(large)) == ("+12%", "+8% to +16%")


@pytest.mark.parametrize(
    ("parts", "text"), [("", ""), ("a", "a"), ("a b", "a and b"), ("a b c", "a, b and c")]
)
def test_lists(parts: str, text: str) -> None:
    assert numbers.joined(parts.split()) == text


@pytest.mark.parametrize(
    ("figure", "name"),
    [
        ("band.senior.total.top.p75", "senior total pay at top-tier employers, 75th percentile"),
        ("band.any.base.p50", "all levels, base pay, median"),
        ("skill.pytorch.demand", "PyTorch, demand"),
        ("place.41860.effect", "San Francisco"),
        ("remote.single_band.share", "remote employers with one band"),
    ],
)
def test_figures_have_names(figure: str, name: str) -> None:
    assert words.name(figure) == name
