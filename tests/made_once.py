"""What is made once for all the processes that run tests, and only read from then on."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


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


def build(folder: Path, hash_seed: str) -> None:
    """Build the guide of the packaged evidence in a process of its own, whose order of hashing is the seed's."""
    command = [sys.executable, "-m", "payguide", "build", "--out", str(folder)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": hash_seed})
