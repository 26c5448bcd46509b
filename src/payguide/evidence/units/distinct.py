"""Evidence, not adverts: the distinct pieces of evidence behind an edition's population.

One band that an employer advertises in 58 postings is one piece of evidence; so is a band that stands in a
posting's text and in its structured field. A piece is a distinct employer x role x level x place-zone x
component x band (annual, rounded to the dollar). The zone is the metro, else the region, else the country.
Every self-report and payroll line is a piece by itself: equal pay of two people is two facts. Where no employer is
named the respondent, or the range, stands in its place: it is resampled so, and counts as no employer.

Population: the country (or an unknown country with the currency stated), the currency, not on-target
earnings, a role of the vocabulary but "other", both ends of the amount known.

Level: of a posting or filing the title's, else that of the years required; of a self-report or payroll line that
of the years worked, but for interns and managers of people. Years required do not give a level for certain:
`years_required` holds them where the title is silent, and what counts levels spreads such a piece over the ladder
(`level_probabilities`).

A piece is counted for each source; `pooled` marks one of the equal pieces of several sources. What a piece
carries besides its identity (tier, date, specialisations) is that of its first record, one with a text if there
is one.

Spelled once, in Narwhals: any engine of `engine/` runs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from payguide.base.codes import LADDER, Basis, Component, EvidenceKind, Level, LevelReading, Role
from payguide.base.contributors import UNNAMED
from payguide.base.money import PERIODS_A_YEAR
from payguide.base.reference.country import country, default_country
from payguide.base.reference.levels import bounds
from payguide.evidence.engine import Engine, Frame

#: Kinds whose every record is a piece of evidence of its own.
PERSONAL: Final = (EvidenceKind.SELF_REPORT, EvidenceKind.PAYROLL)

#: Kinds that are counted in cells.
COUNTED: Final = (EvidenceKind.POSTED_RANGE, EvidenceKind.FILING, *PERSONAL)

#: How many metros of a kind of evidence and a role are separate in regressions: its largest. The others are
#: "other_us" together, what has no place below the country is "unknown".
METROS: Final = 10

#: Levels that do not count among "any" level: another job, and another side of the table.
EXCLUDED_LEVELS: Final = (Level.INTERN, Level.MANAGER)

#: The component that is a ratio.
RATIO: Final = "total_over_base"

#: What makes two statements of a posting or filing one piece of evidence.
IDENTITY: Final = ("kind", "cluster", "role", "level", "zone", "component", "low", "high")

#: What of a statement a piece carries.
_CARRIED: Final = (
    "key", "source", "record", "kind", "cluster", "role", "level", "component", "low", "high", "date",
    "employer_tier", "employer_industry", "place_metro", "place_region", "remote", "specialisations",
    "years_required",
)  # fmt: skip

#: What of a statement pieces are found by.
IDENTITY_COLUMNS: Final = (*_CARRIED, "zone", "personal", "text")

#: Those of few words.
WORDS: Final = (
    "source", "kind", "role", "level", "component", "employer_tier", "employer_industry", "place_metro",
    "place_region", "remote", "zone",
)  # fmt: skip

_METRO: Final = ("kind", "role", "place_metro")

#: How many pieces of base pay a metro has.
METRO_COUNTS: Final = pa.schema([*((name, pa.string()) for name in _METRO), ("n", pa.int64())])


_HOME: Final = country(default_country())


@dataclass(frozen=True, slots=True)
class Population:
    """Whom an edition is about."""

    country: str = _HOME.code
    currency: str = _HOME.currency
    roles: Sequence[str] = field(default=tuple(str(role) for role in Role if role is not Role.OTHER))


def statements(engine: Engine, population: Population) -> Frame:
    """Every statement of the population: `low` and `high` annual and in whole units of the currency, `level` as it
    counts, `personal`, the `cluster` that it is resampled with, its `zone`, and `years_required` where the title does
    not state the level (else null).
    """
    stated = engine.table("observations").filter(
        nw.col("kind").is_in(_words(COUNTED)),
        nw.col("currency") == population.currency,
        nw.col("place_country").is_in([population.country, ""]),
        nw.col("basis") != str(Basis.OTE),
        nw.col("role").is_in(list(population.roles)),
        ~nw.col("high").is_null(),
    )
    stated = stated.with_columns(
        personal=nw.col("kind").is_in(_words(PERSONAL)),
        low=_annual("low"),
        high=_annual("high"),
    ).filter(nw.col("low") > 0)
    stated = stated.with_columns(
        zone=_first_named("place_metro", "place_region", "place_country"),
        cluster=_either(
            nw.col("employer_id") != "",
            nw.col("employer_id"),
            nw.concat_str(
                "source", _either(nw.col("personal"), nw.col("record"), _range()), separator=UNNAMED
            ),
        ),
    )
    silent = (nw.col("level_read_from") == str(LevelReading.YEARS)) | (nw.col("level") == str(Level.UNSTATED))
    years_required = nw.when(silent & ~nw.col("personal")).then(nw.col("years_min"))
    return stated.with_columns(level=_level(), years_required=years_required)


def identity_columns(engine: Engine, stated: Frame) -> Frame:
    """Of statements what pieces are found by (`IDENTITY_COLUMNS`): `text` is whether the record's posting has one."""
    texts = (
        engine.table("postings")
        .filter(nw.col("has_text"))
        .select("source", record=nw.col("id"), text=nw.col("has_text"))
    )
    described = stated.join(texts, on=["source", "record"], how="left")
    return described.with_columns(
        text=nw.coalesce(nw.col("text"), nw.lit(value=False)) & ~nw.col("personal")
    ).select(*IDENTITY_COLUMNS)


