"""The charts of a page as files of their own, to be shown elsewhere: each with its title above, and below it how to
read it, whom it is about, and whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape
from textwrap import wrap
from typing import Final

from payguide.guide import words
from payguide.guide.svg import PALETTE, inside, outlined, told

#: The folder of a page's charts.
FOLDER: Final = "charts"

#: Sizes in CSS pixels: the letters of the title and of the lines below, the height of a line of each, the margin.
_TITLE, _NOTE = 15, 11
_TITLE_LINE, _NOTE_LINE = 20, 15
_MARGIN = 16

#: The width of a letter as a share of its size, in the widest of the usual fonts; bold ones, and others.
_BOLD_LETTER, _LETTER = 0.64, 0.56


def files_of(
    drawings: Iterable[str], head: Mapping[str, str], *, coverage: str, source: str
) -> dict[str, str]:
    """The drawings of a page by their paths beside it; those that were not drawn are left out.

    `head` is what the page says of its edition, `coverage` that of its intervals in words, `source` how the edition
    is cited.
    """
    of = f"{head['population']}. Annual pay in {head['currency']}. Intervals have {coverage} coverage."
    found = {}
    for drawing in filter(None, drawings):
        name = told(drawing)["id"]
        lines = [f"{_reading(name, drawing)} {of}", source]
        found[f"{FOLDER}/{name}.svg"] = standalone(drawing, lines)
    return found


def _reading(name: str, drawing: str) -> str:
    """How a drawing is read: by its name's longest beginning that the vocabulary knows."""
    known = words.vocabulary()["reading"]
    kind = max((kind for kind in known if name.startswith(kind)), key=len)
    dashed = " Dashed: what the audited guide states." if outlined(drawing) else ""
    return f"{known[kind]}{dashed}"


def standalone(drawing: str, notes: Sequence[str]) -> str:
    """A drawing as a file, on paper in the light theme's colours, with its title above it and notes below.

    It draws the figures that the drawing names, and nothing in it is fetched or run.
    """
    says = told(drawing)
    width = float(says["width"])
    above = wrap(unescape(says["title"]), round(width / (_TITLE * _BOLD_LETTER)))
    below = [line for note in notes for line in wrap(note, round(width / (_NOTE * _LETTER)))]
    top = len(above) * _TITLE_LINE + 8
    part, height = inside(drawing, 0, top, width)
    texts = [
        *_lines(above, 14, _TITLE, _TITLE_LINE, f'font-weight="600" fill="{PALETTE["ink"]}"'),
        *_lines(below, top + height + 18, _NOTE, _NOTE_LINE, f'fill="{PALETTE["muted"]}"'),
    ]
    wide, high = width + 2 * _MARGIN, top + height + 10 + len(below) * _NOTE_LINE + 2 * _MARGIN
    box = f'x="{-_MARGIN}" y="{-_MARGIN}" width="{wide:g}" height="{high:g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-_MARGIN} {-_MARGIN} {wide:g} {high:g}" '
        f'width="{wide:g}" height="{high:g}" role="img" aria-label="{says["title"]}" '
        f'font-family="system-ui, sans-serif" data-figures="{says["data-figures"]}">'
        f'<rect {box} fill="{PALETTE["paper"]}"/>{"".join(texts)}{part}</svg>\n'
    )


def _lines(lines: Sequence[str], y: float, size: int, step: int, look: str) -> list[str]:
    return [
        f'<text x="0" y="{y + place * step:g}" font-size="{size}" {look}>{escape(line)}</text>'
        for place, line in enumerate(lines)
    ]
