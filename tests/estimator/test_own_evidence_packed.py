"""What a model file carries of employers' own evidence is what it was made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from payguide.base.aggregates import OwnEvidence
from payguide.estimator.own_evidence import of_role, packed, unpacked

RANGE = OwnEvidence("acme", "", "ml_engineer", "senior", "", "base", "posted_range", 2026, 3, 180_000, 260_000,
                    date(2026, 8, 1))  # fmt: skip
REPORT = replace(RANGE, kind="self_report", year=2020, n=2, low=None, high=None, newest=date(2020, 5, 1))
GRADE = replace(RANGE, level="", grade="L5", kind="self_report", year=0, low=150_000, high=150_000)
PLACE = replace(REPORT, level="", metro="41860", year=0)
METRO = replace(REPORT, level="", metro="41860", employer="")
OTHER = {"role": "software_engineer"}


def test_all_rows_of_the_role_come_back() -> None:
    rows = of_role([RANGE, REPORT, GRADE, PLACE, METRO, replace(RANGE, employer="globex")], "ml_engineer")
    assert len(rows) == 6
    assert unpacked({"own": packed(rows)}) == rows
    assert unpacked({}) == []
    assert unpacked({"own": packed([])}) == []


def test_of_other_roles_ranges_grades_and_counts() -> None:
    rows = [replace(row, **OTHER) for row in (RANGE, REPORT, GRADE, PLACE, METRO)]
    more = replace(
        REPORT, level="mid", year=2021, n=5, low=140_000, high=140_000, newest=date(2021, 2, 3), **OTHER
    )
    assert set(of_role([*rows, more], "ml_engineer")) == {
        rows[0],
        rows[2],
        # 2 of seniors in 2020 and 5 of mid level in 2021
        replace(rows[1], level="", year=0, n=7, newest=date(2021, 2, 3)),
    }
