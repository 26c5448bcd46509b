"""The sums: effects looked up, curves read, quantiles put together.

ln pay_q = centre + index(day) + mean + spread * z_q, each of mean, ln spread and z_q a sum of table entries;
terms that tell sources or kinds of evidence apart are averaged over the blend.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np

from payguide.base.money import FloatArray, IntArray
from payguide.estimator.encode import Inputs
from payguide.estimator.features import DAYS_A_YEAR, code
from payguide.estimator.model_file import unpack_integers, unpack_keys

#: A key space up to this size is kept as a plain array; a larger one is searched.
DENSE: Final = 4_000_000


class EffectTable:
    """One table of effects: the effect, or the effects, of each combination of values, times `over`. `values` (m,) or
    (m, q) are whole numbers, `per_one` to 1, of the combinations `keys` (m,).
    """

    def __init__(
        self,
        entry: Mapping[str, Any],
        sizes: Mapping[str, int],
        keys: IntArray,
        values: IntArray,
        per_one: int,
    ) -> None:
        self.by: list[str] = entry["by"]
        self.over: str | None = entry.get("over")
        self.driver: str = entry.get("driver", "")
        self.sizes = sizes
        self.blended = "source" in self.by or "kind" in self.by
        self.keys = keys
        effects = values / per_one
        self.effects = np.concatenate([effects, np.zeros((1, *effects.shape[1:]))])

    @cached_property
    def dense(self) -> FloatArray | None:
        """The effects of every combination that there may be, and of none; None where these are very many."""
        space = math.prod(self.sizes[name] for name in self.by)
        if not 0 < space <= DENSE:
            return None
        found = np.zeros((space + 1, *self.effects.shape[1:]))
        found[self.keys] = self.effects[:-1]
        return found

    @classmethod
    def of(
        cls, entry: Mapping[str, Any], sizes: Mapping[str, int], per_one: int, values: str = "values"
    ) -> EffectTable:
        """The table of an entry of the model file, whose effects are its `values` or another column."""
        return cls(entry, sizes, unpack_keys(entry["keys"]), unpack_integers(entry[values]), per_one)

    def at(self, codes: IntArray) -> FloatArray:
        """The effects (n,), or (n, q), of combinations; 0 where one is not known or there is no entry."""
        if not len(self.keys):
            return np.zeros((len(codes), *self.effects.shape[1:]))
        if self.dense is not None:
            return np.asarray(self.dense[codes])
        place = np.minimum(np.searchsorted(self.keys, codes), len(self.keys) - 1)
        return np.asarray(self.effects[np.where(self.keys[place] == codes, place, -1)])


class ComponentModel:
    """One component of a model, ready to evaluate."""

    def __init__(self, model: Mapping[str, Any], part: Mapping[str, Any]) -> None:
        self.part, self.years = part, model["years"]["knots"]
        sizes, per_one = part["sizes"], model["per_one"]
        self.mean = [EffectTable.of(entry, sizes, per_one) for entry in part["mean"]["terms"]]
        self.scale = [EffectTable.of(entry, sizes, per_one) for entry in part["scale"]["terms"]]
        self.shape = list(_together(part["quantiles"], sizes, per_one))
        self.quantiles = np.array([level["value"] for level in part["quantiles"]])
        self.middle = int(np.argmin([abs(level["level"] - 0.5) for level in part["quantiles"]]))
        self.counts = [EffectTable.of(entry, sizes, 1, "n") for entry in part["counts"]]
        self.at_counts = np.log1p(np.asarray(model["counts_knots"], dtype=float))
        self._roles: list[str] = part["vocabulary"]["role"]
        self._typical: dict[str, FloatArray] = {}
        as_of = np.array([float(part["as_of"])])
        held = (np.clip(as_of, part["origin"], part["last_day"]) - part["origin"]) / DAYS_A_YEAR
        trend = np.interp(held, part["mean"]["time_knots"], part["mean"]["time"])
        #: What the date adds to ln pay on the model's own day.
        self.now = float((trend + self.index(as_of))[0])

    def typical(self, driver: str) -> FloatArray:
        """What a driver adds to ln pay in the typical statement of each role, and of any (roles + 1,)."""
        if driver not in self._typical:
            reference = self.part["reference"]
            entries = [reference.get(role, reference["any"]) for role in self._roles]
            self._typical[driver] = np.array(
                [entry.get(driver, 0.0) for entry in [*entries, reference["any"]]]
            )
        return self._typical[driver]

    def index(self, day: FloatArray) -> FloatArray:
        """The log of the wage index: a line through the file's values, and `rate` a year beyond them."""
        days, logs = self.part["index"]["days"], self.part["index"]["logs"]
        yearly = np.log1p(self.part["rate"]) / DAYS_A_YEAR
        beyond = np.maximum(day - self.part["last_day"], 0.0) - np.maximum(days[0] - day, 0.0)
        held = np.clip(day, days[0], self.part["last_day"])
        return np.asarray(np.interp(held, days, logs) + yearly * beyond)


