"""Guides judged: by an edition's figures, half by half, and against each other."""

from __future__ import annotations

import pytest
from artificial import money

from payguide.base.edition import Edition, Judgement
from payguide.base.guides import GuidePage
from payguide.decode.guides import read_guide
from payguide.guide.claims.audit import AuditedGuide, all_wrong, audit, audit_data, nearest, said_by_halves
from payguide.guide.claims.load import parse
from payguide.guide.claims.write import claims_file

#: Base pay of seniors is 150K to 190K, their total pay 210K to 290K.
FIGURES = {
    f"band.senior.{part}{top}.{quantile}": money(f"band.senior.{part}{top}.{quantile}", value * 1e3)
    for top in ("", ".top")
    for part, values in {"base": (135, 150, 170, 190, 205), "total": (180, 210, 250, 290, 330)}.items()
    for quantile, value in zip(("p10", "p25", "p50", "p75", "p90"), values, strict=True)
}
ML = "machine learning engineers"
EDITION = Edition({"role": "ml_engineer"}, FIGURES)


def page(text: str) -> GuidePage:
    return read_guide(f"<h1>ML Engineer Salary Guide 2026, United States</h1><p>{text}</p>")


def judged(name: str, text: str) -> AuditedGuide:
    return audit(name, page(text), EDITION)


@pytest.mark.parametrize(
    ("text", "judgement", "halves"),
    [
        ("Seniors earn $150K to $190K.", Judgement.SUPPORTED, "base: partly; total: no"),
        ("Seniors earn $210K to $290K.", Judgement.MIXED, "base: no; total: partly"),
        ("Seniors earn $150K to $290K.", Judgement.CONTRADICTED, "base: no; total: no"),
        ("Seniors earn a base salary of $300K to $400K.", Judgement.CONTRADICTED, ""),
        ("The median base salary of seniors is $170K.", Judgement.SUPPORTED, ""),
    ],
)
def test_a_verdict_says_which_half_fails(text: str, judgement: Judgement, halves: str) -> None:
    (one,) = judged("a", text).judged

    assert one.verdict is not None
    # the middle half holds, the middle four fifths of the same pay does not
    assert (one.verdict.judgement, said_by_halves(one.verdict)) == (judgement, halves)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Senior data scientists earn $150K.", f"it is of data scientists, and the edition is of {ML}"),
        ("Seniors in Toronto earn C$150K.", "it is in CAD, and the evidence is in USD"),
        ("Senior interns earn a bonus of $5K.", "an edition has no figure of bonus alone"),
    ],
)  # fmt: skip
def test_what_the_edition_cannot_test_is_not_judged(text: str, why: str) -> None:
    (one,) = judged("a", text).judged

    assert (one.verdict, one.claim.why_not) == (None, why)


def test_a_bare_figure_is_quoted_with_what_heads_it() -> None:
    read = read_guide(
        "<h1>ML Engineer Salary Guide 2026</h1><table><tr><th>City</th><th>Senior base</th></tr><tr><td>Seattle</td>"
        "<td>$160K–$190K</td></tr></table><h2>Junior</h2><p>$120K</p>"
    )

    assert [one.sentence for one in read.claims] == ["Seattle · Senior base: $160K–$190K", "Junior: $120K"]


def test_a_band_of_a_place_is_judged_by_that_places_figures() -> None:
    figures = {
        key.replace(".base.", ".base.metro.42660."): one for key, one in FIGURES.items() if ".top." not in key
    }
    read = page("Seniors in Seattle earn a base salary of $150K to $190K.")

    (one,) = audit("a", read, Edition({"role": "ml_engineer"}, figures)).judged

    assert one.verdict is not None
    assert one.verdict.judgement is Judgement.SUPPORTED
    assert "base pay, Seattle" in one.verdict.why


def test_guides_are_compared() -> None:
    right = judged(
        "right", "The median base salary of seniors is $170K. Seniors earn a base of $400K to $500K."
    )
    wrong = judged(
        "wrong", "The median base salary of seniors is $270K. Seniors earn a base of $300K to $400K."
    )

    assert (right.share, wrong.share) == (0.5, 0.0)
    assert nearest([wrong, right]) is right
    assert all_wrong([right, wrong]) == ["band.senior.base"]
    assert nearest([right]) is None


def test_a_claims_file_says_what_was_read() -> None:
    read = page(
        'Seniors earn $150K to $190K, "more" than {juniors}. Engineers in Seattle earn 15 to 20% more.\x7f'
    )
    written = [one.claim for one in read.claims if one.claim]

    again = parse(claims_file("A \\ guide", "", written), where="claims.toml")

    assert again.title == "A \\ guide"
    assert [(one.id, one.test, one.figures, one.stated, one.sentence) for one in again.claims] == [
        (one.id, one.test, one.figures, one.stated, one.sentence) for one in written
    ]
    assert len(written) == 2


def test_the_data_of_a_guide_has_all_that_was_said_and_left_unsaid() -> None:
    first, *_, last = audit_data(
        judged("a.html", "Seniors in London earn £500 a day. Pay varies more than it did.")
    )

    assert {key: first[key] for key in ("page", "low", "currency", "period", "levels", "places", "component")} == {
        "page": "a.html", "low": 500.0, "currency": "GBP", "period": "day", "levels": ["senior"], "places": ["London"],
        "component": None,
    }  # fmt: skip
    assert first["unsaid"] == ["base or total", "sample"]
    assert (last["kind"], last["sentence"]) == ("untestable", "Pay varies more than it did.")
