"""Ashby: `compensation.compensationTiers[].components[]` of type Salary is the employer's own band."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from payguide.base.codes import Basis, Remote
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
from payguide.decode.place import read_places
from payguide.decode.sanity_limits import InvalidAmount, band, number

_AMOUNT: Final = re.compile(r"\d")
#: "50/50": how pay is parted, no amount.
_RATIO: Final = re.compile(r"(?<!\d)\d++\s*+/\s*+\d+")


def read(document: Document, board: str, job: Mapping[str, Any]) -> Reading:
    """One posting of an Ashby board. `isRemote` counts only where the text is silent: it is often true beside
    a text that asks for days in the office.
    """
    switch = job.get("isRemote")
    workplace = text_of(job.get("workplaceType")).lower().replace("-", "")
    raw = RawPosting(
        record=record_of(job.get("id")) or document.sha256[:16],
        title=text_of(job.get("title")),
        employer=board,
        location=_location(job),
        country=_country(job.get("address")),
        text=text_of(job.get("descriptionPlain")) or None,
        html=None if text_of(job.get("descriptionPlain")) else text_of(job.get("descriptionHtml")) or None,
        remote=WORKPLACES.get(workplace),
        flag=(Remote.REMOTE if switch else Remote.ONSITE) if isinstance(switch, bool) else None,
        published=day(job.get("publishedAt")),
        url=text_of(job.get("jobUrl")),
    )
    return to_reading(document, raw, _bands(job))


def _bands(job: Mapping[str, Any]) -> Iterator[PayBand | InvalidAmount]:
    """Salary components with a figure; equity, bonus and commission stand beside base pay, not in it."""
    for tier in objects(field(job, "compensation", "compensationTiers")):
        for part in objects(tier.get("components")):
            low, high = number(part.get("minValue")), number(part.get("maxValue"))
            if part.get("compensationType") != "Salary" or (low is None and high is None):
                continue
            yield band(
                low,
                high,
                text_of(part.get("currencyCode")),
                text_of(part.get("interval")),
                basis=_basis(text_of(part.get("summary")), text_of(tier.get("additionalInformation"))),
                scope=text_of(tier.get("title")),
            )


def _basis(label: str, note: str) -> Basis:
    """What the band's label says; a note decides only when it speaks of this band ("OTE with a 50/50 split"),
    not of another figure ("$82,400 OTE") and not of base pay.
    """
    said = basis_of(label)
    if said is Basis.BASE and not re.search(r"\bbase (?:salary|pay)", f"{label} {note}", re.IGNORECASE):
        about_this = not _AMOUNT.search(_RATIO.sub("", note))
        noted = basis_of(note)
        return noted if about_this and noted is Basis.OTE else said
    return said


def _location(job: Mapping[str, Any]) -> str:
    """The places of a posting, "; " between them. A label that names no place ("Headquarters") gives way to
    its postal address.
    """
    spots = [(job.get("location"), job.get("address"))]
    spots += [(spot.get("location"), spot.get("address")) for spot in objects(job.get("secondaryLocations"))]
    named = [_spot(text_of(label), address) for label, address in spots]
    return "; ".join(dict.fromkeys(filter(None, named)))


def _spot(label: str, address: object) -> str:
    postal = field(address, "postalAddress") or address
    parts = (field(postal, f"address{part}") for part in ("Locality", "Region", "Country"))
    written = ", ".join(dict.fromkeys(filter(None, map(text_of, parts))))
    known = any(place.city or place.region or place.country for place in read_places(label))
    return label if known or not written else f"{label}; {written}" if "remote" in label.lower() else written


def _country(address: object) -> str:
    """The ISO code of the address's country; empty where it names none, or several ("European Union")."""
    name = text_of(field(field(address, "postalAddress") or address, "addressCountry"))
    countries = {place.country for place in read_places(name)} if name else set()
    return countries.pop() if len(countries) == 1 else ""
