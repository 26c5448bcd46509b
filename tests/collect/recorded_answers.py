"""Small recorded answers in each board's true shape, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Writes text, bytes or a JSON value to a file under the test's folder; gzip by the name.
Write = Callable[[str, Any], Path]


def ashby_job(**changes: object) -> dict[str, object]:
    """One posting as Ashby's posting API gives it."""
    job: dict[str, object] = {
        "id": "6f1c",
        "title": "Machine Learning Engineer",
        "employmentType": "FullTime",
        "location": "San Francisco, CA",
        "secondaryLocations": [],
        "publishedAt": "2026-03-02T10:00:00.000+00:00",
        "isListed": True,
        "isRemote": None,
        "address": None,
        "jobUrl": "https://jobs.ashbyhq.com/acme/6f1c",
        "descriptionHtml": "<p>Train models.</p>",
        "descriptionPlain": "Train models.",
        "compensation": {"compensationTiers": []},
    }
    return {**job, **changes}