def deduplicate(engine: Engine, stated: Frame) -> Frame:
    """The distinct pieces of evidence among statements (`IDENTITY_COLUMNS`), with `n_records` behind each in its
    source, `pooled`, and `pooled_records` in all sources.
    """
    once = nw.lit(1, nw.Int64)
    one = {"n_records": once, "pooled": nw.lit(value=True), "pooled_records": once}
    alone = stated.filter(nw.col("personal")).select(*_CARRIED, **one)
    shared = stated.filter(~nw.col("personal"))
    firsts = shared.join(engine.keep(_first(shared), "each"), on="key").select(*_CARRIED, *one)
    once_each = engine.keep(firsts, "shared")
    engine.drop("each")
    return nw.concat([alone, once_each])


def _first(stated: Frame) -> Frame:
    """The `key` of the first of equal statements, one whose posting has a text if there is one, and the counts of
    records behind it.
    """
    first = _either(nw.col("text"), nw.lit("0"), nw.lit("1"))
    ranked = stated.with_columns(rank=nw.concat_str(first, "key"))
    records = ranked.group_by("source", *IDENTITY, "record").agg(nw.col("rank").min())
    each = records.group_by("source", *IDENTITY).agg(nw.col("rank").min(), n_records=nw.len())
    each = each.with_columns(
        best=nw.col("rank").min().over(*IDENTITY),
        pooled_records=nw.col("n_records").sum().over(*IDENTITY),
    )
    return each.select(
        n_records=nw.col("n_records").cast(nw.Int64),
        pooled_records=nw.col("pooled_records").cast(nw.Int64),
        key=nw.col("rank").str.slice(1),
        pooled=nw.col("rank") == nw.col("best"),
    )


def ratios(result: Frame) -> Frame:
    """Pieces of the component `total_over_base`: the ratio of the two in one and the same record of a person. A
    record with several bases or totals has none.
    """
    is_base = nw.col("component") == str(Component.BASE)
    is_total = nw.col("component") == str(Component.TOTAL)
    both = result.filter(nw.col("kind").is_in(_words(PERSONAL)), is_base | is_total)
    described = both.select(
        "source",
        "record",
        total=nw.when(is_total).then(nw.lit(1, nw.Int64)).otherwise(nw.lit(0, nw.Int64)),
        base_low=nw.when(is_base).then(nw.col("low")),
        base_high=nw.when(is_base).then(nw.col("high")),
    )
    base = described.group_by("source", "record").agg(
        n=nw.len(),
        totals=nw.col("total").sum(),
        base_low=nw.col("base_low").min(),
        base_high=nw.col("base_high").min(),
    )
    base = base.filter(nw.col("n") == 2, nw.col("totals") == 1).drop("n", "totals")
    made = both.filter(is_total).join(base, on=["source", "record"])
    return made.with_columns(
        component=nw.lit(RATIO),
        low=nw.col("low") / nw.col("base_low"),
        high=nw.col("high") / nw.col("base_high"),
    ).drop("base_low", "base_high")


