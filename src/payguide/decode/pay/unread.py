"""Amounts beside a word of pay in languages that are not read: they are found, so that they can be warned of."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Final

from ahocorasick_rs import BytesAhoCorasick, MatchKind

from payguide.decode.letters import encoded, not_ascii
from payguide.decode.pay.currency import currencies, iso_codes
from payguide.decode.pay.numbers import as_digits

#: Letters of other scripts than the Latin, and Latin ones that English postings do not have.
_OTHER: Final = re.compile(r"[\u018f-\u01b0\u0370-\u1fff\u2e80-\ud7ff]")
#: How far from a word of pay its amount may stand, and how far from a number a word of money.
_BEHIND: Final = 40
_AHEAD: Final = 24
_NEAR: Final = 8
#: No posting speaks of pay more often, and no amount stands behind more numbers.
_MOST_WORDS: Final = 64
_MOST_NUMBERS: Final = 3
#: The most bytes of a letter.
_WIDTH: Final = 4
_END: Final = re.compile(r"[\n。;!?؟।]|[.,،](?![\d ])|, (?!\d)|\. (?=\D)")
_NUMBER: Final = re.compile(r"[\d\u1369-\u137c](?:[.,٬٫،'’ \u00a0\u202f]?[\d\u1369-\u137c])*+(?!\s?%)")
#: Numbers in words, as Chinese, Japanese and Korean write them.
_IN_WORDS: Final = re.compile(
    r"[一二三四五六七八九十百两兩〇零壹贰貳叁肆伍陆陸柒捌玖拾]{1,8}[万萬千元円圆圓]|[일이삼사오육칠팔구십백천만억]{1,8}\s?원"
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
#: A colon of any script right behind a word of pay.
_COLON: Final = re.compile(r"\w{0,3}\s?[:：=፦፡՝]")
#: A number in Latin text as one that has one digit (`as_digits`).
_DIGITS: Final = re.compile(rb"0(?:[., ']?0)*+")
#: What follows a word of pay: "range" or "is", a colon, a currency, a number, its unit and the next word; of a stem
#: its rest and two words of any kind come first.
_SUM: Final = (
    r"(?P<mark>\s?[:=]| is)?\s{0,2}(?:brutt?[oó] |gross |net )?(?:(?P<before>[^\W\d_]{1,4}|[^\w\s]{1,3})[./]{0,2}\s?)?"
    r"(?!40[13]\s?\(?[kb]\b)(?P<number>\d(?:[.,' ]?\d){0,12})(?!\s?%)\+?\s?(?P<unit>[^\W\d_']{1,10}|[^\w\s])?"
    r"(?:\s(?P<last>[^\W\d_']{1,10}))?"
)
_FOLLOWS: Final = re.compile(rf"(?![^\W\d_])(?: range| is| of| from| about| up to){{0,2}}{_SUM}")
_FOLLOWS_STEM: Final = re.compile(rf"[^\W\d_]{{0,6}}(?: [^\W\d_]{{1,10}}){{0,2}}?{_SUM}")
#: So many digits are an amount without a word of money; behind a colon one less.
_LONG: Final = 4


def has_unread_pay(text: str, read: Iterable[tuple[int, int]]) -> bool:
    """Whether a word of pay has an amount beside it that lies in none of the spans that are `read`."""
    signs = not_ascii(text)
    if _OTHER.search(signs):
        lower = text.lower().encode("utf-8", "surrogatepass")
        spans = [tuple(len(text[:at].encode("utf-8", "surrogatepass")) for at in span) for span in read]
        if len(lower) == len(encoded(text)) and any(_beside(lower, spans)):
            return True
        if any(map(str.isdecimal, signs)):
            text = re.sub(r"\d", lambda digit: str(int(digit[0])), text)
    return not any(read) and any(_labelled(text))


def _beside(content: bytes, read: Sequence[tuple[int, ...]]) -> Iterator[bool]:
    """Of each word of pay in another script, whether it has an unread amount beside it."""
    words = _words()
    for number, start, stop in words.pay.find_matches_as_indexes(content)[:_MOST_WORDS]:
        ahead = content[max(0, start - _WIDTH * _AHEAD) : start].decode("utf-8", "ignore")[-_AHEAD:]
        if words.begins[number] and ahead[-1:].isalpha():
            continue
        ahead = _END.split(ahead)[-1]
        behind = content[stop : stop + _WIDTH * _BEHIND].decode("utf-8", "ignore")[:_BEHIND]
        end = _END.search(behind)
        behind = behind[: end.start()] if end else behind
        last = stop + len(behind.encode())
        known = any(span[0] < last and span[1] > start - len(ahead.encode()) for span in read)
        yield not known and (_is_amount(behind, alone=True) or _is_amount(ahead, alone=False))


def _labelled(text: str) -> Iterator[bool]:
    """Of each word of pay in Latin letters, whether money that is not read follows it at once."""
    words = _words()
    content = "\n".join(_about_numbers(text)).lower().encode("utf-8", "surrogatepass")
    for which, start, stop in words.labels.find_matches_as_indexes(content)[: 2 * _MOST_WORDS]:
        if start and content[max(0, start - _WIDTH) : start].decode("utf-8", "ignore")[-1:].isalnum():
            continue
        stem = which >= words.whole
        follows = _FOLLOWS_STEM if stem else _FOLLOWS
        if found := follows.match(content[stop : stop + 2 * _BEHIND].decode("utf-8", "ignore")):
            yield _is_money(found, stem=stem)


def _about_numbers(text: str) -> Iterator[str]:
    """The pieces of a text that have numbers in them; most of a posting has none."""
    start = end = 0
    for number in islice(_DIGITS.finditer(as_digits(text)), _MOST_WORDS):
        if number.start() - 2 * _AHEAD > end:
            yield text[start:end]
            start = number.start() - 2 * _AHEAD
        end = number.end() + _AHEAD
    yield text[start:end]


def _is_money(found: re.Match[str], *, stem: bool) -> bool:
    """Whether the number behind a word of pay is money; `stem`: the word is nothing else in English."""
    beside = found.group("before", "unit", "last")
    if not _words().units.isdisjoint(beside) or any(_words().signs.search(one) for one in beside if one):
        return True
    if not (stem or found["mark"]) or _YEAR.fullmatch(found["number"]):
        return False
    digits = sum(map(str.isdigit, found["number"]))
    return found["unit"] in _words().large or digits >= _LONG


def _is_amount(words: str, *, alone: bool) -> bool:
    """Whether a number of money stands in some words; `alone`: a long one needs no word of money."""
    if _IN_WORDS.search(words):
        return True
    least = _LONG - (alone and _COLON.match(words) is not None)
    for number in islice(_NUMBER.finditer(words), _MOST_NUMBERS):
        digits = sum(sign.isalnum() for sign in number[0])
        long = digits >= least or (digits > 1 and not number[0].isascii())
        if alone and long and not _YEAR.fullmatch(number[0]):
            return True
        before, after = words[max(0, number.start() - _NEAR) : number.start()], words[number.end() :][:_NEAR]
        if _words().money.search(f"{before} {after}"):
            return True
    return False


class _Words:
    """The words of unread.toml, made ready to be looked for."""

    def __init__(self) -> None:
        raw = tomllib.loads(files(__package__).joinpath("unread.toml").read_text("utf-8"))
        self.pay = BytesAhoCorasick([word.encode() for word in raw["pay"]])
        self.begins = [_is_parted(word) for word in raw["pay"]]
        signs = {sign for sign in map(chr, range(0x10000)) if unicodedata.category(sign) == "Sc"}
        self.money = re.compile("|".join((f"[{''.join(signs)}]", *map(_stem, raw["money"]))))
        #: Signs of currencies that are not read: an amount with another one was judged.
        self.signs = re.compile(f"[{''.join(signs.difference(currencies().before, currencies().after))}]")
        labels = [word.encode() for word in (*raw["labels"], *raw["stems"])]
        self.labels = BytesAhoCorasick(labels, matchkind=MatchKind.LeftmostLongest)
        self.whole = len(raw["labels"])
        self.large = frozenset(raw["large"])
        self.units = frozenset((*raw["units"], *map(str.lower, iso_codes())))


def _is_parted(word: str) -> bool:
    """Whether words of this script stand apart, so that a stem begins one."""
    return word[0].isalpha() and word[0] < "\u0590"


def _stem(word: str) -> str:
    """A word of money as an expression: a short one is a whole word, in other letters than Latin a very short one."""
    whole = _is_parted(word) and len(word) <= (_LONG if word.isascii() else 1)
    behind = r"(?![^\W\d_])" if whole else ""
    return (r"(?<![^\W\d_])" if _is_parted(word) else "") + re.escape(word) + behind


@cache
def _words() -> _Words:
    return _Words()
