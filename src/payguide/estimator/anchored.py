"""Answers on the market's scale: who asks without naming a source is told what the guide says, and from there on.

Who names no employer that the model has met is told the market's own distribution of the part of the frame that is
filled in, integrated over what is left out; what the frame does not tell (the exact years, grade, tenure, focus,
degree) moves it by what the estimator says that it does; what years do within a level averages to nothing over it. Who
names an employer is told the estimator's distribution, benchmarked: moved so that over the employers of that tier and
level, by their people, it agrees with the market (Rao & Molina 2015, ch. 6; Bell, Datta & Ghosh 2013). What a date does
is the market's drift, not a change of sources. Total pay is never below base pay at the same quantile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np

from payguide.base.codes import Component
from payguide.base.dates import day_of
from payguide.base.money import BoolArray, FloatArray, IntArray
from payguide.base.reference.levels import level_of_years
from payguide.estimator.answers import QUANTILES, Predictions
from payguide.estimator.columns import Column, Profiles
from payguide.estimator.encode import several, years_of, years_told
from payguide.estimator.features import DAYS_A_YEAR, NOT_KNOWN
from payguide.estimator.market import DIMENSIONS, MarketTables
from payguide.estimator.memo import Memo

#: The estimator as it stands: predictions of a component's profiles, with drivers or without.
Raw = Callable[[str, Profiles, bool], Predictions]

#: An employer that is named and was not met.
UNMET: Final = "\x00"
BASE, TOTAL = str(Component.BASE), str(Component.TOTAL)
_NAMELESS: Final = frozenset({None, *NOT_KNOWN})
_MIDDLE: Final = QUANTILES.index(0.50)
#: How the steps from the guide's figure to a part of the frame are called, and which dimension each fills in.
STEPS: Final = (
    ("experience", "level"), ("place", "metro"), ("remote", "remote"), ("employer", "tier"), ("employer", "industry"),
)  # fmt: skip
#: Drivers of the estimator that the market's steps stand for, or what is left over does.
_REPLACED: Final = frozenset({"employer", "date", "source", "asymmetry", "role", "place", "remote"})
#: What tells the estimator of someone of whom as much is known as of a profile, and of someone of a tier of whom no
#: more is known; besides their experience, and that they name an employer.
_BESIDE: Final = ("role", "tier", "industry", "metro", "region", "country", "remote")
_TYPICAL: Final = ("role", "tier")
#: Which component of pay has met an employer: none, base pay alone, the one that is asked for.
_STRANGER, _IN_BASE, _MET = range(3)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What of profiles decides where answers stand (n,). `rows` are their numbers among `profiles`; `role` that of
    their role; `part` (n, 5) the part of the frame as `MarketTables.of_parts` has it, but for its level; `met` which
    component has met the employer; `keys` what the estimator knows of each of `_BESIDE`, whether an employer is named,
    and the specialisations, which move ln pay by `moves`. `state` is what is told of the level: 0 for nothing, from 1
    the level, and after the levels as many that are told by years of experience.
    """

    profiles: Profiles
    rows: IntArray
    role: IntArray
    part: IntArray
    met: IntArray
    keys: Mapping[str, IntArray]
    moves: FloatArray
    state: IntArray

    def take(self, rows: IntArray, state: IntArray) -> Seen:
        """The named rows, each at a state."""
        keys = {name: codes[rows] for name, codes in self.keys.items()}
        own = self.rows[rows], self.role[rows], self.part[rows], self.met[rows]
        return Seen(self.profiles, *own, keys, self.moves[rows], state)


class Stands(NamedTuple):
    """Where answers stand: what goes to the estimator's ln pay (n, q); what the market's steps move the median by, and
    the drivers that the estimator has there already, each (n,).
    """

    added: FloatArray
    steps: Mapping[str, FloatArray]
    beside: Mapping[str, FloatArray]


