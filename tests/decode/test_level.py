"""The level of a title, clause by clause of the reading rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Level
from payguide.decode.grade import level_of_grade
from payguide.decode.level import read_level

TABLE = {
    Level.INTERN: "Software Engineering Intern; ML Co-op; Working Student Data Science; Internship, Research",
    Level.ENTRY: """
        Junior Developer; New Grad Software Engineer; Software Engineer, Early Career; Associate Software Engineer
        Software Engineer I; Data Analyst 1; Entry Level Engineer; Associate Project Manager; Jr. Data Scientist
        """,
    Level.MID: "Software Engineer II; Data Engineer 2; Mid-Level Engineer; SDE II; Mid Level Data Analyst",
    Level.SENIOR: """
        Senior Software Engineer; Sr. ML Engineer; Software Engineer III; Data Scientist 3; Senior Product Manager
        Senior/Staff Engineer; Sr Data Analyst
        """,
    Level.STAFF: """
        Staff Engineer; Senior Staff Software Engineer; Principal Scientist; Distinguished Engineer; AI Fellow
        Software Engineer IV; Staff Machine Learning Engineer
        """,
    Level.LEAD: "Lead Data Scientist; Tech Lead; Technical Lead, ML; Lead Engineer",
    Level.MANAGER: """
        Engineering Manager; Sr. Engineering Manager; Manager II, Software Engineering; Director of Data Science
        Head of AI; VP of Engineering; Product Manager; Account Manager; Vice President, Research
        """,
    Level.UNSTATED: """
        Machine Learning Engineer; Staff Accountant; Research Fellow; Member of Technical Staff; Software Architect
        Founding Engineer; Chief of Staff; Data Scientist
        """,
}


def titles(listed: str) -> list[str]:
    return [
        title.strip() for line in listed.strip().splitlines() for title in line.split(";") if title.strip()
    ]


@pytest.mark.parametrize(
    ("title", "level"), [(title, level) for level, listed in TABLE.items() for title in titles(listed)]
)
def test_a_title_states_a_level(title: str, level: Level) -> None:
    assert read_level(title) is level


@pytest.mark.parametrize(
    ("employer", "grade", "level"),
    [
        ("google", "L3", Level.ENTRY),
        ("google", "L5", Level.SENIOR),
        ("meta", "E6", Level.STAFF),
        ("amazon", "L5", Level.MID),
        ("", "Senior Software Engineer", Level.SENIOR),
        ("nobody-knows-them", "Zeta 9", Level.UNSTATED),
    ],
)
def test_an_employers_own_grade(employer: str, grade: str, level: Level) -> None:
    assert level_of_grade(grade, employer) is level


@given(st.sampled_from([title for listed in TABLE.values() for title in titles(listed)]))
def test_case_and_blanks_do_not_matter(title: str) -> None:
    assert read_level(f"  {title.upper()} ") is read_level(title)


@given(st.text(max_size=120))
def test_any_title_is_taken(title: str) -> None:
    assert read_level(title) in set(Level)
