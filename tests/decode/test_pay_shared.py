"""Pay read from real postings: transcribed strings, employers' own structured pay. Labels: `test_labels.py`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from labelled import ashby_jobs

from payguide.base.inputs import PayBand
from payguide.decode.pay import read_pay

pytestmark = pytest.mark.shared

Band = tuple[float | None, float | None, str, str, str]


def plain(band: PayBand) -> Band:
    return (band.low, band.high, band.currency, band.period.value, band.basis.value)


#: Strings whose transcribed reading is one band, where the reading rules say several (levels, zones, OTE).
SEVERAL = {"A-spacex_level": 2, "A-ford_grade": 2, "A-sourcegraph": 4, "B-17": 2, "A-block_zones": 4}


def test_transcribed_strings(library: Path) -> None:
    wrong = []
    for line in (library / "labels" / "pay_strings.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        bands, _ = read_pay(row["text"])
        if row["id"] in SEVERAL:
            right = len(bands) == SEVERAL[row["id"]]
        elif row["kind"] == "positive" and "</" not in row["text"]:
            right = [plain(band)[:4] for band in bands] == [
                (row["min"], row["max"], row["currency"], row["period"])
            ]
        else:
            right = row["kind"] != "negative" or not bands
        if not right:
            wrong.append((row["id"], bands))
    assert wrong == []


PERIODS = {"1 YEAR": "year", "1 HOUR": "hour", "1 MONTH": "month", "1 WEEK": "week", "1 DAY": "day"}


def structured(job: dict) -> set[tuple]:
    """The employer's own salary bands."""
    tiers = (job.get("compensation") or {}).get("compensationTiers") or []
    parts = [part for tier in tiers for part in tier.get("components") or []]
    return {
        (part["minValue"], part["maxValue"], part["currencyCode"], PERIODS.get(part["interval"]))
        for part in parts
        if part.get("compensationType") == "Salary" and part.get("minValue") and part.get("maxValue")
    }


def test_text_agrees_with_the_employers_own_structured_pay(library: Path) -> None:
    """Where both say pay. About a sixth honestly differ: raised ranges, OTE beside base."""
    same = both = 0
    for job in ashby_jobs(library):
        own = structured(job)
        found = {
            plain(band)[:4] for band in read_pay(job.get("descriptionPlain") or "", title=job["title"])[0]
        }
        if own and found:
            both += 1
            same += bool(own & found)
    assert both > 350
    assert same / both > 0.82
