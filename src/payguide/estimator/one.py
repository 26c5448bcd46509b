"""One profile at a time: `encode` and `evaluate` in plain numbers, which for a single profile cost a fiftieth.

Who answers single questions (a command, a server) asks this. It reads the same tables and agrees with the arrays to the
last digit, on any profile (tests/estimator/test_one.py).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from payguide.base.reference.levels import level_of_years
from payguide.estimator.encode import FeatureEncoder, several, years_of
from payguide.estimator.evaluate import ComponentModel, EffectTable
from payguide.estimator.features import DAYS_A_YEAR, LEVELS, NOT_KNOWN, PLAIN

_NAMELESS: Final = frozenset({None, *NOT_KNOWN})


@dataclass(frozen=True, slots=True)
class Given:
    """A profile in numbers: the value number of each dimension, -1 where not known; the years of experience, or those
    that stand for the level; day; years since the first day, held within the evidence's.
    """

    values: dict[str, int]
    filled: float
    log_years: float
    day: int
    time: float


def line(x: float, knots: Sequence[float], values: Sequence[float]) -> float:
    """A line through (knots, values) at x; beyond the ends, the end's value."""
    right = bisect_right(knots, x)
    if right == 0:
        return values[0]
    if right == len(knots):
        return values[-1]
    left = right - 1
    slope = (values[right] - values[left]) / (knots[right] - knots[left])
    return slope * (x - knots[left]) + values[left]


def encode_one(encoder: FeatureEncoder, profile: Mapping[str, Any]) -> Given:
    """The profile in numbers. Raises as `encode`."""
    cut, told = encoder.cut, profile.get
    values = {name: encoder.numbers[name].get(told(name) or "", -1) for name in PLAIN}
    values["grade"], values["step"], graded = encoder.grade(told("grade"))
    day = encoder.day(told("date"), 1)
    years, tenure = (
        years_of(told("years"), "years of experience"),
        years_of(told("tenure"), "years with the employer"),
    )
    level, named = values.pop("level"), told("employer") not in _NAMELESS
    at = cut["of_level"].get(LEVELS[level], cut["centre"]) if level >= 0 else cut["centre"]
    filled = at if years is None else years
    time = (min(max(day, encoder.origin), encoder.last) - encoder.origin) / DAYS_A_YEAR
    values |= _lacking(values, level, years, graded=graded, named=named)
    values |= {
        "level_alone": level if years is None else -1,
        "level_beside": -1 if years is None or graded or level == LEVELS.index(level_of_years(years)) else level,
        "years_band": -1 if years is None else bisect_right(cut["band"], years),
        "years_step": -1 if years is None else bisect_right(cut["step"], years),
        "tenure_step": -1 if tenure is None else bisect_right(cut["tenure"], tenure),
        "half": math.floor(time * 2), "year": math.floor(time + 0.5),
        "tells_tenure": -1 if tenure is None else 0,
        "tells_focus": -1 if values["focus"] < 0 else 0,
    }  # fmt: skip
    special = set(several(told("specialisation") or ()))
    values |= {f"is_{name}": 0 if name in special else -1 for name in encoder.specialisations}
    log_years = math.log((filled + cut["shift"]) / (cut["centre"] + cut["shift"]))
    return Given(values, filled, log_years, day, time)


def _lacking(
    values: Mapping[str, int], level: int, years: float | None, *, graded: bool, named: bool
) -> dict[str, int]:
    """The dimensions that say what a profile lacks."""
    experience = 0 if years is not None else 1 if level >= 0 else 2
    employer = 0 if values["employer"] >= 0 else 1 if named else 2
    place = int(values["metro"] < 0 and values["region"] < 0)
    state = ((experience * 2 + (not graded)) * 3 + employer) * 2 + place
    return {
        "pattern": state or -1, "state": state, "whole": int(state > 0),
        "no_experience": experience or -1, "no_grade": -1 if graded else 1, "no_place": place or -1,
    }  # fmt: skip


#: A table: the place of its combination among all that are asked for, its slope and driver, and its effects.
_Asked = tuple[int, str | None, str, Callable[[int], Any]]


