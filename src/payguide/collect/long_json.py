"""A long JSON answer, read one item at a time: parsed at once it would take up to 27 times its size in memory.

A job board is an array of postings, or an object with one. The items of such an array are parsed as they are asked for,
each time anew; the whole is walked once before, so that what is no JSON is met at once.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from payguide.base.errors import UnreadableFile
from payguide.base.text import encoding_of, refuse_binary

#: What is parsed in one piece: a short answer; of a long one all that stands beside its items.
AT_ONCE: Final = 8 << 20
#: No posting is longer, in letters.
_LONGEST_VALUE: Final = 2 << 20
#: No answer has more bytes, and none has more items.
_LARGEST: Final = 4 << 30
_MOST_ITEMS: Final = 1_000_000
#: What a value beside the items costs at least.
_FIELD: Final = 64
_PIECE: Final = 1 << 18
_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_DECODER: Final = json.JSONDecoder()

#: Opens an answer's bytes from their beginning; each walk does so once.
Open = Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a long answer's array: of the one under `key`, or of the answer itself."""

    opened: Open
    key: str | None
    count: int

    def __len__(self) -> int:
        return self.count

    def __iter__(self) -> Iterator[object]:
        with self.opened() as stream:
            yield from (value for key, value, item in _walk(_Text(stream)) if item and key == self.key)


def long_json(opened: Open) -> object:
    """The JSON value of a long answer; an array, and an array in an object, is `Items`.

    Raises:
        UnreadableFile: it is no text, or not one of an answer.
        ValueError: it is no JSON.
    """
    with opened() as stream:
        return _parsed(_Text(stream), opened)


def _parsed(text: _Text, opened: Open) -> object:
    fields: dict[str | None, object] = {}
    counts: dict[str | None, int] = {}
    items = beside = 0
    for key, value, is_item in _walk(text):
        if is_item:
            counts[key] = counts.get(key, 0) + 1
            items += 1
        else:
            fields[key] = value
            beside += text.last + _FIELD
        if beside > AT_ONCE or items > _MOST_ITEMS:
            raise UnreadableFile("JSON that is too large to be a job board", remedy="check the file")
    found = fields | {key: Items(opened, key, count) for key, count in counts.items()}
    return found.get(None, found)


def _walk(text: _Text) -> Iterator[tuple[str | None, object, bool]]:
    """The values of a JSON text with the key that each stands under, and whether it is an item of an array there."""
    opened = text.peek()
    if opened == "[":
        yield from ((None, item, True) for item in text.items())
    elif opened == "{":
        for key in text.fields():
            if text.peek() == "[":
                yield from ((key, item, True) for item in text.items())
            else:
                yield key, text.value(), False
    else:
        yield None, text.value(), False
    if text.peek():
        raise text.error("more behind the end")


class _Text:
    """A JSON text of which a piece at a time is decoded. `last` is the length of the last value."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._next = stream.read(_PIECE)
        refuse_binary(self._next, "")
        self._encoding = encoding_of(self._next)
        self._decoder = codecs.getincrementaldecoder(self._encoding)()
        self._read = 0
        self._text = ""
        self._at = 0
        self.last = 0

    def peek(self) -> str:
        """The next letter that is no space; empty at the end."""
        while True:
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def items(self) -> Iterator[object]:
        """The items of the array that opens here."""
        return (self.value() for _ in self._parts("[", "]"))

    def fields(self) -> Iterator[str]:
        """The keys of the object that opens here; whoever takes one takes its value next."""
        for _ in self._parts("{", "}"):
            key = self.value() if self.peek() == '"' else None
            if not isinstance(key, str) or self.peek() != ":":
                raise self.error("no key with a colon")
            self._at += 1
            yield key

    def _parts(self, opening: str, closing: str) -> Iterator[None]:
        """A turn for each part between brackets, whose part is then taken."""
        self._at += len(opening)
        if self.peek() != closing:
            yield None
            while self.peek() == ",":
                self._at += 1
                yield None
        if self.peek() != closing:
            raise self.error(f"no comma and no {closing}")
        self._at += 1

    def value(self) -> object:
        """The value that begins here."""
        self.peek()
        while True:
            waiting = len(self._text) - self._at
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                # an end of the piece, not of the text, breaks a value too
                if waiting > _LONGEST_VALUE:
                    raise self.error(f"a value of more than {_LONGEST_VALUE:,} letters") from None
                if not self._more(waiting):
                    raise self.error(error.msg) from error
                continue
            if end < len(self._text) or not self._more(waiting):
                self.last, self._at = end - self._at, end
                return value

    def _more(self, least: int = 0) -> bool:
        """Decode a further piece, as long as what waits, so that what is long is not read from its start for ever."""
        if not self._next:
            return False
        piece, self._next = self._next, self._stream.read(max(least, _PIECE))
        self._read += len(piece)
        if self._read > _LARGEST:
            raise UnreadableFile(f"JSON of more than {_LARGEST:,} bytes", remedy="check the file")
        try:
            text = self._decoder.decode(piece, not self._next)
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"not {self._encoding} text: {error.reason}") from error
        self._text, self._at = self._text[self._at :] + text, 0
        return True

    def error(self, found: str) -> ValueError:
        """What is wrong here, and about where."""
        return ValueError(f"{found}, before byte {self._read:,}")
