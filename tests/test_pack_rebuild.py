"""The packaged evidence is what the evidence library gives: rebuilt from it and compared.

Counts, names and hashes are compared exactly. Sums of floating-point numbers are compared to nine digits and
figures to six, for another machine may add in another order; what the estimator predicts is compared to half a
per cent, for its effects are rounded to four digits and negligible ones are dropped.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import outliers
import pytest

from payguide import read_edition
from payguide.base.estimates import Figure, Published
from payguide.collect.library import inputs
from payguide.decode.profile_input import resolve_profile
from payguide.estimator import predict_each
from payguide.evidence import pack as packs
from payguide.evidence import sealed
from payguide.fit.edition import estimate
from payguide.fit.market.packed import read_market_model
from payguide.fit.market.people import People
from payguide.gate.rules import judge
from payguide.guide import role as roles
from payguide.pipeline.models import market_of

ROLE = roles.load("ml-engineer")
SUMS, FIGURES, PREDICTIONS = 1e-9, 1e-6, 0.005

#: Of the manifest, what may differ between equal packs: the files' bytes where sums differ in the last digit.
MAY_DIFFER = ("files", "code_version")

PROFILES: tuple[Mapping[str, object], ...] = (
    {"role": "ml_engineer", "component": "base", "years": 1},
    {"role": "ml_engineer", "component": "total", "years": 7, "place": "Seattle, WA"},
    {"role": "ml_engineer", "component": "total", "level": "senior", "employer": "Google"},
    {"role": "ml_engineer", "component": "base", "level": "staff", "place": "San Francisco, CA"},
    {"role": "software_engineer", "component": "base", "years": 4, "degree": "master"},
    {"role": "data_scientist", "component": "total"},
)


#: Rebuilds the pack in a process of its own, which is not watched for coverage and so needs half the time; prints which
#: sources failed.
REBUILD = """
import json, sys
from pathlib import Path
from payguide.pipeline import models
from payguide.guide import role as roles

