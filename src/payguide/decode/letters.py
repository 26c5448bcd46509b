"""Text as a reader sees it: without signs that have no width, look-alike letters and garbled signs made plain.

Postings are pasted through several programs: soft hyphens and zero-width spaces inside words, "&ndash;" left over,
a dash as "â€“" (UTF-8 read as Windows-1252) or as the control sign U+0096, letters of Cyrillic inside Latin words.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final, NamedTuple

#: Signs that are seen as another one, which is ASCII or a dash: full-width and mathematical letters, small signs, the
#: control signs that are punctuation in Windows-1252.
_AS: Final = {
    code: plain
    for first, last in ((0xFE50, 0xFE6B), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6), (0x1D400, 0x1D7FF))
    for code in range(first, last + 1)
    if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1
} | {
    0x80: "€",
    0x85: "…",
    0x91: "‘",
    0x92: "’",
    0x93: "“",
    0x94: "”",
    0x95: "•",
    0x96: "–",
    0x97: "—",
    0xA0: " ",
}
_LOOK_ALIKE: Final = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеѕіјорсухԁһӏԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧονρ", "ABESIJKMHOPCTXYaesijopcyxdhlqwABEZHIKMNOPTYXovp"
)
_FOREIGN: Final = re.compile(r"[\u0370-\u052f]")
_WORD: Final = re.compile(r"[A-Za-z\u0370-\u052f]++")
#: What a byte of UTF-8 is read as in Windows-1252.
_WINDOWS: Final = (
    r"\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022"
    r"\u2026\u2030\u2039\u203a\u20ac\u2122"
)
#: Signs without width.
_NO_WIDTH: Final = r"\u180e\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
#: The first sign alone is looked for in the whole text, what it must be followed by only where it stands.
_GARBLED: Final = re.compile(
    rf"[&\u00c2\u00c3\u00e2\u00ad{_NO_WIDTH}](?:(?<=&)(?:amp;){{0,3}}#?\w{{2,8}};|(?<=[\u00c2\u00c3])[{_WINDOWS}]"
    rf"|(?<=\u00e2)[{_WINDOWS}]{{1,2}}|(?<=[{_NO_WIDTH}])|(?<=\w\u00ad)(?=\w))"
)
#: Any sign that one of the steps is for; most texts have none.
_ODD: Final = re.compile(
    r"[\u0080-\u009f\u00ad\u00c2\u00c3\u00e2\u0370-\u052f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069"
    r"\ufe50-\ufe6f\ufeff\uff01-\uff5e\uffe0-\uffe6]"
)
_ASCII: Final = bytes(range(128))
#: The bytes of UTF-8 that are not the first of a sign: without them a text has as many bytes as signs.
INNER: Final = bytes(range(0x80, 0xC0))
#: Where the signs of the table lie. Only these runs are translated: it is slow over a sign that is not in the table.
_SEEN_AS: Final = re.compile(r"[\u0080-\u00a0\ufe50-\ufe6b\uff01-\uffe6\U0001d400-\U0001d7ff]++")
_STYLED: Final = re.compile(r"[\U0001d400-\U0001d7ff]")
_ENTITY: Final = re.compile(r"&(?:amp;)?#?\w{2,8};")


class Seen(NamedTuple):
    """A text as it is seen. Behind each of `places` in it, so much more stands in the text as it came (`more`)."""

    text: str
    places: tuple[int, ...] = ()
    more: tuple[int, ...] = ()

    def origin(self, at: int) -> int:
        """The place in the text as it came of a place in the text as it is seen."""
        passed = bisect_right(self.places, at)
        return at + self.more[passed - 1] if passed else at


@lru_cache(maxsize=16)
def as_seen(text: str) -> Seen:
    """The text as a reader sees it, and where its places were before."""
    if not _is_odd(text):
        return Seen(text)
    parts: list[str] = []
    places: list[int] = []
    more: list[int] = []
    end = length = 0
    for found in _GARBLED.finditer(text):
        plain = _plain(found.group())
        parts += text[end : found.start()], plain
        length += found.start() - end + len(plain)
        if found.end() != found.start() + len(plain):
            places.append(length)
            more.append(found.end() - length)
        end = found.end()
    parts.append(text[end:])
    seen = "".join(parts).replace("\u00a0", " ")
    signs = not_ascii(seen)
    if _SEEN_AS.search(signs):
        seen = _SEEN_AS.sub(lambda run: run.group().translate(_AS), seen)
    if _FOREIGN.search(signs):
        seen = _WORD.sub(lambda word: _latin(word.group()), seen)
    return Seen(seen, tuple(places), tuple(more))


def _is_odd(text: str) -> bool:
    """Whether anything in a text is not as it is seen."""
    if "&" in text and _ENTITY.search(text):
        return True
    signs = not_ascii(text)
    return bool(_ODD.search(signs) or _STYLED.search(signs))


@lru_cache(maxsize=16)
def encoded(text: str) -> bytes:
    """The text in UTF-8: what passes over a whole text is many times as fast over bytes as over signs."""
    return text.encode("utf-8", "surrogatepass")


@lru_cache(maxsize=16)
def not_ascii(text: str) -> str:
    """The signs of a text that are not ASCII, in their order; a posting has a few dozen."""
    return encoded(text).translate(None, _ASCII).decode("utf-8", "surrogatepass")


def _latin(word: str) -> str:
    """The word with its Cyrillic or Greek letters as the Latin ones they look like, where others of it are Latin."""
    mixed = _FOREIGN.search(word) is not None and any(sign < "\u0080" for sign in word)
    return word.translate(_LOOK_ALIKE) if mixed else word


@lru_cache(maxsize=1024)
def _plain(garbled: str) -> str:
    """What a garbled sign stands for: an entity, UTF-8 read as Windows-1252, or nothing where it has no width."""
    if garbled[0] == "&":
        bare = "&" + garbled.lstrip("&").replace("amp;", "")
        return html.unescape(bare)
    if garbled[0] not in "ÂÃâ":
        return ""
    try:
        return b"".join(map(_byte, garbled)).decode()
    except UnicodeDecodeError:
        return garbled


def _byte(sign: str) -> bytes:
    """The byte that Windows-1252 reads as a sign; a control sign is its own byte."""
    return sign.encode("latin-1") if ord(sign) < 0x100 else sign.encode("cp1252")
