"""Fit and write evidence/units/level_probabilities.toml: `python tools/level_mix.py path/to/evidence path/to/library`.

Two things are known of postings whose title states no level. How many of them are at each level: employers that
publish their own grade beside the title put such titles so many grades below those that say "senior" (`SENIOR`). And
which years a level asks for: postings whose title states a level and whose text asks for years give P(level | years)
among those that state it, by a multinomial logit of the level on s = ln(1 + years),

    ln P(level | years) = a_level + b_level s + constant,    with a ridge on b.

Titles that are silent are no sample of those that speak (hardly anybody writes "mid-level", many write "senior"), so
the logit is adjusted to the silent ones' own shares p' (Saerens, Latinne and Decaestecker, "Adjusting the outputs of a
classifier to new a priori probabilities", Neural Computation 2002):

    P(level | years, silent) = P(level | years) p'(level) / p(level), over their sum.

Why p' is not estimated from the years that silent postings ask for, as the same paper does by EM: too few titles state
"entry" or "mid" beside years for their distributions to be told from each other; EM then finds no seniors at all.

Assumes that the postings of a level ask for the same years whether or not their title names the level, and that
silent titles are on the ladder (no leads, managers or interns among them). An advert that its employer repeats (same
title, same years) counts once; years over 10 count as 10.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import optimize, special

from payguide.base.aggregates import UNITS_PER_PIECE
from payguide.base.codes import LADDER, Level, Role
from payguide.base.money import FloatArray, IntArray
from payguide.decode.level import read_level
from payguide.decode.role import read_role
from payguide.evidence.store import Store
from payguide.evidence.units import level_probabilities as level_mix
from payguide.evidence.units.level_probabilities import STEP

FILE = Path(level_mix.__file__).with_suffix(".toml")
GRADES: Final = "labels/title_level_greenhouse_2026.csv"
ROLES = tuple(str(role) for role in Role if role is not Role.OTHER)

#: The grade at which an employer's own ladder has its senior engineers, and which way its numbers rise: the employers
#: of `GRADES` whose grades are single steps and whose senior titles agree on one.
SENIOR: Final = {
    "clear": ("P", 3, 1), "cabify": ("L", 4, 1), "reddit": ("IC", 4, 1), "dunnhumby": ("", 3, 1), "roku": ("", 10, -1),
}  # fmt: skip

#: The most years that are told apart; the precision of the ridge; what is added to the count of silent titles at each
#: level, for that none was seen does not make it impossible.
MOST, RIDGE, UNSEEN = 10, 0.1, 1.0

POSTINGS = """
SELECT DISTINCT level, least(years_min, $most) AS years, employer_id, title FROM postings
WHERE list_contains($roles, role) AND list_contains($ladder, level)
  AND level_read_from = 'title' AND years_min IS NOT NULL
ORDER BY ALL
"""
DATES = "SELECT min(date) AS first, max(date) AS last FROM postings WHERE years_min IS NOT NULL"


def logit(level: IntArray, years: FloatArray) -> FloatArray:
    """Coefficients (2, l) of the multinomial logit: levels (n,) as places on the ladder, years asked (n,)."""
    design = _design(years)
    stated = np.eye(len(LADDER))[level]
    # the constants too, a trace: only their differences are told
    ridge = np.array([[1e-6], [RIDGE]])

    def loss(flat: FloatArray) -> tuple[float, FloatArray]:
        held = flat.reshape(2, -1)
        logs = special.log_softmax(design @ held, axis=1)
        slope = design.T @ (np.exp(logs) - stated) + ridge * held
        return float((ridge * held**2).sum() / 2 - (stated * logs).sum()), slope.ravel()

    found = optimize.minimize(loss, np.zeros(2 * len(LADDER)), jac=True, method="L-BFGS-B",
                              options={"maxiter": 5000, "ftol": 1e-13, "gtol": 1e-8})  # fmt: skip
    return np.asarray(found.x.reshape(2, -1))


def probabilities(coefficients: FloatArray, years: FloatArray) -> FloatArray:
    """P(level | years) (n, l) among postings that state their level."""
    return np.asarray(special.softmax(_design(years) @ coefficients, axis=1))


def shifted(of: FloatArray, was: FloatArray, now: FloatArray) -> FloatArray:
    """Probabilities (n, l) where the levels' shares are `now` (l,) and not `was` (l,), with which they were fitted."""
    found = of * (now / was)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


