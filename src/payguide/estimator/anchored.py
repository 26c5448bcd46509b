"""Answers on the market's scale: who asks without naming a source is told what the guide says, and from there on.

Who names no employer that the model has met is told the market's own distribution of the part of the frame that is
filled in, integrated over what is left out; what the frame does not tell (the exact years, grade, tenure, focus,
degree) moves it by what the estimator says that it does. Who names an employer is told the estimator's distribution,
benchmarked: moved so that over the employers of that tier and level, by their people, it agrees with the market (Rao &
Molina 2015, ch. 6; Bell, Datta & Ghosh 2013). What a date does is the market's drift, not a change of sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from payguide.base.dates import day_of
from payguide.base.money import FloatArray
from payguide.base.reference.levels import level_of_years
from payguide.estimator.answers import QUANTILES, Predictions
from payguide.estimator.encode import several
from payguide.estimator.features import DAYS_A_YEAR, NOT_KNOWN
from payguide.estimator.market import MOVERS, MarketTables, Part
from payguide.estimator.model_file import unpack_integers

#: The estimator as it stands: predictions of a component's profiles, with drivers or without.
Raw = Callable[[str, Sequence[Mapping[str, Any]], bool], Predictions]

#: An employer that is named and was not met.
UNMET: Final = "\x00"
_MIDDLE: Final = QUANTILES.index(0.50)
#: How the steps from the guide's figure to a part of the frame are called.
STEPS: Final = (
    ("experience", "level"), ("place", "metro"), ("remote", "remote"), ("employer", "tier"), ("employer", "industry"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A profile as the market sees it: its part of the frame, whether its employer was met, and its date."""

    role: str
    part: Part
    met: bool
    day: int


