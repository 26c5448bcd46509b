"""Charts drawn as static SVG from a few marks: the same bytes each time, themed by the page's colours.

Every place is in CSS pixels from the plot's left top. Layout is ours, so that no font of the building machine moves
anything. Text stays text. Colours are words of the palette, written as CSS variables with the light theme's colour as
fallback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

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

_VARIABLE = re.compile(r"var\(--\w++,(#\w++)\)")
_ATTRIBUTE = re.compile(r'([^\s=]++)="([^"]*+)"')

#: The sizes of a chart's letters, and of those at its axis.
LETTERS: Final = 12.5
_AXIS_LETTERS: Final = 12

#: How far below the plot an axis' words stand, and the room between two of them.
_AXIS_DROP, _APART = 15, 4

#: The width of a letter or digit as a share of its size, in the widest of the usual fonts.
_LETTER: Final = 0.58


@dataclass(frozen=True, slots=True)
class Frame:
    """A drawing's size in CSS pixels: the plot's width and height, and the room around it."""

    width: int
    height: int
    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0


@dataclass(frozen=True, slots=True)
class Scale:
    """A horizontal axis: `at` are its ticks from the left end to the right one in the figures' unit, `texts` how they
    are written, `width` the plot's.
    """

    at: Sequence[float]
    texts: Sequence[str]
    width: int

    def __call__(self, value: float) -> float:
        """Where a value lies."""
        return (value - self.at[0]) / (self.at[-1] - self.at[0]) * self.width

    def axis(self, height: float) -> str:
        """Its lines over a plot's height, and below them what they stand for, as far as there is room."""
        parts, free = [], -float("inf")
        for tick, written in zip(self.at, self.texts, strict=True):
            x, half = self(tick), len(written) * _AXIS_LETTERS * _LETTER / 2
            parts.append(line((round(x) + 0.5, 0), (round(x) + 0.5, height), "grid", 1))
            if x - half >= free:
                parts.append(
                    text((x, height + _AXIS_DROP), written, "muted", size=_AXIS_LETTERS, anchor="middle")
                )
                free = x + half + _APART
        return "".join(parts)


#: A place in the plot: from its left, from its top.
Place = tuple[float, float]


def line(start: Place, end: Place, colour: str, width: float, *, look: str = "") -> str:
    """A straight line; `look` are attributes that are not given here."""
    (x, y), (x2, y2) = start, end
    ends = f'x1="{_size(x)}" y1="{_size(y)}" x2="{_size(x2)}" y2="{_size(y2)}"'
    return (
        f'<line {ends} stroke="{_colour(colour)}" stroke-width="{_size(width)}"{f" {look}" if look else ""}/>'
    )


def outline(start: Place, end: Place, colour: str, *, opacity: float) -> str:
    """A dashed box between two corners, filled faintly."""
    (x, y), (x2, y2) = start, end
    return (
        f'<rect x="{_size(x)}" y="{_size(y)}" width="{_size(x2 - x)}" height="{_size(y2 - y)}" '
        f'fill="{_colour(colour)}" fill-opacity="{opacity:g}" stroke="{_colour(colour)}" stroke-width="1.2" '
        f'stroke-dasharray="4 3"/>'
    )


def dot(place: Place, colour: str, *, filled: bool) -> str:
    """A round dot; one that is not filled shows the paper."""
    fill = _colour(colour if filled else "paper")
    x, y = place
    return f'<circle cx="{_size(x)}" cy="{_size(y)}" r="4" fill="{fill}" stroke="{_colour(colour)}" stroke-width="2"/>'


def text(
    place: Place, written: str, colour: str = "ink", *, size: float = LETTERS, anchor: str = "start", bold: bool = False
) -> str:  # fmt: skip
    """Words whose line stands on a place."""
    at = f'x="{_size(place[0])}" y="{_size(place[1])}"'
    held = "" if anchor == "start" else f' text-anchor="{anchor}"'
    weight = ' font-weight="bold"' if bold else ""
    return f'<text {at}{held} font-size="{size:g}"{weight} fill="{_colour(colour)}">{escape(written)}</text>'


def _colour(word: str) -> str:
    return f"var(--{word},{PALETTE[word]})"


def _size(number: float) -> str:
    """A length to a hundredth of a pixel, without the zeros."""
    return f"{round(number, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


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


def draw(marks: Iterable[str], frame: Frame, caption: Caption) -> str:
    """The SVG of a plot's marks, ready to stand in a page. It scales with its column."""
    name = caption.name
    width, height = frame.left + frame.width + frame.right, frame.top + frame.height + frame.bottom
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{name}" class="{f"chart {caption.kind}".strip()}" role="img" '
        f'aria-labelledby="{name}-t" aria-describedby="{name}-d" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" data-figures="{escape(" ".join(caption.figures))}">'
    )
    told = (
        f'<title id="{name}-t">{escape(caption.title)}</title>'
        f'<desc id="{name}-d">{escape(caption.description)}</desc>'
    )
    return f'{head}{told}<g transform="translate({frame.left},{frame.top})">{"".join(marks)}</g></svg>'


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
    """Whether a drawing has a dashed outline: what the audited guide states."""
    return "stroke-dasharray" in drawing
