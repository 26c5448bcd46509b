"""The pieces of evidence on a role, one by one."""

from __future__ import annotations

from pathlib import Path

import drawn_evidence as drawn
import pytest

from payguide.base.codes import LADDER, Component
from payguide.base.edition import EvidenceRecord
from payguide.evidence.store import Store

STATED = """
source | record | kind         | role              | level    | years | employer | pay             | period | date       | region | quote               | url
board  | 1      | posted_range | ml_engineer       | senior   | -     | acme     | 150,000-200,000 | year   | 2026-05-01 | WA     | $150,000 - $200,000 | https://a.example/1
board  | 2      | posted_range | ml_engineer       | senior   | -     | acme     | 150,000-200,000 | year   | 2026-05-02 | WA     | $150k–200k          | https://a.example/2
board  | 3      | posted_range | ml_engineer       | unstated | 4     | acme     | 120,000-160,000 | year   | 2026-05-03 | -      | -                   | -
board  | 4      | posted_range | ml_engineer       | unstated | -     | globex   | 72.5-90         | hour   | 2026-05-04 | -      | -                   | -
survey | 5      | self_report  | ml_engineer       | unstated | 12    | globex   | 250,000         | year   | 2026-05-05 | CA     | -                   | -
board  | 6      | posted_range | software_engineer | senior   | -     | globex   | 170,000-190,000 | year   | 2026-05-06 | -      | -                   | -
board  | 7      | posted_range | ml_engineer       | manager  | -     | globex   | 210,000-290,000 | year   | 2026-05-07 | -      | -                   | -
"""  # noqa: E501


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return drawn.store_at(tmp_path, drawn.observations(STATED))


def test_each_piece_once_the_newest_first(store: Store) -> None:
    found = drawn.records(store, "ml_engineer", "software_engineer")

    def told(one: EvidenceRecord) -> tuple[object, ...]:
        return str(one.date), one.stated, one.low, one.high, one.quote, one.url, one.n_records

    assert [told(one) for one in found["ml_engineer"]] == [
        ("2026-05-07", "USD 210,000–290,000 a year", 210_000, 290_000, "", "", 1),
        ("2026-05-05", "USD 250,000 a year", 250_000, 250_000, "", "", 1),
        # 72.5 x 2,080 hours
        ("2026-05-04", "USD 72.50–90 an hour", 150_800, 187_200, "", "", 1),
        ("2026-05-03", "USD 120,000–160,000 a year", 120_000, 160_000, "", "", 1),
        # one band in two postings is one piece: told by one of them
        found_twice(found["ml_engineer"][-1]),
    ]
    assert [one.stated for one in found["software_engineer"]] == ["USD 170,000–190,000 a year"]


def found_twice(one: EvidenceRecord) -> tuple[object, ...]:
    number = one.url[-1]
    assert number in "12"
    quote = {"1": "$150,000 - $200,000", "2": "$150k–200k"}[number]
    return (
        f"2026-05-0{number}", "USD 150,000–200,000 a year", 150_000, 200_000, quote, f"https://a.example/{number}", 2
    )  # fmt: skip


def test_a_piece_counts_in_the_levels_that_it_says(store: Store) -> None:
    levels = {one.stated[4:11]: one.levels for one in drawn.records(store, "ml_engineer")["ml_engineer"]}

    assert levels["150,000"] == {"senior": 1.0}
    # twelve years worked
    assert levels["250,000"] == {"staff": 1.0}
    # neither title nor years, and a manager
    assert levels["72.50–9"] == {}
    assert levels["210,000"] == {}
    # four years asked: some of each that is likely
    assert sum(levels["120,000"].values()) == pytest.approx(1)
    assert len(levels["120,000"]) > 1


def test_the_pieces_are_those_the_cells_count(store: Store) -> None:
    """Of each source and level the shares add up to what the cell holds (mass in hundredths of a piece)."""
    cells = {
        (cell.key.source, cell.key.level): int(cell.mass.sum())
        for cell in drawn.aggregates(store).cells
        if (cell.key.role, cell.key.component, cell.key.population) == ("ml_engineer", "base", "all")
        and cell.key.source != "pooled"
    }
    pieces = drawn.records(store, "ml_engineer")["ml_engineer"]
    assert cells
    for (source, level), mass in cells.items():
        if level in set(LADDER):
            shares = [one.levels.get(level, 0) for one in pieces if one.source == source]
            assert round(sum(shares) * 100) == mass, (source, level)
    assert {one.component for one in pieces} == {Component.BASE}
