"""Claims as formal tests: what holds, fails, stays undecided, and what a claims file may hold."""

from __future__ import annotations

import re

import artificial
import pytest

from payguide.base.edition import Claim, Judgement
from payguide.base.estimates import Figure, Published, Unit, Withheld
from payguide.guide import claims

YES, NO, PART, TOO_LITTLE = (
    Judgement.SUPPORTED,
    Judgement.CONTRADICTED,
    Judgement.MIXED,
    Judgement.NOT_ENOUGH,
)


def judged(test: str, figures: list[Figure], stated: tuple[float, ...], **options: str | float) -> Judgement:
    claim = Claim("c", "A claim.", test, tuple(figure.id for figure in figures), stated, options)
    return claims.judge([claim], artificial.figures_of(*figures))[0].judgement


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.11, 0.24, YES),  # the whole interval inside
        (0.10, 0.25, YES),  # the ends belong to it
        (0.05, 0.20, TOO_LITTLE),  # across the lower end
        (0.20, 0.30, TOO_LITTLE),  # across the upper end
        (0.26, 0.30, NO),
        (-0.10, 0.09, NO),
    ],
)
def test_a_figure_against_a_range(low: float, high: float, expected: Judgement) -> None:
    figure = Published(
        artificial.estimate("swe.premium.grade.effect", (low + high) / 2, low, high, Unit.EFFECT)
    )

    assert judged("within", [figure], (0.10, 0.25), unit="effect") is expected


@pytest.mark.parametrize(
    ("test", "value", "expected"),
    [("at_least", 0.5, YES), ("at_least", 0.3, NO), ("at_most", 0.3, YES), ("at_most", 0.5, NO)],
)
def test_a_figure_against_a_line(test: str, value: float, expected: Judgement) -> None:
    assert judged(test, [artificial.share("role.deploy.share", value)], (0.4,), unit="share") is expected


def test_figures_that_disagree_make_a_claim_mixed() -> None:
    both = [artificial.share("role.deploy.share", 0.6), artificial.share("role.maintain.share", 0.1)]

    assert judged("at_least", both, (0.4,), unit="share") is PART


def test_a_second_reading_that_holds_makes_it_mixed() -> None:
    base = artificial.money("band.senior.base.p50", 200_000)
    total = artificial.money("band.senior.total.p50", 300_000)
    claim = Claim(
        "c", "A claim.", "within", (base.id,), (260_000, 350_000), {"otherwise": total.id, "otherwise_name": "total"}
    )  # fmt: skip

    verdict = claims.judge([claim], artificial.figures_of(base, total))[0]

    assert verdict.judgement is PART
    assert total.id in verdict.deciding


@pytest.mark.parametrize(
    ("first", "second", "expected"), [(0.5, 0.3, YES), (0.3, 0.5, NO), (0.4, 0.39, TOO_LITTLE)]
)
def test_couples_are_compared_by_their_difference(first: float, second: float, expected: Judgement) -> None:
    couple = [
        artificial.share("duty.mid.mentor.share", first),
        artificial.share("duty.entry.mentor.share", second),
    ]

    assert judged("pairs", couple, ()) is expected
    assert judged("above", couple, ()) is expected


@pytest.mark.parametrize(
    ("first", "second", "last", "expected"),
    [
        (0.30, 0.20, 0.00, YES),  # both lie clear of the last
        (-0.30, -0.20, 0.00, NO),
        (0.30, -0.20, 0.00, PART),
        (0.01, -0.01, 0.00, TOO_LITTLE),
    ],
)
def test_all_but_the_last_are_above_the_last(
    first: float, second: float, last: float, expected: Judgement
) -> None:
    figures: list[Figure] = [
        artificial.effect(f"industry.{name}.effect", value)
        for name, value in (("quant_finance", first), ("autonomous_driving", second), ("marketing", last))
    ]

    assert judged("above", figures, (), unit="effect") is expected


def test_a_figure_that_stands_in_two_couples_counts_once() -> None:
    shares = {"staff": 0.6, "senior": 0.4, "mid": 0.2}
    figures = [artificial.share(f"duty.{level}.mentor.share", value) for level, value in shares.items()]
    staff, senior, mid = figures
    claim = Claim("c", "A claim.", "pairs", (staff.id, senior.id, senior.id, mid.id))

    verdict = claims.judge([claim], artificial.figures_of(*figures))[0]

    assert (verdict.judgement, verdict.deciding) == (YES, (staff.id, senior.id, mid.id))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (130e3, YES),  # clear of both intervals: P10 ends at 126,000, P25 starts at 142,500
        (126e3, YES),  # the ends belong to it
        (142.5e3, YES),
        (141e3, YES),
        (120e3, TOO_LITTLE),  # inside the interval of P10, 114,000 to 126,000
        (150e3, TOO_LITTLE),
        (113e3, NO),  # below both
        (158e3, NO),  # above both
    ],
)
def test_where_pay_starts_lies_between_two_percentiles(stated: float, expected: Judgement) -> None:
    figures: list[Figure] = [
        artificial.money("band.entry.base.p10", 120e3),
        artificial.money("band.entry.base.p25", 150e3),
    ]

    assert judged("starts", figures, (stated,)) is expected


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ((0.60, 0.05), YES),  # one is enough
        ((0.26, 0.05), TOO_LITTLE),  # 22 % to 30 % lies across a quarter
        ((0.10, 0.05), NO),
        ((), TOO_LITTLE),
    ],
)
def test_one_figure_of_a_pattern_is_enough(shares: tuple[float, ...], expected: Judgement) -> None:
    figures = [artificial.share(f"skill.s{place}.demand", share) for place, share in enumerate(shares)]
    claim = Claim("c", "A claim.", "presence", ("skill.*.demand",), (0.25,), {"unit": "share"})

    assert claims.judge([claim], artificial.figures_of(*figures))[0].judgement is expected


