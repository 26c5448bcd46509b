"""Which of many like cases are tried at once; the others are slow, and what only they need is not made."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def some_slow(cases: Iterable[Any], *quick: Any) -> list[Any]:
    """The cases of a parametrisation, all slow but those that are `quick`.

    Raises:
        ValueError: one that is to be quick is no case.
    """
    every = list(cases)
    if missing := [case for case in quick if case not in every]:
        raise ValueError(f"no cases: {missing}")
    return [case if case in quick else pytest.param(case, marks=pytest.mark.slow) for case in every]


def tried(request: pytest.FixtureRequest, parameter: str) -> list[Any]:
    """The values of a parameter in the tests of this run that need the module's fixture which asks, each once."""
    needing = (
        item
        for item in request.session.items
        if item.path == request.path and request.fixturename in getattr(item, "fixturenames", ())
    )
    return list(dict.fromkeys(item.callspec.params[parameter] for item in needing))  # type: ignore[attr-defined]
