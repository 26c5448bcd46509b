"""The estimator's model: a whole distribution of base and of total pay for one profile, as a small plain
file.

Per component: ln annual pay less a wage index = smooth curves in years of experience and in time + crossed
random effects (role, source and its kind, level, employer, the employer's own grade, place, tier, industry,
...; model.toml lists them), robust to gross errors (mean.py), rows counting by how exact such rows are
(row_weights.py); a spread of its own for every profile
(scale.py); quantiles conformally calibrated on cross-fitted residuals, in slices (conformal.py).

Choices. A range is one statement at its geometric middle; its width enters the spread and the quantiles, as
pay spread evenly between its ends on the log scale. A prediction that names no source is on the scale of the
evidence around its date (`blend` in the file): self-reports where the evidence is self-reports; a date well
after the evidence takes the shares of all of it. An employer,
grade or place that the model has no evidence of gets its parents' effects, and the width that rows of such
employers were found to need. The employer's own grade outranks the level in the title: with years and a grade
known the level is not used; with years alone it counts where it is not the years' own. After the last day of
the evidence pay grows at `rate` a year. Tenure and focus are seldom told: what they do is told against their mean over
those who are alike, so that who leaves them open is foretold with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import LADDER, Specialisation
from payguide.base.errors import InputError
from payguide.base.money import FloatArray
from payguide.base.reference.levels import bounds
from payguide.estimator.features import DAYS_A_YEAR
from payguide.estimator.model_file import FORMAT, PER_ONE, VERSION
from payguide.fit.bands.ageing import age
from payguide.fit.model.calibration import calibrate
from payguide.fit.model.cross_fitting import Sample, cross_fit, curve_columns, train
from payguide.fit.model.features import dimensions, followed, raw_of, settings, sizes
from payguide.fit.model.file import component_file, rounded, rounded_spread
from payguide.fit.model.mean import Regression, curve_penalty, draw_variances
from payguide.fit.model.random_effects import Block, Term, block, blocks, terms_of
from payguide.fit.model.reference import reference
from payguide.fit.model.row_weights import precision


def fit_model(
    rows: Mapping[str, PayRows], *, as_of: date, seed: int, ageing_rate_a_year: float | None = None
) -> dict[str, object]:
    """The model of each component in `rows` ("base", "total"), as JSON-able data.

    `ageing_rate_a_year` is the growth of pay after the last day of the evidence (a fraction); by default the
    wage index's own between that day and `as_of`. A component with under `minimum` rows is left out.

    Raises:
        InputError: no component has enough rows, or the components are not in one currency.
    """
    chosen = settings()
    enough = {name: held for name, held in sorted(rows.items()) if len(held) >= chosen["fitting"]["minimum"]}
    if not enough:
        found = ", ".join(f"{name} {len(held)}" for name, held in sorted(rows.items())) or "nothing"
        raise InputError(
            f"too few rows for a model ({found}; at least {chosen['fitting']['minimum']} are needed)",
            remedy="collect more evidence of pay",
        )
    currencies = sorted({held.currency for held in enough.values()})
    if len(currencies) > 1:
        raise InputError(f"a model has one currency, not {', '.join(currencies)}", remedy="fit them apart")
    components = {
        name: fit_component(held, as_of=as_of, seed=seed, ageing_rate_a_year=ageing_rate_a_year)
        for name, held in enough.items()
    }
    return {
        "format": FORMAT,
        "version": VERSION,
        "currency": currencies[0],
        "coverage": chosen["coverage"],
        "quantiles": chosen["quantiles"],
        "as_of": as_of.isoformat(),
        "seed": seed,
        "scale": "the blend of sources at the profile's date; a profile may name a kind or a source instead",
        "years": {**chosen["years"], "ladder": _ladder()},
        "counts_knots": chosen["counts"]["knots"],
        "per_one": PER_ONE,
        "words": chosen["words"],
        "steps": chosen["steps"],
        "specialisations": [str(name) for name in Specialisation],
        "components": components,
    }


def _ladder() -> list[list[object]]:
    """The ladder's levels, with where each ends in years of experience and whether that is still of it."""
    return [*([str(one.level), one.end, one.inclusive] for one in bounds()), [str(LADDER[-1]), None, True]]