def in_steps(probable: FloatArray) -> IntArray:
    """Each row in hundredths, multiples of `STEP` that add up to `UNITS_PER_PIECE`: what is left over goes to the
    largest remainders (Hamilton's method).
    """
    exact = probable * (UNITS_PER_PIECE // STEP)
    whole = np.floor(exact).astype(np.int64)
    for row, rest in zip(whole, exact - whole, strict=True):
        row[np.argsort(-rest, kind="stable")[: UNITS_PER_PIECE // STEP - int(row.sum())]] += 1
    return whole * STEP


def silent_levels(rows: Iterable[Mapping[str, str]]) -> IntArray:
    """How many titles that state no level each level of the ladder has (l,), by their employers' own grades. Rows:
    `company`, `title`, `level` (the grade).
    """
    counts = np.zeros(len(LADDER), np.int64)
    for company, title, grade in sorted({(row["company"], row["title"], row["level"]) for row in rows}):
        prefix, senior, rises = SENIOR.get(company, ("", 0, 0))
        number = re.match(rf"{prefix}(\d+)\b", grade)
        if rises and number and read_role(title) in ROLES and read_level(title) is Level.UNSTATED:
            step = LADDER.index(Level.SENIOR) + rises * (int(number[1]) - senior)
            counts[min(max(step, 0), len(LADDER) - 1)] += 1
    return counts


def fitted(level: IntArray, years: FloatArray, silent: IntArray) -> IntArray:
    """The shares (`MOST` + 1, l) from the levels (n,) and years (n,) of postings that state both, and the levels (l,)
    of titles that are silent.
    """
    was = np.bincount(level, minlength=len(LADDER)) / len(level)
    now = (silent + UNSEEN) / (silent + UNSEEN).sum()
    return in_steps(shifted(probabilities(logit(level, years), np.arange(MOST + 1.0)), was, now))


def written(store: Store, grades: Sequence[Mapping[str, str]]) -> str:
    """The file: the shares, what they were fitted on, and when that was dated."""
    parameters: dict[str, Any] = {
        "roles": list(ROLES), "ladder": [str(level) for level in LADDER], "most": MOST,
    }  # fmt: skip
    rows, dates = store.rows(POSTINGS, parameters), store.rows(DATES)[0]
    level = np.array([LADDER.index(row["level"]) for row in rows])
    years = np.array([row["years"] for row in rows], float)
    silent = silent_levels(grades)
    told = "\n".join(
        f"    {row},  # {number} years" for number, row in enumerate(fitted(level, years, silent).tolist())
    )
    return (
        "# The share of each level of the ladder (entry, mid, senior, staff), in hundredths, among postings whose\n"
        "# title states none, by the years that they ask for. Written by tools/level_mix.py, which says how.\n"
        f'origin = "{len(rows)} postings of {dates["first"]} to {dates["last"]} that state a level and ask for years; '
        f"{silent.sum()} titles with their employers' own grades, 2026 ({Path(GRADES).name})\"\n"
        f"silent = {silent.tolist()}  # of those titles at each level\n"
        f"shares = [\n{told}\n]\n"
    )


def _design(years: FloatArray) -> FloatArray:
    return np.column_stack([np.ones(len(years)), np.log1p(years)])


if __name__ == "__main__":
    with (Path(sys.argv[2]) / GRADES).open(encoding="utf-8", newline="") as opened:
        FILE.write_text(
            written(Store.open(Path(sys.argv[1])), list(csv.DictReader(opened))), encoding="utf-8"
        )
