"""The part of software that a title or a survey's tag names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Focus, Role
from payguide.decode.focus import beside_role, focus_in
from payguide.decode.profile import read_profile
from payguide.decode.profile_input import resolve_profile

NAMED = [
    # a title or a tag                                        focus
    ("Staff Software Engineer, Backend",                      Focus.BACK_END),
    ("API Development (Back-End)",                            Focus.BACK_END),
    ("Distributed Systems (Back-End)",                        Focus.DISTRIBUTED_SYSTEMS),
    ("Staff Backend Engineer (Distributed Systems)",          Focus.DISTRIBUTED_SYSTEMS),
    ("Web Development (Front-End)",                           Focus.FRONT_END),
    ("Senior Frontend Engineer, Cards",                       Focus.FRONT_END),
    ("Full-Stack Engineer (Backend Focused)",                 Focus.FULL_STACK),
    ("Fullstack Engineer, Embedded Wallet",                   Focus.FULL_STACK),
    ("Software Engineer, Frontend and Backend",               Focus.FULL_STACK),
    ("Developer, full-stack",                                 Focus.FULL_STACK),
    ("Mobile (iOS + Android)",                                Focus.MOBILE),
    ("Senior iOS Engineer",                                   Focus.MOBILE),
    ("Site Reliability (SRE)",                                Focus.RELIABILITY),
    ("Production Engineer",                                   Focus.RELIABILITY),
    ("Production",                                            Focus.RELIABILITY),
    ("Software Engineer - DevSecOps",                         Focus.DEVOPS),
    ("DevOps engineer or professional",                       Focus.DEVOPS),
    ("Cybersecurity or InfoSec professional",                 Focus.SECURITY),
    ("Senior Network Engineer",                               Focus.NETWORKING),
    ("Firmware Engineer, Hands",                              Focus.EMBEDDED),
    ("Developer, embedded applications or devices",           Focus.EMBEDDED),
    ("Testing (SDET)",                                        Focus.TESTING),
    ("Software Development Engineer in Test",                 Focus.TESTING),
    ("Developer, QA or test",                                 Focus.TESTING),
    ("Developer, game or graphics",                           Focus.GAMES),
    ("Developer, desktop or enterprise applications",         Focus.DESKTOP),
    ("Cloud infrastructure engineer",                         Focus.INFRASTRUCTURE),
    ("ML / AI",                                               Focus.MACHINE_LEARNING),
    ("Data",                                                  Focus.DATA),
    ("Analytics",                                             Focus.ANALYTICS),
    ("front_end",                                             Focus.FRONT_END),
    ("",                                                      None),
    ("NA",                                                    None),
    ("General",                                               None),
    ("Software Engineer",                                     None),
    ("Data Scientist",                                        None),
    ("Production Planner",                                    None),
    ("Machine Learning Engineer, Ads",                        None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "focus"), NAMED)
def test_focus(text: str, focus: Focus | None) -> None:
    assert focus_in(text) is focus


@pytest.mark.parametrize("focus", list(Focus))
def test_a_code_is_read_as_itself(focus: Focus) -> None:
    assert focus_in(str(focus)) is focus


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    assert focus_in(text) in {None, *Focus}


def test_what_the_role_says_already_is_no_focus() -> None:
    assert beside_role(Focus.MACHINE_LEARNING, Role.ML_ENGINEER) is None
    assert beside_role(Focus.MACHINE_LEARNING, Role.DATA_SCIENTIST) is Focus.MACHINE_LEARNING
    assert beside_role(None, Role.SOFTWARE_ENGINEER) is None


def test_a_title_and_a_question_are_read_alike() -> None:
    assert read_profile(title="Senior iOS Engineer").focus is Focus.MOBILE
    assert resolve_profile({"role": "software_engineer", "focus": "iOS"})["focus"] == "mobile"
    assert resolve_profile({"role": "ml_engineer", "focus": "machine learning"})["focus"] == ""
    assert "focus" not in resolve_profile({"role": "nobody", "focus": "sewing"})
