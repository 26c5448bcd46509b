"""Titles cut into words: what `role` and `level` read, both the same way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from payguide.decode.letters import as_seen

#: Between two parts of a title that do not belong to one noun phrase.
BREAK: Final = "|"

#: Titles are short; a "title" longer than this is a text, of which only the head is one.
_LONGEST: Final = 300

_WORD: Final = re.compile(r"[a-z][a-z0-9]*+(?:\+\+|#|&[a-z])?|\d++\+?|[/,()\[\]|:;&+–—-]")
_DOTTED: Final = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
#: A web address of the employer's: "Scale.ai" names no AI work.
_ADDRESS: Final = re.compile(r"\b[a-z0-9]{2,20}\.(?:ai|io|com|co|org)\b")
_SPACED_DASH: Final = re.compile(r"\s[-–—]|[-–—]\s")
_GLUED: Final = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


@lru_cache(maxsize=65_536)
def title_words(title: str) -> tuple[str, ...]:
    """The title's words in lower case without accents, with `BREAK` where a noun phrase ends.

    A hyphen inside a word parts it ("mid-level" is two words); a dash between blanks, a comma, a bracket or a
    slash is a break. "Sr." is "sr", "A.I." is "ai", "R&D" one word.
    """
    title = as_seen(title[:_LONGEST]).text
    plain = _GLUED.sub(" ", title) if _is_glued(title) else title
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = _DOTTED.sub(r"\1", plain.lower())
    plain = _SPACED_DASH.sub(",", _ADDRESS.sub(" ", plain))
    words: list[str] = []
    for word in _WORD.findall(plain):
        if word in "-&+":
            if word != "-":
                words.append("and")
            continue
        words.append(BREAK if word in "/,()[]|:;–—" else word)
    return tuple(words)


def _is_glued(title: str) -> bool:
    """A scraped page run together without blanks: "EngineerParis, FranceFull-time"."""
    return len(_GLUED.findall(title)) > 2


class Phrases:
    """Phrases of whole words, each standing for a name; the longest one at a position counts."""

    def __init__(self, table: Mapping[str, Iterable[str]]) -> None:
        """`table` maps each name to its phrases, as written in a data file."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, phrases in table.items():
            for phrase in phrases:
                words = tuple(word for word in title_words(phrase) if word != BREAK)
                self._by_first.setdefault(words[0], []).append((words, name))
        for same in self._by_first.values():
            same.sort(key=lambda pair: -len(pair[0]))

    def at(self, words: Sequence[str], position: int) -> tuple[int, str] | None:
        """(number of words, name) of the longest phrase that begins at a position; None where none does."""
        for phrase, name in self._by_first.get(words[position], ()):
            if tuple(words[position : position + len(phrase)]) == phrase:
                return len(phrase), name
        return None

    def find(self, words: Sequence[str]) -> list[tuple[int, int, str]]:
        """(start, end, name) of the phrases from left to right, none overlapping another."""
        found: list[tuple[int, int, str]] = []
        end = 0
        for at, word in enumerate(words):
            # most words begin no phrase
            if at >= end and word in self._by_first and (hit := self.at(words, at)):
                end = at + hit[0]
                found.append((at, end, hit[1]))
        return found
