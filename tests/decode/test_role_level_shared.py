"""Roles and levels read from real titles, against labels made by eye before the code was run on them.

`data/role_level_labels.jsonl` holds ids (of source and title) and labels of 295 titles, no text; null where a
careful reader could not decide. When they were drawn, 256 of 270 roles and 282 of 283 levels were right.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from payguide.decode.level import read_level
from payguide.decode.role import read_role

pytestmark = pytest.mark.shared

LABELS = Path(__file__).parent / "data" / "role_level_labels.jsonl"


def titles(library: Path) -> Iterator[tuple[str, str]]:
    """(source, title) of every posting that could have been drawn."""
    for file in sorted((library / "boards" / "ashby").glob("*.json.gz")):
        with gzip.open(file) as opened:
            yield from (("ashby", job["title"]) for job in json.load(opened)["jobs"])
    for source, name in (("radar", "radar_2026"), ("frontier", "frontier_labs_2026")):
        table = pq.read_table(library / "postings" / f"{name}.parquet", columns=["title"])
        yield from ((source, title) for title in table["title"].to_pylist())
    with gzip.open(library / "postings" / "linkedin_ml_2024.jsonl.gz", "rt") as opened:
        yield from (("linkedin", json.loads(line)["title"]) for line in opened)
    with (library / "postings" / "fast_ai_2025.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        column = next(name for name in reader.fieldnames or () if "itle" in name or "ole" in name)
        yield from (("fast_ai", row[column]) for row in reader)


@pytest.fixture(scope="module")
def labelled(library: Path) -> list[tuple[str, dict[str, str | None]]]:
    """(title, label) of every labelled title that the library holds."""
    labels = {label["id"]: label for label in map(json.loads, LABELS.read_text("utf-8").splitlines())}
    by_id = {hashlib.sha256(f"{s}|{t}".encode()).hexdigest()[:16]: t for s, t in titles(library)}
    found = [(by_id[key], label) for key, label in labels.items() if key in by_id]
    assert len(found) == len(labels)
    return found


def right(pairs: list[tuple[str, str | None]]) -> float:
    return sum(read == label for read, label in pairs) / len(pairs)


def test_roles(labelled: list[tuple[str, dict[str, str | None]]]) -> None:
    pairs = [(str(read_role(title)), label["role"]) for title, label in labelled if label["role"]]
    ours = [(read == "ml_engineer", said == "ml_engineer") for read, said in pairs]
    both = sum(read and said for read, said in ours)

    assert right(pairs) >= 0.94
    assert both / sum(read for read, _ in ours) >= 0.91  # precision
    assert both / sum(said for _, said in ours) >= 0.91  # recall


def test_levels(labelled: list[tuple[str, dict[str, str | None]]]) -> None:
    pairs = [(str(read_level(title)), label["level"]) for title, label in labelled if label["level"]]

    assert right(pairs) >= 0.98
