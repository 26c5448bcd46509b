"""Pairing amounts into spreads: the two ends of a range, or one end, or a single figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Final

from payguide.base.codes import Period
from payguide.decode.pay.amounts import STEP_WORDS, Amount
from payguide.decode.pay.columns import row_of
from payguide.decode.pay.currency import DOLLAR, currencies
from payguide.decode.pay.words import cues, lexicon, words_in

#: The widest gap between two ends with nothing but a connector, and with words, between them.
_GAP: Final = 48
_CLAUSE_GAP: Final = 110
#: How far before an amount "up to", "from", "between" may stand.
_LEAD_REACH: Final = 48
#: How far behind an amount "or more", "minimum" may stand.
_TRAIL_REACH: Final = 18
#: What may stand between a lead and its amount: "minimum of", "starts at", "Max: ".
_PASSED: Final = frozenset((
    ":", "of", "about", "at", "is", "approximately", "around", "(", "a", "\n", "von", "de", "di", "van", "beträgt",
    "est", "es", "è", "é", "bedraagt", "wynosi", "liegt", "bei",
))  # fmt: skip
#: What has a low and a high end: "the low end of the salary range is".
_HAS_ENDS: Final = frozenset(("range", "band", "scale", "bracket"))
#: "The minimum salary for this role is X".
_THIS: Final = (["this"], ["the"])
_YEN_AND_YUAN: Final = frozenset(("JPY", "CNY"))
_STOP: Final = re.compile(r"\.\s")
_AT_MOST: Final = frozenset(("max", "maximum"))
#: What the ends of a range are joined by, however often: dashes, an ellipsis, an arrow, a sign that was lost.
_SIGN: Final = r"(?:[-–—−‐‑‒―⸺⸻~〜∼→⟶➔➜⇒›ー─━…\ufffd]|\.{2,}+|<?[-=]?>)"
_DASH: Final = re.compile(rf"{_SIGN}(?:\s{{0,2}}{_SIGN})*+")
#: The step of a scale that the second end is of: "to GS-15 Step 10 $159,950".
_STEPS: Final = re.compile(
    rf"(?:\b(?:{STEP_WORDS})[\s-]{{0,2}}(?-i:[A-Z0-9]{{0,2}})[\s:,–-]{{1,3}}){{1,3}}\Z", re.IGNORECASE
)
#: What a dash may have become. Two figures with it between them are a range when they are this near; with "/" nearer:
#: base and on-target earnings lie farther apart.
_LOST: Final = re.compile(r"[_:?*•·|/\\='`\"^]{1,4}|\.(?: ?\.){1,4}")
_NEAR: Final = 1.5
_FAR: Final = 2.5
#: Words that say that figures are thousands, how far away they may stand, and from where on they cannot mean it.
_THOUSANDS: Final = re.compile(
    r"\bin\s(?:US\s?)?(?:\$\s?|USD\s)?(?:thousands?\b|['’]?000['’]?s?\b|k\b)|\(\s?(?:US)?\$?\s?(?:thousands?|['’]?000['’]?s?|k)\s?\)"
    r"|\bare\s(?:thousands\b|['’]?000)|in (?:Tausend|milliers|miles)\b",
    re.IGNORECASE,
)
_SHORTEST: Final = 3
_SAID: Final = 48
_NO_THOUSANDS: Final = 2_000
#: A bare end this many times smaller than the other misses its K.
_MISSING_K: Final = 100


class Lead(Enum):
    """What stands before an amount."""

    NONE = "none"
    LOW = "low"
    HIGH = "high"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class AmountRange:
    """One statement of amounts: [start, end) in the text. `low` or `high` is None for a one-ended statement.

    `code` is "$" for a bare dollar, "" for none. `ranged`: two ends were written. `inverted`: they ran
    backwards and were swapped. `in_clauses`: the ends are said apart (minimum, maximum).
    `gap` is what stands between the ends.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    code: str
    ranged: bool
    multiplied: bool
    yearly: bool = False
    inverted: bool = False
    gap: tuple[int, int] | None = None
    in_clauses: bool = False

    @property
    def top(self) -> float:
        """The larger end."""
        return max(self.low or 0.0, self.high or 0.0)

    @property
    def bottom(self) -> float:
        """The smaller end that is known."""
        return min(end for end in (self.low, self.high) if end is not None)


def pair(text: str, amounts: Sequence[Amount]) -> list[AmountRange]:
    """The spreads of a text's amounts, in order."""
    out: list[AmountRange] = []
    at = 0
    while at < len(amounts):
        first = amounts[at]
        if first.multiplier >= 1e6 and not _counts_in_millions(first.code):
            at += 1
            continue
        if _is_beside_the_point(text, amounts[at : at + 3]):
            at += 1
            continue
        if row := row_of(text, amounts, at):
            low, high, step = row
            out.append(_range(amounts[low], amounts[high], in_clauses=True))
            at += step
            continue
        step = 1
        partner = None
        if at + 1 < len(amounts):
            if _belong(text, first, amounts[at + 1]):
                if _are_timed_apart(text, first, amounts[at + 1]):
                    out += _from_to(first, amounts[at + 1])
                    at += 2
                    continue
                partner, step = amounts[at + 1], 2
            if at + 2 < len(amounts) and _is_middle(text, first, amounts[at + 1], amounts[at + 2]):
                partner, step = amounts[at + 2], 3
        out.append(
            _range(first, partner, _lead(text, first.start) is Lead.LOW) if partner else _single(first)
        )
        at += step
    return out


