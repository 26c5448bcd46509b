"""What several roles share is worked out once: editions of one build have one and the same model."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def once(make: Callable[[Given], Made]) -> Callable[[Given], Made]:
    """`make`, which answers again without working when it is asked about the very thing it was asked about last.

    The thing must not be changed meanwhile. It is known by being the same object, not an equal one: to compare two
    models would cost as much as to write one.
    """
    last: list[tuple[Given, Made]] = []

    @wraps(make)
    def made(given: Given) -> Made:
        if not last or last[0][0] is not given:
            last[:] = [(given, make(given))]
        return last[0][1]

    return made
