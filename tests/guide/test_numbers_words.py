"""How figures are written."""

from __future__ import annotations

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.edition import Claim, Judgement
from payguide.base.estimates import Unit
from payguide.guide import layout, numbers, words


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
    ("low", "value", "high", "unit", "told", "between"),
    [
        (170_000, 182_400, 190_400, Unit.MONEY, "$182K", "$170K to $190K"),
        (0.0, 0.0, 0.0, Unit.MONEY, "$0", "$0 to $0"),
        (0.56, 0.6, 0.64, Unit.SHARE, "60%", "56% to 64%"),
        (0.0, 0.004, 0.059, Unit.SHARE, "0.4%", "0% to 5.9%"),
        (0.96, 0.998, 1.0, Unit.SHARE, "100%", "96% to 100%"),
        (-0.2, 0.0, 0.2, Unit.EFFECT, "0%", "−20% to +20%"),
        (0.25, 0.5, 0.755, Unit.CORRELATION, "0.50", "0.25 to 0.76"),
        (1_000, 12_345, 20_000, Unit.COUNT, "12,345", "1,000 to 20,000"),
        (1.2, 1.54, 1.67, Unit.RATIO, "1.54", "1.20 to 1.67"),
    ],
)
def test_a_figure_and_its_interval_are_written_alike(
    low: float, value: float, high: float, unit: Unit, told: str, between: str
) -> None:
    figure = artificial.estimate("e", value, low, high, unit)

    assert (numbers.value(figure), numbers.interval(figure)) == (told, between)


@pytest.mark.parametrize(
    ("width", "step"),
    [
        (0, 1),
        (9, 1),
        (49_999, 1_000),
        (50_000, 5_000),
        (80_000, 5_000),
        (100_000, 10_000),
        (499_999, 10_000),
        (500_000, 50_000),
        (2_000_000, 100_000),
    ],
)
def test_an_amount_is_rounded_to_a_tenth_of_its_interval_or_less(width: float, step: int) -> None:
    assert numbers.step(width) == step


@pytest.mark.parametrize(
    ("value", "half", "told", "between"),
    [
        (174_980, 40_000, "$175K", "$135K to $215K"),
        (174_980, 4_000, "$175K", "$171K to $179K"),
        (173_900, 40_000, "$175K", "$135K to $215K"),
        (268_300, 79_000, "$270K", "$190K to $350K"),
        (1_234_567, 300_000, "$1.25M", "$950K to $1.55M"),
        (900, 20, "$900", "$880 to $920"),
    ],
)
def test_money_is_as_precise_as_its_interval(value: float, half: float, told: str, between: str) -> None:
    figure = artificial.estimate("e", value, value - half, value + half, Unit.MONEY)

    assert (numbers.value(figure), numbers.interval(figure)) == (told, between)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("nowhere", []),
        ("github.com owner/some-data: answers", ["https://github.com/owner/some-data"]),
        ("github.com nobody, 2026", []),
        ("by github.com a/b.c.", ["https://github.com/a/b.c"]),
        ("OEWS May 2025, <b>OEWS</b>", ["https://www.bls.gov/oes/"] * 2),
        ('"><img src=x>', []),
    ],
)
def test_what_a_text_refers_to_is_linked(text: str, links: list[str]) -> None:
    html = layout.referenced(text)
    tree = LexborHTMLParser(html)

    assert [link.attributes["href"] for link in tree.css("a")] == links
    assert {link.attributes["rel"] for link in tree.css("a")} <= {"noreferrer nofollow"}
    assert tree.body is not None
    assert tree.body.text() == text
    assert not tree.css("b, img")


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (999, "999"), (12_345, "12,345")])
def test_counts(number: int, text: str) -> None:
    assert numbers.count(number) == text


@pytest.mark.parametrize(
    ("stated", "options", "text"),
    [
        ((130_000, 180_000), {}, "$130K–$180K"),
        ((350_000,), {}, "$350K"),
        ((0.15, 0.3), {"unit": "effect"}, "15–30%"),
        ((0.55, 0.65), {"unit": "share", "about": 0.6}, "about 60%"),
        ((0.1,), {"unit": "share", "prints": "over $500K"}, "over $500K"),
        ((0.25,), {"unit": "share", "hidden": 1}, ""),
        ((), {}, ""),
    ],
)
def test_what_the_published_guide_prints(
    stated: tuple[float, ...], options: dict[str, str | float], text: str
) -> None:
    assert numbers.stated(Claim("c", "A claim.", "within", ("x",), stated, options)) == text


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


@pytest.mark.parametrize(
    ("figure", "label", "name"),
    [
        ("tier.startup.effect", "", "start-ups"),
        ("tier.frontier_lab.effect", "", "frontier AI labs"),
        ("industry.ai.effect", "", "AI"),  # an abbreviation
        ("place.14460.effect", "", "Boston"),  # a proper name
        ("place.46140.effect", "Base pay in Tulsa, against all others", "Tulsa"),
        ("place.top3.effect", "", "the three together"),
        ("skill.pytorch.premium", "", "PyTorch, premium"),
        ("duty.mid.mentor.share", "", "mentors, mid"),
        ("nothing.known", "", "nothing.known"),
        ("nothing.known", "Its own label", "its own label"),
    ],
)
def test_names_inside_a_sentence(figure: str, label: str, name: str) -> None:
    assert words.inside(figure, label) == name


@pytest.mark.parametrize(
    ("key", "name"), [("some_new_thing", "Some new thing"), ("new-thing", "New thing"), ("ONNX", "ONNX")]
)
def test_a_word_without_an_entry_is_still_readable(key: str, name: str) -> None:
    assert words.word("industry", key) == name


def test_verdicts_have_a_sign_and_a_style_of_their_own() -> None:
    assert len({words.mark(judgement) for judgement in Judgement}) == len(Judgement)
    assert len({words.slug(judgement) for judgement in Judgement}) == len(Judgement)


@pytest.mark.parametrize(
    ("figure", "counted"),
    [
        ("band.mid.base.p50", "data points"),
        ("skill.pytorch.premium", "data points"),
        ("degree.required_phd.effect", "data points"),
        ("skill.pytorch.demand", "postings"),
        ("degree.required.phd.share", "postings"),
        ("degree.unmentioned.share", "postings"),
        ("duty.mid.mentor.share", "postings"),
        ("role.deploy.share", "postings"),
        ("official.15-2051.p50", "jobs in the occupation"),
    ],
)
def test_what_a_figures_n_counts(figure: str, counted: str) -> None:
    assert words.counted(figure) == counted
