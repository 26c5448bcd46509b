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

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec
import numpy as np
from msgspec.structs import replace

from payguide.base.dates import day_of, months_after
from payguide.base.errors import InputError
from payguide.base.money import FloatArray
from payguide.estimator.admission import Admission
from payguide.estimator.anchored import Anchor
from payguide.estimator.answers import QUANTILES, Answer, Predictions, Refused, answers_of
from payguide.estimator.encode import FeatureEncoder, encode
from payguide.estimator.evaluate import ComponentModel, evaluate
from payguide.estimator.model_file import FORMAT, check_format
from payguide.estimator.one import OneProfile

__all__ = [
    "FORMAT",
    "Answer",
    "Estimator",
    "Predictions",
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
        (component,) = self._components([profile])
        if component not in self._admission:
            self._admission[component] = Admission(self._component(component)[0])
        refused = self.refusal(profile.get("date")) or self._admission[component].refusal(profile)
        if refused:
            raise InputError(refused, where="profile")
        return self._admission[component].admit(profile)

    def many(self, profiles: Sequence[Mapping[str, Any]], *, drivers: bool = False) -> Predictions:
        """Every profile's prediction, in order. Without `drivers` none are worked out (faster).

        Raises:
            InputError: a profile's years or date make no sense, or the model has no such component.
        """
        wanted = [
            (component, bool(self._anchor and self._anchor.sees(component, profile)))
            for component, profile in zip(self._components(profiles), profiles, strict=True)
        ]
        kinds = sorted(set(wanted))
        if len(kinds) == 1:
            return self._of_kind(*kinds[0], profiles, drivers)
        n, q = len(profiles), len(self.model["quantiles"])
        points, counts, reference = np.empty((n, q)), np.zeros(n, dtype=np.int64), np.zeros(n)
        parts: dict[str, FloatArray] = {}
        for kind in kinds:
            rows = np.array([k for k, one in enumerate(wanted) if one == kind])
            found = self._of_kind(*kind, [profiles[k] for k in rows], drivers)
            points[rows], counts[rows], reference[rows] = found.points, found.n, found.reference
            for driver, values in found.drivers.items():
                parts.setdefault(driver, np.zeros(n))[rows] = values
        return Predictions(points, counts, reference, parts)

    def answers(self, profiles: Sequence[Mapping[str, Any]], ids: Sequence[str | int | None]) -> list[Answer]:
        """Every profile's answer under its id, in order. Raises as `many`, and InputError for a day that has none."""
        for number, profile in enumerate(profiles, start=1):
            if refused := self.refusal(profile.get("date")):
                raise InputError(refused, where=f"profile {number}")
        return answers_of(self.many(profiles, drivers=True), self.model, ids) if profiles else []

    def replies(
        self, profiles: Iterable[Mapping[str, Any]], ids: Sequence[str | int | None]
    ) -> list[Answer | Refused]:
        """What each who asks is told under its id, in order: the answer with its warnings, or why there is none."""
        admitted = [self._admitted(profile) for profile in profiles]
        told = [
            (one, identity) for one, identity in zip(admitted, ids, strict=True) if not isinstance(one, str)
        ]
        answers = iter(
            self.answers([profile for (profile, _), _ in told], [identity for _, identity in told])
        )
        return [
            Refused(identity, one) if isinstance(one, str) else _warned(next(answers), one[1])
            for one, identity in zip(admitted, ids, strict=True)
        ]

    def _admitted(self, profile: Mapping[str, Any]) -> tuple[Mapping[str, Any], list[str]] | str:
        try:
            return self.admit(profile)
        except InputError as error:
            return error.found

    def raw(self, component: str, profiles: Sequence[Mapping[str, Any]], drivers: bool) -> Predictions:
        """What the fitted effects say before it is put on the market's scale: without what statements that leave
        something open have in common, for that is the mix of who states it.
        """
        return self._evaluated(component, profiles, drivers, whole=False)

    def has(self, component: str) -> bool:
        """Whether the model knows a component of pay."""
        return component in self.model["components"]

    def medians(self, component: str, profiles: Sequence[Mapping[str, Any]]) -> FloatArray:
        """The medians of profiles (n,) before they are put on the market's scale."""
        found: FloatArray = self.raw(component, profiles, False).points[:, QUANTILES.index(0.50)]
        return found

    def _of_kind(
        self, component: str, on_market: bool, profiles: Sequence[Mapping[str, Any]], drivers: bool
    ) -> Predictions:
        """Profiles of one component that all stand on the market, or none does."""
        if on_market and self._anchor:
            return self._anchor.answers(component, profiles, drivers)
        return self._evaluated(component, profiles, drivers, whole=True)

    def _evaluated(
        self, component: str, profiles: Sequence[Mapping[str, Any]], drivers: bool, *, whole: bool
    ) -> Predictions:
        """What the fitted effects say: one profile's in plain numbers."""
        if len(profiles) == 1:
            return self._single_of(component, profiles[0], whole=whole)
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

    def _components(self, profiles: Sequence[Mapping[str, Any]]) -> list[str]:
        """The component that each profile asks for."""
        wanted = [profile.get("component") or "base" for profile in profiles]
        known = self.model["components"]
        for name in set(wanted).difference(known):
            raise InputError(
                f"the model has no component {name!r}",
                where=f"profile {wanted.index(name) + 1}",
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


def _warned(answer: Answer, warnings: list[str]) -> Answer:
    return replace(answer, warnings=warnings) if warnings else answer


def _ready(model: Mapping[str, Any] | Estimator) -> Estimator:
    return model if isinstance(model, Estimator) else Estimator(model)
