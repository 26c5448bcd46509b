"""The picture that a link shows elsewhere (Open Graph): of an edition its title, its answer, its bands of pay; of
several guides their roles' medians.

Every number on it is a published figure's. Its words are drawn as outlines, so that the same edition gives the same
bytes on every machine, whatever fonts are installed there.
"""

from __future__ import annotations

from html import escape
from typing import Final

import vl_convert

from payguide.base.edition import Edition
from payguide.base.figure_id import band
from payguide.guide import layout, numbers
from payguide.guide.glyphs import outlined_words
from payguide.guide.shown import show
from payguide.guide.svg import PALETTE, inside, outlined, told

#: The size that sites which show such pictures ask for, in pixels.
WIDTH, HEIGHT = 1200, 630

#: What the picture is called beside the page.
FILE: Final = "card.png"

#: The font that its letters are of, and the width of a bold letter as a share of its size.
_FONT: Final = "Liberation Sans"
_LETTER: Final = 0.56

_LEFT: Final = 60

#: Where the chart begins, from the top.
_CHART: Final = 180


def card(edition: Edition, bands: str, date: str) -> bytes:
    """The picture as PNG; `bands` is the page's drawing of the levels (empty where there is none), `date` the
    edition's in words.
    """
    return _picture(drawing(edition, bands, date))


def drawing(edition: Edition, bands: str, date: str) -> str:
    """The picture as SVG."""
    title, population = (str(edition.manifest.get(key, "")) for key in ("title", "population"))
    return _drawn(title, population, date, _answer(edition), _chart(bands))


def shelf_card(title: str, population: str, date: str, medians: str) -> bytes:
    """The picture of a link to several guides as PNG; `medians` is the drawing that compares their roles' (empty where
    there is none).
    """
    return _picture(shelf_drawing(title, population, date, medians))


def shelf_drawing(title: str, population: str, date: str, medians: str) -> str:
    """The picture of several guides as SVG."""
    answer = "Median base pay of each role, all levels, with its interval"
    if not medians:
        return _drawn(title, population, date, "", "")
    given = told(medians)
    room = HEIGHT - _CHART - 90
    width = min(WIDTH - 2 * _LEFT, float(given["width"]) * room / float(given["height"]))
    return _drawn(title, population, date, answer, inside(medians, _LEFT, _CHART, width)[0])


def _picture(svg: str) -> bytes:
    """A drawing as PNG."""
    return bytes(vl_convert.svg_to_png(outlined_words(svg)))


def _drawn(title: str, population: str, date: str, answer: str, chart: str) -> str:
    """A title with what it answers, a chart below, and at the foot the date and whom it is about."""
    size = min(62.0, (WIDTH - 2 * _LEFT) / (_LETTER * max(1, len(title))))
    foot = f"payguide · {date} · {population}"
    small = min(22.0, (WIDTH - 2 * _LEFT) / (_LETTER * max(1, len(foot))))
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PALETTE["paper"]}"/>',
        _text(title, 98, size, PALETTE["ink"], bold=True),
        _text(answer, 152, 30, PALETTE["ink"]),
        chart,
        _text(foot, HEIGHT - 36, small, PALETTE["muted"]),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{_FONT}">'
        f"{''.join(parts)}</svg>"
    )


def _text(text: str, y: float, size: float, colour: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{_LEFT}" y="{y:g}" font-size="{size:g}"{weight} fill="{colour}">{escape(text)}</text>'


def _answer(edition: Edition) -> str:
    """The median of base pay at all levels with its interval, and what it rests on; empty where it is not known."""
    median = show(edition.figures, band("any", "base"))
    if not median.published:
        return ""
    return (
        f"Median base pay {median.text} ({numbers.percent(layout.coverage(edition))} interval {median.interval}), "
        f"from {numbers.employers(median.employers)}"
    )


def _chart(bands: str) -> str:
    """The bands by level as wide as the picture has room, and how they are read."""
    if not bands:
        return _text("No level has enough evidence for a distribution.", 260, 26, PALETTE["muted"])
    part, height = inside(bands, _LEFT, _CHART, WIDTH - 2 * _LEFT)
    dashed = " Dashed: the audited guide." if outlined(bands) else ""
    note = f"Bar: P10 to P90, darker P25 to P75. Dot: the median with its interval.{dashed}"
    return part + _text(note, _CHART + height + 32, 22, PALETTE["muted"])
