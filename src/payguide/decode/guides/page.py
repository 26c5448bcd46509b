"""A guide's page as passages, each below what heads it: HTML, Markdown or plain text, in one pass and without a tree.

A passage is a paragraph, an item of a list or a cell of a table. What heads it, from the widest to the nearest, are the
page's title, the headings above (a question, a term of a definition list, an item that a list hangs from, a line that
ends in a colon before a list), and of a cell its caption, its row and its column.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from payguide.decode.guides.grid import Cell, cells_of
from payguide.decode.html import tags_and_text
from payguide.decode.letters import as_seen
from payguide.decode.phrase_matcher import vocabulary

#: A page of more passages, or a longer one, is no guide: the rest is left unread.
_MOST: Final = 20_000
_LONGEST: Final = 4_000
_LONGEST_HEADING: Final = 110

_NAME: Final = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NAMED: Final = re.compile(r"\b(?:class|id|role)\s?=\s?[\"']?([^\"'>]*+)", re.IGNORECASE)
_SPAN: Final = re.compile(r"\b(col|row)span\s?=\s?[\"']?(\d{1,2})", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^<>]*+>([^<]{1,300})", re.IGNORECASE)
_MARKUP: Final = re.compile(
    r"<(?:!doctype|html|body|h[1-6]|p|div|ul|ol|table|section|article|dl)\b", re.IGNORECASE
)
_LEFT_OUT: Final = frozenset(("aside", "nav", "footer", "form", "button", "select", "del", "s"))
_PARTS: Final = frozenset((
    "address", "article", "blockquote", "body", "br", "dd", "details", "div", "dl", "fieldset", "figure", "header",
    "hr", "html", "main", "p", "pre", "section", "table", "ul", "ol", "li", "dt", "summary", "caption", "figcaption",
    "tr", "td", "th", "thead", "tbody", "tfoot", "h1", "h2", "h3", "h4", "h5", "h6", "aside", "nav", "footer", "form",
))  # fmt: skip
_BOLD: Final = frozenset(("b", "strong"))
#: How deep what heads passages lies: headings of HTML, then a line in bold, a question or term, then lists.
_DEPTH: Final = {
    **{f"h{depth}": depth for depth in range(1, 7)},
    "bold": 7,
    "summary": 8,
    "dt": 8,
    "question": 8,
}
_LABEL: Final = 9
_IN_LISTS: Final = 9
_LONGEST_LABEL: Final = 50
_LONGEST_OF_CARD: Final = 90

_BULLET: Final = re.compile(r"\s{0,12}(?:[-*•·▪●◦–]|\d{1,2}[.)])\s+")
_HASHES: Final = re.compile(r"(#{1,6})\s+")
_COLUMNS: Final = re.compile(r"\t++|\s{3,}+| {2,}+(?=\S)")
_RULE: Final = re.compile(r"[\s|:+=-]+")
#: "$130K - $180KEntry-level": lines that were run together behind a figure.
_GLUED: Final = re.compile(r"(?<=\d)([KkM%+]?)(?=[A-Z][a-z]{2})")
_STRONG: Final = re.compile(r"(?:\*\*|__)([^*_]++)(?:\*\*|__)(:?)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with what heads it, the widest first. `heading`: it only heads others. `columns` are the headings of a
    cell's own column, `row` what else stands in its row.
    """

    text: str
    heads: tuple[str, ...] = ()
    heading: bool = False
    row: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def passages(text: str) -> tuple[str, list[Passage]]:
    """The title of a guide's page and its passages, in order."""
    builder = _Builder()
    if _MARKUP.search(text):
        named = _TITLE.search(text)
        builder.title = _tidy(named[1]) if named else ""
        _read_html(builder, text)
    else:
        _read_text(builder, as_seen(text).text)
    builder.flush()
    return builder.title, builder.out[:_MOST]


