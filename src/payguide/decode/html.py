"""HTML to plain text, in a few linear passes over the tags.

A posting needs its words and its lines, not a tree. Building the tree that the HTML standard asks for takes
quadratic time on hostile nesting (38 KB of unclosed formatting elements take an HTML5 parser over six
seconds), so this reads the tags as they come: block elements end lines, list items get a dash, scripts and
styles are left out, entities are resolved.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Final

from payguide.decode.letters import as_seen

#: A tag. "[^<>]*" cannot run past the next "<", so the scan is linear.
_TAG: Final = re.compile(r"<([a-zA-Z/!?][^<>]*+)>")
_NAME: Final = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)")
_ESCAPED: Final = re.compile(r"&lt;/?[a-zA-Z]")
_BREAKS: Final = re.compile(r"\n{3,}")
_UNSEEN: Final = re.compile(
    r"<(!--|script\b|style\b|template\b|noscript\b|title\b|svg\b|iframe\b)", re.IGNORECASE
)
#: The signs for the end of a line and for a list item while white space is being folded.
_END, _ITEM = "\x00", "\x01"
_SIGNS: Final = str.maketrans({_END: " ", _ITEM: " "})
#: A list item whose text is in a paragraph of its own, or that is empty.
_HUNG: Final = re.compile(f"{_ITEM}[{_END}{_ITEM} ]+")

_LINE: Final = frozenset((
    "address", "article", "aside", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form",
    "header", "hr", "main", "nav", "option", "section", "select", "summary", "details", "tr",
))  # fmt: skip
_PARAGRAPH: Final = frozenset((
    "blockquote", "fieldset", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul",
))  # fmt: skip


def plain_text(html_text: str) -> str:
    """The text of a posting's HTML: one line a block, paragraphs apart, "- " before list items.

    Text that is itself escaped HTML ("&lt;p&gt;", as Greenhouse sends it) is unescaped first. Anything is
    taken: broken tags, unclosed comments, plain text. Time is linear in the length.
    """
    if _ESCAPED.search(html_text) and html_text.count("<") < html_text.count("&lt;"):
        html_text = _unescaped(html_text)
    html_text = html_text.translate(_SIGNS) if _END in html_text or _ITEM in html_text else html_text
    if _TAG.search(html_text) is None and "<!--" not in html_text:
        return _tidy(_unescaped(html_text).replace("\r\n", "\n").split("\n"))
    parts = tags_and_text(html_text)
    parts[1::2] = map(_break, parts[1::2])
    folded = _HUNG.sub(_ITEM, " ".join("".join(parts).split())).replace(_ITEM, "- ")
    return _tidy(_unescaped(folded).split(_END))


def tags_and_text(html_text: str) -> list[str]:
    """Texts and the insides of tags in turn, a text first, entities as they stand; what is not seen is left out."""
    return _TAG.split(_without_unseen(html_text))


#: The entities that most texts have no others than; "&" itself comes last, or "&amp;lt;" would be taken for "<".
_USUAL: Final = (
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", '"'),
    ("&nbsp;", "\u00a0"),
    ("&#39;", "'"),
    ("&#x27;", "'"),
)


def _unescaped(text: str) -> str:
    """The text with its entities resolved. The library calls a function for each, and a posting has hundreds."""
    usual = text
    for entity, letter in _USUAL:
        usual = usual.replace(entity, letter)
    return usual.replace("&amp;", "&") if usual.count("&") == usual.count("&amp;") else html.unescape(usual)


def _tidy(lines: list[str]) -> str:
    """The lines, each stripped, without invisible characters and with at most one blank line in a row."""
    text = _spaced("\n".join(map(str.strip, lines)))
    seen = as_seen(text).text
    # most texts are as they are seen: what reads them next then finds what was worked out for this one
    return text if seen is text else _spaced(seen)


def _spaced(text: str) -> str:
    return _BREAKS.sub("\n\n", text.replace("\u00a0", " ")).strip()


@lru_cache(maxsize=4096)
def _break(tag: str) -> str:
    """What a tag (its inside) puts into the text."""
    found = _NAME.match(tag)
    if found is None:
        return ""
    name = found.group(2).lower()
    if name in _PARAGRAPH:
        return _END + _END
    if name == "li":
        return _END if found.group(1) else _END + _ITEM
    if name in _LINE:
        return _END
    return " " if name in ("td", "th") else ""


def _without_unseen(source: str) -> str:
    """The source without comments, scripts, styles and what else a reader does not see.

    What is never closed goes on to the end of the text, as in a browser.
    """
    found = _UNSEEN.search(source)
    if found is None:
        return source
    lower = source.lower() if len(source.lower()) == len(source) else source
    out: list[str] = []
    at = 0
    while found is not None:
        out.append(source[at : found.start()])
        name = found.group(1).lower()
        closing = "-->" if name == "!--" else f"</{name}"
        end = lower.find(closing, found.end())
        if end < 0:
            return "".join(out)
        at = end + 3 if name == "!--" else source.find(">", end) + 1
        if at == 0:
            return "".join(out)
        found = _UNSEEN.search(source, at)
    out.append(source[at:])
    return "".join(out)
