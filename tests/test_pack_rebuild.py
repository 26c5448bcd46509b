"""The packaged evidence is what the evidence library gives: rebuilt from it and compared.

The sums are floating-point: another machine may add in another order, so numbers are compared to nine digits;
counts, names and the sources' hashes exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from payguide import pipeline
from payguide.evidence import pack as packs
from payguide.evidence.store import Store
from payguide.guide import role as roles

CLOSE = 1e-9


def quiet(stage: str, done: int, total: int | None) -> None:
    """Nobody watches a test's progress."""


def same(found: object, expected: object) -> bool:
    if isinstance(expected, np.ndarray):
        close = np.issubdtype(expected.dtype, np.floating)
        both = np.asarray(found)
        if both.shape != expected.shape:
            return False
        return bool(
            np.allclose(both, expected, rtol=CLOSE, atol=1e-6) if close else np.array_equal(both, expected)
        )
    if isinstance(expected, float) and isinstance(found, float):
        return bool(np.isclose(found, expected, rtol=CLOSE, equal_nan=True))
    return found == expected


def differing(found: Iterable[Any], expected: Iterable[Any]) -> list[str]:
    """What differs between two lists of the same kind of aggregate, field by field."""
    pairs = list(zip(found, expected, strict=True))
    return [
        f"{one!r:.80}: {name}"
        for one, other in pairs
        for name in type(other).__dataclass_fields__
        if not same(getattr(one, name), getattr(other, name))
    ]


@pytest.mark.shared
def test_the_packaged_cells_are_those_of_the_library(library: Path, tmp_path: Path) -> None:
    role = roles.load("ml-engineer")
    evidence = tmp_path / "evidence"
    collected = pipeline.collect([f"library:{library}"], evidence, map_name=None, retrieved=None, tick=quiet)
    assert collected.failed == ()
    store = Store.open(evidence)

    rebuilt = tmp_path / "pack"
    made = packs.write_pack(pipeline.aggregates_of(store, role), store, folder=rebuilt)
    packaged = packs.read_manifest()

    for name, card in packaged["sources"].items():
        assert made["sources"][name]["documents_sha256"] == card["documents_sha256"], (
            f"{name}: the library's files are not those that were packaged; rebuild with `make pack`"
        )
    assert made["evidence_version"] == packaged["evidence_version"]
    found, expected = packs.read_pack(rebuilt), packs.read_pack()
    assert differing(found.cells, expected.cells) == []
    assert differing(found.tallies, expected.tallies) == []
    assert differing(found.moments, expected.moments) == []
