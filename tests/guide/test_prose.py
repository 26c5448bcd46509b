"""Sentences: which one is said follows from intervals and verdicts, and no number is typed in."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import artificial
import pytest

import payguide
from payguide.base.edition import Claim, Edition, Judgement, Verdict
from payguide.base.estimates import Figure, Published, Unit, Unknown, Withheld
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
def test_how_the_audited_guide_fares(judgements: list[Judgement], said: str) -> None:
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
            "Other things equal, nothing here differs clearly from the average.",
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
                "Of the rest there is no clear difference."
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
        "$118K and $176K."
    )


@pytest.mark.parametrize(
    ("gone", "left_out"),
    [
        ("band.any.base.p25", "half of all"),
        ("band.any.base.p50", "$"),
    ],
)
def test_the_lead_leaves_out_what_is_missing(gone: str, left_out: str) -> None:
    edition = artificial.edition()
    figures = {**edition.figures, gone: Withheld(gone, "It", "tails", "Too few employers.")}

    told = read(prose.lead(replace(edition, figures=figures)))

    assert left_out not in told
    assert told.endswith(".")


@pytest.mark.parametrize(
    ("medians", "said"),
    [
        ({}, ""),
        ({"15-2051": 150_000}, ""),
        ({"15-2051": 120_000}, "the official ones of data scientists $120K: those are"),
        (
            {"15-2051": 120_000, "15-1252": 130_000, "15-1221": 150_000},
            "the official ones of software developers $130K and data scientists $120K: those are",
        ),
    ],
)
def test_official_medians_below_ours_are_reconciled_in_one_sentence(
    medians: dict[str, float], said: str
) -> None:
    ours = {"band.any.base.p50": artificial.figures()["band.any.base.p50"]}
    theirs = [
        artificial.money(f"official.{code}.p50", value, value, value) for code, value in medians.items()
    ]

    told = read(prose.official({**ours, **artificial.figures_of(*theirs)}))

    assert said in told
    assert bool(told) is bool(said)
    assert told.startswith(
        "Our median of base pay at all levels, $144K ($137K to $151K), lies above" if said else ""
    )
    assert prose.official(artificial.figures_of(*theirs)) == ()


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
    [(0.11, "differ in base pay by +11% (+8% to +14%)"), (0.01, "no clear difference")],
)
def test_what_an_advanced_degree_brings_is_told_by_its_interval(value: float, said: str) -> None:
    figures = {
        **artificial.figures(),
        "degree.preferred_advanced.effect": artificial.effect("degree.preferred_advanced.effect", value),
    }

    assert said in read(prose.degree(figures)[-1])


def stepped(
    *steps: tuple[float, float], medians: tuple[float, ...] = (150, 180, 210, 260)
) -> dict[str, Figure]:
    """Base medians of the four levels, and the intervals of the steps between them."""
    levels = ("entry", "mid", "senior", "staff")
    bands = [
        artificial.money(f"band.{level}.base.p50", 1000.0 * value)
        for level, value in zip(levels, medians, strict=True)
    ]
    found = [
        Published(artificial.estimate(f"step.{level}.base.effect", (low + high) / 2, low, high, Unit.EFFECT))
        for level, (low, high) in zip(levels[1:], steps, strict=True)
    ]
    return artificial.figures_of(*bands, *found)


RISES = (0.1, 0.3)
RISE = "+20% (+10% to +30%)"
SAME = "Step by step, base pay rises: "


@pytest.mark.parametrize(
    ("figures", "said"),
    [
        (
            stepped(RISES, RISES, RISES),
            [
                f"{SAME}mid over entry {RISE}; senior over mid {RISE}; staff and principal over senior {RISE}.",
            ],
        ),
        (
            stepped(RISES, (-0.05, 0.15), RISES),
            [
                f"{SAME}mid over entry {RISE}; staff and principal over senior {RISE}.",
                "The evidence cannot tell whether senior base pay lies above mid: +5% (−5% to +15%).",
            ],
        ),
        # the step is sure, the published medians fall: they cannot both be believed
        (
            stepped(RISES, RISES, RISES, medians=(150, 180, 170, 260))
            | stepped(RISES, RISES, RISES, medians=(190, 180, 170, 160)),
            [
                f"The evidence cannot tell whether {above} base pay lies above {below}: {RISE}."
                for above, below in (("mid", "entry"), ("senior", "mid"), ("staff and principal", "senior"))
            ],
        ),
    ],
)
def test_levels_that_cannot_be_ordered_are_said(figures: dict[str, Figure], said: list[str]) -> None:
    assert [read(sentence) for sentence in prose.order(figures)] == said


def test_a_step_that_is_not_published_says_why() -> None:
    figures = stepped(RISES, RISES, RISES)
    figures["step.mid.base.effect"] = Withheld(
        "step.mid.base.effect", "A step", "dominance", "One is too large."
    )
    told = [read(sentence) for sentence in prose.order(figures)]
    assert "The evidence cannot tell whether mid base pay lies above entry. One is too large." in told


@pytest.mark.parametrize("other", ["", "Another reason."])
def test_what_is_missing_at_every_step_is_said_once(other: str) -> None:
    steps = [f"step.{level}.base.effect" for level in ("mid", "senior", "staff")]
    figures = {name: Unknown(name, "A step", "No source has enough.") for name in steps}
    if other:
        figures[steps[1]] = Unknown(steps[1], "A step", other)

    told = [read(sentence) for sentence in prose.order(figures)]
    if other:
        assert len(told) == 3
        assert told[1] == f"The evidence cannot tell whether senior base pay lies above mid. {other}"
    else:
        assert told == [
            "The evidence cannot tell any level's base pay from the one below. No source has enough."
        ]


def test_medians_that_fall_are_said_to_be_unordered_where_nothing_else_is_known() -> None:
    figures = {
        name: figure
        for name, figure in stepped(RISES, RISES, RISES, medians=(150, 140, 210, 260)).items()
        if name.startswith("band.")
    }
    told = [read(sentence) for sentence in prose.order(figures)]
    assert told == [
        "The evidence cannot tell whether mid base pay lies above entry. This edition does not estimate it."
    ]


def test_the_packaged_edition_is_in_order_or_says_that_it_cannot_be(packaged_site: Path) -> None:
    figures = payguide.read_edition(packaged_site).figures
    told = " ".join(read(sentence) for sentence in prose.order(figures))
    for component in ("base", "total"):
        medians = [figures[f"band.{level}.{component}.p50"] for level in ("entry", "mid", "senior", "staff")]
        for (lower, upper), (below, above) in zip(
            pairwise(("entry", "mid", "senior", "staff and principal")), pairwise(medians), strict=True
        ):
            assert isinstance(below, Published)
            assert isinstance(above, Published)
            if above.estimate.value <= below.estimate.value:
                assert f"cannot tell whether {upper} {component} pay lies above {lower}" in told


def test_kinds_that_lie_apart_are_said_to() -> None:
    name = "offset.posted_range.same.base.effect"
    offset = Published(artificial.estimate(name, -0.1, -0.2, 0.01, Unit.EFFECT))
    assert [read(sentence) for sentence in prose.offsets({name: offset})] == [
        "Ranges in job postings against pay people report, base pay at the same level: −10% (−20% to +1%)."
    ]
