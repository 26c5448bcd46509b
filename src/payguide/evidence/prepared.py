"""The evidence of an edition's population, made ready on an engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import duckdb
import narwhals as nw

from payguide.base.figures import OfficialFigure
from payguide.evidence.distinct import Population, pieces, statements
from payguide.evidence.engine import Engine, Frame
from payguide.evidence.engine.duckdb import DuckDB
from payguide.evidence.outliers import limits_of, marks

#: What DuckDB may hold; the rest waits on disk, so that evidence of any size is reduced in bounded memory.
MEMORY: Final = "1500MiB"

# a piece with all that was read of its first record, for what is reduced in SQL
_EVIDENCE: Final = """
CREATE VIEW evidence AS
SELECT o.* EXCLUDE (level, low, high), p.level::VARCHAR AS level, p.low, p.high, p.cluster,
       p.metro_group::VARCHAR AS metro_group, p.asked,
       CASE WHEN o.place_metro <> '' THEN o.place_metro WHEN o.place_region <> '' THEN o.place_region
            ELSE o.place_country END AS zone, p.n_records, p.pooled, coalesce(t.has_text, false) AS has_text
FROM found p JOIN observations o USING (key) LEFT JOIN postings t ON t.source = o.source AND t.id = o.record
WHERE p.outlier = ''
"""


@dataclass(frozen=True, slots=True)
class Prepared:
    """The statements of a population, the distinct pieces of evidence among them, and those that count: which are
    no outliers.
    """

    engine: Engine
    statements: Frame
    pieces: Frame
    counting: Frame


def prepare(engine: Engine, population: Population, official: Sequence[OfficialFigure]) -> Prepared:
    """Find the pieces and mark the outliers among them: `outlier` is the stage that marks one or empty, `least` and
    `most` the limits or fences of what is marked, in annual money.
    """
    stated = statements(engine, population)
    found = pieces(engine, stated)
    outliers = engine.given(marks(engine, found, limits_of(official)))
    marked = found.join(outliers, on="key", how="left").with_columns(
        outlier=nw.coalesce("outlier", nw.lit(""))
    )
    return Prepared(engine, stated, marked, found.join(outliers, on="key", how="anti"))


def prepare_here(
    connection: duckdb.DuckDBPyConnection, population: Population, official: Sequence[OfficialFigure]
) -> Prepared:
    """The same on a store's connection, which then has the views `statement` (every statement of the population,
    annual), `found` (every piece) and `evidence` (the pieces that count, with all that was read) for SQL.
    """
    # rows have no order here: what needs one sorts
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET memory_limit = $most", {"most": MEMORY})
    prepared = prepare(DuckDB(connection), population, official)
    for name, frame in (("statement", prepared.statements), ("found", prepared.pieces)):
        relation: duckdb.DuckDBPyRelation = nw.to_native(frame)
        relation.create_view(name)
    connection.execute(_EVIDENCE)
    return prepared
