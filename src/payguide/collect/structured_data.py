"""schema.org JobPosting in a web page: JSON-LD as it is found, broken in the ways of the field, and microdata."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Final

from payguide.base.text import decode_text
from payguide.collect.microdata import microdata

#: Where a comment or a script opens in a page, and its kind if it is one of data.
_OPENING: Final = re.compile(r"<(?:(!--)|script\b([^<>]*+)>)", re.IGNORECASE)
_DATA: Final = re.compile(r"""\btype\s*+=\s*+["']?+\s*+application/(?:ld\+json|json\+ld)\b""", re.IGNORECASE)
_END_OF_COMMENT: Final = re.compile("-->")
_END_OF_SCRIPT: Final = re.compile("</script", re.IGNORECASE)
#: Where postings lie in data that is none itself.
_AROUND: Final = ("@graph", "mainEntity", "itemListElement", "item")

#: A string takes line ends as they are: they are written raw.
_DECODER: Final = json.JSONDecoder(strict=False)
_STRING: Final = r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)'
_OPENED: Final = r"(?:(?://|/\*)[ \t]*+)?"
#: What is no JSON but stands in scripts: wrappers for old browsers and XML, comments, a byte order mark.
_FOREIGN: Final = re.compile(
    rf"({_STRING})|{_OPENED}<!\[CDATA\[(?:\s*+\*/)?|{_OPENED}\]\]>(?:\s*+\*/)?|<!--|{_OPENED}-->"
    r"|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|//[^\n]*+|\ufeff",
    re.DOTALL,
)
_LAST_COMMA: Final = re.compile(rf"({_STRING})|,(?=\s*+[}}\]])", re.DOTALL)
#: JavaScript's escapes that JSON does not know: the letter itself is meant.
_ESCAPE: Final = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)', re.DOTALL)
#: A script with more places that are no JSON is none.
_MOST_BROKEN: Final = 20
_BETWEEN: Final = re.compile(r"[\s,;]*+")


def job_postings(page: bytes) -> Iterator[Mapping[str, Any]]:
    """Every JobPosting in a page's JSON-LD, alone, in a list or in an @graph; where there is none, in its microdata.

    Of a script that nobody can read only what can be read is taken: it is part of the page, not of the evidence.
    """
    text = decode_text(page, fallback="cp1252")
    found = False
    for script in _data_scripts(text):
        for value in _values(script):
            for job in postings_in(value):
                found = True
                yield job
    if not found:
        for item in microdata(text):
            yield from postings_in(item)


def postings_in(value: object) -> Iterator[Mapping[str, Any]]:
    """The JobPosting objects of a JSON-LD value."""
    waiting = deque([value])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extend(each for each in value if isinstance(each, list | dict))
        elif isinstance(value, dict) and is_job_posting(value):
            yield value
        elif isinstance(value, dict):
            waiting.extend(value[key] for key in _AROUND if key in value)


def is_job_posting(value: Mapping[str, Any]) -> bool:
    """Whether an object is a schema.org JobPosting, its type written as a name, with a prefix or as an address."""
    kinds = value.get("@type")
    named = (kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str))
    return any(re.split("[/#:]", kind.strip().rstrip("/"))[-1].lower() == "jobposting" for kind in named)


def _data_scripts(page: str) -> Iterator[str]:
    """The insides of a page's data scripts, in one pass: whatever a page leaves open goes on to its end."""
    at = 0
    while opened := _OPENING.search(page, at):
        closed = (_END_OF_COMMENT if opened[1] else _END_OF_SCRIPT).search(page, opened.end())
        at = closed.start() if closed else len(page)
        if opened[2] is not None and _DATA.search(html.unescape(opened[2])):
            yield page[opened.end() : at]


def _values(script: str) -> Iterator[object]:
    """The JSON values of a script; behind what is none it is looked on for the next."""
    try:
        yield _DECODER.decode(script)
        return
    except (ValueError, RecursionError):
        pass
    text = html.unescape(script) if '"' not in script else script
    text = _FOREIGN.sub(lambda sign: _valid(sign[1]) if sign[1] else " ", text)
    text = _LAST_COMMA.sub(lambda sign: sign[1] or "", text)
    at, broken = _after(text, 0), 0
    while 0 <= at < len(text) and broken < _MOST_BROKEN:
        try:
            value, at = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            at, broken = text.find("{", max(error.pos, at + 1)), broken + 1
            continue
        except (ValueError, RecursionError):
            return
        yield value
        at = _after(text, at)


def _after(text: str, at: int) -> int:
    """Where the next value may begin."""
    found = _BETWEEN.match(text, at)
    return found.end() if found else at


def _valid(string: str) -> str:
    return _ESCAPE.sub(lambda sign: sign[0] if sign[1] else "", string)
