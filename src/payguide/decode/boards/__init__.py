"""Job-board postings: each board's own fields, read into one posting and its observations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from payguide.base.inputs import Document, Reading
from payguide.decode.boards.common import refuse, text_of
from payguide.decode.boards.jobposting import read_job_posting

Reader = Callable[[Document, str, Mapping[str, Any]], Reading]

#: The media type of a posting of a board names the board, and with it the module here whose `read` takes it.
_POSTING: Final = re.compile(r"application/vnd\.([a-z]\w*+)\.posting\+json")
_PAGE: Final = "application/ld+json"


@cache
def reader_of(media_type: str) -> Reader | None:
    """What reads the postings of a board; None where the media type is not of a board with a module here."""
    found = _POSTING.fullmatch(media_type)
    if found is None or find_spec(f"{__name__}.{found[1]}") is None:
        return None
    read: Reader = import_module(f"{__name__}.{found[1]}").read
    return read


def takes(media_type: str) -> bool:
    """Whether a posting of this media type is read here."""
    return media_type == _PAGE or reader_of(media_type) is not None


def read_board_posting(document: Document, kind: str) -> Reading:
    """One posting as the kind of board that its media type names gave it; what is not one is a Rejection."""
    try:
        value = json.loads(document.content)
    except (ValueError, RecursionError) as error:
        found = f"not JSON ({error})"
        return Reading(rejections=(refuse(document, "not_json", found, ""),))
    reader = reader_of(kind)
    if reader is None and isinstance(value, Mapping):
        return read_job_posting(document, value)
    job = value.get("job") if isinstance(value, Mapping) else None
    if reader is None or not isinstance(job, Mapping):
        found = "no posting object where one was expected"
        return Reading(rejections=(refuse(document, "unknown_posting_shape", found, ""),))
    return reader(document, text_of(value.get("board")), job)
