"""The estimator: a whole distribution of pay for one profile, read from a model file.

Look-ups, sums and piecewise-linear curves only, so that the page's script can do the same.

A profile is a mapping: `role`, `component` ("base" by default), and whatever is known of `years` (of experience),
`tenure` (years with the employer), `level`, `grade`, `employer` (the canonical slug), `tier`, `industry`, `metro`
(CBSA code), `region`, `country`, `date`, `remote`, `focus` (the part of software), `specialisation` (a name or
several), `degree`; `kind` or `source` asks for pay as that kind of evidence states it, instead of the market's scale
(anchored.py), or without a market the blend of sources at the date. What is missing or unknown to the model is averaged
over the market's people; without a market it falls back to its parents, with a wider spread.

An answer is given for days up to `CARRY` months after the model's date, or before its first evidence: the wage index
carries pay so far and no farther, for a market outruns it (fit/bands/ageing.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import numpy as np

from payguide.base.dates import day_of, months_after
from payguide.base.errors import InputError
from payguide.base.money import FloatArray, IntArray
from payguide.estimator.admission import Admission, Admitted
from payguide.estimator.anchored import Anchor
from payguide.estimator.answers import QUANTILES, Answer, Predictions, Refused, answers_of
from payguide.estimator.columns import Column, Profiles
from payguide.estimator.encode import FeatureEncoder, encode
from payguide.estimator.evaluate import ComponentModel, evaluate
from payguide.estimator.model_file import FORMAT, check_format
from payguide.estimator.one import OneProfile

__all__ = [
    "FORMAT",
    "Answer",
    "Estimator",
    "Predictions",
    "Profiles",
    "Refused",
    "predict",
    "predict_each",
    "predict_many",
]


#: Months beyond the model's date, and before its evidence, that an answer is given for.
CARRY: Final = 18
#: The driver of what a profile leaves open.
NOT_STATED: Final = "not stated"


class Estimator:
    """A model file made ready for look-ups; use one for many calls.

    Raises:
        WrongShape: the data is not a model file of the known version.
    """

    def __init__(self, model: Mapping[str, Any]) -> None:
        check_format(model)
        self.model = model
        self._ready: dict[tuple[str, bool], tuple[FeatureEncoder, ComponentModel]] = {}
        self._single: dict[tuple[str, bool], OneProfile] = {}
        self._refused: dict[object, str] = {None: "", "": ""}
        self._admission: dict[str, Admission] = {}
        self._anchor = Anchor(model, self.raw) if "market" in model else None

    def days(self) -> tuple[date, date]:
        """The first and the last day that answers are given for."""
        parts = self.model["components"].values()
        first, last = min(part["origin"] for part in parts), max(part["as_of"] for part in parts)
        return months_after(date.fromordinal(first), -CARRY), months_after(date.fromordinal(last), CARRY)

    def refusal(self, day: object) -> str:
        """Why no answer is given for a day (a date, an ISO date, or nothing), in words; "" where one is."""
        if day not in self._refused:
            first, last = self.days()
            try:
                fits = first.toordinal() <= day_of(day).toordinal() <= last.toordinal()
                self._refused[day] = (
                    "" if fits else f"the estimator knows pay from {first} to {last}, not on {day}"
                )
            except ValueError as error:
                self._refused[day] = str(error)
        return self._refused[day]

    def admit(self, profile: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]]:
        """A profile that somebody asks about, as far as it is known, and a warning of what it says beyond.

        Raises:
            InputError: no pay is known of its role, place, years or day, or there is no such component.
        """
        asked = Profiles.of([profile])
        (component,) = self._components(asked).values
        admitted = self._admitted(component, asked)
        if admitted.refused:
            raise InputError(admitted.refused[0], where="profile")
        left_out = asked.row(0).keys() - admitted.profiles.row(0).keys()
        known = {name: value for name, value in profile.items() if name not in left_out}
        return known, admitted.warnings.get(0, [])

    def many(self, profiles: Sequence[Mapping[str, Any]] | Profiles, *, drivers: bool = False) -> Predictions:
        """Every profile's prediction, in order. Without `drivers` none are worked out (faster).

        Raises:
            InputError: a profile's years or date make no sense, or the model has no such component.
        """
        asked = profiles if isinstance(profiles, Profiles) else Profiles.of(profiles)
        n, q = len(asked), len(self.model["quantiles"])
        points, counts, reference = np.empty((n, q)), np.zeros(n, dtype=np.int64), np.zeros(n)
        parts: dict[str, FloatArray] = {}
        for component, rows in _each(self._components(asked)):
            of_component = asked.take(rows)
            on_market = (
                self._anchor.sees(component, of_component) if self._anchor else np.zeros(len(rows), bool)
            )
            for seen in np.unique(on_market).tolist():
                own = np.flatnonzero(on_market == seen)
                found = self._of_kind(component, seen, of_component.take(own), drivers)
                at = rows[own]
                points[at], counts[at], reference[at] = found.points, found.n, found.reference
                for driver, values in found.drivers.items():
                    parts.setdefault(driver, np.zeros(n))[at] = values
        return Predictions(points, counts, reference, parts)

    def answers(
        self,
        profiles: Sequence[Mapping[str, Any]] | Profiles,
        ids: Sequence[str | int | None],
        warnings: Mapping[int, list[str]] | None = None,
    ) -> list[Answer]:
        """Every profile's answer under its id, in order, with the `warnings` of its row. Raises as `many`, and
        InputError for a day that has none.
        """
        asked = profiles if isinstance(profiles, Profiles) else Profiles.of(profiles)
        for row, refused in asked["date"].said(self.refusal):
            raise InputError(refused, where=f"profile {row + 1}")
        return (
            answers_of(self.many(asked, drivers=True), self.model, ids, warnings or {}) if len(asked) else []
        )

    def replies(self, profiles: Profiles, ids: Sequence[str | int | None]) -> list[Answer | Refused]:
        """What each who asks is told under its id, in order: the answer with its warnings, or why there is none."""
        told: list[Answer | Refused] = [Refused(None, "")] * len(profiles)
        for component, rows in _each(profiles["component"].mapped(lambda name: name or "base")):
            if component not in self.model["components"]:
                for row in rows.tolist():
                    told[row] = Refused(ids[row], f"the model has no component {component!r}")
                continue
            admitted = self._admitted(component, profiles.take(rows))
            for place, why in admitted.refused.items():
                told[rows[place]] = Refused(ids[rows[place]], why)
            kept = np.delete(np.arange(len(rows)), list(admitted.refused))
            at = rows[kept].tolist()
            warnings = {
                k: admitted.warnings[place]
                for k, place in enumerate(kept.tolist())
                if place in admitted.warnings
            }
            answers = self.answers(admitted.profiles.take(kept), [ids[row] for row in at], warnings)
            for row, answer in zip(at, answers, strict=True):
                told[row] = answer
        return told

    def _admitted(self, component: str, profiles: Profiles) -> Admitted:
        if component not in self._admission:
            self._admission[component] = Admission(self._component(component)[0], self.refusal)
        return self._admission[component].admit(profiles)

    def raw(self, component: str, profiles: Profiles, drivers: bool) -> Predictions:
        """What the fitted effects say before it is put on the market's scale: without what statements that leave
        something open have in common, for that is the mix of who states it.
        """
        return self._evaluated(component, profiles, drivers, whole=False)

    def has(self, component: str) -> bool:
        """Whether the model knows a component of pay."""
        return component in self.model["components"]

    def medians(self, component: str, profiles: Sequence[Mapping[str, Any]]) -> FloatArray:
        """The medians of profiles (n,) before they are put on the market's scale."""
        found: FloatArray = self.raw(component, Profiles.of(profiles), False).points[:, QUANTILES.index(0.50)]
        return found

    def _of_kind(self, component: str, on_market: bool, profiles: Profiles, drivers: bool) -> Predictions:
        """Profiles of one component that all stand on the market, or none does."""
        if on_market and self._anchor:
            return self._anchor.answers(component, profiles, drivers)
        return self._evaluated(component, profiles, drivers, whole=True)

    def _evaluated(self, component: str, profiles: Profiles, drivers: bool, *, whole: bool) -> Predictions:
        """What the fitted effects say: one profile's in plain numbers."""
        if len(profiles) == 1:
            return self._single_of(component, profiles.row(0), whole=whole)
        encoder, part = self._component(component, whole=whole)
        points, counts, reference, parts = evaluate(part, encode(encoder, profiles), drivers)
        return Predictions(points, counts, reference, parts)

    def _single_of(self, name: str, profile: Mapping[str, Any], *, whole: bool) -> Predictions:
        if (name, whole) not in self._single:
            encoder, part = self._component(name, whole=whole)
            self._single[name, whole] = OneProfile(part, encoder)
        points, n, reference, drivers = self._single[name, whole].evaluate(profile)
        of_drivers = {driver: np.array([value]) for driver, value in drivers.items()}
        return Predictions(np.array([points]), np.array([n]), np.array([reference]), of_drivers)

    def _components(self, profiles: Profiles) -> Column:
        """The component that each profile asks for."""
        wanted = profiles["component"].mapped(lambda name: name or "base")
        known = self.model["components"]
        for row, name in wanted.said(lambda name: "" if name in known else str(name)):
            raise InputError(
                f"the model has no component {name!r}",
                where=f"profile {row + 1}",
                remedy=f"it has {', '.join(known)}",
            )
        return wanted

    def _component(self, name: str, *, whole: bool = True) -> tuple[FeatureEncoder, ComponentModel]:
        """A component made ready when it is first asked for: who asks for base pay need not unpack total pay."""
        if (name, whole) not in self._ready:
            part = self.model["components"][name]
            if not whole:
                terms = [term for term in part["mean"]["terms"] if term["driver"] != NOT_STATED]
                part = {**part, "mean": {**part["mean"], "terms": terms}}
            self._ready[name, whole] = FeatureEncoder(self.model, part), ComponentModel(self.model, part)
        return self._ready[name, whole]


def predict_many(model: Mapping[str, Any] | Estimator, profiles: Sequence[Mapping[str, Any]]) -> Predictions:
    """Quantiles for many profiles at once, without drivers. Raises as `Estimator.many`."""
    return _ready(model).many(profiles)


def predict(model: Mapping[str, Any] | Estimator, profile: Mapping[str, Any]) -> dict[str, Any]:
    """One profile's quantiles and drivers, in whole units of the currency. Raises as `Estimator.many`."""
    return predict_each(model, [profile])[0]


def predict_each(
    model: Mapping[str, Any] | Estimator, profiles: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each profile's answer (`answers.Answer`) as plain data. Raises as `Estimator.many`."""
    given = list(profiles)
    found: list[dict[str, Any]] = msgspec.to_builtins(_ready(model).answers(given, [None] * len(given)))
    return found


def _each(column: Column) -> Iterator[tuple[Any, IntArray]]:
    """Each value of a column with the rows that have it."""
    for number, value in enumerate(column.values):
        yield value, np.flatnonzero(column.codes == number)


def _ready(model: Mapping[str, Any] | Estimator) -> Estimator:
    return model if isinstance(model, Estimator) else Estimator(model)
