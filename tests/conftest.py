"""Fixtures that every room shares."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings

import s3_server

# the first example pays for reading the vocabularies; speed is measured in benchmarks/
settings.register_profile("payguide", deadline=None)
settings.load_profile("payguide")

ROOT = Path(__file__).resolve().parents[1]


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