class Anchor:
    """The market of a model file, and how the estimator stands on it."""

    def __init__(self, model: Mapping[str, Any], raw: Raw) -> None:
        self.market: Mapping[str, Any] = model["market"]
        self.model, self.raw = model, raw
        self.as_of = int(self.market["as_of"])
        self._tables: dict[str, MarketTables] = {}
        self._reference: dict[tuple[str, str, int], float] = {}
        self._coarse: dict[tuple[object, ...], tuple[float, Mapping[str, float]]] = {}
        self._employers = {
            name: frozenset(part["vocabulary"]["employer"]) for name, part in model["components"].items()
        }

    def table(self, role: str) -> MarketTables:
        """The market of a role."""
        if role not in self._tables:
            self._tables[role] = MarketTables(self.market, role)
        return self._tables[role]

    def asked(self, component: str, profile: Mapping[str, Any]) -> Asked | None:
        """A profile as the market sees it; None where it asks for what a source states, or the market has not its
        role.
        """
        told = profile.get
        role = told("role") or ""
        if told("source") or told("kind") or role not in self.market["roles"]:
            return None
        table = self.table(role)
        if not table.has(component):
            return None
        employer = told("employer") or ""
        part = Part(
            _level(told("years"), told("level"), table.values["level"]),
            _among(told("tier"), table.values["tier"]),
            _metro(told("metro"), told("region"), table.values["metro"]),
            _among(told("industry"), table.values["industry"]),
            _among(told("remote"), table.values["remote"]),
        )
        day = told("date")
        met = employer not in NOT_KNOWN and employer in self._employers[component]
        return Asked(role, part, met, day_of(day).toordinal() if day else self.as_of)

    def anchored(
        self, component: str, profiles: Sequence[Mapping[str, Any]], found: Predictions, *, drivers: bool
    ) -> Predictions:
        """The predictions of the estimator as it stands, on the market's scale where profiles name no source."""
        asked = [self.asked(component, profile) for profile in profiles]
        points, reference = found.points.copy(), found.reference.copy()
        moved = {name: values.copy() for name, values in found.drivers.items()}
        for k, one in enumerate(asked):
            if one is None:
                continue
            raw = np.log(found.points[k])
            own = {name: float(values[k]) for name, values in found.drivers.items()} if drivers else {}
            log, typical, steps = self._answer(component, one, profiles[k], raw, own)
            points[k], reference[k] = np.exp(log), np.exp(typical)
            for name in {*moved, *steps} if drivers else ():
                moved.setdefault(name, np.zeros(len(profiles)))[k] = steps.get(name, 0.0)
        return Predictions(points, found.n, reference, moved)

    def _answer(
        self,
        component: str,
        one: Asked,
        profile: Mapping[str, Any],
        raw: FloatArray,
        own: Mapping[str, float],
    ) -> tuple[FloatArray, float, dict[str, float]]:
        """Ln pay at the quantiles, that of the role's typical person, and the drivers between the two."""
        table = self.table(one.role)
        whole, here = self._nearest(component, table, Part()), self._nearest(component, table, one.part)
        drift = self._drift(one)
        coarse, beside = self._beside(component, one, profile)
        if one.met:
            bench = self._bench(component, one)
            log = (
                raw
                + bench
                + drift
                + self._typical(component, one.role, self.as_of)
                - self._typical(component, one.role, one.day)
            )
        else:
            moves = sum(
                self.market["special"].get(name, 0.0) for name in several(profile.get("specialisation") or ())
            )
            log = here + (raw[_MIDDLE] - coarse) + drift + moves
        if not own:
            return log, float(whole[_MIDDLE]), {}
        steps = self._steps(component, one, table, float(whole[_MIDDLE]))
        steps["date"] = steps.get("date", 0.0) + drift
        for name, value in own.items():
            if name not in (
                "employer",
                "date",
                "source",
                "not stated",
                "asymmetry",
                "role",
                "place",
                "remote",
            ):
                steps[name] = steps.get(name, 0.0) + value - beside.get(name, 0.0)
        rest = float(log[_MIDDLE] - whole[_MIDDLE]) - sum(steps.values())
        name = "employer" if one.met else "experience"
        steps[name] = steps.get(name, 0.0) + rest
        return log, float(whole[_MIDDLE]), steps

    def _nearest(self, component: str, table: MarketTables, part: Part) -> FloatArray:
        """Ln pay at the quantiles in a part of the frame; where the frame has nobody there, in the part around it."""
        around = (
            part,
            Part(part.level, part.tier),
            Part(part.level, metro=part.metro),
            Part(part.level),
            Part(),
        )
        found = (table.quantiles(component, one, QUANTILES) for one in around)
        return next(one for one in found if one is not None)

    def _steps(self, component: str, one: Asked, table: MarketTables, start: float) -> dict[str, float]:
        """What each dimension that is filled in moves the median by, one after the other."""
        steps: dict[str, float] = {}
        part, at = Part(), start
        for driver, name in STEPS:
            value = getattr(one.part, name)
            if not value or (name in ("tier", "industry") and one.met):
                continue
            part = Part(**{key: getattr(part, key) for key in ("level", "tier", *MOVERS)} | {name: value})
            found = table.quantiles(component, part, (0.5,))
            if found is not None:
                steps[driver] = steps.get(driver, 0.0) + float(found[0]) - at
                at = float(found[0])
        return steps

    def _beside(
        self, component: str, one: Asked, profile: Mapping[str, Any]
    ) -> tuple[float, Mapping[str, float]]:
        """What the estimator says of someone of whom the frame's dimensions alone are known: ln median, drivers."""
        special = tuple(several(profile.get("specialisation") or ()))
        key = component, one, profile.get("region"), profile.get("metro"), special
        if key not in self._coarse:
            if len(self._coarse) > 100_000:
                self._coarse.clear()
            kept = {
                name: profile[name]
                for name in ("role", "metro", "region", "country", "remote", "date")
                if profile.get(name)
            }
            kept |= {"component": component, "level": one.part.level, "specialisation": special}
            if one.part.tier:
                kept |= {"employer": UNMET, "tier": one.part.tier, "industry": one.part.industry}
            found = self.raw(component, [kept], True)
            drivers = {name: float(values[0]) for name, values in found.drivers.items()}
            self._coarse[key] = float(np.log(found.points[0, _MIDDLE])), drivers
        return self._coarse[key]

    def _bench(self, component: str, one: Asked) -> float:
        """How far the estimator is to be moved at a tier and level to agree with the market."""
        table = self.table(one.role)
        packed = self.market["roles"][one.role]["bench"][component]
        levels, tiers = table.values["level"], table.values["tier"]
        bench = unpack_integers(packed).reshape(len(levels) + 1, len(tiers) + 1) / table.pay_per_one
        level = levels.index(one.part.level) if one.part.level else len(levels)
        tier = tiers.index(str(one.part.tier)) if one.part.tier in tiers else len(tiers)
        return float(bench[level, tier])

    def _typical(self, component: str, role: str, day: int) -> float:
        """Ln median that the estimator tells of the role at a day, of whom nothing is known."""
        key = component, role, day
        if key not in self._reference:
            profile = {"role": role, "component": component, "date": _iso(day)}
            self._reference[key] = float(np.log(self.raw(component, [profile], False).points[0, _MIDDLE]))
        return self._reference[key]

    def _drift(self, one: Asked) -> float:
        """What the market's pay was, or will be, at the profile's day against the edition's: ln."""
        held = self.market["drift"]
        years = (one.day - self.as_of) / DAYS_A_YEAR
        slope = (
            held["tier"][self.table(one.role).values["tier"].index(one.part.tier)] if one.part.tier else 0.0
        )
        return float(np.interp(years, held["years"], held["ln"])) + slope * min(years, 0.0)


def _level(years: Any, level: Any, levels: Sequence[str]) -> str:
    if years is not None and years != "":
        return str(level_of_years(float(years)))
    return level if level in levels else ""


def _among(value: Any, values: Sequence[str]) -> str:
    return value if value in values else ""


def _metro(metro: Any, region: Any, values: Sequence[str]) -> str:
    if metro and metro not in NOT_KNOWN:
        return metro if metro in values else values[-1]
    return values[-1] if region and region not in NOT_KNOWN else ""


def _iso(day: int) -> str:
    from datetime import date

    return date.fromordinal(day).isoformat()
