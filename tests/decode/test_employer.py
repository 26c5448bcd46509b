"""Employers over their spellings."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Industry, Tier
from payguide.base.inputs import Employer
from payguide.decode.employer import listed_employers, read_employer, table_employers
from payguide.decode.phrase_matcher import vocabulary
from payguide.decode.role import read_role


@pytest.mark.parametrize(
    ("slug", "names"),
    [
        # legal forms, places and units of a large employer
        ("amazon", ("Amazon", "amazon", "Amazon.com Services LLC", "AWS", "Amazon Web Services, Inc.")),
        ("amazon", ("AMAZON DEVELOPMENT CENTER U.S., INC.", "Amazon Data Services, Inc")),
        ("capital-one", ("Capital One", "Capital One, National Association")),
        ("qualcomm", ("Qualcomm", "Qualcomm Technologies, Inc.", "qualcomm innovation center inc")),
        ("two-sigma", ("Two Sigma", "Two Sigma Investments, LP")),
        ("deloitte", ("Deloitte", "Deloitte & Touche LLP", "Deloitte Consulting LLP")),
        # renamed, abbreviated, differently written
        ("meta", ("Facebook", "Meta", "META PLATFORMS, INC.", "Meta (formerly Facebook)")),
        ("google", ("Google", "Google LLC", "Alphabet Inc.", "YouTube")),
        ("google-deepmind", ("Google DeepMind", "DeepMind", "DeepMind Technologies Limited")),
        ("openai", ("OpenAI", "Open AI", "openai", "https://www.openai.com")),
        ("xai", ("xAI", "X.AI", "x.ai corp")),
        ("jpmorgan-chase", ("JPMorgan Chase", "JP MORGAN CHASE & CO.", "J.P. Morgan", "JPMorgan Chase Bank, N.A.")),
        ("d-e-shaw", ("D. E. Shaw", "D.E. Shaw & Co., L.P.", "The D. E. Shaw Group")),
        ("macys", ("Macy's", "Macy’s", "macys")),
        ("orsted", ("Ørsted", "Orsted A/S")),
        ("societe-generale", ("Societe Generale", "Société Générale")),
        # as boards write them
        ("harvey", ("Harvey", "Harvey AI", "Harvey (YC W22)", "harvey")),
        ("rose-rocket", ("Rose Rocket", "Rose%20Rocket", "Rose%2520Rocket", "Rose Rocket Inc.")),
        ("stripe", ("Stripe - Careers", "Careers at Stripe", "Stripe | Jobs", "stripe")),
        ("home-depot", ("The Home Depot", "Home Depot", "Jobs at The Home Depot")),
        ("weights-and-biases", ("Weights & Biases", "Weights and Biases", "wandb")),
        ("quuxly", ("Quuxly", "quuxly.com", "Quuxly.ai", "Quuxly, Inc.", "QUUXLY GmbH", "Quuxly Pbc")),
        ("quuxly", ("Frobnicators LLC dba Quuxly", "Frobnicators, Inc. d/b/a: Quuxly")),
        # another script keeps its letters
        ("яндекс", ("Яндекс",)),
        ("", ("", "  ", "!!!", "%20")),
    ],
)  # fmt: skip
def test_one_employer_has_one_id(slug: str, names: tuple[str, ...]) -> None:
    assert {name: read_employer(name).id for name in names} == dict.fromkeys(names, slug)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Target Logistics", "Target"),
        ("Scale Computing", "Scale AI"),
        ("Figure Technologies", "Figure"),
        ("Apple Bank for Savings", "Apple"),
        ("Delta Systems", "Delta Air Lines"),
        ("Sage Recruiting", "Sage"),
        ("HTC Global Services Inc", "HTC"),
        ("Oracle Elevator Company", "Oracle"),
        ("Software Systems and Solutions Inc", "SoftwareAG"),
        ("Epic Games", "Epic"),
    ],
)
def test_a_like_name_is_not_the_same_employer(name: str, other: str) -> None:
    assert read_employer(name).id != read_employer(other).id


@pytest.mark.parametrize(
    ("name", "tier", "industry"),
    [
        ("Anthropic", Tier.FRONTIER_LAB, Industry.AI),
        ("Google", Tier.BIG_TECH, Industry.SOFTWARE),
        ("Waymo", Tier.BIG_TECH, Industry.AUTONOMOUS_DRIVING),
        ("Scale AI", Tier.FUNDED_STARTUP, Industry.AI),
        ("Anduril Industries", Tier.FUNDED_STARTUP, Industry.INDUSTRY),
        ("Cisco", Tier.PUBLIC_TECH, Industry.SOFTWARE),
        ("CoreWeave", Tier.PUBLIC_TECH, Industry.AI),
        ("The Trade Desk", Tier.PUBLIC_TECH, Industry.MARKETING),
        ("Metabase", Tier.STARTUP, Industry.SOFTWARE),
        ("Two Sigma", Tier.ENTERPRISE, Industry.QUANT_FINANCE),
        ("Wells Fargo", Tier.ENTERPRISE, Industry.FINANCE),
        ("Mayo Clinic", Tier.PUBLIC_SERVICE, Industry.HEALTH),
        ("Walmart", Tier.ENTERPRISE, Industry.COMMERCE),
        ("Lockheed Martin", Tier.ENTERPRISE, Industry.INDUSTRY),
        ("Deloitte", Tier.CONSULTANCY, Industry.SOFTWARE),
        ("NASA", Tier.PUBLIC_SERVICE, Industry.PUBLIC),
        ("Tata Consultancy Services", Tier.IT_SERVICES, Industry.SOFTWARE),
        ("Stanford University", Tier.UNIVERSITY, Industry.PUBLIC),
        # unlisted: what the name itself says, and no more
        ("University of Somewhere", Tier.UNIVERSITY, Industry.PUBLIC),
        ("City of Springfield, Department of Parks", Tier.PUBLIC_SERVICE, Industry.PUBLIC),
        ("Unified School District 12", Tier.PUBLIC_SERVICE, Industry.PUBLIC),
        ("First Bank of Nowhere", Tier.MIDSIZE, Industry.FINANCE),
        ("Springfield General Hospital", Tier.PUBLIC_SERVICE, Industry.HEALTH),
        ("Frobnicate Therapeutics, Inc.", Tier.UNKNOWN, Industry.HEALTH),
        ("Frobnicate AI", Tier.UNKNOWN, Industry.AI),
        ("Frobnicate Staffing LLC", Tier.IT_SERVICES, Industry.UNKNOWN),
        ("FROBNICATEINFOTEK INC", Tier.IT_SERVICES, Industry.UNKNOWN),
        ("Frobnicate Solutions, Inc.", Tier.IT_SERVICES, Industry.UNKNOWN),
        ("Solutions for Frobnicators", Tier.UNKNOWN, Industry.UNKNOWN),
        ("Frobnicate IT, LLC", Tier.IT_SERVICES, Industry.UNKNOWN),
        ("Frobnicate Healthcare Solutions", Tier.UNKNOWN, Industry.HEALTH),
        ("County Bank of Nowhere", Tier.MIDSIZE, Industry.FINANCE),
        ("American College of Frobnication", Tier.PUBLIC_SERVICE, Industry.PUBLIC),
        ("Frobnicate Technologies LLC", Tier.UNKNOWN, Industry.UNKNOWN),
        ("Sherwood Forestry", Tier.UNKNOWN, Industry.UNKNOWN),
        ("Bankside Games", Tier.UNKNOWN, Industry.UNKNOWN),
        ("Quuxly Frobnicators", Tier.UNKNOWN, Industry.UNKNOWN),
    ],
)
def test_what_is_known_of_it(name: str, tier: Tier, industry: Industry) -> None:
    found = read_employer(name)

    assert (found.tier, found.industry) == (tier, industry)


@pytest.mark.parametrize(
    ("name", "known_by"),
    [
        ("Google", "list"), ("Cognizant Technology Solutions US Corp", "list"), ("Infosys Limited", "list"),
        ("3D TECHNOLOGIES LLC", "rule"), ("University of Somewhere", "rule"),
        ("Quuxly Frobnicators", ""), ("METR", ""), ("", ""),
    ],
)  # fmt: skip
def test_how_its_tier_is_known_is_said(name: str, known_by: str) -> None:
    found = read_employer(name)

    assert found.known_by == known_by
    assert (found.tier is Tier.UNKNOWN) == (known_by == "")


def test_the_table_names_no_one_whom_the_list_names() -> None:
    listed = {employer.id for employer, _ in listed_employers()}
    table = [employer.id for employer in table_employers()]

    assert len(table) == len(set(table))
    assert not listed & set(table)
    assert {read_employer(own).id for own in table} == set(table)


def test_every_owner_is_listed() -> None:
    listed = {employer.id: employer for employer, _ in listed_employers()}
    owners = {employer.parent for employer in listed.values()} - {""}

    assert len(owners) > 10
    assert owners <= set(listed)


def test_every_tier_says_its_rule_and_reference() -> None:
    listed = vocabulary("employers")

    assert {group["tier"] for group in listed["group"]} - {"unknown"} <= set(listed["tiers"])
    assert all("reference:" in rule for rule in listed["tiers"].values())
    assert listed["as_of"].year >= 2026


def test_the_list_covers_every_tier_and_industry() -> None:
    listed = [employer for employer, _ in listed_employers()]

    assert len(listed) >= 350
    assert {employer.tier for employer in listed} == set(Tier) - {Tier.MIDSIZE}
    assert {employer.industry for employer in listed} == set(Industry) - {Industry.UNKNOWN}


def test_every_listed_spelling_means_its_own_employer() -> None:
    wrong = [
        (spelling, read_employer(spelling).name)
        for employer, spellings in listed_employers()
        for spelling in spellings
        if read_employer(spelling) != employer
    ]

    assert wrong == []


def test_no_two_listed_employers_share_an_id() -> None:
    slugs = [employer.id for employer, _ in listed_employers()]

    assert sorted(slugs) == sorted(set(slugs))


_PARTS = st.lists(
    st.sampled_from((
        "Acme", "AI", "Inc.", "(YC W21)", "dba", ".com", "The", "%20", "%25", "&", "GmbH", "Careers at", "-", ",",
        "Amazon", "d/b/a", "U.S.", "é", "ß", "formerly", "www.", "Bank", ", a", "company", "subsidiary of", "01", "IT",
    ))
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), _PARTS.map(" ".join), _PARTS.map("".join)))
def test_reading_an_employer_again_changes_nothing(name: str) -> None:
    found = read_employer(name)

    assert read_employer(found.name) == found
    assert found == Employer() or found.id


@pytest.mark.parametrize(
    "piece", ["(", "a.", "%25", "dba ", " formerly", ".com", "the ", "a, ", ", a Boeing company", "1 "]
)
def test_a_name_of_any_length_is_read_by_its_head(piece: str) -> None:
    head = (piece * 120)[:120]

    assert read_employer(piece * 200_000) == read_employer(head)


@pytest.mark.shared
def test_most_self_reports_in_the_us_are_of_employers_with_a_known_tier(library: Path) -> None:
    with gzip.open(library / "surveys" / "levels_2017_2021.csv.gz", "rt", encoding="utf-8") as file:
        in_us = [row["company"] for row in csv.DictReader(file) if row["location"].count(",") == 1]

    assert sum(read_employer(name).tier is not Tier.UNKNOWN for name in in_us) / len(in_us) > 0.95


@pytest.mark.shared
def test_the_tier_is_unknown_of_few_filings_of_any_role(library: Path) -> None:
    with gzip.open(library / "filings" / "h1b_lca_fy2024q1.csv.gz", "rt", encoding="utf-8") as file:
        rows = [(read_role(row["JOB_TITLE"]), row["EMPLOYER_NAME"]) for row in csv.DictReader(file)]
    all_of, unknown = (
        Counter(role for role, _ in rows),
        Counter(role for role, name in rows if read_employer(name).tier is Tier.UNKNOWN),
    )

    assert {role for role, n in all_of.items() if unknown[role] / n >= 0.25} == set()


@pytest.mark.shared
def test_half_of_the_filing_employers_have_a_known_industry(library: Path) -> None:
    path = library / "filings" / "lca_fy2023q3_h1b1_singapore.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        names = [row["EMPLOYER_NAME"] for row in csv.DictReader(file)]

    assert sum(read_employer(name).industry is not Industry.UNKNOWN for name in names) / len(names) > 0.5
