"""Sentences: which one is said follows from intervals and verdicts, and no number is typed in."""

from __future__ import annotations

import re
from dataclasses import replace

import artificial
import pytest

from payguide.base.figures import Claim, Edition, Figure, Judgement, Published, Unknown, Verdict, Withheld
from payguide.guide import prose
from payguide.guide.shown import Between, Sentence, Shown, Why, show

YES, NO, PART, TOO_LITTLE = (
    Judgement.SUPPORTED,
    Judgement.CONTRADICTED,
    Judgement.MIXED,
    Judgement.NOT_ENOUGH,
)


def read(sentence: Sentence) -> str:
    """The sentence as the page shows it."""
    return "".join(
        part
        if isinstance(part, str)
        else part.of.interval
        if isinstance(part, Between)
        else part.about.why
        if isinstance(part, Why)
        else part.text
        for part in sentence
    )


def judged(*judgements: Judgement) -> Edition:
    claim = Claim("c", "A claim.", "within", ("x",))
    return replace(artificial.edition(), verdicts=tuple(Verdict(claim, j, "So.") for j in judgements))


@pytest.mark.parametrize(
    ("judgements", "said"),
    [
        ([], ""),
        ([TOO_LITTLE], "cannot tell"),
        ([YES, TOO_LITTLE, TOO_LITTLE], "claims holds."),
        ([YES, YES, NO], "claims holds."),
        ([NO, NO, YES], "does not hold"),
        ([PART, PART, YES], "in part only"),
        ([YES, NO], "right on some counts and wrong on others"),
        # what is mixed does not count as held: 6 of 17 is not most
        ([YES] * 6 + [NO] + [PART] * 10, "in part only"),
    ],
)
def test_how_the_published_guide_fares(judgements: list[Judgement], said: str) -> None:
    found = prose.standing(judged(*judgements))

    assert said in found
    assert bool(found) is bool(judgements)


def rows(**effects: tuple[float, float]) -> list[Shown]:
    """Effects by the name of a tier: value and half the interval's width."""
    figures = artificial.figures_of(
        *(artificial.effect(f"tier.{name}.effect", *pair) for name, pair in effects.items())
    )
    ranked = sorted(effects, key=lambda name: -effects[name][0])
    return [show(figures, f"tier.{name}.effect") for name in ranked]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "The evidence is too thin to put a figure on this factor."),
        (
            rows(startup=(0.01, 0.05)),
            "Other things equal, nothing here can be told from the average.",
        ),
        (
            rows(frontier_lab=(0.30, 0.05), startup=(-0.20, 0.05)),
            (
                "Other things equal, against the average: frontier AI labs +30% (+25% to +35%); "
                "start-ups −20% (−25% to −15%)."
            ),
        ),
        (
            rows(startup=(-0.20, 0.05), big_tech=(0.01, 0.03)),
            (
                "Other things equal, against the average: start-ups −20% (−25% to −15%). "
                "The rest cannot be told from zero."
            ),
        ),
        (
            rows(frontier_lab=(0.30, 0.05), big_tech=(0.20, 0.05)),
            "Other things equal, against the average: frontier AI labs +30% (+25% to +35%).",
        ),
    ],
)
def test_what_a_group_of_effects_says(found: list[Shown], said: str) -> None:
    assert read(prose.effects(found, "the average")) == said


def test_the_lead_says_what_there_is() -> None:
    edition = artificial.edition()

    assert read(prose.lead(edition)) == (
        "Across all levels, median base pay is $144K ($137K to $151K), and half of all base pay lies between "
        "$118K and $176K. With bonus and equity, the median runs from $135K at entry level to $340K for staff "
        "and principal."
    )


@pytest.mark.parametrize(
    ("gone", "left_out"),
    [
        ("band.any.base.p25", "half of all"),
        ("band.staff.total.p50", "With bonus"),
        ("band.any.base.p50", "$"),
    ],
)
def test_the_lead_leaves_out_what_is_missing(gone: str, left_out: str) -> None:
    edition = artificial.edition()
    figures = {**edition.figures, gone: Withheld(gone, "It", "tails", "Too few employers.")}

    told = read(prose.lead(replace(edition, figures=figures)))

    assert left_out not in told
    assert told.endswith(".")


ANSWERS = [prose.average, prose.senior, prose.degree, prose.software]


@pytest.mark.parametrize("answer", ANSWERS)
def test_every_number_in_an_answer_is_a_figures(answer: object) -> None:
    assert callable(answer)
    for sentence in answer(artificial.figures()):
        typed = " ".join(part for part in sentence if isinstance(part, str))
        # "totals over $400K" is the name of a figure
        assert not re.search(r"\d", re.sub(r"over [$]\d+K", "", typed)), typed


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("kind", [Withheld, Unknown])
def test_an_answer_says_what_is_missing_and_why(answer: object, kind: type[Figure]) -> None:
    assert callable(answer)
    figures: dict[str, Figure] = {
        name: Withheld(name, name, "tails", "So it is.")
        if kind is Withheld
        else Unknown(name, name, "So it is.")
        for name in artificial.figures()
    }
    told = [read(sentence) for sentence in answer(figures)]

    word = "withheld" if kind is Withheld else "not known"
    assert told
    assert all(f": {word}. So it is." in sentence for sentence in told)
    assert not any(isinstance(part, Shown) for sentence in answer(figures) for part in sentence)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.11, "differ in base pay by +11% (+8% to +14%)"), (0.01, "cannot be told from the rest")],
)
def test_what_an_advanced_degree_brings_is_told_by_its_interval(value: float, said: str) -> None:
    figures = {
        **artificial.figures(),
        "degree.preferred_advanced.effect": artificial.effect("degree.preferred_advanced.effect", value),
    }

    assert said in read(prose.degree(figures)[-1])


def test_disagreeing_sources_are_said_to_disagree() -> None:
    figures = artificial.figures()
    known = figures["band.any.total.p50"]
    assert isinstance(known, Published)
    apart = Published(replace(known.estimate, heterogeneity=0.9))

    together = " ".join(read(sentence) for sentence in prose.average(figures))
    disagreeing = " ".join(read(sentence) for sentence in prose.average({**figures, apart.id: apart}))

    assert "disagree" not in together
    assert "its sources disagree" in disagreeing
