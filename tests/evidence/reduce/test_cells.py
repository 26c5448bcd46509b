"""Cells: what a histogram holds, what it counts, and how exact a quantile read from it is."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from on_engines import OnEngine

from payguide.base.aggregates import POOLED, RANGE_POINTS, UNITS_PER_PIECE, Cell, CellKey
from payguide.base.codes import LADDER
from payguide.base.money import bin_of, bin_value
from payguide.evidence.reduce.histograms import unit_bins
from payguide.evidence.reduce.replicates import weights
from payguide.evidence.units.level_probabilities import shares_of


def made(on: OnEngine, drawing: str) -> dict[CellKey, Cell]:
    return {cell.key: cell for cell in on.cells(drawing)}


def key(level: str, population: str = "all", component: str = "base", source: str = "board") -> CellKey:
    return CellKey(source, "ml_engineer", level, component, population)


def test_a_single_amount_puts_all_of_it_into_one_bin(on: OnEngine) -> None:
    found = made(on, "level | pay\nsenior | 150000")
    cell = found[key("senior")]
    assert cell.bins.tolist() == bin_of(np.array([150_000.0])).tolist()
    assert cell.mass.tolist() == [UNITS_PER_PIECE]
    assert cell.replicates.tolist() == (weights(["acme"]).T * UNITS_PER_PIECE).tolist()
    assert (cell.n, cell.n_records, cell.who.employers, cell.who.largest_share) == (1, 1, 1, 1.0)


def test_a_range_spreads_its_points_evenly_on_the_log_scale(on: OnEngine) -> None:
    # 100,000 x 4^(0.1, 0.3, 0.5, 0.7, 0.9): 114,870 151,572 200,000 263,902 348,220
    points = np.array([114_869.8, 151_571.7, 200_000.0, 263_901.6, 348_220.2])
    cell = made(on, "level | pay\nsenior | 100000-400000")[key("senior")]
    assert cell.bins.tolist() == bin_of(points).tolist()
    assert cell.mass.tolist() == [UNITS_PER_PIECE // 5] * 5


def test_replicates_weigh_employers_and_not_rows(on: OnEngine) -> None:
    drawing = """
    employer | level  | metro | pay
    acme     | senior | 41860 | 150000
    acme     | senior | 35620 | 150000
    globex   | senior | 41860 | 150000
    """
    cell = made(on, drawing)[key("senior")]
    acme, globex = weights(["acme", "globex"])
    assert cell.mass.tolist() == [3 * UNITS_PER_PIECE]
    assert cell.replicates[:, 0].tolist() == (UNITS_PER_PIECE * (2 * acme + globex)).tolist()
    assert (cell.n, cell.who.employers, cell.who.largest_share) == (3, 2, pytest.approx(2 / 3))


@pytest.mark.parametrize(
    ("drawing", "n", "employers", "unnamed", "effective", "largest"),
    [
        # who answers a survey that asks for no employer is somebody, and no employer
        (
            """
            kind        | record | employer | level  | pay
            self_report | 1      | nobody   | senior | 150000
            self_report | 2      | nobody   | senior | 150000
            self_report | 3      | nobody   | senior | 160000
            """,
            3, 0, 3, 3.0, "",
        ),
        # a range without an employer is one unit wherever it stands, and one piece in one place
        (
            """
            record | employer | level  | metro | pay
            1      | nobody   | senior | 41860 | 150000-180000
            2      | nobody   | senior | 41860 | 150000-180000
            3      | nobody   | senior | 35620 | 150000-180000
            4      | nobody   | senior | 41860 | 150000-190000
            """,
            3, 0, 3, 9 / 5, "",
        ),
        (
            """
            record | employer | level  | metro | pay
            1      | acme     | senior | 41860 | 150000-180000
            2      | acme     | senior | 35620 | 150000-180000
            3      | globex   | senior | 41860 | 150000-180000
            4      | nobody   | senior | 41860 | 150000-180000
            """,
            4, 2, 1, 16 / 6, "acme",
        ),
        # of equals the first by name leads
        (
            """
            record | employer | level  | pay
            1      | globex   | senior | 150000-180000
            2      | acme     | senior | 150000-180000
            """,
            2, 2, 0, 2.0, "acme",
        ),
    ],
    ids=["respondents", "ranges", "mixed", "equals"],
)  # fmt: skip
def test_who_names_no_employer_is_counted_apart(
    on: OnEngine, drawing: str, n: int, employers: int, unnamed: int, effective: float, largest: str
) -> None:
    found = made(on, drawing)
    for source in ("board", POOLED):
        cell = found[key("senior", source=source)]
        assert (cell.n, cell.who.employers, cell.who.unnamed) == (n, employers, unnamed)
        assert cell.who.effective == pytest.approx(effective)
        assert cell.who.largest == largest


def test_levels_any_and_the_pool(on: OnEngine) -> None:
    drawing = """
    source | record | level   | pay
    ashby  | 1      | senior  | 150000-180000
    radar  | 2      | senior  | 150000-180000
    radar  | 3      | lead    | 160000-180000
    radar  | 4      | -       | 170000-180000
    radar  | 5      | manager | 180000-180000
    radar  | 6      | intern  | 60000-80000
    """
    found = made(on, drawing)
    counts = {(k.source, k.level): cell.n for k, cell in found.items()}
    assert counts == {
        ("ashby", "senior"): 1, ("ashby", "any"): 1,
        ("radar", "senior"): 1, ("radar", "lead"): 1, ("radar", "unstated"): 1, ("radar", "manager"): 1,
        ("radar", "intern"): 1, ("radar", "any"): 3,
        # the senior band stands in both sources: one piece, two records
        (POOLED, "senior"): 1, (POOLED, "lead"): 1, (POOLED, "unstated"): 1, (POOLED, "manager"): 1,
        (POOLED, "intern"): 1, (POOLED, "any"): 3,
    }  # fmt: skip
    pooled = found[key("senior", source=POOLED)]
    assert (pooled.n_records, len(pooled.bins), pooled.replicates.shape) == (2, 0, (80, 0))


def test_a_narrowed_population_has_a_cell_from_ten_pieces_of_five_employers_on(on: OnEngine) -> None:
    head = "employer | level | metro | tier | remote | industry | specialisation | pay\n"
    line = "e{0} | senior | {1} | big_tech | remote | health | vision speech | {2}\n"
    ten = "".join(line.format(n % 5, "41860", 150_000 + n) for n in range(10))
    nine = "".join(line.format(n % 5, "35620", 150_000 + n) for n in range(9))
    four = "".join(line.format(n % 4, "42660", 150_000 + n) for n in range(12))
    found = made(on, head + ten + nine + four)
    populations = {
        k.population: cell.n for k, cell in found.items() if k.level == "any" and k.source == "board"
    }
    assert populations == {
        "all": 31, "top=yes": 31, "tier=big_tech": 31, "remote=remote": 31, "industry=health": 31,
        "specialisation=vision": 31, "specialisation=speech": 31, "metro=41860": 10,
    }  # fmt: skip


def test_total_over_base_is_the_ratio_within_one_record(on: OnEngine) -> None:
    drawing = """
    kind        | record | component | years | pay
    self_report | 1      | base      | 4     | 200000
    self_report | 1      | bonus     | 4     | 20000
    self_report | 1      | total     | 4     | 300000
    self_report | 2      | total     | 4     | 500000
    self_report | 3      | base      | 4     | 150000
    """
    found = made(on, drawing)
    ratio = found[key("mid", component="total_over_base")]
    # 300,000 / 200,000 = 1.5; records 2 and 3 lack one of the two
    assert (ratio.n, ratio.mass.tolist()) == (1, [UNITS_PER_PIECE])
    assert bin_value(ratio.bins)[0] == pytest.approx(1.5, rel=0.0025)
    assert found[key("mid", component="bonus")].n == 1
    assert found[key("any", component="total")].n == 2


def test_a_silent_title_is_spread_over_the_levels_that_its_years_make_likely(on: OnEngine) -> None:
    drawing = """
    employer | level  | years | date       | pay
    acme     | -      | 5     | 2026-01-01 | 100000-400000
    globex   | -      | 5     | 2026-01-01 | 150000
    globex   | senior | 5     | 2026-01-11 | 200000
    wayne    | -      | -     | 2026-01-01 | 250000
    """
    found = made(on, drawing)
    likely = dict(zip(LADDER, shares_of(np.array([5.0]))[0].tolist(), strict=True))
    mid, senior = found[key("mid")], found[key("senior")]

    assert mid.mass.sum() == 2 * likely["mid"]
    assert sorted(mid.mass.tolist()) == [likely["mid"] // 5] * 5 + [likely["mid"]]
    assert senior.mass.sum() == UNITS_PER_PIECE + 2 * likely["senior"]
    acme, globex = weights(["acme", "globex"])
    by_employer = likely["senior"] * acme + (UNITS_PER_PIECE + likely["senior"]) * globex
    assert senior.replicates.sum(axis=1).tolist() == by_employer.tolist()
    # counts are in whole pieces, rounded; an employer counts from half a piece on
    assert senior.n == round(1 + 2 * likely["senior"] / 100)
    assert senior.who.employers == 1 + (likely["senior"] >= 50)
    assert senior.who.largest_share == pytest.approx((100 + likely["senior"]) / (100 + 2 * likely["senior"]))
    days = 10 * UNITS_PER_PIECE / (UNITS_PER_PIECE + 2 * likely["senior"])
    assert senior.mean_date == date(2026, 1, 1 + round(days))
    # whole in "any", once; nothing to go by stays unstated
    assert (found[key("any")].n, found[key("any")].mass.sum()) == (4, 4 * UNITS_PER_PIECE)
    assert found[key("unstated")].n == 1
    # nobody is staff by half a piece or more
    assert (key("staff") in found) == (likely["staff"] >= 50)


def test_the_mean_date_is_that_of_the_evidence(on: OnEngine) -> None:
    found = made(on, "level | date | pay\nsenior | 2025-01-01 | 150000\nsenior | 2025-01-11 | 160000")
    assert found[key("senior")].mean_date == date(2025, 1, 6)


def test_histograms_add_up_to_the_evidence(on: OnEngine) -> None:
    lines = "".join(
        f"\ne{n % 7} | {level} | {90_000 + 997 * n}-{100_000 + 1500 * n}"
        for n, level in enumerate(["entry", "mid", "senior", "staff", "lead"] * 12)
    )
    found = made(on, "employer | level | pay" + lines)
    for cell in found.values():
        if cell.key.source != POOLED:
            assert cell.mass.sum() == UNITS_PER_PIECE * cell.n
            assert (np.diff(cell.bins) > 0).all()
    parts = [found[key(level)] for level in ("entry", "mid", "senior", "staff", "lead")]
    assert found[key("any")].mass.sum() == sum(part.mass.sum() for part in parts)
    totals = sum(part.replicates.sum(axis=1) for part in parts)
    assert (found[key("any")].replicates.sum(axis=1) == totals).all()


@given(
    st.lists(st.floats(15_000, 2_000_000), min_size=1, max_size=60),
    st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9]),
)
def test_a_quantile_read_from_bins_is_within_half_a_percent_of_the_exact_one(
    amounts: list[float], probability: float
) -> None:
    pay = np.array(amounts)
    bins = np.sort(unit_bins(pay, pay).ravel())
    at = int(np.ceil(probability * len(bins))) - 1
    exact = np.sort(np.repeat(pay, RANGE_POINTS))[at]
    assert bin_value(bins[at : at + 1])[0] == pytest.approx(exact, rel=0.005)
    # the bins' own promise is half of that
    assert bin_value(bins[at : at + 1])[0] == pytest.approx(exact, rel=0.0025001)