@dataclass
class _Builder:
    """What was read so far. `heads` are (depth, text), `buffer` the text that is being read."""

    title: str = ""
    out: list[Passage] = field(default_factory=list)
    heads: list[tuple[int, str]] = field(default_factory=list)
    buffer: list[str] = field(default_factory=list)
    bold: list[bool] = field(default_factory=list)
    lists: int = 0
    plain: bool = False
    kind: str = "p"
    rows: list[list[Cell]] | None = None
    caption: str = ""

    def flush(self, kind: str = "p") -> None:
        """End the text that is being read, as what it is; `kind` is that of the next."""
        text, was = _tidy("".join(self.buffer)), self.kind
        in_bold = bool(self.bold) and all(self.bold)
        self.buffer, self.bold, self.kind = [], [], kind
        if not text:
            return
        if was in ("caption", "figcaption"):
            self.caption = text
        elif was in _DEPTH:
            self.head(_DEPTH[was], text)
        elif text.endswith("?") and len(text) <= _LONGEST_HEADING and was != "li":
            self.head(_DEPTH["question"], text)
        elif in_bold and was == "p" and len(text) <= _LONGEST_HEADING and not text.endswith("."):
            self.head(_DEPTH["bold"], text)
        elif was == "p" and _is_label(text):
            self.label(text)
        else:
            self.add(text)

    def label(self, text: str) -> None:
        """A short line without a figure: it heads what stands below it, as on a card; with the line above it, where
        nothing lies between.
        """
        last = self.out[-1] if self.out else Passage("")
        labels = [one for one in self.heads if one[0] == _LABEL]
        kept = labels[-1:] if last.heading and labels and last.text == labels[-1][1] else labels[:-1][-1:]
        self.out.append(Passage(text, self.above(), heading=True))
        self.heads = [*(one for one in self.heads if one[0] != _LABEL), *kept, (_LABEL, text)]

    def head(self, depth: int, text: str) -> None:
        """A heading: it ends those as deep as itself and deeper."""
        self.out.append(Passage(text, self.above(depth), heading=True))
        self.heads = [one for one in self.heads if one[0] < depth] + [(depth, text)]
        self.title = self.title or text

    def above(self, depth: int = 99) -> tuple[str, ...]:
        """What heads a text now."""
        return (self.title, *(text for at, text in self.heads if at < depth and text != self.title))

    def add(self, text: str) -> None:
        """A passage. A long one is no longer of a card."""
        if len(text) > _LONGEST_OF_CARD:
            self.heads = [one for one in self.heads if one[0] != _LABEL]
        for line in text[:_LONGEST].split("\n"):
            if line.endswith("?") and len(line) <= _LONGEST_HEADING and line != text:
                self.head(_DEPTH["question"], line)
            else:
                self.out.append(Passage(line, self.above()))

    def open_list(self) -> None:
        """A list begins: what it hangs from heads it."""
        hung = _tidy("".join(self.buffer)) if self.kind == "li" else ""
        self.flush()
        last = self.out[-1] if self.out else Passage("")
        led = hung or (last.text if last.text.endswith(":") and not last.heading else "")
        self.lists += 1
        self.heads.append((_IN_LISTS + self.lists, led or ""))

    def close_list(self) -> None:
        """A list ends, and what headed it."""
        self.flush()
        self.heads = [one for one in self.heads if one[0] < _IN_LISTS + self.lists]
        self.lists = max(0, self.lists - 1)

    def close_table(self) -> None:
        """The cells of the table that was read, each a passage."""
        rows, self.rows = self.rows or [], None
        last = self.out[-1] if self.out else Passage("", heading=True)
        led = "" if last.heading or last.columns or _is_told(last.text) else last.text
        above = tuple(text for text in (*self.above(), led, self.caption) if text)
        self.caption = ""
        for text, row, columns in cells_of(rows):
            self.out.append(Passage(text, (*above, *row, *columns), row=row, columns=columns))


