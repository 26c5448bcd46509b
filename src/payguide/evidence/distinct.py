"""Evidence, not adverts: the distinct pieces of evidence behind an edition's population.

One band that an employer advertises in 58 postings is one piece of evidence; so is a band that stands in a
posting's text and in its structured field. A piece is a distinct employer x role x level x place-zone x
component x band (annual, rounded to the dollar). The zone is the metro, else the region, else the country.
Every self-report and payroll line is a piece by itself: equal pay of two people is two facts.

Population: the country (or an unknown country with the currency stated), the currency, not on-target
earnings, a role of the vocabulary but "other", both ends of the amount known.

Level: of a posting or filing the title's, else that of the years asked; of a self-report or payroll line that
of the years worked, but for interns and managers of people.

A piece is counted for each source; `pooled` marks one of the equal pieces of several sources. What a piece
carries beside its identity (skills, tier, date) is that of its first record, one with a text if there is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.base.codes import TOP_TIERS, EvidenceKind, Level, Role
from payguide.base.money import PERIODS_A_YEAR

#: Kinds whose every record is a piece of evidence of its own.
PERSONAL: Final = (EvidenceKind.SELF_REPORT, EvidenceKind.PAYROLL)

#: Kinds that are counted in cells.
COUNTED: Final = (EvidenceKind.POSTED_RANGE, EvidenceKind.FILING, *PERSONAL)

#: How many metros of a kind of evidence and a role are told apart in regressions: its largest. The others are
#: "other_us" together, what has no place below the country is "unknown".
METROS: Final = 10

#: Levels that do not count among "any" level: another job, and another side of the table.
APART: Final = (Level.INTERN, Level.MANAGER)

_VOCABULARY: Final = (
    """
    CREATE OR REPLACE TEMP MACRO ladder(years) AS
        CASE WHEN years < 3 THEN 'entry' WHEN years < 6 THEN 'mid' WHEN years <= 10 THEN 'senior'
             ELSE 'staff' END
    """,
    "CREATE OR REPLACE TEMP MACRO annual(amount, factor) AS round(amount * factor)",
    """
    CREATE OR REPLACE TEMP MACRO zone(metro, region, country) AS
        CASE WHEN metro <> '' THEN metro WHEN region <> '' THEN region ELSE country END
    """,
    """
    CREATE OR REPLACE TEMP MACRO reading_level(level, years, personal) AS
        CASE WHEN level IN ('intern', 'manager') OR years IS NULL THEN level
             WHEN personal OR level = 'unstated' THEN ladder(years)
             ELSE level END
    """,
    # a posting whose reader did not say so has a text if it shows what only a text can show
    """
    CREATE OR REPLACE TEMP VIEW posting AS
        SELECT *, has_text OR len(duties) > 0 OR len(stages) > 0 OR degree_required IS NOT NULL
                  OR degree_preferred IS NOT NULL
                  OR len(list_filter(pay, lambda b: b.span_start IS NOT NULL)) > 0 AS readable
        FROM postings
    """,
)

_STATEMENTS: Final = """
CREATE OR REPLACE TEMP TABLE statement AS
SELECT *, CASE WHEN personal THEN key
               ELSE concat_ws(chr(31), kind, cluster, role, level, zone, component, low::BIGINT, high::BIGINT)
          END AS piece
