"""Which pieces of evidence may be shown one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from payguide.base.codes import Component, EvidenceKind
from payguide.base.edition import Edition, EvidenceRecord
from payguide.gate.records import pass_records

PIECE = EvidenceRecord(
    key="a1",
    source="board",
    kind=EvidenceKind.POSTED_RANGE,
    component=Component.BASE,
    levels={"senior": 1.0},
    employer="Acme",
    title="ML Engineer",
    place="Seattle, WA, US",
    metro="42660",
    remote="remote",
    tier="startup",
    industry="software",
    specialisations=(),
    low=150_000.0,
    high=200_000.0,
    stated="USD 150,000–200,000 a year",
    quote="$150,000 - $200,000",
    date=date(2026, 5, 1),
    url="https://acme.example/1",
    n_records=1,
)
CARDS = {
    "board": {"confidentiality": "public"},
    "ours": {"confidentiality": "confidential"},
    "nameless": {},
    "payroll": {"confidentiality": "public"},
}
EDITION = Edition({"sources": CARDS}, {})


@pytest.mark.parametrize(
    ("source", "kind", "shown"),
    [
        ("board", EvidenceKind.POSTED_RANGE, 1),
        ("ours", EvidenceKind.SELF_REPORT, 0),
        ("nameless", EvidenceKind.POSTED_RANGE, 0),
        ("never heard of", EvidenceKind.POSTED_RANGE, 0),
        # nobody's payroll is shown line by line, whatever its card says
        ("payroll", EvidenceKind.PAYROLL, 0),
    ],
)
def test_what_is_not_public_is_only_counted(source: str, kind: EvidenceKind, shown: int) -> None:
    passed = pass_records(EDITION, [replace(PIECE, source=source, kind=kind)]).records
    assert passed is not None
    assert (len(passed.shown), passed.pieces) == (shown, {source: 1})


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://acme.example/1", True),
        ("http://acme.example", True),
        ("javascript:alert(1)", False),
        ("JavaScript://acme.example/%0aalert(1)", False),
        ("data:text/html,x", False),
        ("//acme.example", False),
        ("https:", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_a_link_leads_to_the_web_or_nowhere(url: str, kept: bool) -> None:
    passed = pass_records(EDITION, [replace(PIECE, url=url)]).records
    assert passed is not None
    assert passed.shown[0].url == (url if kept else "")


def test_only_so_many_are_shown_and_all_are_counted() -> None:
    pieces = [replace(PIECE, key=str(number)) for number in range(5)]
    passed = pass_records(EDITION, pieces, most=3).records
    assert passed is not None
    assert [piece.key for piece in passed.shown] == ["0", "1", "2"]
    assert passed.pieces == {"board": 5}
