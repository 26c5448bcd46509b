"""What is read again and says something else is a new revision with its history; every run is a version."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import drawn_evidence as drawn
import pyarrow as pa
import pytest

from payguide.base.errors import InputError, StoreError
from payguide.base.inputs import Observation
from payguide.evidence.store import Store, delta
from payguide.evidence.tables import TABLES, schema

A = {"record": "a", "pay": "150000-200000", "level": "senior"}
B = {"record": "b", "pay": "120000-160000", "level": "mid"}

# what a second run reads of record a -> (level, low) of the current rows, revisions of a's first statement
CHANGES = [
    ([A],                                            [("senior", 150_000)],                    [1]),
    ([{**A, "level": "staff"}],                      [("staff", 150_000)],                     [1, 2]),
    ([{**A, "pay": "160000-210000"}],                [("senior", 160_000)],                    [1]),
    ([A, {**A, "pay": "90000", "scope": "Zone B"}],  [("senior", 90_000), ("senior", 150_000)], [1]),
    ([{**A, "date": "2026-08-01", "sha256": "new"}], [("senior", 150_000)],                    [1]),
]  # fmt: skip


def current(store: Store, record: str = "a") -> list[tuple[str, float]]:
    rows = store.rows(
        "SELECT level, low FROM observations WHERE record = $record ORDER BY low", {"record": record}
    )
    return [(row["level"], row["low"]) for row in rows]


def stated(*lines: dict[str, str]) -> list[Observation]:
    return [drawn.observation(line) for line in lines]


@pytest.mark.few(2)
@pytest.mark.parametrize(("again", "rows", "revisions"), CHANGES)
def test_a_record_read_again(
    tmp_path: Path, again: list[dict[str, str]], rows: list[tuple[str, float]], revisions: list[int]
) -> None:
    store = drawn.store_at(tmp_path / "store", stated(A, B))
    first = drawn.observation(A)
    drawn.append(store, stated(*again))

    assert current(store) == rows
    assert current(store, "b") == [("mid", 120_000)]
    assert [row["revision"] for row in store.history(first.key)] == revisions
    fresh = drawn.store_at(tmp_path / "fresh", stated(*again, B))
    if again[0].get("date") is None:  # seen later, the same statement keeps the day it was first seen
        assert store.fingerprint == fresh.fingerprint


def test_there_and_back_again(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, stated(A))
    counts = [
        drawn.append(store, stated(line)) for line in ({**A, "pay": "1e5"}, A, {**A, "level": "mid"}, A)
    ]

    assert [(c.observations_new, c.observations_withdrawn) for c in counts] == [
        (1, 1),
        (1, 1),
        (1, 0),
        (1, 0),
    ]
    assert current(store) == [("senior", 150_000)]
    history = store.history(drawn.observation(A).key)
    assert [(row["revision"], row["level"]) for row in history] == [
        (1, "senior"), (2, "senior"), (3, "mid"), (4, "senior"),
    ]  # fmt: skip


def test_a_posting_that_states_no_pay_any_more(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, stated(A, B), [drawn.posting(A)])
    added = drawn.append(store, [drawn.posting({**A, "skills": "jax"})])

    assert (added.observations_withdrawn, added.postings_new) == (1, 1)
    assert (current(store), current(store, "b")) == ([], [("mid", 120_000)])
    posting = store.posting("board", "a")
    assert posting is not None
    assert posting.profile.skills == ("jax",)


def test_a_statement_that_breaks_the_contract_now_is_withdrawn(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, stated(A))
    added = drawn.append(store, [replace(drawn.observation(A), low=1.0, high=2.0)])

    assert (added.observations_withdrawn, dict(added.by_rule)) == (1, {"annual_pay_is_plausible": 1})
    assert current(store) == []


def test_every_run_is_a_version(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, stated(A))
    drawn.append(store, stated({**A, "pay": "160000-210000"}))
    drawn.append(store, stated(B))

    lows = [[low for _, low in current(Store.open(tmp_path, number=number))] for number in (1, 2, 3)]
    assert lows == [[150_000], [160_000], [160_000]]
    assert current(Store.open(tmp_path, number=2), "b") == []
    assert current(Store.open(tmp_path, as_of=datetime.now(UTC).date())) == [("senior", 160_000)]


def test_a_version_that_is_not_there_is_named(tmp_path: Path) -> None:
    drawn.store_at(tmp_path, stated(A))
    with pytest.raises(InputError, match=r"no version 2.*Versions 1 to 1"):
        Store.open(tmp_path, number=2)
    with pytest.raises(InputError, match="no version 0"):
        Store.open(tmp_path, number=0)
    with pytest.raises(InputError, match="no version as of 2001-01-01; its first version is of"):
        Store.open(tmp_path, as_of=date(2001, 1, 1))


@pytest.mark.parametrize("lacking", ["revision", "quote"])
def test_a_folder_of_an_older_payguide_is_not_mixed_with_new_rows(tmp_path: Path, lacking: str) -> None:
    old = schema([column for column in TABLES["observations"] if column.name != lacking])
    delta.create(tmp_path / "observations", old)
    with pytest.raises(InputError, match=r"older payguide.*new folder"):
        Store.open(tmp_path, create=True)


@pytest.mark.parametrize("damage", ["file", "log"])
def test_the_last_good_version_still_reads(tmp_path: Path, damage: str) -> None:
    store = drawn.store_at(tmp_path, stated(A))
    before = {path.name for path in (tmp_path / "observations").rglob("*") if path.is_file()}
    drawn.append(store, stated(B))
    suffix = ".parquet" if damage == "file" else ".json"
    [broken] = [path for path in (tmp_path / "observations").rglob(f"*{suffix}") if path.name not in before]
    broken.write_bytes(b'PAR1{"add": {')

    with pytest.raises(StoreError, match=r"observations.*an earlier version may still read"):
        Store.open(tmp_path).rows("SELECT sum(low) FROM observations")
    assert current(Store.open(tmp_path, number=1)) == [("senior", 150_000)]
    assert current(Store.open(tmp_path, number=1), "b") == []


def files(folder: Path) -> int:
    return sum(1 for _ in (folder / "observations").glob("*.parquet"))


def test_compact_joins_files_and_vacuum_keeps_what_an_edition_needs(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, stated(A))
    for number in range(5):
        drawn.append(store, stated({**B, "record": f"b{number}"}))
    Store.open(tmp_path, number=2).pin("ml-engineer-2026")
    Store.open(tmp_path, number=2).pin("ml-engineer-2026")
    before = store.fingerprint

    assert store.compact()["observations"] == 5
    assert (store.fingerprint, files(tmp_path)) == (before, 7)
    assert Store.open(tmp_path, number=4).rows("SELECT count(*) AS n FROM observations") == [{"n": 4}]

    assert store.vacuum()["observations"] == 4
    assert (Store.open(tmp_path).fingerprint, files(tmp_path)) == (before, 3)
    assert Store.open(tmp_path, number=2).rows("SELECT count(*) AS n FROM observations") == [{"n": 2}]
    with pytest.raises(StoreError, match="missing"):
        Store.open(tmp_path, number=4).rows("SELECT 1")


def test_what_a_killed_writer_left_goes_with_a_vacuum(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, stated(A))
    left = tmp_path / "observations" / "part-00000-left-by-a-killed-run.parquet"
    left.write_bytes(b"half")
    old = time.time() - timedelta(days=1).total_seconds()
    os.utime(left, (old, old))
    store.vacuum()

    assert not left.exists()
    assert current(store) == [("senior", 150_000)]


def test_the_log_forgets_nothing(tmp_path: Path) -> None:
    """A checkpoint comes every hundred commits, and would clean away log entries older than a month."""
    columns = TABLES["withdrawn"]
    delta.create(tmp_path, schema(columns))
    table = delta.Table(tmp_path)
    old = time.time() - timedelta(days=90).total_seconds()
    for number in range(102):
        row = {"key": str(number), "row": "r", "revision": 1, "run": number}
        table.append(pa.Table.from_pylist([row], schema=schema(columns)))
        for entry in (tmp_path / "_delta_log").glob("*.json"):
            os.utime(entry, (old, old))

    assert list((tmp_path / "_delta_log").glob("*.checkpoint*.parquet"))
    assert [len(delta.Table(tmp_path, version).files) for version in (0, 1, 50)] == [0, 1, 50]
