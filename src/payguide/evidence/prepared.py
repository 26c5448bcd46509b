"""The evidence of an edition's population, made ready on a store's connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb
import narwhals as nw

from payguide.evidence.distinct import Population, pieces, statements
from payguide.evidence.engine import Engine, Frame
from payguide.evidence.engine.duckdb import DuckDB

# a piece with all that was read of its first record, for what is reduced in SQL
_EVIDENCE: Final = """
CREATE VIEW evidence AS
SELECT o.* EXCLUDE (level, low, high), p.level::VARCHAR AS level, p.low, p.high, p.cluster,
       p.metro_group::VARCHAR AS metro_group,
       CASE WHEN o.place_metro <> '' THEN o.place_metro WHEN o.place_region <> '' THEN o.place_region
            ELSE o.place_country END AS zone, p.n_records, p.pooled, coalesce(t.has_text, false) AS has_text
FROM found p JOIN observations o USING (key) LEFT JOIN postings t ON t.source = o.source AND t.id = o.record
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The statements of a population and the distinct pieces of evidence among them, on an engine."""

    engine: Engine
    statements: Frame
    pieces: Frame


def prepare(connection: duckdb.DuckDBPyConnection, population: Population) -> Prepared:
    """Find the pieces on a store's connection, which then has the views `statement` (every statement of the
    population, annual) and `evidence` (the distinct pieces) for SQL.
    """
    # rows have no order here: what needs one sorts
    connection.execute("SET preserve_insertion_order = false")
    engine = DuckDB(connection)
    stated = statements(engine, population)
    found = pieces(engine, stated)
    for name, frame in (("statement", stated), ("found", found)):
        relation: duckdb.DuckDBPyRelation = nw.to_native(frame)
        relation.create_view(name)
    connection.execute(_EVIDENCE)
    return Prepared(engine, stated, found)
