"""Salary by experience level: bands with what they rest on, every percentile, and the official yardstick."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

from payguide.base.codes import LADDER, Duty
from payguide.base.edition import Edition, Verdict
from payguide.base.estimates import Published
from payguide.base.figure_id import band as band_id
from payguide.base.figure_id import figure_id, of_form
from payguide.guide import words
from payguide.guide.shown import Shown, show

QUANTILES = ("p10", "p25", "p50", "p75", "p90")

#: The duties that tell levels apart; the others say what the role itself does.
LEVEL_DUTIES = (
    Duty.GUIDED, Duty.END_TO_END, Duty.MENTOR, Duty.CROSS_TEAM, Duty.STANDARDS, Duty.DIRECTION,
    Duty.BUILD_OR_BUY, Duty.REPRESENT,
)  # fmt: skip

#: How many duties a card names.
_MOST_DUTIES = 3


@dataclass(frozen=True, slots=True)
class Band:
    """One distribution: a component of pay at one level, P10 to P90."""

    component: str
    name: str
    quantiles: tuple[Shown, ...]

    @property
    def known(self) -> bool:
        """Whether any of it is published."""
        return any(shown.published for shown in self.quantiles)

    @property
    def median(self) -> Shown:
        """P50."""
        return self.quantiles[2]

    @property
    def low(self) -> Shown:
        """P25."""
        return self.quantiles[1]

    @property
    def high(self) -> Shown:
        """P75."""
        return self.quantiles[3]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a level's base pay rests on: the years of its first and last source (the mean of each), and the year by
    which half of its data points were stated.
    """

    first: int
    last: int
    half: int


@dataclass(frozen=True, slots=True)
class Card:
    """One level: bands at all employers and at the top tier, what they rest on, its commonest duties, its claim's
    verdict.
    """

    level: str
    name: str
    years: str
    bands: tuple[Band, ...]
    top: tuple[Band, ...]
    basis: Basis | None
    duties: tuple[Shown, ...]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Official:
    """One occupation of the official statistics, national, base pay."""

    name: str
    quantiles: tuple[Shown, ...]


def band(edition: Edition, level: str, component: str, *, top: bool = False) -> Band:
    """The distribution of one component of pay at one level."""
    shown = tuple(show(edition.figures, band_id(level, component, q, top=top)) for q in QUANTILES)
    return Band(component, words.word("components", component), shown)


def _duties(edition: Edition, level: str) -> tuple[Shown, ...]:
    """The level's commonest duties, by the share of its postings that state each."""
    found = [edition.figures.get(str(figure_id("duty", level=level, duty=duty))) for duty in LEVEL_DUTIES]
    known = [figure.estimate for figure in found if isinstance(figure, Published)]
    ranked = sorted(known, key=lambda estimate: (-estimate.value, estimate.id))
    return tuple(show(edition.figures, estimate.id) for estimate in ranked[:_MOST_DUTIES])


def _basis(edition: Edition, level: str) -> Basis | None:
    """When a level's base pay was stated; None where its median is not published or names no source."""
    median = edition.figures.get(str(band_id(level, "base")))
    sources = median.estimate.sources if isinstance(median, Published) else ()
    if not sources:
        return None
    dated = sorted((source.mean_date.year, source.n) for source in sources)
    counts = list(accumulate(n for _, n in dated))
    return Basis(dated[0][0], dated[-1][0], dated[bisect_left(counts, counts[-1] / 2)][0])


def cards(edition: Edition) -> list[Card]:
    """The four levels in rising order."""
    judged = {verdict.claim.id: verdict for verdict in edition.verdicts}
    return [
        Card(
            level=str(level),
            name=words.level_name(level),
            years=words.level_years(level),
            bands=tuple(band(edition, level, component) for component in ("base", "total")),
            top=tuple(band(edition, level, component, top=True) for component in ("base", "total")),
            basis=_basis(edition, level),
            duties=_duties(edition, level),
            verdict=judged.get(f"band.{level}"),
        )
        for level in LADDER
    ]


def official(edition: Edition) -> list[Official]:
    """The national official statistics of the occupations that hold the role."""
    national = of_form(edition.figures, "official")
    rows = [
        Official(
            words.word("official", code),
            tuple(
                show(edition.figures, figure_id("official", occupation=code, statistic=q)) for q in QUANTILES
            ),
        )
        for code in dict.fromkeys(one.get("occupation") for one in national)
    ]
    return [row for row in rows if any(shown.published for shown in row.quantiles)]
