"""Recruitee: `salary {min, max, period, currency}`, whose amounts are text; the text lies in two fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from payguide.base.codes import Remote
from payguide.base.inputs import Document, PayBand, Reading
from payguide.decode.boards.common import (
    RawPosting,
    day,
    objects,
    place_of,
    record_of,
    refuse,
    text_of,
    to_reading,
)
from payguide.decode.boards.stated_pay import bands_of
from payguide.decode.sanity_limits import InvalidAmount


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One offer of a Recruitee site; a draft is none."""
    record = record_of(job.get("id")) or document.sha256[:16]
    status = text_of(job.get("status"))
    if status and status != "published":
        return Reading(rejections=(refuse(document, "not_published", f"an offer that is {status}", record),))
    spots = objects(job.get("locations")) or [job]
    places = (place_of(spot, "city", "state", "country") or text_of(spot.get("name")) for spot in spots)
    raw = RawPosting(
        record=record,
        title=text_of(job.get("title")),
        employer=text_of(job.get("company_name")) or board,
        location="; ".join(dict.fromkeys(filter(None, places))),
        country=text_of(job.get("country_code")).upper(),
        html="".join(map(text_of, (job.get("description"), job.get("requirements")))) or None,
        remote=_remote(job),
        published=day(job.get("published_at")) or day(job.get("created_at")),
        url=text_of(job.get("careers_url")),
    )
    return to_reading(document, raw, _bands(job))


def _remote(job: Mapping[str, Any]) -> Remote | None:
    """The one arrangement that is switched on; where several are, one may choose: that is hybrid."""
    on = [name for name in ("remote", "hybrid", "on_site") if job.get(name) is True]
    if len(on) > 1 or on == ["hybrid"]:
        return Remote.HYBRID
    return {"remote": Remote.REMOTE, "on_site": Remote.ONSITE}.get(on[0]) if on else None


def _bands(job: Mapping[str, Any]) -> Iterator[PayBand | InvalidAmount]:
    for stated in objects(job.get("salary")):
        currency, period = text_of(stated.get("currency")), text_of(stated.get("period"))
        yield from bands_of(stated.get("min"), stated.get("max"), currency, period)
