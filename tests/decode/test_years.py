"""The years a posting asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.decode.lexicon import scan
from payguide.decode.years import years_in

NOBODY = (None, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # how it is written
        ("5+ years of experience in software engineering", (5, None)),
        ("At least 5 years of professional experience", (5, None)),
        ("Minimum of seven years of industry experience", (7, None)),
        ("3-5 years of experience", (3, 5)),
        ("3 – 5 years of experience", (3, 5)),
        ("3 to 5 years' experience", (3, 5)),
        ("between 2 and 4 years of relevant experience", (2, 4)),
        ("five (5) years of experience", (5, None)),
        ("5 or more years of experience", (5, None)),
        ("7 plus years of experience", (7, None)),
        ("8+ YOE", (8, None)),
        ("2.5 years of professional experience", (2.5, None)),
        ("Experience: 6+ years", (6, None)),
        ("- 5+ years in operations", (5, None)),
        ("4 yrs of experience with databases", (4, None)),
        # experience at large before experience in one skill, in whichever order they stand
        ("2+ years of experience with Kubernetes\n6+ years of professional software experience", (6, None)),
        # of several skills the longest
        ("2+ years of Rust development\n4+ years of Python development", (4, None)),
        # what is required before what is welcome
        ("Requirements\n- 3+ years of experience\nNice to have\n- 8+ years of experience", (3, None)),
        # not a demand
        ("We have over 20 years of experience in retail.", NOBODY),
        ("Our team brings 15 years of experience.", NOBODY),
        ("Founded 12 years ago by engineers.", NOBODY),
        ("Options vest over 4 years, building ownership", NOBODY),
        ("You must be 18 years of age or older to work here.", NOBODY),
        ("Over the past 3 years we have been building", NOBODY),
        ("$160,000 - $180,000 a year", NOBODY),
        ("a four-year college degree", NOBODY),
        ("25 days of vacation per year", NOBODY),
        ("", NOBODY),
    ],
)
def test_years_asked_for(text: str, expected: tuple[float | None, float | None]) -> None:
    assert years_in(scan(text)) == expected


def test_the_title_may_say_it() -> None:
    assert years_in(scan("Build things."), "ML Engineer (5+ years)") == (5, None)


@given(st.text(max_size=400) | st.from_regex(r"(\d{1,3}[+–-]? ?(years|yrs) (of|in) [a-z ]{0,30}){1,5}"))
def test_any_text_gives_possible_years(text: str) -> None:
    low, high = years_in(scan(text))

    assert low is None or 0 <= low <= 25
    assert high is None or (low is not None and high >= low)
