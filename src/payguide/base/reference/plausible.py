"""What somebody may say of years (plausible.toml): how it is read, what is refused, what is asked about first."""

from __future__ import annotations

import re
from typing import Any, Final

from payguide.base.reference import data

_PLAIN: Final = re.compile(r"[0-9]++(?:\.[0-9]++)?")
#: Nobody has worked for more years; hardly anybody for more than the other.
MAX_YEARS: Final[int] = data.table("plausible")["years"]["most"]
UNUSUAL_YEARS: Final[int] = data.table("plausible")["years"]["unusual"]


def plain_number(text: str) -> float | None:
    """The number that a text is, in plain digits with a point: "7", "2.5"; None for "-3", "7,5", "1e9", "7 years"."""
    bare = text.strip()
    return float(bare) if _PLAIN.fullmatch(bare) else None


def did_you_mean(years: float) -> float | None:
    """What years that are unusually many may stand for: 6 for 60, 5.5 for 55; None for plausible ones."""
    return None if years <= UNUSUAL_YEARS else years / 10


def limits() -> dict[str, Any]:
    """The limits as data, for who asks elsewhere: of "years" and of "pay"."""
    return {name: data.table("plausible")[name] for name in ("years", "pay")}
