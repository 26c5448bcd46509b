"""Claims as formal tests: what holds, fails, stays undecided, and what a claims file may hold."""

from __future__ import annotations

from pathlib import Path

import artificial
import pytest

from payguide.base.errors import InputError, UnreadableFile, UsageError, WrongShape
from payguide.base.figures import Claim, Figure, Judgement, Published, Unit, Withheld
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
    found = claims.load("ml_engineer_2026")

    assert len(found) >= 25
    assert len({claim.id for claim in found}) == len(found)
    verdicts = claims.judge(found, artificial.figures())
    assert all(verdict.why.endswith(".") for verdict in verdicts)
    # an edition without any figure decides nothing
    assert {verdict.judgement for verdict in claims.judge(found, {})} == {TOO_LITTLE}


ROW = '[[claim]]\nid = "a"\ntest = "within"\nsentence = "S."\nfigures = ["x.y"]\nstated = [1, 2]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml [", "TOML"),
        ("", "no [[claim]]"),
        (ROW + ROW, "twice"),
        (ROW.replace("within", "divine"), "divine"),
        (ROW.replace("[1, 2]", "[1]"), "takes 2"),
        (ROW.replace("[1, 2]", "[2, 1]"), "backwards"),
        (ROW.replace('sentence = "S."\n', ""), "sentence"),
        (ROW.replace("within", "band"), "figures"),
    ],
)
def test_a_malformed_claims_file_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "claims.toml"
    file.write_text(text)

    with pytest.raises(WrongShape, match=r"claims\.toml") as caught:
        claims.load_file(file)
    assert said in str(caught.value)


def test_a_claims_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        claims.load_file(tmp_path / "absent.toml")
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UnreadableFile):
        claims.load_file(tmp_path / "odd.toml")
    with pytest.raises(UsageError, match="Known guides"):
        claims.load("nobody")
