"""Artificial pieces of evidence: every value follows from its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import artificial

from payguide.base.codes import Component, EvidenceKind
from payguide.base.edition import Edition, EvidenceRecord, EvidenceRecords

LEVELS = ({"senior": 1.0}, {"entry": 0.25, "mid": 0.75}, {})


def exhibit(number: int, **changes: object) -> EvidenceRecord:
    made = EvidenceRecord(
        key=f"{number:024x}",
        source=("example", "sample")[number % 2],
        kind=EvidenceKind.POSTED_RANGE,
        component=(Component.BASE, Component.TOTAL)[number % 3 == 2],
        levels=LEVELS[number % 3],
        employer=f"Employer {chr(65 + number % 26)}",
        title="ML Engineer",
        place="Seattle, WA, US" if number % 2 else "",
        metro="42660" if number % 2 else "",
        remote=("remote", "unstated")[number % 2],
        tier=("big_tech", "startup")[number % 2],
        industry="software",
        specialisations=("vision",) if number % 5 == 0 else (),
        low=100_000.0 + number,
        high=150_000.0 + number,
        stated=f"USD {100_000 + number:,}–{150_000 + number:,} a year",
        quote="" if number % 2 else f"${100_000 + number:,} to ${150_000 + number:,}",
        date=date(2030, 1, 1) - timedelta(days=number),
        url=f"https://example.org/{number}" if number % 2 else "",
        n_records=1 + number % 2,
        outlier="whiskers" if number % 50 == 49 else "",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def edition(*pieces: EvidenceRecord) -> Edition:
    """The artificial edition with these pieces, and 7 of a source that shows none."""
    counts = {"confidential": 7, "example": len(pieces)}
    return replace(artificial.edition(), records=EvidenceRecords(pieces, counts))
