"""schema.org JobPosting: `baseSalary`, a MonetaryAmount around a QuantitativeValue with its unitText.

Reference: https://schema.org/JobPosting and the structured-data guide for job postings built on it. The
`estimatedSalary` property is a search engine's or recruiter's estimate, no offer, and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from payguide.base.codes import Remote
from payguide.base.inputs import Document, PayBand, Reading
from payguide.decode.boards.common import RawPosting, day, field, objects, record_of, text_of, to_reading
from payguide.decode.boards.stated_pay import bands_of
from payguide.decode.place import read_places
from payguide.decode.sanity_limits import InvalidAmount

_VOCABULARY: Final = re.compile(r"schema:|https?://(?:www\.)?schema\.org/")


def read_job_posting(document: Document, job: Mapping[str, Any]) -> Reading:
    """One JobPosting object; its fields may have the vocabulary's prefix or address before their names."""
    if any(map(_VOCABULARY.match, job)):
        job = _bare(job)
    location = _location(job)
    places = read_places(location)
    raw = RawPosting(
        record=_record(job) or document.sha256[:16],
        title=text_of(job.get("title")) or text_of(job.get("name")),
        employer=_employer(job.get("hiringOrganization")),
        location=location,
        html=text_of(job.get("description")) or None,
        remote=Remote.REMOTE if "TELECOMMUTE" in _texts(job.get("jobLocationType")) else None,
        published=day(job.get("datePosted")),
        url=text_of(job.get("url")),
    )
    return to_reading(document, raw, _bands(job, places[0].country if places else ""))


def _bare(value: Any, deep: int = 8) -> Any:
    """The value with plain names of fields, as deep as this reader looks."""
    if isinstance(value, Mapping) and deep:
        return {_VOCABULARY.sub("", name): _bare(inner, deep - 1) for name, inner in value.items()}
    return [_bare(inner, deep - 1) for inner in value] if isinstance(value, list) and deep else value


def _bands(job: Mapping[str, Any], country: str) -> Iterator[PayBand | InvalidAmount]:
    stated = job.get("baseSalary")
    outer = text_of(job.get("salaryCurrency"))
    for amount in stated if isinstance(stated, list) else [stated]:
        if not isinstance(amount, Mapping):
            yield from bands_of(None, None, outer, "", both=amount, country=country)
            continue
        currency, around = text_of(amount.get("currency")) or outer, text_of(amount.get("unitText"))
        for value in objects(amount.get("value")) or [{**amount, "value": amount.get("value")}]:
            unit = text_of(value.get("unitText")) or text_of(value.get("unitCode")) or around
            yield from bands_of(
                value.get("minValue"),
                value.get("maxValue"),
                currency,
                unit,
                both=value.get("value"),
                country=country,
            )


def _record(job: Mapping[str, Any]) -> str:
    identifier = job.get("identifier")
    inner = field(identifier, "value")
    named = (identifier, inner, text_of(job.get("url")), text_of(job.get("@id")))
    return next(filter(None, map(record_of, named)), "")


def _employer(organisation: object) -> str:
    return text_of(organisation) or text_of(field(organisation, "name"))


def _location(job: Mapping[str, Any]) -> str:
    spots = [_spot(place) for place in objects(job.get("jobLocation"))]
    spots += [text_of(place.get("name")) for place in objects(job.get("applicantLocationRequirements"))]
    return "; ".join(dict.fromkeys(filter(None, spots)))


def _spot(place: Mapping[str, Any]) -> str:
    address = place.get("address")
    parts = [field(address, f"address{part}") for part in ("Locality", "Region", "Country")]
    written = (text_of(part) or text_of(field(part, "name")) for part in parts)
    return text_of(address) or ", ".join(dict.fromkeys(filter(None, written)))


def _texts(value: object) -> set[str]:
    return {text_of(item).upper() for item in (value if isinstance(value, list) else [value])}
