"""What is one piece of evidence, and whom the population holds."""

from __future__ import annotations

import drawn_evidence as drawn
import pytest
from on_engines import OnEngine

from payguide.base.reference.levels import level_of_years

SF, NY = "41860", "35620"


def pieces(on: OnEngine, drawing: str, *, postings: str = "record") -> list[tuple[object, ...]]:
    """(source, cluster, level, metro, low, high, records, pooled) of each piece, in order."""
    rows = on.pieces(drawing, postings).to_pylist()
    names = ("source", "cluster", "level", "place_metro", "low", "high", "n_records", "pooled")
    return sorted(tuple(row[name] for name in names) for row in rows)


def test_one_band_in_58_postings_is_one_piece_of_evidence(on: OnEngine) -> None:
    adverts = "".join(f"\nad{n} | senior | {SF} | 150000-200000" for n in range(58))
    assert pieces(on, "record | level | metro | pay" + adverts) == [
        ("board", "acme", "senior", SF, 150_000, 200_000, 58, True)
    ]


# each block: two statements of an industry of their own, and how many records the pieces they make have
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
def test_what_makes_two_statements_one_piece(on: OnEngine, what: str) -> None:
    # all pairs are reduced at once, each in a source of its own
    head, *body = WAYS.strip().splitlines()
    sources = {name: f"s{number}" for number, name in enumerate(PAIRS)}
    drawing = "\n".join(
        [f"source | {head}", *(f"{sources[line.split('|')[0].strip()]} | {line}" for line in body)]
    )
    found = [piece for piece in pieces(on, drawing) if piece[0] == sources[what]]
    assert [piece[6] for piece in found] == [int(n) for n in PAIRS[what].split()]


def test_every_self_report_counts_even_if_alike(on: OnEngine) -> None:
    found = pieces(
        on,
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


def test_what_two_sources_state_counts_once_in_the_pool(on: OnEngine) -> None:
    found = pieces(
        on,
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


@pytest.mark.parametrize("number", range(len(drawn.lines(LEVELS))))
def test_levels_come_from_titles_of_postings_and_years_of_people(on: OnEngine, number: int) -> None:
    head, *body = LEVELS.strip().splitlines()
    drawing = "\n".join(
        [f"employer | pay | {head}", *(f"e{at} | 150000 | {line}" for at, line in enumerate(body))]
    )
    line = drawn.lines(LEVELS)[number]
    [piece] = [piece for piece in pieces(on, drawing) if piece[1] == f"e{number}"]
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


@pytest.mark.parametrize("number", range(len(drawn.lines(OUTSIDE))))
def test_the_population(on: OnEngine, number: int) -> None:
    head, *body = OUTSIDE.strip().splitlines()
    drawing = "\n".join([f"employer | {head}", *(f"e{at} | {line}" for at, line in enumerate(body))])
    found = [piece for piece in pieces(on, drawing) if piece[1] == f"e{number}"]
    assert len(found) == (1 if drawn.lines(OUTSIDE)[number]["why"] == "in" else 0)


def test_what_a_piece_carries_is_that_of_a_record_with_a_text(on: OnEngine) -> None:
    drawing = (
        "record | pay | tier | locator\nbare | 150000 | startup | field\nfull | 150000 | enterprise | text"
    )
    [piece] = on.pieces(drawing, "record | text\nbare | no\nfull | yes").to_pylist()
    assert (piece["record"], piece["employer_tier"], piece["n_records"]) == ("full", "enterprise", 2)


def test_the_largest_metros_of_a_kind_and_role_are_told_apart(on: OnEngine) -> None:
    # eleven metros, the first with eleven pieces, the last with one: that one is among the others
    lines = [f"{10_000 + at} | CA | {100_000 + n}" for at in range(11) for n in range(11 - at)]
    lines += ["- | TX | 90000", "- | - | 80000"]
    rows = on.pieces("\n".join(["metro | region | pay", *lines])).to_pylist()
    groups = {(row["place_metro"], row["metro_group"]) for row in rows}
    told_apart = {(str(10_000 + at), str(10_000 + at)) for at in range(10)}
    assert groups == told_apart | {("10010", "other_us"), ("", "other_us"), ("", "unknown")}
