"""The degree a posting requires, and the one it prefers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import DegreeName
from payguide.base.inputs import Degree
from payguide.decode.degree import degree_in
from payguide.decode.phrase_matcher import scan

BACHELOR, MASTER, PHD = DegreeName
NONE = None


@pytest.mark.parametrize(
    ("text", "required", "preferred"),
    [
        ("Bachelor's degree in computer science", BACHELOR, NONE),
        ("Master’s or PhD in machine learning", MASTER, NONE),
        ("BS/MS/PhD in a technical field", BACHELOR, NONE),
        ("B.S. or M.S. in computer science", BACHELOR, NONE),
        ("A degree in engineering", BACHELOR, NONE),
        ("Advanced degree in statistics", MASTER, NONE),
        ("Ph.D. in physics is required", PHD, NONE),
        # what is said beside it
        ("PhD preferred", NONE, PHD),
        ("PhD a plus", NONE, PHD),
        ("Ideally you hold a PhD", NONE, PHD),
        ("Bachelor's degree required, Master's preferred", BACHELOR, MASTER),
        ("Bachelor's degree required; PhD a plus", BACHELOR, PHD),
        ("Bachelor's degree (Master's preferred)", BACHELOR, MASTER),
        ("Desirable: a master-level degree or PhD in physics", NONE, PHD),
        ("A Ph.D. or MSc. in statistics is preferred", NONE, PHD),
        ("Advanced degree, ideally a Ph.D., in physics", MASTER, PHD),
        ("Bachelor's degree in finance; MBA preferred", BACHELOR, MASTER),
        ("You hold a PhD / master in physics", MASTER, NONE),
        # what can be done without
        ("A PhD or MS in physics (or equivalent work experience).", NONE, PHD),
        ("3+ years in the field, or 1+ years with an advanced degree", NONE, MASTER),
        ("Bachelor's degree or equivalent practical experience", NONE, BACHELOR),
        ("MS or PhD in computer science, or equivalent experience", NONE, PHD),
        # the heading above
        ("Requirements\n- BS in computer science\nNice to have\n- PhD in computer science", BACHELOR, PHD),
        # no degree
        ("MS Office and MS SQL Server", NONE, NONE),
        ("a high degree of autonomy", NONE, NONE),
        ("comfortable with a degree of ambiguity", NONE, NONE),
        ("No specific degree required", NONE, NONE),
        ("A high-school degree or equivalent", NONE, NONE),
        ("The company was founded by Ada Lima, PhD, in a garage", NONE, NONE),
        ("you'll be our master of first impressions", NONE, NONE),
        ("master the craft of shipping; scrum master", NONE, NONE),
        ("Our team of PhDs comes from the best labs", NONE, NONE),
        ("work with the BA to write requirements", NONE, NONE),
        ("", NONE, NONE),
    ],
)
def test_degree(text: str, required: DegreeName | None, preferred: DegreeName | None) -> None:
    assert degree_in(scan(text)) == Degree(required, preferred)


@given(
    st.text(max_size=300)
    | st.from_regex(r"((BS|MS|PhD|Master's|degree) (in|or|preferred|required)[ .;\n]){1,6}")
)
def test_any_text_is_taken(text: str) -> None:
    found = degree_in(scan(text))

    assert found.required in {None, *DegreeName}
    assert found.preferred in {None, *DegreeName}
