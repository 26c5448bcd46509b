"""How well differences of two answers are known: what of the market's draws both have in common cancels.

An answer lies at the median of its level, or of all, and at what its metro, industry and arrangement pay more than the
frame's mean; where a tier is told, at that tier's cells. How far each of these lies from its mean in the draws, of the
frame's shares too, is written as a few common factors and what is left of each by itself (principal factors), so that
the variance of any difference is a sum of squares. What a named employer adds is not in it (fit/market/companies.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from payguide.base.codes import EvidenceKind
from payguide.base.money import FloatArray
from payguide.estimator.market import MOVERS
from payguide.estimator.model_file import pack_integers
from payguide.fit.market.design import LEVELS, nobody
from payguide.fit.market.frame import TIERS
from payguide.fit.market.people import BASE, TOTAL, People

#: Factors that what cells and movers have in common is written as; ln pay is whole numbers, so many to 1.
FACTORS: Final = 24
PER_ONE: Final = 10_000
#: The levels' medians are in almost every difference.
HEAVY: Final = 6.0
_ENDS: Final = (0.05, 0.95)


def differences(whose: People) -> dict[str, Any]:
    """As a model file has it: of each component the loadings of the levels' medians and of everybody's (l + 1), of
    cells (l * t), of metros, industries and arrangements, each on the factors and with the standard deviation of what
    is left, packed (v, f + 1); `new` the standard deviation of an employer that was never met; `posted` how posted
    ranges lie to people in post by level and tier, with one more for all (l, t + 1, 3): middle and ends of the
    interval. All in ln.
    """
    draws = {name: _about_mean(found) for name, found in _placed(whose).items()}
    size = draws[BASE].shape[1]
    heavy = np.where(np.arange(size) <= len(LEVELS), HEAVY, 1.0)
    loaded = _loadings(np.concatenate(list(draws.values()), axis=1), np.tile(heavy, len(draws)))
    sd = float(whose.posterior.base.draws.employer_sd.mean())
    return {
        "factors": FACTORS, "per_one": PER_ONE, "coverage": round(_ENDS[1] - _ENDS[0], 4), "new": round(sd, 4),
        "components": {name: _packed(loaded[k * size : (k + 1) * size]) for k, name in enumerate(draws)},
        "posted": _packed(_posted(whose)),
    }  # fmt: skip


def _placed(whose: People) -> dict[str, FloatArray]:
    """Ln pay of each level's and cell's people, and what each value of a mover pays beyond all: in each draw (s, v)."""
    cells = (whose.located.cell + whose.mean_offset)[1:]
    found = {BASE: cells}
    if whose.posterior.top is not None:
        paid = np.exp(np.clip(whose.cells_on_top(), -12.0, 1.0))
        found[TOTAL] = cells + (1 - whose.posterior.nothing[: len(paid)]) * paid
    made = {}
    for name, at in found.items():
        levels = [_median(whose, name, level) for level in (*LEVELS, "any")]
        moved = [
            _median(whose, name, "any", {mover: [k]}) - levels[-1]
            for mover in MOVERS
            for k in range(len(whose.frame.values[mover]))
        ]
        made[name] = np.column_stack([*levels, at.reshape(len(at), -1), *moved])
    return made


def _median(
    whose: People, component: str, level: str, fixed: Mapping[str, Sequence[int]] | None = None
) -> FloatArray:
    """The median of a population in each draw, ln (s,); nothing of one that has nobody."""
    found = whose.distribution(component, level, fixed)
    size = len(whose.located.cell) - 1
    return np.zeros(size) if found is None else found.quantiles(np.array([0.5]))[1:, 0]


def _about_mean(draws: FloatArray) -> FloatArray:
    return np.asarray(draws - draws.mean(axis=0))


def _loadings(draws: FloatArray, heavy: FloatArray) -> FloatArray:
    """Loadings (v, f) of draws (s, v) on their common factors, and the standard deviation of what is left (v, f + 1).
    What is `heavy` (v,) counts so many times when factors are chosen.
    """
    spread = np.maximum(draws.std(axis=0), 1e-9)
    scores = np.linalg.svd(draws / spread * heavy, full_matrices=False)[0][:, :FACTORS]
    common = draws.T @ scores / np.sqrt(len(draws) - 1)
    left = np.maximum(draws.var(axis=0, ddof=1) - (common**2).sum(axis=1), 0.0)
    return np.column_stack([common, np.zeros((len(common), FACTORS - common.shape[1])), np.sqrt(left)])


def _posted(whose: People) -> FloatArray:
    """How posted ranges lie to what people in post report (l, t + 1, 3): ln."""
    plan = whose.posterior.base.design
    kind = str(EvidenceKind.POSTED_RANGE)
    found = np.zeros((len(LEVELS), len(TIERS) + 1, 3))
    if kind not in plan.values["kind"]:
        return found
    level, tier = np.divmod(np.arange(len(LEVELS) * (len(TIERS) + 1)), len(TIERS) + 1)
    told = {
        "level": level,
        "role": np.full(len(level), whose.number),
        "tier": np.where(tier < len(TIERS), tier, -1),
    }
    posted = np.full(len(level), plan.values["kind"].index(kind))
    rows = plan.rows(nobody(len(level), **told, kind=posted)) - plan.rows(nobody(len(level), **told))
    draws = whose.posterior.base.draws.effects @ (rows @ plan.centre).toarray().T
    return np.stack([draws.mean(axis=0), *np.quantile(draws, _ENDS, axis=0)], axis=1).reshape(found.shape)


def _packed(values: FloatArray) -> str:
    return pack_integers(np.rint(values.ravel() * PER_ONE).astype(np.int64))
