"""How senior silent titles are: by hand, by simulation of a market whose truth is known, and the file that ships."""

from __future__ import annotations

import level_mix as fitting
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.aggregates import UNITS_PER_PIECE
from payguide.base.codes import LADDER
from payguide.evidence.units.level_probabilities import STEP, shares, shares_of

#: Years that entry, mid, senior and staff postings ask for, on average, in the simulated market.
ASKS = np.array([1.0, 3.0, 5.0, 8.0])


def asked(dice: np.random.Generator, levels: np.ndarray) -> np.ndarray:
    """Years asked for: whole, 0 to 10, ln(1 + years) normal around that of the level's."""
    drawn = np.expm1(dice.normal(np.log1p(ASKS)[levels], 0.3))
    return np.clip(np.round(drawn), 0, 10)


def test_other_shares_of_the_levels_by_hand() -> None:
    # a posting that is senior with 0.8 where half are senior; among silent ones a fifth is:
    # senior 0.8 x 0.2/0.5 = 0.32, mid 0.2 x 0.8/0.5 = 0.32
    found = fitting.shifted(np.array([[0.2, 0.8]]), np.array([0.5, 0.5]), np.array([0.8, 0.2]))
    assert found.tolist() == [[pytest.approx(0.5), pytest.approx(0.5)]]


def test_the_truth_is_recovered_where_silent_titles_are_other_levels() -> None:
    dice = np.random.default_rng(7)
    spoken = dice.choice(4, 6_000, p=[0.1, 0.1, 0.6, 0.2])
    silent = dice.choice(4, 200_000, p=[0.15, 0.5, 0.3, 0.05])
    years = asked(dice, silent)
    truth = np.array([[np.mean(silent[years == y] == level) for level in range(4)] for y in range(11)])

    found = fitting.fitted(spoken, asked(dice, spoken), np.array([15, 50, 30, 5]) * 100)

    # whole years 1..9 hold thousands of postings each; half a step is lost to rounding, the logit bends little
    assert np.abs(found / UNITS_PER_PIECE - truth)[1:10].max() < 0.06
    # what the spoken titles alone would say of five years is far from it
    naive = np.mean(spoken[asked(dice, spoken) == 5] == 2)
    assert naive - truth[5, 2] > 0.15


def test_without_its_ridge_the_logit_is_that_of_statsmodels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "RIDGE", 1e-7)
    dice = np.random.default_rng(11)
    levels = dice.choice(4, 900, p=[0.2, 0.3, 0.3, 0.2])
    years = asked(dice, levels)
    design = sm.add_constant(np.log1p(years))
    outside = sm.MNLogit(levels, design).fit(disp=False, maxiter=200).predict(design)
    # two optimisers of one likelihood, each stopped at its own tolerance
    assert np.abs(fitting.probabilities(fitting.logit(levels, years), years) - outside).max() < 1e-3


@pytest.mark.parametrize(
    ("company", "title", "grade", "level"),
    [
        ("reddit", "Machine Learning Engineer", "IC3", "mid"),  # one below IC4
        ("reddit", "Software Engineer, Ads", "IC4", "senior"),
        ("roku", "Software Engineer", "11 Professional - 10% / 90%", "mid"),  # its numbers fall
        ("cabify", "Data Scientist", "L1", "entry"),  # three below: the lowest
        ("reddit", "Senior Software Engineer", "IC4", None),  # not silent
        ("reddit", "Account Partner", "IC3", None),  # another occupation
        ("canonical", "Software Engineer", "Mid-Senior", None),  # its grades are no single steps
    ],
)
def test_silent_titles_by_their_employers_grade(
    company: str, title: str, grade: str, level: str | None
) -> None:
    row = {"company": company, "title": title, "level": grade}
    assert fitting.silent_levels([row, row]).tolist() == [int(str(step) == level) for step in LADDER]


@given(st.lists(st.lists(st.floats(0.001, 1), min_size=4, max_size=4), min_size=1, max_size=5))
def test_steps_add_up_and_are_near(rows: list[list[float]]) -> None:
    probable = np.array(rows) / np.sum(rows, axis=1, keepdims=True)
    found = fitting.in_steps(probable)
    assert (found.sum(axis=1) == UNITS_PER_PIECE).all()
    assert (found % STEP == 0).all()
    assert np.abs(found / UNITS_PER_PIECE - probable).max() < STEP / UNITS_PER_PIECE


def test_what_ships_rises_with_the_years() -> None:
    rows = shares()
    assert (rows.sum(axis=1) == UNITS_PER_PIECE).all()
    assert (rows >= 0).all()
    assert (rows % STEP == 0).all()
    # at least as many at or below each level with fewer years asked: who asks for more looks for more senior people
    assert (np.diff(rows.cumsum(axis=1), axis=0) <= 0).all()


def test_years_beyond_the_last_row_and_fractions() -> None:
    rows = shares()
    assert shares_of(np.array([0.0, 5.5, 10.0, 25.0])).tolist() == rows[[0, 5, -1, -1]].tolist()
