"""A build reads one state of the evidence, and prepares it once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from payguide.evidence import snapshot
from payguide.evidence.store import Store
from payguide.guide import role as roles
from payguide.pipeline import collection, editions
from payguide.pipeline.progress import Tick
from test_killed import boards, hashes


def collect(source: Path, evidence: Path) -> None:
    collection.collect([f"recorded:{source}"], evidence, map_name=None, retrieved=None, tick=lambda *_: None)


def built(folder: Path, out: str, tick: Tick) -> dict[str, str]:
    """Build an edition of a folder's evidence; its files' hashes."""
    role = roles.load("ml-engineer")
    editions.build([role], evidence=folder / "evidence", out=folder / out, tick=tick)
    return hashes(folder / out)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tmp_path = tmp_path_factory.mktemp("snapshot")
    collect(boards(tmp_path / "boards"), tmp_path / "evidence")
    # what comes in later: the same jobs of employers with other names
    for board in (tmp_path / "boards" / "ashby").iterdir():
        late = tmp_path / "late" / board.stem / "ashby" / f"late-{board.name}"
        late.parent.mkdir(parents=True)
        late.write_text(
            board.read_text(encoding="utf-8").replace('"id": "', '"id": "late-'), encoding="utf-8"
        )
    return tmp_path


@dataclass(frozen=True)
class Undisturbed:
    """A build while nothing comes in: the hashes of its files, and how often evidence was prepared and connected to."""

    hashes: dict[str, str]
    prepared: int
    connections: int


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> Undisturbed:
    def counting(module: object, name: str) -> list[object]:
        calls: list[object] = []
        of: Callable[..., object] = getattr(module, name)

        def counted(*arguments: object, **named: object) -> object:
            calls.append(of(*arguments, **named))
            return calls[-1]

        patch.setattr(module, name, counted)
        return calls

    with pytest.MonkeyPatch.context() as patch:
        prepared, connections = counting(snapshot, "prepare_duckdb"), counting(duckdb, "connect")
        made = built(folder, "before", lambda *_: None)
    return Undisturbed(made, len(prepared), len(connections))


def test_the_evidence_is_prepared_once(undisturbed: Undisturbed) -> None:
    assert undisturbed.prepared == 1
    # one reads the evidence; another answers small questions as long as the process lives, here since the collecting
    assert undisturbed.connections == 1


def test_an_edition_is_of_one_state_of_the_evidence(folder: Path, undisturbed: Undisturbed) -> None:
    waiting = sorted((folder / "late").iterdir())
    stages: list[str] = []

    def tick(stage: str, done: int, total: int | None) -> None:
        """At the beginning of each stage more comes in; once from another process."""
        if stage not in stages:
            stages.append(stage)
            source, evidence = waiting.pop(), folder / "evidence"
            if len(stages) == 2:
                program = "import sys, pathlib, test_snapshot_build as it; it.collect(*map(pathlib.Path, sys.argv[1:]))"
                subprocess.run(
                    [sys.executable, "-c", program, source, evidence], cwd=Path(__file__).parent, check=True
                )
            else:
                collect(source, evidence)

    assert built(folder, "meanwhile", tick) == undisturbed.hashes
    assert len(stages) >= 4
    store = Store.open(folder / "evidence")
    assert store.number == 1 + len(stages)
    assert store.rows("SELECT DISTINCT number FROM editions") == [{"number": 1}]
