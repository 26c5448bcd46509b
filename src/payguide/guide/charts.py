"""The charts: salary by level as distributions, and groups of figures as dots with their intervals.

A chart is a frozen description turned into a Vega-Lite specification by Altair and drawn by `svg`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from payguide.base.codes import LADDER
from payguide.base.figures import Edition, Estimate, Figure, Published, Unit, Verdict
from payguide.guide import numbers, words
from payguide.guide.svg import PALETTE, Caption, Frame, config, draw

#: Heights in CSS pixels.
_ROW = 26
_LANE = 24
_COMPONENTS = ("base", "total")
_STEPS = (1, 2, 2.5, 5, 10)

#: Widths in CSS pixels of a group of dots, of its figures, and of a letter of a name: a phone shows a drawing of
#: this width at its own size.
_DOTS = 372
_FIGURES = 54
_LETTER = 6.7

#: The most letters of a name that a drawing has room for.
_LONGEST = 27


@dataclass(frozen=True, slots=True)
class Dots:
    """Figures as dots with intervals, one a row; a row without a figure keeps its place and says so.

    `ghost` is the range the published guide states, drawn as an outlined band; `zero` draws the line that
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
        return round(16 + _LETTER * max(len(_short(label)) for label, _ in self.rows))

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


def _short(label: str) -> str:
    """A name as a drawing has room for it."""
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1]}…"


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`, at most about `most` of them."""
    rough = max(high - low, 1e-9) / most
    size = 10 ** math.floor(math.log10(rough))
    step = next(step * size for step in _STEPS if step * size >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]


def _x(field: str, at: Sequence[float], texts: Sequence[str]) -> Any:
    """A horizontal axis with our own ticks and words."""
    words_by_tick = {f"{place:.6g}": text for place, text in zip(at, texts, strict=True)}
    chosen = " : ".join(
        f"abs(datum.value - {place}) < 1e-9 ? {json.dumps(text)}" for place, text in words_by_tick.items()
    )
    axis = alt.Axis(
        values=list(at),
        labelExpr=f"{chosen} : ''",
        title=None,
        grid=True,
        labelOverlap="greedy",
        labelSeparation=4,
        labelFlush=False,
    )
    return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[at[0], at[-1]], nice=False, zero=False))


def _y(field: str, rows: float) -> Any:
    """A vertical position in rows from the top; no axis."""
    return alt.Y(f"{field}:Q", axis=None, scale=alt.Scale(domain=[rows, 0], nice=False, zero=False))


def _spec(layers: Sequence[Any], frame: Frame) -> dict[str, Any]:
    """Layers as one specification of fixed layout."""
    padding = {"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom}
    chart = alt.layer(*layers).properties(
        width=frame.width, height=frame.height, padding=padding, autosize=alt.AutoSizeParams(type="none")
    )
    # the description is ours, and the tests draw it: to check it against Vega-Lite's schema costs more than to make it
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["config"] = config()
    return spec


def _data(rows: Sequence[Mapping[str, object]]) -> Any:
    return alt.Data(values=[dict(row) for row in rows])


# --- dots with intervals ------------------------------------------------------------------------------------


def _dot_rows(dots: Dots) -> list[dict[str, object]]:
    """One row of data a figure. Only what can be told from zero is filled, where zero is the reference."""
    rows: list[dict[str, object]] = []
    for place, (label, estimate) in enumerate(dots.rows):
        row: dict[str, object] = {"y": place + 0.5, "label": _short(label)}
        if estimate is None:
            rows.append({**row, "text": "–"})
            continue
        sure = not dots.zero or estimate.low > 0 or estimate.high < 0
        colour = PALETTE[dots.colour if sure else "muted"]
        rows.append(
            {
                **row,
                "low": estimate.low,
                "high": estimate.high,
                "value": estimate.value,
                "text": numbers.value(estimate),
                "colour": colour,
                "fill": colour if sure else PALETTE["paper"],
            }
        )
    return rows


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
    x, y = _x("low", at, texts), _y("y", count)
    colour = alt.Color("colour:N", scale=None, legend=None)
    rows = _dot_rows(dots)
    base = alt.Chart(_data([row for row in rows if "value" in row])).encode(y=y)
    named = alt.Chart(_data(rows)).encode(y=y)
    layers: list[Any] = []
    if dots.ghost:
        layers.append(_ghost(dots.ghost, count, x))
    if dots.zero:
        zero = alt.Chart(_data([{"low": 0}])).mark_rule(color=PALETTE["ink"], strokeWidth=1)
        layers.append(zero.encode(x=x))
    layers += [
        base.mark_rule(strokeWidth=3, strokeCap="round").encode(x=x, x2="high:Q", color=colour),
        base.mark_point(size=64, strokeWidth=2, opacity=1).encode(
            x=alt.X("value:Q"), stroke=colour, fill=alt.Fill("fill:N", scale=None, legend=None)
        ),
        named.mark_text(align="right", baseline="middle").encode(x=alt.value(-12), text="label:N"),
        named.mark_text(align="right", baseline="middle", fontWeight="bold").encode(
            x=alt.value(width + _FIGURES - 4), text="text:N"
        ),
    ]
    told = "; ".join(
        f"{label}: {numbers.value(e)} ({numbers.interval(e)})" if e else f"{label}: no figure"
        for label, e in dots.rows
    )
    return draw(_spec(layers, frame), Caption(dots.name, dots.title, f"{told}.", dots.figures))


def _ghost(ends: Sequence[float], rows: float, x: Any) -> Any:
    """The published guide's range as an outline over all rows."""
    data = _data([{"low": ends[0], "end": ends[-1], "y": 0, "y2": rows}])
    mark = alt.Chart(data).mark_rect(
        fill=PALETTE["guide"], fillOpacity=0.08, stroke=PALETTE["guide"], strokeDash=[4, 3], strokeWidth=1.2
    )
    return mark.encode(x=x, x2="end:Q", y=_y("y", rows), y2="y2:Q")


# --- salary by level ----------------------------------------------------------------------------------------


def _lanes(edition: Edition, head: float) -> tuple[list[dict[str, object]], list[dict[str, object]], float]:
    """The lanes that can be drawn, those that cannot, and the height in lanes.

    Each level takes `head` lanes of room for its name, one lane for base and one for total pay, and a gap.
    """
    drawn: list[dict[str, object]] = []
    missing: list[dict[str, object]] = []
    step = head + len(_COMPONENTS) + 0.6
    for place, level in enumerate(LADDER):
        for lane, component in enumerate(_COMPONENTS):
            found = _distribution(edition.figures, f"band.{level}.{component}")
            row: dict[str, object] = {"y": place * step + head + lane + 0.5, "lane": component.capitalize()}
            if found is None:
                missing.append({**row, "text": "not enough evidence"})
                continue
            median = found["p50"]
            row |= {quantile: estimate.value for quantile, estimate in found.items()}
            row |= {"low": median.low, "high": median.high, "text": numbers.value(median)}
            ids = " ".join(dict.fromkeys(estimate.id for estimate in found.values()))
            drawn.append({**row, "colour": PALETTE[component], "figures": ids})
    return drawn, missing, len(LADDER) * step - 0.6


def _distribution(figures: Mapping[str, Figure], stem: str) -> dict[str, Estimate] | None:
    """A band's published percentiles; None without the median and the quartiles."""
    found = {q: figures.get(f"{stem}.{q}") for q in ("p10", "p25", "p50", "p75", "p90")}
    known = {q: figure.estimate for q, figure in found.items() if isinstance(figure, Published)}
    if not {"p25", "p50", "p75"} <= set(known):
        return None
    return {q: known.get(q, known["p25"] if q == "p10" else known["p75"]) for q in found}


def _stated(verdicts: Sequence[Verdict], head: float) -> list[dict[str, object]]:
    """The published guide's bands as outlines around their level's lanes."""
    step = head + len(_COMPONENTS) + 0.6
    stated = {verdict.claim.id: verdict.claim.stated for verdict in verdicts}
    return [
        {"low": ends[0], "end": ends[1], "y": place * step + head - 0.05, "y2": place * step + head + 2.05}
        for place, level in enumerate(LADDER)
        if len(ends := stated.get(f"band.{level}", ())) == 2
    ]


def levels_svg(edition: Edition, *, narrow: bool = False) -> str:
    """Salary by level: P10-P90 thin, P25-P75 thick, the median with its interval, the guide's band outlined.

    `narrow` is drawn for a phone: names stand above their lanes. Empty without any band.
    """
    head = 1.0 if narrow else 0.0
    drawn, missing, lanes = _lanes(edition, head)
    if not drawn:
        return ""
    ghosts = _stated(edition.verdicts, head)
    ends = [float(str(row[end])) for row in drawn for end in ("p10", "p90")]
    ends += [float(str(ghost[end])) for ghost in ghosts for end in ("low", "end")]
    at = ticks(min(ends), max(ends), most=4 if narrow else 8)
    currency = str(edition.manifest.get("currency", "USD"))
    texts = [numbers.money(place, currency) for place in at]
    left, right = (42, 52) if narrow else (206, 60)
    width = (_DOTS if narrow else 900) - left - right
    frame = Frame(width, round(lanes * _LANE), left, right, top=6, bottom=26)
    layers = [
        *_bands(drawn, ghosts, _x("low", at, texts), lanes, width),
        *_level_names(lanes, head, left),
        *([_gaps(missing, lanes)] if missing else []),
    ]
    kind = "narrow" if narrow else "wide"
    caption = Caption(
        name=f"levels-{kind}",
        title="Base and total pay by experience level",
        description="The table below gives every number of this chart.",
        figures=[str(row["figures"]) for row in drawn],
        kind=kind,
    )
    return draw(_spec(layers, frame), caption)


def _bands(
    drawn: Sequence[Mapping[str, object]],
    ghosts: Sequence[Mapping[str, object]],
    x: Any,
    lanes: float,
    width: int,
) -> list[Any]:
    """The distributions and the outlines behind them."""
    colour = alt.Color("colour:N", scale=None, legend=None)
    base = alt.Chart(_data(drawn)).encode(y=_y("y", lanes))
    outline = alt.Chart(_data(ghosts)).mark_rect(
        fill=PALETTE["guide"], fillOpacity=0.07, stroke=PALETTE["guide"], strokeDash=[4, 3], strokeWidth=1.2
    )
    return [
        outline.encode(x=x, x2="end:Q", y=_y("y", lanes), y2="y2:Q"),
        base.mark_rule(strokeWidth=1.5).encode(x=alt.X("p10:Q"), x2="p90:Q", color=colour),
        base.mark_rule(strokeWidth=12, opacity=0.32).encode(x=alt.X("p25:Q"), x2="p75:Q", color=colour),
        base.mark_rule(strokeWidth=4, strokeCap="round").encode(x=x, x2="high:Q", color=colour),
        base.mark_point(size=70, strokeWidth=2, opacity=1, fill=PALETTE["paper"]).encode(
            x=alt.X("p50:Q"), stroke=colour
        ),
        base.mark_text(align="right", baseline="middle", fontWeight="bold").encode(
            x=alt.value(width + 56 if width > 400 else width + 50), text="text:N", color=colour
        ),
        base.mark_text(align="right", baseline="middle").encode(x=alt.value(-8), text="lane:N", color=colour),
    ]


def _level_names(lanes: float, head: float, left: int) -> list[Any]:
    """Each level's name and years: beside its lanes, or above them where `head` makes room."""
    step = head + len(_COMPONENTS) + 0.6
    names = [
        {
            "y": place * step + (head or len(_COMPONENTS)) / 2,
            "name": words.level_name(level),
            "years": words.level_years(level),
        }
        for place, level in enumerate(LADDER)
    ]
    base = alt.Chart(_data(names)).encode(y=_y("y", lanes))
    if head:
        for row in names:
            row["name"] = f"{row['name']}, {row['years']}"
        narrow = alt.Chart(_data(names)).encode(y=_y("y", lanes))
        return [
            narrow.mark_text(align="left", fontWeight="bold", dy=4).encode(
                x=alt.value(4 - left), text="name:N"
            )
        ]
    shared = {"align": "left"}
    return [
        base.mark_text(**shared, fontWeight="bold", fontSize=14, dy=-4).encode(
            x=alt.value(-left), text="name:N"
        ),
        base.mark_text(**shared, dy=14, color=PALETTE["muted"]).encode(x=alt.value(-left), text="years:N"),
    ]


def _gaps(missing: Sequence[Mapping[str, object]], lanes: float) -> Any:
    """The lanes without a distribution say so."""
    base = alt.Chart(_data(missing)).encode(y=_y("y", lanes))
    return alt.layer(
        base.mark_text(align="left", baseline="middle", color=PALETTE["muted"]).encode(
            x=alt.value(4), text="text:N"
        ),
        base.mark_text(align="right", baseline="middle", color=PALETTE["muted"]).encode(
            x=alt.value(-8), text="lane:N"
        ),
    )
