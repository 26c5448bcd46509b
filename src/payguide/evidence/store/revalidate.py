"""Quarantine and revalidation: what broke the contract is kept whole, and judged again when the rules have changed.

A statement that breaks a rule lies in the table `quarantine` with all its columns. A revalidation judges the evidence
again, by today's rules or by a user's contract: a quarantined statement that keeps them now becomes an observation,
an observation that breaks them goes into quarantine, and one that breaks another rule than before says so. Nothing
is deleted: what left a table is `withdrawn` from it, and old versions read as they were.

The commits go contract, observations, quarantine, withdrawn, run. A row is in its new place before it leaves its old
one, and where it stands twice a revalidation only takes it away from the old one; so one that was killed anywhere is
simply repeated. Where another run has ended meanwhile, it judges again what that one left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from payguide.evidence.contract.contract_config import Contract
from payguide.evidence.contract.rules import JUDGED, broken, quarantined, stated
from payguide.evidence.store import duckdb_views
from payguide.evidence.store.run import Run
from payguide.evidence.store.writer import CHUNK, Appended
from payguide.evidence.tables import CONTRACTS, digest, schema

_QUARANTINED: Final = """
SELECT q.*, o.key IS NOT NULL AS counts FROM quarantine q LEFT JOIN observations o ON o.key = q.observation
WHERE $rule IN ('', q.rule) ORDER BY q.key
"""


@dataclass(frozen=True, slots=True)
class Revalidated:
    """What a revalidation changed: quarantined statements `released`, observations newly `quarantined`, quarantined
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


def contract_row(contract: Contract, number: int, *, after: datetime | None) -> pa.Table:
    """The row that puts a contract in force from a run on, and `after` the last one, whatever the clock says."""
    now = datetime.now(UTC)
    since = now if after is None else max(now, after + timedelta(microseconds=1))
    row = {
        "key": digest(contract.sha256, str(number), since.isoformat()),
        "name": contract.name, "sha256": contract.sha256, "text": contract.text,
        "number": number, "since": since,
    }  # fmt: skip
    return pa.Table.from_pylist([row], schema=schema(CONTRACTS))


class Revalidation:
    """One pass of a revalidation, as a run. `reader` reads the store as it was at the beginning; the run has a
    connection of its own. `counts` are those of the passes before, which others have overtaken.
    """

    def __init__(
        self, run: Run, reader: duckdb.DuckDBPyConnection, contract: Contract, rule: str, counts: Counter[str]
    ) -> None:
        self._run = run
        self._reader = reader
        self._contract = contract
        self._rule = rule
        self._retrieved = duckdb_views.retrieved(reader)
        self._gone: list[pa.Table] = []
        self._counts = counts

    def run(self, *, last: Mapping[str, int], command: str) -> Revalidated | None:
        """Judge again, as a run; None where another run has ended meanwhile. `last` are the tables' versions after
        the last run: a revalidation that changes nothing is no run.

        Raises:
            CommitConflict: another contract has come into force meanwhile.
        """
        number = self._run.number
        if self._contract.sha256 != self._run.contract.sha256:
            [[after]] = self._reader.sql("SELECT max(since) FROM contracts").fetchall()
            self._run.tables["contracts"].append(contract_row(self._contract, number, after=after))
        for rows in self._chunks(_QUARANTINED, {"rule": self._rule}):
            self._judge_quarantined(rows)
        refused = self._refused_observations()
        for start in range(0, refused.num_rows, CHUNK):
            self._quarantine(refused.slice(start, CHUNK))
        if self._gone:
            self._run.withdraw(pa.concat_tables(self._gone))
        added = Appended(
            observations_new=self._counts["released"],
            observations_withdrawn=self._counts["withdrawn"],
            rejections_new=self._counts["quarantined"],
        )
        changed = any(version != last.get(name, 0) for name, version in self._run.versions.items())
        changed = changed or command in self._run.tables["runs"].owed
        if changed and not self._run.end(command, added.as_data()):
            return None
        return Revalidated(
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

    def _judge_quarantined(self, rows: pa.Table) -> None:
        """Judge quarantined rows: release those that pass, note another rule where one is broken now."""
        rules = self._broken(rows)
        passes = rules == ""
        new = pa.array(passes & ~rows["counts"].to_numpy())
        self._append("released", "observations", stated(rows.filter(new)))
        self._gone.append(rows.filter(pa.array(passes)).select(["key", "revision"]))
        changed = np.flatnonzero(~passes & (rules != rows["rule"].to_numpy()))
        again = stated(rows.take(changed))
        self._append("another_rule", "quarantine", quarantined(again, rules[changed]))

    def _refused_observations(self) -> pa.Table:
        """Keys, revisions and rules of the observations that break the contract."""
        columns = ", ".join(("key", "revision", *JUDGED))
        result = [pa.table({"key": [], "revision": [], "rule": []}, schema=_REFUSALS)]
        for rows in self._chunks(f"SELECT {columns} FROM observations"):  # noqa: S608
            rules = self._broken(rows)
            at = np.flatnonzero(rules == self._rule if self._rule else rules != "")
            if len(at):
                these = rows.select(["key", "revision"]).take(at)
                result.append(these.append_column("rule", pa.array(rules[at], pa.string())).cast(_REFUSALS))
        return pa.concat_tables(result).sort_by("key")

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
        [pending] = writes = self._run.judged({name: rows})
        self._run.write(writes)
        self._counts[what] += pending.fresh.num_rows


_REFUSALS: Final = pa.schema([("key", pa.string()), ("revision", pa.int32()), ("rule", pa.string())])
