"""Whose pay an edition is of: the market's shares of people, how well they are known, and how far the headline figures
hang on the share of the top tiers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from scipy import special

from payguide.base.codes import LADDER, TOP_TIERS
from payguide.base.edition import Edition
from payguide.base.figure_id import band, figure_id
from payguide.guide import words
from payguide.guide.shares_chart import Bar, Group
from payguide.guide.shown import Shown, show

#: The dimensions in the page's order, with their table of words, and those that the chart draws.
_TITLES: Final = {
    "tier": "Employer tier", "level": "Level", "metro": "Place", "remote": "Where the work is done",
    "industry": "Industry",
}  # fmt: skip
_DRAWN: Final = ("tier", "level", "metro", "remote")
#: How many places are drawn by themselves.
_PLACES: Final = 8


@dataclass(frozen=True, slots=True)
class Margin:
    """The shares by one dimension: what tells them, and as a count of how many people they are exact. `stated` is
    whether the market states them at all; who does not say has them as the evidence does.
    """

    key: str
    title: str
    stated: bool
    reference: str = ""
    certainty: float | None = None
    assumed: bool = False

    @property
    def known(self) -> float:
        """How well it is known, to compare with others."""
        return 0.0 if self.assumed else self.certainty or math.inf


@dataclass(frozen=True, slots=True)
class Moved:
    """A level's median of base and of total pay, each with how far it moves where the top tiers have half or twice
    their share.
    """

    name: str
    cells: tuple[tuple[str, Shown], ...]


@dataclass(frozen=True, slots=True)
class Whose:
    """All that the section shows. `top` is the top tiers' share, None where the market states no shares by tier;
    `within` the bias within a tier that intervals allow for.
    """

    origin: str
    date: str
    tier: Margin
    least: bool
    margins: tuple[Margin, ...]
    groups: tuple[Group, ...]
    top: float | None
    moved: tuple[Moved, ...]
    within: float | None


def whose(edition: Edition, coverage: float) -> Whose | None:
    """Whose pay the edition is of; None where it does not say. Intervals of shares have the coverage."""
    market: Any = edition.manifest.get("market")
    if not market:
        return None
    told: Mapping[str, Any] = market["margins"]
    margins = tuple(_margin(key, title, told.get(key)) for key, title in _TITLES.items())
    tier = told.get("tier")
    rows = [_moved(edition, level) for level in ("any", *map(str, LADDER))]
    return Whose(
        origin=market["origin"],
        date=market["date"],
        tier=margins[0],
        least=all(margins[0].known <= one.known for one in margins if one.stated),
        margins=margins,
        groups=tuple(_group(key, told[key], coverage) for key in _DRAWN if told.get(key)),
        top=math.fsum(tier["shares"].get(one, 0.0) for one in TOP_TIERS) if tier else None,
        moved=tuple(row for row in rows if any(shown.published for _, shown in row.cells[1:3])),
        within=market.get("within_cell"),
    )


def _margin(key: str, title: str, told: Mapping[str, Any] | None) -> Margin:
    if told is None:
        return Margin(key, title, stated=False)
    return Margin(key, title, True, told["reference"], told["certainty"], told["assumed"])


def _group(key: str, told: Mapping[str, Any], coverage: float) -> Group:
    shares: Mapping[str, float] = told["shares"]
    some = [name for name, share in shares.items() if share > 0]
    if key == "metro":
        named = sorted((name for name in some if name.isdigit()), key=lambda name: -shares[name])[:_PLACES]
    else:
        named = sorted(some, key=lambda name: -shares[name]) if key == "tier" else some
    bars = [_bar(_name(key, name), shares[name], told["certainty"], coverage) for name in named]
    rest = math.fsum(shares[name] for name in some if name not in named)
    if rest:
        bars.append(_bar("All other places", rest, told["certainty"], coverage))
    return Group(_TITLES[key], tuple(bars))


def _name(key: str, value: str) -> str:
    if key == "metro":
        return words.place_name(value) or f"Metro {value}"
    return words.level_name(value) if key == "level" else words.word(key, value)


def _bar(name: str, share: float, certainty: float | None, coverage: float) -> Bar:
    """A share with its interval: of a Dirichlet distribution each is Beta by itself."""
    if certainty is None or share >= 1:
        return Bar(name, share, share, share)
    a, b = certainty * share, certainty * (1 - share)
    low, high = (float(special.betaincinv(a, b, 0.5 + side * coverage / 2)) for side in (-1, 1))
    return Bar(name, share, low, high)


def _moved(edition: Edition, level: str) -> Moved:
    cells = []
    for component in ("base", "total"):
        cells.append((component.capitalize(), show(edition.figures, band(level, component))))
        for change, said in (("top_halved", "Halved"), ("top_doubled", "Doubled")):
            figure = figure_id("market", level=level, component=component, change=change)
            cells.append((said, show(edition.figures, figure)))
    return Moved(words.level_name(level), tuple(cells))
