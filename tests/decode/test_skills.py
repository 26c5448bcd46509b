"""The skills a text names; what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.decode.lexicon import scan, vocabulary
from payguide.decode.skills import skills_in

SKILLS = {slug: phrases for group in vocabulary("skills")["phrases"].values() for slug, phrases in group.items()}


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("Python, Go and Rust", "go"),
        ("Golang", "go"),
        ("Python, R, SQL", "r"),
        ("C/C++ and Python", "c"),
        ("C++17", "cpp"),
        ("C# and .NET Core", "csharp"),
        ("PySpark", "spark"),
        ("Spark and Kafka", "spark"),
        ("distributed training with Ray, PyTorch", "ray"),
        ("React and TypeScript", "react"),
        ("SQL, Excel, Tableau", "excel"),
        ("AWS Lambda", "lambda"),
        ("Node.js services", "nodejs"),
        ("fine-tuning LLMs", "fine-tuning"),
        ("retrieval-augmented generation", "rag"),
        ("CI/CD", "ci-cd"),
        ("scikit-learn", "scikit-learn"),
        ("A/B testing", "ab-testing"),
        ("Hugging Face", "hugging-face"),
        ("REST APIs", "rest"),
        ("Weights & Biases", "weights-and-biases"),
    ],
)
def test_a_skill_is_read(text: str, skill: str) -> None:
    assert skill in skills_in(scan(text))


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("our go-to-market team", "go"),
        ("Go above and beyond. Python.", "go"),
        ("R&D in Python", "r"),
        ("Series C company using Python", "c"),
        ("You excel at Python", "excel"),
        ("react quickly to Python errors", "react"),
        ("spark joy", "spark"),
        ("a swift reply in Python", "swift"),
        ("the rest of Python", "rest"),
        ("work with Julia on hiring", "julia"),
        ("express yourself in Python", "express"),
        ("a job classification", "classification"),
    ],
)
def test_what_only_looks_like_a_skill_is_none(text: str, skill: str) -> None:
    assert skill not in skills_in(scan(text))


def test_the_vocabulary_is_large_and_says_nothing_twice() -> None:
    phrases = [phrase for listed in SKILLS.values() for phrase in listed]

    assert len(SKILLS) >= 400
    assert len(vocabulary("skills")["phrases"]) == 6
    assert len(phrases) == len(set(phrases))
    assert set(vocabulary("skills")["guarded"]) <= set(SKILLS)


@given(st.text(max_size=300) | st.lists(st.sampled_from(sorted(SKILLS)), max_size=12).map(", ".join))
def test_skills_are_known_sorted_and_named_once(text: str) -> None:
    found = skills_in(scan(text))

    assert list(found) == sorted(set(found))
    assert set(found) <= set(SKILLS)
