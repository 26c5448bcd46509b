"""Pinpoint: `compensation_minimum` and its neighbours, which count only where the employer shows them; the text lies in
sections.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from payguide.base.inputs import Document, PayBand, Reading
from payguide.decode.boards.common import (
    WORKPLACES,
    RawPosting,
    day,
    field,
    place_of,
    record_of,
    text_of,
    to_reading,
)
from payguide.decode.boards.stated_pay import bands_of
from payguide.decode.sanity_limits import InvalidAmount

#: The sections in the order in which a posting shows them; each may have a heading.
_SECTIONS: Final = ("description", "key_responsibilities", "skills_knowledge_expertise", "benefits")


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One posting of a Pinpoint site."""
    spot = job.get("location")
    raw = RawPosting(
        record=record_of(job.get("id")) or document.sha256[:16],
        title=text_of(job.get("title")),
        employer=board,
        location=place_of(spot, "city", "province") or text_of(field(spot, "name")) or text_of(spot),
        html=_html(job) or None,
        remote=WORKPLACES.get(text_of(job.get("workplace_type")).lower().replace("_", "")),
        published=day(job.get("published_at")),
        url=text_of(job.get("url")),
    )
    return to_reading(document, raw, _bands(job))


def _html(job: Mapping[str, Any]) -> str:
    parts = ((text_of(job.get(f"{name}_header")), text_of(job.get(name))) for name in _SECTIONS)
    written = "".join(f"<h3>{title}</h3><div>{text}</div>" for title, text in parts if text)
    # what an employer writes of pay where it gives no numbers
    said = text_of(job.get("compensation")) if job.get("compensation_visible") is not False else ""
    return written + (f"<p>Compensation: {said}</p>" if said and not job.get("compensation_minimum") else "")


def _bands(job: Mapping[str, Any]) -> Iterator[PayBand | InvalidAmount]:
    if job.get("compensation_visible") is False:
        return
    currency, period = text_of(job.get("compensation_currency")), text_of(job.get("compensation_frequency"))
    yield from bands_of(job.get("compensation_minimum"), job.get("compensation_maximum"), currency, period)
