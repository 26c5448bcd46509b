"""Fixtures that every room shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
