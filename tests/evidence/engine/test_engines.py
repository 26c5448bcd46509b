"""Engines agree: the same cells to the last unit, the same weights value by value; what was revised counts once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import drawn_evidence as drawn
import duckdb
import numpy as np
import pytest
from on_engines import OnEngine, on_duckdb, on_spark
from pyspark.sql import SparkSession

from payguide.base.aggregates import Cell
from payguide.evidence.reduce.replicates import THRESHOLDS, weights
from payguide.evidence.spark_jobs import cells_on
from payguide.evidence.store import Store
from slow_cases import some_slow


def same(one: Cell, other: Cell) -> bool:
    """Whether two cells are equal in everything."""
    arrays = ("bins", "mass", "replicates")
    words = ("key", "kind", "n", "n_records", "who", "mean_date")
    return all(getattr(one, name) == getattr(other, name) for name in words) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays
    )


def random_evidence(seed: int, n: int) -> str:
    """Postings stated again in other records and sources, and people with base and total, as a drawing."""
    dice = np.random.default_rng(seed)
    lines = [
        "source|kind|record|employer|role|level|years|metro|region|tier|remote|specialisation|component|period|date|pay"
    ]
    for number in range(n):
        person = dice.random() < 0.4
        low = round(float(np.exp(dice.normal(12, 0.4))), int(dice.integers(-3, 3)))
        hourly = dice.random() < 0.2
        pay = [low / 2080 if hourly else low]
        if not person and dice.random() < 0.8:
            pay.append(pay[0] * dice.uniform(1.0, 2.2))
        words = (
            dice.choice(["ashby", "radar", "hn"]), "self_report" if person else "posted_range", f"r{number // 3}",
            dice.choice(["acme", "globex", "initech", "hooli", "umbrella", "wayne", "nobody"] if person
                        else ["acme", "globex", "initech", "hooli", "umbrella", "wayne"]),
            dice.choice(["ml_engineer", "data_scientist"]), dice.choice(["senior", "staff", "unstated", "manager"]),
            dice.choice(["-", "2", "5.5", "10", "12"]), dice.choice(["41860", "35620", "-"]), dice.choice(["CA", "-"]),
            dice.choice(["big_tech", "startup"]), dice.choice(["remote", "onsite"]),
            dice.choice(["vision speech", "-"]),
            dice.choice(["base", "total"]) if person else "base", "hour" if hourly else "year",
            f"2026-0{dice.integers(1, 7)}-15", "-".join(f"{end:.4f}" for end in pay),
        )  # fmt: skip
        lines.append(" | ".join(map(str, words)))
    return "\n".join(lines)


def test_engines_make_the_same_cells_of_whatever_evidence(spark: SparkSession) -> None:
    drawing = random_evidence(seed=20261124, n=900)
    here, there = OnEngine(on_duckdb).cells(drawing), OnEngine(on_spark(spark)).cells(drawing)

    assert len(here) == len(there) > 100
    assert any(len(cell.bins) > 40 for cell in here)
    assert [a.key for a, b in zip(here, there, strict=True) if not same(a, b)] == []


@pytest.mark.parametrize("rows", some_slow((1, 40, 250), 40))
def test_a_group_in_parts_gives_the_same_cells(rows: int) -> None:
    drawing = random_evidence(seed=20261125, n=900)
    whole = OnEngine(on_duckdb).cells(drawing)
    parts = OnEngine(partial(on_duckdb, rows=rows)).cells(drawing)

    assert [a.key for a, b in zip(whole, parts, strict=True) if not same(a, b)] == []


def test_a_group_in_parts_gives_the_same_cells_on_spark(spark: SparkSession) -> None:
    drawing = random_evidence(seed=20261126, n=200)
    whole, parts = OnEngine(on_duckdb).cells(drawing), OnEngine(on_spark(spark, rows=60)).cells(drawing)

    assert [a.key for a, b in zip(whole, parts, strict=True) if not same(a, b)] == []


def test_what_a_store_revised_or_withdrew_counts_once_on_every_engine(
    spark: SparkSession, tmp_path: Path
) -> None:
    stated = drawn.observations(
        "record | employer | pay\n1 | acme | 150000\n2 | globex | 160000\n3 | wayne | 170000"
    )
    store = drawn.store_at(tmp_path, stated)
    changed = [replace(stated[0], scope="", profile=replace(stated[0].profile, grade="L5")),
               replace(stated[1], low=165_000.0, high=165_000.0)]  # fmt: skip
    # what is confidential is left out on both
    secret = drawn.observation({"source": "ours", "pay": "180000", "confidentiality": "confidential"})
    drawn.append(store, [*changed, secret])
    again = Store.open(tmp_path)

    here = drawn.aggregates(again).cells
    there = drawn.aggregates(again, elsewhere=lambda *of: cells_on(spark, *of)).cells

    assert {cell.n for cell in here if cell.key.source == "board"} == {3}
    assert {cell.key.source for cell in there} == {"board", "pooled"}
    assert all(same(a, b) for a, b in zip(here, there, strict=True))


NAMES = ["google", "société générale", "a#0", "board/17", "", "日本", *(f"employer {n}" for n in range(200))]


def test_weights_are_the_same_in_numpy_and_duckdb() -> None:
    bounds = ", ".join(map(str, THRESHOLDS.tolist()))
    number = "('0x' || substr(sha256(name || '#' || (r // 16)), 1 + 4 * (r % 16), 4))::INTEGER"
    here = f"list_transform(range(80), lambda r: len(list_filter([{bounds}], lambda t: {number} >= t)))"
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT {here} FROM (SELECT unnest($names) AS name)", {"names": NAMES}
        ).fetchall()

    assert [row[0] for row in rows] == weights(NAMES).tolist()


def test_weights_are_the_same_in_numpy_and_spark(spark: SparkSession) -> None:
    bounds = ", ".join(map(str, THRESHOLDS.tolist()))
    number = "cast(conv(substr(sha2(concat(name, '#', r div 16), 256), 1 + 4 * (r % 16), 4), 16, 10) as int)"
    there = f"transform(sequence(0, 79), r -> size(filter(array({bounds}), t -> {number} >= t)))"
    frame = spark.createDataFrame([(name,) for name in NAMES], "name string")

    assert [row[0] for row in frame.selectExpr(there).collect()] == weights(NAMES).tolist()
