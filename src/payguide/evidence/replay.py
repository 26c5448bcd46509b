"""Quarantine and replay: what broke the contract is kept whole, and judged again when the rules have changed.

A statement that breaks a rule lies in the table `quarantine` with all its columns. A replay judges the evidence
again, by today's rules or by a user's contract: a quarantined statement that keeps them now becomes an observation,
an observation that breaks them goes into quarantine, and one that breaks another rule than before says so. Nothing
is deleted: what left a table is `withdrawn` from it, and old versions read as they were.

The commits go contract, observations, quarantine, withdrawn, run. A row is in its new place before it leaves its old
one, and where it stands twice a replay only takes it away from the old one; so a replay that was killed anywhere is
simply repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.evidence import delta
from payguide.evidence.contract import JUDGED, broken, quarantined
from payguide.evidence.known import Known
from payguide.evidence.tables import CONTRACTS, OBSERVATIONS, digest, schema
from payguide.evidence.terms import Contract
from payguide.evidence.writer import CHUNK, Appended, log_run, versions_at, withdraw

#: Every refusal that counts: rejections, and the rows in quarantine. A store of before there was a quarantine has
#: rejections without their rows; once such a row lies in quarantine, that decides.
_REFUSED: Final = """
CREATE TEMP VIEW refused AS
SELECT rule, found, "where", source, sha256 FROM rejections
    ANTI JOIN quarantine_ever USING (rule, found, "where", source, sha256)
UNION ALL SELECT rule, found, "where", source, sha256 FROM quarantine
"""

_HELD: Final = """
SELECT q.*, o.key IS NOT NULL AS counts FROM quarantine q LEFT JOIN observations o ON o.key = q.observation
WHERE $rule IN ('', q.rule) ORDER BY q.key
"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay changed: quarantined statements `released`, observations newly `quarantined`, quarantined
    ones that break `another_rule` now. `held` counts those in quarantine at its end by rule. `number` is the
    version that it made, None where nothing changed; `contract` says what it judged by.
    """

    released: int
    quarantined: int
    another_rule: int
    number: int | None
    contract: str
    held: Mapping[str, int] = field(default_factory=dict)

    def as_data(self) -> dict[str, object]:
        """The counts as plain data."""
        return asdict(self)


def refused(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the view `refused` on a store's connection."""
    connection.execute(_REFUSED)


def contract_row(contract: Contract, number: int) -> pa.Table:
    """The row that puts a contract in force from a run on."""
    since = datetime.now(UTC)
    row = {
        "key": digest(contract.sha256, str(number), since.isoformat()),
        "name": contract.name, "sha256": contract.sha256, "text": contract.text,
        "number": number, "since": since,
    }  # fmt: skip
    return pa.Table.from_pylist([row], schema=schema(CONTRACTS))


