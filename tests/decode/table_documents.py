"""Small tables in memory, as the collector hands them over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from payguide.base.codes import Confidentiality, EvidenceKind
from payguide.base.inputs import Document, Reading, SourceCard

#: The day the tables were retrieved.
DAY = date(2026, 1, 31)


def document(
    content: bytes,
    map_name: str,
    form: str = "csv",
    kind: EvidenceKind = EvidenceKind.SELF_REPORT,
    more: str = "",
) -> Document:
    private = Confidentiality.CONFIDENTIAL if kind is EvidenceKind.PAYROLL else Confidentiality.PUBLIC
    card = SourceCard("src", "Source", "origin", "licence", kind, DAY, confidentiality=private)
    return Document(
        content, f"application/vnd.payguide.table;map={map_name};format={form}{more}", card, "t.csv"
    )


def csv(header: Sequence[str], *rows: Mapping[str, object]) -> bytes:
    lines = [",".join(header)]
    lines += [",".join(f'"{row.get(name, "")}"' for name in header) for row in rows]
    return "\n".join(lines).encode() + b"\n"


def rules(reading: Reading) -> list[tuple[str, int]]:
    """(rule, row) of each rejection."""
    return [(r.rule, int(r.where.rpartition(" ")[2])) for r in reading.rejections]
