"""The figures of a sentence, each with the stretch of it that is about it alone: amounts of money, and percentages.

"Juniors earn $120K and seniors $180K" parts before "and seniors", "$120K for juniors and $180K for seniors" behind
"juniors": between two figures the strongest sign or word that divides decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from payguide.base.codes import Period
from payguide.decode.guides.mentions import Mention, mentions, phrases
from payguide.decode.pay.amounts import scan
from payguide.decode.pay.context import context_of
from payguide.decode.pay.currency import DOLLAR, currencies, resolve_dollar
from payguide.decode.pay.pairing import AmountRange, in_thousands, pair, with_lead
from payguide.decode.pay.period import by_size, is_plausible, period_of
from payguide.decode.phrase_matcher import vocabulary

_PART: Final = r"[+−–-]?\d{1,3}(?:\.\d{1,2})?"
_PERCENTS: Final = re.compile(
    rf"(?<![\w.,$€£])(?:(?P<low>{_PART})\s?%?\s?(?:to|-|–|—|and|or)\s?(?:around\s|about\s)?(?P<high>\+?\d{{1,3}}(?:\.\d{{1,2}})?)|(?P<one>{_PART}))\s?%(?P<plus>\+)?"
)
_MOST_PERCENT: Final = 300
_UP_TO: Final = re.compile(
    r"\b(?:up to|as much as|at most|no more than|maximum of|max)\s(?:an?\s)?(?:extra\s|additional\s)?\Z",
    re.IGNORECASE,
)
_OVER: Final = re.compile(
    r"\b(?:over|above|more than|at least|upwards of|exceeding|exceeds|minimum of)\s\Z", re.IGNORECASE
)
_OR_MORE: Final = re.compile(r"\s?(?:\+|or (?:more|higher|above))", re.IGNORECASE)
_TOPS: Final = re.compile(r"\b(?:top|bottom|best[\s-]paid|highest|lowest|next)[\s-]\Z", re.IGNORECASE)
#: What parts two figures, from the strongest to the weakest.
_DIVIDERS: Final = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (
    r";|\n|[.!?]\s",
    r"\b(?:while|whereas|but|versus|vs\.?|compared (?:with|to)|against|although|(?:ris|climb|grow|increas)ing to)\b",
    r"\)",
    r"[,:|](?!\d)(?:\s(?:and|with|or|plus|then))?|\s[–—-]\s|/(?!\s?(?:hr|h|hour|day|d|year|yr|y|month|mo|week|wk)\b)",
    r"\(",
    r"\b(?:and|plus|then|with|or|on top of|at|to)\b",
))  # fmt: skip
#: What follows a figure and is of it: "for juniors", "in London", "base".
_TRAILING: Final = re.compile(
    r"\s?\(?(?:for|in|at|of|per|a|an|as|if|base|basic|total|with|on|when|among|once|including|plus|all)\b|\s?/",
    re.IGNORECASE,
)
#: What ends in a colon right before a figure is its label: "Boston: +15% Denver: +10%".
_LABEL: Final = re.compile(r"(?<=\s)[^\W\d_](?:[^,;:.!?()|]{0,40}):\s?[+−-]?\Z")
_BETWEEN: Final = re.compile(r"\b(?:between|from|range|both)\b", re.IGNORECASE)
_TURNS: Final = re.compile(r";|,?\s(?:while|whereas|but|although|though)\s", re.IGNORECASE)
_CONVERTED: Final = re.compile(
    r"\s?\((?:about|around|approx\.?|approximately|roughly|~|≈|or|=|equivalent to)?\s?\Z", re.IGNORECASE
)
_CODED: Final = re.compile(r"\b(?:USD|GBP|EUR|CAD|AUD|CHF|SEK|INR|SGD|NZD|PLN|DKK|NOK|JPY)\b")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a sentence: [start, end) in it, and the [first, last) that is about it alone. Percentages are
    fractions and have no currency; `period` is None where nothing beside the amount says it.
    """

    start: int
    end: int
    low: float | None
    high: float | None
    percent: bool = False
    currency: str = ""
    period: Period | None = None
    first: int = 0
    last: int = 0

    @property
    def ranged(self) -> bool:
        """Whether it has two ends."""
        return self.low is not None and self.high is not None and self.low != self.high

    def inside(self, found: Sequence[Mention]) -> list[Mention]:
        """The mentions that are about it alone."""
        return [one for one in found if self.first <= one.start < self.last]


def figures_in(text: str, country: str) -> list[Figure]:
    """The figures of a sentence (written in digits, `spelled`), in order, each with its stretch."""
    named = mentions(text, country)
    found = sorted([*_money(text, country, named), *_percents(text)], key=lambda one: one.start)
    kept = [
        one for at, one in enumerate(found) if not _is_converted(text, found[at - 1] if at else None, one)
    ]
    if not kept:
        return []
    ends = [_parted(text, one.end, other.start) for one, other in pairwise(kept)]
    stretches = zip(kept, [0, *ends], [*ends, len(text)], strict=True)
    return [replace(one, first=first, last=_turn(text, one.end, last)) for one, first, last in stretches]


