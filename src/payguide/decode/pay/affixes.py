"""The currency marks and multipliers around one number, found by two bounded patterns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from payguide.decode.pay.currency import Mark, currencies_in

_LETTER: Final = r"[^\W\d_]"
_SIGNS: Final = "$€£¥￥₹"
#: "130,000+", and the same in Chinese and Japanese.
_MORE: Final = r"(?:\+|以上)"
#: A period that runs on from a K: "70kpa".
_GLUED: Final = rf"(?:p[adhw]|pcm|yr)(?!{_LETTER})"
#: How far before a number its currency mark may begin ("USD $", "CAD $", "Rs. ").
_BEFORE: Final = 9


class Head(NamedTuple):
    """The mark before a number, and where it begins."""

    mark: Mark
    start: int


class Tail(NamedTuple):
    """What follows a number: multiplier word ("" for none), currency mark, a plus sign, and where it ends."""

    times: str
    mark: Mark | None
    plus: bool
    end: int


@dataclass(frozen=True)
class Multipliers:
    """What each multiplier word is worth, and which of them say a currency or a period."""

    worth: dict[str, float]
    indian: frozenset[str]
    indian_short: frozenset[str]
    yearly: frozenset[str]
    japanese: frozenset[str]


@cache
def multipliers() -> Multipliers:
    """The packaged table."""
    raw = tomllib.loads(files(__package__).joinpath("multipliers.toml").read_text("utf-8"))
    indian = raw["indian"]
    return Multipliers(
        raw["by"], frozenset(indian["plain"]), frozenset(indian["short"]), frozenset(indian["yearly"]),
        frozenset(raw["japanese"]["plain"]),
    )  # fmt: skip


def _any(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _head_pattern(home: str) -> re.Pattern[str]:
    marks = list(currencies_in(home).before)
    lettered = _any([mark for mark in marks if mark[0].isalpha() and not mark.isalpha()])
    codes = _any([mark for mark in marks if mark.isalpha() and mark.isupper()])
    words = _any([mark for mark in marks if mark.isalpha() and not mark.isupper()])
    signs = _any([mark for mark in marks if not mark[0].isalpha()])
    return re.compile(
        rf"(?:(?<!{_LETTER})(?:{lettered}|US\s\$|(?:{codes}|(?i:{words}))\s?[{_SIGNS}]?)|(?:{signs}))[\s~]{{0,2}}\Z"
    )


@cache
def _tail_pattern(home: str) -> re.Pattern[str]:
    marks = list(currencies_in(home).after)
    words = [mark for mark in marks if mark[0].isalpha() and mark.islower() and mark[0].isascii()]
    codes = [mark for mark in marks if mark[0].isalpha() and mark not in words and mark < "\u2e80"]
    # 円 and 元 run into the words behind them
    signs = [mark for mark in marks if not mark[0].isalpha() or mark > "\u2e80"]
    no_amount_next = rf"(?!\s?[{_SIGNS}]?[0-9])"
    worded = rf"(?:{_any(codes)}|(?i:{_any(words)}))(?!{_LETTER}|\$)"
    mark = rf"(?:{worded}|(?:{_any(signs)}|US\$)){no_amount_next}"
    wide = rf"(?:[{''.join(w for w in multipliers().worth if not w.isascii())}])"
    words_of_times = _any([word for word in multipliers().worth if word.isascii()])
    times = rf"(?:(?i:{words_of_times})(?={mark}|(?!{_LETTER})|{_GLUED})|{wide})\.?"
    return re.compile(
        rf"(?:[\s-]?(?P<times>{times}))?(?P<plus>{_MORE})?(?:\s{{0,2}}(?P<open>\()?(?P<mark>{mark})(?(open)\)?))?(?P<more>{_MORE})?"
    )


@cache
def _mark_ends(home: str) -> frozenset[str]:
    """The signs that a mark before a number may end with."""
    return frozenset(end for mark in currencies_in(home).before for end in (mark[-1], mark[-1].upper()))


def may_have_head(text: str, start: int, home: str) -> bool:
    """A cheap test, before the pattern, that a currency mark may stand before a number."""
    before = text[start - 1 : start]
    if before.isspace() or before == "~":
        before = text[start - 2 : start - 1]
        if not before or before.isspace():
            before = text[start - 3 : start - 2]
    return before in _mark_ends(home)


@cache
def _tail_starts(home: str) -> tuple[frozenset[str], frozenset[str]]:
    """The words a tail may begin with, in lower case: the first two signs of the longer, the one-sign ones."""
    words = [word.lower() for word in (*currencies_in(home).after, *multipliers().worth, "以上")]
    return frozenset(word[:2] for word in words if len(word) > 1), frozenset(w for w in words if len(w) == 1)


def may_have_tail(text: str, end: int, home: str) -> bool:
    """A cheap test, before the pattern, that more than a plus sign is written behind a number."""
    near = text[end : end + 5].lstrip(" \t\n\r\u00a0\u202f\u2009-+(").lower()
    longer, single = _tail_starts(home)
    return near[:2] in longer or (near[:1] in single and not (near[:2].isascii() and near[1:2].isalpha()))


def head_of(text: str, start: int, home: str) -> Head | None:
    """The currency mark that ends right before `start` (two spaces or a line break may lie between).

    `home` is `Currencies.home`.
    """
    found = _head_pattern(home).search(text, max(0, start - _BEFORE), start)
    if found is None:
        return None
    written = found.group().rstrip(" ~\t\n\r\u00a0\u202f")
    table = currencies_in(home).before
    bare = written.rstrip(_SIGNS + " ")
    mark = (
        table.get(written)
        or table.get(written.replace(" ", ""))
        or table.get(bare)
        or table.get(bare.lower())
    )
    return Head(mark, found.start()) if mark else None


def tail_of(text: str, end: int, home: str) -> Tail | None:
    """The multiplier, currency and plus sign after a number that ends at `end`; None for nothing."""
    found = _tail_pattern(home).match(text, end)
    if found is None or found.end() == end:
        return None
    written = found.group("mark")
    table = currencies_in(home).after
    mark = (table.get(written) or table.get(written.lower())) if written else None
    times = (found.group("times") or "").lower().rstrip(".")
    return Tail(times, mark, bool(found.group("plus") or found.group("more")), found.end())
