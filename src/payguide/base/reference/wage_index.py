"""Published wage indices, by which pay stated on one day is put at another day's level (wage_index/*.toml).

    pay(then) = pay(stated) x index(then) / index(stated)

which is v(1 + r)^(m/12) with the index's own growth r over the m months. Between two values the index grows evenly on
the log scale; before the first and after the last it goes on at the nearest published 12-month rate.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import cache

from payguide.base.reference import data


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

    def factor(self, stated: date, then: date) -> float:
        """What takes pay stated on one day to another day's level."""
        return math.exp(self.log_at(then) - self.log_at(stated))

    @property
    def last(self) -> date:
        """The day of the newest published value."""
        return date.fromordinal(self.days[-1])


@cache
def wage_index(name: str) -> Index:
    """The index of a name, as a country's file has it.

    Raises:
        FileNotFoundError: there is no such index.
    """
    found = data.table("wage_index", name)
    rows = sorted(found["values"], key=lambda row: row["date"])
    return Index(
        title=found["index"]["title"],
        days=tuple(row["date"].toordinal() for row in rows),
        logs=tuple(math.log(row["value"]) for row in rows),
    )
