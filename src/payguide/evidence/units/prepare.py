"""The evidence of an edition's population, made ready on an engine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import narwhals as nw

from payguide.base.aggregates import OfficialFigure
from payguide.evidence.engine import Engine, Frame
from payguide.evidence.engine.duckdb import DuckDB
from payguide.evidence.units.distinct import (
    WORDS,
    Population,
    deduplicate,
    identity_columns,
    largest,
    metros,
    statements,
    with_metro_group,
)
from payguide.evidence.units.outliers import fences, flags, midpoint_counts, plausible_ranges

#: What DuckDB may hold, in bytes: as a least, of each observation of large evidence, and as a share of the machine's
#: memory at most. The rest waits on disk; with much less it is written and read there over and over until even that
#: fails.
LEAST, EACH, MOST = 1500 << 20, 100, 0.5

# a piece with all that was read of its first record, for what is reduced in SQL
_EVIDENCE: Final = """
CREATE VIEW evidence AS
SELECT o.* EXCLUDE (level, low, high), p.level::VARCHAR AS level, p.low, p.high, p.cluster,
       p.metro_group::VARCHAR AS metro_group, p.years_required,
       CASE WHEN o.place_metro <> '' THEN o.place_metro WHEN o.place_region <> '' THEN o.place_region
            ELSE o.place_country END AS zone, p.n_records, p.pooled, coalesce(t.has_text, false) AS has_text
FROM units p JOIN observations o USING (key) LEFT JOIN postings t ON t.source = o.source AND t.id = o.record
WHERE p.outlier = ''
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The statements of a population; the distinct pieces of evidence among them, and those that count: which are no
    outliers.
    """

    engine: Engine
    statements: Frame
    units: Frame
    counting: Frame


def prepare(engine: Engine, population: Population, official: Sequence[OfficialFigure]) -> Prepared:
    """Find the pieces and mark the outliers among them: `outlier` is the stage that marks one or empty, `least` and
    `most` the limits or fences of what is marked, in annual money.
    """
    stated, by_place = statements(engine, population), plausible_ranges(official)
    kept = engine.keep(identity_columns(engine, stated), "stated", words=WORDS)
    result = deduplicate(engine, kept)
    # what one piece owes to all the others: which metros are large, and where the fences of its level stand
    whiskers = fences(midpoint_counts(engine, result, by_place))
    result = with_metro_group(engine, result, largest(metros(engine, result)))
    outliers = engine.given(flags(engine, result, whiskers, by_place))
    marked = result.join(outliers, on="key", how="left").with_columns(
        outlier=nw.coalesce("outlier", nw.lit(""))
    )
    return Prepared(engine, stated, marked, result.join(outliers, on="key", how="anti"))


def prepare_duckdb(
    connection: duckdb.DuckDBPyConnection, population: Population, official: Sequence[OfficialFigure]
) -> Prepared:
    """The same on a store's connection, which then has the views `statement` (every statement of the population,
    annual), `units` (every piece) and `evidence` (the pieces that count, with all that was read) for SQL.
    """
    # rows have no order here: what needs one sorts
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET memory_limit = $most", {"most": f"{_memory(connection) >> 20}MiB"})
    prepared = prepare(DuckDB(connection), population, official)
    for name, frame in (("statement", prepared.statements), ("units", prepared.units)):
        relation: duckdb.DuckDBPyRelation = nw.to_native(frame)
        relation.create_view(name)
    connection.execute(_EVIDENCE)
    return prepared


def _memory(connection: duckdb.DuckDBPyConnection) -> int:
    """The bytes that a connection may hold of its store's evidence."""
    ((rows,),) = connection.execute("SELECT count(*) FROM observations").fetchall()
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(LEAST, min(int(rows) * EACH, int(machine * MOST)))
