"""The skills that a text names; what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.decode.phrase_matcher import fold, scan, vocabulary
from payguide.decode.skills import skills_in

SKILLS = {
    slug: phrases for group in vocabulary("skills")["phrases"].values() for slug, phrases in group.items()
}
GUARDED = vocabulary("skills")["guarded"]

NAMED = [
    # text                                                    skills it names, among others
    ("Python, Go and Rust",                                   "python go rust"),
    ("Expertise in Go.",                                      "go"),
    ("Golang",                                                "go"),
    ("Stack: Go, PostgreSQL, gRPC",                           "go postgresql grpc"),
    ("Backend services written in Go",                        "go"),
    ("backend systems (Go) to run models",                    "go"),
    ("excellent Excel skills",                                "excel"),
    ("- Go\n- Python\n- Terraform",                           "go python terraform"),
    ("Python, R, SQL",                                        "python r sql"),
    ("statistical programming in R",                          "r"),
    ("C/C++ and Python",                                      "c cpp python"),
    ("C++17",                                                 "cpp"),
    ("C# and .NET Core",                                      "csharp dotnet"),
    ("Node.js, Java or .NET",                                 "nodejs java dotnet"),
    ("Proficiency in Python, Julia, or equivalent",           "julia"),
    ("iOS apps in Swift",                                     "swift ios"),
    ("Scala and Haskell",                                     "scala haskell"),
    ("PySpark",                                               "spark"),
    ("Spark and Kafka",                                       "spark kafka"),
    ("numpy, dask, spark, airflow",                           "numpy dask spark airflow"),
    ("Flink, Beam or Hive",                                   "flink beam hive"),
    ("distributed training with Ray, PyTorch",                "ray pytorch distributed-training"),
    ("Ray Serve",                                             "ray"),
    ("React and TypeScript",                                  "react typescript"),
    ("React Native",                                          "react-native"),
    ("Node/Express and React",                                "nodejs express react"),
    ("Django, Flask or FastAPI",                              "django flask fastapi"),
    ("Java and Spring Boot",                                  "java spring"),
    ("Ruby on Rails",                                         "ruby-on-rails ruby"),
    ("SQL, Excel, Tableau",                                   "sql excel tableau"),
    ("proficient in Microsoft Excel",                         "excel"),
    ("Amplitude, Mixpanel, Segment",                          "amplitude mixpanel segment"),
    ("tools such as Jira, Notion and Slack",                  "jira notion slack"),
    ("Looker or Power BI on Snowflake and Databricks",        "looker power-bi snowflake databricks"),
    ("AWS Lambda, S3 and Glue",                               "aws lambda s3 glue"),
    ("AWS (S3, EMR, Athena)",                                 "emr athena"),
    ("SageMaker, Bedrock and Vertex AI",                      "sagemaker bedrock vertex-ai"),
    ("Kubernetes, Helm, Ansible, Chef, Puppet",               "kubernetes helm ansible chef puppet"),
    ("Unity or Unreal Engine",                                "unity unreal-engine"),
    ("Swift, Metal, CoreML",                                  "metal coreml"),
    ("CUDA and Triton kernels",                               "cuda triton"),
    ("NVIDIA Triton Inference Server",                        "triton-inference-server"),
    ("JAX, DSPy, vLLM, TensorRT-LLM",                         "jax dspy vllm tensorrt"),
    ("Weights & Biases or wandb",                             "weights-and-biases"),
    ("coding with Claude Code, Cursor and Copilot",           "claude cursor copilot"),
    ("LLMs such as Llama, Mistral and Gemini",                "llms llama mistral gemini"),
    ("Node.js services",                                      "nodejs"),
    ("fine-tuning: LoRA, RLHF and DPO",                       "lora rlhf preference-optimisation"),
    ("retrieval-augmented generation (RAG)",                  "rag"),
    ("AI alignment and interpretability",                     "ai-safety interpretability"),
    ("quantization and distillation of models",               "quantisation model-compression"),
    ("regression, classification and clustering",             "regression classification clustering"),
    ("CI/CD with GitHub Actions",                             "ci-cd github-actions git"),
    ("SQL Server",                                            "sql-server sql"),
    ("scikit-learn",                                          "scikit-learn"),
    ("A/B testing",                                           "ab-testing"),
    ("Hugging Face Transformers",                             "transformers-library transformers"),
    ("REST APIs",                                             "rest"),
    ("Apache Flink, Apache Airflow",                          "flink airflow"),
    ("see https://example.com/jobs — we write Rust",          "rust"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "skills"), NAMED, ids=[text for text, _ in NAMED])
def test_a_skill_is_read(text: str, skills: str) -> None:
    assert set(skills.split()) <= set(skills_in(scan(text)))


NOT_NAMED = [
    # text                                                    what it does not name
    ("our go-to-market team uses Python",                     "go"),
    ("Go above and beyond. Python.",                          "go"),
    ("we go deep on Python",                                  "go"),
    ("R&D in Python",                                         "r"),
    ("R & D, Python, SQL",                                    "r"),
    ("Henry R. Doe founded the firm",                         "r"),
    ("Series C company using Python",                         "c"),
    ("start-ups at Series A-C, Python",                       "c"),
    ("reports to the C-suite, Python",                        "c"),
    ("We closed a Series B. C-level buyers like Java",        "c"),
    ("Objective-C, Python",                                   "c"),
    ("You excel at Python",                                   "excel"),
    ("Excel in a fast team that writes Python",               "excel"),
    ("react quickly to Python errors",                        "react"),
    ("React to incidents, Python",                            "react"),
    ("React Native",                                          "react"),
    ("spark joy",                                             "spark"),
    ("backed by Spark Capital",                               "spark"),
    ("a swift reply in Python",                               "swift"),
    ("the rest of Python",                                    "rest"),
    ("work with Julia on hiring",                             "julia"),
    ("X-Ray imaging, PyTorch",                                "ray"),
    ("express yourself in Python",                            "express"),
    ("American Express, SQL",                                 "express"),
    ("a job classification",                                  "classification"),
    ("the classification of employees",                       "classification"),
    ("regression testing",                                    "regression"),
    ("bare metal, CUDA",                                      "metal"),
    ("Databricks with Unity Catalog",                         "unity"),
    ("Lambda School, Python",                                 "lambda"),
    ("an executive chef, Python",                             "chef"),
    ("at the helm of Kubernetes",                             "helm"),
    ("rust never sleeps, and Python neither",                 "rust"),
    ("the customer segment, SQL",                             "segment"),
    ("the notion of Python",                                  "notion"),
    ("customers like Notion, Shopify and Stripe",             "notion"),
    ("pick up the slack, Python",                             "slack"),
    ("EMR systems in hospitals",                              "emr"),
    ("medical insurance (PPO and HMO)",                       "preference-optimisation"),
    ("alignment with stakeholders",                           "ai-safety"),
    ("version control systems",                               "control-theory"),
    ("the Americans with Disabilities Act (ADA)",             "ada"),
    ("payment rails, Python",                                 "ruby-on-rails"),
    ("spring 2026 internship, Java",                          "spring"),
    ("a safety net, Python",                                  "dotnet"),
    ("linear algebra, GitHub",                                "linear-tracker"),
    ("active TS/SCI clearance, Python",                       "typescript"),
    ("no-SQL",                                                "sql"),
    ("sales forecasting",                                     "forecasting"),
    ("apply at https://example.notion.site/python-go, or call", "notion python go"),
    ("share your GitHub profile",                             "git"),
    ("a salary of 120,000 CAD per year",                      "autocad"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "skills"), NOT_NAMED, ids=[text for text, _ in NOT_NAMED])
def test_what_only_looks_like_a_skill_is_none(text: str, skills: str) -> None:
    assert not set(skills.split()) & set(skills_in(scan(text)))


#: What the published guide speaks of when it describes the role.
GUIDE = {
    "statistical modeling": "statistics",
    "feature engineering": "feature-engineering",
    "model evaluation": "model-evaluation",
    "reinforcement learning": "reinforcement-learning",
    "large-scale distributed training": "distributed-training",
    "real-time inference optimization": "inference-optimisation",
    "data ingestion": "data-pipelines",
    "model serving": "model-deployment",
    "model monitoring": "model-monitoring",
    "MLOps practices": "mlops",
    "open-source contributions": "open-source",
}


@pytest.mark.parametrize(("text", "skill"), GUIDE.items())
def test_what_the_published_guide_names_is_read(text: str, skill: str) -> None:
    assert skill in skills_in(scan(text))


def test_the_vocabulary_is_large_and_says_nothing_twice() -> None:
    phrases = [" ".join(fold(phrase).split()) for listed in SKILLS.values() for phrase in listed]

    assert len(SKILLS) >= 400
    assert len(SKILLS) == sum(len(group) for group in vocabulary("skills")["phrases"].values())
    assert len(vocabulary("skills")["phrases"]) == 6
    assert len(phrases) == len(set(phrases))
    assert all(slug == slug.lower() and " " not in slug for slug in SKILLS)


def test_every_rule_is_for_a_phrase_of_the_vocabulary_and_asks_for_something() -> None:
    asks = {"case", "list", "near", "not_before", "not_after"}
    for slug, rule in GUARDED.items():
        assert set(rule.get("phrases", ())) <= set(SKILLS[slug]), slug
        assert set(rule) <= asks | {"phrases", "lower", "within"}, slug
        assert set(rule) & asks, slug
        beside = [*rule.get("near", ()), *rule.get("not_before", ()), *rule.get("not_after", ())]
        assert all(fold(words) == words for words in beside), f"{slug}: compared with the folded text"
        assert all(" " not in word for word in rule.get("near", ())), slug


def test_an_unguarded_phrase_is_read_wherever_it_stands() -> None:
    for slug in sorted(set(SKILLS) - set(GUARDED)):
        for phrase in SKILLS[slug]:
            assert slug in skills_in(scan(f"You know {phrase} well.")), phrase


WORDS = st.sampled_from(
    [
        *sorted(SKILLS),
        "Go",
        "R",
        "C",
        "Spark",
        "to",
        "market",
        "Excel",
        "at",
        ",",
        "and",
        "/",
        ". ",
        "\n",
        "https://x.y/",
    ]
)
TEXTS = st.text(max_size=300) | st.lists(WORDS, max_size=40).map(" ".join)


@given(TEXTS)
def test_skills_are_known_sorted_and_named_once(text: str) -> None:
    found = skills_in(scan(text))

    assert list(found) == sorted(set(found))
    assert set(found) <= set(SKILLS)


@given(TEXTS, TEXTS)
def test_a_paragraph_more_takes_no_skill_away(text: str, more: str) -> None:
    assert set(skills_in(scan(text))) <= set(skills_in(scan(f"{text}\n\n{more}")))


def test_a_long_text_without_blanks_is_read_in_linear_time() -> None:
    assert skills_in(scan("://" * 200_000 + " Python")) == ("python",)
