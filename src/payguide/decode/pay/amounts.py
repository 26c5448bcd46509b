"""Amounts in a text: a number with its currency, its multiplier and what else is written on it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from payguide.decode.pay.affixes import (
    Head,
    Tail,
    head_of,
    may_have_head,
    may_have_tail,
    multipliers,
    tail_of,
)
from payguide.decode.pay.currency import DOLLAR, currencies_in
from payguide.decode.pay.numbers import NUMBER, runs, value_of

#: A text with more amounts than this is no posting: the rest is left unread, with a warning.
MOST_AMOUNTS: Final = 90
#: Nor does a posting have more numbers of any kind.
_MOST_NUMBERS: Final = 3000
#: How far from a marked amount a bare number may stand to be the other end of its range.
REACH: Final = 24
#: What stands before the number of a step of a scale, and how far before it begins.
STEP_WORDS: Final = "steps?|grade|level|band|tier|point|gs|gg|notch|class"
_STEP: Final = re.compile(rf"\b(?:{STEP_WORDS})[\s-]{{0,2}}\Z", re.IGNORECASE)
_STEP_REACH: Final = 14
#: US retirement plans: 401(k), 403(b).
_PLANS: Final = frozenset(("401", "403"))
#: Currencies counted in lakhs and crores.
_RUPEES: Final = frozenset(("INR", "PKR", "NPR", "LKR", "BDT"))
#: From here on a K after the number is a slip of the pen ("$100,000K").
_K_IS_A_SLIP: Final = 10_000


class Amount(NamedTuple):
    """One amount. `start` and `end` take in its marks; `value` is after expanding the multiplier.

    `code` is "$" for a bare dollar and "" where no currency is written; `firm` says that it was a code or a
    national symbol. `yearly`: the multiplier says a year (LPA). `plus`: "130,000+".
    """

    start: int
    end: int
    value: float
    code: str = ""
    firm: bool = False
    multiplier: float = 1.0
    yearly: bool = False
    plus: bool = False


def scan(text: str, country: str = "") -> tuple[list[Amount], bool]:
    """Every amount that pay could be made of, in order, and whether there were too many. Marks that countries share
    (Rs, kr, R, P) are those of `country`.

    Kept are numbers with a currency or a multiplier, numbers close to such a one, and grouped or long bare
    numbers (a pay word beside them may still make them pay).
    """
    home = currencies_in(country).home
    kept: list[Amount] = []
    waiting: tuple[int, int] | None = None
    marked_end = -REACH - 1
    position = 0
    for seen, start in enumerate(runs(text)):
        if seen >= _MOST_NUMBERS or len(kept) >= MOST_AMOUNTS:
            return kept, True
        if start < position:
            continue
        number = NUMBER.match(text, start)
        if number is None:
            continue
        end = position = number.end()
        amount = _marked(text, start, end, home)
        if amount is not None:
            if waiting is not None and start - waiting[1] <= REACH and not _is_step(text, *waiting):
                kept.append(_bare(text, *waiting))
            waiting = None
            kept.append(amount)
            marked_end = position = amount.end
        elif is_letter(text[start - 1 : start]) or text[end : end + 1] == "%":
            continue
        elif start - marked_end <= REACH or _is_long(text, start, end):
            if not _is_step(text, start, end):
                kept.append(_bare(text, start, end))
            waiting = None
        else:
            waiting = (start, end)
    return kept, False


def _is_step(text: str, start: int, end: int) -> bool:
    """Whether the number only counts the step of a scale: "Step 10", "GS-15"."""
    return end - start <= 2 and _STEP.search(text, max(0, start - _STEP_REACH), start) is not None


def is_letter(sign: str) -> bool:
    """A letter of an alphabet: 年 before a number does not run into it, "W" does."""
    return sign.lower() != sign.upper()


def _is_long(text: str, start: int, end: int) -> bool:
    """A bare number that could be a month's or year's pay and is not a calendar year."""
    if end - start < 4:
        return False
    value = value_of(text[start:end])
    return value >= 2100 or (value >= 1000 and end - start > 4)


def _bare(text: str, start: int, end: int) -> Amount:
    return Amount(start, end, value_of(text[start:end]))


def _marked(text: str, start: int, end: int, home: str) -> Amount | None:
    """The number at [start, end) as an amount when a currency or a multiplier is beside it."""
    before = text[start - 1] if start else " "
    head = head_of(text, start, home) if may_have_head(text, start, home) else None
    if head is None and not may_have_tail(text, end, home):
        return None
    if head is None and is_letter(before):
        return None
    if _is_plan(text, start, end):
        return None
    tail = tail_of(text, end, home)
    if tail is None and head is None:
        return None
    amount = _with_tail(text, start, end, head, tail or Tail("", None, False, end))
    return amount if amount.code or amount.multiplier > 1 else None


def _is_plan(text: str, start: int, end: int) -> bool:
    """Whether the number is the name of a retirement plan: 401(k), 403b. "201-401k" ends a range."""
    if text[start:end] not in _PLANS or text[end : end + 2].lower().lstrip("(")[:1] not in ("k", "b"):
        return False
    before = text[max(0, start - 4) : start].rstrip()
    return not (before[-1:] in "-–—" and before[:-1].rstrip()[-1:].isdigit())


def _rupee_before(text: str, start: int) -> str:
    """INR when the other end of a range has the rupee mark: ₹40–60L."""
    return "INR" if any(mark in text[max(0, start - 12) : start] for mark in ("₹", "INR", "Rs")) else ""


def _with_tail(text: str, start: int, end: int, head: Head | None, tail: Tail) -> Amount:
    """The amount with what follows its number."""
    mark = head.mark if head else None
    times = tail.times
    table = multipliers()
    if tail.mark is not None and (mark is None or (tail.mark.firm and tail.mark.code != DOLLAR)):
        mark = tail.mark
    if times in table.indian_short and (mark.code if mark else _rupee_before(text, start)) not in _RUPEES:
        times = ""
    code, firm = (mark.code, mark.firm) if mark else ("", False)
    if not code and times in table.indian:
        code, firm = "INR", True
    if not code and times in table.japanese:
        code, firm = "JPY", False
    # "70 T€" is German for thousands
    multiplier = 1e3 if times == "t" and code == "EUR" else table.worth.get(times, 1.0)
    value = value_of(text[start:end], multiplied=multiplier > 1)
    if multiplier == 1e3 and value >= _K_IS_A_SLIP:
        multiplier = 1.0
    return Amount(
        head.start if head else start,
        tail.end,
        round(value * multiplier, 2),
        code,
        firm,
        multiplier,
        times in table.yearly,
        tail.plus,
    )
