"""Synthetic evidence for benchmarks, plainly so: rows drawn from the packaged cells' own distributions, seeded.

Source, role, level and component follow the counts of the packaged cells, pay their histograms; employers follow a
Zipf law (one in fifty rows is a new one), metros the packaged shares. It is written straight to the store's tables,
in rows that keep their shape, and is for timing only: it never comes near an edition.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from payguide.base.aggregates import EVERYONE, Cell
from payguide.base.codes import EvidenceKind
from payguide.base.money import bin_value
from payguide.evidence.pack import read_pack
from payguide.evidence.store import delta
from payguide.evidence.tables import OBSERVATIONS, TABLES, schema

CHUNK = 1_000_000
SKILLS = [f"skill-{number}" for number in range(60)]
TIERS = ["big_tech", "public_tech", "funded_startup", "startup", "enterprise", "unknown"]
NULLABLE = ("statistic", "degree_required", "degree_preferred", "focus")
REMOTE = ["remote", "hybrid", "onsite", "unstated"]


def store(folder: Path, rows: int, seed: int = 1) -> None:
    """A store of so many observations and no postings."""
    for name, columns in TABLES.items():
        delta.create(folder / name, schema(columns))
    table = delta.Table(folder / "observations")
    for chunk in chunks(rows, seed):
        table.append(chunk)


def chunks(rows: int, seed: int = 1) -> Iterator[pa.Table]:
    """The observations, a million at a time."""
    dice = np.random.default_rng(seed)
    employers = max(50, rows // 50)
    counts = read_pack().cells
    cells = [c for c in counts if c.key.population == EVERYONE and c.bins.size and c.key.level != "any"]
    cells = [c for c in cells if c.key.component in ("base", "total")]
    metros = {c.key.population[6:]: c.n for c in counts if c.key.population.startswith("metro=")}
    metros = {name: n for name, n in metros.items() if name.isdigit()}
    for start in range(0, rows, CHUNK):
        yield _chunk(dice, start, min(CHUNK, rows - start), employers, cells, metros)


def _chunk(
    dice: np.random.Generator, start: int, n: int, employers: int, cells: list[Cell], metros: dict[str, int]
) -> pa.Table:
    share = np.array([cell.n for cell in cells], float)
    cell = np.sort(dice.choice(len(cells), n, p=share / share.sum()))
    pay = np.concatenate(
        [_pay(dice, cells[at], count) for at, count in enumerate(np.bincount(cell)) if count]
    )
    wide = np.array([c.kind is EvidenceKind.POSTED_RANGE for c in cells])[cell]
    width = np.where(wide, dice.uniform(1.1, 1.6, n), 1.0)
    employer = np.minimum((dice.pareto(0.8, n) * employers / 400).astype(np.int64), employers - 1)
    numbers = [f"{number:012x}" for number in range(start, start + n)]
    given: dict[str, pa.Array] = {
        "key": pa.array([f"{number}{number}" for number in numbers]),
        "record": pa.array(numbers),
        "revision": pa.array(np.ones(n, np.int32)),
        "source": _words([c.key.source for c in cells], cell),
        "kind": _words([str(c.kind) for c in cells], cell),
        "role": _words([c.key.role for c in cells], cell),
        "level": _words([c.key.level for c in cells], cell),
        "component": _words([c.key.component for c in cells], cell),
        "low": pa.array(np.round(pay / np.sqrt(width), -2)),
        "high": pa.array(np.round(pay * np.sqrt(width), -2)),
        "date": pa.array(dice.integers(19_800, 20_600, n).astype(np.int32)).cast(pa.date32()),
        "employer_id": _words([f"employer-{number}" for number in range(employers)], employer),
        "employer_tier": _words(TIERS, employer % len(TIERS)),
        "place_metro": _words(list(metros), _draw(dice, list(metros.values()), n)),
        "remote": _words(REMOTE, dice.integers(0, len(REMOTE), n)),
        "skills": _lists(dice, n),
        "top_coded": pa.array(np.zeros(n, bool)),
    }
    constant = {
        "currency": "USD", "period": "year", "basis": "base", "place_country": "US", "confidentiality": "public",
        "employer_industry": "unknown", "level_read_from": "title",
    }  # fmt: skip
    columns = [given.get(column.name, _same(column, constant.get(column.name), n)) for column in OBSERVATIONS]
    order = dice.permutation(n)
    return pa.Table.from_arrays(columns, schema=schema(OBSERVATIONS)).take(order)


def _pay(dice: np.random.Generator, cell: Cell, count: int) -> np.ndarray:
    values = bin_value(dice.choice(cell.bins, count, p=cell.mass / cell.mass.sum()))
    return np.clip(values * dice.uniform(0.998, 1.002, count), 20_000, 1_900_000)


def _draw(dice: np.random.Generator, counts: list[int], n: int) -> np.ndarray:
    share = np.array(counts, float)
    return dice.choice(len(counts), n, p=share / share.sum())


def _words(words: list[str], at: np.ndarray) -> pa.Array:
    return pa.array(words).take(pa.array(at))


def _lists(dice: np.random.Generator, n: int) -> pa.Array:
    offsets = pa.array(np.arange(0, 3 * n + 1, 3, dtype=np.int32))
    return pa.ListArray.from_arrays(offsets, _words(SKILLS, dice.integers(0, len(SKILLS), 3 * n)))


def _same(column: object, word: str | None, n: int) -> pa.Array:
    kind = column.type  # type: ignore[attr-defined]
    if pa.types.is_list(kind):
        return pa.ListArray.from_arrays(pa.array(np.zeros(n + 1, np.int32)), pa.array([], pa.string()))
    if pa.types.is_string(kind) and column.name not in NULLABLE:  # type: ignore[attr-defined]
        return pa.repeat(word or "", n)
    return pa.nulls(n, kind)
