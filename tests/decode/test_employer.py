"""Employers over their spellings."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Industry, Tier
from payguide.base.records import Employer
from payguide.decode.employer import read_employer
from payguide.decode.lexicon import vocabulary


@pytest.mark.parametrize(
    ("names", "slug"),
    [
        (("Amazon", "amazon", "Amazon.com Services LLC", "AWS", "Amazon Web Services, Inc."), "amazon"),
        (("Facebook", "Meta", "META PLATFORMS, INC."), "meta"),
        (("OpenAI", "Open AI", "openai"), "openai"),
        (("JPMorgan Chase", "JP MORGAN CHASE & CO.", "J.P. Morgan"), "jpmorgan-chase"),
        (("Macy's", "Macy’s", "macys"), "macys"),
        (("Harvey", "Harvey (YC W22)", "harvey"), "harvey"),
        (("Rose Rocket", "Rose%20Rocket", "Rose Rocket Inc."), "rose-rocket"),
        (("The Home Depot", "Home Depot"), "home-depot"),
        (("", "  ", "!!!"), ""),
    ],
)
def test_one_employer_has_one_id(names: tuple[str, ...], slug: str) -> None:
    assert {read_employer(name).id for name in names} == {slug}


@pytest.mark.parametrize(
    ("name", "tier", "industry"),
    [
        ("Anthropic", Tier.FRONTIER_LAB, Industry.AI),
        ("Google", Tier.BIG_TECH, Industry.SOFTWARE),
        ("Waymo", Tier.BIG_TECH, Industry.AUTONOMOUS_DRIVING),
        ("Scale AI", Tier.FUNDED_STARTUP, Industry.AI),
        ("Cisco", Tier.PUBLIC_TECH, Industry.SOFTWARE),
        ("Two Sigma", Tier.ENTERPRISE, Industry.QUANT_FINANCE),
        ("Deloitte", Tier.CONSULTANCY, Industry.SOFTWARE),
        ("University of Somewhere", Tier.UNKNOWN, Industry.PUBLIC),
        ("First Bank of Nowhere", Tier.UNKNOWN, Industry.FINANCE),
        ("Quuxly Frobnicators", Tier.UNKNOWN, Industry.UNKNOWN),
    ],
)
def test_what_is_known_of_it(name: str, tier: Tier, industry: Industry) -> None:
    found = read_employer(name)

    assert (found.tier, found.industry) == (tier, industry)


def test_every_tier_says_its_rule_and_reference() -> None:
    listed = vocabulary("employers")

    assert {group["tier"] for group in listed["group"]} - {"unknown"} <= set(listed["tiers"])
    assert all("reference:" in rule for rule in listed["tiers"].values())
    assert len([name for group in listed["group"] for name in group["names"]]) >= 300


@given(st.text(max_size=200))
def test_reading_an_employer_again_changes_nothing(name: str) -> None:
    found = read_employer(name)

    assert read_employer(found.name).id == found.id
    assert found == Employer() or found.id


@pytest.mark.shared
def test_most_self_reports_are_of_employers_with_a_known_tier(library: Path) -> None:
    with gzip.open(library / "surveys" / "levels_2017_2021.csv.gz", "rt", encoding="utf-8") as file:
        tiers = [read_employer(row["company"]).tier for row in csv.DictReader(file)]

    assert sum(tier is not Tier.UNKNOWN for tier in tiers) / len(tiers) > 0.9
