"""The contract that every observation keeps to enter the evidence. What breaks it is a named Rejection.

A rule is a function over a chunk of observations, named for what it demands; it returns a boolean array (n,)
that is True where the demand is not met. The first rule broken names the rejection, and the statement goes whole
into quarantine (`revalidate`). The bounds are data (contract.toml, `contract_config`), with dates and references. They
are hard limits against slips of the pen and of the reader; outliers among plausible pay stay in and are for robust
statistics to bear.

Official statistics are not judged by the bounds: they are published figures of many workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.base.codes import EvidenceKind
from payguide.base.money import PERIODS_A_YEAR, FloatArray, IntArray
from payguide.evidence.contract.contract_config import Contract, RuleBounds, packaged
from payguide.evidence.tables import OBSERVATIONS, QUARANTINE, digest, schema

Broken = NDArray[np.bool_]

#: The columns of a statement that the rules look at.
JUDGED: Final = (
    "low", "high", "period", "currency", "place_country", "component", "kind", "source", "employer_id", "date",
    "sha256",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """A chunk of n observations as columns (n,): `low` and `high` as stated, NaN where not `low_given` and
    `high_given`; `a_year` the stated periods in a year; `day` and `retrieved` ordinals, `retrieved` 0 where
    not known. `contract_config` are the contract's bounds.
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
    source: NDArray[np.object_]
    employer: NDArray[np.object_]
    day: IntArray
    retrieved: IntArray
    terms: RuleBounds

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
    return ~_among(rows.currency, rows.terms["currencies"]["codes"])


def annual_pay_is_plausible(rows: Statements) -> Broken:
    """A year's pay lies within the dated bounds of its currency and country: below them stands an hourly rate
    read as yearly, a stipend or a typing slip; above them another currency or a company's funding.
    """
    broken = np.zeros(len(rows.low), np.bool_)
    seen = sorted(set(zip(rows.currency, rows.country, rows.component, strict=True)))
    for currency, country, component in seen:
        bounds = bounds_of(rows.terms, currency, country, component)
        if bounds is None:
            continue
        these = (rows.currency == currency) & (rows.country == country) & (rows.component == component)
        for ends in (rows.low, rows.high):
            annual = ends * rows.a_year
            broken |= these & ((annual < bounds[0]) | (annual > bounds[1]))
    return broken & ~rows.is_statistic


def bounds_of(terms: RuleBounds, currency: str, country: str, component: str) -> tuple[float, float] | None:
    """The bounds of annual pay: those of the currency in that country, else of the currency; None if none.

    A bonus or equity has no lower bound.
    """
    for bound in terms["bounds"]:
        if bound["currency"] == currency and country in bound.get("countries", [country]):
            ceiling = bound["base"][1] if component == "base" else bound["most"]
            return (bound["base"][0] if component in ("base", "total") else 0.0), ceiling
    return None


def posted_range_is_a_range(rows: Statements) -> Broken:
    """A posted range's upper end is at most so many times its lower: wider ones (200K-1M) name no pay but a
    wish to name none, and would spread one piece of evidence over the whole market.
    """
    posted = rows.kind == EvidenceKind.POSTED_RANGE.value
    return np.asarray(posted & (rows.high > rows.low * rows.terms["range"]["widest_ratio"]), np.bool_)


def date_is_plausible(rows: Statements) -> Broken:
    """A statement is not from before the first date of the contract, nor dated long after it was retrieved
    (start dates in filings lie up to some months ahead).
    """
    limits = rows.terms["dates"]
    latest = np.where(rows.retrieved > 0, rows.retrieved + limits["days_ahead"], limits["last"].toordinal())
    return np.asarray((rows.day < limits["first"].toordinal()) | (rows.day > latest), np.bool_)


def employer_is_named(rows: Statements) -> Broken:
    """Who pays is named, for intervals count employers. Official statistics, published guides, anonymous surveys
    and the contract's own list of sources cannot name it: each of their records stands for itself, for no employer.
    """
    named = _among(rows.kind, _UNNAMED) | _among(rows.source, rows.terms["employers"]["unnamed_sources"])
    return np.asarray((rows.employer == "") & ~named, np.bool_)


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


