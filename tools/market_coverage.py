"""How right the market's figures are where the truth is known: `python tools/market_coverage.py [WORLDS]`.

Each world is a biased sample of a population of its own: 70 % of the reports come from a tier that is 15 % of the
people and pays 60 % more; of five sources one lies 8 % too high; a third of the levels are missing; most reports are
five years old, under a drift of 4 % a year, with fresh ranges beside. The market is fitted to it and read off at the
true frame. In the second kind of world those who report are besides not like all of their tier: by a bias with a
standard deviation of 5 %, which the intervals are to hold. The table is written into docs/coverage.md.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from marked import rewrite

from payguide.base.aggregates import PayRows
from payguide.base.codes import LADDER, Component, Role
from payguide.base.market import DIMENSIONS, Margin, Market
from payguide.base.money import FloatArray, IntArray
from payguide.base.reference.country import country
from payguide.estimator.market import Part
from payguide.fit.market.people import People
from payguide.fit.market.posterior import fit_market
from payguide.fit.market.tables import tables_of

DOCUMENT: Final = Path(__file__).resolve().parents[1] / "docs" / "coverage.md"
START, END = "<!-- market: written by `python tools/market_coverage.py` -->\n", "<!-- /market -->\n"
AS_OF: Final = date(2026, 11, 1)
COVERAGE: Final = 0.9
LEVELS: Final = tuple(map(str, LADDER))
#: The people: shares by level and metro, of the tier that pays more; ln base pay; what is beyond it.
LEVEL_SHARES, LEVEL_PAY = np.array([0.25, 0.30, 0.28, 0.17]), np.array([11.5, 11.7, 11.9, 12.05])
METROS: Final = {"41860": (0.2, 0.15), "35620": (0.1, 0.10), "19100": (0.7, 0.0)}
TOP, PREMIUM = 0.15, np.log(1.6)
TOP_REPORTS, TOO_HIGH, MISSING, DRIFT, WITHIN = 0.70, 0.08, 1 / 3, 0.04, 0.05
#: The sources: share of the statements, kind, years.
SOURCES: Final = (
    (0.40, "self_report", (2021,)), (0.20, "self_report", (2021,)), (0.15, "self_report", (2021, 2022)),
    (0.15, "posted_range", (2025, 2026)), (0.10, "self_report", (2024, 2025)),
)  # fmt: skip
STATEMENTS: Final = 3_000
HEAD: Final = (
    "| figure | bias | error (RMS) | coverage | half width | biased reporters: error | coverage "
    "| medians as stated |"
)
#: The last day that anything is stated.
LAST: Final = date(2026, 9, 15)


@dataclass(frozen=True, slots=True)
class Drawn:
    """Drawn people (n,): of the tier that pays more, level, employer, metro, ln base pay, ln(total / base)."""

    top: IntArray
    level: IntArray
    employer: IntArray
    metro: IntArray
    base: FloatArray
    over: FloatArray


class World:
    """One population: its employers and who works there."""

    def __init__(self, seed: int, within: float) -> None:
        self.rng = np.random.default_rng(seed)
        self.size = [self.rng.pareto(shape, n) + 0.3 for shape, n in ((1.2, 200), (1.5, 20))]
        self.pays = [self.rng.normal(0, 0.15, 200), self.rng.normal(0, 0.10, 20)]
        #: how far those who report lie from all of their tier
        self.within = self.rng.normal(0, within, 2)
        self.off = self.rng.permutation([0.0] * (len(SOURCES) - 1) + [TOO_HIGH])

    def people(self, n: int, top_share: float) -> Drawn:
        """So many people, of whom a share are of the tier that pays more."""
        rng = self.rng
        top = (rng.random(n) < top_share).astype(np.int64)
        level = rng.choice(len(LEVELS), n, p=LEVEL_SHARES)
        employer = np.zeros(n, np.int64)
        for tier in (0, 1):
            here = top == tier
            employer[here] = rng.choice(
                len(self.size[tier]), int(here.sum()), p=self.size[tier] / self.size[tier].sum()
            )
        metro = rng.choice(len(METROS), n, p=[share for share, _ in METROS.values()])
        own = np.where(top, self.pays[1][employer % len(self.pays[1])], self.pays[0][employer])
        place = np.array([by for _, by in METROS.values()])[metro]
        base = LEVEL_PAY[level] + top * PREMIUM + own + place + rng.normal(0, 0.2, n)
        mean = np.log(np.where(top, 0.45, 0.12)) + np.array([-0.2, 0.0, 0.1, 0.2])[level]
        over = np.where(rng.random(n) < np.where(top, 0.05, 0.3), 0.0, np.exp(mean + rng.normal(0, 0.5, n)))
        return Drawn(top, level, employer, metro, base, over)

    def truth(self) -> dict[tuple[str, str], float]:
        """Ln of the true medians, by component and level."""
        all_ = self.people(400_000, TOP)
        found = {}
        for level in (*LEVELS, "any"):
            here = np.ones(len(all_.base), bool) if level == "any" else all_.level == LEVELS.index(level)
            found["base", level] = float(np.median(all_.base[here]))
            found["total", level] = float(np.median((all_.base + all_.over)[here]))
        return found

    def sample(self) -> tuple[PayRows, PayRows]:
        """The statements of base pay, and those of both."""
        parts = [self._source(k) for k in range(len(SOURCES))]
        columns = {name: np.concatenate([part[0][name] for part in parts]) for name in PayRows.TEXT}
        low, high, over, day = (np.concatenate([part[k] for part in parts]) for k in (1, 2, 3, 4))
        nothing = np.full(len(low), np.nan)
        base = PayRows(Component.BASE, "USD", low, high, nothing, nothing, day, columns)
        people = base.take(columns["kind"] == "self_report")
        total = people.low * np.exp(over[columns["kind"] == "self_report"])
        both = PayRows(
            Component.TOTAL, "USD", people.low, total, people.years, people.tenure, people.day, people.columns
        )
        return base, both

    def _source(
        self, number: int
    ) -> tuple[Mapping[str, np.ndarray], FloatArray, FloatArray, FloatArray, IntArray]:
        share, kind, years = SOURCES[number]
        n, rng = int(STATEMENTS * share), self.rng
        who = self.people(n, TOP_REPORTS)
        day = np.array(
            [
                min(date(int(y), int(m), 15), date(2026, 9, 15)).toordinal()
                for y, m in zip(rng.choice(years, n), rng.integers(1, 13, n), strict=True)
            ]
        )
        pay = who.base + self.off[number] + self.within[who.top] + DRIFT * (day - AS_OF.toordinal()) / 365.25
        half = 0.12 if kind == "posted_range" else 0.0
        silent = rng.random(n) < MISSING
        told = {
            "source": [f"s{number}"] * n, "kind": [kind] * n, "role": ["ml_engineer"] * n,
            "level": np.where(silent, "unstated", np.array(LEVELS)[who.level]),
            "employer": [f"{'big' if top else 'other'}-{k}" for top, k in zip(who.top, who.employer, strict=True)],
            "tier": np.where(who.top, "big_tech", "enterprise"), "metro": np.array(list(METROS))[who.metro],
            "country": ["US"] * n, "remote": ["unstated"] * n, "industry": ["software"] * n,
        }  # fmt: skip
        columns = {name: np.array(told.get(name, [""] * n), dtype=np.str_) for name in PayRows.TEXT}
        return columns, np.exp(pay - half), np.exp(pay + half), who.over, day


def stated() -> Market:
    """The true frame."""
    shares = {
        "tier": {"big_tech": TOP, "enterprise": 1 - TOP},
        "level": dict(zip(LEVELS, LEVEL_SHARES.tolist(), strict=True)),
        "metro": {metro: share for metro, (share, _) in METROS.items()},
    }
    margins = {
        name: Margin(shares[name], "", None, assumed=False) if name in shares else None for name in DIMENSIONS
    }
    return Market("US", AS_OF, Role.ML_ENGINEER, margins, "")


def one(within: float, seed: int) -> dict[tuple[str, str], tuple[float, bool, float, float]]:
    """One world: of each figure how far it is off (ln), whether its interval held the truth, the interval's half width,
    and how far the median of the statements is off as they are, taken to the edition's date.
    """
    world = World(seed, within)
    base, both = world.sample()
    posterior = fit_market(base, both, market=stated(), country=country("US"), as_of=AS_OF, seed=seed)
    people = People(posterior, stated(), "ml_engineer")
    tables = tables_of(people)
    found = {}
    for (component, level), true in world.truth().items():
        drawn = people.distribution(component, level)
        value = tables.quantiles(component, Part(level="" if level == "any" else level), (0.5,))
        if drawn is None or value is None:
            raise RuntimeError("the frame has nobody")
        low, high = np.quantile(
            drawn.quantiles(np.array([0.5]))[1:, 0], [0.5 - COVERAGE / 2, 0.5 + COVERAGE / 2]
        )
        found[component, level] = (
            float(value[0]) - true,
            bool(low <= true <= high),
            float(high - low) / 2,
            _direct(base, both, component, level) - true,
        )
    return found


def _direct(base: PayRows, both: PayRows, component: str, level: str) -> float:
    rows = both if component == "total" else base
    pay = np.log(rows.high if component == "total" else np.sqrt(rows.low * rows.high))
    here = np.ones(len(rows), bool) if level == "any" else rows.columns["level"] == level
    return float(np.median((pay - DRIFT * (rows.day - AS_OF.toordinal()) / 365.25)[here]))


def table(worlds: int) -> str:
    """The table of both kinds of world."""
    lines = [
        f"{worlds} worlds of each kind, {STATEMENTS:,} statements each.\n",
        HEAD,
        "| --- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        plain = list(pool.map(partial(one, 0.0), range(worlds)))
        biased = list(pool.map(partial(one, WITHIN), range(worlds, 2 * worlds)))
    for figure in plain[0]:
        off, held, half, direct = (np.array([world[figure][k] for world in plain]) for k in range(4))
        off2, held2 = (np.array([world[figure][k] for world in biased]) for k in range(2))
        lines.append(
            f"| {figure[1]} {figure[0]} | {off.mean():+.1%} | {np.sqrt((off**2).mean()):.1%} | {held.mean():.1%} "
            f"| {half.mean():.1%} | {np.sqrt((off2**2).mean()):.1%} | {held2.mean():.1%} | {direct.mean():+.1%} |"
        )
    pooled = [np.mean([world[figure][1] for world in kind for figure in world]) for kind in (plain, biased)]
    lines.append(f"| all together | | | {pooled[0]:.1%} | | | {pooled[1]:.1%} | |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    found = table(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    print(found)
    rewrite(DOCUMENT, START, END, found)
