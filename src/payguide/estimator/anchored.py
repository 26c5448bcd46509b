"""Answers on the market's scale: who asks without naming a source is told what the guide says, and from there on.

Who names no employer that the model has met is told the market's own distribution of the part of the frame that is
filled in, integrated over what is left out; what the frame does not tell (the exact years, grade, tenure, focus,
degree) moves it by what the estimator says that it does; what years do within a level averages to nothing over it. Who
names an employer is told the estimator's distribution, benchmarked: moved so that over the employers of that tier and
level, by their people, it agrees with the market (Rao & Molina 2015, ch. 6; Bell, Datta & Ghosh 2013). What a date does
is the market's drift, not a change of sources. Total pay is never below base pay at the same quantile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np

from payguide.base.codes import Component
from payguide.base.dates import day_of
from payguide.base.money import FloatArray, IntArray
from payguide.base.reference.levels import level_of_years
from payguide.estimator.answers import QUANTILES, Predictions
from payguide.estimator.encode import several, years_of
from payguide.estimator.features import DAYS_A_YEAR, NOT_KNOWN
from payguide.estimator.market import MarketTables, Part

#: The estimator as it stands: predictions of a component's profiles, with drivers or without.
Raw = Callable[[str, Sequence[Mapping[str, Any]], bool], Predictions]

#: An employer that is named and was not met.
UNMET: Final = "\x00"
BASE, TOTAL = str(Component.BASE), str(Component.TOTAL)
_NAMELESS: Final = frozenset({None, *NOT_KNOWN})
_MIDDLE: Final = QUANTILES.index(0.50)
#: A metro that is told, whichever it is.
PLACED: Final = "placed"
#: Answers of one kind that are kept at the most.
_KEPT: Final = 100_000
#: How the steps from the guide's figure to a part of the frame are called.
STEPS: Final = (
    ("experience", "level"), ("place", "metro"), ("remote", "remote"), ("employer", "tier"), ("employer", "industry"),
)  # fmt: skip
#: Drivers of the estimator that the market's steps stand for, or what is left over does.
_REPLACED: Final = frozenset({"employer", "date", "source", "asymmetry", "role", "place", "remote"})


class Seen(NamedTuple):
    """What of a profile decides where its answer stands. Where it tells years (`by_years`), however many, `level` is
    theirs; `known` is the component that has met its employer, "" where none has, and `named` whether it names one.
    """

    role: str
    by_years: bool
    level: str
    known: str
    named: bool
    tier: str
    industry: str = ""
    metro: str = ""
    region: str = ""
    country: str = ""
    remote: str = ""
    special: tuple[str, ...] = ()


class Around(NamedTuple):
    """Whom a profile stands beside: their level, "" for all, and what tells the estimator of each of them."""

    level: str
    experiences: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """Where answers stand. `added` (q,) goes to the estimator's ln pay; ln of the role's median of all; what the
    market's steps move the median by; the drivers that the estimator has there already.
    """

    added: FloatArray
    whole: float
    steps: Mapping[str, float]
    beside: Mapping[str, float]


class Anchor:
    """The market of a model file, and how the estimator stands on it."""

    def __init__(self, model: Mapping[str, Any], raw: Raw) -> None:
        self.market: Mapping[str, Any] = model["market"]
        self._raw, self.of_level = raw, model["years"]["of_level"]
        self.levels: list[str] = self.market["values"]["level"]
        self.as_of = int(self.market["as_of"])
        self._tables: dict[str, MarketTables] = {}
        self._stands: dict[tuple[str, Seen, bool], Stand] = {}
        self._coarse: dict[tuple[object, ...], tuple[float, Mapping[str, float]]] = {}
        self._drifts: dict[tuple[object, str], float] = {}
        self._employers = {
            name: frozenset(part["vocabulary"]["employer"]) for name, part in model["components"].items()
        }

    def raw(self, component: str, profiles: Sequence[Mapping[str, Any]], drivers: bool) -> Predictions:
        """The estimator as it stands, asked as one source states pay, so that what it contrasts (grades, years,
        employers, roles) are contrasts of one population and not of a mixture of surveys.
        """
        source = self.market["source"][component]
        return self._raw(component, [{**profile, "source": source} for profile in profiles], drivers)

    def table(self, role: str) -> MarketTables:
        """The market of a role."""
        if role not in self._tables:
            self._tables[role] = MarketTables(self.market, role)
        return self._tables[role]

    def sees(self, component: str, profile: Mapping[str, Any]) -> bool:
        """Whether the market answers a profile: not where it asks for what a source states, and not of a role or a
        component that the market has not.
        """
        told, role = profile.get, profile.get("role")
        if told("source") or told("kind") or role is None or role not in self.market["roles"]:
            return False
        return self.table(role).has(component)

    def answers(self, component: str, profiles: Sequence[Mapping[str, Any]], drivers: bool) -> Predictions:
        """The predictions of profiles that the market answers."""
        years = [_years(profile) for profile in profiles]
        seen = [
            self._seen(component, profile, told, drivers)
            for profile, told in zip(profiles, years, strict=True)
        ]
        distinct = list(dict.fromkeys(seen))
        stands, at_levels = self._stood_at_levels(component, distinct, drivers)
        number = {one: k for k, one in enumerate(distinct)}
        which = np.array([number[one] for one in seen])
        today = [{**profile, "date": None} if profile.get("date") else profile for profile in profiles]
        found, drift = self.raw(component, today, drivers), self._drifted(seen, profiles)
        log = np.log(found.points)
        known = np.array([one.known for one in distinct])[which]
        log = np.where((known == component)[:, None], log, log[:, [_MIDDLE]]) + drift[:, None]
        added = np.einsum("nl,nlq->nq", self._between(years), at_levels[which])
        if component == TOTAL and BASE in self._employers:
            base = np.log(self.answers(BASE, profiles, False).points)
            log = np.maximum(np.where((known == BASE)[:, None], base, log) + added, base)
            # what is on top of base pay may grow less from one quantile to the next than an employer's own pay does
            log = np.sort(log, axis=1)
        else:
            log = log + added
        whole = np.array([stand.whole for stand in stands])[which]
        moved = _explained(found.drivers, stands, which) if drivers else {}
        if drivers:
            moved["date"] += drift
            at_level = np.array([stand.added[_MIDDLE] for stand in stands])[which]
            moved["experience"] += added[:, _MIDDLE] - at_level
            left = log[:, _MIDDLE] - whole - np.sum(list(moved.values()), axis=0)
            moved["employer"] += np.where(known != "", left, 0.0)
            moved["experience"] += np.where(known != "", 0.0, left)
        return Predictions(np.exp(log), found.n, np.exp(whole), moved)

    def _stood_at_levels(
        self, component: str, distinct: Sequence[Seen], drivers: bool
    ) -> tuple[list[Stand], FloatArray]:
        """Where answers stand of each that is seen, and what is added to them at every level (d, l, q): the same at all
        where no years are told.
        """
        levels = [
            [one._replace(level=level) for level in self.levels] if one.by_years else [one] * len(self.levels)
            for one in distinct
        ]
        stood = dict(zip(distinct, self._stood(component, distinct, drivers), strict=True))
        # of the levels beside a profile's own nobody asks what drives them
        beside = list(dict.fromkeys(one for own in levels for one in own if one not in stood))
        stood |= zip(beside, self._stood(component, beside, False), strict=True)
        added = np.array([[stood[one].added for one in own] for own in levels])
        return [stood[one] for one in distinct], added

    def _between(self, years: Sequence[float | None]) -> FloatArray:
        """How much each level counts at years of experience (n, l), which add up to one: a level alone at its middle,
        and from one middle to the next by degrees, so that answers do not leap where a level ends.
        """
        told, where = np.unique([0.0 if one is None else one for one in years], return_inverse=True)
        middles = [float(np.mean(self.market["years"][level])) for level in self.levels]
        shares = [np.interp(told, middles, only) for only in np.eye(len(middles))]
        return np.asarray(np.array(shares).T[where.ravel()])

    def _seen(self, component: str, profile: Mapping[str, Any], years: float | None, drivers: bool) -> Seen:
        """A profile as the market sees it."""
        told = profile.get
        role, tier = profile["role"], told("tier") or ""
        level, employer = told("level") or "", told("employer")
        by_years = years is not None
        if years is not None:
            level = str(level_of_years(years))
        named, known = employer not in _NAMELESS, ""
        if named:
            known = component if employer in self._employers[component] else ""
            known = known or (BASE if employer in self._employers.get(BASE, ()) else "")
            if known == component and not drivers:
                # where a met employer stands its tier decides, and whether it has a place
                placed = any(told(name) not in _NAMELESS for name in ("metro", "region"))
                return Seen(role, by_years, level, known, named, tier, metro=PLACED if placed else "")
        special = told("specialisation")
        return Seen(
            role, by_years, level, known, named, tier, told("industry") or "", told("metro") or "",
            told("region") or "", told("country") or "", told("remote") or "",
            tuple(sorted({*several(special)})) if special else (),
        )  # fmt: skip

    def _drifted(self, asked: Sequence[Seen], profiles: Sequence[Mapping[str, Any]]) -> FloatArray:
        """What the market's pay was, or will be, at the profiles' days against the edition's: ln (n,)."""
        found = np.zeros(len(asked))
        held = self.market["drift"]
        for k, (one, profile) in enumerate(zip(asked, profiles, strict=True)):
            if day := profile.get("date"):
                key = day, one.tier
                if key not in self._drifts:
                    years = (day_of(day).toordinal() - self.as_of) / DAYS_A_YEAR
                    tier = self._among("tier", one.tier)
                    slope = held["tier"][self.market["values"]["tier"].index(tier)] if tier else 0.0
                    self._drifts[key] = float(np.interp(years, held["years"], held["ln"])) + slope * min(
                        years, 0.0
                    )
                found[k] = self._drifts[key]
        return found

    def _stood(self, component: str, distinct: Sequence[Seen], drivers: bool) -> list[Stand]:
        """Where answers stand of each that is seen; what the estimator says beside them is asked in one go."""
        missing = [one for one in distinct if (component, one, drivers) not in self._stands]
        if len(self._stands) + len(missing) > _KEPT:
            self._stands, self._coarse, missing = {}, {}, list(distinct)
        wanted = {
            (component, *profile.items()): profile
            for one in missing
            for profile in self._profiles(component, one, drivers)
        }
        new = {key: profile for key, profile in wanted.items() if key not in self._coarse}
        if new:
            found = self.raw(component, list(new.values()), True)
            middle = np.log(found.points[:, _MIDDLE]).tolist()
            for k, key in enumerate(new):
                told = {name: float(values[k]) for name, values in found.drivers.items()}
                self._coarse[key] = middle[k], told
        for one in missing:
            self._stands[component, one, drivers] = self._stand(component, one, drivers)
        return [self._stands[component, one, drivers] for one in distinct]

    def _profiles(self, component: str, one: Seen, drivers: bool) -> Iterator[dict[str, Any]]:
        """All that the estimator is asked beside a profile."""
        level, experiences = self._around(one)
        if drivers or not one.known:
            yield from (_beside(one, experience) for experience in experiences)
        if one.known == component and one.by_years:
            yield from (_typical(one, experience) for experience in (*experiences, {"level": level}))

    def _around(self, one: Seen) -> Around:
        """Whom a profile stands beside: where it tells its years those of its level, one after the other, so that what
        years do within a level averages to nothing over it; else its level, or all of them. A level that is none of the
        frame's is that of the years which stand for it.
        """
        level = one.level
        if one.by_years:
            return Around(level, [{"years": years} for years in self.market["years"][level]])
        if level not in self.levels:
            level = str(level_of_years(self.of_level[level])) if level in self.of_level else ""
        return Around(level, [{"level": level}])

    def _stand(self, component: str, one: Seen, drivers: bool) -> Stand:
        """Where answers of one kind stand."""
        table, (level, experiences) = self.table(one.role), self._around(one)
        part, moves = self._part(one, level), 0.0
        whole = float(_nearest(table, component, Part())[_MIDDLE])
        if one.known == component:
            added = np.full(len(QUANTILES), self._bench(component, one, part, experiences))
        elif one.known:
            added = _nearest(table, component, part) - _nearest(table, one.known, part)
        else:
            moves = sum(self.market["special"].get(name, 0.0) for name in one.special)
            coarse = self._middle(component, [_beside(one, told) for told in experiences])
            added = _nearest(table, component, part) + moves - coarse
        if not drivers:
            return Stand(added, whole, {}, {})
        steps = _steps(table, component, part, met=bool(one.known)) | {"specialisation": moves}
        beside: dict[str, float] = {}
        for told in experiences:
            for name, value in self._told(component, _beside(one, told))[1].items():
                beside[name] = beside.get(name, 0.0) + value / len(experiences)
        return Stand(added, whole, steps, beside)

    def _told(self, component: str, profile: Mapping[str, Any]) -> tuple[float, Mapping[str, float]]:
        """What the estimator says beside a profile: ln median and drivers."""
        return self._coarse[component, *profile.items()]

    def _middle(self, component: str, profiles: Sequence[Mapping[str, Any]]) -> float:
        """The mean of the ln medians that the estimator tells beside profiles."""
        return sum(self._told(component, profile)[0] for profile in profiles) / len(profiles)

    def _bench(self, component: str, one: Seen, part: Part, experiences: Sequence[dict[str, Any]]) -> float:
        """How far the estimator is to be moved at a tier and level to agree with the market. The benchmark is of
        profiles that tell the level; those that tell years are moved as the two differ.
        """
        level = self.levels.index(part.level) if part.level else -1
        tier = (
            self.market["values"]["tier"].index(part.tier) if isinstance(part.tier, str) and part.tier else -1
        )
        table = self.table(one.role)
        found = float((table.bench_placed if part.metro else table.bench)[component][level, tier])
        if not one.by_years:
            return found
        by_years = self._middle(component, [_typical(one, told) for told in experiences])
        return found + self._middle(component, [_typical(one, {"level": part.level})]) - by_years

    def _part(self, one: Seen, level: str) -> Part:
        """The part of the frame that a profile fills in."""
        metros = self.market["values"]["metro"]
        metro = one.metro if one.metro not in _NAMELESS else ""
        if metro not in metros and (metro or one.region not in _NAMELESS):
            metro = metros[-1]
        tier: str | tuple[str, ...] = self._among("tier", one.tier)
        if not tier and one.named and not one.known:
            # who no list knows is of the tiers whose employers are not all known by name
            tier = tuple(self.market["roles"][one.role]["open"])
        return Part(
            level, tier, metro, self._among("industry", one.industry), self._among("remote", one.remote)
        )

    def _among(self, name: str, value: str) -> str:
        return value if value not in _NAMELESS and value in self.market["values"][name] else ""


