"""What an ML posting specialises in, and the stages of a model's life that it asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.codes import Specialisation as Field
from payguide.base.codes import Stage
from payguide.decode.phrase_matcher import scan, vocabulary
from payguide.decode.specialisation import specialisations_in, stages_in

TITLES = [
    # title                                                   fields
    ("Reinforcement Learning Engineer",                       (Field.REINFORCEMENT_LEARNING,)),
    ("Research Engineer, RL",                                 (Field.REINFORCEMENT_LEARNING,)),
    ("Software Engineer, Training Infrastructure",            (Field.DISTRIBUTED_TRAINING,)),
    ("Research Engineer, Pre-training",                       (Field.DISTRIBUTED_TRAINING,)),
    ("Engineer, Inference",                                   (Field.INFERENCE_OPTIMISATION,)),
    ("ML Engineer, GPU Kernels",                              (Field.INFERENCE_OPTIMISATION,)),
    ("NLP Engineer",                                          (Field.NLP_LLM,)),
    ("Generative AI Engineer",                                (Field.NLP_LLM,)),
    ("Computer Vision Engineer",                              (Field.VISION,)),
    ("Machine Learning Engineer - Perception",                (Field.VISION,)),
    ("ML Engineer, Recommendations",                          (Field.RECOMMENDER,)),
    ("Machine Learning Engineer, Search & Ads",               (Field.RECOMMENDER,)),
    ("Speech Recognition Engineer",                           (Field.SPEECH,)),
    ("Robotics ML Engineer",                                  (Field.ROBOTICS,)),
    ("MLOps Engineer",                                        (Field.ML_PLATFORM,)),
    ("Machine Learning Engineer (Platform)",                  (Field.ML_PLATFORM,)),
    ("LLM Inference Engineer",                                (Field.INFERENCE_OPTIMISATION, Field.NLP_LLM)),
    ("Voice AI & LLM Engineer",                               (Field.NLP_LLM, Field.SPEECH)),
    # a word of a field means something else
    ("Data Scientist, Causal Inference",                      ()),
    ("Machine Learning Engineer, Drug Discovery",             ()),
    ("Real Estate Agent",                                     ()),
    ("Speech-Language Pathologist",                           ()),
    ("Linux Kernel Engineer",                                 ()),
    # a common word in the title of no ML job
    ("Platform Engineer",                                     ()),
    ("Software Engineer, Search",                             ()),
    ("Video Editor",                                          ()),
    ("AI Operations Intern",                                  ()),
    ("Machine Learning Engineer",                             ()),
    ("",                                                      ()),
]  # fmt: skip


@pytest.mark.parametrize(("title", "expected"), TITLES, ids=[title or "none" for title, _ in TITLES])
def test_a_title_decides(title: str, expected: tuple[Field, ...]) -> None:
    assert specialisations_in(scan("nothing of it"), title) == expected


def test_what_the_title_names_comes_before_what_the_text_dwells_on() -> None:
    text = "Computer vision: object detection, image segmentation and video understanding with OpenCV."

    assert specialisations_in(scan(text), "ML Engineer") == (Field.VISION,)
    assert specialisations_in(scan(text), "ML Engineer, Speech") == (Field.SPEECH,)


def test_a_common_title_word_counts_where_the_text_bears_it_out() -> None:
    text = "You improve search relevance. We serve learning to rank at scale."

    assert specialisations_in(scan("Build web services."), "Software Engineer, Search") == ()
    assert specialisations_in(scan(text), "Software Engineer, Search") == (Field.RECOMMENDER,)


def test_a_text_must_come_back_to_it() -> None:
    once = scan("Knowledge of computer vision is nice to have.")
    often = scan("Build computer vision systems: object detection and image segmentation, with OpenCV.")

    assert specialisations_in(once, "ML Engineer") == ()
    assert specialisations_in(often, "ML Engineer") == (Field.VISION,)


def test_one_word_repeated_is_not_enough() -> None:
    assert specialisations_in(scan("Robotics. Robotics. Robotics. Robotics."), "ML Engineer") == ()


def test_a_phrase_inside_a_phrase_is_one_mention() -> None:
    # "large language models" holds "language models"; any posting on AI names LLMs in passing
    passing = scan("Large language models. Large language models. Large language models. NLP.")
    dwelt = scan("Large language models. Prompt engineering. RAG. Text generation. NLP.")

    assert specialisations_in(passing, "ML Engineer") == ()
    assert specialisations_in(dwelt, "ML Engineer") == (Field.NLP_LLM,)


STAGES = [
    # text                                                              stages
    ("build data pipelines",                                            (Stage.INGESTION,)),
    ("collect data and curate datasets",                                (Stage.INGESTION,)),
    ("feature engineering",                                             (Stage.FEATURES,)),
    ("own our feature store",                                           (Stage.FEATURES,)),
    ("train models",                                                    (Stage.TRAINING,)),
    ("fine-tuning and hyperparameter tuning",                           (Stage.TRAINING,)),
    ("A/B testing",                                                     (Stage.EVALUATION,)),
    ("evaluation of our ML models",                                     (Stage.EVALUATION,)),
    ("deploy models",                                                   (Stage.SERVING,)),
    ("deployment of machine learning services",                         (Stage.SERVING,)),
    ("bring models into production",                                    (Stage.SERVING,)),
    ("model drift",                                                     (Stage.MONITORING,)),
    ("monitoring of LLM services",                                      (Stage.MONITORING,)),
    ("models: training, evaluation, deployment and monitoring",
        (Stage.TRAINING, Stage.EVALUATION, Stage.SERVING, Stage.MONITORING)),
    ("data ingestion, feature engineering, model training, evaluation, serving and monitoring of models",
        tuple(Stage)),
    # said of other things than models
    ("deployment and monitoring of web services",                       ()),
    ("safety training for all staff",                                   ()),
    ("performance evaluation twice a year",                             ()),
    ("new product features for LLM users",                              ()),
    ("We like ML.\nDeployment of web services.",                        ()),
    ("",                                                                ()),
]  # fmt: skip


@pytest.mark.parametrize(("text", "stages"), STAGES, ids=[text[:40] or "none" for text, _ in STAGES])
def test_the_stages_asked_for(text: str, stages: tuple[Stage, ...]) -> None:
    assert stages_in(scan(text)) == stages


def test_a_model_must_stand_near_a_common_word() -> None:
    near, far = "models and their deployment", "models" + " and so on" * 12 + " deployment"

    assert stages_in(scan(near)) == (Stage.SERVING,)
    assert stages_in(scan(far)) == ()


def test_every_word_of_the_vocabularies_belongs_to_a_field_or_a_stage() -> None:
    fields, stages = vocabulary("specialisations"), vocabulary("stages")

    assert set(fields["phrases"]) == set(Field)
    assert set(fields["titles"]) == {*Field, "none"}
    assert set(fields["common"]) <= set(Field)
    assert set(fields["enough"]) <= {*Field, "any"}
    assert {name.removeprefix("beside_") for name in stages["phrases"]} == {*Stage, "model"}


PHRASES = sorted(
    phrase
    for kind in ("specialisations", "stages")
    for listed in vocabulary(kind)["phrases"].values()
    for phrase in listed
)
TEXTS = st.text(max_size=200) | st.lists(st.sampled_from([*PHRASES, "\n", ". "]), max_size=30).map(" ".join)


@given(TEXTS, st.text(max_size=60))
def test_any_text_is_taken_and_the_order_is_the_vocabularys(text: str, title: str) -> None:
    fields, stages = specialisations_in(scan(text), title), stages_in(scan(text))

    assert list(fields) == [field for field in Field if field in fields]
    assert list(stages) == [stage for stage in Stage if stage in stages]


@given(TEXTS, TEXTS)
def test_a_paragraph_more_takes_nothing_away(text: str, more: str) -> None:
    both = scan(f"{text}\n\n{more}")

    assert set(stages_in(scan(text))) <= set(stages_in(both))
    assert set(specialisations_in(scan(text), "")) <= set(specialisations_in(both, ""))


def test_many_models_and_many_common_words_are_read_in_linear_time() -> None:
    assert stages_in(scan("model " * 20_000 + "\n" + "deployment " * 20_000)) == ()
