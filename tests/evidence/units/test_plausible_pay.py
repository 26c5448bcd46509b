"""Limits of plausible pay from official statistics: each by hand, and what they mark."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import drawn_evidence as drawn
import pyarrow as pa
import pytest

from payguide.base.aggregates import OfficialFigure
from payguide.base.codes import Statistic
from payguide.base.reference.country import country
from payguide.evidence.units.plausible_pay import COLUMNS, beyond, plausible_pay, settings

#: Allowances with which sums are easy: low = P10 / 4, base high = P90 x 3, total high = P90 x 6.
ALLOWED = {
    "ageing": {"older": 2.0, "newer": 1.5},
    "beyond": {"low": 2.0, "base_high": 2.0, "total_high": 4.0},
}

# area: nation, California (06), San Francisco (CA), New York (NY-NJ), Puerto Rico (72, no state here)
OFFICIAL = """
soc     | area    | name                            | p10    | p50    | p90
15-1252 | 0000000 | National                        | 80000  | 140000 | 210000
15-2051 | 0000000 | National                        | 60000  | 120000 | 200000
15-1221 | 0000000 | National                        | 84000  | 150000 | 230000
15-1299 | 0000000 | National                        | 56000  | 110000 | 190000
15-1252 | 0600000 | California                      | 100000 | 170000 | 270000
15-1252 | 0041860 | San Francisco-Oakland, CA       | 128000 | 190000 | 280000
15-1299 | 0041860 | San Francisco-Oakland, CA       | 64000  | 130000 | 260000
15-1299 | 0035620 | New York-Newark, NY-NJ          | 60000  | 120000 | 250000
15-1252 | 0041980 | San Juan-Caguas, PR             | 40000  | 60000  | 100000
15-1252 | 7200000 | Puerto Rico                     | 40000  | 60000  | 100000
"""


def figures(drawing: str = OFFICIAL, **changes: Any) -> list[OfficialFigure]:
    """One figure a value; "+" after it marks it as top-coded."""
    return [
        OfficialFigure(
            source="oews", occupation=line["soc"], title="", area=line["name"], area_code=line["area"],
            industry=changes.get("industry", "000000"), statistic=Statistic(name),
            value=float(line[name].rstrip("+")), employment=None,
            date=changes.get("date", date(2025, 5, 1)), top_coded=line[name].endswith("+"),
        )
        for line, name in product(drawn.lines(drawing), ("p10", "p50", "p90"))
        if name in line
    ]  # fmt: skip


def row(table: pa.Table, role: str, place: str = "", component: str = "base") -> dict[str, Any] | None:
    found = [
        one
        for one in table.to_pylist()
        if (one["role"], one["metro"] or one["region"], one["component"]) == (role, place, component)
    ]
    assert len(found) < 2
    return found[0] if found else None


# role, place -> low, base high, total high, and the areas and occupations that they came from
BY_HAND = [
    # 80,000 / 4; 210,000 x 3; 210,000 x 6
    ("software_engineer", "",      20_000, 630_000, 1_260_000, ("15-1252", "National"), ("15-1252", "National")),
    ("software_engineer", "CA",    25_000, 810_000, 1_620_000, ("15-1252", "California"), ("15-1252", "California")),
    ("software_engineer", "41860", 32_000, 840_000, 1_680_000,
     ("15-1252", "San Francisco-Oakland, CA"), ("15-1252", "San Francisco-Oakland, CA")),
    # New York publishes 15-1299 only, which is no occupation of the role: the nation's
    ("software_engineer", "35620", 20_000, 630_000, 1_260_000, ("15-1252", "National"), ("15-1252", "National")),
    # San Juan's own low, and a high that is not below the nation's
    ("software_engineer", "41980", 10_000, 630_000, 1_260_000,
     ("15-1252", "San Juan-Caguas, PR"), ("15-1252", "National")),
    # the least P10 and the most P90 of four occupations: 56,000 / 4, 230,000 x 3
    ("ml_engineer",       "",      14_000, 690_000, 1_380_000, ("15-1299", "National"), ("15-1221", "National")),
    # 15-1252 of California, 15-2051 of the nation: the least is 15-1299 of the nation
    ("ml_engineer",       "CA",    14_000, 810_000, 1_620_000, ("15-1299", "National"), ("15-1252", "California")),
    # in San Francisco 15-2051 is not published: the nation's 60,000 is the least
    ("ml_engineer",       "41860", 15_000, 840_000, 1_680_000,
     ("15-2051", "National"), ("15-1252", "San Francisco-Oakland, CA")),
    ("data_scientist",    "41860", 15_000, 600_000, 1_200_000, ("15-2051", "National"), ("15-2051", "National")),
]  # fmt: skip


@pytest.mark.parametrize(("role", "place", "low", "base", "total", "from_low", "from_high"), BY_HAND)
def test_limits_by_hand(
    role: str,
    place: str,
    low: float,
    base: float,
    total: float,
    from_low: tuple[str, str],
    from_high: tuple[str, str],
) -> None:
    table = plausible_pay(figures(), ALLOWED)
    one, whole = row(table, role, place), row(table, role, place, "total")
    assert one is not None
    assert whole is not None
    assert (one["low"], one["high"]) == pytest.approx((low, base))
    assert (whole["low"], whole["high"]) == pytest.approx((low, total))
    assert (one["low_occupation"], one["low_area"]) == from_low
    assert (one["high_occupation"], one["high_area"], one["high_from"]) == (*from_high, "p90")
    assert one["date"] == date(2025, 5, 1)


def test_there_is_a_row_for_the_nation_and_each_metro_and_state() -> None:
    table = plausible_pay(figures(), ALLOWED)
    places = [(one["metro"], one["region"]) for one in table.to_pylist() if one["role"] == "data_engineer"]
    # two components each; Puerto Rico's metro has a row, the territory itself counts as the nation
    assert sorted(set(places)) == [("", ""), ("", "CA"), ("35620", "NY"), ("41860", "CA"), ("41980", "PR")]
    assert len(places) == 10
    assert table.schema.equals(COLUMNS)


#: P10, P50 and P90 of one occupation -> the upper percentile that counts, and what it is
TOP_CODED = [
    ("80000",   "140000",  "210000",  210_000, "p90"),
    # a floor: 140,000 x 140,000 / 80,000 = 245,000 lies above it
    ("80000",   "140000",  "239200+", 245_000, "p50"),
    # 120,000 x 120,000 / 80,000 = 180,000 lies below the floor, which then is the least that P90 can be
    ("80000",   "120000",  "239200+", 239_200, "p50"),
    ("80000",   "239200+", "239200+", None,    None),
    ("80000",   "-",       "239200+", None,    None),
    ("80000",   "140000",  "-",       None,    None),
]  # fmt: skip


@pytest.mark.parametrize(("p10", "p50", "p90", "value", "kind"), TOP_CODED)
def test_a_top_coded_percentile_is_no_limit(
    p10: str, p50: str, p90: str, value: float | None, kind: str | None
) -> None:
    drawing = f"soc | area | name | p10 | p50 | p90\n15-1252 | 0000000 | National | {p10} | {p50} | {p90}"
    one = row(plausible_pay(figures(drawing), ALLOWED), "software_engineer")
    assert one is not None
    assert (one["low"], one["p90"], one["high_from"]) == (20_000, value, kind)
    assert one["high"] == (None if value is None else pytest.approx(3 * value))


def test_one_occupation_without_an_upper_end_leaves_the_role_without_a_limit() -> None:
    drawing = """
    soc     | area    | name     | p10   | p50     | p90
    15-1221 | 0000000 | National | 80000 | 239200+ | 239200+
    15-2051 | 0000000 | National | 60000 | 120000  | 200000
    """
    table = plausible_pay(figures(drawing), ALLOWED)
    scientist, engineer = row(table, "ml_scientist"), row(table, "data_scientist")
    assert scientist is not None
    assert engineer is not None
    assert (scientist["low"], scientist["high"]) == (15_000, None)
    assert engineer["high"] == 600_000


def test_only_all_industries_and_the_newest_release_count() -> None:
    drawing = "soc | area | name | p10 | p50 | p90\n15-1252 | 0000000 | National | {} | 100000 | {}"
    old = figures(drawing.format(40_000, 900_000), date=date(2024, 5, 1))
    mines = figures(drawing.format(1_000, 2_000_000), industry="212000")
    new = figures(drawing.format(80_000, "-"))
    for order in ([*old, *mines, *new], [*new, *mines, *old]):
        one = row(plausible_pay(order, ALLOWED), "software_engineer")
        assert one is not None
        # the newest release has no P90, and an older one's does not stand in for it
        assert (one["low"], one["high"]) == (20_000, None)


def test_without_official_figures_there_are_no_limits() -> None:
    assert plausible_pay([]).num_rows == 0
    statements = pa.table({
        "role": ["ml_engineer"], "component": ["base"], "place_metro": [""], "place_region": [""], "low": [1.0],
        "high": [1.0],
    })  # fmt: skip
    assert beyond(statements, plausible_pay([])).tolist() == [""]


# the software engineer's limits: nation 20,000-630,000, California 25,000-810,000, San Francisco 32,000-840,000
STATED = """
role              | component | metro | region | low    | high    | found
software_engineer | base      | -     | -      | 19999  | 19999   | low
software_engineer | base      | -     | -      | 20000  | 20000   | -
software_engineer | base      | -     | -      | 10000  | 40000   | -
software_engineer | base      | -     | -      | 10000  | 39999   | low
software_engineer | base      | -     | TX     | 631000 | 631000  | high
software_engineer | base      | -     | CA     | 631000 | 631000  | -
software_engineer | base      | -     | CA     | 24000  | 24000   | low
software_engineer | base      | 41860 | CA     | 31000  | 31000   | low
software_engineer | base      | 99999 | CA     | 31000  | 31000   | -
software_engineer | base      | 41860 | CA     | -      | 31000   | low
software_engineer | base      | 41860 | CA     | 900000 | -       | high
software_engineer | total     | 41860 | CA     | 900000 | 900000  | -
software_engineer | total     | 41860 | CA     | 2e6    | 2e6     | high
software_engineer | equity    | 41860 | CA     | 1      | 1       | -
other             | base      | 41860 | CA     | 1      | 1       | -
"""


@pytest.mark.parametrize("line", drawn.lines(STATED), ids=lambda line: "-".join(line.values()))
def test_what_lies_beyond_the_limits_of_its_place(line: drawn.Line) -> None:
    statements = pa.table(
        {
            "role": [line["role"]],
            "component": [line["component"]],
            "place_metro": [line.get("metro", "")],
            "place_region": [line.get("region", "")],
            "low": pa.array([float(line["low"]) if "low" in line else None], pa.float64()),
            "high": pa.array([float(line["high"]) if "high" in line else None], pa.float64()),
        }
    )
    assert beyond(statements, plausible_pay(figures(), ALLOWED)).tolist() == [line.get("found", "")]


def test_the_packaged_allowances_mark_slips_and_not_the_well_paid() -> None:
    """By the nation's figures of May 2025 for software engineers: P10 82,460, P90 214,670."""
    drawing = "soc | area | name | p10 | p50 | p90\n15-1252 | 0000000 | National | 82460 | 135980 | 214670"
    one, whole = (
        row(plausible_pay(figures(drawing)), "software_engineer", component=c) for c in ("base", "total")
    )
    assert one is not None
    assert whole is not None
    # a monthly median read as yearly, and an hourly one; a tenfold P10
    assert one["low"] > 135_980 / 12 > 135_980 / 2080
    assert one["high"] < 10 * 82_460
    # a frontier lab's highest posted base; all-cash base pay of 700,000; a total of 1.5 million
    assert one["high"] > 700_000 > 500_000
    assert one["low"] < 30_000
    assert whole["high"] > 1_500_000


def test_the_allowances_are_those_of_the_wage_index() -> None:
    # 167.912 (June 2025) over 118.2 (December 2012); 3.8 % a year (March 2026), twice
    assert settings()["ageing"] == {"older": 1.42, "newer": 1.08}
    assert settings()["occupations"] == country("US").held