def _years(profile: Mapping[str, Any]) -> float | None:
    """The years of experience that a profile tells."""
    years = profile.get("years")
    if years is None or isinstance(years, int):
        return years
    return years_of(years, "years of experience")


def _explained(
    own: Mapping[str, FloatArray], stands: Sequence[Stand], which: IntArray
) -> dict[str, FloatArray]:
    """The drivers (n,) of profiles that stand each at one of `stands` (`which`): the market's steps, and what else the
    estimator sees in them.
    """
    moved = {}
    for name in sorted({*own, *(name for stand in stands for name in stand.steps), "employer"}):
        steps = np.array([float(stand.steps.get(name, 0.0)) for stand in stands])[which]
        if name in own and name not in _REPLACED:
            steps += own[name] - np.array([stand.beside.get(name, 0.0) for stand in stands])[which]
        moved[name] = steps
    return moved


def _beside(one: Seen, experience: dict[str, Any]) -> dict[str, Any]:
    """The profile of someone of whom as much is known, at an experience; in place of a met employer stands one that
    was not.
    """
    return {
        **experience, "role": one.role, "tier": one.tier, "industry": one.industry, "metro": one.metro,
        "region": one.region, "country": one.country, "remote": one.remote,
        "employer": UNMET if one.named else "", "specialisation": () if one.known else one.special,
    }  # fmt: skip


