"""An offer's pay year by year: base, bonus, sign-on, equity as it vests, refreshers. Plain arithmetic.

The page does the same in `scripts/offers.js`; the two are tested against each other. Amounts are annual, in one
currency, before tax and not discounted. A share is worth its price at the grant times (1 + growth)^years when
it vests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

#: The years that are looked at.
YEARS: Final = 4
_YEAR: Final = 12

#: Vesting schedules that offers name, by what a reader calls them: the share that vests in each year, in percent.
SCHEDULES: Final = {
    "Four years, equal": (25.0, 25.0, 25.0, 25.0),
    "Four years, front-loaded": (33.0, 33.0, 22.0, 12.0),
    "Four years, falling": (40.0, 30.0, 20.0, 10.0),
    "Four years, back-loaded": (5.0, 15.0, 40.0, 40.0),
    "Three years, equal": (100 / 3, 100 / 3, 100 / 3),
    "Two years, equal": (50.0, 50.0),
}

#: Growth is looked for between a loss of nine tenths a year and a doubling.
_LEAST, _MOST, _STEP = -0.9, 1.0, 0.01


@dataclass(frozen=True, slots=True)
class Offer:
    """`bonus` a year; `sign_on` in the first and in the second year; `grant` at its price of the start, vesting by
    `schedule` (shares of one a year) every so many months (`every`, which divides twelve) after a `cliff` in
    months; `refresher` granted at the end of each year, vesting evenly over `refresher_years`; `growth` of the
    share price a year. Shares that cannot be sold count by their owner's own assumptions: the `chance` that they ever
    can be, and the `discount` for the wait.
    """

    base: float
    bonus: float = 0.0
    sign_on: tuple[float, float] = (0.0, 0.0)
    grant: float = 0.0
    schedule: tuple[float, ...] = (0.25, 0.25, 0.25, 0.25)
    cliff: int = 12
    every: int = 3
    refresher: float = 0.0
    refresher_years: int = 4
    growth: float = 0.0
    chance: float = 1.0
    discount: float = 0.0


@dataclass(frozen=True, slots=True)
class Year:
    """What one year pays."""

    base: float
    bonus: float
    sign_on: float
    equity: float
    refreshers: float

    @property
    def total(self) -> float:
        """All of it."""
        return self.base + self.bonus + self.sign_on + self.equity + self.refreshers


def vested(schedule: Sequence[float], cliff: int, every: int, months: int) -> float:
    """The share of a grant that has vested after so many months; nothing before the cliff."""
    if months < cliff:
        return 0.0
    held = min(max(months // every * every, cliff), _YEAR * len(schedule))
    whole, rest = divmod(held, _YEAR)
    return sum(schedule[:whole]) + (schedule[whole] * rest / _YEAR if rest else 0.0)


def _tranches(schedule: Sequence[float], cliff: int, every: int) -> Iterator[tuple[int, float]]:
    """(month, share of the grant that vests in it)."""
    before = 0.0
    for month in range(1, _YEAR * len(schedule) + 1):
        now = vested(schedule, cliff, every, month)
        if now > before:
            yield month, now - before
            before = now


def _paid(value: float, start: int, tranches: Iterator[tuple[int, float]], growth: float) -> list[float]:
    """What a grant made at month `start` pays in each of the years."""
    paid = [0.0] * YEARS
    for month, share in tranches:
        year = (start + month - 1) // _YEAR
        if year < YEARS:
            paid[year] += value * share * (1 + growth) ** (month / _YEAR)
    return paid


def years(offer: Offer) -> tuple[Year, ...]:
    """The years of an offer."""
    first = _paid(offer.grant, 0, _tranches(offer.schedule, offer.cliff, offer.every), offer.growth)
    even = (1 / offer.refresher_years,) * offer.refresher_years
    later = [0.0] * YEARS
    for start in range(_YEAR, _YEAR * YEARS, _YEAR):
        paid = _paid(offer.refresher, start, _tranches(even, 0, offer.every), offer.growth)
        later = [one + other for one, other in zip(later, paid, strict=True)]
    sign_on, worth = (*offer.sign_on, 0.0, 0.0), offer.chance * (1 - offer.discount)
    return tuple(
        Year(offer.base, offer.bonus, sign_on[year], first[year] * worth, later[year] * worth)
        for year in range(YEARS)
    )


def total(offer: Offer) -> float:
    """What all the years pay together."""
    return sum(year.total for year in years(offer))


def equal_growth(one: Offer, other: Offer) -> float | None:
    """The growth a year of both share prices at which the two offers pay the same; the nearest to none where
    there are several; None where there is none within reach.
    """

    def gap(growth: float) -> float:
        return total(replace(one, growth=growth)) - total(replace(other, growth=growth))

    steps = [_LEAST + _STEP * k for k in range(round((_MOST - _LEAST) / _STEP) + 1)]
    gaps = [gap(step) for step in steps]
    crossed = [k for k in range(len(steps) - 1) if (gaps[k] < 0) != (gaps[k + 1] < 0)]
    if not crossed:
        return None
    low = steps[min(crossed, key=lambda k: abs(steps[k]))]
    high, rising = low + _STEP, gap(low) < 0
    for _ in range(50):
        middle = (low + high) / 2
        if (gap(middle) < 0) == rising:
            low = middle
        else:
            high = middle
    return low
