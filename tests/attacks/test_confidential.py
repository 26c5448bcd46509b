"""Confidential evidence enters nothing that is public: planted values are searched for in all that is written, and an
edition is byte for byte what it is without them.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from planted import Own, leaked, own_file, public_boards, written

from payguide.evidence.store import Store
from test_killed import hashes


def payguide(folder: Path, *arguments: object, code: int = 0) -> str:
    """Run a command line in a folder, whose temporary files lie in it too; all that it prints."""
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "payguide", *map(str, arguments)]
    environment = {
        "TMPDIR": str(scratch),
        "HOME": str(scratch),
        "PATH": "/usr/bin:/bin",
        "OMP_NUM_THREADS": "1",
    }
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == code, ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with public evidence in `open`, and in `mixed` with a payroll and a survey of one's own beside it."""
    folder = tmp_path_factory.mktemp("confidential")
    source = public_boards(folder / "boards")
    for evidence in ("open", "mixed"):
        payguide(folder, "collect", source, "--evidence", evidence)
    for own in owned(folder):
        payguide(folder, "collect", *own.arguments, "--evidence", "mixed", code=3)
    return folder


def owned(folder: Path) -> list[Own]:
    """A payroll whose first employer has most of 48 lines, and a survey."""
    dice = random.Random(18)
    return [own_file(folder / "own", kind, dice, employers=9, lines=48) for kind in ("payroll", "survey")]


def test_an_edition_is_byte_for_byte_what_it_is_without_confidential_evidence(place: Path) -> None:
    payguide(place, "build", "--evidence", "open", "--out", "open-edition")
    told = payguide(place, "build", "--evidence", "mixed", "--out", "mixed-edition")

    assert hashes(place / "mixed-edition") == hashes(place / "open-edition")
    held = Store.open(place / "mixed").rows(
        "SELECT count(*) AS n FROM observations WHERE confidentiality <> 'public'"
    )
    assert f"{held[0]['n']} confidential observations of 2 sources were left out" in told
    planted = [word for own in owned(place) for word in own.planted]
    assert not leaked(planted, [("printed", told), *written(place / "mixed-edition", place / "scratch")])