def _typical(one: Seen, experience: dict[str, Any]) -> dict[str, Any]:
    """The profile of someone of a tier at an experience, of whom no more is known."""
    return {**experience, "role": one.role, "tier": one.tier, "employer": UNMET}


def _nearest(table: MarketTables, component: str, part: Part) -> FloatArray:
    """Ln pay at the quantiles in a part of the frame; where the frame has nobody there, in the part around it."""
    found = table.quantiles(component, part, QUANTILES)
    if found is not None:
        return found
    around = (Part(part.level, part.tier), Part(part.level, metro=part.metro), Part(part.level), Part())
    wider = (table.quantiles(component, one, QUANTILES) for one in around)
    return next(one for one in wider if one is not None)


def _steps(table: MarketTables, component: str, part: Part, *, met: bool) -> dict[str, float]:
    """What each dimension that is filled in moves the median by, one after the other; of a met employer its tier and
    industry are the estimator's.
    """
    steps: dict[str, float] = {}
    told, before = Part(), float(_nearest(table, component, Part())[_MIDDLE])
    for driver, name in STEPS:
        if (value := getattr(part, name)) and not (met and driver == "employer"):
            told = replace(told, **{name: value})
            now = float(_nearest(table, component, told)[_MIDDLE])
            steps[driver] = steps.get(driver, 0.0) + now - before
            before = now
    return steps
