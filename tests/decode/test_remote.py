"""Where the work may be done."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Remote
from payguide.decode.lexicon import scan
from payguide.decode.remote import remote_in

ONSITE, HYBRID, REMOTE, UNSTATED = Remote


@pytest.mark.parametrize(
    ("location", "title", "text", "expected"),
    [
        ("Remote", "", "", REMOTE),
        ("Remote - US", "", "three days in the office", REMOTE),
        ("San Francisco or Remote", "", "", REMOTE),
        ("New York (Hybrid)", "", "", HYBRID),
        ("Hybrid / Remote", "", "", HYBRID),
        ("London, on-site", "", "", ONSITE),
        ("", "ML Engineer (Remote)", "", REMOTE),
        ("Berlin", "ML Engineer", "This is a fully remote position.", REMOTE),
        ("Berlin", "ML Engineer", "You may work remotely.", REMOTE),
        ("Berlin", "ML Engineer", "We work in the office 3 days a week in a hybrid model.", HYBRID),
        ("Berlin", "ML Engineer", "Three days a week in our office.", HYBRID),
        ("Berlin", "ML Engineer", "This role is in person, based in our Berlin office.", ONSITE),
        ("Berlin", "ML Engineer", "This is not a remote position.", ONSITE),
        # the same words for other things
        ("Berlin", "ML Engineer", "Work on hybrid cloud.", UNSTATED),
        ("Berlin", "ML Engineer", "Remote sensing with satellites.", UNSTATED),
        ("Berlin", "ML Engineer", "An on-site gym and onsite interviews.", UNSTATED),
        ("Berlin", "ML Engineer", "Build models.", UNSTATED),
        ("", "", "", UNSTATED),
    ],
)
def test_where_the_work_may_be_done(location: str, title: str, text: str, expected: Remote) -> None:
    assert remote_in(scan(text), location, title) == expected


def test_the_boards_own_statement_comes_first() -> None:
    assert remote_in(scan("fully remote"), "Remote", "", HYBRID) is HYBRID
    assert remote_in(scan("fully remote"), "", "", UNSTATED) is REMOTE


@given(st.text(max_size=200), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_taken(text: str, location: str, title: str) -> None:
    assert remote_in(scan(text), location, title) in set(Remote)
