"""The job family of a title, clause by clause of the reading rules."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Role
from payguide.decode.role import read_role

TABLE = {
    Role.ML_ENGINEER: """
        Machine Learning Engineer; Senior ML Engineer; AI Engineer; Staff AI/ML Engineer; ML Platform Engineer
        Machine Learning Infrastructure Engineer; MLOps Engineer; Applied AI Engineer; LLM Engineer; NLP Engineer
        Computer Vision Engineer; Perception Engineer; Deep Learning Engineer; Software Engineer, Machine Learning
        Software Engineer - AI Platform; Software Engineer, Inference; Member of Technical Staff, Training
        Member of Technical Staff - Reinforcement Learning; Machine Learning Engineering Manager; ML Tech Lead
        Forward Deployed AI Engineer; Generative AI Engineer; Machine Learning Engineer Intern; MLE II
        """,
    Role.ML_SCIENTIST: """
        Research Scientist; Research Engineer; Applied Scientist; ML Researcher; AI Research Scientist
        Senior Machine Learning Scientist; Research Engineer, Interpretability; AI Researcher
        """,
    Role.DATA_SCIENTIST: """
        Data Scientist; Senior Data Scientist, Growth; Decision Scientist; Lead Data Scientist
        Data Science Manager; Scientist, Product
        """,
    Role.DATA_ENGINEER: """
        Data Engineer; Analytics Engineer; Data Platform Engineer; Senior Data & ML Engineer
        Software Engineer, Data Platform; Data Engineering Manager
        """,
    Role.DATA_ANALYST: "Data Analyst; Business Intelligence Analyst; Product Analyst; Senior BI Analyst",
    Role.SOFTWARE_ENGINEER: """
        Software Engineer; Backend Engineer; Frontend Developer; Full-Stack Engineer; iOS Engineer; Embedded Engineer
        DevOps Engineer; Site Reliability Engineer; Security Engineer; QA Engineer; Network Engineer
        Software Architect; Founding Engineer; Product Engineer; Forward Deployed Software Engineer
        Engineering Manager; SDE II; Android Developer; Member of Technical Staff
        """,
    Role.OTHER: """
        Sales Engineer; Solutions Engineer; Customer Engineer; Solutions Architect; Product Manager; Product Designer
        Operations Manager; Hardware Engineer; Robotics Engineer; Mechanical Engineer; Data Annotator; AI Trainer
        Account Executive; Recruiter; Nurse; Research Associate, Biology; AI Product Manager; Chief of Staff
        """,
}


def titles(listed: str) -> list[str]:
    return [
        title.strip() for line in listed.strip().splitlines() for title in line.split(";") if title.strip()
    ]


@pytest.mark.parametrize(
    ("title", "role"), [(title, role) for role, listed in TABLE.items() for title in titles(listed)]
)
def test_a_title_names_a_family(title: str, role: Role) -> None:
    assert read_role(title) is role


@given(st.sampled_from([title for listed in TABLE.values() for title in titles(listed)]))
def test_case_and_blanks_do_not_matter(title: str) -> None:
    assert read_role(f"  {title.upper()} ") is read_role(title)
    assert read_role(title.replace(" ", "  ")) is read_role(title)


@given(st.text(max_size=120), st.text(max_size=200))
def test_any_title_is_taken(title: str, text: str) -> None:
    assert read_role(title, text) in set(Role)
