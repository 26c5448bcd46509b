"""A market whose truth is known: what it draws is evidence as the store keeps it.

A draw is a whole market: employers of very unequal size, sources that each lie off by an offset of their own, kinds
that disagree about an effect, postings without a level, adverts repeated, and gross errors. It goes through the real
reduction (`evidence`), the real direct estimators (`fit`) and the real gate, so that what is covered is what would be
published. Sources report of all people alike; what the market's model does where they do not, see market_coverage.

    employers    1,800 of a market, each source holds some of them, so that one in thirteen stands in two sources; a
                 source's sizes are 1 + the whole part of a log-normal, so that its pieces, employers and largest share
                 are like a packaged source's (`SOURCES`)
    pay          ln pay = level + tier + metro + arrangement + specialisation + skills + tier x level + employer + job
                 + a person's place in the job's range; a posting states the range
    sources      offset of each N(0, tau); its own reading of each level, and a kind's own effect of each value,
                 N(0, tau of effects); both tau half-normal with the scales of fit/bands/meta_analysis.toml, which are
                 measured on the packaged evidence (tools/disagreement.py)
    levels       in a source one to six of ten postings do not say theirs
    gross errors one statement in a hundred: another period's amount, a digit too many or too few, half, and a half more
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from scipy import special
from scipy.stats import qmc

from payguide.base.codes import Component, EvidenceKind, Stage
from payguide.evidence.tables import OBSERVATIONS, POSTINGS, Column, schema

Array = np.ndarray[Any, Any]
Strings = Sequence[str]

#: The draws of a whole simulation: a power of two, which is what fills a space evenly.
DRAWS: Final = 512
DAY: Final = date(2026, 6, 12)
ROLE: Final = "ml_engineer"

#: The middle of the market, and what each value adds to ln pay, with its share of jobs.
CENTRE: Final = float(np.log(200_000.0))
LEVELS: Final = {"entry": (-0.22, 0.3), "mid": (-0.05, 0.3), "senior": (0.1, 0.27), "staff": (0.25, 0.13)}
TIERS: Final = {
    "frontier_lab": (0.2, 0.08), "big_tech": (0.12, 0.2), "funded_startup": (0.04, 0.2), "public_tech": (0.0, 0.16),
    "startup": (-0.06, 0.12), "enterprise": (-0.14, 0.16), "consultancy": (-0.1, 0.08),
}  # fmt: skip
METROS: Final = {
    "41860": (0.12, 0.24), "35620": (0.06, 0.16), "42660": (0.05, 0.14), "14460": (0.0, 0.08),
    "12420": (-0.06, 0.08), "": (-0.08, 0.3),
}  # fmt: skip
REMOTE: Final = {"remote": (0.03, 0.3), "hybrid": (0.0, 0.3), "onsite": (-0.02, 0.4)}
#: Any number of these may be named: what each adds, and the share of jobs that name it.
SPECIALISATIONS: Final = {"nlp_llm": (0.05, 0.2), "vision": (0.0, 0.15), "ml_platform": (-0.02, 0.15)}
SKILLS: Final = {f"s{number:02}": (0.08 if number < 3 else 0.0, 0.2) for number in range(40)}
#: These change nothing.
INDUSTRIES: Final = {
    "software": (0.0, 0.4), "ai": (0.0, 0.2), "finance": (0.0, 0.15), "health": (0.0, 0.15), "commerce": (0.0, 0.1),
}  # fmt: skip
DEGREES: Final = {None: (0.0, 0.6), "bachelor": (0.0, 0.1), "master": (0.0, 0.2), "phd": (0.0, 0.1)}

#: Standard deviations of ln pay between employers, between jobs and of a tier at a level; the width of a range.
EMPLOYER, JOB, INTERACTION, RANGE = 0.15, 0.15, 0.04, 0.33
#: How much of an employer's jobs are where it is at home.
HOME: Final = 0.6
#: Total over base: the mean and the standard deviation of its logarithm.
UPLIFT: Final = (0.2, 0.15)

#: The share of statements that are wrong, and what they are multiplied by.
ERRORS: Final = 0.01
SLIPS: Final = (1 / 12, 0.1, 0.5, 1.5, 10.0, 12.0)


@dataclass(frozen=True, slots=True)
class Source:
    """A source: how many employers, the mean of their sizes and the spread of the logarithm, the share of levels that
    are not stated, whether postings have a text, and whether employers are named.
    """

    name: str
    kind: EvidenceKind
    employers: int
    size: float
    spread: float
    unstated: float
    components: tuple[Component, ...] = (Component.BASE,)
    text: bool = True
    named: bool = True

    @property
    def posted(self) -> bool:
        """Whether it states ranges."""
        return self.kind is EvidenceKind.POSTED_RANGE


BOTH: Final = (Component.BASE, Component.TOTAL)

#: Like levels, stackoverflow, ashby, radar_2026, linkedin_ml_2024, fast_ai_2025 and hn_2026, as packaged, on ML
#: engineers.
SOURCES: Final = (
    Source("reports", EvidenceKind.SELF_REPORT, 182, 8.1, 1.85, 0.0, BOTH),
    Source("answers", EvidenceKind.SELF_REPORT, 98, 1.0, 0.0, 1.0, (Component.TOTAL,), named=False),
    Source("board_a", EvidenceKind.POSTED_RANGE, 47, 2.0, 0.9, 0.15),
    Source("board_b", EvidenceKind.POSTED_RANGE, 47, 3.3, 1.1, 0.46, text=False),
    Source("board_c", EvidenceKind.POSTED_RANGE, 84, 1.45, 1.0, 0.14),
    Source("board_d", EvidenceKind.POSTED_RANGE, 13, 2.1, 1.0, 0.63),
    Source("posts", EvidenceKind.POSTED_RANGE, 15, 1.1, 0.5, 0.59),
)


@dataclass(frozen=True, slots=True)
class Apart:
    """Standard deviations between sources, and between kinds about a tier's effect."""

    sources: float
    effects: float


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """A store's tables, what a tier adds at each level, what kinds see, how far sources lie off in ln base pay (l,)."""

    observations: pa.Table
    postings: pa.Table
    interactions: Mapping[tuple[str, str], float]
    kinds: Mapping[EvidenceKind, Kind]
    lies: Mapping[str, Array]


