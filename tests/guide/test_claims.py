"""Claims as formal tests: what holds, fails, stays open, and what a claims file may hold."""

from __future__ import annotations

import re

import artificial
import pytest

from payguide.base.codes import Duty
from payguide.base.edition import Claim, Judgement, Outcome, Rank, Verdict
from payguide.base.estimates import Figure, Published, Unit, Unknown, Withheld
from payguide.guide import claims
from payguide.guide.claims.judge import FURTHER, further

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


#: Shares that hold, fail and are open against a line of 0.4.
SHARES = {"h": 0.6, "f": 0.1, "o": 0.4}


def by_readings(plainest: str, equal: str, aside: str) -> Verdict:
    """The verdict of a claim with readings that come out as told, a letter each."""
    ids, figures = iter(Duty), list[Figure]()
    named: list[list[str]] = []
    for letters in (plainest, equal, aside):
        shares = [artificial.share(f"role.{next(ids)}.share", SHARES[letter]) for letter in letters]
        named.append([share.id for share in shares])
        figures += shares
    options = {"unit": "share", "otherwise": " ".join(named[1]), "beside": " ".join(named[2])}
    claim = Claim("c", "A claim.", "at_least", tuple(named[0]), (0.4,), options)
    return claims.judge([claim], artificial.figures_of(*figures))[0]


@pytest.mark.parametrize(
    ("plainest", "equal", "aside", "expected"),
    [
        ("h", "", "", YES),
        ("hh", "", "", YES),
        ("h", "o", "", YES),  # none that the words equally allow fails
        ("h", "h", "f", YES),  # what is only shown does not count
        ("hh", "oo", "ff", YES),
        ("f", "", "", NO),
        ("f", "o", "", NO),
        ("fo", "", "", NO),
        ("fff", "oo", "", NO),
        ("o", "f", "", NO),
        ("f", "", "h", NO),
        ("h", "f", "", PART),
        ("f", "h", "", PART),
        ("hf", "", "", PART),
        ("hfo", "", "", PART),
        ("o", "hf", "", PART),
        ("o", "", "", TOO_LITTLE),
        ("oo", "oo", "", TOO_LITTLE),
        ("o", "", "h", TOO_LITTLE),
        ("o", "", "f", TOO_LITTLE),
        ("ho", "", "", TOO_LITTLE),  # the sentence says two things, and one is not known
        ("o", "h", "", TOO_LITTLE),
    ],
)
def test_the_readings_of_a_claim_give_its_verdict(
    plainest: str, equal: str, aside: str, expected: Judgement
) -> None:
    verdict = by_readings(plainest, equal, aside)

    assert verdict.judgement is expected
    assert "".join(one.outcome[0] for one in verdict.readings) == plainest + equal + aside
    assert [one.rank for one in verdict.readings] == (
        [Rank.PLAIN] * len(plainest) + [Rank.EQUAL] * len(equal) + [Rank.ASIDE] * len(aside)
    )
    assert all(one.clause.lower() in verdict.why.lower() for one in verdict.readings)


def test_figures_of_one_date_decide_no_trend() -> None:
    assert (
        judged("at_least", [artificial.share("remote.single_band.share", 0.1)], (0.5,), trend=1) is TOO_LITTLE
    )
    assert (
        judged("at_least", [artificial.share("remote.single_band.share", 0.9)], (0.5,), trend=1) is TOO_LITTLE
    )


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


def test_what_is_missing_is_an_open_reading_of_a_couple_beside_what_is_known() -> None:
    known = artificial.effect("industry.autonomous_driving.effect", 0.16)
    absent = Unknown("industry.marketing.effect", "Marketing", "Too little.")
    claim = Claim("c", "A claim.", "above", (known.id, absent.id), (), {"unit": "effect"})

    verdict = claims.judge([claim], artificial.figures_of(known, absent))[0]

    assert verdict.judgement is TOO_LITTLE
    assert [one.outcome for one in verdict.readings] == [Outcome.OPEN]
    assert verdict.deciding == (known.id,)
    assert "+16% (+13% to +19%)" in verdict.why
    assert "marketing and ads: not known (too little)" in verdict.why


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


@pytest.mark.parametrize(
    ("base", "total", "expected"),
    [
        (1.0, 1.6, YES),  # the plainest reading holds; that total pay lies above was possible, not said
        (1.6, 2.0, NO),
        (1.6, 1.0, PART),  # it holds as total pay alone
        (1.2, 1.6, TOO_LITTLE),  # the plainest reading is open: another cannot decide
        (1.2, 1.0, TOO_LITTLE),
    ],
)
def test_the_plainest_reading_of_a_band_is_base_pay(base: float, total: float, expected: Judgement) -> None:
    figures: list[Figure] = [
        artificial.money(f"band.mid.{component}.{quantile}", value * factor)
        for component, factor in (("base", base), ("total", total))
        for quantile, value in BAND.items()
    ]

    assert judged("band", figures, (180e3, 260e3)) is expected


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
    rf"share\.{LEVEL}\.total\.top\.(reported_)?over_\d+k",
    r"(tier|place|remote|specialisation|industry|lifecycle|degree)\.\w+\.effect",
    r"place\.spread\.(remote|onsite)\.effect",
    r"remote\.single_band\.share",
    r"skill\.(\*|[\w-]+)\.(demand|premium)",
    r"degree\.(required|preferred)\.(bachelor|master|phd|advanced)\.share",
    r"degree\.unmentioned\.share",
    rf"uplift\.{LEVEL}\.(all|top)\.(p25|p50|p75)",
    r"swe\.premium\.(grade|years|top|other|years_top|years_other)(\.base)?\.effect",
    rf"duty\.{LEVEL}\.\w+\.share",
    r"role\.\w+\.share",
]


def test_claims_name_only_figures_that_an_edition_may_hold() -> None:
    known = re.compile("|".join(f"(?:{pattern})" for pattern in CONTRACT))
    for claim in claims.load("ml_engineer_2026").claims:
        others = [name for option in FURTHER for name in further(claim, option)]
        odd = [name for name in (*claim.figures, *others) if not known.fullmatch(name)]
        assert odd == [], claim.id


def test_every_section_has_a_claim_but_the_skills_under_whose_heading_the_guide_names_none() -> None:
    sections = {
        "role", "levels", "tier", "place", "remote", "depth", "industry", "lifecycle", "average", "senior",
        "degree", "swe",
    }  # fmt: skip

    assert {claim.options["section"] for claim in claims.load("ml_engineer_2026").claims} == sections