def _together(
    levels: Sequence[Mapping[str, Any]], sizes: Mapping[str, int], per_one: int
) -> Iterator[EffectTable]:
    """The tables of the quantiles' levels, each with the effects of all levels at once (m, q)."""
    for by in dict.fromkeys(tuple(entry["by"]) for level in levels for entry in level["terms"]):
        held = [
            (k, unpack_keys(entry["keys"]), unpack_integers(entry["values"]))
            for k, level in enumerate(levels)
            for entry in level["terms"]
            if tuple(entry["by"]) == by
        ]
        keys = np.unique(np.concatenate([keys for _, keys, _ in held]))
        values = np.zeros((len(keys), len(levels)), dtype=np.int64)
        for k, own, effects in held:
            values[np.searchsorted(keys, own), k] = effects
        yield EffectTable({"by": list(by)}, sizes, keys, values, per_one)


def blend(part: Mapping[str, Any], inputs: Inputs) -> FloatArray:
    """The weight of each source for each profile (n, s), rows summing to 1: the profile's own source; else
    the sources of its kind; else the shares of the evidence around its date, or of all of it.
    """
    held = part["blend"]
    shares = np.asarray(held["shares"], dtype=float)
    # not held within the evidence: what comes well after it takes the shares of all of it
    time = (inputs.day - part["origin"]) / DAYS_A_YEAR
    weights = np.column_stack([np.interp(time, held["time"], column) for column in shares.T])
    kind, kinds = inputs.values["kind"], np.asarray(held["kind"])
    for k in np.unique(kind[kind >= 0]):
        rows, mask = kind == k, (kinds == k).astype(float)
        narrowed = weights[rows] * mask
        empty = narrowed.sum(axis=1) < 1e-9
        narrowed[empty] = np.asarray(held["n"], dtype=float) * mask
        weights[rows] = narrowed
    source = inputs.values["source"]
    named = np.flatnonzero(source >= 0)
    weights[named] = 0.0
    weights[named, source[named]] = 1.0
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def contributions(
    tables: Sequence[EffectTable], inputs: Inputs, weights: FloatArray, kinds: Sequence[int]
) -> Iterator[tuple[EffectTable, FloatArray]]:
    """Each table's contribution (n,), or contributions (n, q); those that no profile has a value for are left out."""
    silent = {name for name, codes in inputs.values.items() if codes.max(initial=-1) < 0}
    used = [int(s) for s in np.flatnonzero(weights.max(axis=0, initial=0.0) > 0)]
    by_source = [(s, kinds[s], weights[:, s]) for s in used]
    by_kind = [
        (-1, kind, weights[:, np.equal(kinds, kind)].sum(axis=1)) for kind in sorted({kinds[s] for s in used})
    ]
    for table in tables:
        if silent.intersection(table.by).difference(("source", "kind") if table.blended else ()):
            continue
        if not table.blended:
            effect = table.at(_codes(table, inputs))
        else:
            effect = np.zeros(1)
            for source, kind, weight in by_source if "source" in table.by else by_kind:
                effect = effect + (weight * table.at(_codes(table, inputs, source, kind)).T).T
        if table.over == "time":
            effect = effect * inputs.time
        elif table.over == "log_years":
            effect = effect * inputs.log_years
        yield table, effect


