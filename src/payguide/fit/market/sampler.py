"""Posterior draws of the market's regression, by Gibbs sampling.

    y_i = x_i' theta + u[employer i] + e_i,   e_i ~ s[source i] t_nu,   theta_b ~ N(0, tau_b^2),   u ~ tau_u t_mu

y is ln pay (or what stands on top of base), aged to the edition's date by the wage index. In every sweep all effects
and employers are drawn at once from their joint normal distribution (employers are eliminated by the Schur complement,
for no two meet in a row), so that what is crossed, as tier and employer are, does not slow the chain; then the weights
of the t's as scale mixtures (Geweke 1993), the variances, and the level of each row that does not tell it: from how
likely its pay is at each level, and how its source's silent rows divide among them.

Rows that say the same are one profile, with the sum of their weights: the cost of a sweep is that of the profiles.
Standard deviations of blocks have scaled inverse chi-square priors of the settings' scales and weights (market.toml).
The time curve is a random walk about the wage index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.sparse import csr_array

from payguide.base.money import FloatArray, IntArray
from payguide.fit.market.design import LEVELS, NONE, Codes, Design

#: Degrees of freedom of the errors' and of the employers' t.
TAIL: Final = 5.0
EMPLOYERS_TAIL: Final = 4.0
#: The prior of the errors' and the employers' standard deviation: scale, and its weight in rows or employers.
ERROR: Final = (0.25, 4.0)
EMPLOYER: Final = (0.10, 4.0)
#: How many rows the prior of a source's silent levels is worth.
SILENT: Final = 10.0
#: The influence of sources is the mean over so many draws.
LOOKS: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """What is fitted: y (n,), what the rows say, employer (n,) -1 where none is named, of so many; weight (n,)."""

    y: FloatArray
    codes: Codes
    employer: IntArray
    employers: int
    weight: FloatArray

    def __len__(self) -> int:
        return len(self.y)


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """s draws: effects (s, q), employers (s, e), the standard deviations of blocks (s, b), of employers (s,) and of
    each source's errors (s, sources). `influence` (q, sources): how far an effect moves when all rows of a source
    move by one. `level` (n, l): how often each row was of each level. `trace` (sweeps, f): what is watched, in every
    sweep.
    """

    effects: FloatArray
    employers: FloatArray
    blocks: FloatArray
    employer_sd: FloatArray
    error_sd: FloatArray
    influence: FloatArray
    level: FloatArray
    trace: FloatArray


class Profiles:
    """What the rows say, each once; a profile that does not tell its level stands there once for each.

    `first` (n,) is each row's profile (that of the lowest level, where it is silent), `silent` the rows that are.
    """

    def __init__(self, rows: Rows, design: Design) -> None:
        codes = rows.codes
        key = np.column_stack([*codes.of.values(), rows.employer, codes.years * 1e4, codes.special])
        _, one, profile = np.unique(key, axis=0, return_index=True, return_inverse=True)
        quiet = codes.of["level"][one] == NONE
        times = np.where(quiet, len(LEVELS), 1)
        start = np.cumsum(times) - times
        every = codes.take(np.repeat(one, times))
        told = every.of["level"]
        self.x = design.rows(
            every.with_level(np.where(told == NONE, np.arange(len(told)) - np.repeat(start, times), told))
        )
        self.employer = rows.employer[np.repeat(one, times)]
        self.first = start[profile.ravel()]
        self.silent = np.flatnonzero(codes.of["level"] == NONE)
        named = np.flatnonzero(self.employer >= 0)
        entries = np.ones(len(named)), (self.employer[named], named)
        self.z = csr_array(entries, shape=(rows.employers, len(self.employer)))


class Gram:
    """X' diag(mass) X of one sparse X (n, p) for many masses (n,): its entries are sums over the rows that meet both
    columns, so the pairs of columns are found once.
    """

    def __init__(self, x: csr_array) -> None:
        n, self.width = x.shape
        length = np.diff(x.indptr)
        row = np.repeat(np.arange(n), length)
        times = length[row]
        first = np.repeat(np.arange(len(row)), times)
        within = np.arange(len(first)) - np.repeat(np.cumsum(times) - times, times)
        second = x.indptr[row[first]] + within
        half = x.indices[first] <= x.indices[second]
        first, second = first[half], second[half]
        place = x.indices[first].astype(np.int64) * self.width + x.indices[second]
        self.place, where = np.unique(place, return_inverse=True)
        entries = x.data[first] * x.data[second], (where.ravel(), row[first])
        self.pairs = csr_array(entries, shape=(len(self.place), n))

    def of(self, mass: FloatArray) -> FloatArray:
        """The products (p, p) with rows of these masses (n,)."""
        upper = np.zeros(self.width * self.width)
        upper[self.place] = self.pairs @ mass
        whole = upper.reshape(self.width, self.width)
        return whole + np.triu(whole, 1).T


class ByEmployer:
    """The sums over each employer's rows of their mass times their columns, Z' diag(mass) X (e, p), for many masses."""

    def __init__(self, x: csr_array, employer: IntArray, employers: int) -> None:
        self.shape = employers, x.shape[1]
        row = np.repeat(np.arange(x.shape[0]), np.diff(x.indptr))
        named = employer[row] >= 0
        place = employer[row[named]].astype(np.int64) * self.shape[1] + x.indices[named]
        self.place, where = np.unique(place, return_inverse=True)
        self.sums = csr_array(
            (x.data[named], (where.ravel(), row[named])), shape=(len(self.place), x.shape[0])
        )

    def of(self, mass: FloatArray) -> FloatArray:
        """With rows of these masses (n,): (e, p)."""
        found = np.zeros(self.shape[0] * self.shape[1])
        found[self.place] = self.sums @ mass
        return found.reshape(self.shape)


class SilentLevels:
    """The levels of the rows that do not tell them."""

    def __init__(self, rows: Rows, silent: IntArray) -> None:
        source, level = rows.codes.of["source"], rows.codes.of["level"]
        told = level >= 0
        counts = np.zeros((int(source.max()) + 1, len(LEVELS)))
        np.add.at(counts, (source[told], level[told]), rows.weight[told])
        every = counts.sum(axis=0) + 1.0
        mixed = counts + 20 * every / every.sum()
        self.prior = SILENT * mixed / mixed.sum(axis=1, keepdims=True)
        self.source = source[silent]

    def draw(self, left: FloatArray, sd: FloatArray, level: IntArray, rng: np.random.Generator) -> IntArray:
        """New levels (m,) of rows that would lie so far off at each, left (m, l), with errors of sd (m,)."""
        counts = self.prior.copy()
        np.add.at(counts, (self.source, level), 1.0)
        share = rng.standard_gamma(counts) + 1e-12
        share /= share.sum(axis=1, keepdims=True)
        log = np.log(share[self.source]) - (TAIL + 1) / 2 * np.log1p((left / sd[:, None]) ** 2 / TAIL)
        odds = np.exp(log - log.max(axis=1, keepdims=True)).cumsum(axis=1)
        return np.asarray(((rng.random(len(level)) * odds[:, -1])[:, None] > odds[:, :-1]).sum(axis=1))


class Chain:
    """One chain, and where it stands: `theta` (q,), `u` (e,), the standard deviations `tau` (b,), `tau_u` and `sd`
    (sources,), the `level` (m,) of silent rows.
    """

    def __init__(self, rows: Rows, design: Design, time_precision: FloatArray, seed: int) -> None:
        self.rows, self.design = rows, design
        self.rng = np.random.default_rng(seed)
        self.profiles = Profiles(rows, design)
        self.levels = SilentLevels(rows, self.profiles.silent)
        self.source = rows.codes.of["source"]
        self.level = self.rng.integers(0, len(LEVELS), len(self.profiles.silent))
        self.sd = np.full(len(design.values["source"]), ERROR[0])
        self.tau, self.tau_u = np.array([one.scale for one in design.blocks]), EMPLOYER[0]
        self.width = np.array([len(one.labels) for one in design.blocks])
        self.mixed, self.mixed_u = np.ones(len(rows)), np.ones(rows.employers)
        self.theta, self.u = np.zeros(design.size), np.zeros(rows.employers)
        # effects that no row meets are drawn from their prior alone
        met = abs(self.profiles.x) @ abs(design.centre)
        self.met_by = np.flatnonzero(np.asarray(met.sum(axis=0)).ravel() > 0)
        self.centre = csr_array(design.centre[:, self.met_by])
        self.turned = csr_array(self.centre.T)
        self.gram = Gram(self.profiles.x)
        self.by_employer = ByEmployer(self.profiles.x, self.profiles.employer, rows.employers)
        self.block = np.repeat(np.arange(len(self.width)), self.width)
        at = design.block("time").at
        inside = (self.met_by >= at.start) & (self.met_by < at.stop)
        self.timed = np.flatnonzero(inside)
        of_time = self.met_by[inside] - at.start
        # knots that no row is near are linked to those that are: they are integrated out
        self.time = _marginal(time_precision, of_time)
        self.time_whole, self.of_time = time_precision, of_time

    def sweep(self) -> None:
        """All that is unknown drawn anew."""
        self._effects()
        self._levels()
        self._variances()

    def _profile(self) -> IntArray:
        """Each row's profile, at the level that it is taken to have."""
        at = self.profiles.first
        if len(self.level):
            at = at.copy()
            at[self.profiles.silent] += self.level
        return at

    def _effects(self) -> None:
        profiles, centre, rng = self.profiles, self.centre, self.rng
        w = self.rows.weight * self.mixed / self.sd[self.source] ** 2
        at, n = self._profile(), len(profiles.employer)
        self.mass = np.asarray(np.bincount(at, w, n), float)
        moment = np.bincount(at, w * self.rows.y, n)
        gram = self.turned @ (self.turned @ self.gram.of(self.mass)).T
        ridge = self.tau[self.block[self.met_by]] ** -2.0
        ridge[self.timed] = 0.0
        gram[np.diag_indices_from(gram)] += ridge
        gram[np.ix_(self.timed, self.timed)] += self.time
        self.met = self.by_employer.of(self.mass) @ centre
        self.held = profiles.z @ self.mass + self.mixed_u / self.tau_u**2
        own = profiles.z @ moment
        self.factor = cho_factor(gram - self.met.T @ (self.met / self.held[:, None]), lower=True)
        mean = cho_solve(self.factor, centre.T @ (profiles.x.T @ moment) - self.met.T @ (own / self.held))
        noise = solve_triangular(self.factor[0], rng.standard_normal(len(mean)), lower=True, trans="T")
        found = mean + noise
        self.theta = self.tau[self.block] * rng.standard_normal(self.design.size)
        self.theta[self.met_by] = found
        self._unmet_knots()
        spread = rng.standard_normal(len(own)) / np.sqrt(self.held)
        self.u = (own - self.met @ found) / self.held + spread
        self.fitted = profiles.x @ (centre @ found) + np.append(self.u, 0.0)[profiles.employer]

    def _unmet_knots(self) -> None:
        """The knots of the time curve that no row is near, given the others."""
        at = self.design.block("time").at
        rest = np.setdiff1d(np.arange(at.stop - at.start), self.of_time)
        if len(rest):
            own = self.time_whole[np.ix_(rest, rest)]
            given = self.time_whole[np.ix_(rest, self.of_time)] @ self.theta[at.start + self.of_time]
            root = np.linalg.cholesky(own)
            noise = np.linalg.solve(root.T, self.rng.standard_normal(len(rest)))
            self.theta[at.start + rest] = noise - np.linalg.solve(own, given)

    def _levels(self) -> None:
        silent = self.profiles.silent
        if len(silent):
            each = self.profiles.first[silent][:, None] + np.arange(len(LEVELS))
            left = self.rows.y[silent][:, None] - self.fitted[each]
            self.level = self.levels.draw(left, self.sd[self.source[silent]], self.level, self.rng)

    def _variances(self) -> None:
        rng, source = self.rng, self.source
        square = (self.rows.y - self.fitted[self._profile()]) ** 2
        self.mixed = (
            rng.standard_gamma((TAIL + 1) / 2, len(square)) * 2 / (TAIL + square / self.sd[source] ** 2)
        )
        given = self.rows.weight
        sums = np.asarray(np.bincount(source, given * self.mixed * square, len(self.sd)), float)
        rows = np.asarray(np.bincount(source, given, len(self.sd)), float)
        self.sd = _sd(sums, rows, *ERROR, rng)
        size = self.u**2
        self.mixed_u = (
            rng.standard_gamma((EMPLOYERS_TAIL + 1) / 2, len(size))
            * 2
            / (EMPLOYERS_TAIL + size / self.tau_u**2)
        )
        self.tau_u = float(_sd(np.sum(self.mixed_u * size), float(len(size)), *EMPLOYER, rng))
        for k, one in enumerate(self.design.blocks):
            if np.isfinite(one.groups):
                total = float(np.sum(self.theta[one.at] ** 2))
                self.tau[k] = _sd(total, float(self.width[k]), one.scale, one.groups, rng)

    def influence(self) -> FloatArray:
        """How far each effect would move if all rows of a source stood one higher (q, sources)."""
        profiles, sources = self.profiles, len(self.sd)
        w = self.rows.weight * self.mixed / self.sd[self.source] ** 2
        of = csr_array((w, (self._profile(), self.source)), shape=(len(profiles.employer), sources))
        pull = self.centre.T @ (profiles.x.T @ of).toarray()
        own = (profiles.z @ of).toarray() / self.held[:, None]
        found = np.zeros((self.design.size, sources))
        found[self.met_by] = cho_solve(self.factor, pull - self.met.T @ own)
        return found


