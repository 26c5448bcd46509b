"""Many profiles read by column get what each gets by itself: answers, warnings and refusals."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import numpy as np
import pytest

from anchored_model import anchored_model
from payguide.decode.profile_input import resolve_profile, resolved
from payguide.estimator import Answer, Estimator, Profiles, Refused
from payguide.estimator.answers import QUANTILES
from payguide.estimator.columns import Column
from payguide.estimator.market import DIMENSIONS, MarketTables, Part

#: What people say of each field, sense and nonsense.
SAID: dict[str, list[Any]] = {
    "role": ["ml_engineer", "Software Engineer", "plumber", ""],
    "component": ["base", "total", "bonus", None],
    "years": [0, 2.5, 6, 10.5, 40, 81, "7", "lots", None],
    "tenure": [1, -1, None],
    "level": ["senior", "lead", "unstated", "wizard", None],
    "grade": ["L4", "l 4", "banana", "-5", None],
    "employer": ["employer-0", "employer-3", "Foo Bar LLC", "???", None],
    "place": ["Seattle, WA", "New York, NY", "Texas", "Remote", "Berlin", "Narnia", None],
    "date": ["2022-06-01", "2021-03-03", "2099-01-01", "soon", None],
    "focus": ["security", "sewing", None],
    "specialisation": ["vision", "vision|sewing|abc", ["speech"], None],
    "kind": ["self_report", "gossip", None],
}


@pytest.fixture(scope="module")
def model() -> dict[str, Any]:
    return anchored_model()


def said(n: int) -> list[dict[str, Any]]:
    own = random.Random(3)
    return [
        {name: own.choice([values[0], *values]) for name, values in SAID.items() if own.random() < 0.5}
        for _ in range(n)
    ]


def test_what_many_are_told_each_is_told_alone(model: dict[str, Any]) -> None:
    asked = said(600)
    together = Estimator(model).replies(resolved(Profiles.of(asked)), range(len(asked)))
    alone = Estimator(model)

    kinds = set()
    for number, (profile, found) in enumerate(zip(asked, together, strict=True)):
        (own,) = alone.replies(Profiles.of([resolve_profile(profile)]), [number])
        kinds.add(type(found))
        if isinstance(own, Answer) and isinstance(found, Answer):
            assert (own.id, own.warnings, own.n) == (found.id, found.warnings, found.n)
            # halves of a dollar may be rounded to either side
            assert own.p10 == pytest.approx(found.p10, abs=1)
            assert own.p90 == pytest.approx(found.p90, abs=1)
        else:
            assert own == found, profile
    assert kinds == {Answer, Refused}


def test_parts_of_a_frame_at_once_are_those_one_by_one(model: dict[str, Any]) -> None:
    values = model["market"]["values"]
    table = MarketTables(model["market"], "ml_engineer")
    # every tier, of whose last nobody is, and every other value of the rest
    each = (range(0, len(values[name]) + 1, 1 if name == "tier" else 2) for name in DIMENSIONS)
    numbers = np.array(list(product(*each)))

    found = table.of_parts("total", numbers, QUANTILES, table.open)

    for row, own in zip(numbers.tolist(), found, strict=True):
        named = (values[name][k - 1] if k else "" for name, k in zip(DIMENSIONS, row, strict=True))
        alone = table.quantiles("total", Part(*named), QUANTILES)
        assert np.isnan(own).all() if alone is None else own == pytest.approx(alone, abs=1e-12)
    nobody = np.isnan(found).any(axis=1)
    assert 0 < nobody.sum() < len(found)


@pytest.mark.parametrize(
    ("told", "rows", "values", "codes"),
    [
        (["a", None, "a", "b"], [0, 2], ["a"], [0, 0]),
        (["a", None, "a", "b"], [3, 1, 3], [None, "b"], [1, 0, 1]),
        (["a", "b"], [], [], []),
    ],
)
def test_rows_taken_bring_no_value_that_none_of_them_has(
    told: list[Any], rows: list[int], values: list[Any], codes: list[int]
) -> None:
    taken = Column.of(told, len(told)).take(np.array(rows, int))

    assert (list(taken.values), taken.codes.tolist()) == (values, codes)


def test_combinations_beyond_the_largest_number_are_told_apart() -> None:
    # eight fields of 300 values: 300^8 is more than 2^64
    own = np.random.default_rng(2)
    columns = [Column.of(own.permutation(300).tolist(), 300) for _ in range(8)]

    joined = Column.joined(columns, lambda *values: values)

    expected = list(zip(*([one.values[code] for code in one.codes] for one in columns), strict=True))
    assert [joined.values[code] for code in joined.codes] == expected
