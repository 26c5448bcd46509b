"""The least evidence and the fewest employers that a figure rests on (minimums.toml)."""

from __future__ import annotations

from typing import Any, Final

from payguide.base.reference import data


def minimum(name: str) -> dict[str, Any]:
    """A minimum as `least` and its `reference`: of "evidence", of "employers" or of an employer's "own" data points."""
    found = data.table("minimums")[name]
    return {key: found[key] for key in ("least", "reference")}


#: Pieces of evidence, and distinct employers.
MIN_EVIDENCE: Final[int] = minimum("evidence")["least"]
MIN_EMPLOYERS: Final[int] = minimum("employers")["least"]
#: Data points of one employer's own that are told, and people behind a median of their pay.
MIN_OWN: Final[int] = minimum("own")["least"]
