"""The room's door: every id the guide asks for, once, each an estimate or a plain reason."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from payguide.base.aggregates import Aggregates
from payguide.base.codes import TOP_TIERS, Duty, Industry, Role, Specialisation, Tier
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id, word
from payguide.fit.edition import estimate
from payguide.fit.market.coded import ROLES
from small_market import people

DAY = date(2026, 11, 1)
QUANTILES = ("p10", "p25", "p50", "p75", "p90")
LEVELS = ("entry", "mid", "senior", "staff", "any")
THRESHOLDS = ("300k", "350k", "400k", "500k")


def expected():
    """The ids that do not depend on which skills, metros and occupations the evidence holds."""
    for level in LEVELS:
        for component in ("base", "total"):
            yield from (f"band.{level}.{component}.{q}" for q in (*QUANTILES, "mean"))
            yield from (f"band.{level}.{component}.top.{q}" for q in QUANTILES)
        for who in ("all", "top"):
            yield from (f"uplift.{level}.{who}.{q}" for q in ("p25", "p50", "p75"))
    for level in LEVELS[:-1]:
        for over in ("over", "reported_over"):
            yield from (f"share.{level}.total.top.{over}_{threshold}" for threshold in THRESHOLDS)
        yield from (f"duty.{level}.{duty}.share" for duty in Duty)
    yield from (f"tier.{tier}.effect" for tier in (*Tier, "top") if tier != "unknown")
    yield from (f"place.{code}.effect" for code in ("41860", "35620", "42660", "top3"))
    yield from ("remote.remote.effect", "remote.hybrid.effect", "remote.single_band.share")
    yield from (f"specialisation.{name}.effect" for name in Specialisation)
    yield from (f"industry.{name}.effect" for name in Industry if name != "unknown")
    yield from ("lifecycle.stage.effect", "lifecycle.full.effect")
    yield from (f"degree.{name}.effect" for name in ("required_phd", "required_master", "preferred_advanced"))
    for strength in ("required", "preferred"):
        yield from (f"degree.{strength}.{d}.share" for d in ("bachelor", "master", "phd", "advanced"))
    yield "degree.unmentioned.share"
    for name in ("grade", "years", "top", "other", "years_top", "years_other"):
        yield from (f"swe.premium.{name}.effect", f"swe.premium.{name}.base.effect")
    yield from (
        f"role.{duty}.share" for duty in ("build_models", "deploy", "maintain", "research_to_production")
    )
    yield from ("place.spread.remote.effect", "place.spread.onsite.effect", "place.oews.correlation")
    yield from (f"official.15-2051.{q}" for q in (*QUANTILES, "mean"))
    yield "official.15-1252.41860.p50"


EMPTY = Aggregates((), (), (), (), {}, "none")


def test_without_evidence_every_figure_is_unknown_and_says_why():
    found = {item.id: item for item in estimate(EMPTY, people(), role="ml_engineer", country="US", as_of=DAY)}
    assert set(expected()) <= set(found)
    assert all(isinstance(item, Unknown) and item.why.endswith(".") for item in found.values())
    assert all(item.label for item in found.values())


@pytest.mark.parametrize("role", ROLES)
def test_no_id_is_given_twice_for_any_role(role):
    ids = [item.id for item in estimate(EMPTY, people(role), role=role, country="US", as_of=DAY)]
    assert len(ids) == len(set(ids))


def test_evidence_becomes_estimates_with_the_edition_stated(make_cell, make_tally):
    rng = np.random.default_rng(0)
    whose = np.arange(120) % 24
    cells = tuple(
        make_cell(whose, 2e5 * np.exp(rng.normal(0, 0.2, 120)), source=source, level="senior")
        for source in ("board", "pooled")
    )
    tally = make_tally("skill=pytorch", np.arange(120) < 60, whose)
    found = {
        item.id: item
        for item in estimate(
            Aggregates(cells, (), (tally,), (), {}, "v"),
            people(),
            role="ml_engineer",
            country="US",
            as_of=DAY,
            coverage=0.8,
        )
    }
    band = found["band.senior.base.p50"]
    assert isinstance(band, Estimate)
    assert (band.coverage, band.date, band.role, band.level, band.quantile, band.currency) == (
        0.8, DAY, Role.ML_ENGINEER, "senior", 0.5, "USD",
    )  # fmt: skip
    assert band.population == "Machine learning engineers in the United States"
    assert found["skill.pytorch.demand"].value == pytest.approx(0.5)


def test_the_same_evidence_gives_the_same_figures(make_cell):
    cell = make_cell(np.arange(60) % 12, np.linspace(1.5e5, 2.5e5, 60))
    aggregates = Aggregates((cell,), (), (), (), {}, "v")
    first = estimate(aggregates, people(), role="ml_engineer", country="US", as_of=DAY)
    assert first == estimate(aggregates, people(), role="ml_engineer", country="US", as_of=DAY)


@pytest.mark.parametrize(("role", "coverage"), [("wizard", 0.9), ("ml_engineer", 1.0), ("ml_engineer", 0.0)])
def test_what_cannot_be_estimated_is_refused(role, coverage):
    with pytest.raises(ValueError, match=r"wizard|coverage"):
        estimate(EMPTY, people(), role=role, country="US", as_of=DAY, coverage=coverage)


def test_every_word_of_the_vocabulary_has_a_label():
    for field, values in {
        "tier": [*(t for t in Tier if t != "unknown"), "top"],
        "duty": Duty,
        "role": Role,
        "industry": [i for i in Industry if i != "unknown"],
        "statistic": (*QUANTILES, "mean"),
    }.items():
        for value in values:
            assert "_" not in word(field, str(value))
    assert figure_id("tier", tier="top").label().startswith("Base pay at big tech")
    assert len(TOP_TIERS) == 3