def draw(seed: int, scales: Apart, apart: Apart | None = None) -> Draw:
    """A market. `scales` are those of the half-normal disagreements; `apart` fixes them instead."""
    dice = np.random.default_rng([20261101, seed])
    place = _places()[seed % len(_places())]
    apart = apart or Apart(*np.abs(place[:2] * [scales.sources, scales.effects]))
    interactions = {(level, tier): dice.normal(0.0, INTERACTION) for level in LEVELS for tier in TIERS}
    kinds = {source.kind: Kind.drawn(dice, apart.effects) for source in SOURCES}
    market = _Employers.drawn(dice, f"{seed}")
    stated, posted, lies = [], [], {}
    for source, pay in zip(SOURCES, place[2:], strict=True):
        off = _Off.drawn(dice, apart, pay)
        lies[source.name] = off.pay + off.level + kinds[source.kind].named @ _shares(SPECIALISATIONS)
        jobs = _Jobs.drawn(dice, source, market, off, kinds[source.kind], interactions)
        # an advert is repeated unchanged; a person answers once
        at = np.repeat(np.arange(len(jobs.middle)), 1 + dice.poisson(float(source.posted), len(jobs.middle)))
        for component, (low, high) in _pay(dice, source, jobs).items():
            if component in source.components:
                stated.append(_observations(source, jobs, at, component, low, high))
        if source.posted:
            posted.append(_postings(source, jobs, at))
    return Draw(pa.concat_tables(stated), pa.concat_tables(posted), interactions, kinds, lies)


@cache
def _places() -> Array:
    """Standard normal (draws, 2 + sources): how far apart sources and effects lie, and where each source's pay lies.

    All figures of a draw have these in common: as many by chance would tell coverage within a few points only. Here
    they fill their space evenly, each still as likely (scrambled Sobol points: Owen, J. Complexity 1998).
    """
    points = qmc.Sobol(2 + len(SOURCES), rng=np.random.default_rng(20261101)).random(DRAWS)
    return np.asarray(special.ndtri(np.clip(points, 1e-6, 1.0 - 1e-6)))


@dataclass(frozen=True, slots=True, eq=False)
class _Employers:
    """The market's employers, columns (e,): tier and home metro as places in their tables."""

    names: Array
    tier: Array
    industry: Array
    home: Array
    pay: Array

    @classmethod
    def drawn(cls, dice: np.random.Generator, name: str, count: int = 1800) -> _Employers:
        return cls(
            names=np.array([f"{name}-{number}" for number in range(count)], object),
            tier=_pick(dice, _shares(TIERS), count),
            industry=_pick(dice, _shares(INDUSTRIES), count),
            home=_pick(dice, _shares(METROS), count),
            pay=dice.normal(0.0, EMPLOYER, count),
        )


