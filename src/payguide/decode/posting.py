"""A posting's fields and text in, what a careful reader writes down of it out."""

from __future__ import annotations

import datetime
from dataclasses import replace
from functools import lru_cache

from payguide.base.codes import Basis, Component, Remote
from payguide.base.credentials import without_credentials
from payguide.base.inputs import Observation, PayBand, Place, Posting, Profile, SourceCard
from payguide.decode.html import plain_text
from payguide.decode.pay import read_pay
from payguide.decode.place import read_places
from payguide.decode.profile import read_profile


def read_posting(
    *,
    id: str,  # noqa: A002 - the posting's id in its source; keyword only
    title: str,
    text: str | None = None,
    html: str | None = None,
    location: str = "",
    employer: str = "",
    structured_pay: tuple[PayBand, ...] = (),
    remote: Remote | None = None,
    country: str = "",
    grade: str = "",
    date: datetime.date | None = None,
    url: str = "",
    source: str = "",
    sha256: str = "",
) -> Posting:
    """Pay, profile and places of one posting.

    `text` is plain; where it is missing, `html` is made plain first, and the spans of `pay` index that plain
    text. `country` (ISO code or name) is where the employer says the job is; amounts are as stated.
    """
    words = text if text is not None else plain_text(html) if html else ""
    places = read_places(location, country=country)
    profile = read_profile(
        title=title,
        text=words,
        location=location,
        employer=employer,
        remote=remote,
        grade=grade,
        country=country,
    )
    # a "$" is the dollar of the job's country; "US" where any of its places is there
    countries = [place.country for place in places if place.country]
    where = "US" if "US" in countries else countries[0] if countries else country
    pay, warnings = read_pay(words, country=where, title=title) if words else ((), ())
    return Posting(
        id=id,
        profile=profile,
        pay=pay,
        structured_pay=structured_pay,
        warnings=warnings,
        places=places,
        url=without_credentials(url),
        date=date,
        source=source,
        sha256=sha256,
        has_text=bool(words.strip()),
    )


def observations_of(posting: Posting, card: SourceCard, date: datetime.date) -> tuple[Observation, ...]:
    """One observation for each band of the text and for each of the board's own field, both kept.

    `date` is the day the pay counts for: a posting that stands open offers its pay on the day it was seen,
    whenever it was first published. On-target earnings and total pay are the component `total` with their
    basis kept; base pay is `base`. A scope that names a place moves the observation there.
    """
    bands = [(band, "text") for band in posting.pay]
    bands += [(band, f"field:pay[{number}]") for number, band in enumerate(posting.structured_pay)]
    return tuple(_observation(posting, card, date, band, locator) for band, locator in bands)


def _observation(
    posting: Posting, card: SourceCard, date: datetime.date, band: PayBand, locator: str
) -> Observation:
    return Observation(
        source=card.name,
        kind=card.kind,
        record=posting.id,
        profile=_placed(posting.profile, band.scope),
        component=Component.BASE if band.basis is Basis.BASE else Component.TOTAL,
        low=band.low,
        high=band.high,
        currency=band.currency,
        period=band.period,
        date=date,
        basis=band.basis,
        scope=band.scope,
        confidentiality=card.confidentiality,
        sha256=posting.sha256,
        span=band.span,
        quote=band.quote,
        locator=locator,
        url=posting.url,
    )


def _placed(profile: Profile, scope: str) -> Profile:
    """The profile at the place that the band's scope names, if it names one that can be read."""
    place = _scope_place(scope) if scope else None
    return profile if place is None or place == profile.place else replace(profile, place=place)


@lru_cache(maxsize=8192)
def _scope_place(scope: str) -> Place | None:
    """The first place of a scope ("San Francisco and New York"); None where it names none."""
    return next((place for place in read_places(scope) if place.city or place.region or place.country), None)
