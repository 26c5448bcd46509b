"""Answers on the market's scale: who asks without naming a source is told what the guide says, and from there on.

Who names no employer that the model has met is told the market's own distribution of the part of the frame that is
filled in, integrated over what is left out; what the frame does not tell (the exact years, grade, tenure, focus,
degree) moves it by what the estimator says that it does. Who names an employer is told the estimator's distribution,
benchmarked: moved so that over the employers of that tier and level, by their people, it agrees with the market (Rao &
Molina 2015, ch. 6; Bell, Datta & Ghosh 2013). What a date does is the market's drift, not a change of sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from payguide.base.dates import day_of
from payguide.base.money import FloatArray
from payguide.base.reference.levels import level_of_years
from payguide.estimator.answers import QUANTILES, Predictions
from payguide.estimator.encode import several
from payguide.estimator.features import DAYS_A_YEAR, NOT_KNOWN
from payguide.estimator.market import MarketTables, Part
from payguide.estimator.model_file import unpack_integers

#: The estimator as it stands: predictions of a component's profiles, with drivers or without.
Raw = Callable[[str, Sequence[Mapping[str, Any]], bool], Predictions]

#: An employer that is named and was not met.
UNMET: Final = "\x00"
BASE: Final = "base"
#: What the estimator tells apart within a part of the frame.
FINER: Final = ("experience", "grade", "tenure", "focus", "degree")
_KEPT: Final = ("role", "metro", "region", "country", "remote", "date")
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
        named = employer not in NOT_KNOWN
        met = named and employer in self._employers[component]
        tier: str | tuple[str, ...] = _among(told("tier"), table.values["tier"])
        if named and not met and tier in NOT_KNOWN:
            # who no list knows is of the tiers whose employers are not all known by name
            tier = tuple(self.market["roles"][role]["open"])
        part = Part(
            _level(told("years"), told("level"), table.values["level"]),
            tier,
            _metro(told("metro"), told("region"), table.values["metro"]),
            _among(told("industry"), table.values["industry"]),
            _among(told("remote"), table.values["remote"]),
        )
        day = told("date")
        return Asked(role, part, met, day_of(day).toordinal() if day else self.as_of)

    def anchored(
        self, component: str, profiles: Sequence[Mapping[str, Any]], found: Predictions, *, drivers: bool
    ) -> Predictions:
        """The predictions of the estimator as it stands, on the market's scale where profiles name no source."""
        points, reference = found.points.copy(), found.reference.copy()
        moved = {name: values.copy() for name, values in found.drivers.items()}
        logs = np.log(found.points)
        base = self._base(component, profiles)
        for k, profile in enumerate(profiles):
            one = self.asked(component, profile)
            if one is None:
                continue
            log = self._answer(component, one, profile, logs[k])
            if base is not None and (least := self.asked(BASE, profile)) is not None:
                log = self._over_base(component, one, least, profile, log, base[k])
            typical = float(self._nearest(component, self.table(one.role), Part())[_MIDDLE])
            points[k], reference[k] = np.exp(log), np.exp(typical)
            if drivers:
                own = {name: float(values[k]) for name, values in found.drivers.items()}
                steps = self._steps(component, one, profile, float(log[_MIDDLE]), typical, own)
                for name in {*moved, *steps}:
                    moved.setdefault(name, np.zeros(len(profiles)))[k] = steps.get(name, 0.0)
        return Predictions(points, found.n, reference, moved)

    def _answer(self, component: str, one: Asked, profile: Mapping[str, Any], raw: FloatArray) -> FloatArray:
        """Ln pay at the quantiles (q,) of a profile of which the estimator as it stands says `raw` (q,)."""
        if one.met:
            now, then = (self._typical(component, one.role, day) for day in (self.as_of, one.day))
            return np.asarray(raw + self._bench(component, one) + self._drift(one) + now - then)
        here = self._nearest(component, self.table(one.role), one.part)
        special = several(profile.get("specialisation") or ())
        moves = sum(self.market["special"].get(name, 0.0) for name in special)
        coarse, _ = self._beside(component, one, profile)
        return np.asarray(here + (raw[_MIDDLE] - coarse) + self._drift(one) + moves)

    def _base(self, component: str, profiles: Sequence[Mapping[str, Any]]) -> FloatArray | None:
        """What the estimator says of the profiles' base pay (n, q), ln, where other pay is asked; else None."""
        if component == BASE or BASE not in self.model["components"] or not profiles:
            return None
        asked = [{**profile, "component": BASE} for profile in profiles]
        return np.log(self.raw(BASE, asked, False).points)

    def _over_base(
        self,
        component: str,
        one: Asked,
        least: Asked,
        profile: Mapping[str, Any],
        log: FloatArray,
        raw: FloatArray,
    ) -> FloatArray:
        """Ln total pay (q,): never under base pay; of an employer whose base pay alone is known, that and what the
        market pays on top of it.
        """
        base = self._answer(BASE, least, profile, raw)
        if least.met and not one.met:
            table = self.table(one.role)
            log = base + self._nearest(component, table, one.part) - self._nearest(BASE, table, one.part)
        return np.maximum(log, base)

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

    def _steps(
        self,
        component: str,
        one: Asked,
        profile: Mapping[str, Any],
        log: float,
        typical: float,
        own: Mapping[str, float],
    ) -> dict[str, float]:
        """The drivers from the role's median to that of a profile, ln: what each dimension of the frame that is filled
        in moves it by, one after the other; the date; what the estimator says of all else; and the employer's own.
        """
        table, part, at = self.table(one.role), Part(), typical
        steps = {"date": self._drift(one)}
        for driver, name in STEPS:
            value = getattr(one.part, name)
            if value and not (one.met and driver == "employer"):
                part = replace(part, **{name: value})
                moved = float(self._nearest(component, table, part)[_MIDDLE])
                steps[driver] = steps.get(driver, 0.0) + moved - at
                at = moved
        _, beside = self._beside(component, one, profile)
        for name in FINER:
            if name in own:
                steps[name] = steps.get(name, 0.0) + own[name] - beside.get(name, 0.0)
        rest = log - typical - sum(steps.values())
        known = one.met or profile.get("employer") in self._employers.get(BASE, ())
        name = "employer" if known else "experience"
        steps[name] = steps.get(name, 0.0) + rest
        return steps

    def _beside(
        self, component: str, one: Asked, profile: Mapping[str, Any]
    ) -> tuple[float, Mapping[str, float]]:
        """What the estimator says of someone of whom the frame's dimensions alone are known: ln median, drivers. Where
        the profile has years, they are those of its level, one after the other.
        """
        special = tuple(several(profile.get("specialisation") or ()))
        dated = profile.get("years") not in (None, "")
        key = component, one, profile.get("region"), profile.get("metro"), special, dated
        if key not in self._coarse:
            if len(self._coarse) > 100_000:
                self._coarse.clear()
            kept = {name: profile[name] for name in _KEPT if profile.get(name)}
            kept |= {"component": component, "specialisation": special}
            if isinstance(one.part.tier, tuple):
                kept |= {"employer": UNMET}
            elif one.part.tier:
                kept |= {"employer": UNMET, "tier": one.part.tier, "industry": one.part.industry}
            years = self.market["years"][one.part.level] if dated else ()
            alike = [{**kept, "years": year} for year in years] or [{**kept, "level": one.part.level}]
            found = self.raw(component, alike, True)
            drivers = {name: float(values.mean()) for name, values in found.drivers.items()}
            self._coarse[key] = float(np.log(found.points[:, _MIDDLE]).mean()), drivers
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
        tiers = self.table(one.role).values["tier"]
        slope = held["tier"][tiers.index(one.part.tier)] if one.part.tier in tiers else 0.0
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