def _pick(dice: np.random.Generator, shares: Array, count: int) -> Array:
    return dice.choice(len(shares), count, p=shares / shares.sum())


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What a kind of evidence sees in the values of each dimension beyond what is there."""

    tier: Array
    metro: Array
    industry: Array
    named: Array

    @classmethod
    def drawn(cls, dice: np.random.Generator, deviation: float) -> Kind:
        """What a kind sees, with that standard deviation."""
        shares = [_shares(table) for table in (TIERS, METROS, INDUSTRIES)]
        found = [dice.normal(0.0, deviation, len(each)) for each in shares]
        # a kind disagrees about effects; where all of its pay lies is each source's own matter
        centred = [seen - np.average(seen, weights=each) for seen, each in zip(found, shares, strict=True)]
        return cls(*centred, dice.normal(0.0, deviation, len(SPECIALISATIONS)))


@dataclass(frozen=True, slots=True)
class _Off:
    """How far a source lies off in ln pay, in that of each level, and in the logarithm of total over base."""

    pay: float
    level: Array
    ratio: float

    @classmethod
    def drawn(cls, dice: np.random.Generator, apart: Apart, pay: float) -> _Off:
        """`pay` in standard deviations."""
        level = dice.normal(0.0, apart.effects, len(LEVELS))
        ratio = dice.normal(0.0, apart.effects)
        return cls(pay * apart.sources, level - np.average(level, weights=_shares(LEVELS)), ratio)


@dataclass(frozen=True, slots=True, eq=False)
class _Jobs:
    """The jobs of one source, columns (n,) of places in their tables; `middle` is the log of the range's middle;
    `named`, `skills` and `stages` are (n, k) of what each names; `ratio` is what the source adds to total over base.
    """

    employer: Array
    level: Array
    stated: Array
    tier: Array
    industry: Array
    metro: Array
    remote: Array
    degree: Array
    named: Array
    skills: Array
    stages: Array
    middle: Array
    ratio: float

    @classmethod
    def drawn(
        cls,
        dice: np.random.Generator,
        source: Source,
        market: _Employers,
        off: _Off,
        kind: Kind,
        interactions: Mapping[tuple[str, str], float],
    ) -> _Jobs:
        whose = np.repeat(dice.permutation(len(market.names))[: source.employers], _sizes(dice, source))
        n = len(whose)
        level = _pick(dice, _shares(LEVELS), n)
        tier = market.tier[whose]
        away = _pick(dice, _shares(METROS), n)
        metro = np.where(dice.random(n) < HOME, market.home[whose], away)
        remote = _pick(dice, _shares(REMOTE), n)
        named = _names(dice, SPECIALISATIONS, whose)
        skills = _names(dice, SKILLS, whose)
        crossed = np.array([[interactions[lv, t] for t in TIERS] for lv in LEVELS])
        industry = market.industry[whose]
        middle = CENTRE + off.pay + market.pay[whose] + dice.normal(0.0, JOB, n)
        middle += _adds(LEVELS)[level] + off.level[level] + _adds(TIERS)[tier] + crossed[level, tier]
        middle += _adds(METROS)[metro] + _adds(REMOTE)[remote]
        middle += kind.tier[tier] + kind.metro[metro] + kind.industry[industry]
        middle += named @ (_adds(SPECIALISATIONS) + kind.named) + skills @ _adds(SKILLS)
        return cls(
            employer=market.names[whose], level=level, stated=dice.random(n) >= source.unstated, tier=tier,
            industry=industry, metro=metro, remote=remote,
            degree=_pick(dice, _shares(DEGREES), n), named=named, skills=skills,
            stages=dice.random((n, len(Stage))) < 0.4, middle=middle, ratio=off.ratio,
        )  # fmt: skip


def _sizes(dice: np.random.Generator, source: Source) -> Array:
    centre = np.log(max(source.size - 0.5, 0.3)) - source.spread**2 / 2
    drawn = dice.lognormal(centre, source.spread, source.employers) * (source.spread > 0)
    return 1 + np.floor(drawn).astype(int)


def _adds(table: Mapping[str, tuple[float, float]]) -> Array:
    return np.array([adds for adds, _ in table.values()])


def _shares(table: Mapping[str, tuple[float, float]]) -> Array:
    return np.array([share for _, share in table.values()])


def _names(dice: np.random.Generator, table: Mapping[str, tuple[float, float]], whose: Array) -> Array:
    """What each job names: employers have their own leaning, so that jobs of one are alike. Shares hold over all."""
    leaning = dice.normal(0.0, 1.0, (whose.max() + 1, len(table)))[whose]
    own = dice.normal(0.0, 1.0, leaning.shape)
    return (leaning + own) / 2**0.5 < special.ndtri(_shares(table))


# --- as the store keeps it ----------------------------------------------------------------------------------

_YEARS: Final = np.array([1.0, 4.0, 8.0, 12.0])
_SAME: Final = {
    "currency": "USD", "period": "year", "basis": "base", "confidentiality": "public", "role": ROLE,
    "place_country": "US", "level_read_from": "title",
}  # fmt: skip


def _pay(dice: np.random.Generator, source: Source, jobs: _Jobs) -> dict[Component, tuple[Array, Array]]:
    """The lowest and highest of each statement (n,): a posting's range, or what a person in it has; some are wrong."""
    n = len(jobs.middle)
    base = jobs.middle if source.posted else jobs.middle + dice.uniform(-RANGE / 2, RANGE / 2, n)
    half = RANGE / 2 if source.posted else 0.0
    ratio = jobs.ratio + dice.normal(*UPLIFT, n)
    found = {}
    for component, middle in ((Component.BASE, base), (Component.TOTAL, base + ratio)):
        middle = middle + np.log(np.where(dice.random(n) < ERRORS, dice.choice(SLIPS, n), 1.0))
        found[component] = (np.round(np.exp(middle - half), -2), np.round(np.exp(middle + half), -2))
    return found