def _codes(
    table: EffectTable, inputs: Inputs, source: int | None = None, kind: int | None = None
) -> IntArray:
    """The combinations of the profiles (n,), as they came or as of another source and kind; worked out once for all
    tables that tell them apart.
    """
    asked = (*table.by, source, kind)
    if asked not in inputs.codes:
        values = inputs.values
        if kind is not None:
            n = len(inputs)
            values = values | {"source": np.full(n, source), "kind": np.full(n, kind)}
        inputs.codes[asked] = code(values, table.by, table.sizes)
    return inputs.codes[asked]


def _years_curve(inputs: Inputs, knots: Sequence[float], values: Sequence[float]) -> FloatArray:
    """A curve over years of experience."""
    return np.asarray(np.interp(inputs.filled, knots, values))


def evaluate(
    part: ComponentModel, inputs: Inputs, with_drivers: bool
) -> tuple[FloatArray, IntArray, FloatArray, dict[str, FloatArray]]:
    """Points (n, q), evidence (n,), reference (n,) and, if asked for, drivers on the log scale."""
    file = part.part
    kinds = file["blend"]["kind"]
    weights = blend(file, inputs)
    curve = _years_curve(inputs, part.years, file["mean"]["years"])
    trend = np.interp(inputs.time, file["mean"]["time_knots"], file["mean"]["time"])
    drivers = {"experience": curve.copy(), "date": trend + part.index(inputs.day)}
    drivers |= {table.driver: np.zeros(1) for table in part.mean if table.driver not in drivers}
    mean = file["mean"]["intercept"][0] + curve + trend
    for table, effect in contributions(part.mean, inputs, weights, kinds):
        mean = mean + effect
        drivers[table.driver] = drivers[table.driver] + effect
    n_grade, n_employer, n = _evidence(part, inputs)
    scale = file["scale"]
    size = scale["intercept"][0] + _years_curve(inputs, part.years, scale["years"])
    size = size + np.interp(np.log1p(n_grade), part.at_counts, scale["n_grade"])
    size = size + np.interp(np.log1p(n_employer), part.at_counts, scale["n_employer"])
    size = size + np.interp(mean, scale["mean_knots"], scale["mean"])
    size = np.exp(size + sum(effect for _, effect in contributions(part.scale, inputs, weights, kinds)))
    z = part.quantiles + sum(effect for _, effect in contributions(part.shape, inputs, weights, kinds))
    around = np.sort(mean[:, None] + size[:, None] * z, axis=1)
    points = np.exp(around + (file["centre"] + part.index(inputs.day))[:, None])
    if not with_drivers:
        return points, n, np.zeros(len(inputs)), {}
    drivers["asymmetry"] = around[:, part.middle] - mean
    return points, n, *reference_of(part, inputs, drivers)


def _evidence(part: ComponentModel, inputs: Inputs) -> tuple[FloatArray, FloatArray, IntArray]:
    """The evidence of the employer x grade, of the employer, and of the first group that has any."""
    counts = [table.at(_codes(table, inputs)) for table in part.counts]
    n = np.zeros(len(inputs))
    for count in reversed(counts):
        n = np.where(count > 0, count, n)
    return counts[0], counts[1], n.astype(np.int64)


def reference_of(
    part: ComponentModel, inputs: Inputs, drivers: Mapping[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """The reference of each profile's role at the model's date (n,), and the drivers (n,) against it."""
    file, now = part.part, part.now
    log = file["centre"] + file["mean"]["intercept"][0] + now
    told = {}
    for name, values in drivers.items():
        at = now if name == "date" else part.typical(name)[inputs.values["role"]]
        told[name] = values - at
        if name != "date":
            log = log + at
    return np.exp(log), told
