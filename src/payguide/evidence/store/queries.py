"""What can be asked of evidence, whoever holds it: a store, or the one version of it that an edition is made of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import duckdb

from payguide.base.inputs import Posting, SourceCard
from payguide.evidence.store import delta
from payguide.evidence.store.location import Location
from payguide.evidence.tables import card_of, posting_key, posting_of


class Queries(ABC):
    """Evidence at `path`, whose tables a connection shows at one version."""

    path: Location

    @abstractmethod
    def connected(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A connection for a query."""

    def rows(self, query: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """The rows of a query over the tables, as plain data.

        Raises:
            StoreError: a file of the store cannot be read.
        """
        with self.connected() as connection, delta.guarded(self.path):
            result: list[dict[str, Any]] = (
                connection.sql(query, params=parameters).to_arrow_table().to_pylist()
            )
            return result

    @property
    def fingerprint(self) -> str:
        """16 hex digits that stand for the evidence itself: equal for equal rows, in whatever commits they
        came.

        It sums the leading 60 bits of the MD5 of every observation and posting with all that was read of it,
        which does not depend on order. A reader that reads the same documents differently changes it.
        """
        total = 0
        for row in self.rows(
            """
            SELECT sum(('0x' || md5(row)[1:15])::HUGEINT) AS total, count(*) AS n
            FROM (SELECT o::VARCHAR AS row FROM (SELECT * EXCLUDE (revision) FROM observations) o
                  UNION ALL SELECT p::VARCHAR FROM (SELECT * EXCLUDE (revision) FROM postings) p)
            """
        ):
            total = (int(row["total"] or 0) + (int(row["n"]) << 40)) % (1 << 64)
        return f"{total:016x}"

    def observation(self, key: str) -> dict[str, Any] | None:
        """The observation of a key, or of the one key that begins so, as plain data; None if there is
        none.
        """
        result = self.rows(
            "SELECT * FROM observations WHERE starts_with(key, $key) ORDER BY key LIMIT 2", {"key": key}
        )
        return result[0] if key and len(result) == 1 else None

    def history(self, key: str) -> list[dict[str, Any]]:
        """Every revision of the observation of a key, the first one first."""
        return self.rows("SELECT * FROM observations_ever WHERE key = $key ORDER BY revision", {"key": key})

    def quarantined(self, key: str) -> dict[str, Any] | None:
        """The statement in quarantine that has an observation's key; None if it is not there."""
        query = "SELECT * REPLACE (observation AS key) FROM quarantine WHERE observation = $key"
        result = self.rows(query, {"key": key})
        return result[0] if result else None

    def posting(self, source: str, record: str) -> Posting | None:
        """A source's posting by its id; None if there is none."""
        result = self.rows("SELECT * FROM postings WHERE key = $key", {"key": posting_key(source, record)})
        return posting_of(result[0]) if result else None

    def rejections_by_rule(self) -> dict[str, int]:
        """How many rows each rule refuses, the most first: rejections, and statements in quarantine."""
        query = "SELECT rule, count(*) AS n FROM refused GROUP BY rule ORDER BY n DESC, rule"
        return {row["rule"]: row["n"] for row in self.rows(query)}

    def rejections(self) -> list[dict[str, Any]]:
        """Every rejection and statement in quarantine: its rule, source, where it was, what was found there."""
        return self.rows('SELECT rule, source, "where", found FROM refused ORDER BY ALL')

    def quarantined_by_rule(self) -> dict[str, int]:
        """How many statements each rule holds in quarantine, the most first."""
        query = "SELECT rule, count(*) AS n FROM quarantine GROUP BY rule ORDER BY n DESC, rule"
        return {row["rule"]: row["n"] for row in self.rows(query)}

    def quarantine(self, rule: str = "") -> list[dict[str, Any]]:
        """The statements in quarantine, of one rule or of all, with the rule that each breaks and why it is."""
        query = "SELECT * FROM quarantine WHERE $rule IN ('', rule) ORDER BY rule, source, record, key"
        return self.rows(query, {"rule": rule})

    def counts_by_source(self) -> dict[str, dict[str, int]]:
        """Each source's documents, postings, observations, records behind these, one-ended bands among them
        ("up to X": they are kept, and enter no cell) and rows refused, by name.
        """
        query = """
            SELECT source, sum(documents)::BIGINT AS documents, sum(postings)::BIGINT AS postings,
                   sum(observations)::BIGINT AS observations, sum(records)::BIGINT AS records,
                   sum(one_ended)::BIGINT AS one_ended, sum(rejections)::BIGINT AS rejections
            FROM (
                SELECT source, count(*) AS documents, 0 AS postings, 0 AS observations, 0 AS records,
                       0 AS one_ended, 0 AS rejections FROM documents GROUP BY source
                UNION ALL SELECT source, 0, count(*), 0, 0, 0, 0 FROM postings GROUP BY source
                UNION ALL SELECT source, 0, 0, count(*), count(DISTINCT record),
                                 count(*) FILTER (low IS NULL OR (high IS NULL AND NOT top_coded)), 0
                          FROM observations GROUP BY source
                UNION ALL SELECT source, 0, 0, 0, 0, 0, count(*) FROM refused GROUP BY source
            ) GROUP BY source ORDER BY source
        """
        return {row.pop("source"): row for row in self.rows(query)}

    def tiers_by_role(self) -> list[dict[str, Any]]:
        """How the tier of the employer is known of each role's records that name one: by kind of evidence, and in all
        (`kind` "all"). `unknown`, `list` and `rule` add up to `records`.
        """
        return self.rows(
            """
            SELECT role, coalesce(kind, 'all') AS kind, count(*) AS records,
                   count(*) FILTER (employer_tier = 'unknown') AS unknown,
                   count(*) FILTER (employer_tier <> 'unknown' AND employer_known_by <> 'rule') AS list,
                   count(*) FILTER (employer_tier <> 'unknown' AND employer_known_by = 'rule') AS rule
            FROM (SELECT DISTINCT source, record, role, kind, employer_tier, employer_known_by
                  FROM observations WHERE employer_id <> '')
            GROUP BY GROUPING SETS ((role, kind), (role)) ORDER BY role, kind
            """
        )

    def card(self, source: str) -> SourceCard | None:
        """A source's card, as of its latest retrieval; None if no document of it is on record."""
        query = """
            SELECT * FROM documents WHERE source = $source
            ORDER BY retrieved_at DESC, key LIMIT 1
        """
        result = self.rows(query, {"source": source})
        return card_of(result[0]) if result else None

    def documents_sha256(self) -> dict[str, tuple[int, str]]:
        """Each source's number of documents, and the SHA-256 of their sorted hashes, one a line."""
        query = """
            SELECT source, count(DISTINCT sha256) AS n,
                   sha256(string_agg(sha256 || chr(10), '' ORDER BY sha256)) AS digest
            FROM (SELECT DISTINCT source, sha256 FROM documents) GROUP BY source ORDER BY source
        """
        return {row["source"]: (row["n"], row["digest"]) for row in self.rows(query)}