def _are_timed_apart(text: str, first: Amount, second: Amount) -> bool:
    """Whether the two ends of one range are for different periods: "$61/hour to $188,000/year"."""
    one = _period(text, first.end, second.start)
    return one is not None and (_period(text, second.end, second.end + _TRAIL_REACH) or one) is not one


def _period(text: str, start: int, end: int) -> Period | None:
    said = cues(words_in(text, start, end)) if end - start > _SHORTEST else []
    return next((cue.meaning.period for cue in said if cue.meaning.period), None)


def _from_to(first: Amount, second: Amount) -> list[AmountRange]:
    """Two amounts as the least of one period and the most of another."""
    return [replace(_single(first), high=None), replace(_single(second), low=None, high=second.value)]


def in_thousands(text: str, spread: AmountRange) -> AmountRange:
    """The spread as it is meant where the words beside it say thousands: "$160-$210 (figures in thousands)"."""
    if spread.multiplied or spread.top >= _NO_THOUSANDS:
        return spread
    if not (
        _THOUSANDS.search(text, max(0, spread.start - _SAID), spread.start + 1)
        or _THOUSANDS.search(text, spread.end, spread.end + _SAID)
    ):
        return spread
    low, high = (None if end is None else end * 1000 for end in (spread.low, spread.high))
    return replace(spread, low=low, high=high, multiplied=True)


def _is_beside_the_point(text: str, three: Sequence[Amount]) -> bool:
    """Whether a bare number stands before a range of marked ones: "on 1099 — $4,000–$6,000"."""
    if len(three) < 3 or three[0].code or three[0].multiplier > 1 or not three[1].code:
        return False
    return bool(_DASH.fullmatch(text[three[1].end : three[2].start].strip())) and bool(three[2].code)


def _counts_in_millions(code: str) -> bool:
    """Whether a year's pay in the currency runs into millions: then "6M" may be pay, else it is funding."""
    row = currencies().by_code.get(code)
    return row is not None and row.per_usd >= 50


def _is_middle(text: str, first: Amount, middle: Amount, last: Amount) -> bool:
    """Whether the second of three amounts is the midpoint of the range of the other two."""
    if _lead(text, middle.start) is Lead.MIDDLE:
        ends = _lead(text, first.start) is Lead.LOW and _lead(text, last.start) is Lead.HIGH
        return ends and first.value <= middle.value <= last.value and _same_currency(first, last)
    after = [word for word in words_in(text, middle.end, middle.end + 12) if word not in "()"]
    return after[:1] in (["mid"], ["midpoint"]) and _belong(text, middle, last) and first.value <= last.value


def _belong(text: str, first: Amount, second: Amount) -> bool:
    """Whether two neighbouring amounts are the ends of one range."""
    if second.start - first.end > _CLAUSE_GAP or not _same_currency(first, second):
        return False
    gap = text[first.end : second.start]
    bare = gap.strip()
    if _LOST.fullmatch(bare):
        farthest = _NEAR if bare == "/" else _FAR
        return first.code == second.code != "" and first.value < second.value <= farthest * first.value
    if bare == "to" or _DASH.fullmatch(bare):
        return not ("\n" in gap and bare == "-" and gap[gap.index("-") + 1 :].startswith(" "))
    if len(gap) <= _GAP and _connected(text, first, second):
        return True
    return _belong_in_clauses(text, first, second)


def _same_currency(first: Amount, second: Amount) -> bool:
    one, two = first.code, second.code
    if one == two or not one or not two:
        return True
    if {one, two} == _YEN_AND_YUAN:  # "30万-50万元": only the second says which
        return True
    other = two if one == DOLLAR else one if two == DOLLAR else ""
    return bool(other) and currencies().by_code[other].dollar_sign


def _connected(text: str, first: Amount, second: Amount) -> bool:
    """Only units and one connector lie between: "/year to", "per hour -", "and" after "between"."""
    steps = _STEPS.search(text, first.end, second.start)
    end = steps.start() if steps else second.start
    known = lexicon()
    dashes = len(_DASH.findall(text, first.end, end))
    words = [word for word in words_in(text, first.end, end) if word != "\n"]
    for width in (4, 3, 2, 1):
        if dashes == 0 and tuple(words[-width:]) in known.connectors and len(words) >= width:
            return all(word in known.filler for word in words[:-width])
    if dashes == 1:
        return all(word in known.filler for word in words)
    if words and (words[-1],) in known.joined and all(word in known.filler for word in words[:-1]):
        alike = first.code == second.code != "" and first.value < second.value <= 2 * first.value
        return (alike and len(words) == 1) or _is_led(text, first, known.between)
    return False


