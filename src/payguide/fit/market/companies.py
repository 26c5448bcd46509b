"""How well the median of a named employer is known, and how far it lies from the market's.

What an employer pays at a level is what the estimator answers; this is what may lie around it. In each draw of the
market's model an employer pays its cell (level, tier) and its own effect; of total pay what is on top, with its own
effect on that too. The draws' distance from their mean is the interval's, widened by how far the two models lie apart
over these employers: a level of one employer is known no better than two models of the same evidence agree on it.
What parts an employer from the market is worked out within each draw, so that what both have in common cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.special import ndtri

from payguide.base.money import FloatArray, IntArray
from payguide.estimator.model_file import pack_integers
from payguide.fit.market.design import LEVELS
from payguide.fit.market.people import BASE, TOTAL, People

#: Ln pay is written as whole numbers, so many to 1.
PER_ONE: Final = 1_000

#: The medians (n,) that the estimator answers of profiles.
Answers = Callable[[Sequence[Mapping[str, Any]]], FloatArray]


def company_intervals(
    whose: People, employers: Mapping[str, Mapping[str, str]], answers: Answers, coverage: float
) -> dict[str, Any]:
    """Of those employers that the market's model has met, as a model file has it: each component's `median` and
    `gap` (to the market's median of the level), whole numbers [below, above] by employer and level (e, l, 2): ln, from
    the answer downwards and upwards. `employers` are by their slug what a profile says of each.
    """
    known = {name: k for k, name in enumerate(whose.posterior.names)}
    tier_of = {int(k): t for t, held in enumerate(whose.posterior.employers) for k in held.number}
    met = [name for name in employers if known.get(name, -1) in tier_of]
    number = np.array([known[name] for name in met], np.int64)
    tier = np.array([tier_of[k] for k in number.tolist()], np.int64)
    found: dict[str, Any] = {}
    for component, draws in _located(whose, number, tier).items() if met else ():
        profiles = [
            {"role": whose.role, "component": component, "level": level, **employers[name]}
            for name in met
            for level in LEVELS
        ]
        answered = np.log(answers(profiles)).reshape(len(met), -1)
        apart = float(np.sqrt(np.mean((answered - draws.mean(axis=0).T) ** 2)))
        found[component] = {
            "median": _around(draws, apart, coverage),
            "gap": _around(draws - whose.level_medians(component)[:, :, None], apart, coverage),
        }
    return {"employers": met, "coverage": coverage, "per_one": PER_ONE, "components": found}


def _located(whose: People, number: IntArray, tier: IntArray) -> dict[str, FloatArray]:
    """What employers pay at each level in each draw: ln (s, l, e), of base pay and, where something tells it, total."""
    own = whose.posterior.base.draws.employers[:, number]
    base = whose.located.cell[1:][:, :, tier] + own[:, None, :]
    top = whose.posterior.top
    if top is None:
        return {BASE: base}
    over = whose.cells_on_top()[:, :, tier] + top.draws.employers[:, None, number]
    return {BASE: base, TOTAL: base + np.exp(np.clip(over, -12.0, 1.0))}


def _around(draws: FloatArray, apart: float, coverage: float) -> str:
    """How far the ends of the interval lie below and above the middle of draws (s, l, e), packed (e, l, 2)."""
    ends = np.quantile(draws - draws.mean(axis=0), [0.5 - coverage / 2, 0.5 + coverage / 2], axis=0)
    wide = np.hypot(ends, float(ndtri(0.5 + coverage / 2)) * apart) * np.array([-1.0, 1.0])[:, None, None]
    return pack_integers(np.rint(wide.transpose(2, 1, 0) * PER_ONE).astype(np.int64).ravel())
