"""Rippling: `payRangeDetails[]`, a range for each place, with currency and `frequency`; the text lies in sections."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from payguide.base.codes import Remote
from payguide.base.inputs import Document, PayBand, Reading
from payguide.decode.boards.common import (
    WORKPLACES,
    RawPosting,
    day,
    field,
    objects,
    record_of,
    text_of,
    to_reading,
)
from payguide.decode.boards.stated_pay import bands_of
from payguide.decode.sanity_limits import InvalidAmount


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One posting of a Rippling board. Its places say how one works there; where they differ one may choose."""
    spots = objects(job.get("locations"))
    named = job.get("workLocations")
    places = [text_of(place) for place in named] if isinstance(named, list) else []
    places = places or [text_of(spot.get("name")) for spot in spots]
    kinds = {text_of(spot.get("workplaceType")).lower().replace("_", "") for spot in spots} - {""}
    codes = {text_of(spot.get("countryCode")).upper() for spot in spots}
    raw = RawPosting(
        record=record_of(job.get("uuid")) or record_of(job.get("id")) or document.sha256[:16],
        title=text_of(job.get("name")),
        employer=text_of(job.get("companyName")) or board,
        location="; ".join(dict.fromkeys(filter(None, places))),
        country=codes.pop() if len(codes) == 1 else "",
        html=_html(job.get("description")) or None,
        remote=WORKPLACES.get(kinds.pop()) if len(kinds) == 1 else Remote.HYBRID if kinds else None,
        published=day(job.get("createdOn")),
        url=text_of(job.get("url")),
    )
    return to_reading(document, raw, _bands(job))


def _html(sections: object) -> str:
    if not isinstance(sections, Mapping):
        return text_of(sections)
    return "".join(f"<div>{text_of(field(sections, name))}</div>" for name in sections)


def _bands(job: Mapping[str, Any]) -> Iterator[PayBand | InvalidAmount]:
    for stated in objects(job.get("payRangeDetails")):
        currency, period = text_of(stated.get("currency")), text_of(stated.get("frequency"))
        for one in bands_of(stated.get("rangeStart"), stated.get("rangeEnd"), currency, period):
            yield replace(one, scope=text_of(stated.get("location"))) if isinstance(one, PayBand) else one
