"""A seeded market with known truth, for the tests of the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from payguide.base.aggregates import PayRows
from payguide.base.codes import Component

FIRST_DAY = 737_000  # 2018-10-31
ROLES = ("data_scientist", "ml_engineer", "software_engineer")
#: ln premium of each role, and of each metro, over the first.
ROLE_EFFECT, METRO_EFFECT = (0.0, 0.20, 0.10), (0.0, 0.15, 0.30, -0.10)
#: ln premium of each focus over none, and of a year with the employer, up to five of them.
FOCUSES, FOCUS_EFFECT, TENURE_EFFECT = ("", "security", "testing"), (0.0, 0.08, -0.08), -0.02
METROS = ("41860", "35620", "42660", "12420")


@dataclass(frozen=True)
class Market:
    """Rows, their mean ln pay and the standard deviation around it, all (n,)."""

    rows: PayRows
    mean: np.ndarray
    spread: np.ndarray


def market(
    n: int, seed: int, *, employers: int = 60, gross_errors: float = 0.01, wide: float = 1.0
) -> Market:
    """ln base pay = 11.6 + role + metro + focus + employer (sd 0.2) + grade (0.15 a step) + 0.1 ln(1 + years) +
    tenure, which half of the people state, + noise, whose standard deviation is 0.08, or 0.16 for data scientists;
    grades follow years loosely. A share of `gross_errors` is ten times too high.
    """
    rng = np.random.default_rng(seed)
    world = np.random.default_rng(99)
    effect = world.normal(0, 0.2, employers)
    role, metro = rng.integers(0, 3, n), rng.integers(0, 4, n)
    employer = np.minimum(rng.geometric(0.06, n) - 1, employers - 1)
    years = np.round(rng.gamma(2.0, 3.0, n), 1)
    grade = np.clip(np.floor(years / 4 + rng.normal(0, 0.7, n)), 0, 4).astype(int)
    mean = 11.6 + np.take(ROLE_EFFECT, role) + np.take(METRO_EFFECT, metro) + effect[employer]
    mean = mean + 0.15 * grade + 0.1 * np.log1p(years)
    own = np.random.default_rng(seed + 10_000)
    focus, tenure = own.integers(0, 3, n), np.round(years * own.random(n), 1)
    mean = mean + np.take(FOCUS_EFFECT, focus) + TENURE_EFFECT * np.minimum(tenure, 5.0)
    spread = np.where(role == 0, 0.16, 0.08)
    logs = mean + rng.normal(0, 1, n) * spread
    logs = logs + np.where(rng.random(n) < gross_errors, np.log(10), 0.0)
    named = {
        "source": np.full(n, "survey"),
        "kind": np.full(n, "self_report"),
        "role": np.take(ROLES, role),
        "employer": np.array([f"employer-{k}" for k in employer]),
        "grade": np.array([f"L{k + 1}" for k in grade]),
        "metro": np.take(METROS, metro),
        "region": np.take(("CA", "NY", "WA", "TX"), metro),
        "country": np.full(n, "US"),
        "focus": np.take(FOCUSES, focus),
    }
    stated = np.where(own.random(n) < 0.5, tenure, np.nan)
    return Market(
        rows_of(np.exp(logs), years=years, tenure=stated, day=FIRST_DAY + rng.integers(0, 900, n), **named),
        mean,
        spread,
    )


def rows_of(
    low: np.ndarray,
    *,
    high: np.ndarray | None = None,
    years: np.ndarray | None = None,
    tenure: np.ndarray | None = None,
    day: np.ndarray | None = None,
    **columns: np.ndarray | list[str],
) -> PayRows:
    """Rows with the given columns; the others are not known."""
    n = len(low)
    held = {name: np.full(n, "") for name in PayRows.TEXT}
    held |= {
        "source": np.full(n, "survey"),
        "kind": np.full(n, "self_report"),
        "role": np.full(n, "ml_engineer"),
    }
    held |= {name: np.asarray(values, dtype=np.str_) for name, values in columns.items()}
    return PayRows(
        component=Component.BASE,
        currency="USD",
        low=np.asarray(low, dtype=float),
        high=np.asarray(low if high is None else high, dtype=float),
        years=np.full(n, np.nan) if years is None else years,
        tenure=np.full(n, np.nan) if tenure is None else tenure,
        day=np.full(n, FIRST_DAY) if day is None else day,
        columns=held,
    )


def mixed_market() -> PayRows:
    """Self-reports of one time and posted ranges of a later one, with levels but no years or grades."""
    reports = market(600, seed=8).rows
    rng = np.random.default_rng(1)
    n = 400
    middle = np.exp(rng.normal(12.2, 0.2, n))
    posted = rows_of(
        middle / 1.2, high=middle * 1.2, day=reports.day[:n] + 1200,
        source=np.full(n, "board"), kind=np.full(n, "posted_range"),
        level=np.take(("entry", "senior", ""), rng.integers(0, 3, n)), country=np.full(n, "US"),
        employer=[f"employer-{k % 40}" for k in range(n)], metro=np.full(n, "41860"), region=np.full(n, "CA"),
        specialisation=np.take(("vision", "vision|speech", ""), rng.integers(0, 3, n)),
    )  # fmt: skip
    return PayRows(
        component=reports.component, currency="USD",
        low=np.concatenate([reports.low, posted.low]), high=np.concatenate([reports.high, posted.high]),
        years=np.concatenate([reports.years, posted.years]),
        tenure=np.concatenate([reports.tenure, posted.tenure]), day=np.concatenate([reports.day, posted.day]),
        columns={n: np.concatenate([reports.columns[n], posted.columns[n]]) for n in PayRows.TEXT},
    )  # fmt: skip
