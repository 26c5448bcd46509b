"""How tables are written in the model file."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payguide.base.errors import WrongShape
from payguide.estimator.model_file import (
    check_format,
    pack_integers,
    pack_keys,
    unpack_integers,
    unpack_keys,
)


@pytest.mark.parametrize(
    ("numbers", "text"),
    # zigzag: 0, -1, 1 are 0, 1, 2; 64 is 128, which takes two bytes, 0x80 0x01; and base64 of these
    [([], ""), ([0], "AA=="), ([-1], "AQ=="), ([1], "Ag=="), ([64], "gAE="), ([0, -1, 1], "AAEC")],
)
def test_by_hand(numbers: list[int], text: str) -> None:
    assert pack_integers(np.array(numbers, dtype=np.int64)) == text
    assert unpack_integers(text).tolist() == numbers


@given(st.lists(st.integers(-(2**62), 2**62)))
def test_any_numbers_come_back(numbers: list[int]) -> None:
    assert unpack_integers(pack_integers(np.array(numbers, dtype=np.int64))).tolist() == numbers


@given(st.lists(st.integers(0, 2**50)).map(sorted))
def test_any_combinations_come_back(keys: list[int]) -> None:
    assert unpack_keys(pack_keys(np.array(keys, dtype=np.int64))).tolist() == keys


@pytest.mark.parametrize("text", ["gA==", "gAGA", "not base64!", "A"])
def test_a_damaged_text_is_refused(text: str) -> None:
    with pytest.raises(WrongShape, match="damaged"):
        unpack_integers(text)


@pytest.mark.parametrize("model", [{}, {"format": "payguide-model", "version": 1}, {"format": "pickle"}])
def test_other_files_are_refused(model: dict[str, object]) -> None:
    with pytest.raises(WrongShape, match="not a model file"):
        check_format(model)