library, evidence, pack = map(Path, sys.argv[1:])
role = roles.load("ml-engineer")
collected, _ = models.pack(library, evidence, role, lambda stage, done, total: None, folder=pack)
print(json.dumps([str(error) for error in collected.failed]))
"""


def same(found: object, expected: object) -> bool:
    if isinstance(expected, np.ndarray):
        both = np.asarray(found)
        if both.shape != expected.shape:
            return False
        if np.issubdtype(expected.dtype, np.floating):
            return np.allclose(both, expected, rtol=SUMS, atol=1e-6)
        return np.array_equal(both, expected)
    if isinstance(expected, float) and isinstance(found, float):
        return bool(np.isclose(found, expected, rtol=SUMS, equal_nan=True))
    return found == expected


def of_values(where: str, found: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    """What differs between two mappings of plain values."""
    for name in sorted({*found, *expected}):
        if found.get(name) != expected.get(name):
            yield f"{where} {name}: {found.get(name)!r:.80} now, {expected.get(name)!r:.80} packaged"


def of_manifests(found: Mapping[str, Any], expected: Mapping[str, Any]) -> Iterator[str]:
    """Origin, licence, rows and dates of every source, and the counts of the whole."""
    for name in sorted({*found["sources"], *expected["sources"]}):
        yield from of_values(name, found["sources"].get(name, {}), expected["sources"].get(name, {}))
    apart = {"sources", "inputs", *MAY_DIFFER}
    whole = ({k: v for k, v in one.items() if k not in apart} for one in (found, expected))
    yield from of_values("manifest", *whole)


def identity(one: Any) -> object:
    if hasattr(one, "attribute"):
        return one.source, one.role, one.level, one.attribute
    return one.key if hasattr(one, "key") else one.name


def of_aggregates(found: Iterable[Any], expected: Iterable[Any]) -> Iterator[str]:
    """Whole ones that only one side has, then the others field by field."""
    mine, theirs = ({identity(one): one for one in side} for side in (found, expected))
    yield from (f"{key}: not packaged" for key in mine if key not in theirs)
    yield from (f"{key}: packaged only" for key in theirs if key not in mine)
    for key in (key for key in theirs if key in mine):
        for name in type(theirs[key]).__dataclass_fields__:
            if not same(getattr(mine[key], name), getattr(theirs[key], name)):
                yield f"{key}: another {name}"


@cache
def figures(folder: Path) -> Mapping[str, Figure]:
    posterior = read_market_model(sealed.read_market(folder))
    whose = People(posterior, market_of(ROLE, None), ROLE.role)
    aggregates = packs.read_pack(folder)
    return judge(estimate(aggregates, whose, role=ROLE.role, country=ROLE.country, as_of=ROLE.date))


def of_figures(found: Mapping[str, Figure], expected: Mapping[str, Figure]) -> Iterator[str]:
    """What is published, from how much, its values and their intervals."""
    yield from of_values(
        "figure", *({k: type(v).__name__ for k, v in one.items()} for one in (found, expected))
    )
    for name, one in expected.items():
        other = found.get(name)
        if isinstance(one, Published) and isinstance(other, Published):
            mine, theirs = other.estimate, one.estimate
            ends = [(e.low, e.value, e.high, e.n, e.n_employers or 0) for e in (mine, theirs)]
            if ends[0] != pytest.approx(ends[1], rel=FIGURES, abs=FIGURES):
                yield f"figure {name}: {ends[0]} now, {ends[1]} packaged"


def of_predictions(found: Path, expected: Path) -> Iterator[str]:
    asked = [resolve_profile(profile) for profile in PROFILES]
    answers = (predict_each(sealed.read_model(folder), asked) for folder in (found, expected))
    for profile, mine, theirs in zip(PROFILES, *answers, strict=True):
        points = [[answer[q] for q in ("p10", "p25", "p50", "p75", "p90")] for answer in (mine, theirs)]
        if points[0] != pytest.approx(points[1], rel=PREDICTIONS):
            yield f"prediction of {dict(profile)}: {points[0]} now, {points[1]} packaged"


def nothing(differences: Iterable[str]) -> None:
    told = list(islice(differences, 1000))
    remedy = "the pack is not what the library gives; rebuild it: make pack LIBRARY=its folder"
    assert not told, "\n".join([remedy, f"{len(told)} differences, among them:", *told[:20]])


@pytest.mark.shared
def test_the_pack_was_made_of_the_librarys_files(library: Path) -> None:
    nothing(of_values("file", inputs(library), sealed.read_manifest(sealed.PACKAGED).get("inputs", {})))


@pytest.mark.slow
@pytest.mark.shared
def test_the_pack_is_what_the_library_gives(library: Path, tmp_path: Path) -> None:
    """One test, for the rebuilding (a minute or so) is all its cost."""
    packaged = sealed.read_manifest(sealed.PACKAGED)
    rebuilt = tmp_path / "pack"
    command = [sys.executable, "-c", REBUILD, str(library), str(tmp_path / "evidence"), str(rebuilt)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == []

    found, expected = packs.read_pack(rebuilt), packs.read_pack(sealed.PACKAGED)
    nothing(of_aggregates(found.cells, expected.cells))
    nothing(of_aggregates(found.tallies, expected.tallies))
    nothing(of_aggregates(found.moments, expected.moments))
    assert found.own == expected.own
    nothing(of_manifests(sealed.read_manifest(rebuilt), packaged))
    nothing(of_figures(figures(rebuilt), figures(sealed.PACKAGED)))
    nothing(of_predictions(rebuilt, sealed.PACKAGED))
    page = outliers.DOCUMENT.read_text(encoding="utf-8")
    assert outliers.written(page, tmp_path / "evidence") == page, "run `python tools/outliers.py EVIDENCE`"


def test_what_differs_is_named(packaged_site: Path) -> None:
    found, expected = {"a": 1, "b": 2}, {"a": 1, "c": 3}
    assert list(of_values("file", found, expected)) == [
        "file b: 2 now, None packaged",
        "file c: None now, 3 packaged",
    ]
    published = read_edition(packaged_site).figures
    assert sum(isinstance(one, Published) for one in published.values()) > 100
    assert list(of_figures(published, published)) == []
    lacking = {name: one for name, one in published.items() if name != "band.senior.base.p50"}
    assert list(of_figures(lacking, published)) == [
        "figure band.senior.base.p50: None now, 'Published' packaged"
    ]
    cells = packs.read_pack(sealed.PACKAGED).cells
    assert list(of_aggregates(cells, cells)) == []
    assert list(of_aggregates(cells[1:], cells)) == [f"{cells[0].key}: packaged only"]