def fit_component(
    rows: PayRows, *, as_of: date, seed: int, ageing_rate_a_year: float | None = None
) -> dict[str, Any]:
    """One component's part of the model file.

    Raises:
        InputError: an amount is not positive, or a range runs backwards.
    """
    if not (np.all(rows.low > 0) and np.all(rows.high >= rows.low)):
        raise InputError(
            "an amount is not positive, or a range runs backwards", where=f"{rows.component} rows"
        )
    index, trend = _index(rows, as_of, ageing_rate_a_year)
    logs = (np.log(rows.low) + np.log(rows.high)) / 2 - trend
    centre = round(float(np.median(logs)), 4)
    sample = sample_of(rows, logs - centre)
    alike = draw_variances(sample.regression, seed)
    sample = replace(
        sample, regression=replace(sample.regression, precision=precision(sample, alike.means, seed))
    )
    variances = draw_variances(sample.regression, seed + 1, alike).means
    every = np.arange(len(sample))
    judged = cross_fit(sample, variances, seed)
    spread, tested = calibrate(sample, judged)
    mean = rounded(train(sample, every, variances))
    spread = rounded_spread(spread)
    span = float(sample.raw.time.max())
    return {
        "n": len(rows),
        # an employer that is not named is one of its own
        "employers": sample.sizes["employer"],
        "unnamed": int(np.sum(~sample.raw.named)),
        "centre": centre,
        "origin": int(rows.day.min()), "last_day": int(rows.day.max()), "as_of": as_of.toordinal(), **index,
        **component_file(sample, mean, spread, judged, span),
        "reference": reference(sample, mean, spread.lack),
        "backtest": tested,
    }  # fmt: skip


def _index(rows: PayRows, as_of: date, rate: float | None) -> tuple[dict[str, Any], FloatArray]:
    """The wage index as the file holds it (a line through `days`, `logs`; growth of `rate` a year after the
    last day) and its value at each row's day (n,).
    """
    first, last = int(rows.day.min()), int(rows.day.max())
    days = [*range(first, last, 91), last] if last > first else [first, first + 1]
    start = date.fromordinal(first)
    logs = [round(math.log(age(start, date.fromordinal(day)).factor), 6) for day in days]
    if rate is None:
        until = max(as_of.toordinal(), last + 365)
        factor = age(date.fromordinal(last), date.fromordinal(until)).factor
        rate = factor ** (DAYS_A_YEAR / (until - last)) - 1
    held = {"index": {"days": days, "logs": logs}, "rate": round(rate, 5)}
    return held, np.interp(rows.day, days, logs)


def sample_of(rows: PayRows, y: FloatArray) -> Sample:
    """The rows ready to fit to y (n,), ln pay less the wage index and the centre."""
    raw, vocabulary = raw_of(rows, int(rows.day.min()))
    span = float(raw.time.max())
    counts = sizes(vocabulary, span)
    knots = np.round(np.linspace(0.0, max(span, 0.5), max(2, round(span * 2) + 1)), 4)
    chosen = settings()
    terms = terms_of(chosen["mean"])
    terms += [Term((f"is_{name}",), None, "specialisation") for name in Specialisation]
    penalty = curve_penalty(len(chosen["years"]["knots"]), followed(raw, len(knots)))
    met = blocks(terms, raw, counts)
    found = dimensions(raw)
    typical: dict[str, list[tuple[Block, Block]]] = {}
    for entry in chosen["typical"]:
        alike, scaled = Term(tuple(entry["by"])), Term(("kind", *entry["by"]), None, entry["driver"])
        pair = block(alike, raw, found, counts), block(scaled, raw, found, counts)
        typical.setdefault(entry["of"], []).append(pair)
    return Sample(
        raw=raw, regression=Regression(y, curve_columns(raw, knots), penalty, met, np.ones(len(y))),
        typical=typical,
        half=(np.log(rows.high) - np.log(rows.low)) / 2,
        sizes=counts, vocabulary=vocabulary, time_knots=knots,
    )  # fmt: skip