class OneProfile:
    """A component ready for single profiles."""

    def __init__(self, part: ComponentModel, encoder: FeatureEncoder) -> None:
        self.part, self.encoder, file = part, encoder, part.part
        self.combinations: dict[tuple[str, ...], int] = {}
        self.mean, self.scale, self.shape, self.counts = (
            [self._asked(table) for table in tables]
            for tables in (part.mean, part.scale, part.shape, part.counts)
        )
        self.sizes: dict[str, int] = part.part["sizes"]
        self.kinds: list[int] = file["blend"]["kind"]
        self.at_counts = part.at_counts.tolist()
        self.quantiles = part.quantiles.tolist()
        self.shares = list(zip(*file["blend"]["shares"], strict=True))
        self.roles = len(file["vocabulary"]["role"])

    def _asked(self, table: EffectTable) -> _Asked:
        place = self.combinations.setdefault(tuple(table.by), len(self.combinations))
        effects = dict(zip(table.keys.tolist(), table.effects[:-1].tolist(), strict=True))
        return place, table.over, table.driver, effects.get

    def evaluate(self, profile: Mapping[str, Any]) -> tuple[list[float], int, float, dict[str, float]]:
        """Points (q), evidence, reference and drivers on the log scale of a profile. Raises as `encode`."""
        given, file = encode_one(self.encoder, profile), self.part.part
        slopes = {None: 1.0, "time": given.time, "log_years": given.log_years}
        codes = self._codes(given, self._sources(given))
        index = self._index(given.day)
        curve = line(given.filled, self.part.years, file["mean"]["years"])
        trend = line(given.time, file["mean"]["time_knots"], file["mean"]["time"])
        drivers = {"experience": curve, "date": trend + index}
        mean = file["mean"]["intercept"][0] + curve + trend
        for place, over, driver, effect in self.mean:
            added = slopes[over] * sum(weight * (effect(code) or 0.0) for weight, code in codes[place])
            mean += added
            drivers[driver] = drivers.get(driver, 0.0) + added
        counts = [sum(effect(code) or 0.0 for _, code in codes[place]) for place, _, _, effect in self.counts]
        size = self._size(given, mean, counts, codes)
        around = sorted(mean + size * z for z in self._z(codes))
        drivers["asymmetry"] = around[self.part.middle] - mean
        n = next((count for count in counts if count > 0), 0.0)
        shift = file["centre"] + index
        return [math.exp(z + shift) for z in around], int(n), *self._against(given, drivers)

    def _sources(self, given: Given) -> list[tuple[int, float]]:
        """The sources that a profile's answer is averaged over, each with its weight (`evaluate.blend`)."""
        held, source, kind = self.part.part["blend"], given.values["source"], given.values["kind"]
        if source >= 0:
            return [(source, 1.0)]
        at = (given.day - self.part.part["origin"]) / DAYS_A_YEAR
        weights = [line(at, held["time"], share) for share in self.shares]
        if kind >= 0:
            narrowed = [weight * (k == kind) for weight, k in zip(weights, self.kinds, strict=True)]
            asked = [n * (k == kind) for n, k in zip(held["n"], self.kinds, strict=True)]
            weights = narrowed if sum(narrowed) >= 1e-9 else asked
        total = sum(weights)
        return [(s, weight / total) for s, weight in enumerate(weights) if weight > 0]

    def _codes(self, given: Given, sources: Sequence[tuple[int, float]]) -> list[Sequence[tuple[float, int]]]:
        """The number of each combination that tables ask for, with weight 1; of those that tell sources or kinds apart
        one of each, with its weight. None where a value is not known.
        """
        kinds: dict[int, float] = {}
        for source, weight in sources:
            kinds[self.kinds[source]] = kinds.get(self.kinds[source], 0.0) + weight
        by_kind = [({"source": -1, "kind": kind}, weight) for kind, weight in kinds.items()]
        by_source = [({"source": s, "kind": self.kinds[s]}, weight) for s, weight in sources]
        found: list[Sequence[tuple[float, int]]] = []
        for by in self.combinations:
            if "source" in by or "kind" in by:
                asked: Iterable[tuple[Mapping[str, int], float]] = by_source if "source" in by else by_kind
            else:
                asked = (({}, 1.0),)
            codes = ((weight, self._code(by, given.values, instead)) for instead, weight in asked)
            found.append([(weight, code) for weight, code in codes if code >= 0])
        return found

    def _code(self, by: Sequence[str], values: Mapping[str, int], instead: Mapping[str, int]) -> int:
        total = 0
        for name in by:
            value = instead[name] if name in instead else values[name]
            if value < 0:
                return -1
            total = total * self.sizes[name] + value
        return total

    def _index(self, day: float) -> float:
        file = self.part.part
        days, last = file["index"]["days"], file["last_day"]
        beyond = max(day - last, 0.0) - max(days[0] - day, 0.0)
        held = min(max(day, days[0]), last)
        yearly: float = math.log1p(file["rate"]) / DAYS_A_YEAR
        return float(line(held, days, file["index"]["logs"]) + yearly * beyond)

    def _size(
        self, given: Given, mean: float, counts: Sequence[float], codes: Sequence[Sequence[tuple[float, int]]]
    ) -> float:
        scale = self.part.part["scale"]
        log = (
            scale["intercept"][0]
            + line(given.filled, self.part.years, scale["years"])
            + line(math.log1p(counts[0]), self.at_counts, scale["n_grade"])
            + line(math.log1p(counts[1]), self.at_counts, scale["n_employer"])
            + line(mean, scale["mean_knots"], scale["mean"])
        )
        for place, _, _, effect in self.scale:
            for weight, code in codes[place]:
                log += weight * (effect(code) or 0.0)
        return float(math.exp(log))

    def _z(self, codes: Sequence[Sequence[tuple[float, int]]]) -> list[float]:
        z: list[float] = list(self.quantiles)
        for place, _, _, effect in self.shape:
            for weight, code in codes[place]:
                effects = effect(code)
                if effects:
                    z = [at + weight * added for at, added in zip(z, effects, strict=True)]
        return z

    def _against(self, given: Given, drivers: Mapping[str, float]) -> tuple[float, dict[str, float]]:
        """The reference of the role at the model's date, and the drivers against it."""
        file, now = self.part.part, self.part.now
        log = file["centre"] + file["mean"]["intercept"][0] + now
        told = {}
        for name, value in drivers.items():
            at = now if name == "date" else float(self.part.typical(name)[given.values["role"]])
            told[name] = value - at
            log += 0.0 if name == "date" else at
        return math.exp(log), told
