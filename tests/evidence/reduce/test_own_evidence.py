"""An employer's and a metro's own evidence: what counts, once, of which year, and whose median is told."""

from __future__ import annotations

import drawn_evidence as drawn
import pytest

from payguide.evidence.reduce.own_evidence import own_evidence

EVIDENCE = """
record | employer | kind         | component | level    | years | grade | metro | date       | pay           | source
1      | acme     | posted_range | base      | senior   | -     | -     | 41860 | 2025-03-01 | 200000-300000 | board
2      | acme     | posted_range | base      | senior   | -     | -     | 41860 | 2026-02-01 | 200000-300000 | board
3      | acme     | posted_range | base      | senior   | -     | -     | 41860 | 2026-01-01 | 200000-300000 | other
4      | acme     | posted_range | base      | senior   | -     | -     | 41860 | 2026-03-01 | 220000-340000 | board
5      | acme     | posted_range | base      | -        | 7     | -     | 35620 | 2026-01-05 | 180000-260000 | board
6      | acme     | posted_range | base      | -        | -     | -     | -     | 2024-01-05 | 150000-250000 | board
7      | acme     | posted_range | base      | manager  | -     | -     | 41860 | 2026-01-01 | 300000-400000 | board
8      | acme     | self_report  | base      | -        | 7     | L5    | 41860 | 2020-01-01 | 160000        | people
9      | acme     | self_report  | base      | -        | 7     | l5    | 41860 | 2020-05-01 | 160000        | people
10     | acme     | self_report  | base      | -        | 3     | L5    | 41860 | 2020-07-01 | 190000        | people
11     | acme     | self_report  | base      | -        | 8     | L6    | 35620 | 2021-07-01 | 210000        | people
8      | acme     | self_report  | total     | -        | 7     | L5    | 41860 | 2020-01-01 | 240000        | people
8      | acme     | self_report  | bonus     | -        | 7     | L5    | 41860 | 2020-01-01 | 20000         | people
12     | globex   | posted_range | base      | senior   | -     | -     | 41860 | 2026-01-01 | 100000-200000 | board
13     | globex   | posted_range | base      | senior   | -     | -     | 41860 | 2026-01-01 | 110000-200000 | board
14     | nobody   | posted_range | base      | mid      | -     | -     | 35620 | 2026-01-01 | 110000-200000 | board
"""


@pytest.fixture(scope="module")
def told() -> set[tuple[object, ...]]:
    """The rows, the day as text; of one role."""
    with drawn.prepared(drawn.observations(EVIDENCE)) as connection:
        rows = own_evidence(connection)
    assert list(rows) == sorted(
        rows, key=lambda one: (one.employer, one.metro, one.role, one.level, one.grade)
    )
    return {
        (
            r.employer,
            r.metro,
            r.level,
            r.grade,
            r.component,
            r.kind,
            r.year,
            r.n,
            r.low,
            r.high,
            str(r.newest),
        )
        for r in rows
    }


def test_levels_by_year(told: set[tuple[object, ...]]) -> None:
    of = {row for row in told if row[2]}
    assert of == {
        # 1, 2 and 3 are one range, last advertised in 2026; 4 another; 5 is senior by the years that it asks for:
        # floors 200, 220, 180 and ceilings 300, 340, 260
        ("acme", "", "senior", "", "base", "posted_range", 2026, 3, 200_000, 300_000, "2026-03-01"),
        # neither the title nor years tell a level; 7 is a manager's
        ("acme", "", "unstated", "", "base", "posted_range", 2024, 1, 150_000, 250_000, "2024-01-05"),
        # two people of equal pay are two; fewer than three have no median
        ("acme", "", "senior", "", "base", "self_report", 2020, 2, None, None, "2020-05-01"),
        ("acme", "", "mid", "", "base", "self_report", 2020, 1, None, None, "2020-07-01"),
        ("acme", "", "senior", "", "base", "self_report", 2021, 1, None, None, "2021-07-01"),
        ("acme", "", "senior", "", "total", "self_report", 2020, 1, None, None, "2020-01-01"),
    }  # globex has two data points, which is too few to be told by name


def test_grades_and_places_of_an_employer_from_three_on(told: set[tuple[object, ...]]) -> None:
    assert {row for row in told if row[0] and not row[2]} == {
        ("acme", "", "", "L5", "base", "self_report", 0, 3, 160_000, 160_000, "2020-07-01"),
        ("acme", "41860", "", "", "base", "self_report", 0, 3, None, None, "2020-07-01"),
    }


def test_metros_count_whoever_states_it(told: set[tuple[object, ...]]) -> None:
    found = {(row[1], row[4], row[5], row[6]): row[7] for row in told if not row[0]}
    assert found == {
        ("41860", "base", "posted_range", 2026): 4,  # acme's two and globex's two
        ("41860", "base", "self_report", 2020): 3,
        ("41860", "total", "self_report", 2020): 1,
        ("35620", "base", "posted_range", 2026): 2,  # acme's, and nobody's
        ("35620", "base", "self_report", 2021): 1,
    }