@pytest.mark.parametrize(("need", "expected"), [(1, YES), (2, TOO_LITTLE)])
def test_a_claim_says_how_many_of_its_figures_it_needs(need: int, expected: Judgement) -> None:
    figures: list[Figure] = [
        artificial.effect("tier.big_tech.effect", 0.2),
        Withheld("tier.frontier_lab.effect", "Frontier labs", "dominance", "One employer holds too much."),
    ]

    assert judged("at_least", figures, (0.0,), unit="effect", need=need) is expected


def test_what_is_missing_is_named_once_with_its_reason() -> None:
    figures: list[Figure] = [
        Withheld(f"place.{code}.effect", code, "dominance", "One employer holds too much.")
        for code in ("41860", "42660")
    ]
    claim = Claim("c", "A claim.", "within", ("place.41860.effect", "place.42660.effect"), (0.1, 0.2))

    verdict = claims.judge([claim], artificial.figures_of(*figures))[0]

    assert verdict.why == "San Francisco and Seattle: withheld (one employer holds too much)."


def test_a_second_reading_that_does_not_hold_changes_nothing() -> None:
    base = artificial.money("band.senior.base.p50", 200_000)
    total = artificial.money("band.senior.total.p50", 250_000)
    options: dict[str, str | float] = {"otherwise": total.id, "otherwise_name": "total pay"}
    claim = Claim("c", "A claim.", "within", (base.id,), (260_000, 350_000), options)

    verdict = claims.judge([claim], artificial.figures_of(base, total))[0]

    assert verdict.judgement is NO
    assert verdict.deciding == (base.id,)


BAND = {"p10": 150e3, "p25": 180e3, "p50": 215e3, "p75": 260e3, "p90": 300e3}


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ((180e3, 260e3), YES),  # P25 to P75, the median inside
        ((170e3, 270e3), YES),  # each end within its interval and a rounding
        ((150e3, 300e3), PART),  # fits the middle four fifths instead
        ((260e3, 350e3), NO),  # the median lies below in every reading
    ],
)
def test_a_band_is_tried_in_every_reading(stated: tuple[float, float], expected: Judgement) -> None:
    figures: list[Figure] = [artificial.money(f"band.mid.base.{q}", value) for q, value in BAND.items()]

    assert judged("band", figures, stated) is expected


@pytest.mark.parametrize("test", ["within", "band", "starts", "at_least"])
def test_what_is_withheld_never_decides(test: str) -> None:
    ids = [f"band.mid.base.{quantile}" for quantile in BAND][: 2 if test == "starts" else 5]
    withheld: list[Figure] = [Withheld(name, name, "dominance", "One employer.") for name in ids]
    stated = {"starts": (1.0,), "at_least": (1.0,)}.get(test, (1.0, 2.0))

    assert judged(test, withheld, stated) is TOO_LITTLE


def test_the_packaged_claims_are_those_of_the_published_guide() -> None:
    found = claims.load("ml_engineer_2026").claims

    assert len(found) >= 25
    assert len({claim.id for claim in found}) == len(found)
    verdicts = claims.judge(found, artificial.figures())
    assert all(verdict.why.endswith(".") for verdict in verdicts)
    # an edition without any figure decides nothing
    assert {verdict.judgement for verdict in claims.judge(found, {})} == {TOO_LITTLE}


LEVEL, QUANTILE = "(entry|mid|senior|staff|any)", "(p10|p25|p50|p75|p90|mean)"

#: The ids that an edition may hold.
CONTRACT = [
    rf"band\.{LEVEL}\.(base|total)(\.top)?\.{QUANTILE}",
    rf"share\.{LEVEL}\.total\.top\.over_\d+k",
    r"(tier|place|remote|specialisation|industry|lifecycle|degree)\.\w+\.effect",
    r"place\.spread\.(remote|onsite)\.effect",
    r"remote\.single_band\.share",
    r"skill\.(\*|[\w-]+)\.(demand|premium)",
    r"degree\.(required|preferred)\.(bachelor|master|phd|advanced)\.share",
    r"degree\.unmentioned\.share",
    rf"uplift\.{LEVEL}\.(all|top)\.(p25|p50|p75)",
    r"swe\.premium\.(grade|years|top|other)\.effect",
    rf"duty\.{LEVEL}\.\w+\.share",
    r"role\.\w+\.share",
]


def test_claims_name_only_figures_that_an_edition_may_hold() -> None:
    known = re.compile("|".join(f"(?:{pattern})" for pattern in CONTRACT))
    for claim in claims.load("ml_engineer_2026").claims:
        others = str(claim.options.get("otherwise", "")).split()
        odd = [name for name in (*claim.figures, *others) if not known.fullmatch(name)]
        assert odd == [], claim.id


def test_every_section_of_the_page_has_a_claim_and_none_stands_elsewhere() -> None:
    sections = {
        "role", "levels", "tier", "place", "remote", "depth", "industry", "lifecycle", "skills", "average",
        "senior", "degree", "swe",
    }  # fmt: skip

    assert {claim.options["section"] for claim in claims.load("ml_engineer_2026").claims} == sections
