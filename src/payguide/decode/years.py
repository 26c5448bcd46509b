"""The years of experience that a posting asks for: READING's "years asked for this job"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple

from payguide.decode.phrase_matcher import Hit, Scan, beside, scan
from payguide.decode.sections import DENIED, OTHER, PREFERRED, requirement_strength, sentence

_WORDS: Final = {word: number for number, word in enumerate((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
))}  # fmt: skip
_WORDS_ELSEWHERE: Final = {
    "ein": 1, "einem": 1, "zwei": 2, "drei": 3, "vier": 4, "f?nf": 5, "sechs": 6, "un": 1, "deux": 2, "trois": 3,
    "quatre": 4, "cinq": 5, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "dois": 2, "due": 2, "tre": 3,
}  # fmt: skip
#: "2 years and 6 months": what follows a unit of years.
_AND_MONTHS: Final = re.compile(
    r"s?+\s{0,3}(?:(?:and|und|et|y|e)\s{1,3})?(\w{1,9})\s{1,3}(?:months?|monaten?|mois|meses|mesi)\b"
)
_MONTHS: Final = 12
_AMOUNT: Final = re.compile(r"\d{1,2}(?:\.\d)?")
_TOKEN: Final = re.compile(r"\S+")

#: Years ahead of which words may stand: "5 or more years", "7 plus years", "2+ full years".
_OPEN: Final = frozenset(("or", "more", "plus", "+", "full", "greater", "above"))
#: ("?" is the French "à", folded.)
_LINK: Final = frozenset(("to", "and", "or", "between", "bis", "a", "?", "e", "y", "et", "und", "tot", "do"))

#: More than this is a company's history, not a demand.
_MOST: Final = 25

#: How far behind the unit the word that makes it experience may stand.
_REACH: Final = 90

#: How far ahead of the number the word that asks for it may stand, and how far the word that makes it experience.
_ASKING: Final = 16
_AHEAD: Final = 30

#: How far ahead of the number "up to" may stand.
_RIGHT_BEFORE: Final = 3

#: How far ahead of the number the "or" stands that makes it an alternative to the number before it.
_INSTEAD: Final = 8

_IN_BRACKETS: Final = ("(required", "(preferred")

#: A company's own years: how far ahead of the unit, or behind it, the word that says so may stand.
_COMPANY_AHEAD: Final = 60
_COMPANY_BEHIND: Final = 14


class _Amount(NamedTuple):
    """Least and most (None: not said), where the words of it start, and whether it is open-ended: "5+"."""

    low: float
    high: float | None
    at: int
    plus: bool


#: A longer title is a text.
_LONGEST_TITLE: Final = 300

#: The most mentions of one text that are read; real postings have a dozen.
_MOST_READ: Final = 40


@dataclass(frozen=True, slots=True)
class _Asked:
    low: float | None
    high: float | None
    welcome: bool
    instead: bool
    bracketed: bool


def years_in(found: Scan, title: str = "") -> tuple[float | None, float | None]:
    """(least, most) years of experience asked for; None where not said. "5+ years" is (5, None).

    What is required comes before what is welcome. Of several the longest counts: who has it has the shorter ones
    of single skills too, and where degrees save years ("BS and 5 years, MS and 3 years") it is what the job asks
    of who has the lowest. "4+ years as X or 6+ years as Y" asks for the first. A title may say it too
    ("Engineer, 5+ yrs").
    """
    asked = [one for hit in _units(found)[:_MOST_READ] if (one := _asked(found, hit))]
    if not asked and title and any(mark.isdigit() for mark in title):
        named = scan(title[:_LONGEST_TITLE])
        asked = [one for hit in _units(named) if (one := _asked(named, hit, bare=True))]
    asked = [one for at, one in enumerate(asked) if at == 0 or not one.instead]
    required = [one for one in asked if not one.welcome] or asked
    if not required:
        return None, None
    # "Engineer (5+ years), Lead (10+ years)": several jobs in one text, of which the first is read
    if sum(one.bracketed for one in required) > 1:
        return required[0].low, required[0].high
    longest = max(required, key=lambda one: one.low or 0.0)
    return longest.low, longest.high


def _units(found: Scan) -> list[Hit]:
    """The units, each once: "years" inside "years of experience" is the same, "5yrs" without its number."""
    kept: list[Hit] = []
    for hit in found.hits["years"]:
        if hit.name == "glued":
            number = len(found.plain[hit.start : hit.end].rstrip("abcdefghijklmnopqrstuvwxyz"))
            kept.append(hit._replace(start=hit.start + number))
        elif hit.name in ("unit", "month") and (not kept or hit.start > kept[-1].start):
            kept.append(hit)
    return kept


def _asked(found: Scan, unit: Hit, *, bare: bool = False) -> _Asked | None:
    """What one unit asks for; None where it asks for nothing. `bare`: it needs no word of experience beside."""
    amount = _amount_before(found, unit)
    if amount is not None:
        amount = _in_years(found, unit, amount)
    if amount is None or amount.low > _MOST or not _may_be_experience(found, unit):
        return None
    start, end = sentence(found.text, unit.start)
    marks = beside(found, "years", start, end)
    asking = any(hit.name == "asking" and 0 <= amount.at - hit.end <= _ASKING for hit in marks)
    # "Data analysis: 1 year (Required)"
    asking = asking or found.text[unit.end : unit.end + 11].lstrip().lower().startswith(_IN_BRACKETS)
    if _is_passing(found, unit, amount, marks, asking=asking):
        return None
    words = ("stated",) if unit.name == "month" else ("experience", "stated")
    behind = any(hit.name in words and 0 <= hit.start - unit.end <= _REACH for hit in marks)
    ahead = any(hit.name in words and 0 <= amount.at - hit.end <= _AHEAD for hit in marks)
    listed = amount.plus or amount.high is not None
    yoe = found.plain[unit.start : unit.end] == "yoe"
    if not (behind or ahead or (unit.name != "month" and (bare or listed or asking or yoe))):
        return None
    state = requirement_strength(found, unit, replaceable=False)
    if state == DENIED or (state == OTHER and not (behind or ahead or asking or amount.plus or yoe)):
        return None
    before = found.plain[max(start, amount.at - _INSTEAD) : amount.at].split()
    bracketed = found.text[max(0, amount.at - 1) : amount.at] == "("
    low, high = amount.low, amount.high
    if high is None and any(
        hit.name == "most" and 0 <= amount.at - hit.end <= _RIGHT_BEFORE for hit in marks
    ):
        return _Asked(None, low, state == PREFERRED, before[-1:] == ["or"], bracketed)
    return _Asked(low, high, state == PREFERRED, before[-1:] == ["or"], bracketed)


def _may_be_experience(found: Scan, unit: Hit) -> bool:
    """A cheap refusal of months: most are of a contract, a trial or a plan."""
    near = found.plain[max(0, unit.start - _REACH) : unit.end + _REACH]
    return unit.name != "month" or any(
        word in near for word in ("exp", "erfahrung", "erva", "espe", "indust")
    )


def _in_years(found: Scan, unit: Hit, amount: _Amount) -> _Amount:
    """An amount of months as years; one of years with the months behind it: "2 years and 6 months"."""
    if unit.name == "month":
        high = None if amount.high is None else amount.high / _MONTHS
        return amount._replace(low=amount.low / _MONTHS, high=high)
    months = _AND_MONTHS.match(found.plain, unit.end)
    more = _number(months[1]) if months else None
    return amount._replace(low=amount.low + more[0] / _MONTHS) if more and amount.high is None else amount


def _is_passing(found: Scan, unit: Hit, amount: _Amount, marks: list[Hit], *, asking: bool) -> bool:
    """Whether the years are time that passes, or the company's own: "over the past 5 years", "our team's 20 years"."""
    if any(hit.name == "passing" and 0 <= amount.at - hit.end <= 2 for hit in marks):
        return True
    # "5-year plan", "10 year old": the years are part of a noun, unless experience follows
    behind = [hit for hit in marks if 0 <= hit.start - unit.end <= 2]
    if any(hit.name == "thing" for hit in behind):
        return True
    # a range is asked for: no company has "3-5 years of combined experience"
    return not (asking or amount.high) and any(
        hit.name == "company" and -_COMPANY_AHEAD <= hit.start - unit.end <= _COMPANY_BEHIND for hit in marks
    )


