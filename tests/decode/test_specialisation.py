"""What an ML posting specialises in, and the stages it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Specialisation as S
from payguide.base.codes import Stage
from payguide.decode.lexicon import scan
from payguide.decode.specialisation import specialisations_in, stages_in


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Reinforcement Learning Engineer", S.REINFORCEMENT_LEARNING),
        ("Software Engineer, Training Infrastructure", S.DISTRIBUTED_TRAINING),
        ("Engineer, Inference", S.INFERENCE_OPTIMISATION),
        ("NLP Engineer", S.NLP_LLM),
        ("Computer Vision Engineer", S.VISION),
        ("ML Engineer, Recommendations", S.RECOMMENDER),
        ("Speech Recognition Engineer", S.SPEECH),
        ("Robotics ML Engineer", S.ROBOTICS),
        ("MLOps Engineer", S.ML_PLATFORM),
    ],
)
def test_a_title_decides(title: str, expected: S) -> None:
    assert specialisations_in(scan("nothing of it"), title) == (expected,)


def test_a_text_must_come_back_to_it() -> None:
    once = scan("Knowledge of computer vision is nice to have.")
    often = scan("Build computer vision systems: object detection and image segmentation, with OpenCV.")

    assert specialisations_in(once, "ML Engineer") == ()
    assert specialisations_in(often, "ML Engineer") == (S.VISION,)


def test_one_word_repeated_is_not_enough() -> None:
    assert specialisations_in(scan("Robotics. Robotics. Robotics. Robotics."), "ML Engineer") == ()


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("build data pipelines", Stage.INGESTION),
        ("feature engineering", Stage.FEATURES),
        ("train models", Stage.TRAINING),
        ("A/B testing", Stage.EVALUATION),
        ("deploy models", Stage.SERVING),
        ("model drift", Stage.MONITORING),
    ],
)
def test_a_stage_is_read(text: str, stage: Stage) -> None:
    assert stages_in(scan(text)) == (stage,)


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_is_taken(text: str, title: str) -> None:
    assert set(specialisations_in(scan(text), title)) <= set(S)
    assert list(stages_in(scan(text))) == [stage for stage in Stage if stage in stages_in(scan(text))]