def _marginal(precision: FloatArray, kept: IntArray) -> FloatArray:
    """The precision of some variables with the others integrated out (Schur complement)."""
    rest = np.setdiff1d(np.arange(len(precision)), kept)
    found = precision[np.ix_(kept, kept)]
    if len(rest):
        link = precision[np.ix_(kept, rest)]
        found = found - link @ np.linalg.solve(precision[np.ix_(rest, rest)], link.T)
    return np.asarray(found)


def _sd(
    sums: FloatArray | float, count: FloatArray | float, scale: float, groups: float, rng: np.random.Generator
) -> FloatArray:
    """A standard deviation drawn from squares that add up to `sums`, with a prior scale worth so many."""
    return np.sqrt((sums + groups * scale**2) / rng.chisquare(np.asarray(count) + groups))


def sample(
    rows: Rows, design: Design, time_precision: FloatArray, watched: FloatArray, *,
    burn: int, keep: int, thin: int, seed: int,
) -> Draws:  # fmt: skip
    """`keep` draws, one in `thin` after `burn` sweeps. time_precision (k, k): the prior precision of the time curve;
    watched (f, q): the sums of effects that tell whether chains agree.
    """
    chain = Chain(rows, design, time_precision, seed)
    kept: list[tuple[FloatArray, ...]] = []
    influence = np.zeros((design.size, len(chain.sd)))
    level = rows.codes.of["level"]
    seen = np.zeros((len(rows), len(LEVELS)))
    seen[level >= 0, level[level >= 0]] = keep
    trace = np.zeros((keep * thin, len(watched)))
    looks = set(np.linspace(0, keep - 1, LOOKS).astype(int).tolist())
    for sweep in range(1, burn + keep * thin + 1):
        chain.sweep()
        if sweep > burn:
            trace[sweep - burn - 1] = watched @ chain.theta
        if sweep <= burn or (sweep - burn) % thin:
            continue
        if len(kept) in looks:
            influence += chain.influence() / len(looks)
        kept.append((chain.theta, chain.u, chain.tau.copy(), np.array([chain.tau_u]), chain.sd))
        seen[chain.profiles.silent, chain.level] += 1
    theta, u, blocks, employer_sd, error_sd = (np.array(part) for part in zip(*kept, strict=True))
    return Draws(theta, u, blocks, employer_sd[:, 0], error_sd, influence, seen / keep, trace)


def together(chains: Sequence[Draws]) -> Draws:
    """The draws of several chains of one regression as one."""
    fields = ("effects", "employers", "blocks", "employer_sd", "error_sd", "trace")
    joined = {name: np.concatenate([getattr(chain, name) for chain in chains]) for name in fields}
    influence = np.mean([chain.influence for chain in chains], axis=0)
    return Draws(**joined, influence=influence, level=np.mean([chain.level for chain in chains], axis=0))


def r_hat(chains: FloatArray) -> FloatArray:
    """Split R-hat (q,) of chains (c, s, q): Gelman et al. 2013, Bayesian Data Analysis, sec. 11.4."""
    half = chains.shape[1] // 2
    parts = np.concatenate([chains[:, :half], chains[:, half : 2 * half]])
    within = parts.var(axis=1, ddof=1).mean(axis=0)
    between = half * parts.mean(axis=1).var(axis=0, ddof=1)
    return np.asarray(np.sqrt(((half - 1) / half * within + between / half) / np.maximum(within, 1e-300)))
