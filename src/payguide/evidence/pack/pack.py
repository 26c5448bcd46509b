"""The packaged evidence: the aggregates of the public library, small enough to travel with the code.

`cells.parquet`, `moments.parquet`, `tallies.parquet`, `employers.parquet`, `market.npz` and `model.json`, with a
manifest that says what they were made of and how to make them again, and seals each file with its SHA-256. Writing the
same aggregates gives the same bytes. What may be in it, and why, is written in `disclosure`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from payguide.base.aggregates import Aggregates, OfficialFigure
from payguide.base.atomic import atomic_folder
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.base.version import VERSION
from payguide.evidence.pack import pack_tables as packrows
from payguide.evidence.pack.disclosure import shareable
from payguide.evidence.sealed import FORMAT, MANIFEST, MARKET, MODEL, PACKAGED, read_manifest, sealed
from payguide.evidence.store import delta
from payguide.evidence.store.queries import Queries

_COMMAND: Final = "payguide pack LIBRARY"
_DATES: Final = """
SELECT source, min(date)::VARCHAR AS first, max(date)::VARCHAR AS last FROM observations GROUP BY source
"""


def write_pack(
    aggregates: Aggregates,
    evidence: Queries,
    *,
    model: Mapping[str, Any] | None = None,
    market: bytes | None = None,
    inputs: Mapping[str, str] | None = None,
    folder: Path = PACKAGED,
) -> dict[str, Any]:
    """Write the shareable part of the aggregates of evidence, a model that passed the gate, and a fitted market's
    bytes. `inputs` names each file it was collected from, with its SHA-256.

    Returns the manifest.

    The files take the place of those that were there as a whole, or leave them as they are.

    Raises:
        StoreError: some of the evidence is confidential, or the folder cannot be written.
    """
    shared = shareable(aggregates)
    tables = {
        "cells.parquet": packrows.cells_table(shared.cells),
        "moments.parquet": packrows.moments_table(shared.moments),
        "tallies.parquet": packrows.tallies_table(shared.tallies),
        "employers.parquet": packrows.own_table(shared.own),
    }
    manifest = {**_manifest(shared, evidence), "inputs": dict(inputs or {})}
    with delta.guarded(folder, writing=True), atomic_folder(folder, lambda new: new, last=MANIFEST) as made:
        for name, table in tables.items():
            _write_table(table, made / name)
        names = [*tables]
        if model is not None:
            (made / MODEL).write_text(_json(model, indent=None), encoding="utf-8")
            names.append(MODEL)
        if market is not None:
            (made / MARKET).write_bytes(market)
            names.append(MARKET)
        manifest["files"] = {name: _sha256(made / name) for name in sorted(names)}
        (made / MANIFEST).write_text(_json(manifest, indent=1), encoding="utf-8")
    return manifest


def _manifest(shared: Aggregates, evidence: Queries) -> dict[str, Any]:
    documents = evidence.documents_sha256()
    dates = {row["source"]: row for row in evidence.rows(_DATES)}
    cards: dict[str, dict[str, Any]] = {}
    for name, card in sorted(shared.sources.items()):
        _, digest = documents.get(name, (0, ""))
        days = dates.get(name, {})
        cards[name] = {
            **card,
            "documents_sha256": digest,
            "first_date": days.get("first") or "",
            "last_date": days.get("last") or "",
        }
    return {
        "format": FORMAT,
        "command": _COMMAND,
        "code_version": VERSION,
        "evidence_version": shared.evidence_version,
        "least_evidence": MIN_EVIDENCE,
        "least_employers": MIN_EMPLOYERS,
        "documents": sum(number for number, _ in documents.values()),
        "observations": sum(int(card["observations"]) for card in cards.values()),
        "cells": len(shared.cells),
        "moments": len(shared.moments),
        "tallies": len(shared.tallies),
        "own": len(shared.own),
        "sources": cards,
    }


def _write_table(table: pa.Table, path: Path) -> None:
    # one page a column: the compressor then finds an employer's weights wherever they come again
    pq.write_table(
        table,
        path,
        compression="zstd",
        compression_level=12,
        use_dictionary=False,
        data_page_size=1 << 30,
        row_group_size=1 << 30,
        write_statistics=False,
    )


def _json(data: Mapping[str, Any], *, indent: int | None) -> str:
    separators = (",", ":") if indent is None else None
    text = json.dumps(
        data, indent=indent, separators=separators, sort_keys=True, ensure_ascii=False, allow_nan=False
    )
    return text + "\n"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_pack(folder: Path = PACKAGED) -> Aggregates:
    """The packaged aggregates; official statistics are added with `with_official`.

    Raises:
        StoreError: the pack is missing, incomplete or damaged.
    """
    manifest = read_manifest(folder)
    result = {
        name: pq.ParquetFile(pa.BufferReader(sealed(folder, name, manifest))).read()
        for name in ("cells.parquet", "moments.parquet", "tallies.parquet", "employers.parquet")
    }
    return Aggregates(
        cells=packrows.cells_of(result["cells.parquet"]),
        moments=packrows.moments_of(result["moments.parquet"]),
        tallies=packrows.tallies_of(result["tallies.parquet"]),
        official=(),
        sources=manifest["sources"],
        evidence_version=manifest["evidence_version"],
        own=packrows.own_of(result["employers.parquet"]),
    )


def with_official(aggregates: Aggregates, official: Iterable[OfficialFigure]) -> Aggregates:
    """The aggregates with official statistics."""
    return replace(aggregates, official=tuple(official))
