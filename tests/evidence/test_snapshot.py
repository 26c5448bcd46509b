"""All of an edition is of one state of the evidence, whatever arrives while it is made."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import drawn_evidence as drawn
import numpy as np
import pytest

from payguide.base.aggregates import Aggregates, PayRows
from payguide.base.edition import EvidenceRecord
from payguide.base.inputs import Observation
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store, delta
from payguide.evidence.tables import OBSERVATIONS, table_of

#: One statement each of a dozen employers.
FIRST = "record | employer | pay\n" + "\n".join(f"a{n} | employer {n} | {150_000 + n}" for n in range(12))

Append = Callable[[Path], None]


def late(number: int) -> list[Observation]:
    """A statement that comes in while an edition is made."""
    return drawn.observations(f"record | employer | pay\nlate{number} | late | {300_000 + number}")


def by_this_process(folder: Path) -> None:
    drawn.append(Store.open(folder), late(1))


#: Appends to each folder that it is told, and says so.
ANOTHER = """
import pathlib, sys, test_snapshot
for line in sys.stdin:
    test_snapshot.by_this_process(pathlib.Path(line.strip()))
    print("done", flush=True)
"""


@contextmanager
def another_process() -> Iterator[Append]:
    """What appends in a process of its own."""
    command = [sys.executable, "-c", ANOTHER]
    with subprocess.Popen(
        command, cwd=Path(__file__).parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def append(folder: Path) -> None:
            assert process.stdin is not None
            assert process.stdout is not None
            print(folder, file=process.stdin, flush=True)
            assert process.stdout.readline() == "done\n"

        yield append


def by_a_run_that_has_not_ended(folder: Path) -> None:
    delta.Table(folder / "observations").append(table_of(OBSERVATIONS, tuple(late(2))))


def joining_files(folder: Path) -> None:
    Store.open(folder).compact()


Seen = tuple[Aggregates, dict[str, PayRows], dict[str, list[EvidenceRecord]]]


def seen(folder: Path, between: Append | None = None) -> Seen:
    """What an edition is made of, and something that happens before each stage and after the last."""
    happen = between or (lambda folder: None)
    with Snapshot.of(Store.open(folder)) as taken:
        happen(folder)
        aggregates = taken.aggregates()
        happen(folder)
        rows = taken.training_rows()
        happen(folder)
        records = taken.records(["ml_engineer"])
        happen(folder)
        taken.pin("ml-engineer-2026")
    return aggregates, rows, records


def same(one: Seen, other: Seen) -> None:
    """Assert that two are equal."""
    assert [(c.key, c.n, c.n_records) for c in one[0].cells] == [
        (c.key, c.n, c.n_records) for c in other[0].cells
    ]
    assert [m.yty for m in one[0].moments] == [m.yty for m in other[0].moments]
    assert (one[0].sources, one[0].evidence_version) == (other[0].sources, other[0].evidence_version)
    assert np.array_equal(one[1]["base"].low, other[1]["base"].low)
    assert one[2] == other[2]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evidence of one run, which is only read."""
    folder = tmp_path_factory.mktemp("first")
    drawn.store_at(folder, drawn.observations(FIRST), drawn.postings(FIRST), source=drawn.document())
    return folder


@pytest.fixture
def folder(first: Path, tmp_path: Path) -> Path:
    """The same evidence, to be added to."""
    return Path(shutil.copytree(first, tmp_path / "evidence"))


@pytest.fixture(scope="module")
def undisturbed(first: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What an edition is made of where nothing happens meanwhile."""
    return seen(Path(shutil.copytree(first, tmp_path_factory.mktemp("undisturbed") / "evidence")))


@pytest.mark.parametrize("happening", [by_this_process, by_a_run_that_has_not_ended, joining_files])
def test_what_comes_in_between_two_stages_waits(folder: Path, undisturbed: Seen, happening: Append) -> None:
    assert len(undisturbed[1]["base"]) == 12

    same(seen(folder, happening), undisturbed)


def test_what_another_process_appends_between_two_stages_waits(folder: Path, undisturbed: Seen) -> None:
    with another_process() as happening:
        same(seen(folder, happening), undisturbed)
    # once before each of three stages, and once after them
    assert Store.open(folder).number == 1 + 4


@pytest.mark.few(1)
@pytest.mark.parametrize("happening", [by_this_process, by_a_run_that_has_not_ended])
def test_the_version_that_was_read_is_pinned_and_kept(folder: Path, happening: Append) -> None:
    before = Store.open(folder).fingerprint
    seen(folder, happening)
    store = Store.open(folder)
    assert store.rows("SELECT number FROM editions") == [{"number": 1}]
    assert store.fingerprint != before

    store.compact()
    store.vacuum()
    assert Store.open(folder, number=1).fingerprint == before


def test_a_run_that_has_not_ended_is_seen_by_no_snapshot(folder: Path) -> None:
    by_a_run_that_has_not_ended(folder)
    Store.open(folder).compact()
    Store.open(folder).vacuum()
    with Snapshot.of(Store.open(folder)) as taken:
        assert taken.rows("SELECT count(*) AS n FROM observations") == [{"n": 12}]
    assert len(Store.open(folder).rows("SELECT key FROM observations")) == 13


def test_an_edition_of_joined_files_is_kept_too(folder: Path) -> None:
    by_this_process(folder)
    store = Store.open(folder)
    store.compact()
    store.vacuum()
    seen(folder)
    drawn.append(store, late(3))
    store.compact()
    store.vacuum()

    assert Store.open(folder, number=2).rows("SELECT count(*) AS n FROM observations") == [{"n": 13}]


def test_an_old_version_is_a_snapshot_too(folder: Path) -> None:
    by_this_process(folder)
    with Snapshot.of(Store.open(folder, number=1)) as taken:
        assert len(taken.training_rows()["base"]) == 12
        taken.pin("ml-engineer-2025")
    assert Store.open(folder).rows("SELECT number FROM editions") == [{"number": 1}]


def test_before_the_first_run_there_is_nothing(tmp_path: Path) -> None:
    with Snapshot.of(Store.open(tmp_path, create=True)) as taken:
        assert taken.aggregates().cells == ()