class Anchor:
    """The market of a model file, and how the estimator stands on it."""

    def __init__(self, model: Mapping[str, Any], raw: Raw) -> None:
        self.market: Mapping[str, Any] = model["market"]
        self._raw, self.of_level = raw, model["years"]["of_level"]
        self.values: dict[str, list[str]] = self.market["values"]
        self.levels, self.roles = self.values["level"], list(self.market["roles"])
        self.as_of = int(self.market["as_of"])
        self._tables: dict[str, MarketTables] = {}
        self._special = {name: 1 << k for k, name in enumerate(model["specialisations"])}
        self._known = {
            name: {
                field: {one: k for k, one in enumerate(told, 1)} for field, told in part["vocabulary"].items()
            }
            for name, part in model["components"].items()
        }
        self._quantiles, self._coarse = ({name: Memo() for name in self._known} for _ in range(2))
        self._drivers: dict[str, list[str]] = {}

    def raw(self, component: str, profiles: Profiles, drivers: bool) -> Predictions:
        """The estimator as it stands, asked as one source states pay, so that what it contrasts (grades, years,
        employers, roles) are contrasts of one population and not of a mixture of surveys.
        """
        return self._raw(component, profiles.all_of(source=self.market["source"][component]), drivers)

    def table(self, role: str) -> MarketTables:
        """The market of a role."""
        if role not in self._tables:
            self._tables[role] = MarketTables(self.market, role)
        return self._tables[role]

    def sees(self, component: str, profiles: Profiles) -> BoolArray:
        """Whether the market answers each profile (n,): not where it asks for what a source states, and not of a role
        or a component that the market has not.
        """
        has = profiles["role"].read(lambda one: one in self.roles and self.table(one).has(component), bool)
        return np.asarray(has & ~profiles["source"].read(bool, bool) & ~profiles["kind"].read(bool, bool))

    def answers(self, component: str, profiles: Profiles, drivers: bool) -> Predictions:
        """The predictions of profiles that the market answers."""
        years, seen = years_told(profiles["years"], "years of experience"), self._seen(component, profiles)
        stands, added = self._added(component, seen, years, drivers)
        found, drift = self.raw(component, profiles.all_of(date=None), drivers), self._drifted(profiles)
        log = np.log(found.points)
        log = np.where((seen.met == _MET)[:, None], log, log[:, [_MIDDLE]]) + drift[:, None]
        if component == TOTAL and BASE in self._known:
            base = np.log(self.answers(BASE, profiles, False).points)
            log = np.maximum(np.where((seen.met == _IN_BASE)[:, None], base, log) + added, base)
            # what is on top of base pay may grow less from one quantile to the next than an employer's own pay does
            log = np.sort(log, axis=1)
        else:
            log = log + added
        whole = self._nearest(component, seen.role, np.zeros_like(seen.part))[:, _MIDDLE]
        moved = {}
        if drivers:
            moved = _explained(found.drivers, stands)
            moved["date"] += drift
            moved["experience"] += added[:, _MIDDLE] - stands.added[:, _MIDDLE]
            left = log[:, _MIDDLE] - whole - np.sum(list(moved.values()), axis=0)
            moved["employer"] += np.where(seen.met == _STRANGER, 0.0, left)
            moved["experience"] += np.where(seen.met == _STRANGER, left, 0.0)
        return Predictions(np.exp(log), found.n, np.exp(whole), moved)

    def _added(
        self, component: str, seen: Seen, years: FloatArray, drivers: bool
    ) -> tuple[Stands, FloatArray]:
        """Where answers stand at what they tell of their level (with `drivers` all of them, else those that tell no
        years), and what is added to each (n, q). Each level counts at years of experience for as much as its middle is
        near, so that answers do not leap where a level ends: alone there, and from one to the next by degrees.
        """
        told = np.flatnonzero(~np.isnan(years))
        rows = np.arange(len(years)) if drivers else np.flatnonzero(np.isnan(years))
        stands = self._stood(component, seen.take(rows, seen.state[rows]), drivers)
        added = np.empty((len(years), len(QUANTILES)))
        added[rows] = stands.added
        middles = [float(np.mean(self.market["years"][level])) for level in self.levels]
        shares = np.column_stack([np.interp(years[told], middles, only) for only in np.eye(len(middles))])
        row, level = np.nonzero(shares)
        if len(told):
            beside = self._stood(component, seen.take(told[row], len(self.levels) + 1 + level), False)
            starts = np.flatnonzero(np.diff(row, prepend=-1))
            added[told] = np.add.reduceat(shares[row, level][:, None] * beside.added, starts)
        return stands, added

    def _seen(self, component: str, profiles: Profiles) -> Seen:
        """Profiles as the market sees them."""
        known = self._known[component]
        named = profiles["employer"].read(lambda who: who not in _NAMELESS, bool)
        met = np.where(named, profiles["employer"].read(self._met(component), np.int64), _STRANGER)
        role = profiles["role"].read(self.roles.index, np.int64)
        tier = self._among("tier", profiles["tier"])
        # who no list knows is of the tiers whose employers are not all known by name
        some = np.array([bool(told["open"]) for told in self.market["roles"].values()])[role]
        tier[(tier == 0) & named & (met == _STRANGER) & some] = len(self.values["tier"]) + 1
        movers = (
            self._metro(profiles),
            *(self._among(name, profiles[name]) for name in ("industry", "remote")),
        )
        special = profiles["specialisation"].mapped(lambda names: tuple(sorted({*several(names or ())})))
        moves = special.read(lambda names: sum(self.market["special"].get(one, 0.0) for one in names), float)
        keys = {name: profiles[name].read(partial(_number, known[name]), np.int64) for name in _BESIDE}
        keys["named"] = named.astype(np.int64)
        keys["special"] = special.read(
            lambda names: sum(self._special.get(one, 0) for one in names), np.int64
        )
        keys["special"][met != _STRANGER] = 0
        return Seen(
            profiles, np.arange(len(profiles)), role, np.column_stack([np.zeros_like(tier), tier, *movers]), met,
            keys, np.where(met == _STRANGER, moves, 0.0), self._state(profiles),
        )  # fmt: skip

    def _met(self, component: str) -> Callable[[Any], int]:
        """Which component has met an employer."""
        own, base = (self._known.get(name, {}).get("employer", {}) for name in (component, BASE))
        return lambda who: _MET if who in own else _IN_BASE if who in base else _STRANGER

    def _among(self, name: str, told: Column) -> IntArray:
        """The numbers (n,) of what is told among the market's values, from 1; 0 where it is none of them."""
        number = {value: k for k, value in enumerate(self.values[name], start=1) if value not in _NAMELESS}
        return np.asarray(told.read(partial(_number, number), np.int64))

    def _metro(self, profiles: Profiles) -> IntArray:
        """The numbers of the metros (n,): the last is all others, and what lies outside of any."""
        metro, region = (
            profiles[name].read(lambda one: one not in _NAMELESS, bool) for name in ("metro", "region")
        )
        found = self._among("metro", profiles["metro"])
        return np.where((found == 0) & (metro | region), len(self.values["metro"]), found)

    def _state(self, profiles: Profiles) -> IntArray:
        """What profiles tell of their level (`Seen`). A level that is none of the frame's is that of the years which
        stand for it.
        """

        def of_level(level: Any) -> int:
            if level not in self.levels and level in self.of_level:
                level = str(level_of_years(self.of_level[level]))
            return self.levels.index(level) + 1 if level in self.levels else 0

        def of_years(years: Any) -> int:
            told = years_of(years, "years of experience")
            return 0 if told is None else len(self.levels) + 1 + self.levels.index(str(level_of_years(told)))

        by_years: IntArray = profiles["years"].read(of_years, np.int64)
        return np.where(by_years > 0, by_years, profiles["level"].read(of_level, np.int64))

    def _drifted(self, profiles: Profiles) -> FloatArray:
        """What the market's pay was, or will be, at the profiles' days against the edition's: ln (n,)."""
        held, tiers = self.market["drift"], self._among("tier", profiles["tier"])
        years = profiles["date"].read(
            lambda day: (day_of(day).toordinal() - self.as_of) / DAYS_A_YEAR if day else np.nan, float
        )
        slope = np.array([0.0, *held["tier"]])[tiers]
        moved = np.interp(years, held["years"], held["ln"]) + slope * np.minimum(years, 0.0)
        return np.where(np.isnan(years), 0.0, moved)

    def _stood(self, component: str, seen: Seen, drivers: bool) -> Stands:
        """Where answers stand."""
        part, stranger = self._part(seen), np.flatnonzero(seen.met == _STRANGER)
        in_base, met = (np.flatnonzero(seen.met == one) for one in (_IN_BASE, _MET))
        added = self._nearest(component, seen.role, part)
        added[in_base] -= self._nearest(BASE, seen.role[in_base], part[in_base])
        added[met] = self._bench(component, seen.take(met, seen.state[met]), part[met])[:, None]
        new = seen.take(stranger, seen.state[stranger])
        added[stranger] += (new.moves - self._beside(component, new)[:, 0])[:, None]
        if not drivers:
            return Stands(added, {}, {})
        beside = self._beside(component, seen)[:, 1:].T
        steps = {**self._steps(component, seen, part), "specialisation": seen.moves}
        return Stands(added, steps, dict(zip(self._drivers.get(component, ()), beside, strict=True)))

    def _part(self, seen: Seen) -> IntArray:
        """The parts of the frame that profiles fill in (n, 5), their levels among it."""
        part, levels = seen.part.copy(), len(self.levels)
        part[:, 0] = np.where(seen.state > levels, seen.state - levels, seen.state)
        return part

    def _steps(self, component: str, seen: Seen, part: IntArray) -> dict[str, FloatArray]:
        """What each dimension that is filled in moves the median by, one after the other; of a met employer its tier
        and industry are the estimator's.
        """
        filled, stranger = [np.zeros_like(part)], seen.met == _STRANGER
        for driver, name in STEPS:
            at, told = DIMENSIONS.index(name), filled[-1].copy()
            told[:, at] = np.where(stranger | (driver != "employer"), part[:, at], 0)
            filled.append(told)
        role = np.tile(seen.role, len(filled))
        medians = self._nearest(component, role, np.concatenate(filled))[:, _MIDDLE].reshape(len(filled), -1)
        steps: dict[str, FloatArray] = {}
        for (driver, _), moved in zip(STEPS, np.diff(medians, axis=0), strict=True):
            steps[driver] = steps.get(driver, 0.0) + moved
        return steps

    def _bench(self, component: str, seen: Seen, part: IntArray) -> FloatArray:
        """How far the estimator is to be moved (n,) at a tier and level to agree with the market. The benchmark is of
        profiles that tell the level; those that tell years are moved as the two differ.
        """
        found, levels = np.zeros(len(part)), len(self.levels)
        for role in np.unique(seen.role):
            rows, table = np.flatnonzero(seen.role == role), self.table(self.roles[role])
            held = np.array([table.bench[component], table.bench_placed[component]])
            level, tier, metro = part[rows, :3].T
            # the last of each is all of them
            found[rows] = held[(metro > 0).astype(int), level - 1, tier - 1]
        rows = np.flatnonzero(seen.state > levels)
        by_years = seen.take(rows, seen.state[rows])
        by_level = seen.take(rows, seen.state[rows] - levels)
        told = (self._beside(component, one, _TYPICAL)[:, 0] for one in (by_level, by_years))
        found[rows] += next(told) - next(told)
        return found

    def _beside(self, component: str, seen: Seen, told: Sequence[str] = _BESIDE) -> FloatArray:
        """What the estimator says (n, 1 + drivers) of people of whom as much is `told`, ln median and drivers; in place
        of a met employer stands one that was not. Where they tell years these are those of the level one after the
        other, so that what years do within a level averages to nothing over it.
        """
        whole, keys = told is _BESIDE, seen.state
        for name in _BESIDE:
            keys = keys * (len(self._known[component][name]) + 1) + (seen.keys[name] if name in told else 0)
        keys = keys * 2 + (seen.keys["named"] if whole else 1)
        keys = (keys << len(self._special)) + (seen.keys["special"] if whole else 0)
        return self._coarse[component].at(
            keys, lambda new: self._asked(component, seen.take(new, seen.state[new]), told)
        )

    def _asked(self, component: str, seen: Seen, told: Sequence[str]) -> FloatArray:
        """`_beside`, from the estimator."""
        levels = len(self.levels)
        years = [self.market["years"][level] for level in self.levels]
        values = [None] * (levels + 1) + [year for those in years for year in those]
        counts = np.array([1] * (levels + 1) + [len(those) for those in years])
        each = np.repeat(np.arange(len(seen.rows)), counts[seen.state])
        starts = np.flatnonzero(np.diff(each, prepend=-1))
        experience = (np.cumsum(counts) - counts)[seen.state][each] + np.arange(len(each)) - starts[each]
        level = Column(["", *self.levels], np.where(experience <= levels, experience, 0))
        columns = {name: seen.profiles[name].take(seen.rows[each]) for name in told}
        columns |= {"years": Column(values, experience), "level": level}
        named = seen.keys["named"] if told is _BESIDE else np.ones_like(seen.state)
        columns["employer"] = Column(["", UNMET], named[each])
        if told is _BESIDE:
            special = seen.profiles["specialisation"]
            codes = np.where(seen.met == _STRANGER, special.codes[seen.rows], len(special.values))
            columns["specialisation"] = Column([*special.values, ()], codes[each])
        found = self.raw(component, Profiles(len(each), columns), True)
        self._drivers[component] = list(found.drivers)
        said = np.column_stack([np.log(found.points[:, _MIDDLE]), *found.drivers.values()])
        return np.asarray(np.add.reduceat(said, starts) / counts[seen.state][:, None])

    def _nearest(self, component: str, role: IntArray, parts: IntArray) -> FloatArray:
        """Ln pay (n, q) in parts of roles' frames (n, 5); where a frame has nobody there, in the part around it."""
        keys = role
        for at, name in enumerate(DIMENSIONS):
            keys = keys * (len(self.values[name]) + 2) + parts[:, at]

        def asked(new: IntArray) -> FloatArray:
            found = np.empty((len(new), len(QUANTILES)))
            for one in np.unique(role[new]):
                rows = np.flatnonzero(role[new] == one)
                found[rows] = _around(self.table(self.roles[one]), component, parts[new[rows]])
            return found

        return self._quantiles[component].at(keys, asked)


def _around(table: MarketTables, component: str, parts: IntArray) -> FloatArray:
    """`Anchor._nearest` in the frame of one role."""
    found = table.of_parts(component, parts, QUANTILES, table.open)
    for kept in (("level", "tier"), ("level", "metro"), ("level",), ()):
        nobody = np.flatnonzero(np.isnan(found[:, _MIDDLE]))
        if len(nobody):
            found[nobody] = table.of_parts(
                component, parts[nobody] * np.isin(DIMENSIONS, kept), QUANTILES, table.open
            )
    return found


def _number(known: Mapping[str, int], value: Any) -> int:
    return known.get(value, 0)


def _explained(own: Mapping[str, FloatArray], stands: Stands) -> dict[str, FloatArray]:
    """The drivers (n,) of profiles that stand there: the market's steps, and what else the estimator sees in them."""
    moved = {}
    for name in sorted({*own, *stands.steps}):
        moved[name] = np.array(stands.steps.get(name, 0.0) + np.zeros(len(stands.added)))
        if name in own and name not in _REPLACED:
            moved[name] += own[name] - stands.beside.get(name, 0.0)
    return moved
