"""What is made once for all the processes that run tests, and only read from then on."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

#: A guide made up for the tests, which the ML engineers' edition audits.
GUIDE = Path(__file__).parent / "decode" / "data" / "guides" / "tables.page"


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder of this run that the first process to ask for it makes; the others wait until it is there."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    folder = base / f"{name}-once"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = Path(factory.mktemp(name))
            make(making)
            making.rename(folder)
    return folder


def payguide(*arguments: object, hash_seed: int) -> subprocess.CompletedProcess[str]:
    """Run a command line in a process of its own, whose order of hashing is the seed's."""
    command = [sys.executable, "-m", "payguide", *map(str, arguments)]
    environment = {**os.environ, "PYTHONHASHSEED": str(hash_seed)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def build(folder: Path, hash_seed: int = 1) -> None:
    """Build the guides of every role from the packaged evidence."""
    ran = payguide(
        "build", "--role", "all", "--out", folder, "--url", "https://pay.example", "--audits", GUIDE,
        hash_seed=hash_seed,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "ML Engineer" in ran.stdout
