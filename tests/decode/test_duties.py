"""What a posting says that the person does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Duty
from payguide.decode.duties import duties_in
from payguide.decode.phrase_matcher import scan


@pytest.mark.parametrize(
    ("text", "duty"),
    [
        ("You will train machine learning models.", Duty.BUILD_MODELS),
        ("Deploying models to production at scale", Duty.DEPLOY),
        ("Monitor and maintain what you ship", Duty.MAINTAIN),
        ("Turn research into production systems", Duty.RESEARCH_TO_PRODUCTION),
        ("Work under the guidance of a senior engineer", Duty.GUIDED),
        ("Own projects end-to-end", Duty.END_TO_END),
        ("Mentor junior engineers", Duty.MENTOR),
        ("Collaborate across teams", Duty.CROSS_TEAM),
        ("Establish best practices for evaluation", Duty.STANDARDS),
        ("Set the technical direction of the group", Duty.DIRECTION),
        ("Lead build-vs-buy decisions", Duty.BUILD_OR_BUY),
        ("Speak at conferences about our work", Duty.REPRESENT),
    ],
)
def test_a_duty_is_read(text: str, duty: Duty) -> None:
    assert duty in duties_in(scan(text))


@pytest.mark.parametrize(
    "text", ["We offer a mentoring program", "Free lunch and a gym", "Mentors from industry visit us", ""]
)
def test_what_the_company_offers_is_no_duty(text: str) -> None:
    assert duties_in(scan(text)) == ()


@given(st.text(max_size=300))
def test_duties_come_in_order_and_once(text: str) -> None:
    found = duties_in(scan(text))

    assert list(found) == [duty for duty in Duty if duty in found]
