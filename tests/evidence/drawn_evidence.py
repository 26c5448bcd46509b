"""Evidence drawn as tables: a line is an observation or posting, a column a field, "-" its default."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from payguide.base.aggregates import Aggregates, PayRows
from payguide.base.codes import (
    Basis,
    Component,
    Confidentiality,
    DegreeName,
    Duty,
    EvidenceKind,
    Industry,
    Level,
    Period,
    Remote,
    Role,
    Specialisation,
    Stage,
    Statistic,
    Tier,
)
from payguide.base.edition import EvidenceRecord
from payguide.base.inputs import (
    Degree,
    Document,
    Employer,
    Observation,
    Place,
    Posting,
    Profile,
    Reading,
    Rejection,
    SourceCard,
)
from payguide.evidence.snapshot import CellsBackend, Snapshot
from payguide.evidence.store import Appended, Store
from payguide.evidence.tables import OBSERVATIONS, POSTINGS, table_of
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.prepare import prepare_duckdb

DAY = date(2026, 6, 1)
Line = dict[str, str]


def lines(drawing: str) -> list[Line]:
    """The lines of a drawn table, by the names in its first line."""
    rows = [[cell.strip() for cell in row.split("|")] for row in drawing.strip().splitlines()]
    head, *body = rows
    return [{name: cell for name, cell in zip(head, row, strict=True) if cell != "-"} for row in body]


def _words(line: Line, name: str) -> list[str]:
    return line.get(name, "").split()


def _number(line: Line, name: str) -> float | None:
    return float(line[name].replace(",", "")) if name in line else None


def profile(line: Line) -> Profile:
    metro = line.get("metro", "")
    years = _number(line, "years")
    degrees = dict(pair.split(":") for pair in _words(line, "degree"))
    return Profile(
        role=Role(line.get("role", "ml_engineer")),
        level=Level(line.get("level", "unstated")),
        years_min=years,
        years_max=years,
        grade=line.get("grade", ""),
        title=line.get("title", "ML Engineer"),
        place=Place(region=line.get("region", ""), country=line.get("country", "US"), metro=metro),
        remote=Remote(line.get("remote", "unstated")),
        employer=Employer(
            id=line.get("employer", "acme"),
            name=line.get("employer", "acme").title(),
            tier=Tier(line.get("tier", "unknown")),
            industry=Industry(line.get("industry", "unknown")),
        )
        if line.get("employer") != "nobody"
        else Employer(),
        degree=Degree(
            required=DegreeName(degrees["required"]) if "required" in degrees else None,
            preferred=DegreeName(degrees["preferred"]) if "preferred" in degrees else None,
        ),
        skills=tuple(_words(line, "skills")),
        specialisations=tuple(map(Specialisation, _words(line, "specialisation"))),
        stages=tuple(map(Stage, _words(line, "stages"))),
        duties=tuple(map(Duty, _words(line, "duties"))),
    )


def observation(line: Line, number: int = 0) -> Observation:
    pay = [float(end.replace(",", "")) for end in line["pay"].split("-")] if "pay" in line else []
    return Observation(
        source=line.get("source", "board"),
        kind=EvidenceKind(line.get("kind", "posted_range")),
        record=line.get("record", f"r{number}"),
        profile=profile(line),
        component=Component(line.get("component", "base")),
        low=pay[0] if pay else _number(line, "low"),
        high=pay[-1] if pay else _number(line, "high"),
        currency=line.get("currency", "USD"),
        period=Period(line.get("period", "year")),
        date=date.fromisoformat(line.get("date", DAY.isoformat())),
        basis=Basis(line.get("basis", "base")),
        scope=line.get("scope", ""),
        statistic=Statistic(line["statistic"]) if "statistic" in line else None,
        top_coded="top_coded" in line,
        confidentiality=Confidentiality(line.get("confidentiality", "public")),
        locator=line.get("locator", "text"),
        sha256=line.get("sha256", ""),
        quote=line.get("quote", ""),
        url=line.get("url", ""),
    )


def observations(drawing: str) -> tuple[Observation, ...]:
    return tuple(observation(line, number) for number, line in enumerate(lines(drawing)))


def posting(line: Line, number: int = 0) -> Posting:
    return Posting(
        id=line.get("record", f"r{number}"),
        profile=profile(line),
        source=line.get("source", "board"),
        date=DAY,
        has_text=line.get("text", "yes") == "yes",
    )


def postings(drawing: str) -> tuple[Posting, ...]:
    return tuple(posting(line, number) for number, line in enumerate(lines(drawing)))


def card(source: str = "board", **changes: Any) -> SourceCard:
    made = SourceCard(
        name=source,
        title=f"The {source}",
        origin="drawn for a test",
        licence="none",
        kind=EvidenceKind.POSTED_RANGE,
        retrieved_at=DAY,
        bias="drawn",
    )
    return replace(made, **changes)


def document(content: bytes = b"a document", source: str = "board", **changes: Any) -> Document:
    return Document(content, "text/plain", card(source, **changes), f"{source}.txt")


def append(
    store: Store, *parts: Any, source: Document | None = None, rejections: Iterable[Rejection] = ()
) -> Appended:
    """Append observations, postings and rejections as one document's reading."""
    items = [item for part in parts for item in part]
    reading = Reading(
        observations=tuple(item for item in items if isinstance(item, Observation)),
        postings=tuple(item for item in items if isinstance(item, Posting)),
        rejections=tuple(rejections),
    )
    return store.append([(source, reading)], command="test")


def store_at(folder: Path | str, *parts: Any, source: Document | None = None) -> Store:
    store = Store.open(folder, create=True)
    append(store, *parts, source=source)
    return store


def prepared(
    stated: Iterable[Observation], posted: Iterable[Posting] = ()
) -> closing[duckdb.DuckDBPyConnection]:
    """A prepared connection to evidence that never was on disk."""
    connection = duckdb.connect()
    connection.from_arrow(table_of(OBSERVATIONS, tuple(stated))).create("observations")
    connection.from_arrow(table_of(POSTINGS, tuple(posted))).create("postings")
    prepare_duckdb(connection, Population(), ())
    return closing(connection)


def aggregates(store: Store, elsewhere: CellsBackend | None = None) -> Aggregates:
    """The aggregates of what a store holds now."""
    with Snapshot.of(store) as taken:
        return taken.aggregates(elsewhere)


def training_rows(store: Store) -> dict[str, PayRows]:
    """The rows that an estimator is fitted on."""
    with Snapshot.of(store) as taken:
        return taken.training_rows()


def records(store: Store, *roles: str) -> dict[str, list[EvidenceRecord]]:
    """The pieces of evidence on roles."""
    with Snapshot.of(store) as taken:
        return taken.records(roles)
