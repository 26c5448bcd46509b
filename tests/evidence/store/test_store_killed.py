"""A writer killed at a commit leaves a store that reads, and repeating the run adds exactly what is missing.

A process forks a writer for each commit that is tried. The writer kills itself there: just before the commit, or
with half of it on disk (the rows' file, not yet the log entry that lists it). Kills at no chosen moment are in
`test_store`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import drawn_evidence as drawn
import pytest

from payguide.base.inputs import Document, Reading, Rejection
from payguide.evidence.store import Store, delta, writer
from payguide.evidence.tables import TABLES, schema
from slow_cases import some_slow, tried

#: The tables in the order in which a document is committed: five commits each, and the run's own.
ORDER = ("observations", "postings", "rejections", "quarantine", "documents")
#: What one document brings: four statements that keep the contract and one that does not, two postings, a row that
#: could not be read.
EACH = {"observations": 4, "postings": 2, "rejections": 1, "quarantine": 1, "documents": 1}
DOCUMENTS = 2
#: Every commit of the first document, the second's first, and the run's own: half done, some not begun too.
KILLS = ["half-1", "half-2", "half-3", "half-4", "half-5", "half-6", "half-11", "none-4", "none-6"]

#: Where a program of its own finds this module and what it imports.
TESTS = ":".join(map(str, Path(__file__).parents[:3]))

HOST = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = sys.argv[2].split(":")
import test_store_killed as here
from payguide.evidence.store import delta

put, commit = delta.Table.put, delta.Table.commit

def dying(at, half):
    seen = 0
    def die(table, given):
        nonlocal seen
        seen += 1
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return (commit if half else put)(table, given)
    return die

for name in sys.argv[3:]:
    how, at = name.split("-")
    child = os.fork()
    if not child:
        setattr(delta.Table, "commit" if how == "half" else "put", dying(int(at), how == "half"))
        here.run(Path(sys.argv[1]) / name)
        os._exit(0)
    print(name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, flush=True)
"""


def items() -> Iterator[tuple[Document, Reading]]:
    for number in range(DOCUMENTS):
        lines = [{"record": f"{number}-{k}", "pay": str(100_000 + k)} for k in range(4)]
        stated = [*map(drawn.observation, lines), drawn.observation({"record": f"{number}-bad", "pay": "1"})]
        posted = tuple(map(drawn.posting, lines[:2]))
        unread = (Rejection("not_a_number", "?", f"row {number}", "board"),)
        yield drawn.document(f"document {number}".encode()), Reading(tuple(stated), posted, unread)


def run(folder: Path) -> writer.Appended:
    # every document is a chunk of its own
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "CHUNK_BYTES", 1)
        return Store.open(folder, create=True).append(items(), command="test")


def held(folder: Path) -> dict[str, int]:
    """How many rows of each table there are."""
    store = Store.open(folder)
    return {name: store.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in ORDER}


@pytest.fixture(scope="module")
def killed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of stores whose writers were killed, by the names of `KILLS`."""
    folder, names = tmp_path_factory.mktemp("killed"), tried(request, "name")
    command = [sys.executable, "-c", HOST, str(folder), TESTS, *names]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    assert out.splitlines() == [f"{name} True" for name in names]
    return folder


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The fingerprint of the evidence of a run that nobody killed."""
    folder = tmp_path_factory.mktemp("calm")
    run(folder)
    return Store.open(folder).fingerprint


@pytest.mark.parametrize("name", some_slow(KILLS, "half-4", "none-6"))
def test_a_killed_run_is_repeated_without_loss_or_double(killed: Path, calm: str, name: str) -> None:
    folder = killed / name
    listed = {file for table in (*ORDER, "runs") for file in delta.Table(folder / table).files}
    half_done = {str(file) for file in folder.rglob("part-*.parquet")} - listed
    assert len(half_done) == name.startswith("half")

    # whole documents, and of the next one the tables that were committed; the document itself comes last
    done, step = divmod(int(name.partition("-")[2]) - 1, len(ORDER))
    written = {table: EACH[table] * (done + (ORDER.index(table) < step)) for table in ORDER}
    assert held(folder) == written

    added = run(folder).as_data()
    missing = {table: EACH[table] * DOCUMENTS - written[table] for table in ORDER}
    missing["rejections"] += missing.pop("quarantine")
    assert {table: added[f"{table}_new"] for table in missing} == missing
    assert held(folder) == {table: EACH[table] * DOCUMENTS for table in ORDER}
    assert Store.open(folder).fingerprint == calm


@pytest.mark.parametrize("made", some_slow(range(len(TABLES)), 0, 5))
def test_a_store_of_which_only_some_tables_were_made_is_completed(tmp_path: Path, made: int) -> None:
    for name in list(TABLES)[:made]:
        delta.create(tmp_path / name, schema(TABLES[name]))
    assert Store.open(tmp_path, create=True).counts_by_source() == {}
