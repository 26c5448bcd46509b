"""What is kept of cells on disk: never needed, and never trusted further than it can be checked."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import drawn_evidence as drawn
import numpy as np
import pytest
from growing_evidence import Evidence, copied, different, kept, of_all

from payguide.base.figures import Cell
from payguide.evidence import incremental
from payguide.evidence.aggregate import aggregate
from payguide.evidence.distinct import Population
from payguide.evidence.incremental import Kept
from payguide.evidence.kept import Keeper
from payguide.evidence.outliers import Limits
from payguide.evidence.prepared import Prepared
from payguide.evidence.store import Store

FOLDER = "cells/US-USD"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Evidence whose cells are kept."""
    evidence = Evidence(tmp_path_factory.mktemp("kept") / "base")
    evidence.step("add", seed=7, size=300)
    kept(evidence.folder)
    return evidence


@pytest.fixture(scope="module")
def whole(base: Evidence) -> tuple[Cell, ...]:
    """The cells of that evidence, made of all of it."""
    return of_all(base.folder)


@pytest.fixture
def evidence(base: Evidence, tmp_path: Path) -> Evidence:
    return copied(base, tmp_path / "evidence")


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows by one each time that all cells are made anew."""
    made: list[str] = []
    of = incremental._anew

    def counting(found: Prepared, keeper: Keeper | None, store: Store) -> tuple[Cell, ...]:
        made.append("anew")
        return of(found, keeper, store)

    monkeypatch.setattr(incremental, "_anew", counting)
    return made


def parts(evidence: Evidence, part: str = "") -> list[Path]:
    """The files of what is kept."""
    return sorted((evidence.folder / FOLDER).glob(f"{part}*.arrow"))


def named(evidence: Evidence) -> set[str]:
    """The files that the state names."""
    said = json.loads((evidence.folder / FOLDER / "state.json").read_text(encoding="utf-8"))
    return {name for files in said["parts"].values() for name, _ in files}


def test_what_is_kept_is_used_and_grows_with_the_evidence(evidence: Evidence, anew: list[str]) -> None:
    before = kept(evidence.folder)
    for seed in range(3):
        evidence.step("add", seed, size=2)
        assert different(kept(evidence.folder), of_all(evidence.folder)) == []

    assert anew == []
    assert (
        different(kept(evidence.folder), before) != [] if len(before) == len(kept(evidence.folder)) else True
    )
    assert {path.name for path in parts(evidence)} == named(evidence)
    assert len(parts(evidence, "statements")) == 4


def test_where_much_has_changed_all_is_made_anew(evidence: Evidence, anew: list[str]) -> None:
    evidence.step("add", seed=1, size=200)

    assert different(kept(evidence.folder), of_all(evidence.folder)) == []
    assert anew == ["anew"]
    assert len(parts(evidence, "statements")) == 1


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def turn(path: Path) -> None:
    """One bit in the middle."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def blank(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def say(**changes: object) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")

    return write


BROKEN: list[tuple[str, Callable[[Path], object]]] = [
    *((part, change) for part in ("base", "statements", "metros") for change in (cut, turn, blank, Path.unlink)),
    *(("state.json", change) for change in (cut, blank, say(stamp="of before"), say(parts={}), say(evidence=[]))),
    *(("state.json", lambda path, text=text: path.write_text(text)) for text in ("", "[]", "{}", "null", '{"a": 1}')),
]  # fmt: skip


@pytest.mark.parametrize(("part", "change"), BROKEN)
def test_what_is_torn_or_of_another_time_is_thrown_away_aloud(
    evidence: Evidence,
    whole: tuple[Cell, ...],
    anew: list[str],
    caplog: pytest.LogCaptureFixture,
    part: str,
    change: Callable[[Path], object],
) -> None:
    [file] = parts(evidence, part) or [evidence.folder / FOLDER / part]
    change(file)

    assert different(kept(evidence.folder), whole) == []
    assert anew == ["anew"]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "are made anew" in caplog.text
    assert kept(evidence.folder)
    assert anew == ["anew"]


def test_what_another_folder_kept_is_not_trusted(
    evidence: Evidence, tmp_path: Path, anew: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    other = Evidence(tmp_path / "other")
    other.step("add", seed=8, size=300)
    shutil.copytree(evidence.folder / "cells", other.folder / "cells")

    assert different(kept(other.folder), of_all(other.folder)) == []
    assert anew == ["anew"]
    assert "no longer lists" in caplog.text


@pytest.mark.parametrize(
    ("population", "limits"),
    [
        (Population(), {("ml_engineer", "base", ""): (90_000.0, 400_000.0)}),
        (Population(roles=("ml_engineer",)), {}),
    ],
)
def test_what_was_kept_for_other_limits_or_roles_does_not_fit(
    evidence: Evidence, population: Population, limits: Limits, caplog: pytest.LogCaptureFixture
) -> None:
    assert Keeper.of(evidence.folder, Population(), {}).load()
    assert Keeper.of(evidence.folder, population, limits).load() is None
    assert "of other official statistics" in caplog.text


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[3])
from growing_evidence import kept
from payguide.evidence.kept import Keeper

left = int(sys.argv[2])

def dying(of):
    def call(*given):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return of(*given)
    return call