def _observations(
    source: Source, jobs: _Jobs, at: Array, component: Component, low: Array, high: Array
) -> pa.Table:
    """The statements of one component, one a record; `at` (m,) is each record's job."""
    years = np.where(jobs.stated & (not source.posted), _YEARS[jobs.level], np.nan)
    given = {
        "key": pa.array([f"{source.name}/{component}/{number}" for number in range(len(at))]),
        "kind": pa.repeat(str(source.kind), len(at)),
        "record": pa.array([str(number) for number in range(len(at))]),
        "component": pa.repeat(str(component), len(at)),
        "low": pa.array(low[at]),
        "high": pa.array(high[at]),
        "years_min": pa.array(years[at], from_pandas=True),
    }
    return _table(OBSERVATIONS, _profile(source, jobs, at) | given, len(at))


def _postings(source: Source, jobs: _Jobs, at: Array) -> pa.Table:
    """The posting of each record."""
    given = {
        "key": pa.array([f"{source.name}/{number}" for number in range(len(at))]),
        "id": pa.array([str(number) for number in range(len(at))]),
        "has_text": pa.repeat(source.text, len(at)),
    }
    return _table(POSTINGS, _profile(source, jobs, at) | given, len(at))


def _profile(source: Source, jobs: _Jobs, at: Array) -> dict[str, pa.Array]:
    """What is read of each record. People do not say where the work may be done, nor what they specialise in."""
    levels = np.array([*LEVELS, "unstated"], object)
    level = np.where(jobs.stated & source.posted, jobs.level, len(LEVELS))
    told = {
        "employer_id": jobs.employer if source.named else np.full(len(jobs.employer), "", object),
        "employer_tier": np.array(list(TIERS), object)[jobs.tier] if source.named else "unknown",
        "employer_industry": np.array(list(INDUSTRIES), object)[jobs.industry] if source.named else "unknown",
        "level": levels[level],
        "place_metro": np.array(list(METROS), object)[jobs.metro],
        "place_region": "TX",
        "remote": np.array(list(REMOTE), object)[jobs.remote] if source.posted else "unstated",
    }
    n = len(jobs.middle)
    words = {
        name: pa.array(np.broadcast_to(np.asarray(value, object), n)[at]) for name, value in told.items()
    }
    degree = np.array(list(DEGREES), object)[jobs.degree] if source.posted else np.full(n, None, object)
    lists = (("specialisations", jobs.named, SPECIALISATIONS), ("skills", jobs.skills, SKILLS),
             ("stages", jobs.stages, [str(stage) for stage in Stage]))  # fmt: skip
    return {
        **words,
        "source": pa.repeat(source.name, len(at)),
        "revision": pa.array(np.ones(len(at), np.int32)),
        "date": pa.repeat(pa.scalar(DAY), len(at)),
        "degree_required": pa.array(degree[at], pa.string()),
        **{name: _lists(held[at] & source.posted, list(words)) for name, held, words in lists},
    }


def _lists(held: Array, words: list[str]) -> pa.Array:
    """The words that each row (n, k) holds."""
    offsets = np.concatenate([[0], np.cumsum(held.sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(words).take(pa.array(np.nonzero(held)[1])))


def _table(columns: Sequence[Column], given: Mapping[str, pa.Array], n: int) -> pa.Table:
    """The table of those columns; what is not given is the same in every row, or empty."""
    made = [given[column.name] if column.name in given else _empty(column, n) for column in columns]
    return pa.Table.from_arrays(made, schema=schema(columns))


def _empty(column: Column, n: int) -> pa.Array:
    if pa.types.is_list(column.type):
        nothing = pa.array([], column.type.value_type)
        return pa.ListArray.from_arrays(pa.array(np.zeros(n + 1, np.int32)), nothing)
    if column.name in ("statistic", "degree_preferred") or not pa.types.is_string(column.type):
        return pa.nulls(n, column.type)
    return pa.repeat(_SAME.get(column.name, ""), n)