def _is_told(text: str) -> bool:
    """Whether a text says something by itself: it is long, or has an amount in it."""
    return len(text) > _LONGEST_OF_CARD or re.search(r"[$€£]\s?\d|\d\s?%|\d[kK]\b", text) is not None


def _is_label(text: str) -> bool:
    plain = _YEARS.sub("", text)
    return len(text) <= _LONGEST_LABEL and not any(map(str.isdigit, plain)) and text[-1] not in ".:;,!"


#: Calendar years and years of experience: digits that are no figure.
_YEARS: Final = re.compile(
    r"\b(?:19|20)\d\d\b|\bQ[1-4]\b|(?<!\d)\d{1,2}\s?(?:-|–|to)?\s?(?:\d{1,2})?\s?\+?\s?(?:years?|yrs?)"
)


def _read_html(builder: _Builder, source: str) -> None:
    skipped, depth = "", 0
    bold = 0
    parts = tags_and_text(source)
    for at, part in enumerate(parts):
        if at % 2 == 0:
            if not depth and part:
                builder.buffer.append(part)
                builder.bold += [bold > 0] * bool(part.strip())
            continue
        found = _NAME.match(part)
        if found is None:
            continue
        name, closes = found[2].lower(), bool(found[1])
        if depth:
            depth += (name == skipped) * (-1 if closes else 1)
            continue
        if not closes and _is_left_out(name, part):
            builder.flush()
            skipped, depth = name, 1
        elif name == "span":
            builder.buffer.append(" ")
        elif name in _BOLD:
            bold = max(0, bold + (-1 if closes else 1))
        else:
            _tag(builder, name, closes, part)


def _is_left_out(name: str, tag: str) -> bool:
    """Whether an element is beside the guide: a sidebar, a menu, an advertisement."""
    if name in _LEFT_OUT:
        return True
    if name in ("body", "html", "main", "br", "img", "input", "hr", "a", "span"):
        return False
    words = {word for named in _NAMED.findall(tag) for word in re.split(r"[^a-z]+", named.lower())}
    return not words.isdisjoint(vocabulary("guides")["beside"]["classes"])


def _tag(builder: _Builder, name: str, closes: bool, tag: str) -> None:
    """What a tag does to the text that is being read."""
    if name not in _PARTS:
        return
    if builder.rows is not None and name not in ("table", "tr", "td", "th", "caption"):
        builder.buffer.append(" " if name != "br" else " / ")
        return
    if name in ("ul", "ol"):
        (builder.close_list if closes else builder.open_list)()
    elif name == "dl" and closes:
        builder.flush()
        builder.heads = [one for one in builder.heads if one[0] < _DEPTH["dt"]]
    elif name in ("table", "tr", "td", "th") or (name == "caption" and builder.rows is not None):
        _table_tag(builder, name, closes, tag)
    elif name == "br":
        builder.buffer.append("\n")
    elif name == "details" and closes:
        builder.flush()
        builder.heads = [one for one in builder.heads if one[0] < _DEPTH["summary"]]
    else:
        inside = builder.kind == "li" and name in ("p", "div")
        builder.flush(
            "p"
            if closes and not inside
            else "li"
            if inside
            else name
            if name in (*_DEPTH, "li", "figcaption")
            else "p"
        )


def _table_tag(builder: _Builder, name: str, closes: bool, tag: str) -> None:
    if name == "table" and not closes:
        builder.flush()
        builder.rows = builder.rows or []
    elif builder.rows is None:
        builder.flush()
    elif name == "caption":
        text = _tidy("".join(builder.buffer))
        builder.caption = text if closes else builder.caption
        builder.buffer = []
    elif name == "tr" and not closes:
        builder.rows.append([])
    elif name in ("td", "th") and not closes:
        builder.buffer, builder.bold = [], []
        spans = {kind.lower(): int(number) for kind, number in _SPAN.findall(tag)}
        builder.rows = builder.rows or [[]]
        builder.rows[-1].append(Cell("", name == "th", spans.get("col", 1), spans.get("row", 1)))
    elif name in ("td", "th") and builder.rows and builder.rows[-1]:
        last = builder.rows[-1][-1]
        builder.rows[-1][-1] = Cell(_tidy("".join(builder.buffer), " "), last.heads, last.wide, last.tall)
        builder.buffer = []
    elif name == "table" and closes:
        builder.buffer = []
        builder.close_table()


