"""Figures in words, written in digits: "one hundred and twenty thousand", "mid-130s", "low six figures"."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {word: number for number, word in enumerate((
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
))}  # fmt: skip
_TENS: Final = {word: 10 * number for number, word in enumerate((
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
), start=2)}  # fmt: skip
_SMALL: Final = {**_UNITS, **_TENS}
_WORD: Final = "|".join(sorted((*_SMALL, "hundred"), key=len, reverse=True))
_JOIN: Final = r"(?:(?<=hundred)\sand\s|[\s-])"
#: A run of number words: at most nine, so that the scan stays linear.
_RUN: Final = re.compile(rf"\b(?:an?\s(?=hundred))?(?:{_WORD})(?:{_JOIN}(?:{_WORD})\b){{0,8}}", re.IGNORECASE)
#: Alone, "one" to "nine" are words; before one of these they are numbers.
_COUNTED: Final = re.compile(
    r"(?<=\byear\s\w{3})|(?<=\byear\s\w{4})|(?<=\byear\s\w{5})|\s?-?\s?(?:%|percent|per\s?cent|thousand|grand|k\b|million|years?|yrs?|months?|to\b|or\b|and\b|dollars|pounds|euros)",
    re.IGNORECASE,
)
_FRACTIONS: Final = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "tenth": 10}
_FRACTION: Final = re.compile(
    r"\b(an?|one|two|three|four)[\s-](half|third|quarter|fifth|tenth)s?(?=\s(?:more|less|higher|lower|above|below|of\s(?!a\s(?:million)))\b)",
    re.IGNORECASE,
)
#: "half of postings", "one in five adverts", "seven out of 10 offers": a share of what is advertised.
_ADVERTISED: Final = (
    r"(?=(?:\w{2,10}\s)?"
    r"(?:postings|listings|adverts|ads|openings|vacancies|offers|employers|companies|roles|jobs)\b)"
)
_HALF_OF: Final = re.compile(rf"\bhalf\s(?:of\s)?(?:all\s|the\s)?{_ADVERTISED}", re.IGNORECASE)
_OUT_OF: Final = re.compile(
    rf"\b({_WORD}|\d{{1,2}})\s(?:in|out\sof)\s(?:every\s)?({_WORD}|\d{{1,3}})\s(?:of\s)?{_ADVERTISED}",
    re.IGNORECASE,
)
#: "1.6x what juniors do", "twice as much as": so many per cent more than.
_TIMES: Final = re.compile(
    r"\b(?:(\d(?:\.\d{1,2})?)\s?(?:x|×|times)|(twice|double|triple))\s"
    r"(?:what|as\smuch\sas|that\sof|the\s(?:pay|salary|salaries|base|compensation)\sof|(?=(?:the\s)?market\b))",
    re.IGNORECASE,
)
_ARROW: Final = re.compile(r"\s?(?:->|=>|→|⟶|➔)\s?")
_MULTIPLES: Final = {"twice": 2.0, "double": 2.0, "triple": 3.0}
_HALF_MILLION: Final = re.compile(
    r"\b(?:half\sa|a\shalf|half-a|a\squarter(?:\sof\sa)?|three\squarters\sof\sa)\smillion\b", re.IGNORECASE
)
_PERCENT: Final = re.compile(r"(?<=\d)\s?(?:percent|per\s?cent|pct)\b", re.IGNORECASE)
_MARK: Final = r"[$€£]|[A-Z]{1,3}\$|[A-Z]{3}\s?"
#: "mid-130s", "low $200s", "the high 90s", "the $140s": where in its ten, or its hundred.
_DECADE: Final = re.compile(
    rf"\b(low|lower|mid|high|upper|late|early)(?:er)?[\s-](?:to[\s-](mid|high|upper)[\s-])?({_MARK})?(\d{{2,3}})(?:,?000|[kK])?['’]?s\b"
    rf"|(?<=\bthe\s)({_MARK})(\d{{2,3}})(?:,?000|[kK])?['’]?s\b"
)
#: Two such, one after the other: the least of the first and the most of the second.
_OUTER: Final = re.compile(
    rf"((?:{_MARK})?\d{{1,3}}K)(?:\sto\s(?:the\s)?(?:{_MARK})?\d{{1,3}}K){{1,2}}\sto\s((?:{_MARK})?\d{{1,3}}K)"
)
_PLACES: Final = {
    "low": (0, 3),
    "lower": (0, 3),
    "early": (0, 3),
    "mid": (5, 5),
    "high": (7, 9),
    "upper": (7, 9),
    "late": (7, 9),
}
#: "low six figures": where in its power of ten, as the words are used.
_FIGURES: Final = re.compile(
    rf"\b(?:(low|mid|middle|high|upper)(?:er)?[\s-])?(?:to[\s-](mid|high)[\s-])?({_WORD}|\d)[\s-]figures?\b(?!\s(?:of|in\sthe\stable))",
    re.IGNORECASE,
)
_THIRDS: Final = {"low": (1, 3), "mid": (4, 6), "middle": (4, 6), "high": (7, 9), "upper": (7, 9)}


def in_digits(text: str) -> str:
    """A sentence with its numbers in digits: what is a figure in words is one in digits, percents have their sign."""
    text = _FIGURES.sub(_power, _ARROW.sub(" to ", text))
    text = _HALF_MILLION.sub(_part_of_million, text)
    text = _FRACTION.sub(_fraction, text)
    text = _OUT_OF.sub(_out_of, _HALF_OF.sub("50% of ", text))
    text = _TIMES.sub(_times_as_much, text)
    text = _RUN.sub(lambda found: _number(found, text), text)
    text = _DECADE.sub(_decade, _PERCENT.sub("%", text))
    text = re.sub(r"(?<=K) to the (?=\S{0,3}\d{1,3}K)", " to ", text)
    return _OUTER.sub(r"\1 to \2", text)


def _fraction(found: re.Match[str]) -> str:
    many = _SMALL.get(found[1].lower(), 1)
    part = _FRACTIONS[found[2].lower()]
    return f"{min(100, round(many * (100 / 3 if part == 33 else part)))}%"


def _out_of(found: re.Match[str]) -> str:
    some, all_ = (int(one) if one.isdigit() else _SMALL.get(one.lower(), 100) for one in found.groups())
    return f"{100 * some / all_:.3g}% of " if 0 < some < all_ else found[0]


def _times_as_much(found: re.Match[str]) -> str:
    times = float(found[1]) if found[1] else _MULTIPLES[found[2].lower()]
    return f"{100 * (times - 1):.0f}% more than{' ' * found[0][-1:].isspace()}" if times > 1 else found[0]


def _number(found: re.Match[str], text: str) -> str:
    words = [word for word in re.split(r"[\s-]+", found[0].lower()) if word not in ("and", "a", "an")]
    small = len(words) == 1 and _SMALL.get(words[0], 0) < 20
    if small and not _COUNTED.match(text, found.end()):
        return found[0]
    numbers: list[int] = []
    for word in words:
        value = _SMALL.get(word, 100)
        if word == "hundred" and numbers:
            numbers[-1] *= 100
        elif numbers and (numbers[-1] % 100 == 0 or (numbers[-1] % 10 == 0 and value < 10)):
            numbers[-1] += value
        else:
            numbers.append(value)
    # "one fifty" is 150, said of thousands
    if len(numbers) == 2 and numbers[0] < 10 <= numbers[1]:
        thousands = "" if _COUNTED.match(text, found.end()) else "K"
        return f"{numbers[0] * 100 + numbers[1]}{thousands}"
    return " ".join(map(str, numbers))


def _part_of_million(found: re.Match[str]) -> str:
    words = found[0].lower()
    return f"{750 if 'three' in words else 250 if 'quarter' in words else 500}K"


def _decade(found: re.Match[str]) -> str:
    first, second, mark, number, plain_mark, plain = found.groups()
    ten = int(number or plain)
    size = 10 if ten % 100 == 0 else 1
    least, most = (_PLACES[first][0], _PLACES[second or first][1]) if first else (0, 9)
    low, high = ten + least * size, ten + most * size
    mark = mark or plain_mark or ""
    return f"{mark}{low}K" if low == high else f"{mark}{low}K to {mark}{high}K"


def _power(found: re.Match[str]) -> str:
    first, second, size = found.groups()
    digits = _SMALL.get(size.lower(), 0) if not size.isdigit() else int(size)
    if not 4 < digits < 8:
        return found[0]
    unit = 10 ** (digits - 1)
    if not first:
        return f"{unit:,}+"
    least, most = _THIRDS[first.lower()][0], _THIRDS[(second or first).lower()][1]
    return f"{least * unit:,} to {most * unit:,}"
