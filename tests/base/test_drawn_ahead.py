"""Items that are drawn ahead come in order, and no more of them lie waiting than asked for."""

from __future__ import annotations

import pytest

from payguide.base.workers import drawn_ahead


@pytest.mark.parametrize(
    ("items", "most", "drawn_at_each"),
    [
        (0, 2, []),
        (1, 2, [1]),
        (5, 0, [1, 2, 3, 4, 5]),
        (5, 2, [3, 4, 5, 5, 5]),
        (2, 9, [2, 2]),
    ],
)
def test_so_many_later_ones_are_drawn_before_each(items: int, most: int, drawn_at_each: list[int]) -> None:
    drawn: list[int] = []

    def draw(item: int) -> int:
        drawn.append(item)
        return item

    seen = [(item, len(drawn)) for item in drawn_ahead(map(draw, range(items)), most)]

    assert seen == list(enumerate(drawn_at_each))
