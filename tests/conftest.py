"""Fixtures that every room shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

import s3_server
from made_once import build, once

# the first example pays for reading the vocabularies; speed is measured in benchmarks/
settings.register_profile("payguide", deadline=None)
settings.load_profile("payguide")

if "PYTEST_XDIST_WORKER" in os.environ:
    # other processes run tests meanwhile: threads of numpy's and of boosted trees, and more processes, would only
    # wait for each other
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", LOKY_MAX_CPU_COUNT="1")

#: The units that take longest, and begin first.
LONGEST = (
    "spark", "test_killed.py", "test_pack_rebuild.py", "test_stand.py",
    "test_reading.py", "test_writers.py", "test_accessible.py", "test_site.py", "test_records.py", "test_desk.py",
    "test_desk_equal.py", "test_changes_command.py", "test_backtest.py", "test_commands.py",
    "test_several_guides.py", "test_build.py", "test_world.py",
)  # fmt: skip

ROOT = Path(__file__).resolve().parents[1]


def unit(nodeid: str) -> str:
    """What a test belongs to that one process runs whole: those that need Spark, or its file."""
    file = nodeid.partition("::")[0].rpartition("/")[2]
    return "spark" if "[spark" in nodeid or file in ("test_engines.py", "test_reading_on_spark.py") else file


class ByUnit(LoadScopeScheduling):
    """Gives a process a unit at a time. (xdist's own groups are not seen by pytest 9: it no longer lets a test's id be
    changed.)
    """

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByUnit:
    """What units share is made once, whatever `--dist` says."""
    return ByUnit(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest units begin first, so that the processes end together."""
    begins = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: begins.get(unit(item.nodeid), len(begins)))


def library_folder() -> Path:
    """Where the evidence library lies: $PAYGUIDE_LIBRARY, or beside the checkout."""
    return Path(os.environ.get("PAYGUIDE_LIBRARY", ROOT.parent / "shared" / "data"))


@pytest.fixture(scope="session")
def library() -> Path:
    """The evidence library; the test is skipped aloud where it is absent."""
    folder = library_folder()
    if not (folder / "MANIFEST.md").is_file():
        pytest.skip(f"the evidence library is not at {folder}; set PAYGUIDE_LIBRARY to its folder")
    return folder


@pytest.fixture(scope="session")
def packaged_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guide of the packaged evidence, what a reader really gets; it is only read."""
    return once(tmp_path_factory, "packaged", partial(build, hash_seed="1"))


@pytest.fixture(scope="session")
def storage() -> Iterator[dict[str, str]]:
    """The environment in which an S3-compatible storage is reached."""
    with s3_server.serving() as environment:
        yield environment


@pytest.fixture
def s3(storage: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Where nothing lies yet in S3-compatible storage, as a user names it."""
    for name, value in storage.items():
        monkeypatch.setenv(name, value)
    return f"s3://{s3_server.BUCKET}/{uuid4()}/my evidence"