#: Why each rule is there: the first sentence of its docstring.
REASONS: Final[Mapping[str, str]] = {
    rule.__name__: " ".join(str(rule.__doc__).partition(".")[0].split()) for rule in RULES
}


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """The observations that keep the contract, as their rows, and those that do not, as rows of the
    quarantine with the rule that each breaks.
    """

    kept: pa.Table
    refused: pa.Table


def judge(table: pa.Table, retrieved: Mapping[str, date], contract: Contract | None = None) -> Judged:
    """Judge observations' rows; `retrieved` gives the retrieval day of documents by their sha256. The contract is
    the packaged one unless another is given.
    """
    rules = broken(table, retrieved, contract)
    if not rules.any():
        return Judged(table, schema(QUARANTINE).empty_table())
    fits = pa.array(rules == "", pa.bool_())
    refused = np.flatnonzero(rules)
    return Judged(table.filter(fits), quarantined(table.take(refused), rules[refused]))


def broken(
    table: pa.Table, retrieved: Mapping[str, date], contract: Contract | None = None
) -> NDArray[np.object_]:
    """The name of the first rule (n,) that each row breaks, "" where it breaks none. The table has the columns
    of `JUDGED`.
    """
    rows = _statements(table, retrieved, (contract or packaged()).terms)
    number_of = np.zeros(table.num_rows, np.int64)
    for number, rule in enumerate(RULES, start=1):
        number_of[(number_of == 0) & rule(rows)] = number
    return np.array(["", *REASONS], object)[number_of]


def quarantined(table: pa.Table, rules: Sequence[str] | NDArray[np.object_]) -> pa.Table:
    """Observations' rows as rows of the quarantine, each with the rule that it breaks."""
    own = {
        "key": pa.array([digest("quarantine", key) for key in table["key"].to_pylist()], pa.string()),
        "observation": table["key"],
        "rule": pa.array(list(rules), pa.string()),
        "reason": pa.array([REASONS[rule] for rule in rules], pa.string()),
        "found": pa.array(_stated_values(table), pa.string()),
        "where": pa.array(_locators(table), pa.string()),
    }
    names = [column.name for column in QUARANTINE]
    return pa.table([own[name] if name in own else table[name] for name in names], schema=schema(QUARANTINE))


def stated(table: pa.Table) -> pa.Table:
    """The quarantine's rows as the observations' rows that they were."""
    names = [column.name for column in OBSERVATIONS]
    columns = [table["observation" if name == "key" else name] for name in names]
    return pa.table(columns, schema=schema(OBSERVATIONS))


def _statements(table: pa.Table, retrieved: Mapping[str, date], terms: RuleBounds) -> Statements:
    def texts(name: str) -> NDArray[np.object_]:
        result: NDArray[np.object_] = table[name].to_numpy()
        return result

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
        source=texts("source"),
        employer=texts("employer_id"),
        day=table["date"].cast(pa.int32()).to_numpy().astype(np.int64) + date(1970, 1, 1).toordinal(),
        retrieved=np.array([known.get(sha256, 0) for sha256 in table["sha256"].to_pylist()], np.int64),
        terms=terms,
    )


def _stated_values(table: pa.Table) -> list[str]:
    """What each row states, for a person: "base of 1.00 to 2.00 USD a year, 2026-06-01"."""
    names = ("component", "low", "high", "currency", "period", "date")
    result = []
    for component, low, high, currency, period, day in zip(
        *(table[name].to_pylist() for name in names), strict=True
    ):
        stated = " to ".join(f"{end:,.2f}" for end in dict.fromkeys((low, high)) if end is not None)
        result.append(f"{component} of {stated} {currency} a {period}, {day.isoformat()}")
    return result


def _locators(table: pa.Table) -> list[str]:
    """Where each row stands: its record, and the place in it."""
    pairs = zip(table["record"].to_pylist(), table["locator"].to_pylist(), strict=True)
    return [f"{record}: {locator or 'amount'}" for record, locator in pairs]
