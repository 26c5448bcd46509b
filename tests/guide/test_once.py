"""What roles share is worked out once, and never taken for something else."""

from __future__ import annotations

from payguide.guide.once import once


def test_the_same_thing_is_worked_out_once_and_another_again() -> None:
    asked: list[dict[str, int]] = []

    @once
    def size(of: dict[str, int]) -> int:
        asked.append(of)
        return sum(of.values())

    first, equal, other = {"a": 1}, {"a": 1}, {"a": 2}
    assert [size(one) for one in (first, first, equal, equal, other, first)] == [1, 1, 1, 1, 2, 1]
    # an equal thing is another one: it may change by itself
    assert [id(one) for one in asked] == [id(one) for one in (first, equal, other, first)]
