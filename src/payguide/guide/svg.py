"""Vega-Lite specifications drawn as static SVG: the same bytes each time, themed by the page's colours.

Layout is ours (`autosize: none`, explicit padding), so that no font of the building machine moves anything.
Text stays text. Colours become CSS variables with the light theme's colour as fallback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

import vl_convert

#: The palette: blue and vermilion are told apart by every common kind of colour blindness (after Okabe & Ito,
#: Color Universal Design, 2008, darkened for contrast on white).
PALETTE = {
    "ink": "#1c2127",
    "muted": "#5a6570",
    "grid": "#dde2e7",
    "paper": "#fdfdfc",
    "base": "#0a5f9e",
    "total": "#b84a0e",
    "guide": "#6f4fa3",
}

_ID = re.compile(r'\bid="(\w++)"')
_URL = re.compile(r"url\(#(\w++)\)")
_DROPPED = re.compile(r' (?:(?:style|class|role|aria-\w++|font-family|pointer-events)="[^"]*+"|opacity="1")')
_EMPTY = re.compile(r'<path(?: d="(?:M0,0h0v0h0Z)?"| display="none")*+/>')
_VARIABLE = re.compile(r"var\(--\w++,(#\w++)\)")
_ATTRIBUTE = re.compile(r'([^\s=]++)="([^"]*+)"')


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing's size in CSS pixels: the plot's width and height, and the room around it."""

    width: int
    height: int
    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0


def config() -> dict[str, Any]:
    """The settings every chart shares."""
    axis = {
        "domain": False,
        "ticks": False,
        "gridColor": PALETTE["grid"],
        "labelColor": PALETTE["muted"],
        "labelFontSize": 12,
        "labelOverlap": False,
        "labelLimit": 0,
        "labelBound": False,
        "labelPadding": 6,
        "titleColor": PALETTE["muted"],
    }
    return {
        "view": {"stroke": None},
        "background": None,
        "axis": axis,
        "text": {"font": "sans-serif", "fontSize": 12.5, "color": PALETTE["ink"], "limit": 0},
        "font": "sans-serif",
        "aria": False,
    }


@dataclass(frozen=True, slots=True)
class Caption:
    """What a drawing says of itself: `name` is unique on the page (ids hang on it), `kind` an extra class, `figures`
    are the ids of the figures that it draws.
    """

    name: str
    title: str
    description: str
    figures: Iterable[str]
    kind: str = ""


def draw(spec: dict[str, Any], caption: Caption) -> str:
    """The SVG of a Vega-Lite specification, ready to stand in a page. It scales with its column."""
    return _adopt(vl_convert.vegalite_to_svg(spec), caption)


def _adopt(raw: str, caption: Caption) -> str:
    """Vega's SVG made ours: accessible, scalable, themed, without anything a strict policy would refuse."""
    name = caption.name
    opening, _, body = raw.partition(">")
    given = dict(_ATTRIBUTE.findall(opening))
    backdrop = f'<rect width="{given["width"]}" height="{given["height"]}" fill="white"/>'
    body = _EMPTY.sub("", _DROPPED.sub("", body.replace(backdrop, "", 1)))
    body = _URL.sub(rf"url(#{name}-\1)", _ID.sub(rf'id="{name}-\1"', body))
    for word, colour in PALETTE.items():
        body = body.replace(f'"{colour}"', f'"var(--{word},{colour})"')
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" class="{f"chart {caption.kind}".strip()}" role="img" '
        f'aria-labelledby="{name}-t" aria-describedby="{name}-d" viewBox="{given["viewBox"]}" '
        f'width="{given["width"]}" height="{given["height"]}" '
        f'data-figures="{escape(" ".join(caption.figures))}">'
    )
    told = (
        f'<title id="{name}-t">{escape(caption.title)}</title>'
        f'<desc id="{name}-d">{escape(caption.description)}</desc>'
    )
    return f"{head}{told}{body}"


def inside(drawing: str, x: float, y: float, width: float) -> tuple[str, float]:
    """A drawing as a part of another, at a place and as wide as it has room, in the light theme's colours; and the
    height that it takes. All in CSS pixels.
    """
    opening, _, body = drawing.partition(">")
    given = dict(_ATTRIBUTE.findall(opening))
    height = float(given["height"]) * width / float(given["width"])
    place = f'x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" viewBox="{given["viewBox"]}" overflow="visible"'
    plain = _VARIABLE.sub(r"\1", body)
    return f"<svg {place}>{plain}", height


def told(drawing: str) -> dict[str, str]:
    """What a drawing says of itself: its attributes, and its title as `title`, all escaped."""
    opening, _, body = drawing.partition(">")
    title = body.partition("</title>")[0].rpartition(">")[2]
    return {**dict(_ATTRIBUTE.findall(opening)), "title": title}


def outlined(drawing: str) -> bool:
    """Whether a drawing has a dashed outline: what a published guide states."""
    return "stroke-dasharray" in drawing
