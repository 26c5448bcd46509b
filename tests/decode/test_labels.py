"""Every part read from real postings against what a careful reader wrote down (`data/*_labels.jsonl`: ids, no text).

The labels guard against regressions: the readings were improved on them, so the scores here are no forecast.
`data/first_sight.json` is: how many were right when they were drawn, before anything was changed for them.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from decoding import DOCUMENT, written
from labelled import Score, scores

pytestmark = pytest.mark.shared

# (part, least share right, least precision, least recall)
LEAST = (
    ("pay",         0.98, 0.98, 0.98),
    ("no pay",      0.99, 0.99, 0.99),
    ("role",        0.94, 0.92, 0.94),
    ("ml_engineer", 0.97, 0.91, 0.91),
    ("level",       0.98, 0.97, 0.97),
    ("place",       0.98, 0.98, 0.98),
    ("metro",       0.98, 0.98, 0.98),
    ("remote",      0.98, 0.98, 0.98),
    ("years",       0.98, 0.98, 0.98),
    ("degree",      0.98, 0.98, 0.98),
    ("skills",      0.80, 0.97, 0.97),
    ("reported cases", 118 / 123, 0.95, 0.95),
)  # fmt: skip


@pytest.fixture(scope="module")
def measured(library: Path) -> dict[str, Score]:
    return {score.part: score for score in scores(library)}


@pytest.mark.parametrize(("part", "right", "precision", "recall"), LEAST)
def test_a_part(measured: dict[str, Score], part: str, right: float, precision: float, recall: float) -> None:
    score = measured[part]

    assert score.exact >= right
    assert score.precision >= precision
    assert score.recall >= recall


def test_every_part_has_its_labels(measured: dict[str, Score]) -> None:
    assert set(measured) == {part for part, *_ in LEAST}


def test_the_document_says_what_is_measured(measured: dict[str, Score]) -> None:
    document = DOCUMENT.read_text(encoding="utf-8")

    assert written(document, list(measured.values())) == document, "run `python tools/decoding.py LIBRARY`"
