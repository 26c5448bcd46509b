"""SmartRecruiters: the text lies in sections (`jobAd.sections`), pay in them and, where given, in `compensation`.
An entry of a list has no text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from payguide.base.codes import Remote
from payguide.base.inputs import Document, PayBand, Reading
from payguide.decode.boards.common import RawPosting, day, field, objects, record_of, text_of, to_reading
from payguide.decode.boards.stated_pay import bands_of
from payguide.decode.sanity_limits import InvalidAmount

#: The sections in the order in which a posting shows them.
_SECTIONS: Final = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One posting of a SmartRecruiters company. An entry of a list has an id of its own: it never stands for the whole
    posting.
    """
    spot, html = job.get("location"), _html(job)
    hybrid, remote = field(spot, "hybrid") is True, field(spot, "remote") is True
    raw = RawPosting(
        record=record_of(job.get("id" if html else "ref")) or document.sha256[:16],
        title=text_of(job.get("name")),
        employer=text_of(field(job, "company", "name"))
        or text_of(field(job, "company", "identifier"))
        or board,
        location=_location(spot),
        country=text_of(field(spot, "country")).upper(),
        html=html or None,
        remote=Remote.HYBRID if hybrid else Remote.REMOTE if remote else None,
        published=day(job.get("releasedDate")),
        url=text_of(job.get("postingUrl")) or text_of(job.get("applyUrl")),
    )
    return to_reading(document, raw, _bands(job))


def _html(job: Mapping[str, Any]) -> str:
    sections = [field(job, "jobAd", "sections", name) for name in _SECTIONS]
    told = [(text_of(field(one, "title")), text_of(field(one, "text"))) for one in sections]
    return "".join(f"<h3>{title}</h3><div>{text}</div>" for title, text in told if text)


def _location(spot: object) -> str:
    # the country is told apart: beside a city its code reads like a state's ("Berlin, de")
    parts = (text_of(field(spot, part)) for part in ("city", "region"))
    return text_of(field(spot, "fullLocation")) or ", ".join(filter(None, parts))


def _bands(job: Mapping[str, Any]) -> Iterator[PayBand | InvalidAmount]:
    for stated in objects(job.get("compensation")):
        currency, period = text_of(stated.get("currency")), text_of(stated.get("period"))
        yield from bands_of(stated.get("min"), stated.get("max"), currency, period)
