"""Lever: `salaryRange {currency, interval, min, max}`; the text lies in five fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from payguide.base.inputs import Document, PayBand, Reading
from payguide.decode.boards.common import (
    WORKPLACES,
    RawPosting,
    basis_of,
    day,
    field,
    objects,
    record_of,
    text_of,
    to_reading,
)
from payguide.decode.boards.stated_pay import bands_of
from payguide.decode.html import plain_text
from payguide.decode.sanity_limits import InvalidAmount


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One posting of a Lever board."""
    raw = RawPosting(
        record=record_of(job.get("id")) or document.sha256[:16],
        title=text_of(job.get("text")),
        employer=board,
        location=_location(job.get("categories")),
        country=text_of(job.get("country")).upper(),
        text=_text(job) or None,
        remote=WORKPLACES.get(text_of(job.get("workplaceType")).lower().replace("-", "")),
        published=day(job.get("createdAt")),
        url=text_of(job.get("hostedUrl")),
    )
    return to_reading(document, raw, _bands(job))


def _location(categories: object) -> str:
    every = field(categories, "allLocations")
    named = [text_of(place) for place in every] if isinstance(every, list) else []
    return "; ".join(dict.fromkeys(filter(None, [text_of(field(categories, "location")), *named])))


def _text(job: Mapping[str, Any]) -> str:
    """The whole posting in reading order: opening and body, the lists, the closing, the words on pay."""
    lists = (
        f"{text_of(part.get('text'))}\n{plain_text(text_of(part.get('content')))}"
        for part in objects(job.get("lists"))
    )
    parts = [_plain(job, "description"), *lists, _plain(job, "additional"), _plain(job, "salaryDescription")]
    return "\n\n".join(filter(None, parts))


def _plain(job: Mapping[str, Any], name: str) -> str:
    plain = text_of(job.get(f"{name}Plain"))
    html = text_of(job.get(name))
    return plain or (plain_text(html) if html else "")


def _bands(job: Mapping[str, Any]) -> Iterator[PayBand | InvalidAmount]:
    for stated in objects(job.get("salaryRange")):
        yield from bands_of(
            stated.get("min"),
            stated.get("max"),
            text_of(stated.get("currency")),
            text_of(stated.get("interval")),
            basis=basis_of(_first_line(_plain(job, "salaryDescription"))),
        )


def _first_line(text: str) -> str:
    return text.split("\n", 1)[0]