def _tidy(text: str, line: str = "\n") -> str:
    """The text with its entities resolved and its white space folded; a line break stays."""
    seen = as_seen(html.unescape(text)).text.replace("\u00a0", " ")
    lines = (" ".join(part.split()) for part in seen.split("\n"))
    return line.join(part for part in lines if part)


def _read_text(builder: _Builder, text: str) -> None:
    lines = [line.rstrip() for line in _GLUED.sub(r"\1\n", text).replace("\r\n", "\n").split("\n")]
    table: list[list[Cell]] = []
    for at, line in enumerate(lines):
        cells = list(_cells(line))
        if len(cells) > 1:
            table += [] if _RULE.fullmatch(line) else [[Cell(cell) for cell in cells]]
            continue
        if len(table) > 1:
            builder.rows = table
            builder.close_table()
        elif table:
            _line(builder, " ".join(cell.text for cell in table[0]), "")
        table = []
        _line(builder, line, next((one for one in lines[at + 1 : at + 2]), ""))
    if table:
        builder.rows = table
        builder.close_table()


def _cells(line: str) -> Iterator[str]:
    """The cells of a line of a table: between bars, tabs or wide gaps; one for what is no such line."""
    if line.count("|") > 1 or (line.count("|") and _RULE.fullmatch(line)):
        yield from (_plain(cell) for cell in line.strip().strip("|").split("|"))
    elif not _BULLET.match(line):
        yield from map(_plain, _COLUMNS.split(line.strip()))


def _line(builder: _Builder, line: str, following: str) -> None:
    """A line of plain text or Markdown."""
    bare = line.strip()
    if not bare or _RULE.fullmatch(bare):
        builder.heads = [one for one in builder.heads if one[0] < _IN_LISTS] if not bare else builder.heads
        return
    if hashes := _HASHES.match(bare):
        builder.head(len(hashes[1]), _plain(bare[hashes.end() :]))
    elif bullet := _BULLET.match(line):
        last = builder.out[-1] if builder.out else Passage("")
        if last.text.endswith(":") and not last.heading:
            builder.heads = [one for one in builder.heads if one[0] < _IN_LISTS] + [(_IN_LISTS, last.text)]
        builder.add(_plain(line[bullet.end() :]))
    else:
        _paragraph(builder, bare, following.strip())


def _paragraph(builder: _Builder, bare: str, following: str) -> None:
    text = _plain(bare)
    short = len(text) <= _LONGEST_HEADING
    strong = _STRONG.fullmatch(bare)
    figure = any(map(str.isdigit, _YEARS.sub("", text)))
    above = builder.out[-1] if builder.out else None
    # plain headings do not tell how deep they are: below one without a text of its own stands one of its parts
    plain = 5 if above and above.heading and above.text != builder.title else 4 if builder.title else 1
    if text.endswith("?") and short:
        builder.head(plain if builder.plain else _DEPTH["question"], text)
    elif short and (len(following) > 2 and set(following) <= set("=-")):
        builder.head(1 if "=" in following else 2, text)
    elif strong and short:
        builder.head(_DEPTH["bold"], text)
    elif (
        len(text) <= 70
        and not figure
        and not text.endswith((".", ":", ";", ",", "!"))
        and not text.startswith('"')
    ):
        builder.plain = True
        builder.head(plain, text)
    else:
        builder.heads = [one for one in builder.heads if one[0] < _IN_LISTS]
        builder.add(text)


def _plain(text: str) -> str:
    return _tidy(re.sub(r"\*\*|__|`|\[([^\]]{0,200})\]\([^)]{0,400}\)", r"\1", text), " ")
