"""Bands of narrower populations: from their own evidence and their parents', never out of order, never made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from payguide.base.codes import Role
from payguide.base.estimates import Estimate, Unknown
from payguide.base.reference.country import country
from payguide.fit.frame import Frame
from payguide.fit.lookup import Evidence
from payguide.fit.populations import populations

FRAME = Frame(Role.ML_ENGINEER, date(2026, 6, 12), 0.9, country("US"), "People")
TIERS = ("big_tech", "public_tech", "startup", "enterprise")
LEVELS = ("entry", "mid", "senior", "staff")


@pytest.fixture(scope="module")
def market(make_cell):
    """One source: four tiers of ten employers each, 0.1 apart in log pay, four levels 0.15 apart; one is thin."""
    rng = np.random.default_rng(3)
    employer, tier, level = (
        part.ravel() for part in np.meshgrid(np.arange(40), [0], np.arange(4), indexing="ij")
    )
    employer, level = np.repeat(employer, 5), np.repeat(level, 5)
    tier = employer // 10
    kept = (tier < 3) | (rng.random(len(employer)) < 0.3)
    employer, tier, level = employer[kept], tier[kept], level[kept]
    pay = 2e5 * np.exp(
        0.15 * level - 0.1 * tier + rng.normal(0, 0.1, 40)[employer] + rng.normal(0, 0.15, len(tier))
    )

    def cells(mask, at, population):
        for source in ("board", "pooled"):
            yield make_cell(employer[mask], pay[mask], source=source, level=at, population=population, seed=5)

    found = []
    for at in ("any", *LEVELS):
        inside = np.ones(len(pay), bool) if at == "any" else level == LEVELS.index(at)
        found += list(cells(inside, at, "all"))
        for number, name in enumerate(TIERS):
            found += list(cells(inside & (tier == number), at, f"tier={name}"))
    return found


def figures(cells, metros=None):
    evidence = Evidence("ml_engineer", cells, (), (), "pooled")
    return {item.id: item for item in populations(evidence, FRAME, metros or {})}


def test_every_population_at_every_level_says_how_much_it_borrowed(market):
    found = figures(market)
    assert set(found) == {
        f"band.{level}.base.tier.{tier}.{q}"
        for level in (*LEVELS, "any") for tier in TIERS for q in ("p10", "p25", "p50", "p75", "p90")
    }  # fmt: skip
    assert all(isinstance(item, Estimate) and 0 < item.borrowed < 1 for item in found.values())
    figure = found["band.senior.base.tier.big_tech.p50"]
    assert figure.label == "Senior base pay at big tech, median"
    assert figure.population == "People; at big tech"


def test_who_has_less_evidence_borrows_more_and_lies_nearer_to_the_parent(market):
    found = figures(market)
    thick, thin = (found[f"band.senior.base.tier.{tier}.p50"] for tier in ("big_tech", "enterprise"))
    assert thin.n < thick.n
    assert thin.borrowed > thick.borrowed


def test_quantiles_and_their_intervals_rise(market):
    found = figures(market)
    for level in (*LEVELS, "any"):
        for tier in TIERS:
            band = [found[f"band.{level}.base.tier.{tier}.{q}"] for q in ("p10", "p25", "p50", "p75", "p90")]
            for name in ("value", "low", "high"):
                ends = [getattr(item, name) for item in band]
                assert ends == sorted(ends)


def test_what_no_source_has_enough_of_stays_unknown_however_much_it_could_borrow(market):
    thin = [
        replace(cell, n=9) if cell.key.population == "tier=enterprise" and cell.key.level == "staff" else cell
        for cell in market
    ]
    found = figures(thin)["band.staff.base.tier.enterprise.p50"]
    assert isinstance(found, Unknown)
    assert "10 pieces" in found.why


def test_what_names_no_population_has_no_band(market):
    unnamed = [replace(cell, key=replace(cell.key, population="tier=unknown")) for cell in market[:2]]
    assert not any(".unknown." in name for name in figures([*market, *unnamed]))


def test_metros_are_called_by_their_names(market):
    moved = [
        replace(
            cell, key=replace(cell.key, population=cell.key.population.replace("tier=startup", "metro=12420"))
        )
        for cell in market
    ]
    found = figures(moved, {"12420": "Austin"})
    assert found["band.mid.base.metro.12420.p25"].label == "Mid-level base pay in Austin, 25th percentile"


def test_no_evidence_makes_no_band():
    assert figures([]) == {}