Keeper._written = dying(Keeper._written)
Path.replace = dying(Path.replace)
Keeper._tidy = dying(Keeper._tidy)
kept(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("moment", [0, 2, 4, 5, 6])
def test_a_build_that_is_killed_while_it_keeps_leaves_what_was_or_what_is(
    evidence: Evidence, anew: list[str], moment: int
) -> None:
    evidence.step("add", seed=3, size=2)
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", KILLED, str(evidence.folder), str(moment), here]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL

    assert different(kept(evidence.folder), of_all(evidence.folder)) == []
    evidence.step("add", seed=4, size=2)
    assert different(kept(evidence.folder), of_all(evidence.folder)) == []
    assert anew == []
    assert {path.name for path in parts(evidence)} == named(evidence)


def test_who_builds_at_the_same_time_gets_the_same(evidence: Evidence) -> None:
    evidence.step("add", seed=5, size=3)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(kept, [evidence.folder] * 4))

    whole = of_all(evidence.folder)
    assert [different(cells, whole) for cells in made] == [[]] * 4
    assert different(kept(evidence.folder), whole) == []


def test_a_state_that_another_has_replaced_meanwhile_is_left_alone(evidence: Evidence) -> None:
    keeper = Keeper.of(evidence.folder, Population(), {})
    state = keeper.load()
    assert state
    evidence.step("add", seed=6, size=2)
    kept(evidence.folder)
    before = (evidence.folder / FOLDER / "state.json").read_bytes()
    late = incremental.updated(Store.open(evidence.folder), keeper, state, Population(), {})

    assert late
    assert different(late, of_all(evidence.folder)) == []
    assert (evidence.folder / FOLDER / "state.json").read_bytes() == before


def test_where_nothing_may_be_written_cells_are_made_and_not_kept(
    evidence: Evidence, anew: list[str]
) -> None:
    shutil.rmtree(evidence.folder / "cells")
    (evidence.folder / "cells").write_text("no folder")

    assert different(kept(evidence.folder), of_all(evidence.folder)) == []
    assert anew == ["anew"]


def test_a_disk_that_is_full_leaves_nothing_half_written(
    evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence.step("add", seed=3, size=2)
    before = parts(evidence)
    of = Keeper._written

    def full(keeper: Keeper, part: str, batches: object) -> object:
        of(keeper, part, batches)  # type: ignore[arg-type]
        raise OSError("no space left on device")

    monkeypatch.setattr(Keeper, "_written", full)

    assert different(kept(evidence.folder), of_all(evidence.folder)) == []
    assert parts(evidence) == before


def test_in_a_storage_nothing_is_kept(s3: str, anew: list[str]) -> None:
    drawn.store_at(s3, drawn.observations("record | pay\n1 | 150000\n2 | 160000"))
    first, again = (Kept()(Store.open(s3), Population(), ()) for _ in range(2))

    assert different(first, again) == []
    assert anew == ["anew", "anew"]


def test_joined_files_are_counted_anew_and_deleted_ones_are_not_missed(
    evidence: Evidence, anew: list[str]
) -> None:
    evidence.step("add", seed=5, size=3)
    kept(evidence.folder)
    store = Store.open(evidence.folder)
    store.compact()
    store.vacuum()

    assert different(kept(evidence.folder), of_all(evidence.folder)) == []
    assert anew == ["anew"]
    assert different(kept(evidence.folder), of_all(evidence.folder)) == []
    assert anew == ["anew"]


def test_an_old_version_is_made_of_itself_and_leaves_what_is_kept(evidence: Evidence) -> None:
    evidence.step("withdraw", seed=9, size=5)
    kept(evidence.folder)
    said = (evidence.folder / FOLDER / "state.json").read_bytes()
    old = Kept()(Store.open(evidence.folder, number=1), Population(), ())

    assert different(old, of_all(evidence.folder, number=1)) == []
    assert {cell.key: cell.n for cell in old} != {cell.key: cell.n for cell in kept(evidence.folder)}
    assert (evidence.folder / FOLDER / "state.json").read_bytes() == said


def test_who_opened_the_evidence_before_others_added_to_it_sees_what_it_opened(evidence: Evidence) -> None:
    store = Store.open(evidence.folder)
    with closing(store.connect()):
        evidence.step("withdraw", seed=9, size=5)
        kept(evidence.folder)

        assert different(Kept()(store, Population(), ()), of_all(evidence.folder, number=1)) == []
    assert different(kept(evidence.folder), of_all(evidence.folder)) == []


def test_fresh_reads_nothing_that_is_kept_and_keeps_what_it_makes(
    evidence: Evidence, anew: list[str]
) -> None:
    evidence.step("add", seed=5, size=3)
    made = Kept(fresh=True)(Store.open(evidence.folder), Population(), ())

    assert different(made, of_all(evidence.folder)) == []
    assert anew == ["anew"]
    assert different(kept(evidence.folder), made) == []
    assert anew == ["anew"]


def test_the_aggregates_of_an_edition_are_the_same_either_way(evidence: Evidence, anew: list[str]) -> None:
    evidence.step("revise", seed=5, size=3)
    ours = aggregate(Store.open(evidence.folder))
    theirs = aggregate(Store.open(evidence.folder), elsewhere=Kept(fresh=True))

    assert anew == ["anew"]
    assert different(ours.cells, theirs.cells) == []
    assert ours.sources == theirs.sources
    assert all(
        np.array_equal(one.rep_xtx, other.rep_xtx) and np.array_equal(one.xty, other.xty)
        for one, other in zip(ours.moments, theirs.moments, strict=True)
    )
