"""Ageing: pay stated on one day, put at another day's level by a published wage index.

    pay(then) = pay(stated) x index(then) / index(stated)

which is v(1 + r)^(m/12) with the index's own growth r over the m months. The index, each of its values and
where it was read is data: ageing.toml. Between two values the index grows evenly on the log scale; before
the first and after the last it goes on at the nearest published 12-month rate, and says that it was
extrapolated.

Assumes that this market's pay moved as all professionals' did. What breaks it: a market that outran the
index (machine learning may have since 2021); sources of different ages then disagree, which the blend
shows.
"""

from __future__ import annotations

import math
import tomllib
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Index:
    """A wage index: ascending days (ordinals) and the logs of its values, and what to call it."""

    title: str
    days: tuple[int, ...]
    logs: tuple[float, ...]

    def log_at(self, day: date) -> float:
        """The log of the index on a day."""
        position = day.toordinal()
        right = min(max(bisect_right(self.days, position), 1), len(self.days) - 1)
        # outside the published values, the nearest full year's rate: four quarters from the end
        if position < self.days[0]:
            return self._line(position, 0, 4)
        if position > self.days[-1]:
            return self._line(position, -5, -1)
        return self._line(position, right - 1, right)

    def _line(self, position: int, first: int, second: int) -> float:
        """The straight line on the log scale through two published values."""
        start, end = self.days[first], self.days[second]
        slope = (self.logs[second] - self.logs[first]) / (end - start)
        anchor = first if position < start else second
        return self.logs[anchor] + slope * (position - self.days[anchor])

    def extrapolated(self, day: date) -> bool:
        """Whether the day lies outside the published values."""
        return not self.days[0] <= day.toordinal() <= self.days[-1]


@dataclass(frozen=True, slots=True)
class Ageing:
    """The factor that takes pay stated on `stated` to `then`; `extrapolated` where the index was."""

    stated: date
    then: date
    factor: float
    extrapolated: bool


@cache
def wage_index() -> Index:
    """The index of ageing.toml."""
    data = tomllib.loads((files("payguide.fit") / "ageing.toml").read_text(encoding="utf-8"))
    rows = sorted(data["values"], key=lambda row: row["date"])
    return Index(
        title=data["index"]["title"],
        days=tuple(row["date"].toordinal() for row in rows),
        logs=tuple(math.log(row["value"]) for row in rows),
    )


def age(stated: date, then: date) -> Ageing:
    """The ageing of pay from the day it was stated to another day."""
    index = wage_index()
    factor = math.exp(index.log_at(then) - index.log_at(stated))
    return Ageing(stated, then, factor, index.extrapolated(stated) or index.extrapolated(then))


def last_value() -> date:
    """The day of the newest published value."""
    return date.fromordinal(wage_index().days[-1])
