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
        ("Desirable: a master-level degree or PhD in physics", NONE, MASTER),
        ("A Ph.D. or MSc. in statistics is preferred", NONE, MASTER),
        ("Advanced degree, ideally a Ph.D., in physics", MASTER, PHD),
        ("Bachelor's degree in finance; MBA preferred", BACHELOR, MASTER),
        ("You hold a PhD / master in physics", MASTER, NONE),
        # what can be done without
        ("A PhD or MS in physics (or equivalent work experience).", NONE, MASTER),
        ("3+ years in the field, or 1+ years with an advanced degree", NONE, MASTER),
        ("Bachelor's degree or equivalent practical experience", NONE, BACHELOR),
        ("MS or PhD in computer science, or equivalent experience", NONE, MASTER),
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


@pytest.mark.parametrize(
    ("text", "required", "preferred"),
    [
        # alternatives are met by the lowest of them
        ("BS, MS or PhD in statistics or equivalent", BACHELOR, NONE),
        ("BS/MS/PhD in CS or equivalent experience", NONE, BACHELOR),
        ("B.S., M.S., or Ph.D. in computer science, or relevant work experience", NONE, BACHELOR),
        ("Bachelor's, Master's or PhD in AI or equivalent practical experience", NONE, BACHELOR),
        ("Bachelor's, Master's, or PhD in CS preferred", NONE, BACHELOR),
        ("Bachelor's or higher preferred", NONE, BACHELOR),
        ("Bachelor's degree or higher in statistics is a plus", NONE, BACHELOR),
        ("Degree (BS, MS, PhD) in physics preferred", NONE, BACHELOR),
        ("MS or PhD preferred", NONE, MASTER),
        ("MA / MS / PhD preferred", NONE, MASTER),
        ("PhD or MS preferred", NONE, MASTER),
        ("MSc/PhD in robotics is a plus", NONE, MASTER),
        ("Ideally you hold a Master's or a PhD", NONE, MASTER),
        ("Nice to have:\n- Master's degree or Ph.D. in mechanics", NONE, MASTER),
        ("Bachelor’s/Master’s degree in engineering (or equivalent experience)", NONE, BACHELOR),
        ("Master’s / Bachelor’s degree in engineering or similar experience", NONE, BACHELOR),
        ("Master’s or Bachelor’s degree in any discipline is preferred", NONE, BACHELOR),
        ("Bachelor's or advanced degree in maths, or equivalent industry experience", NONE, BACHELOR),
        ("Four-year or Graduate Degree in statistics or commensurate work experience", NONE, BACHELOR),
        ("Undergraduate or graduate degree in economics preferred", NONE, BACHELOR),
        ("BSc or MSc or equivalent experience with clean code", NONE, BACHELOR),
        ("B.Tech or M.Tech in computer science preferred", NONE, BACHELOR),
        ("2+ years with a BS or MS in computer science, or equivalent experience", NONE, BACHELOR),
        ("A degree or PhD in physics is preferred", NONE, BACHELOR),
        ("A relevant degree, Master's or PhD preferred", NONE, MASTER),
        ("Preferred: PhD in physics, or a Master's in computer science", NONE, MASTER),
        ("Preferred: Ph.D. in maths (or a related field) OR a Master's degree in statistics", NONE, MASTER),
        ("Preferred: PhD, MS or BS in computer science", NONE, BACHELOR),
        ("MBA or Master's in finance a plus", NONE, MASTER),
        ("PhD (or Master's) in statistics preferred", NONE, MASTER),
        ("BS, MS, PhD in CS, or equivalent experience", NONE, BACHELOR),
        ("Advanced degree (MS, PhD) preferred", NONE, MASTER),
        ("Bachelor's & Master's degree preferred", NONE, BACHELOR),
        ("Nice to have\n- Bachelor's with 8 years, Master's with 6 years or PhD with 3 years", NONE, BACHELOR),
        # of things welcomed apart from each other the highest counts
        ("Bachelor's or Master's degree in CS; PhD preferred", BACHELOR, PHD),
        ("Bachelor's or Master's degree in CS\nPh.D. preferred.", BACHELOR, PHD),
        ("Bachelor’s degree (PhD preferred) in a quantitative field", BACHELOR, PHD),
        ("Bachelor's degree in CS or a related field (Master's preferred)", BACHELOR, MASTER),
        ("Degree (BA required, MS or PhD preferred) in physics", BACHELOR, MASTER),
        ("BS required, MS or PhD a plus", BACHELOR, MASTER),
        ("B.S. or higher in computer science\nMS/PhD or equivalent practical experience in AI", BACHELOR, MASTER),
        ("Master's or PhD required", MASTER, NONE),
        ("MS required; PhD preferred", MASTER, PHD),
        ("Master's preferred\nPhD a plus", NONE, PHD),
        ("Master's degree, ideally a PhD", MASTER, PHD),
        ("An MRes or PhD in a hard science", MASTER, NONE),
        # of others
        ("Experience working closely with PhD scientists", NONE, NONE),
        ("Preferred: coursework (PMP, Agile, CAPM, Scrum Master) or BS", NONE, BACHELOR),
    ],
)  # fmt: skip
def test_alternatives_are_met_by_the_lowest(
    text: str, required: DegreeName | None, preferred: DegreeName | None
) -> None:
    assert degree_in(scan(text)) == Degree(required, preferred)


@given(
    st.text(max_size=300)
    | st.from_regex(r"((BS|MS|PhD|Master's|degree) (in|or|preferred|required)[ .;\n]){1,6}")
)
def test_any_text_is_taken(text: str) -> None:
    found = degree_in(scan(text))

    assert found.required in {None, *DegreeName}
    assert found.preferred in {None, *DegreeName}
