"""Where the statement that an amount stands in begins and ends: sentences, lines, cells and brackets."""

from __future__ import annotations

from typing import Final

from payguide.decode.pay.words import Token

#: Words that may stand between the start of a line and the amount that opens it.
_OPENERS: Final = frozenset((
    "up", "to", "from", "about", "around", "approximately", "approx", "ca", "circa", "c", ".", ":", "(", "/",
    "starting", "at", "max", "min",
))  # fmt: skip
#: A full stop after these does not end a sentence; nor does one after a single letter ("U.S.", "p.a.").
_SHORTENED: Final = frozenset((
    "ca", "approx", "incl", "excl", "inkl", "zzgl", "bzw", "ggf", "st", "inc", "vs", "no", "mr", "dr", "sr",
    "jr", "min", "max", "tys", "mies", "godz", "std", "est", "avg", "rs",
))  # fmt: skip
_BREAKS: Final = frozenset(("\n", "|", "•", "·", ";", "*", "!", "?"))


def ends_sentence(text: str, found: list[Token], at: int) -> bool:
    """Whether the full stop at an index ends a sentence, not the one of "U.S. base", "ca. 34.500" or "p.a."."""
    token = found[at]
    follows = text[token.end : token.end + 1]
    if follows and not follows.isspace():
        return False
    previous = found[at - 1] if at else None
    if previous is None or previous.end < token.start or not previous.word.isalpha():
        return True
    return len(previous.word) > 1 and previous.word not in _SHORTENED


def clause_start(text: str, left: list[Token]) -> int:
    """The index of the first token of the clause that `left` runs up to."""
    for at in range(len(left) - 1, -1, -1):
        word = left[at].word
        if word in _BREAKS or (word == "." and ends_sentence(text, left, at)):
            return at + 1
    return 0


def clause_end(text: str, right: list[Token]) -> int:
    """The index of the token that ends the clause that `right` begins with."""
    for at, token in enumerate(right):
        if token.word in _BREAKS or (token.word == "." and ends_sentence(text, right, at)):
            return at
    return len(right)


def sentence_starts(text: str, left: list[Token]) -> list[int]:
    """Where the sentences of a run of tokens begin."""
    return [at + 1 for at, token in enumerate(left) if token.word == "." and ends_sentence(text, left, at)]


def opens(left: list[Token], clause: int) -> bool:
    """Whether an amount after `left` opens its line, cell or bracket."""
    if left and left[-1].word in ("(", "/"):
        return True
    return all(token.word in _OPENERS for token in left[clause:])
