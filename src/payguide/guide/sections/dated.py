"""How old evidence is, in words: what a headline says where the newest of it is years old."""

from __future__ import annotations

from datetime import date

from payguide.guide.sections.evidence import OLD

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def age_said(newest: date | None, as_of: date) -> str:
    """How old the newest evidence is where that is years, to the nearest: "four years old"; else ""."""
    days = (as_of - newest).days if newest else 0
    years = round(days / 365.25)
    return f"{_WORDS[years] if years < len(_WORDS) else years} years old" if days > OLD else ""


def month(day: date) -> str:
    """The month of a day: "August 2021"."""
    return f"{day:%B %Y}"
