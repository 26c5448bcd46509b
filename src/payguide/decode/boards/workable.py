"""Workable: fields of its own for the place, the text as HTML; pay stands in the text alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from payguide.base.codes import Remote
from payguide.base.inputs import Document, Reading
from payguide.decode.boards.common import (
    WORKPLACES,
    RawPosting,
    day,
    objects,
    place_of,
    record_of,
    text_of,
    to_reading,
)


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One posting of a Workable careers page. `telecommuting` counts where the text is silent."""
    spots = objects(job.get("locations")) or [job]
    raw = RawPosting(
        record=record_of(job.get("shortcode")) or document.sha256[:16],
        title=text_of(job.get("title")),
        employer=board,
        location="; ".join(
            filter(None, (place_of(spot, "city", "state", "region", "country") for spot in spots))
        ),
        html=text_of(job.get("description")) or None,
        remote=WORKPLACES.get(text_of(job.get("workplace_type")).lower().replace("_", "").replace("-", "")),
        flag=Remote.REMOTE if job.get("telecommuting") is True else None,
        published=day(job.get("published_on")) or day(job.get("created_at")),
        url=text_of(job.get("application_url")) or text_of(job.get("shortlink")) or text_of(job.get("url")),
    )
    return to_reading(document, raw, ())
