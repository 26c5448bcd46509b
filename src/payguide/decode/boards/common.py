"""What the readers of all boards share: their fields made safe, their bands tried, the posting landed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from payguide.base.codes import Basis, Remote
from payguide.base.credentials import id_without_credentials
from payguide.base.inputs import Document, PayBand, Posting, Reading, Rejection
from payguide.decode.posting import observations_of, read_posting
from payguide.decode.sanity_limits import InvalidAmount

#: Words of a label that make a structured "salary" on-target earnings, total pay or base pay.
_OTE: Final = re.compile(
    r"\bote\b|on[- ]target|(?:plus|\+|and|(?<!not )including) (?:uncapped )?commission", re.IGNORECASE
)
_TOTAL: Final = re.compile(
    r"\btotal (?:annual |yearly |target )?(?:comp|cash|pay|earnings|rewards)", re.IGNORECASE
)
#: A label that comes to total pay later than this only mentions it ("... are one part of a total package").
_HEAD: Final = 60
_BASE: Final = re.compile(r"\bbase\b", re.IGNORECASE)


#: How boards name the arrangements of work, in small letters and without what parts words.
WORKPLACES: Final = {
    "remote": Remote.REMOTE,
    "fullyremote": Remote.REMOTE,
    "hybrid": Remote.HYBRID,
    "onsite": Remote.ONSITE,
}


@dataclass(frozen=True, slots=True)
class RawPosting:
    """One posting's fields as its board gives them. `country` is an ISO code; `flag` says what the board's
    remote switch says where the text is silent, `remote` what its workplace field says outright.
    """

    record: str
    title: str
    employer: str
    location: str = ""
    country: str = ""
    text: str | None = None
    html: str | None = None
    remote: Remote | None = None
    flag: Remote | None = None
    published: date | None = None
    url: str = ""


def to_reading(document: Document, raw: RawPosting, bands: Iterable[PayBand | InvalidAmount]) -> Reading:
    """The posting, the observations of its text and its field, and a Rejection for each band that is none.

    Pay counts from the day the answer was recorded (`retrieved_at`): a posting that stands open offers its
    pay on that day, whenever it was first published.
    """
    if not raw.title:
        return Reading(rejections=(refuse(document, "no_title", "a posting without a title", raw.record),))
    tried = tuple(bands)
    posting = read_posting(
        id=raw.record,
        title=raw.title,
        text=raw.text,
        html=raw.html,
        location=raw.location,
        employer=raw.employer,
        structured_pay=tuple(dict.fromkeys(band for band in tried if isinstance(band, PayBand))),
        remote=raw.remote,
        country=raw.country,
        date=raw.published,
        url=raw.url,
        source=document.card.name,
        sha256=document.sha256,
    )
    posting = _with_flag(posting, raw.flag)
    refused = (refuse(document, b.rule, b.found, raw.record) for b in tried if isinstance(b, InvalidAmount))
    observations = observations_of(posting, document.card, document.card.retrieved_at)
    return Reading(observations, (posting,), tuple(refused))


def _with_flag(posting: Posting, flag: Remote | None) -> Posting:
    """The board's remote switch counts where neither text nor place says anything: employers leave it on
    beside texts that ask for days in the office.
    """
    if flag is None or posting.profile.remote is not Remote.UNSTATED:
        return posting
    return replace(posting, profile=replace(posting.profile, remote=flag))


def refuse(document: Document, rule: str, found: str, place: str) -> Rejection:
    """The refusal of a part of a document."""
    where = f"{document.name}: {place}" if place else document.name
    return Rejection(rule, found, where, document.card.name, document.sha256)


def basis_of(label: str) -> Basis:
    """What a band's own label says it is: "OTE $100K" on-target earnings, "Total Compensation" total pay."""
    head = label[:_HEAD]
    total, base = _TOTAL.search(head), _BASE.search(head)
    if total and (base is None or total.start() < base.start()):
        return Basis.TOTAL
    return Basis.OTE if _OTE.search(label) else Basis.BASE


def text_of(value: object) -> str:
    """The text of a field, trimmed; empty where it is no text."""
    return value.strip() if isinstance(value, str) else ""


def place_of(spot: object, *parts: str) -> str:
    """The parts of a place that are given, each once, with commas between them."""
    return ", ".join(dict.fromkeys(filter(None, (text_of(field(spot, part)) for part in parts))))


def record_of(value: object) -> str:
    """The id of a posting, which boards give as text or number."""
    known = isinstance(value, str | int) and not isinstance(value, bool)
    return id_without_credentials(str(value).strip()) if known else ""


def objects(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list field; a lone object is a list of one, anything else none."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, Mapping)]


def field(value: object, *path: str) -> Any:
    """The value down a path of keys; None where the path ends early."""
    for key in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def day(stamp: object) -> date | None:
    """The day of an ISO time stamp, or of milliseconds since 1970; None where it is neither."""
    try:
        if isinstance(stamp, str):
            return date.fromisoformat(stamp.strip()[:10])
        if isinstance(stamp, int) and not isinstance(stamp, bool):
            return datetime.fromtimestamp(stamp / 1000, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None
    return None
