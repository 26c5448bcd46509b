"""The parts of the model: by hand values and outside references."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from model_market import rows_of
from payguide.base.grades import grade_key, grade_step
from payguide.estimator.features import PATTERNS, code
from payguide.fit.model import features as design
from payguide.fit.model import splines as curves
from payguide.fit.model.conformal import conformal_quantile, pinball, rising
from payguide.fit.model.cross_fitting import row_folds
from payguide.fit.model.random_effects import Block, Term, averages, block, blocks
from payguide.fit.model.scale import fit_lack, fit_scale, spread_points

WORDS = design.settings()["words"]


@pytest.mark.parametrize(
    ("grade", "key"),
    [
        ("Senior Software Engineer", "senior"),
        ("Sr. SWE", "senior"),
        ("SDE II", "2"),
        ("SDE 2", "2"),
        ("Software Engineer", "engineer"),
        ("L5", "5 l"),
        ("ICT4", "4 ict"),
        ("Senior Software Engineer 2 (5b)", "2 5 b senior"),
        ("VP", "president vice"),
        ("Vice President", "president vice"),
        ("SMTS", "mts senior"),
        ("Senior Member of Technical Staff", "mts senior staff"),
        ("--", ""),
        ("", ""),
    ],
)
def test_grade_key(grade: str, key: str) -> None:
    assert grade_key(grade, WORDS) == key


@given(st.text(max_size=40))
def test_grade_key_is_settled(text: str) -> None:
    once = grade_key(text, WORDS)
    assert grade_key(once, {}) == once


@pytest.mark.parametrize(
    ("key", "step"),
    [("5 l", "5"), ("5 analyst growth l product", "5 analyst"), ("android senior", "senior"), ("8 backend band", "8"),
     ("engineer", "engineer"), ("lpb", ""), ("", "")],
)  # fmt: skip
def test_step_of_a_grade(key: str, step: str) -> None:
    assert grade_step(key, frozenset(design.settings()["steps"])) == step


def test_hats_interpolate() -> None:
    knots = [0.0, 2.0, 6.0]
    weights = curves.hats(np.array([-1.0, 0.0, 1.0, 3.0, 6.0, 9.0]), knots)
    assert weights.toarray().tolist() == [
        [1, 0, 0],
        [1, 0, 0],
        [0.5, 0.5, 0],
        [0, 0.75, 0.25],
        [0, 0, 1],
        [0, 0, 1],
    ]
    values = np.array([1.0, 5.0, -3.0])
    x = np.linspace(-1, 8, 50)
    assert curves.hats(x, knots) @ values == pytest.approx(np.interp(x, knots, values))


def test_not_known_has_no_number() -> None:
    codes, vocabulary = design.number(["b", "", "a", "unknown", "b", "unstated"])
    assert vocabulary == ["a", "b"]
    assert codes.tolist() == [1, -1, 0, -1, 1, -1]


def test_levels_count_only_where_nothing_better_is_known() -> None:
    rows = rows_of(
        np.full(5, 1e5),
        years=np.array([np.nan, 4.0, 4.0, np.nan, 4.0]),
        level=["senior", "senior", "senior", "unstated", "mid"],
        grade=["", "", "L5", "L5", ""],
    )
    raw, vocabulary = design.raw_of(rows, int(rows.day.min()))
    # four years are mid by themselves: "senior" beside them says more, "mid" does not
    found, senior = design.dimensions(raw), vocabulary["level"].index("senior")
    assert found["level_alone"].tolist() == [senior, -1, -1, -1, -1]
    assert found["level_beside"].tolist() == [-1, senior, -1, -1, -1]


@pytest.mark.parametrize(
    ("bits", "lacking"),
    [(1, "level-known-known-known"), (3, "none-known-known-known"), (4, "known-none-known-known"),
     (8, "known-known-none-known"), (16, "known-known-known-none"), (31, "none-none-none-none"),
     (2, "known-known-known-known")],
)  # fmt: skip
def test_hidden_inputs_make_their_pattern(bits: int, lacking: str) -> None:
    rows = rows_of(np.full(2, 1e5), years=np.array([7.0, 1.0]), grade=["L5", "L4"], employer=["a", "b"],
                   metro=["1", "2"], region=["WA", "CA"])  # fmt: skip
    raw, vocabulary = design.raw_of(rows, int(rows.day.min()))
    hidden = design.hide(raw, np.array([bits, bits]))
    assert design.dimensions(hidden)["state"].tolist() == [PATTERNS.index(lacking)] * 2
    if bits == 1:
        assert [vocabulary["level"][k] for k in hidden.index["level"]] == ["senior", "entry"]


def test_code_is_mixed_radix_and_lost_where_a_part_is() -> None:
    found = {"a": np.array([1, 2, -1]), "b": np.array([0, 3, 1])}
    assert code(found, ["a", "b"], {"a": 3, "b": 4}).tolist() == [4, 11, -1]


def test_terms_that_say_the_same_are_met_once() -> None:
    rows = rows_of(np.full(3, 1e5), role=["ml_engineer", "data_scientist", "ml_engineer"])
    raw, vocabulary = design.raw_of(rows, int(rows.day.min()))
    terms = [Term(("role",)), Term(("kind", "role")), Term(("kind",)), Term(("metro",))]
    met = blocks(terms, raw, design.sizes(vocabulary, 0.0))
    assert [one.term.by for one in met] == [("role",)]


def test_scale_of_two_groups() -> None:
    rng = np.random.default_rng(4)
    group = np.repeat([0, 1], 2000)
    size = np.abs(rng.normal(0, np.where(group == 0, 0.1, 0.3)))
    two = Block(Term(("role",)), np.arange(2), group, np.ones(4000))
    found = fit_scale(size, csr_array(np.ones((4000, 1))), [two], np.ones(4000))
    spread = np.exp(found.smooth[0] + found.tables[0][2])
    # E|N(0, s)| = s sqrt(2 / pi); cutting at six times lowers nothing here
    assert spread == pytest.approx(np.array([0.1, 0.3]) * np.sqrt(2 / np.pi), rel=0.06)


def test_hiding_shifts_are_shrunken_means() -> None:
    one = Block(Term(("pattern",)), np.arange(2), np.repeat([0, 1], [100, 2]), np.ones(102))
    found = fit_lack(np.full(102, 0.1), [one], np.ones(102))
    large, small = found.tables[0][2]
    assert large == pytest.approx(0.1, abs=0.005)
    assert small < large


def test_range_points_lie_evenly_inside_it() -> None:
    points = spread_points(np.array([0.0, 0.5]), np.array([0.5, 0.0]))
    assert points[0] == pytest.approx([-0.4, -0.2, 0.0, 0.2, 0.4])
    assert points[1] == pytest.approx([0.5] * 5)


def test_conformal_quantile_is_the_next_rank_outward() -> None:
    values = np.arange(1.0, 100.0)  # 99 values: the conformal 0.9 quantile is the 90th of them
    assert conformal_quantile(values, np.ones(99), 0.9) == pytest.approx(90.0, abs=0.51)
    assert conformal_quantile(values, np.ones(99), 0.1) == pytest.approx(10.0, abs=0.51)
    assert conformal_quantile(values, np.ones(99), 0.5) == pytest.approx(50.0)
    assert conformal_quantile(values, np.ones(99), 0.9) >= np.quantile(values, 0.9)


def test_conformal_quantile_covers_fresh_draws() -> None:
    rng = np.random.default_rng(8)
    draws = rng.normal(size=(4000, 20))
    bounds = [conformal_quantile(row[:19], np.ones(19), 0.9) for row in draws]
    # marginal coverage of the 18th of 19 is 0.9; interpolating between ranks costs at most half a rank, 0.025
    assert np.mean(draws[:, 19] <= bounds) == pytest.approx(0.9, abs=0.03)


@given(arrays(float, (5, 4), elements=st.floats(-10, 10)))
def test_rising_never_crosses(points: np.ndarray) -> None:
    assert np.all(np.diff(rising(points), axis=1) >= 0)


def test_pinball_by_hand() -> None:
    # y = 1: under by 1 at 0.9 costs 0.9; over by 1 at 0.1 costs 0.9; their mean
    loss = pinball(np.array([1.0]), np.array([[2.0, 0.0]]), [0.1, 0.9])
    assert loss.tolist() == pytest.approx([0.9])


def test_folds_are_even() -> None:
    assert np.bincount(row_folds(25, 8, seed=1)).tolist() == [4, 3, 3, 3, 3, 3, 3, 3]


def test_a_block_places_rows() -> None:
    rows = rows_of(np.full(3, 1e5), employer=["b", "", "a"])
    raw, vocabulary = design.raw_of(rows, int(rows.day.min()))
    met = block(Term(("employer",)), raw, design.dimensions(raw), design.sizes(vocabulary, 0.0))
    assert met.group.tolist() == [1, 2, 0]
    assert met.of(np.array([0.1, 0.2])).tolist() == [0.2, 0.0, 0.1]
    assert met.sum(np.array([1.0, 5.0, 2.0])).tolist() == [2.0, 1.0]
    assert [rows.tolist() for rows in met.members()] == [[2], [0]]


def test_averages_by_hand() -> None:
    # two groups of three and one rows; the second block parts the first group
    first = Block(Term(("employer",)), np.array([0, 1]), np.array([0, 0, 0, 1]), None)
    second = Block(Term(("grade",)), np.array([0]), np.array([1, 1, 0, 1]), None)
    (_, _, employer), (_, _, grade) = averages(np.array([1.0, 2.0, 6.0, 4.0]), [first, second]).tables
    # as if by one row more of nothing: 9 / 4 and 4 / 2; then what they leave of the third row, 6 - 9 / 4, halved
    assert employer.tolist() == [2.25, 2.0]
    assert grade.tolist() == [1.875]