def metros(engine: Engine, result: Frame) -> pa.Table:
    """How many pieces of base pay each metro has, by kind of evidence and role (`METRO_COUNTS`)."""
    counted = result.filter(
        nw.col("pooled"),
        nw.col("component") == str(Component.BASE),
        nw.col("place_metro") != "",
        ~nw.col("level").is_in(_words(EXCLUDED_LEVELS)),
    )
    counts = engine.collect(counted.group_by(*_METRO).agg(n=nw.len())).select(METRO_COUNTS.names)
    return counts.cast(METRO_COUNTS)


def largest(counts: pa.Table) -> pa.Table:
    """The metros that are separate, by kind and role, among their counts: the largest, `large` is the metro again."""
    by_size = counts.sort_by(
        [("kind", "ascending"), ("role", "ascending"), ("n", "descending"), ("place_metro", "ascending")]
    )
    pair = pc.binary_join_element_wise(by_size["kind"], by_size["role"], "\x1f").combine_chunks()
    _, first, code = np.unique(pair.dictionary_encode().indices, return_index=True, return_inverse=True)
    separate = by_size.filter(pa.array(np.arange(len(code)) - first[code] < METROS))
    return separate.select(_METRO).append_column("large", separate["place_metro"])


def with_metro_group(engine: Engine, result: Frame, large: pa.Table) -> Frame:
    """`metro_group`: the metro where it is one of its kind and role's largest, else "other_us" or "unknown"."""
    placed = (nw.col("place_metro") != "") | (nw.col("place_region") != "")
    other = _either(placed, nw.lit("other_us"), nw.lit("unknown"))
    merged = result.join(engine.given(large), on=list(_METRO), how="left")
    return merged.with_columns(metro_group=nw.coalesce(nw.col("large"), other)).drop("large")


def _words(codes: Sequence[str]) -> list[str]:
    return [str(code) for code in codes]


def _either(condition: nw.Expr, then: nw.Expr, otherwise: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(then).otherwise(otherwise)


def _first_named(*columns: str) -> nw.Expr:
    """The first of some columns that is not empty."""
    *others, last = columns
    result = nw.col(last)
    for name in reversed(others):
        result = _either(nw.col(name) != "", nw.col(name), result)
    return result


def _annual(end: str) -> nw.Expr:
    factor: nw.Expr = nw.lit(None, nw.Float64)
    for period, times in PERIODS_A_YEAR.items():
        factor = _either(nw.col("period") == str(period), nw.lit(times), factor)
    return (nw.col(end) * factor).round(0)


def _range() -> nw.Expr:
    """The ends of an amount as text, in whole units."""
    ends = (nw.col(end).cast(nw.Int64).cast(nw.String) for end in ("low", "high"))
    return nw.concat_str(*ends, separator="-")


def _level() -> nw.Expr:
    """The level as it counts; `base.reference.levels.level_of_years` in the engine's words."""
    level, years = nw.col("level"), nw.col("years_min")
    ladder: nw.Expr = nw.lit(str(LADDER[-1]))
    for bound in reversed(bounds()):
        within = years <= bound.end if bound.inclusive else years < bound.end
        ladder = _either(within, nw.lit(str(bound.level)), ladder)
    by_years = nw.col("personal") | (level == str(Level.UNSTATED))
    as_it_is = level.is_in(_words(EXCLUDED_LEVELS)) | years.is_null()
    return _either(as_it_is, level, _either(by_years, ladder, level))


def column(table: pa.Table, name: str) -> NDArray[Any]:
    """A column as a numpy array: text as objects, numbers as they are."""
    result: NDArray[Any] = table[name].to_numpy()
    return result