def _amount_before(found: Scan, unit: Hit) -> _Amount | None:
    """The amount right before the unit."""
    start = max(0, unit.start - 48, found.text.rfind("\n", 0, unit.start) + 1)
    end = start + len(_without_bracket(found.text[start : unit.start]))
    ahead = _with_points(found.plain[start:end], found.text[start:end])
    tokens = [(match.group(), start + match.start()) for match in _TOKEN.finditer(ahead)]
    open_ended = "+" in found.plain[unit.start : unit.end]
    while tokens and tokens[-1][0] in _OPEN:
        open_ended = True
        tokens.pop()
    if not tokens:
        return None
    last = _number(tokens[-1][0])
    if last is None:
        return None
    value, at, plus = last[0], tokens[-1][1], last[1] or open_ended
    tokens.pop()
    before = _number(tokens[-1][0]) if tokens else None
    if before is None and len(tokens) > 1 and tokens[-1][0] in _LINK:
        before = _number(tokens[-2][0])
        at = tokens[-2][1] if before else at
    elif before:
        at = tokens[-1][1]
    if before is None or before[0] > value:
        return _Amount(value, None, at, plus)
    if before[0] == value:  # "five (5) years"
        return _Amount(value, None, at, plus)
    return _Amount(before[0], None if plus else value, at, plus)


def _without_bracket(ahead: str) -> str:
    """The text ahead of a unit without a bracket of words at its end: "4-6 (mid-career) years"."""
    bare = ahead.rstrip()
    at = bare.rfind("(")
    if not bare.endswith(")") or at < 0 or any(mark.isdigit() for mark in bare[at:]):
        return ahead
    inside = bare[at + 1 : -1].split()
    return ahead if any(word.lower() in _WORDS for word in inside) else bare[:at]


def _with_points(plain: str, text: str) -> str:
    """The folded text with its decimal points back: "2.5" is one number."""
    at = text.find(".")
    while at >= 0:
        if text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():
            plain = f"{plain[:at]}.{plain[at + 1 :]}"
        at = text.find(".", at + 1)
    return plain


def _number(token: str) -> tuple[float, bool] | None:
    """(value, whether a "+" stands on it), or None where the token is no number of years."""
    if token in _WORDS:
        return float(_WORDS[token]), False
    if token in _WORDS_ELSEWHERE:
        return float(_WORDS_ELSEWHERE[token]), False
    bare = token.rstrip("+")
    return (float(bare), bare != token) if _AMOUNT.fullmatch(bare) else None
