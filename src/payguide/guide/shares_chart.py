"""The chart of whose pay an edition is: a bar to each share of people, in groups, with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from payguide.guide import numbers
from payguide.guide.charts import short
from payguide.guide.svg import Caption, Frame, draw, line, text

#: In CSS pixels: a row, a group's head, the room for names and for shares, the whole, and how far below a row's middle
#: its letters stand.
_ROW, _HEAD = 21, 30
_LABELS, _SHARES, _WIDE = 196, 44, 372
_MIDDLE = 4

NAME: Final = "market-shares"


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of people, and the interval that its certainty gives it: none where it is taken as it stands."""

    name: str
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """The shares by one dimension, which add up to one."""

    title: str
    bars: tuple[Bar, ...]


def shares_svg(groups: Sequence[Group]) -> str:
    """The SVG of groups of shares; empty without any."""
    if not groups:
        return ""
    bars = [bar for group in groups for bar in group.bars]
    wide = _WIDE - _LABELS - _SHARES
    scale = wide / max(bar.high for bar in bars)
    height = sum(_HEAD + _ROW * len(group.bars) for group in groups)
    told = "; ".join(
        f"{group.title}: {', '.join(f'{bar.name} {numbers.percent(bar.share)}' for bar in group.bars)}"
        for group in groups
    )
    caption = Caption(NAME, "Whose pay this is: shares of people", f"{told}.", ())
    return draw(_marks(groups, scale, wide), Frame(wide, height, _LABELS, _SHARES), caption)


def _marks(groups: Sequence[Group], scale: float, wide: float) -> Iterator[str]:
    y = 0.0
    for group in groups:
        yield text((-_LABELS + 4, y + _HEAD - 10), group.title, bold=True)
        y += _HEAD
        for bar in group.bars:
            middle = y + _ROW / 2
            yield line((0, middle), (bar.share * scale, middle), "base", 11, look='opacity="0.4"')
            yield line((bar.low * scale, middle), (bar.high * scale, middle), "ink", 1.5)
            yield text((-8, middle + _MIDDLE), short(bar.name), anchor="end")
            yield text(
                (wide + _SHARES - 4, middle + _MIDDLE), numbers.percent(bar.share), "muted", anchor="end"
            )
            y += _ROW
