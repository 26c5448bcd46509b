"""The charts: salary by level as distributions, and groups of figures as dots with their intervals.

A chart is a frozen description; its marks are placed here and written by `svg`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from payguide.base.codes import LADDER, Level
from payguide.base.edition import Edition, Verdict
from payguide.base.estimates import Estimate, Figure, Published, Unit
from payguide.base.figure_id import band
from payguide.guide import numbers, words
from payguide.guide.svg import Caption, Frame, Scale, dot, draw, line, outline, text

#: Heights in CSS pixels.
_ROW = 26
_LANE = 24
_GAP = 14

#: The least height of a level: its name stands above its years.
_LEVEL = 44
_COMPONENTS = ("base", "total")
_STEPS = (1, 2, 2.5, 5, 10)

#: Widths in CSS pixels of a group of dots, of its figures, and of a letter of a name: a phone shows a drawing of
#: this width at its own size.
_DOTS = 372
_FIGURES = 54
_LETTER = 6.7

#: How far below a row's middle its letters stand.
_MIDDLE = 4

_ROUND = 'stroke-linecap="round"'

#: A distribution is one bar: how thick, its parts beyond the quartiles, and between them.
_BAR = 13
_OUTER, _INNER = 'opacity="0.28"', 'opacity="0.62"'

#: The most letters of a name that a drawing has room for.
_LONGEST = 27


@dataclass(frozen=True, slots=True)
class Dots:
    """Figures as dots with intervals, one a row; a row without a figure keeps its place and says so.

    `ghost` is the range the audited guide states, drawn as an outlined band; `zero` draws the line that
    effects are measured from; `from_zero` makes the axis hold zero. `folders` are those of the rows' editions where
    they are of several.
    """

    name: str
    title: str
    rows: tuple[tuple[str, Estimate | None], ...]
    ghost: tuple[float, ...] = ()
    zero: bool = True
    from_zero: bool = True
    colour: str = "base"
    folders: tuple[str, ...] = ()

    @property
    def labels(self) -> int:
        """The room for names in CSS pixels: that of the longest."""
        return round(16 + _LETTER * max(len(short(label)) for label, _ in self.rows))

    @property
    def figures(self) -> list[str]:
        """The ids of the figures, after their edition's folder where there are several."""
        folders = [f"{folder}/" for folder in self.folders] or [""] * len(self.rows)
        pairs = zip(folders, self.rows, strict=True)
        return [f"{folder}{estimate.id}" for folder, (_, estimate) in pairs if estimate is not None]

    @property
    def known(self) -> tuple[Estimate, ...]:
        """The figures there are."""
        return tuple(estimate for _, estimate in self.rows if estimate is not None)


def short(label: str) -> str:
    """A name as a drawing has room for it."""
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, at most about `most` of them."""
    rough = max(high - low, 1e-9) / most
    size = 10 ** math.floor(math.log10(rough))
    step = next(step * size for step in _STEPS if step * size >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]


# --- dots with intervals ------------------------------------------------------------------------------------


def _span(dots: Dots) -> tuple[float, float]:
    """What the axis must hold: every interval, the guide's range, and zero where it is asked for."""
    ends = [end for estimate in dots.known for end in (estimate.low, estimate.high)]
    ends += [*dots.ghost, *([0.0] if dots.from_zero else [])]
    return min(ends), max(ends)


