"""Oracle Recruiting: the text lies in three fields, pay stands in it alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from payguide.base.inputs import Document, Reading
from payguide.decode.boards.common import (
    WORKPLACES,
    RawPosting,
    day,
    objects,
    record_of,
    text_of,
    to_reading,
)

_TEXTS: Final = ("ExternalDescriptionStr", "ExternalResponsibilitiesStr", "ExternalQualificationsStr",
                 "CorporateDescriptionStr", "OrganizationDescriptionStr")  # fmt: skip


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One requisition of an Oracle site."""
    places = [text_of(job.get("PrimaryLocation"))]
    places += [text_of(spot.get("Name")) for spot in objects(job.get("secondaryLocations"))]
    workplace = text_of(job.get("WorkplaceTypeCode")) or text_of(job.get("WorkplaceType"))
    raw = RawPosting(
        record=record_of(job.get("Id")) or document.sha256[:16],
        title=text_of(job.get("Title")),
        employer=board,
        location="; ".join(dict.fromkeys(filter(None, places))),
        country=text_of(job.get("PrimaryLocationCountry")),
        html="".join(f"<div>{text_of(job.get(name))}</div>" for name in _TEXTS if job.get(name)) or None,
        remote=WORKPLACES.get(workplace.lower().removeprefix("ora_").replace("_", "").replace("-", "")),
        published=day(job.get("ExternalPostedStartDate")) or day(job.get("PostedDate")),
        url=text_of(job.get("url")),
    )
    return to_reading(document, raw, ())
