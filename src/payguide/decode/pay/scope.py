"""The scope of a band: the zone, place, level or arrangement that its figures are for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

from payguide.decode.gazetteer import cities, key, lookup_country, lookup_state, names
from payguide.decode.pay.context import Context
from payguide.decode.pay.pairing import AmountRange
from payguide.decode.pay.words import lexicon

#: The longest label that is taken for a scope.
_LONGEST: Final = 80
_NAME: Final = r"[A-Z0-9][\w.&'’-]{0,30}"
#: "for New York, NY", "in the location of San Francisco", "based in Mountain View, CA or Seattle".
_PLACED: Final = re.compile(
    r"\b(?i:for|in|within)\s(?:our\s|the\s|all\s|other\s|most\s){0,2}"
    rf"({_NAME}(?:[ ,/&]{{1,2}}(?:and\s|or\s|the\s)?{_NAME}){{0,9}})"
)
_AFTER: Final = re.compile(
    r"[\s)]{0,2}(?:USD|CAD|EUR|GBP|OTE|base|salary|annually|per year|a year|/year|/yr)?[\s,]{0,2}"
    r"(?:\(([^()\n]{2,80})\)|(?:for|in|within)\s(?:our\s|the\s)?([^\n.;()|•$€£]{2,60}))"
)
_PAY_WORDS: Final = re.compile(r"commission|bonus|equity|\bbase\b|[$€£]|\bHR\b|\bOTE\b", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"^\[?[0-9]{1,2}[.)\]]\s?")
_JOINT: Final = re.compile(r"[,;/]|\band\b|\bor\b")
_HAS_NAME: Final = re.compile(r"\b(?:[A-Z]\w|other|outside|remote)")


@cache
def _lists() -> tuple[frozenset[str], re.Pattern[str]]:
    raw = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text("utf-8"))["scope"]
    graded = "|".join(raw["graded"])
    step = r"(?:[0-9]{1,3}|[A-H]|[IVX]{1,4})"
    known = lexicon().phrases
    said = {word for word, (_, alone) in known.items() if any(meaning.kind != "not" for _, meaning in alone)}
    return frozenset(raw["stop"]) | said, re.compile(
        rf"\b(?:(?i:{graded})s?\s?{step}(?:[ ,&/]{{1,3}}{step}\b){{0,4}}|(?:IC|L|P|E)[0-9])(?!\w)"
    )


def scope_of(text: str, spread: AmountRange, context: Context, previous_end: int) -> str:
    """The scope that stands beside a band, "" where none does. `previous_end` bounds the look to the left."""
    start = context.left[context.clause].start if context.clause < len(context.left) else spread.start
    label = text[max(start, previous_end) : spread.start]
    if (
        0 < previous_end >= start
    ):  # what follows the band before belongs to it, up to the first comma or "and"
        label = _JOINT.split(label, maxsplit=1)[-1]
    found = _from_label(label) or _from_after(text, spread)
    if not found:
        placed = [match.group(1) for match in _PLACED.finditer(label) if _is_known(match.group(1))]
        found = _tidy(placed[-1]) if placed else ""
    return found


def _is_known(name: str) -> bool:
    """Whether one of the names in a list is a place's: "for New York", not "for AI"."""
    listed = names()
    for part in map(key, _JOINT.split(name)):
        if part in listed.areas or part in listed.bare or part in listed.aliases or cities(part):
            return True
        if lookup_state(part) or lookup_country(part):
            return True
    return False


def heading_scope(text: str, spread: AmountRange, context: Context, previous_end: int) -> str:
    """The line above a band that opens its own line ("Zone A:" over the figures)."""
    if context.clause < len(context.left):
        return ""
    before = text[max(previous_end, spread.start - _LONGEST) : spread.start].rstrip()
    line = before.rsplit("\n", 1)[-1]
    return "" if len(line) >= _LONGEST - 2 else _tidy(line.rsplit(".", 1)[-1])


def _from_label(label: str) -> str:
    """The last labelled piece that says more than "pay": "Level I:", "CA, WA, NY:", "L3 AI/ML Engineer ("."""
    graded = _lists()[1].findall(label)
    if graded:
        return " ".join(graded[-1].split())
    stripped = label.rstrip()
    if not stripped or stripped[-1] not in ":(-–—|":
        first, colon, _ = stripped.partition(":")
        return _tidy(first) if colon and _HAS_NAME.search(first) else ""
    pieces = [_tidy(piece) for piece in re.split(r"[:(|]", stripped)]
    named = [piece for piece in pieces if piece]
    return named[-1] if named else ""


def _from_after(text: str, spread: AmountRange) -> str:
    """What follows: "(San Francisco, New York)", "in the UK", "for Senior Engineer candidates"."""
    found = _AFTER.match(text, spread.end)
    if found is None:
        return ""
    said = (found.group(1) or found.group(2) or "").strip()
    return _tidy(said) if _HAS_NAME.search(said) else ""


def _tidy(label: str) -> str:
    """A label without the words that every label has; "" when nothing is left or it is a whole sentence."""
    words = label.strip(" \t\n-–—:•*·,()[]").split()
    stop = _lists()[0]
    while words and words[0].lower().strip(".,:;'’\"") in stop:
        words.pop(0)
    while words and words[-1].lower().strip(".,:;'’\"") in stop:
        words.pop()
    tidy = _NUMBERED.sub("", " ".join(words).strip(" .,;|"))
    if _PAY_WORDS.search(tidy):
        return ""
    return tidy if len(tidy) <= _LONGEST and len(words) <= 10 and any(c.isalpha() for c in tidy) else ""
