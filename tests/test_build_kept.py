"""An edition is byte for byte the same whether its cells were kept and added to or made anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from payguide import pipeline
from payguide.base.errors import UsageError
from payguide.evidence import incremental
from payguide.evidence.incremental import Kept
from payguide.guide import role as roles
from payguide.serve.cli.build import build, verify
from test_killed import boards, hashes


def collect(folder: Path) -> None:
    pipeline.collect(
        [f"recorded:{folder / 'boards'}"],
        folder / "evidence",
        map_name=None,
        retrieved=None,
        tick=lambda *_: None,
    )


def built(folder: Path, out: str, elsewhere: Kept | None = None) -> dict[str, str]:
    """Build an edition; its files' hashes."""
    pipeline.build(
        [roles.load("ml-engineer")],
        evidence=folder / "evidence",
        out=folder / out,
        tick=lambda *_: None,
        elsewhere=elsewhere,
    )
    return hashes(folder / out)


def test_an_edition_is_the_same_bytes_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    boards(tmp_path / "boards")
    collect(tmp_path)
    before = built(tmp_path, "before")
    board = tmp_path / "boards" / "ashby" / "employer-3.json"
    said = json.loads(board.read_text(encoding="utf-8"))
    said["jobs"][0]["descriptionPlain"] = "We build models.\n\nSalary: $150k - $190k."
    board.write_text(json.dumps({**said, "jobs": said["jobs"][:-1]}), encoding="utf-8")
    collect(tmp_path)
    with monkeypatch.context() as only_added_to:
        only_added_to.delattr(incremental, "_anew")
        after = built(tmp_path, "after")

    assert after != before
    assert after == built(tmp_path, "fresh", Kept(fresh=True))
    assert verify(tmp_path / "after", evidence=str(tmp_path / "evidence")) == 0


def test_no_cells_of_the_packaged_evidence_are_kept() -> None:
    with pytest.raises(UsageError, match="nothing to reduce"):
        build(fresh=True)
