"""Outliers: what each stage marks, what it spares, and that nothing marked is counted or lost."""

from __future__ import annotations

from datetime import date

import drawn_evidence as drawn
import pytest
from on_engines import OnEngine, on_duckdb

from payguide.base.aggregates import OfficialFigure
from payguide.base.codes import Statistic
from payguide.evidence.tables import OBSERVATIONS, POSTINGS, table_of
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.outliers import OFFICIAL_LIMITS, WHISKERS
from payguide.evidence.units.prepare import prepare

HEAD = "kind | employer | years | component | pay\n"
#: Logs of 100,000 x 1.02^n: quartiles 1.02^5.75 and 1.02^17.25, so the fences are 1.02^-28.75 and 1.02^51.75.
MARKET = "".join(f"self_report | e{n} | 8 | base | {100_000 * 1.02**n:.0f}\n" for n in range(24))


def outliers(on: OnEngine, drawing: str) -> dict[str, str]:
    """The stage that marks each marked employer."""
    rows = on.pieces(drawing).to_pylist()
    return {row["cluster"]: row["outlier"] for row in rows if row["outlier"]}


# 25 or 26 pieces move the quartiles a little: the fences lie near 57,000 and 279,000 then
ONE_MORE = """
why                                    | line                                         | marked
inside the lower fence                 | self_report | x | 8 | base | 60000          | no
below it                               | self_report | x | 8 | base | 12000          | yes
inside the upper fence                 | self_report | x | 8 | base | 270000         | no
above it                               | self_report | x | 8 | base | 1500000        | yes
another level has whiskers of its own  | self_report | x | 1 | base | 1500000        | no
another component too                  | self_report | x | 8 | bonus | 5000          | no
what an employer posts is no slip      | posted_range | x | 8 | base | 1200000-1500000 | no
"""


@pytest.mark.few(4)
@pytest.mark.parametrize(
    "line", ONE_MORE.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip()
)
def test_what_lies_beyond_the_outer_fences_is_marked(on: OnEngine, line: str) -> None:
    _, *statement, marked = line.split("|")
    assert outliers(on, HEAD + MARKET + "|".join(statement)) == (
        {"x": WHISKERS} if marked.strip() == "yes" else {}
    )


@pytest.mark.parametrize(("times", "marked"), [(1, True), (2, True), (3, False), (5, False)])
def test_what_an_employer_says_thrice_is_how_it_pays(times: int, marked: bool) -> None:
    on = OnEngine(on_duckdb)
    lines = "".join(f"self_report | x | 8 | base | {900_000 + n}\n" for n in range(times))
    market = MARKET + "".join(line.replace("| e", "| f") + "\n" for line in MARKET.splitlines())
    assert bool(outliers(on, HEAD + market + lines)) == marked


@pytest.mark.parametrize(("pieces", "marked"), [(18, False), (19, True)])
def test_fewer_than_twenty_pieces_have_no_whiskers(pieces: int, marked: bool) -> None:
    drawing = HEAD + "\n".join([*MARKET.splitlines()[:pieces], "self_report | x | 8 | base | 1500000"])
    assert bool(outliers(OnEngine(on_duckdb), drawing)) == marked


def test_equal_quartiles_have_no_whiskers() -> None:
    lines = "".join(f"self_report | e{n} | 8 | base | 150000\n" for n in range(30))
    assert outliers(OnEngine(on_duckdb), HEAD + lines + "self_report | x | 8 | base | 150001") == {}


def test_what_is_marked_is_counted_nowhere_and_still_there(on: OnEngine) -> None:
    drawing = HEAD + MARKET + "self_report | x | 8 | base | 1500000"
    counted = {cell.key.level: cell.n for cell in on.cells(drawing) if cell.key.source == "board"}
    assert counted == {"senior": 24, "any": 24}
    assert on.pieces(drawing).num_rows == 25


def test_what_the_official_statistics_call_implausible_is_marked_with_its_limits() -> None:
    # software engineers: P10 80,000 and P90 210,000; limits 80,000 / (2.0 x 1.42) and 210,000 x 3.25 x 1.08
    official = [
        OfficialFigure(
            "oews", "15-1252", "Software Developers", "U.S.", "0000000", "000000", statistic, value, 1, day
        )
        for statistic, value in (
            (Statistic.P10, 80_000.0),
            (Statistic.P50, 130_000.0),
            (Statistic.P90, 210_000.0),
        )
        for day in [date(2025, 5, 1)]
    ]
    drawing = "role | employer | pay\n" + "\n".join(
        f"software_engineer | {name} | {pay}"
        for name, pay in (("low", 28_000), ("least", 28_200), ("most", 737_000), ("high", 737_200))
    )
    engine = on_duckdb({
        "observations": table_of(OBSERVATIONS, drawn.observations(drawing)),
        "postings": table_of(POSTINGS, ()),
    })  # fmt: skip
    found = prepare(engine, Population(), official)
    rows = {row["cluster"]: row for row in engine.collect(found.units).to_pylist()}
    assert {name: row["outlier"] for name, row in rows.items()} == {
        "low": OFFICIAL_LIMITS, "least": "", "most": "", "high": OFFICIAL_LIMITS,
    }  # fmt: skip
    assert rows["low"]["least"] == pytest.approx(80_000 / (2.0 * 1.42))
    assert rows["high"]["most"] == pytest.approx(210_000 * 3.25 * 1.08)
