"""Builders of the aggregates that `fit` reads, from plain arrays of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pytest

from payguide.base.aggregates import RANGE_POINTS, REPLICATES, UNITS_PER_PIECE, Cell, CellKey, Moments, Tally
from payguide.base.codes import EvidenceKind
from payguide.base.contributors import Contributors
from payguide.base.money import FloatArray, IntArray, bin_of

Weights = IntArray
MakeWeights = Callable[[int], Weights]
MakeCell = Callable[..., Cell]
MakeMoments = Callable[..., Moments]
MakeTally = Callable[..., Tally]


def poisson_weights(employers: int, seed: int = 0) -> Weights:
    """(replicates, employers) Poisson(1) weights."""
    return np.random.default_rng(seed).poisson(1.0, (REPLICATES, employers)).astype(np.int64)


@pytest.fixture(scope="session")
def weights() -> MakeWeights:
    return poisson_weights


@pytest.fixture(scope="session")
def make_cell() -> MakeCell:
    """A cell of `low`-`high` amounts (n,) of employers (n,): a range spreads over five log-uniform points."""

    def build(
        employer: IntArray,
        low: FloatArray,
        high: FloatArray | None = None,
        *,
        source: str = "board",
        role: str = "ml_engineer",
        level: str = "senior",
        component: str = "base",
        population: str = "all",
        kind: EvidenceKind = EvidenceKind.POSTED_RANGE,
        mean_date: date = date(2026, 6, 12),
        seed: int = 0,
    ) -> Cell:
        employer, low = np.asarray(employer), np.asarray(low, dtype=float)
        high = low if high is None else np.asarray(high, dtype=float)
        points = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
        amounts = low[:, None] * (high / low)[:, None] ** points
        bins, at = np.unique(bin_of(amounts.ravel()), return_inverse=True)
        count = int(employer.max()) + 1
        by_employer = np.zeros((count, len(bins)), dtype=np.int64)
        np.add.at(by_employer, (np.repeat(employer, RANGE_POINTS), at), UNITS_PER_PIECE // RANGE_POINTS)
        sizes = np.bincount(employer, minlength=count)
        return Cell(
            key=CellKey(source, role, level, component, population),
            kind=kind,
            bins=bins,
            mass=by_employer.sum(axis=0),
            replicates=poisson_weights(count, seed) @ by_employer,
            n=len(employer),
            n_records=len(employer),
            who=contributors(sizes),
            mean_date=mean_date,
        )

    return build


def contributors(pieces: IntArray) -> Contributors:
    """Employers e0, e1, ... with so many pieces each."""
    return Contributors.of([f"e{at}" for at in range(len(pieces))], pieces.astype(float))


@pytest.fixture(scope="session")
def make_moments() -> MakeMoments:
    """The moments of a regression of y (n,) on design (n, p) with employers (n,)."""

    def build(
        name: str,
        columns: Sequence[str],
        design: FloatArray,
        y: FloatArray,
        employer: IntArray,
        *,
        sources: tuple[str, ...] = ("board",),
        seed: int = 0,
    ) -> Moments:
        rows = poisson_weights(int(employer.max()) + 1, seed)[:, employer].astype(float)
        sizes = [np.bincount(employer[design[:, j] != 0]) for j in range(design.shape[1])]
        return Moments(
            name=name,
            columns=tuple(columns),
            xtx=design.T @ design,
            xty=design.T @ y,
            yty=float(y @ y),
            rep_xtx=np.einsum("rn,ni,nj->rij", rows, design, design, optimize=True),
            rep_xty=np.einsum("rn,ni,n->ri", rows, design, y, optimize=True),
            n=len(y),
            who=contributors(np.bincount(employer)),
            column_n=np.array([(design[:, j] != 0).sum() for j in range(design.shape[1])]),
            column_who=tuple(map(contributors, sizes)),
            sources=sources,
        )

    return build


@pytest.fixture(scope="session")
def make_tally() -> MakeTally:
    """A tally of `has` (n,) among postings of employers (n,)."""

    def build(
        attribute: str,
        has: Sequence[bool],
        employer: Sequence[int],
        *,
        source: str = "pooled",
        role: str = "ml_engineer",
        level: str = "any",
        seed: int = 0,
    ) -> Tally:
        held, whose = np.asarray(has, dtype=bool), np.asarray(employer)
        drawn = poisson_weights(int(whose.max()) + 1, seed)
        every = np.bincount(whose, minlength=drawn.shape[1])
        with_it = np.bincount(whose[held], minlength=drawn.shape[1])
        return Tally(
            source=source,
            role=role,
            level=level,
            attribute=attribute,
            count=int(held.sum()),
            total=len(held),
            with_it=contributors(with_it),
            who=contributors(every),
            rep_count=drawn @ with_it,
            rep_total=drawn @ every,
        )

    return build
