"""Job-board postings: each board's own fields, read into one posting and its observations."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from payguide.base.records import Document, Reading
from payguide.decode.boards.ashby import read_ashby
from payguide.decode.boards.common import refuse, text_of
from payguide.decode.boards.greenhouse import read_greenhouse
from payguide.decode.boards.jobposting import read_job_posting
from payguide.decode.boards.lever import read_lever

_READERS: Final[Mapping[str, Callable[[Document, str, Mapping[str, Any]], Reading]]] = {
    "application/vnd.ashby.posting+json": read_ashby,
    "application/vnd.greenhouse.posting+json": read_greenhouse,
    "application/vnd.lever.posting+json": read_lever,
}
#: The media types read here.
MEDIA_TYPES: Final = (*_READERS, "application/ld+json")


def read_board_posting(document: Document, kind: str) -> Reading:
    """One posting as the kind of board that its media type names gave it; what is not one is a Rejection."""
    try:
        value = json.loads(document.content)
    except (ValueError, RecursionError) as error:
        found = f"not JSON ({error})"
        return Reading(rejections=(refuse(document, "not_json", found, ""),))
    reader = _READERS.get(kind)
    if reader is None and isinstance(value, Mapping):
        return read_job_posting(document, value)
    job = value.get("job") if isinstance(value, Mapping) else None
    if reader is None or not isinstance(job, Mapping):
        found = "no posting object where one was expected"
        return Reading(rejections=(refuse(document, "unknown_posting_shape", found, ""),))
    return reader(document, text_of(value.get("board")), job)
