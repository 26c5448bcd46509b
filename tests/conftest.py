"""Fixtures that every room shares."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

import s3_server
from made_once import build, once

# the first example pays for reading the vocabularies; speed is measured in benchmarks/
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("thorough", deadline=None, max_examples=500)
settings.load_profile("quick")

# what is imported and collected stays to the end: to look through it for garbage again and again is a tenth of the work
gc.disable()

if "PYTEST_XDIST_WORKER" in os.environ:
    # other processes run tests meanwhile: threads of numpy's and of boosted trees, and more processes, would only
    # wait for each other
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", LOKY_MAX_CPU_COUNT="1")

ROOT = Path(__file__).resolve().parents[1]

# the processes that tests start do without what none of them uses and takes long to import; Spark's are spared
os.environ["PYTHONPATH"] = os.pathsep.join(
    [str(ROOT / "tests" / "no_pandas"), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
)


def needed(item: pytest.Item) -> set[object]:
    """The fixtures that a test asks for by name, and those that `on` and `place` ask for."""
    given = getattr(item, "callspec", None)
    chosen = {given.params.get("on"), given.params.get("place")} if given else set()
    return {*getattr(item, "fixturenames", ()), *chosen}


def few_of(item: pytest.Item) -> int | None:
    """How many of a test's cases are tried at once: all of them (None), or a few; on Spark one is enough for any."""
    if "spark" in needed(item):
        return 1
    mark = item.get_closest_marker("few")
    return int(mark.args[0]) if mark else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs Spark or S3-compatible storage is slow, and marked, but for what is `thin`.

    Of a test that is tried in a `few` of its cases, evenly spread, the others are slow, and neither Spark's nor S3's.
    """
    cases: dict[tuple[str, int], list[pytest.Item]] = {}
    for item in items:
        if (few := few_of(item)) is not None:
            cases.setdefault((item.nodeid.partition("[")[0], few), []).append(item)
    for (_, few), same in cases.items():
        quick = {k * len(same) // few for k in range(few)}
        for k, item in enumerate(same):
            if k not in quick:
                item.add_marker("slow")
    for item in items:
        if item.get_closest_marker("thin") or item.get_closest_marker("slow"):
            continue
        for mark, fixtures in (("spark", {"spark"}), ("s3", {"s3", "storage"})):
            if needed(item) & fixtures:
                item.add_marker(mark)
                item.add_marker("slow")


def pytest_collection_finish() -> None:
    """From here on garbage is collected, but not looked for in what was there before the first test."""
    gc.freeze()
    gc.enable()


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
def all_guides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guides of every role of the packaged evidence, what a reader really gets; they are only read."""
    return once(tmp_path_factory, "guides", build)


@pytest.fixture(scope="session")
def packaged_site(all_guides: Path) -> Path:
    """The ML engineers' among them."""
    return all_guides / "ml-engineer"


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
