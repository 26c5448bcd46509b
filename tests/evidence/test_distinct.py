"""What is one piece of evidence, and whom the population holds."""

from __future__ import annotations

import drawn_evidence as drawn
import pytest

from payguide.base.codes import level_of_years

SF, NY = "41860", "35620"


def pieces(drawing: str, *, postings: str = "record") -> list[tuple[object, ...]]:
    """(source, cluster, level, zone, low, high, records, pooled) of each piece, in order."""
    evidence = drawn.prepared(drawn.observations(drawing), drawn.postings(postings))
    with evidence as connection:
        return connection.execute(
            "SELECT source, cluster, level, zone, low, high, n_records, pooled FROM evidence ORDER BY ALL"
        ).fetchall()


def test_one_band_in_58_postings_is_one_piece_of_evidence() -> None:
    adverts = "".join(f"\nad{n} | senior | {SF} | 150000-200000" for n in range(58))
    assert pieces("record | level | metro | pay" + adverts) == [
        ("board", "acme", "senior", SF, 150_000, 200_000, 58, True)
    ]


# each block: two statements, and how many records the pieces they make have
WAYS = """
what differs | employer | record | role           | level  | metro | locator | period | pay           | component | records
nothing but text and field | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000-200000 | base  | 1
nothing but text and field | acme   | a | ml_engineer    | senior | 41860 | field:x | year | 150000-200000 | base  | -
the period: 60 x 2,080     | acme   | a | ml_engineer    | senior | 41860 | text    | hour | 60            | base  | 2
the period: 60 x 2,080     | acme   | b | ml_engineer    | senior | 41860 | text    | year | 124800.2      | base  | -
the employer               | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000        | base  | 1 1
the employer               | globex | b | ml_engineer    | senior | 41860 | text    | year | 150000        | base  | -
the role                   | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000        | base  | 1 1
the role                   | acme   | b | data_scientist | senior | 41860 | text    | year | 150000        | base  | -
the level                  | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000        | base  | 1 1
the level                  | acme   | b | ml_engineer    | staff  | 41860 | text    | year | 150000        | base  | -
the metro                  | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000        | base  | 1 1
the metro                  | acme   | b | ml_engineer    | senior | 35620 | text    | year | 150000        | base  | -
the component              | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000        | base  | 1 1
the component              | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000        | total | -
the band                   | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000-200000 | base  | 1 1
the band                   | acme   | a | ml_engineer    | senior | 41860 | text    | year | 150000-210000 | base  | -
"""  # noqa: E501

PAIRS = {line["what differs"]: line["records"] for line in drawn.lines(WAYS) if "records" in line}


@pytest.mark.parametrize("what", PAIRS)
def test_what_makes_two_statements_one_piece(what: str) -> None:
    head, *body = WAYS.strip().splitlines()
    pair = "\n".join([head, *(line for line in body if line.startswith(what))])
    assert [piece[6] for piece in pieces(pair)] == [int(n) for n in PAIRS[what].split()]


def test_every_self_report_counts_even_if_alike() -> None:
    found = pieces(
        """
        kind        | record | employer | years | pay
        self_report | 1      | acme     | 4     | 150000
        self_report | 2      | acme     | 4     | 150000
        self_report | 3      | nobody   | 4     | 150000
        self_report | 4      | nobody   | 4     | 150000
        """,
    )
    # who names no employer is a cluster of its own
    assert [(piece[1], piece[2]) for piece in found] == [
        ("acme", "mid"), ("acme", "mid"), ("board/3", "mid"), ("board/4", "mid"),
    ]  # fmt: skip


def test_what_two_sources_state_counts_once_in_the_pool() -> None:
    found = pieces(
        """
        source | record | level  | metro | pay
        ashby  | 1      | senior | 41860 | 150000-200000
        radar  | x      | senior | 41860 | 150000-200000
        radar  | y      | senior | 35620 | 150000-200000
        """,
    )
    assert len(found) == 3
    assert sorted(piece[3] for piece in found if piece[7]) == [NY, SF]


LEVELS = """
kind         | level    | years | becomes
posted_range | senior   | 3     | senior
posted_range | unstated | 2     | entry
posted_range | unstated | 2.9   | entry
posted_range | unstated | 3     | mid
posted_range | unstated | 5.9   | mid
posted_range | unstated | 6     | senior
posted_range | unstated | 10    | senior
posted_range | unstated | 10.5  | staff
posted_range | unstated | -     | unstated
posted_range | manager  | 8     | manager
self_report  | senior   | 3     | mid
self_report  | unstated | 11    | staff
self_report  | staff    | -     | staff
self_report  | manager  | 3     | manager
self_report  | intern   | 0     | intern
filing       | unstated | -     | unstated
"""


@pytest.mark.parametrize("line", drawn.lines(LEVELS), ids=lambda line: "-".join(line.values()))
def test_levels_come_from_titles_of_postings_and_years_of_people(line: drawn.Line) -> None:
    drawing = "kind | level | years | pay\n" + " | ".join(
        [line["kind"], line.get("level", "-"), line.get("years", "-"), "150000"]
    )
    [piece] = pieces(drawing)
    assert piece[2] == line["becomes"]
    if line.get("level") == "unstated" and "years" in line:
        assert piece[2] == level_of_years(float(line["years"]))


OUTSIDE = """
kind         | role        | country | currency | basis | low    | high   | why
posted_range | ml_engineer | US      | USD      | base  | 150000 | 200000 | in
posted_range | ml_engineer | -       | USD      | base  | 150000 | 200000 | in
posted_range | ml_engineer | CA      | USD      | base  | 150000 | 200000 | another country
posted_range | ml_engineer | US      | CAD      | base  | 150000 | 200000 | another currency
posted_range | ml_engineer | US      | USD      | ote   | 150000 | 200000 | on-target earnings
posted_range | other       | US      | USD      | base  | 150000 | 200000 | no role of ours
posted_range | ml_engineer | US      | USD      | base  | -      | 200000 | up to
posted_range | ml_engineer | US      | USD      | base  | 150000 | -      | from
statistic    | ml_engineer | US      | USD      | base  | 150000 | 150000 | official
published_guide | ml_engineer | US   | USD      | base  | 150000 | 200000 | what is judged is no evidence
"""


@pytest.mark.parametrize("line", drawn.lines(OUTSIDE), ids=lambda line: line["why"])
def test_the_population(line: drawn.Line) -> None:
    stated = drawn.observation({"country": "", **{k: v for k, v in line.items() if k != "why"}})
    evidence = drawn.prepared([stated])
    with evidence as connection:
        found = connection.execute("SELECT count(*) FROM evidence").fetchone()
    assert found == ((1,) if line["why"] == "in" else (0,))


def test_what_a_piece_carries_is_that_of_a_record_with_a_text() -> None:
    evidence = drawn.prepared(
        drawn.observations(
            "record | pay | skills | locator\nbare | 150000 | - | field\nfull | 150000 | pytorch | text"
        ),
        drawn.postings("record | text\nbare | no\nfull | yes"),
    )
    with evidence as connection:
        found = connection.execute("SELECT record, skills, has_text, n_records FROM evidence").fetchall()
    assert found == [("full", ["pytorch"], True, 2)]
