"""The command line's JSON shapes (a contract: scripts depend on them)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from payguide.base.inputs import PayBand, Place, Posting
from payguide.decode.posting import read_posting


class PostingIn(msgspec.Struct):
    """A line of `payguide decode`'s input."""

    id: str | int
    title: str
    text: str | None = None
    html: str | None = None
    location: str | None = None
    employer: str | None = None


_DECODER = msgspec.json.Decoder(PostingIn)
_ENCODER = msgspec.json.Encoder()


def posting_line(line: bytes) -> tuple[bytes, str]:
    """One posting decoded: (JSON line, "") or (b"", what is wrong with it); (b"", "") for a blank line."""
    if not line.strip():
        return b"", ""
    try:
        given = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return b"", str(error)
    posting = read_posting(
        id=str(given.id),
        title=given.title,
        text=given.text,
        html=given.html,
        location=given.location or "",
        employer=given.employer or "",
    )
    return _ENCODER.encode(posting_data(posting, given.id)), ""


def posting_data(posting: Posting, identity: str | int) -> Mapping[str, object]:
    """A posting in the output's shape."""
    profile = posting.profile
    return {
        "id": identity,
        "role": profile.role,
        "level": profile.level,
        "level_read_from": profile.level_read_from,
        "years": {"min": profile.years_min, "max": profile.years_max},
        "degree": {"required": profile.degree.required, "preferred": profile.degree.preferred},
        "remote": profile.remote,
        "place": _place(profile.place),
        "skills": list(profile.skills),
        "pay": [_band(band) for band in posting.pay],
        "warnings": list(posting.warnings),
    }


def _place(place: Place) -> Mapping[str, str | None]:
    return {
        "city": place.city or None,
        "region": place.region or None,
        "country": place.country or None,
        "metro": place.metro or None,
    }


def _band(band: PayBand) -> Mapping[str, object]:
    return {
        "min": band.low,
        "max": band.high,
        "currency": band.currency,
        "period": band.period,
        "basis": band.basis,
        "scope": band.scope or None,
        "span": list(band.span) if band.span else None,
    }