def _turn(text: str, start: int, end: int) -> int:
    """Where the sentence turns to something else behind a figure."""
    found = _TURNS.search(text, start, end)
    return found.start() if found else end


def _percents(text: str) -> Iterator[Figure]:
    for hit in _PERCENTS.finditer(text):
        before = text[max(0, hit.start() - 30) : hit.start()]
        low, high = (_fraction(hit[name] or hit["one"]) for name in ("low", "high"))
        if max(abs(low), abs(high)) > _MOST_PERCENT / 100 or _TOPS.search(before):
            continue
        if hit["one"]:
            most = _UP_TO.search(before)
            least = hit["plus"] or _OVER.search(before) or _OR_MORE.match(text, hit.end())
            yield Figure(hit.start(), hit.end(), None if most else low, None if least else high, True)
        else:
            high = -abs(high) if low < 0 else high
            yield Figure(hit.start(), hit.end(), min(low, high), max(low, high), True)


def _fraction(written: str) -> float:
    return round(float(written.replace("−", "-").replace("–", "-").replace("+", "")) / 100, 4)


def _money(text: str, country: str, named: Sequence[Mention]) -> Iterator[Figure]:
    amounts, _ = scan(text, country)
    for spread in pair(text, amounts):
        parts = _apart(text, spread, named)
        for part in parts:
            one = in_thousands(text, part)
            one = with_lead(text, one) if len(parts) == 1 else one
            code = _currency(text, one, country)
            if not code or one.low == 0 or one.top < 1:
                continue
            currency = currencies().by_code[code]
            period, stated = period_of(text, one, context_of(text, one), currency)
            if period is None or not is_plausible(one, period, currency):
                continue
            yield Figure(one.start, one.end, one.low, one.high, False, code, period if stated else None)


def _apart(text: str, spread: AmountRange, named: Sequence[Mention]) -> list[AmountRange]:
    """A range whose ends are of different places, levels or kinds of pay is two figures: "from X in Austin to Y in New
    York".
    """
    kinds = ("place", "level", "tier", "years", "component", "year", "role")
    if spread.gap is None or spread.low is None or spread.high is None:
        return [spread]
    start, end = spread.gap
    both = text[start:end].strip() == "and" and not _BETWEEN.search(
        text, max(0, spread.start - 30), spread.start
    )
    if not both and not any(one.kind in kinds and start <= one.start and one.end <= end for one in named):
        return [spread]
    backwards = spread.inverted
    first, second = (spread.high, spread.low) if backwards else (spread.low, spread.high)
    single = replace(spread, ranged=False, gap=None, inverted=False, in_clauses=False)
    return [
        replace(single, end=start, low=first, high=first),
        replace(single, start=end, low=second, high=second),
    ]


def _currency(text: str, spread: AmountRange, country: str) -> str:
    """The currency: as written or as a code in the sentence says; a bare one is the country's own where the amount is
    marked as thousands or follows a word of pay.
    """
    coded = set(_CODED.findall(text))
    if spread.code == DOLLAR:
        dollars = {code for code in coded if currencies().by_code[code].dollar_sign}
        return dollars.pop() if len(dollars) == 1 else resolve_dollar("", country)
    if spread.code == currencies().bare and _WORDED.search(text, spread.start, spread.end):
        return resolve_dollar("", country)
    if spread.code:
        return spread.code
    home = coded.pop() if len(coded) == 1 else currencies().by_country.get(country, currencies().bare)
    behind = text[spread.end : spread.end + 14].split()
    counted = (
        behind[:1]
        and behind[0][:1].isalpha()
        and behind[0].lower() in vocabulary("guides")["people"]["counted"]
    )
    paid = phrases("pay", "words").search(text) or len(text) < _SHORT
    return home if not counted and (spread.multiplied or (paid and spread.top >= _YEARLY)) else ""


#: "Dollars" in words are those of the country.
_WORDED: Final = re.compile(r"(?<!US )(?<!U\.S\. )\bdollars?\b", re.IGNORECASE)
_SHORT: Final = 40
_YEARLY: Final = 10_000


def _is_converted(text: str, before: Figure | None, one: Figure) -> bool:
    """Whether an amount in brackets only says the one before it in another currency: "£90,000 (about $115,000)"."""
    if before is None or before.percent or one.percent or before.currency == one.currency:
        return False
    return bool(_CONVERTED.fullmatch(text[before.end : one.start]))


def _parted(text: str, start: int, end: int) -> int:
    """Where between two figures the second's stretch begins."""
    between = text[start:end]
    if label := _LABEL.search(between):
        return start + label.start()
    for divider in _DIVIDERS:
        hits = [hit for hit in divider.finditer(between) if hit.end() > hit.start()]
        if not hits:
            continue
        last = _TRAILING.match(between) and divider is _DIVIDERS[-1]
        hit = hits[-1] if last else hits[0]
        return start + (hit.end() if hit[0] == ")" else hit.start())
    return start if not _TRAILING.match(between) else end


def size_period(figure: Figure) -> Period:
    """The period that an amount's size tells, where nothing else does."""
    return by_size(max(figure.low or 0.0, figure.high or 0.0), currencies().by_code[figure.currency])
