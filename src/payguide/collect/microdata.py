"""HTML microdata (itemscope, itemtype, itemprop) as the objects that JSON-LD would write.

Reference: https://html.spec.whatwg.org/multipage/microdata.html. One pass over the tags; `itemref` is not followed.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)>")
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z-]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'>]++))?+""")
_ITEM: Final = re.compile(r"\bitemscope\b", re.IGNORECASE)
_TAGS: Final = re.compile(r"<[^<>]*+>")
_EMPTY: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
#: Where an element has its value that is not its text.
_VALUE_IN: Final = {
    "meta": "content", "a": "href", "link": "href", "area": "href", "img": "src", "time": "datetime", "data": "value",
    "meter": "value",
}  # fmt: skip
#: The one property whose tags are kept: its lines are in them.
_MARKED_UP: Final = "description"
#: No page says more in its properties than this many times itself: what is nested deeper is left out.
_MOST_TIMES: Final = 4

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Open:
    """An element that is open: the properties of `owner` that its inside, from `start` on, is the value of, and the
    item that the properties inside it belong to.
    """

    name: str
    start: int
    scope: Item | None
    owner: Item | None = None
    props: tuple[str, ...] = ()


def microdata(page: str) -> Iterator[Mapping[str, Any]]:
    """The items of a page that are no other's property; `@type` has their types as they are written."""
    if not _ITEM.search(page):
        return
    top: list[Item] = []
    opened: list[_Open] = []
    names: Counter[str] = Counter()
    left = _MOST_TIMES * len(page)
    for tag in _TAG.finditer(page):
        name = tag[2].lower()
        if not tag[1]:
            element = _element(name, tag[3], tag.end(), opened[-1].scope if opened else None, top)
            if name not in _EMPTY and not tag[3].endswith("/"):
                opened.append(element)
                names[name] += 1
        while tag[1] and names[name]:
            element = opened.pop()
            names[element.name] -= 1
            left -= _close(page, element, tag.start(), left)
            if element.name == name:
                break
    for element in reversed(opened):
        left -= _close(page, element, len(page), left)
    yield from top


def _element(name: str, written: str, start: int, scope: Item | None, top: list[Item]) -> _Open:
    """The element that a tag opens; its own item, and a value that stands in the tag, are put where they belong."""
    if "item" not in written.lower():
        return _Open(name, start, scope)
    stated = {key.lower(): html.unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(written)}
    props = tuple(stated.get("itemprop", "").split())
    if "itemscope" in stated:
        item: Item = {"@type": stated.get("itemtype", "").split()}
        if props and scope is not None:
            _put(scope, props, item)
        else:
            top.append(item)
        return _Open(name, start, item)
    value = stated.get("content") or stated.get(_VALUE_IN.get(name, ""))
    if value is not None and scope is not None:
        _put(scope, props, value)
        props = ()
    return _Open(name, start, scope, scope, props)


def _put(owner: Item, props: tuple[str, ...], value: object) -> None:
    for prop in props:
        before = owner.get(prop)
        owner[prop] = (
            value if before is None else [*(before if isinstance(before, list) else [before]), value]
        )


def _close(page: str, element: _Open, end: int, left: int) -> int:
    """Put the text of an element where it belongs, if it is not longer than what is `left`; its length."""
    length = end - element.start
    if element.owner is None or not element.props or length > left:
        return 0
    inside = page[element.start : end]
    text = inside if _MARKED_UP in element.props else " ".join(html.unescape(_TAGS.sub(" ", inside)).split())
    _put(element.owner, element.props, text)
    return length
