"""Workday: a posting's own answer (`jobPostingInfo`) holds its HTML; pay stands in the text alone. An entry of a list
(`jobPostings`) has a title and a place, no text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from payguide.base.codes import Remote
from payguide.base.inputs import Document, Reading
from payguide.decode.boards.common import RawPosting, day, field, objects, record_of, text_of, to_reading

#: Words of `remoteType`, which each employer writes; the first that is there counts.
_REMOTE: Final = (
    (re.compile("hybrid|flex|partial", re.IGNORECASE), Remote.HYBRID),
    (re.compile("remote|virtual|home", re.IGNORECASE), Remote.REMOTE),
    (re.compile("site|office|person", re.IGNORECASE), Remote.ONSITE),
)
#: "2100 NVIDIA USA": the number of a legal entity.
_ENTITY: Final = re.compile(r"(?:[A-Z]{1,4}\d{1,8}|\d{3,8})(?:\s|[:.-]\s)[-:\s]{0,2}(?=\w)")


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One posting of a Workday site. An entry of a list has an id of its own: it never stands for the whole posting."""
    info = next(iter(objects(job.get("jobPostingInfo"))), job)
    given = text_of(info.get("remoteType"))
    raw = RawPosting(
        record=record_of(info.get("jobReqId"))
        or record_of(info.get("jobPostingId"))
        or record_of(info.get("externalPath"))
        or document.sha256[:16],
        title=text_of(info.get("title")),
        employer=_ENTITY.sub("", text_of(field(job, "hiringOrganization", "name")), count=1) or board,
        location=_location(info),
        country=text_of(field(info, "country", "descriptor"))
        or text_of(field(info, "jobRequisitionLocation", "country", "descriptor")),
        html=text_of(info.get("jobDescription")) or None,
        remote=next((remote for words, remote in _REMOTE if words.search(given)), None),
        published=day(info.get("startDate")),
        url=text_of(info.get("externalUrl")),
    )
    return to_reading(document, raw, ())


def _location(info: Mapping[str, Any]) -> str:
    others = info.get("additionalLocations")
    named = [info.get("location"), *(others if isinstance(others, list) else []), info.get("locationsText")]
    return "; ".join(dict.fromkeys(filter(None, map(text_of, named))))
