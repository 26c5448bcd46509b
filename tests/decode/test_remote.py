"""Where the work may be done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Remote
from payguide.decode.phrase_matcher import scan, vocabulary
from payguide.decode.remote import remote_in

ONSITE, HYBRID, REMOTE, UNSTATED = Remote


def in_text(text: str) -> Remote:
    return remote_in(scan(text), "Berlin", "ML Engineer")


def test_the_boards_own_statement_comes_first() -> None:
    assert remote_in(scan("fully remote"), "Remote", "", HYBRID) is HYBRID
    assert remote_in(scan("fully remote"), "", "", UNSTATED) is REMOTE


@pytest.mark.parametrize(
    ("location", "title", "expected"),
    [
        ("Remote", "", REMOTE),
        ("Remote - US", "", REMOTE),
        ("San Francisco or Remote", "", REMOTE),
        ("Anywhere", "", REMOTE),
        ("New York (Hybrid)", "", HYBRID),
        ("San Francisco-Hybrid", "", HYBRID),
        ("Hybrid / Remote", "", HYBRID),
        ("London, on-site", "", ONSITE),
        ("Austin (In-Office)", "", ONSITE),
        ("Austin, TX (no remote)", "", ONSITE),
        ("", "ML Engineer (Remote)", REMOTE),
        ("", "Remote ML Engineer", REMOTE),
        ("Berlin", "ML Engineer - Hybrid", HYBRID),
        ("Remote", "ML Engineer (Hybrid)", REMOTE),  # the location's field is the board's
        # the same words for other things
        ("Berlin", "Engineer, Distributed Systems", UNSTATED),
        ("Berlin", "Remote Sensing Scientist", UNSTATED),
        ("Berlin", "Hybrid Cloud Architect", UNSTATED),
        ("Berlin", "Onsite Support Technician", UNSTATED),
        ("Berlin", "Remote Operations Engineer", UNSTATED),
        ("", "", UNSTATED),
    ],
)
def test_a_field_says_it(location: str, title: str, expected: Remote) -> None:
    assert remote_in(scan(""), location, title) == expected


def test_fields_come_before_the_text() -> None:
    assert remote_in(scan("Three days a week in the office."), "Remote - US", "") is REMOTE
    assert remote_in(scan("Fully remote."), "Berlin", "ML Engineer (on-site)") is ONSITE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is a fully remote position.", REMOTE),
        ("Location: Remote (US only)", REMOTE),
        ("**Location:** Remote", REMOTE),
        ("REMOTE!", REMOTE),
        ("100% remote", REMOTE),
        ("#LI-Remote", REMOTE),
        ("You may work remotely.", REMOTE),
        ("We are a remote-first company.", REMOTE),
        ("Work from our Paris office or remotely.", REMOTE),
        ("This is a hybrid role based in Boston.", HYBRID),
        ("Workplace: Hybrid", HYBRID),
        ("We work in the office 3 days a week in a hybrid model.", HYBRID),
        ("Three days a week in our office.", HYBRID),
        ("We expect 2-3 days per week on-site.", HYBRID),
        ("You must work from our Oslo office at least 3x per week.", HYBRID),
        ("Work from our downtown office 4+ days a week.", HYBRID),
        ("Buenos Aires (Hybrid)", HYBRID),
        ("Remote policy: 1-2 days a week.", HYBRID),
        ("This role is in person, based in our Berlin office.", ONSITE),
        ("You will work 5 days a week in our San Francisco HQ.", ONSITE),
        ("In person, six days a week.", ONSITE),
        ("Location (On-site)", ONSITE),
        ("We are an in-person team.", ONSITE),
        ("Build models.", UNSTATED),
        ("", UNSTATED),
    ],
)
def test_a_text_says_it(text: str, expected: Remote) -> None:
    assert in_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is not a remote position.", ONSITE),
        ("No remote.", ONSITE),
        ("We cannot offer remote work.", ONSITE),
        ("Remote work is not available.", ONSITE),
        ("This role is not currently remote eligible.", ONSITE),
        ("This is not fully remote.", HYBRID),
        # a "not" of another sentence
        ("You do not. Remote role.", REMOTE),
    ],
)
def test_what_is_taken_back(text: str, expected: Remote) -> None:
    assert in_text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Work on hybrid cloud and hybrid search.",
        "Any environment (cloud, edge, hybrid).",
        "Build hybrid: part rules, part model.",
        "Remote sensing with satellites.",
        "You will support remote teams worldwide and our remote offices.",
        "Remote diagnostics for remote sites.",
        "A home office stipend and a work-from-home stipend.",
        "An on-site gym and onsite interviews.",
        "After a call we invite you to a final on-site.",
        "You communicate well in writing and in person.",
        "We get together in person twice a year.",
        "In-office lunch, 5 days per week.",
        "You will travel 3-5 days per week across the region.",
        "Build distributed systems.",
        "25 days of holiday in our Dublin office.",
    ],
)
def test_the_same_words_for_other_things(text: str) -> None:
    assert in_text(text) is UNSTATED


def test_what_is_said_of_the_post_counts_before_the_employers_ways() -> None:
    assert in_text("This role is onsite. We are a remote-friendly company.") is ONSITE
    assert in_text("This role is fully remote. Our teams collaborate in person too.") is REMOTE


def test_every_phrase_says_what_it_stands_for() -> None:
    """Each phrase by itself, so that none is hidden by one that means something else."""
    listed = vocabulary("arrangements")["phrases"]
    read = {
        phrase: in_text(f"We say: {phrase}.")
        for name in ("remote", "hybrid", "onsite", "likely_remote", "likely_hybrid", "likely_onsite")
        for phrase in listed[name]
        if in_text(f"We say: {phrase}.") != name.removeprefix("likely_")
    }

    assert read == {}


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_taken(text: str, location: str, title: str) -> None:
    assert remote_in(scan(text), location, title) in set(Remote)


_WORDS = st.sampled_from((
    "not", "a", "remote", "hybrid", "days", "a week", "5", "2-3", "in the office", "onsite", "role", ".", "\n",
    "Location:", "100%",
))  # fmt: skip


@given(st.lists(_WORDS, max_size=30).map(" ".join))
def test_any_mixture_of_its_own_words_is_taken(text: str) -> None:
    assert in_text(text) in set(Remote)


@pytest.mark.parametrize(
    "piece",
    [
        "hybrid cloud ",
        "not a remote ",
        "3 days a week ",
        "location: ",
        "\n\n",
        "remote is not ",
        "100% ",
        "**",
    ],
)
def test_hostile_text_is_read(piece: str) -> None:
    """How long it takes is measured in benchmarks/hostile_text.py."""
    text = piece * 2_000
    assert remote_in(scan(text), text, text) in set(Remote)
