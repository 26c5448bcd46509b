"""The least evidence and the fewest employers that a figure rests on (minimums.toml)."""

from __future__ import annotations

from typing import Any, Final

from payguide.base.reference import data


def minimum(name: str) -> dict[str, Any]:
    """A minimum as `least` and its `reference`: of "evidence" or of "employers"."""
    found = data.table("minimums")[name]
    return {key: found[key] for key in ("least", "reference")}


#: Pieces of evidence, and distinct employers.
MIN_EVIDENCE: Final[int] = minimum("evidence")["least"]
MIN_EMPLOYERS: Final[int] = minimum("employers")["least"]