class Replay:
    """One replay of the store under `path`. `reader` reads it as it was at the beginning; `known` has a
    connection of its own.
    """

    def __init__(
        self, path: Path, reader: duckdb.DuckDBPyConnection, known: Known, contract: Contract, rule: str
    ) -> None:
        self._path = path
        self._reader = reader
        self._known = known
        self._contract = contract
        self._rule = rule
        self._retrieved: dict[str, date] = dict(
            reader.sql("SELECT sha256, max(retrieved_at) FROM documents GROUP BY sha256").fetchall()
        )
        self._gone: list[pa.Table] = []
        self._counts: Counter[str] = Counter()

    def run(self, number: int, *, in_force: str, last: Mapping[str, int], command: str) -> Replayed:
        """Judge again, as the run of a number. `in_force` is the hash of the contract until now, `last` the
        tables' versions after the last run: a replay that changes nothing is no run.
        """
        if self._contract.sha256 != in_force:
            delta.append(self._path / "contracts", contract_row(self._contract, number))
        for rows in self._chunks(_HELD, {"rule": self._rule}):
            self._judge_held(rows)
        refused = self._refused_observations()
        for start in range(0, refused.num_rows, CHUNK):
            self._quarantine(refused.slice(start, CHUNK))
        if self._gone:
            withdraw(self._path, pa.concat_tables(self._gone), number)
        added = Appended(
            observations_new=self._counts["released"],
            observations_withdrawn=self._counts["withdrawn"],
            rejections_new=self._counts["quarantined"],
        )
        changed = any(version != last.get(name, 0) for name, version in versions_at(self._path).items())
        if changed:
            log_run(self._path, command, added, number)
        return Replayed(
            released=added.observations_new,
            quarantined=added.observations_withdrawn,
            another_rule=self._counts["another_rule"],
            number=number if changed else None,
            contract=str(self._contract),
        )

    def _chunks(self, query: str, parameters: Mapping[str, Any] | None = None) -> Iterator[pa.Table]:
        for batch in self._reader.sql(query, params=parameters).to_arrow_reader(CHUNK):
            yield pa.Table.from_batches([batch])

    def _broken(self, rows: pa.Table) -> NDArray[np.object_]:
        """The rule that each row (n,) breaks, "" where it breaks none."""
        documents = rows["sha256"].unique().to_pylist()
        retrieved = {sha256: self._retrieved[sha256] for sha256 in documents if sha256 in self._retrieved}
        return broken(rows, retrieved, self._contract)

    def _judge_held(self, rows: pa.Table) -> None:
        """Judge quarantined rows: release those that pass, note another rule where one is broken now."""
        rules = self._broken(rows)
        passes = rules == ""
        new = pa.array(passes & ~rows["counts"].to_numpy())
        self._append("released", "observations", _observations(rows.filter(new)))
        self._gone.append(rows.filter(pa.array(passes)).select(["key", "revision"]))
        changed = np.flatnonzero(~passes & (rules != rows["rule"].to_numpy()))
        again = _observations(rows.take(changed))
        self._append("another_rule", "quarantine", quarantined(again, rules[changed]))

    def _refused_observations(self) -> pa.Table:
        """Keys, revisions and rules of the observations that break the contract."""
        columns = ", ".join(("key", "revision", *JUDGED))
        found = [pa.table({"key": [], "revision": [], "rule": []}, schema=_REFUSALS)]
        for rows in self._chunks(f"SELECT {columns} FROM observations"):  # noqa: S608
            rules = self._broken(rows)
            at = np.flatnonzero(rules == self._rule if self._rule else rules != "")
            if len(at):
                these = rows.select(["key", "revision"]).take(at)
                found.append(these.append_column("rule", pa.array(rules[at], pa.string())).cast(_REFUSALS))
        return pa.concat_tables(found).sort_by("key")

    def _quarantine(self, refusals: pa.Table) -> None:
        """Put observations into quarantine, and note that they are no longer current."""
        self._reader.register("refusals", refusals)
        rows = self._reader.sql(
            "SELECT o.*, r.rule FROM observations o JOIN refusals r ON r.key = o.key ORDER BY o.key"
        ).to_arrow_table()
        self._append("quarantined", "quarantine", quarantined(rows, rows["rule"].to_pylist()))
        self._gone.append(refusals.select(["key", "revision"]))
        self._counts["withdrawn"] += refusals.num_rows

    def _append(self, what: str, name: str, rows: pa.Table) -> None:
        fresh = self._known.fresh(name, rows)
        delta.append(self._path / name, fresh)
        self._counts[what] += fresh.num_rows


_REFUSALS: Final = pa.schema([("key", pa.string()), ("revision", pa.int32()), ("rule", pa.string())])


def _observations(rows: pa.Table) -> pa.Table:
    """Quarantined rows as the observations' rows that they were."""
    names = [column.name for column in OBSERVATIONS]
    columns = [rows["observation" if name == "key" else name] for name in names]
    return pa.table(columns, schema=schema(OBSERVATIONS))