def dots_svg(dots: Dots) -> str:
    """The SVG of dots with intervals; empty without any figure."""
    if not dots.known:
        return ""
    width = _DOTS - dots.labels - _FIGURES
    at = ticks(*_span(dots), most=max(2, width // 55))
    unit = dots.known[0].unit
    fine = int(unit in (Unit.EFFECT, Unit.SHARE) and at[1] - at[0] < 0.01 - 1e-9)
    texts = [numbers.amount(place, unit, digits=fine) for place in at]
    count = len(dots.rows)
    frame = Frame(width, count * _ROW, left=dots.labels, right=_FIGURES, top=6, bottom=26)
    scale = Scale(at, texts, width)
    marks = [scale.axis(frame.height)]
    if dots.ghost:
        low, high = scale(dots.ghost[0]), scale(dots.ghost[-1])
        marks.append(outline((low, 0), (high, frame.height), "guide", opacity=0.08))
    if dots.zero and at[0] <= 0 <= at[-1]:
        marks.append(line((scale(0), 0), (scale(0), frame.height), "ink", 1))
    for place, (label, estimate) in enumerate(dots.rows):
        y = (place + 0.5) * _ROW
        marks += _dot(dots, estimate, scale, y)
        marks.append(text((-12, y + _MIDDLE), short(label), anchor="end"))
        told = "–" if estimate is None else numbers.value(estimate)
        marks.append(text((width + _FIGURES - 4, y + _MIDDLE), told, anchor="end", bold=True))
    told = "; ".join(
        f"{label}: {numbers.value(e)} ({numbers.interval(e)})" if e else f"{label}: no figure"
        for label, e in dots.rows
    )
    return draw(marks, frame, Caption(dots.name, dots.title, f"{told}.", dots.figures))


def _dot(dots: Dots, estimate: Estimate | None, scale: Scale, y: float) -> list[str]:
    """A figure's dot on its interval. Only what differs clearly from zero is filled, where zero is the reference."""
    if estimate is None:
        return []
    sure = not dots.zero or estimate.sure
    colour = dots.colour if sure else "muted"
    return [
        line((scale(estimate.low), y), (scale(estimate.high), y), colour, 3, look=_ROUND),
        dot((scale(estimate.value), y), colour, filled=sure),
    ]


# --- salary by level ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Lane:
    """One level's pay of one component: its percentiles (None where they cannot be drawn), and its middle's distance
    from the top.
    """

    component: str
    found: Mapping[str, Estimate] | None
    y: float


@dataclass(frozen=True, slots=True)
class _Level:
    """A level's place in the chart: its distance from the top, its lanes below `head` pixels for its name."""

    level: Level
    top: float
    head: float
    lanes: tuple[_Lane, ...]

    @property
    def middle(self) -> float:
        """The middle of the room for its name: above its lanes, or beside them."""
        return self.top + (self.head or len(self.lanes) * _LANE) / 2


def drawn_components(figures: Mapping[str, Figure]) -> tuple[str, ...]:
    """The components of pay that a chart of levels shows: those of which any level has a distribution."""
    return tuple(
        component
        for component in _COMPONENTS
        if any(_distribution(figures, level, component) for level in LADDER)
    )


def _levels(figures: Mapping[str, Figure], components: Sequence[str], head: float) -> list[_Level]:
    """Every level, one below the other: the room for its name, a lane a component, and a gap."""
    step = max(head + len(components) * _LANE, _LEVEL) + _GAP
    return [
        _Level(
            level,
            place * step,
            head,
            tuple(
                _Lane(
                    component,
                    _distribution(figures, level, component),
                    place * step + head + (lane + 0.5) * _LANE,
                )
                for lane, component in enumerate(components)
            ),
        )
        for place, level in enumerate(LADDER)
    ]


def _distribution(figures: Mapping[str, Figure], level: str, component: str) -> dict[str, Estimate] | None:
    """A band's published percentiles; None without the median and the quartiles."""
    found = {q: figures.get(str(band(level, component, q))) for q in ("p10", "p25", "p50", "p75", "p90")}
    known = {q: figure.estimate for q, figure in found.items() if isinstance(figure, Published)}
    if not {"p25", "p50", "p75"} <= set(known):
        return None
    return {q: known.get(q, known["p25"] if q == "p10" else known["p75"]) for q in found}


def _stated(verdicts: Sequence[Verdict]) -> dict[str, tuple[float, ...]]:
    """The audited guide's bands by level."""
    stated = {verdict.claim.id: verdict.claim.stated for verdict in verdicts}
    found = {str(level): stated.get(f"band.{level}", ()) for level in LADDER}
    return {level: ends for level, ends in found.items() if len(ends) == 2}


def levels_svg(edition: Edition, *, narrow: bool = False) -> str:
    """Salary by level: one bar from P10 to P90, darker from P25 to P75, on it the median with its interval; the audited
    guide's band outlined.

    `narrow` is drawn for a phone: names stand above their lanes. Empty without any band.
    """
    components = drawn_components(edition.figures)
    if not components:
        return ""
    levels = _levels(edition.figures, components, _LANE if narrow else 0)
    found = [lane.found for level in levels for lane in level.lanes if lane.found]
    stated = _stated(edition.verdicts)
    ends = [one[end].value for one in found for end in ("p10", "p90")]
    ends += [end for pair in stated.values() for end in pair]
    at = ticks(min(ends), max(ends), most=4 if narrow else 8)
    currency = str(edition.manifest.get("currency", ""))
    left, right = (42, 52) if narrow else (206, 60)
    width = (_DOTS if narrow else 900) - left - right
    frame = Frame(width, round(levels[-1].lanes[-1].y + _LANE / 2), left, right, top=6, bottom=26)
    scale = Scale(at, [numbers.money(place, currency) for place in at], width)
    marks = [scale.axis(frame.height)]
    for level in levels:
        marks += _level(level, stated.get(str(level.level)), frame, scale)
    kind = "narrow" if narrow else "wide"
    caption = Caption(
        name=f"levels-{kind}",
        title=f"{' and '.join(components).capitalize()} pay by experience level",
        description="The table below gives every number of this chart.",
        figures=[name for one in found for name in dict.fromkeys(estimate.id for estimate in one.values())],
        kind=kind,
    )
    return draw(marks, frame, caption)


def _level(level: _Level, stated: Sequence[float] | None, frame: Frame, scale: Scale) -> list[str]:
    """A level's name and lanes, before what the audited guide states of it."""
    name, years = words.level_name(level.level), words.level_years(level.level)
    x, y = -frame.left, level.middle
    if level.head:
        marks = [text((x + 4, y + _MIDDLE + 4), f"{name}, {years}", bold=True)]
    else:
        marks = [
            text((x, y), name, size=14, bold=True),
            text((x, y + 18), years, "muted"),
        ]
    if stated:
        top, bottom = level.lanes[0].y - _LANE * 0.55, level.lanes[-1].y + _LANE * 0.55
        marks.append(outline((scale(stated[0]), top), (scale(stated[1]), bottom), "guide", opacity=0.07))
    for lane in level.lanes:
        marks += _lane(lane, frame, scale)
    return marks


def _lane(lane: _Lane, frame: Frame, scale: Scale) -> list[str]:
    """A distribution as one bar with its median and the median's interval; without one, the lane says so."""
    y, colour = lane.y, lane.component
    name = lane.component.capitalize()
    if lane.found is None:
        return [
            text((4, y + _MIDDLE), "not enough evidence", "muted"),
            text((-8, y + _MIDDLE), name, "muted", anchor="end"),
        ]
    at = {quantile: (scale(estimate.value), y) for quantile, estimate in lane.found.items()}
    median = lane.found["p50"]
    return [
        line(at["p10"], at["p25"], colour, _BAR, look=_OUTER),
        line(at["p25"], at["p75"], colour, _BAR, look=_INNER),
        line(at["p75"], at["p90"], colour, _BAR, look=_OUTER),
        line((scale(median.low), y), (scale(median.high), y), "ink", 2, look=_ROUND),
        dot(at["p50"], "ink", filled=False),
        text(
            (frame.width + frame.right - 3, y + _MIDDLE),
            numbers.value(median),
            colour,
            anchor="end",
            bold=True,
        ),
        text((-8, y + _MIDDLE), name, colour, anchor="end"),
    ]
