"""Whose evidence it is: employers, pieces that name none, the effective number of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.contributors import NOBODY, Contributors, joined, weaker


@pytest.mark.parametrize(
    ("units", "employers", "unnamed", "effective", "largest_share", "largest"),
    [
        ({"acme": 10, "beta": 10}, 2, 0, 2.0, 0.5, "acme"),
        ({"beta": 30, "acme": 10}, 2, 0, 1.6, 0.75, "beta"),
        ({"acme": 40}, 1, 0, 1.0, 1.0, "acme"),
        ({f"survey/{at}": 1 for at in range(50)}, 0, 50, 50.0, 0.02, ""),
        ({"acme": 2, "survey/1": 1, "survey/2": 1}, 1, 2, 16 / 6, 0.5, "acme"),
        ({"list/100000-120000": 3, "acme": 1}, 1, 3, 1.6, 0.75, ""),
        ({"acme": 0.5, "beta": 0.49, "list/1": 0.6}, 1, 1, 1.59**2 / 0.8501, 0.6 / 1.59, ""),
        ({}, 0, 0, 0.0, 0.0, ""),
    ],
)
def test_of_units_by_hand(
    units: dict[str, float],
    employers: int,
    unnamed: int,
    effective: float,
    largest_share: float,
    largest: str,
) -> None:
    found = Contributors.of(list(units), np.array(list(units.values()), float))
    assert (found.employers, found.unnamed, found.largest) == (employers, unnamed, largest)
    assert (found.effective, found.largest_share) == (
        pytest.approx(effective),
        pytest.approx(largest_share),
    )


@pytest.mark.parametrize(
    ("employers", "unnamed", "known"), [(12, 0, 12), (12, 40, 12), (0, 40, None), (0, 0, 0)]
)
def test_who_names_no_employer_is_not_one(employers: int, unnamed: int, known: int | None) -> None:
    found = Contributors(employers, unnamed, 5.0, 0.2)
    assert found.n_employers == known
    assert found.units == employers + unnamed


PIECES = st.lists(st.integers(1, 30), min_size=1, max_size=12)


@given(PIECES, PIECES)
def test_of_groups_the_fewest_in_effect_are_told(one: list[int], other: list[int]) -> None:
    """Whoever is the same in both: the effective number that is told is no greater than the real one."""
    names = [f"e{at}" for at in range(12)]
    both = [Contributors.of(names[: len(part)], np.array(part, float)) for part in (one, other)]
    together = np.zeros(12)
    for part in (one, other):
        together[: len(part)] += part
    real = Contributors.of(names, together)
    told = joined([(sum(one), both[0]), (sum(other), both[1])])
    assert told.effective <= real.effective + 1e-9
    assert told.largest_share >= real.largest_share - 1e-9
    assert told.employers <= real.employers


def test_the_weaker_side_speaks_for_both() -> None:
    many, few = Contributors(40, 0, 25.0, 0.1, "acme"), Contributors(6, 0, 4.0, 0.4, "beta")
    assert weaker([many, few]) == Contributors(6, 0, 4.0, 0.4, "beta")
    assert Contributors.of([], np.empty(0)) == NOBODY
