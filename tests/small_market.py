"""A small market whose truth is known, as statements of pay, and how it is fitted fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from model_market import rows_of
from payguide.base.aggregates import PayRows
from payguide.base.codes import Role
from payguide.base.market import Margin, Market, as_the_evidence
from payguide.base.reference.country import country
from payguide.fit.market.people import People
from payguide.fit.market.posterior import Posterior, Sampling, fit_market

DAY = date(2026, 6, 12)
COUNTRY = country("US")
#: Short chains: what they say is noisier than what is published.
QUICK = Sampling(chains=2, burn=15, keep=40, thin=1, thin_top=1)
SHORTEST = Sampling(chains=2, burn=3, keep=6, thin=1, thin_top=1)
#: ln pay of each level and tier, and the standard deviation between people of a cell.
LEVELS = {"entry": 11.6, "mid": 11.8, "senior": 12.0, "staff": 12.2}
TIERS = {"big_tech": 0.3, "enterprise": 0.0, "startup": -0.1}
WITHIN = 0.15
METROS = ("41860", "35620", "")
#: Of those who are paid more than their base, the median of what is on top, in parts of it; the share who are not.
ON_TOP, NOTHING = 0.22, 0.1


def statements(
    n: int = 400, seed: int = 0, day: int | None = None, **given: object
) -> tuple[PayRows, PayRows]:
    """Base pay, and base with total pay of the same people, who are spread evenly over levels and tiers; columns as
    given, each a value or (n,); of the last 200 days, where no day is.
    """
    rng = np.random.default_rng(seed)
    level, employer = rng.integers(0, 4, n), rng.integers(0, 30, n)
    tier = employer % 3
    columns = {
        "source": np.where(rng.random(n) < 0.5, "one", "other"), "level": np.take(list(LEVELS), level),
        "employer": np.char.add("employer-", employer.astype(str)), "tier": np.take(list(TIERS), tier),
        "metro": np.take(METROS, rng.integers(0, 3, n)), "industry": np.take(("finance", "software", ""), tier),
        "remote": np.take(("remote", "onsite", "unstated"), rng.integers(0, 3, n)),
    }  # fmt: skip
    columns |= {name: np.broadcast_to(value, n) for name, value in given.items()}
    log = (
        np.take(list(LEVELS.values()), level) + np.take(list(TIERS.values()), tier) + rng.normal(0, WITHIN, n)
    )
    over = np.where(rng.random(n) < NOTHING, 0.0, ON_TOP * np.exp(rng.normal(0, 0.5, n)))
    days = DAY.toordinal() - rng.integers(0, 200, n) if day is None else np.full(n, day)
    base = rows_of(np.exp(log), day=days, **columns)
    return base, replace(base, high=base.low * (1 + over))


def margin(certainty: float | None = None, /, **shares: float) -> Margin:
    return Margin(shares, "", certainty, assumed=False)


def market(role: str = "ml_engineer", **margins: Margin) -> Market:
    """As the evidence has it, but for these margins."""
    plain = as_the_evidence("US", DAY, Role(role))
    return replace(plain, margins={**plain.margins, **margins})


def fitted(
    base: PayRows, both: PayRows | None, whose: Market | None = None, sampling: Sampling = QUICK
) -> Posterior:
    whose = whose or market()
    return fit_market(base, both, market=whose, country=COUNTRY, as_of=DAY, seed=3, sampling=sampling)


@cache
def posterior() -> Posterior:
    """Of the statements as they stand."""
    return fitted(*statements())


@cache
def people(role: str = "ml_engineer") -> People:
    """As the evidence has them."""
    return People(posterior(), market(role), role)


def medians(whose: People, component: str = "base", level: str = "any", **fixed: list[int]) -> np.ndarray:
    """Ln of the median pay of a population: as it stands, and in each draw (s + 1,)."""
    found = whose.distribution(component, level, fixed)
    assert found is not None
    return found.quantiles(np.array([0.5]))[:, 0]


def exact(shares: Mapping[str, float]) -> Margin:
    """A margin that is taken as it stands."""
    return margin(None, **shares)
