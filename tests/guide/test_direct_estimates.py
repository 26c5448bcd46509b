"""What sources say by themselves beside a figure of the market: how far it moves with them, and where they part."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.codes import EvidenceKind
from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Published, SourceEstimate, Unit
from payguide.guide import site
from payguide.guide.sections.evidence import apart

#: A 90 % interval is so many standard errors to each side.
_Z = 1.6448536


def spread(value: float, error: float) -> dict[str, float]:
    """A value with the interval of its standard error on the log scale."""
    return {"value": value, "low": value * math.exp(-_Z * error), "high": value * math.exp(_Z * error)}


def source(value: float, error: float, **other: object) -> SourceEstimate:
    made = artificial.estimate("band.mid.base.p50", 1.0).sources[0]
    return replace(made, **{**spread(value, error), "mean_date": date(2029, 6, 1), **other})  # type: ignore[arg-type]


def figure(*sources: SourceEstimate, id_: str = "band.mid.base.p50") -> Estimate:
    return artificial.estimate(id_, **spread(200_000, 0.03), sources=sources, heterogeneity=None)


@pytest.mark.parametrize(
    ("value", "error", "expected"),
    [
        (200_000, 0.04, 0.0),
        # two errors of both: sqrt(0.03^2 + 0.04^2) = 0.05
        (200_000 * math.exp(0.10), 0.04, 2.0),
        (200_000 * math.exp(-0.15), 0.04, -3.0),
        (200_000 * math.exp(0.10), 0.4, 0.1 / math.hypot(0.03, 0.4)),
    ],
)
def test_a_distance_is_in_standard_errors_of_both(value: float, error: float, expected: float) -> None:
    own = source(value, error)

    assert apart(figure(own), own) == pytest.approx(expected, abs=1e-6)


def test_effects_part_on_the_scale_of_factors() -> None:
    own = replace(source(1, 1), value=0.21, low=0.10, high=0.331)
    ours = artificial.estimate("tier.big_tech.effect", 0.1, 0.0, 0.21, Unit.EFFECT, sources=(own,))

    # ln 1.21 - ln 1.1 = ln 1.1; either error is ln(1.21) / 2 / 1.645
    error = math.log(1.21) / 2 / _Z
    assert apart(ours, own) == pytest.approx(math.log(1.1) / (error * math.sqrt(2)), rel=1e-3)


@pytest.mark.parametrize(
    "id_", ["kind.self_report.mid.base.p50", "skill.sql.premium", "official.15-1252.p50"]
)
def test_what_is_a_blend_of_its_sources_has_none_that_part(id_: str) -> None:
    own = source(900_000, 0.001)

    assert apart(figure(own, id_=id_), own) == 0.0


def entry(edition: Edition, folder: Path, place: str) -> LexborHTMLParser:
    site.render(edition, folder)
    return LexborHTMLParser((folder / "evidence.html").read_text(encoding="utf-8")).css_first(
        f"[id='f-{place}']"
    )


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (source(201_000, 0.03, weight=0.4), "$201K, influence 40%."),
        (source(201_000, 0.03, weight=-0.02), "$201K, influence −2%."),
        (source(240_000, 0.03, weight=0.4), "$240K, apart +4.3, influence 40% (may be of other people)."),
        (
            source(160_000, 0.03, weight=0.1, kind=EvidenceKind.POSTED_RANGE),
            "$160K, apart −5.3, influence 10% (may be on another scale, of other people).",
        ),
        (
            source(240_000, 0.03, weight=0.1, mean_date=date(2026, 1, 1)),
            "$240K, apart +4.3, influence 10% (may be older, of other people).",
        ),
    ],
)
def test_the_evidence_page_says_where_a_source_parts_and_why_it_may(
    tmp_path: Path, own: SourceEstimate, said: str
) -> None:
    known = artificial.edition()
    alone = {"band.mid.base.p50": Published(figure(own))}

    shown = entry(replace(known, figures=alone, verdicts=()), tmp_path, "band.mid.base.p50")
    assert said in " ".join(shown.text().split())