FROM (
    SELECT o.* EXCLUDE (level, low, high),
           list_contains($personal, o.kind) AS personal,
           reading_level(o.level, o.years_min, list_contains($personal, o.kind)) AS level,
           annual(o.low, periods.factor) AS low,
           annual(o.high, periods.factor) AS high,
           CASE WHEN o.employer_id = '' THEN o.source || '/' || o.record ELSE o.employer_id END AS cluster,
           zone(o.place_metro, o.place_region, o.place_country) AS zone,
           coalesce(p.readable, false) AS has_text
    FROM observations o
    JOIN periods ON periods.period = o.period
    LEFT JOIN posting p ON p.source = o.source AND p.id = o.record
    WHERE list_contains($kinds, o.kind) AND o.currency = $currency AND o.place_country IN ($country, '')
      AND o.basis <> 'ote' AND list_contains($roles, o.role) AND annual(o.low, periods.factor) > 0
      AND o.high IS NOT NULL
)
"""

# what is told apart and counted is done on a few columns; the whole row joins at the end
_EVIDENCE: Final = """
CREATE OR REPLACE TEMP TABLE evidence AS
WITH narrow AS (
    SELECT rowid AS line, source, piece, record, has_text, key, kind, role, place_metro, component, level
    FROM statement
), counted AS (
    SELECT source, piece, count(DISTINCT record) AS n_records FROM narrow GROUP BY source, piece
), first AS (
    SELECT * FROM narrow
    QUALIFY row_number() OVER (PARTITION BY source, piece ORDER BY has_text DESC, key) = 1
), marked AS (
    SELECT line, kind, role, place_metro, component, level, n_records,
           row_number() OVER (PARTITION BY piece ORDER BY has_text DESC, key) = 1 AS pooled,
           sum(n_records) OVER (PARTITION BY piece) AS pooled_records,
           row_number() OVER (ORDER BY key) - 1 AS number
    FROM first JOIN counted USING (source, piece)
), largest AS (
    SELECT kind, role, place_metro, true AS large FROM marked
    WHERE pooled AND component = 'base' AND place_metro <> '' AND NOT list_contains($apart, level)
    GROUP BY kind, role, place_metro
    QUALIFY row_number() OVER (PARTITION BY kind, role ORDER BY count(*) DESC, place_metro) <= $metros
)
SELECT s.*, pooled, n_records, pooled_records, number,
       list_contains($top, s.employer_tier) AS top,
       CASE WHEN list_contains($apart, s.level) THEN [s.level] ELSE [s.level, 'any'] END AS levels,
       CASE WHEN large THEN s.place_metro WHEN s.place_metro <> '' OR s.place_region <> '' THEN 'other_us'
            ELSE 'unknown' END AS metro_group
FROM marked JOIN statement s ON s.rowid = marked.line
LEFT JOIN largest ON largest.kind = s.kind AND largest.role = s.role AND largest.place_metro = s.place_metro
"""


@dataclass(frozen=True, slots=True)
class Population:
    """Whom an edition is about."""

    country: str = "US"
    currency: str = "USD"
    roles: Sequence[str] = field(default=tuple(str(role) for role in Role if role is not Role.OTHER))


def prepare(connection: duckdb.DuckDBPyConnection, population: Population) -> None:
    """Make the temporary tables `statement` (every statement of the population, annual) and `evidence` (the
    distinct pieces, numbered in the order of their keys) on a store's connection, the view `posting`
    (postings with `readable`: a text was there), and the macros they use.
    """
    for definition in _VOCABULARY:
        connection.execute(definition)
    factors = pa.table({"period": [*map(str, PERIODS_A_YEAR)], "factor": [*PERIODS_A_YEAR.values()]})
    connection.register("periods", factors)
    personal = [str(kind) for kind in PERSONAL]
    connection.execute(
        _STATEMENTS,
        {
            "personal": personal,
            "kinds": [str(kind) for kind in COUNTED],
            "currency": population.currency,
            "country": population.country,
            "roles": list(population.roles),
        },
    )
    connection.execute(
        _EVIDENCE,
        {
            "top": [str(tier) for tier in TOP_TIERS],
            "apart": [str(level) for level in APART],
            "metros": METROS,
        },
    )


def column(table: pa.Table, name: str) -> NDArray[Any]:
    """A column as a numpy array: text as objects, numbers as they are."""
    found: NDArray[Any] = table[name].to_numpy()
    return found


def clusters(names: pa.ChunkedArray) -> tuple[list[str], NDArray[np.int64]]:
    """The distinct names in order, and each one's position among them (n,)."""
    encoded = names.combine_chunks().dictionary_encode()
    found: list[str] = encoded.dictionary.to_pylist()
    order = sorted(range(len(found)), key=found.__getitem__)
    place = np.empty(len(found), np.int64)
    place[order] = np.arange(len(found))
    return [found[at] for at in order], place[encoded.indices.to_numpy()]
