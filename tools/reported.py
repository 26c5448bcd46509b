"""The cases reported of postings that were read wrong: what is read of one, and what a careful reader writes down.

A case has the fields of a posting (`title`, `text` or `html`, `location`, `employer`) and `want`: `pay` as
"low..high currency period basis" with "; " between bands, `years` as "1.5-None", `level`, `role`, `place` as
"city|region|country", `warning` where one must be given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from payguide.base.inputs import PayBand, Posting
from payguide.decode.posting import read_posting

Reading = dict[str, Any]


def cases(library: Path) -> list[dict[str, Any]]:
    """The reported cases of the library."""
    lines = (library / "labels" / "reported_cases.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def reading(case: Mapping[str, Any]) -> tuple[Reading, Reading]:
    """What is read of a case, of the parts that it wants, and what it wants."""
    posting = read_posting(
        id="case",
        title=case.get("title", ""),
        text=case.get("text"),
        html=case.get("html"),
        location=case.get("location", ""),
        employer=case.get("employer", ""),
    )
    want = dict(case["want"])
    if "pay" in want:
        want["pay"] = "; ".join(sorted(filter(None, want["pay"].split("; "))))
    return {part: _part(posting, part) for part in want}, want


def shown(band: PayBand) -> str:
    """A band as the tables write it."""
    low, high = map(_number, (band.low, band.high))
    return f"{low if low == high else f'{low}..{high}'} {band.currency} {band.period} {band.basis}"


def _number(value: float | None, absent: str = "") -> str:
    return absent if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _part(posting: Posting, part: str) -> object:
    profile = posting.profile
    if part == "pay":
        return "; ".join(sorted(map(shown, posting.pay)))
    if part == "warning":
        return bool(posting.warnings)
    if part == "years":
        return "-".join(_number(end, "None") for end in (profile.years_min, profile.years_max))
    if part == "place":
        place = profile.place
        return "|".join(name or "None" for name in (place.city, place.region, place.country))
    return str(getattr(profile, part))
