"""The contract that every observation keeps to enter the evidence. What breaks it is a named Rejection.

A rule is a function over a chunk of observations, named for what it demands; it returns a boolean array (n,)
that is True where the demand is not met. The first rule broken names the rejection. The bounds are data
(contract.toml), with dates and references. They are hard limits against slips of the pen and of the reader;
outliers among plausible pay stay in and are for robust statistics to bear.

Official statistics are not judged by the bounds: they are published figures of many workers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.base.codes import EvidenceKind
from payguide.base.money import PERIODS_A_YEAR, FloatArray, IntArray
from payguide.base.records import Observation, Rejection
from payguide.evidence.tables import OBSERVATIONS, table_of

Broken = NDArray[np.bool_]


@cache
def settings() -> dict[str, Any]:
    """The contract's bounds."""
    return tomllib.loads(Path(__file__).with_name("contract.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """A chunk of n observations as columns (n,): `low` and `high` as stated, NaN where not `low_given` and
    `high_given`; `a_year` the stated periods in a year; `day` and `retrieved` ordinals, `retrieved` 0 where
    not known.
    """

    low: FloatArray
    high: FloatArray
    low_given: Broken
    high_given: Broken
    a_year: FloatArray
    currency: NDArray[np.object_]
    country: NDArray[np.object_]
    component: NDArray[np.object_]
    kind: NDArray[np.object_]
    employer: NDArray[np.object_]
    day: IntArray
    retrieved: IntArray

    @property
    def is_statistic(self) -> Broken:
        """Where the amount is a published statistic."""
        return np.asarray(self.kind == EvidenceKind.STATISTIC.value, np.bool_)


def amounts_are_positive(rows: Statements) -> Broken:
    """Pay is more than nothing: a zero, a minus, an infinity or no number is a blank or a slip."""
    broken = np.zeros(len(rows.low), np.bool_)
    for ends, given in ((rows.low, rows.low_given), (rows.high, rows.high_given)):
        broken |= given & ~((ends > 0) & np.isfinite(ends))
    return broken


def low_is_not_above_high(rows: Statements) -> Broken:
    """A band's ends do not run backwards: swapped ends mean that the source or its reader is confused."""
    return rows.low > rows.high


def currency_is_known(rows: Statements) -> Broken:
    """The currency is a code of ISO 4217: an amount in an unknown unit is no amount."""
    return ~_among(rows.currency, settings()["currencies"]["codes"])


def annual_pay_is_plausible(rows: Statements) -> Broken:
    """A year's pay lies within the dated bounds of its currency and country: below them stands an hourly rate
    read as yearly, a stipend or a typing slip; above them another currency or a company's funding.
    """
    broken = np.zeros(len(rows.low), np.bool_)
    seen = sorted(set(zip(rows.currency, rows.country, rows.component, strict=True)))
    for currency, country, component in seen:
        bounds = bounds_of(currency, country, component)
        if bounds is None:
            continue
        these = (rows.currency == currency) & (rows.country == country) & (rows.component == component)
        for ends in (rows.low, rows.high):
            annual = ends * rows.a_year
            broken |= these & ((annual < bounds[0]) | (annual > bounds[1]))
    return broken & ~rows.is_statistic


def bounds_of(currency: str, country: str, component: str) -> tuple[float, float] | None:
    """The bounds of annual pay: those of the currency in that country, else of the currency; None if none.

    A bonus or equity has no lower bound.
    """
    for bound in settings()["bounds"]:
        if bound["currency"] == currency and country in bound.get("countries", [country]):
            ceiling = bound["base"][1] if component == "base" else bound["most"]
            return (bound["base"][0] if component in ("base", "total") else 0.0), ceiling
    return None


def posted_range_is_a_range(rows: Statements) -> Broken:
    """A posted range's upper end is at most so many times its lower: wider ones (200K-1M) name no pay but a
    wish to name none, and would spread one piece of evidence over the whole market.
    """
    posted = rows.kind == EvidenceKind.POSTED_RANGE.value
    return np.asarray(posted & (rows.high > rows.low * settings()["range"]["widest_ratio"]), np.bool_)


def date_is_plausible(rows: Statements) -> Broken:
    """A statement is not from before the first date of the contract, nor dated long after it was retrieved
    (start dates in filings lie up to some months ahead).
    """
    limits = settings()["dates"]
    latest = np.where(rows.retrieved > 0, rows.retrieved + limits["days_ahead"], limits["last"].toordinal())
    return np.asarray((rows.day < limits["first"].toordinal()) | (rows.day > latest), np.bool_)


def employer_is_named(rows: Statements) -> Broken:
    """Who pays is named, for intervals count employers. Official statistics, published guides and anonymous
    surveys cannot name it: each of their records stands for itself.
    """
    return np.asarray((rows.employer == "") & ~_among(rows.kind, _UNNAMED), np.bool_)


_UNNAMED: Final = (EvidenceKind.STATISTIC, EvidenceKind.SELF_REPORT, EvidenceKind.PUBLISHED_GUIDE)


def _among(values: NDArray[np.object_], words: Iterable[str]) -> Broken:
    """Where a value is one of a few words (numpy's `isin` sorts objects: ten times slower)."""
    wanted = frozenset(words)
    return np.fromiter((value in wanted for value in values), np.bool_, len(values))


#: The rules in the order in which they are tried.
RULES: Final[tuple[Callable[[Statements], Broken], ...]] = (
    amounts_are_positive,
    low_is_not_above_high,
    currency_is_known,
    annual_pay_is_plausible,
    posted_range_is_a_range,
    date_is_plausible,
    employer_is_named,
)


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The observations that keep the contract, as rows, and a Rejection for each that does not."""

    kept: pa.Table
    rejections: tuple[Rejection, ...]


def judge(observations: Sequence[Observation], retrieved: Mapping[str, date]) -> Judged:
    """Judge observations; `retrieved` gives the retrieval day of documents by their sha256."""
    table = table_of(OBSERVATIONS, observations)
    rows = _statements(table, retrieved)
    rule_of = np.full(len(observations), -1)
    for number, rule in enumerate(RULES):
        rule_of[(rule_of < 0) & rule(rows)] = number
    refused = np.flatnonzero(rule_of >= 0)
    kept = table if not len(refused) else table.filter(pa.array(rule_of < 0))
    return Judged(
        kept, tuple(_rejection(observations[at], RULES[rule_of[at]].__name__) for at in refused.tolist())
    )


def _statements(table: pa.Table, retrieved: Mapping[str, date]) -> Statements:
    def texts(name: str) -> NDArray[np.object_]:
        found: NDArray[np.object_] = table[name].to_numpy()
        return found

    known = {sha256: day.toordinal() for sha256, day in retrieved.items()}
    factors = {period.value: factor for period, factor in PERIODS_A_YEAR.items()}
    return Statements(
        low=table["low"].to_numpy(),
        high=table["high"].to_numpy(),
        low_given=table["low"].is_valid().to_numpy(),
        high_given=table["high"].is_valid().to_numpy(),
        a_year=np.array([factors[period] for period in table["period"].to_pylist()], np.float64),
        currency=texts("currency"),
        country=texts("place_country"),
        component=texts("component"),
        kind=texts("kind"),
        employer=texts("employer_id"),
        day=table["date"].cast(pa.int32()).to_numpy().astype(np.int64) + date(1970, 1, 1).toordinal(),
        retrieved=np.array([known.get(sha256, 0) for sha256 in table["sha256"].to_pylist()], np.int64),
    )


def _rejection(observation: Observation, rule: str) -> Rejection:
    ends = (observation.low, observation.high)
    stated = " to ".join(f"{end:,.2f}" for end in dict.fromkeys(ends) if end is not None)
    of = f"{observation.component} of {stated} {observation.currency} a {observation.period}"
    return Rejection(
        rule=rule,
        found=f"{of}, {observation.date.isoformat()}",
        where=f"{observation.record}: {observation.locator or 'amount'}",
        source=observation.source,
        sha256=observation.sha256,
    )
