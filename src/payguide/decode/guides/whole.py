"""What holds for the whole of a guide's page: its role, country, currency, year, and what its notes say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from payguide.base.codes import Role
from payguide.decode.guides.mentions import mentions, phrases
from payguide.decode.guides.page import Passage
from payguide.decode.guides.subject import NOTHING, Told, heading_told
from payguide.decode.pay.currency import currencies

#: A sentence ends at a full stop before a capital, a digit or a sign of money; not behind "vs." or "approx.".
_ENDS: Final = re.compile(
    r"(?<![\s(](?:vs|ca|no|St|Sr|Jr|Mr))(?<!approx)(?<!\b[A-Z])(?<!e\.g)(?<!i\.e)[.!?][)\"”’']?\s{1,3}(?=[A-Z\"“(£$€\d])"
)
#: A sentence about all figures of a page.
_FIGURES: Final = r"\b(?:figures|amounts|salaries|numbers|ranges|values|bands|rates)\b"
_NOTE: Final = re.compile(
    rf"\b(?:all|unless|throughout)\b.{{0,60}}(?:{_FIGURES}|\b(?:pay|data)\b)"
    rf"|{_FIGURES}.{{0,40}}\b(?:are|is|refer|show|shown|quoted|stated|given|expressed)\b.{{0,40}}"
    r"\b(?:in|gross|base|annual|monthly|total|hourly|daily|per|before|exclude|excluding)\b|^(?:notes?|currency|units?)\b",
    re.IGNORECASE,
)
_NOTED: Final = ("component", "period", "place", "year")
_CODE: Final = re.compile(r"\b(?:USD|GBP|EUR|CAD|AUD|CHF|SEK|INR|SGD|NZD|PLN|DKK|NOK)\b")
_NAMES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), code) for pattern, code in (
        (r"canadian dollars?|C\$|CA\$", "CAD"), (r"australian dollars?|A\$", "AUD"), (r"U\.?S\.? dollars?|US\$", "USD"),
        (r"sterling|british pounds|£", "GBP"), (r"\beuros?\b|€", "EUR"), (r"swiss francs?", "CHF"),
    )
)  # fmt: skip
_OF_CURRENCY: Final = {"GBP": "GB", "CAD": "CA", "AUD": "AU", "USD": "US", "CHF": "CH", "INR": "IN"}
_MARKS: Final = (("GBP", "£"), ("CAD", "C$"), ("CAD", "CAD"), ("AUD", "A$"), ("EUR", "€"))
#: A page's own country is that of most places that it names.
_MOST: Final = 0.8
_OPENING: Final = 3_000
_LONGEST: Final = 60_000


@dataclass(frozen=True, slots=True)
class Whole:
    """What holds for a whole page. `currency` is "" where no title and no note names one; `notes` are what sentences
    about all figures say; `sampled`: it names a sample or a source.
    """

    role: Role
    country: str
    year: int | None
    currency: str
    notes: Told
    sampled: bool

    def country_at(self, heads: Told) -> str:
        """The country whose money a bare mark below some headings is."""
        home = currencies().by_country.get(self.country, "")
        if self.currency and self.currency != home:
            return _OF_CURRENCY.get(self.currency, self.country)
        place = heads.one("place")
        return place.country if place and place.country else self.country


def whole(title: str, read: Sequence[Passage]) -> Whole:
    """What a page's title, its notes and all its passages say of it."""
    heading = heading_told(title, "")
    named = Counter(one.value for text in read for one in mentions(text.text) if one.kind == "role")
    del named[Role.OTHER]
    role = heading.one("role") or max(named, key=lambda one: named[one], default=Role.OTHER)
    notes, currency = _notes(read)
    currency = currency_of(title) or currency
    texts = " ".join(one.text for one in read)[:_LONGEST]
    titled = next((one.country for one in heading.values.get("place", ()) if one.country), "")
    country = titled or _commonest(read) or _OF_CURRENCY.get(currency or _marked(texts), "")
    years = re.findall(r"\b20[12]\d\b", title) or re.findall(r"\b202\d\b", texts[:_OPENING])
    year = max(map(int, years), default=None)
    return Whole(role, country, year, currency, notes, bool(phrases("sample", "words").search(texts)))


def _notes(read: Iterable[Passage]) -> tuple[Told, str]:
    """What sentences about all figures say, and the currency that they name."""
    notes, currency = NOTHING, ""
    for text in (sentence for one in read for sentence in sentences(one.text) if _NOTE.search(sentence)):
        told = heading_told(text, "").values
        notes = notes.over(Told({kind: values for kind, values in told.items() if kind in _NOTED}))
        currency = currency or currency_of(text)
    return notes, currency


def _commonest(read: Iterable[Passage]) -> str:
    """The country that nearly all places of a page lie in."""
    named = (one.value.country for text in read for one in mentions(text.text) if one.kind == "place")
    countries = Counter(filter(None, named))
    country = max(countries, key=lambda one: countries[one], default="")
    return country if countries[country] >= _MOST * countries.total() else ""


def _marked(text: str) -> str:
    """The currency that most marked amounts of a text are in, where it is not the bare dollar."""
    marks = Counter({code: 0 for code, _ in _MARKS})
    for code, mark in _MARKS:
        marks[code] += text.count(mark)
    code, count = marks.most_common(1)[0]
    return code if count > 2 and 2 * count > text.count("$") else ""


def currency_of(text: str) -> str:
    """The currency that a heading or a note names; "" where it names none."""
    coded = _CODE.search(text)
    return coded[0] if coded else next((code for pattern, code in _NAMES if pattern.search(text)), "")


def sentences(text: str) -> list[str]:
    """The sentences of a passage."""
    ends = [0, *(hit.end() for hit in _ENDS.finditer(text)), len(text)]
    return [part for start, end in pairwise(ends) if (part := text[start:end].strip())]
