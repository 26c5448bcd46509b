"""Greenhouse: `pay_input_ranges[]` in cents, one a zone; the content is HTML escaped twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from payguide.base.inputs import Document, PayBand, Reading
from payguide.decode.boards.common import (
    RawPosting,
    basis_of,
    day,
    field,
    objects,
    record_of,
    text_of,
    to_reading,
)
from payguide.decode.sanity_limits import InvalidAmount, band, number

_CENTS: Final = 100
#: Words of a range's title or blurb that say its period; Greenhouse has no field for it.
_PERIODS: Final = (
    (re.compile(r"\bhour(?:ly)?\b|/\s?hr\b|\bper hr\b", re.IGNORECASE), "hour"),
    (re.compile(r"\bmonthly\b|\bper month\b", re.IGNORECASE), "month"),
    (re.compile(r"\bannual(?:ly|ized|ised)?\b|\byearly\b|\bper (?:year|annum)\b", re.IGNORECASE), "year"),
)


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One posting of a Greenhouse board."""
    raw = RawPosting(
        record=record_of(job.get("id")) or document.sha256[:16],
        title=text_of(job.get("title")),
        employer=text_of(job.get("company_name")) or board,
        location=text_of(field(job, "location", "name")),
        html=text_of(job.get("content")) or None,
        published=day(job.get("first_published")) or day(job.get("updated_at")),
        url=text_of(job.get("absolute_url")),
    )
    return to_reading(document, raw, _bands(job))


def _bands(job: Mapping[str, Any]) -> Iterator[PayBand | InvalidAmount]:
    for entry in objects(job.get("pay_input_ranges")):
        low, high = number(entry.get("min_cents")), number(entry.get("max_cents"))
        if not low and not high:
            continue  # the form was left empty: the employer states nothing
        title = text_of(entry.get("title"))
        yield band(
            None if low is None else low / _CENTS,
            None if high is None else high / _CENTS,
            text_of(entry.get("currency_type")),
            _period(title) or _period(text_of(entry.get("blurb"))),
            basis=basis_of(title),
            scope=title,
        )


def _period(words: str) -> str:
    """The first period the words name; empty where they name none, or several."""
    named = {period for pattern, period in _PERIODS if pattern.search(words)}
    return named.pop() if len(named) == 1 else ""