def _belong_in_clauses(text: str, first: Amount, second: Amount) -> bool:
    """The second end in another clause: "begin at X and up to Y", "Minimum: X Maximum: Y"."""
    if (
        second.start - first.end > _CLAUSE_GAP
        or not _same_currency(first, second)
        or _lead(text, first.start) is not Lead.LOW
    ):
        return False
    words = words_in(text, first.end, second.start)
    if any(word[0].isdigit() for word in words):
        return False
    # "Minimum: X. Maximum: Y." may be two sentences, "Starting at X. Up to Y" are two things
    if _STOP.search(text, first.end, second.start + 1) and _AT_MOST.isdisjoint(words):
        return False
    if any(cue.meaning.kind in ("not", "extra") for cue in cues(words)):
        return False
    return _lead(text, second.start) is Lead.HIGH or (
        words[len(words) - (words[-1:] == [":"]) - 1 :][:1] == ["to"] and len(words) <= 10
    )


def _is_led(text: str, amount: Amount, phrases: frozenset[tuple[str, ...]]) -> bool:
    """Whether one of the phrases stands within a few words before the amount."""
    words = words_in(text, amount.start - _LEAD_REACH, amount.start)[-4:]
    return any(
        tuple(words[at : at + width]) in phrases
        for at in range(len(words))
        for width in (1, 2)
        if at + width <= len(words)
    )


@lru_cache(maxsize=256)
def _lead(text: str, at: int) -> Lead:
    """What stands right before an amount, over ":", "of", "about" or "of the range is"."""
    known = lexicon()
    words = _before_passed(words_in(text, at - _LEAD_REACH, at))
    for width in (5, 4, 3, 2, 1):
        phrase = tuple(words[-width:])
        if len(phrase) < width:
            continue
        if phrase in known.high:
            return Lead.HIGH
        if phrase in known.low:
            return Lead.LOW
        if phrase in known.middle:
            return Lead.MIDDLE
    return Lead.NONE


def _before_passed(words: list[str]) -> list[str]:
    """The words up to the lead: without what may stand between it and its amount."""
    known = lexicon()
    leads = known.low | known.high
    while words and not any(tuple(words[-width:]) in leads for width in (2, 3) if len(words) >= width):
        if words[-1] in _PASSED or (words[-1] == "." and words[-2:-1] in (["max"], ["min"])):
            words = words[:-1]
        elif words[-2:-1] in _THIS and "for" in words[-3:]:
            words = words[: len(words) - 1 - words[::-1].index("for")]
        elif words[-1] in _HAS_ENDS and "of" in words[-6:]:
            words = words[: len(words) - 1 - words[::-1].index("of")]
        else:
            break
    return words


def _range(first: Amount, second: Amount, in_clauses: bool) -> AmountRange:
    """Two ends as one spread: a K or a currency on one end counts for both."""
    low, high = first.value, second.value
    if (
        first.multiplier == 1
        and second.multiplier > 1
        and low < 1000 <= high
        and low * second.multiplier <= high * 2
    ):
        low *= second.multiplier
    elif second.multiplier == 1 and first.multiplier > 1 and high < 1000 <= low:
        high *= first.multiplier
    elif (
        first.multiplier == second.multiplier == 1
        and 0 < low < 1000
        and high >= 10_000
        and high / low > _MISSING_K
    ):
        low *= 1000
    firm = [amount for amount in (second, first) if amount.firm and amount.code]
    marked = [amount for amount in (first, second) if amount.code]
    code = (firm or marked)[0].code if marked else ""
    code = "CNY" if {amount.code for amount in marked} == _YEN_AND_YUAN else code
    multiplier = max(first.multiplier, second.multiplier)
    return AmountRange(
        first.start, second.end, min(low, high), max(low, high), code, True, multiplier > 1,
        first.yearly or second.yearly, high < low, (first.end, second.start), in_clauses,
    )  # fmt: skip


def _single(amount: Amount) -> AmountRange:
    """One amount, so far taken as a figure; `with_lead` says whether it is an end."""
    return AmountRange(
        amount.start, amount.end, amount.value, None if amount.plus else amount.value, amount.code, False,
        amount.multiplier > 1, amount.yearly,
    )  # fmt: skip


def with_lead(text: str, spread: AmountRange) -> AmountRange:
    """A single amount with "up to" before it or "or more" behind it taken into account; a range as it is."""
    if spread.ranged or spread.low is None:
        return spread
    lead = _lead(text, spread.start)
    if lead is Lead.NONE:
        lead = _trail(text, spread.end)
    if lead is Lead.HIGH:
        return replace(spread, low=None, high=spread.low)
    return replace(spread, high=None) if lead is Lead.LOW else spread


def _trail(text: str, end: int) -> Lead:
    """What stands right behind an amount: "or more", "minimum", "max"."""
    known = lexicon()
    words = words_in(text, end, end + _TRAIL_REACH)
    for width in (2, 1):
        phrase = tuple(words[:width])
        if phrase in known.or_more:
            return Lead.LOW
        if phrase in known.or_less:
            return Lead.HIGH
    return Lead.NONE
