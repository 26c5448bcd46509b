"""The reference that drivers are told against: the typical statement of the same role in the evidence."""

from __future__ import annotations

from typing import Any

import numpy as np

from payguide.estimator.features import code
from payguide.fit.model.cross_fitting import Sample
from payguide.fit.model.features import dimensions, filled_years, settings
from payguide.fit.model.random_effects import Effects, place
from payguide.fit.model.splines import hats

#: The reference of roles the model has no evidence of.
ANY = "any"


def reference(sample: Sample, *sums: Effects) -> dict[str, dict[str, float]]:
    """For each role, and for any, every driver's mean contribution to ln pay over its rows.

    The date is left out: the reference is told at the model's `as_of`.
    """
    found = dimensions(sample.raw)
    mean = sums[0]
    knots = settings()["years"]["knots"]
    curve = hats(filled_years(sample.raw), knots)
    drivers = {"experience": curve @ mean.smooth[1 : 1 + len(knots)]}
    for effects in sums:
        for term, keys, values in effects.tables:
            if term.driver == "date" or not len(keys):
                continue
            given = place(term, sample.raw, code(found, term.by, sample.sizes), keys).of(values)
            drivers[term.driver] = drivers.get(term.driver, 0.0) + given
    role = sample.raw.index["role"]
    groups: dict[str, Any] = {ANY: np.ones(len(sample), dtype=bool)}
    groups |= {name: role == k for k, name in enumerate(sample.vocabulary["role"])}
    return {
        name: {driver: round(float(given[rows].mean()), 4) for driver, given in sorted(drivers.items())}
        for name, rows in groups.items()
    }
