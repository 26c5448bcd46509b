"""The years a posting asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.decode.phrase_matcher import scan
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
        ("Senior (8 years+)", (8, None)),
        ("Experience: 7+years", (7, None)),
        ("4-6+ (mid-career) years of experience in analytics", (4, None)),
        ("Minimum of 3 years in business development", (3, None)),
        ("You have spent 6+ years working on compilers", (6, None)),
        # experience at large before experience in one skill, in whichever order they stand
        ("2+ years of experience with Kubernetes\n6+ years of professional software experience", (6, None)),
        # of several skills the longest
        ("2+ years of Rust development\n4+ years of Python development", (4, None)),
        (
            "4+ years of applied/practical experience with databases\n2+ years of experience in a lead role",
            (4, None),
        ),
        # an alternative: the first; by degree: what the lowest degree needs
        ("4+ years as an ML engineer or 6+ years as a data engineer", (4, None)),
        ("5+ years with a Master's degree or 3+ years with a PhD", (5, None)),
        # several jobs in one text: the first
        ("Backend Engineer (5+ years)\nLead Engineer (10+ years)", (5, None)),
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
        ("a 10-year exercise window for options", NOBODY),
        ("Our product is the result of 3 years of diligent work", NOBODY),
        ("Enrolled in a 2-year MBA program", NOBODY),
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
