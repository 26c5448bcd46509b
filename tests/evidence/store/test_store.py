"""The store: nothing lost, nothing doubled, and a clear word when a file is broken."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import drawn_evidence as drawn
import pytest

from payguide.base.codes import Confidentiality, Period
from payguide.base.errors import InputError, StoreError
from payguide.base.inputs import PayBand, Place, Reading, Rejection
from payguide.evidence.store import Store, delta
from payguide.evidence.store.run import Run
from payguide.evidence.store.writer import Writer
from payguide.evidence.tables import TABLES, observation_of

THREE = """
record | employer | level  | metro | pay           | remote | skills      | degree       | stages
a      | acme     | senior | 41860 | 150000-200000 | remote | pytorch sql | required:phd | training serving
b      | nobody   | -      | -     | 90000-120000  | -      | -           | -            | -
c      | globex   | mid    | 35620 | 1-2           | -      | -           | -            | -
"""


def test_what_keeps_the_contract_lands_and_the_rest_is_refused_by_name(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "evidence", create=True)
    added = drawn.append(store, drawn.observations(THREE), source=drawn.document())
    # b names no employer, c is one to two dollars a year
    assert (added.observations_new, added.rejections_new, added.documents_new) == (1, 2, 1)
    assert dict(added.by_rule) == {"annual_pay_is_plausible": 1, "employer_is_named": 1}
    assert store.rejections_by_rule() == dict(added.by_rule)
    assert store.counts_by_source() == {
        "board": {
            "documents": 1, "postings": 0, "observations": 1, "records": 1, "one_ended": 0, "rejections": 2,
        }
    }  # fmt: skip


def test_appending_the_same_twice_adds_nothing(tmp_path: Path) -> None:
    parts = drawn.observations(THREE), drawn.postings("record\na\nb")
    store = drawn.store_at(tmp_path, *parts, source=drawn.document())
    version, fingerprint = store.version, store.fingerprint
    again = drawn.append(store, *parts, source=drawn.document())
    assert again.as_data() == {
        "observations_new": 0,
        "observations_known": 1,
        "observations_withdrawn": 0,
        "postings_new": 0,
        "rejections_new": 0,
        "documents_new": 0,
        "unreadable": 0,
        "faulty": 1,
        "by_rule": {},
    }
    assert (store.version, store.fingerprint) == (version, fingerprint)
    assert version == (
        "observations-1.postings-1.rejections-0.documents-1.withdrawn-0.quarantine-1.contracts-0.openings-0"
    )


def test_one_ended_bands_are_kept_and_counted_and_enter_no_cell(tmp_path: Path) -> None:
    drawing = """
    source | record | kind         | statistic | low    | high   | top_coded
    board  | from   | posted_range | -         | 150000 | -      | -
    board  | upto   | posted_range | -         | -      | 190000 | -
    board  | both   | posted_range | -         | 150000 | 190000 | -
    oews   | floor  | statistic    | p90       | 239200 | -      | yes
    """
    store = drawn.store_at(tmp_path, drawn.observations(drawing))
    found = drawn.aggregates(store)
    assert {name: (card["observations"], card["one_ended"]) for name, card in found.sources.items()} == {
        "board": (3, 2),
        # a top-coded statistic is a floor, not a band
        "oews": (1, 0),
    }
    assert [(cell.key.source, cell.key.population, cell.n) for cell in found.cells if cell.bins.size] == [
        ("board", "all", 1),
        ("board", "all", 1),
    ]


def test_a_statement_repeated_in_one_append_lands_once(tmp_path: Path) -> None:
    [first, *_] = drawn.observations(THREE)
    store = Store.open(tmp_path, create=True)
    added = drawn.append(store, [first, first, first])
    assert (added.observations_new, added.observations_known) == (1, 2)


def test_observations_and_postings_come_back_as_they_went_in(tmp_path: Path) -> None:
    [stated, *_] = drawn.observations(THREE)
    [posting] = drawn.postings(
        "record | level | skills | duties | degree\np1 | staff | jax | mentor | preferred:master"
    )
    posting = replace(
        posting,
        pay=(PayBand(1e5, None, "USD", Period.YEAR, span=(3, 9)), PayBand(None, 2e5, "USD", Period.YEAR)),
        places=(Place("Oslo", "", "NO", ""), Place()),
        warnings=("unsure",),
    )
    store = drawn.store_at(tmp_path, [stated], [posting])
    row = store.observation(stated.key)
    assert row is not None
    assert observation_of(row) == stated
    assert store.observation(stated.key[:8]) == row
    assert store.posting("board", "p1") == posting
    assert store.observation("0000") is None
    assert store.observation("") is None
    assert store.posting("board", "p2") is None


def test_the_card_is_that_of_the_latest_retrieval(tmp_path: Path) -> None:
    store = Store.open(tmp_path, create=True)
    for day, content in (
        (date(2026, 5, 1), b"old"),
        (date(2026, 6, 1), b"new"),
        (date(2026, 4, 1), b"older"),
    ):
        drawn.append(store, [], source=drawn.document(content, retrieved_at=day))
    card = store.card("board")
    assert card == drawn.card(retrieved_at=date(2026, 6, 1))
    assert card is not None
    assert card.confidentiality is Confidentiality.PUBLIC
    assert store.card("unheard of") is None


def test_files_refused_whole_and_rows_at_fault_are_counted_apart(tmp_path: Path) -> None:
    lost = Reading(rejections=(Rejection("truncated_gzip", "cut off", "a.gz"),))
    rows = (
        Rejection("unreadable_file", "not gzip", "b.gz"),
        Rejection("negative_pay", "-1", "b, row 2"),
        Rejection("case_not_certified", "Withdrawn", "b, row 3"),
    )
    store = Store.open(tmp_path, create=True)
    for _ in range(2):
        added = store.append([(None, lost), (drawn.document(), Reading(rejections=rows))], command="test")
        assert (added.unreadable, added.faulty) == (2, 1)
    assert added.rejections_new == 0


def test_the_fingerprint_stands_for_the_evidence_and_not_for_its_commits(tmp_path: Path) -> None:
    many = [drawn.observation({"record": f"r{n}", "pay": f"{100000 + n}"}) for n in range(4)]
    whole = drawn.store_at(tmp_path / "whole", many)
    parts = Store.open(tmp_path / "parts", create=True)
    for one in reversed(many):
        drawn.append(parts, [one])
    assert parts.version != whole.version
    assert parts.fingerprint == whole.fingerprint
    less = drawn.store_at(tmp_path / "less", many[1:])
    assert less.fingerprint != whole.fingerprint


def test_the_same_statements_read_differently_are_other_evidence(tmp_path: Path) -> None:
    line = {"record": "a", "pay": "150000", "level": "senior"}
    one = drawn.store_at(tmp_path / "one", [drawn.observation(line)])
    other = drawn.store_at(tmp_path / "other", [drawn.observation({**line, "level": "staff"})])
    assert one.rows("SELECT key FROM observations") == other.rows("SELECT key FROM observations")
    assert one.fingerprint != other.fingerprint


def test_chunks_hold_a_bounded_number_of_rows_and_lose_none(tmp_path: Path) -> None:
    store = Store.open(tmp_path, create=True)
    many = [drawn.observation({"record": f"r{n}", "pay": f"{100000 + n}"}) for n in range(25)]
    many.append(drawn.observation({"record": "late", "pay": "100000", "date": "2030-01-01", "sha256": "f00"}))
    with store.connect() as connection:
        tables = {name: delta.Table(tmp_path / name) for name in TABLES}
        writer = Writer(Run(tmp_path, tables, connection), chunk=4)
        source = drawn.document()
        object.__setattr__(source, "sha256", "f00")
        writer.add(source, Reading(observations=tuple(many)))
        added = writer.finish("test")
    # 26 statements in chunks of 4 and a rest of 2; the last is judged by its document's day in its own chunk
    assert added.observations_new == 25
    assert dict(added.by_rule) == {"date_is_plausible": 1}
    assert Store.open(tmp_path).version == (
        "observations-7.postings-0.rejections-0.documents-1.withdrawn-0.quarantine-1.contracts-0.openings-0"
    )


KILLED = """
import sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
import drawn_evidence as drawn
from payguide.base.inputs import Reading
from payguide.evidence.store import writer
from payguide.evidence.store import Store

writer.CHUNK_BYTES = 500
def items():
    for n in range(40):
        lines = [{"record": f"{n}-{k}", "pay": f"{100000 + k}", "skills": "sql"} for k in range(20)]
        lines.append({"record": f"{n}-bad", "pay": "1"})
        document = drawn.document(f"document {n}".encode() * 10)
        reading = Reading(tuple(map(drawn.observation, lines)), tuple(map(drawn.posting, lines[:5])))
        yield document, reading
        print(n, flush=True)
Store.open(Path(sys.argv[1]), create=True).append(items(), command="test")
print("done", flush=True)
"""


def _run(folder: Path, kill_after: float | None) -> bool:
    """Append in a process of its own, killed after some seconds (None: never). Whether it came to its end."""
    command = [sys.executable, "-c", KILLED, str(folder), str(Path(__file__).parents[1])]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if kill_after is not None and len(lines) == 1:
                time.sleep(kill_after)
                os.kill(process.pid, signal.SIGKILL)
    return bool(lines) and lines[-1] == "done"


@pytest.mark.slow
def test_a_killed_append_is_simply_repeated(tmp_path: Path) -> None:
    assert _run(tmp_path / "calm", None)
    calm = Store.open(tmp_path / "calm")
    folder = tmp_path / "killed"
    ended = [_run(folder, wait) for wait in (0.0, 0.1)]
    assert not all(ended)
    assert _run(folder, None)
    killed = Store.open(folder)
    assert killed.fingerprint == calm.fingerprint
    assert killed.counts_by_source() == calm.counts_by_source()
    # 40 documents of 20 sound statements, 1 refused and 5 postings each
    assert calm.counts_by_source()["board"] == {
        "documents": 40, "postings": 200, "observations": 800, "records": 800, "one_ended": 0,
        "rejections": 40,
    }  # fmt: skip
    for table in ("observations", "postings", "quarantine", "documents"):
        [row] = killed.rows(f"SELECT count(*) AS n, count(DISTINCT key) AS keys FROM {table}")
        assert row["n"] == row["keys"]


@pytest.mark.slow
def test_two_writers_at_once_take_turns(tmp_path: Path) -> None:
    Store.open(tmp_path, create=True)
    with ThreadPoolExecutor(2) as pool:
        assert all(pool.map(lambda _: _run(tmp_path, None), range(2)))
    [row] = Store.open(tmp_path).rows("SELECT count(*) AS n, count(DISTINCT key) AS keys FROM observations")
    assert (row["n"], row["keys"]) == (800, 800)
    assert Store.open(tmp_path).rows("SELECT count(*) AS n FROM runs") == [{"n": 2}]


def test_half_a_character_does_not_stop_an_append(tmp_path: Path) -> None:
    line = {"record": "a", "title": "ML \ud83d engineer", "skills": "sql \udc00", "pay": "150000"}
    store = drawn.store_at(tmp_path, [drawn.observation(line)], [drawn.posting(line)])
    [row] = store.rows("SELECT title, skills FROM observations")
    assert row == {"title": "ML ? engineer", "skills": ["sql", "?"]}
    assert drawn.append(store, [drawn.observation(line)]).observations_known == 1


def test_no_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no evidence .*payguide collect"):
        Store.open(tmp_path / "nowhere")


def test_a_corrupted_file_is_named(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, drawn.observations(THREE))
    [file] = (tmp_path / "observations").glob("*.parquet")
    file.write_bytes(b"PAR1" + b"\0" * 100 + b"PAR1")
    with pytest.raises(StoreError, match="observations"):
        Store.open(tmp_path).rows("SELECT sum(low) FROM observations")
    file.unlink()
    with pytest.raises(StoreError, match=file.name):
        Store.open(tmp_path).counts_by_source()
    assert store.path == tmp_path


def test_a_torn_log_is_named(tmp_path: Path) -> None:
    drawn.store_at(tmp_path, drawn.observations(THREE))
    for entry in (tmp_path / "observations" / "_delta_log").glob("*.json"):
        entry.write_text('{"add": {')
    with pytest.raises(StoreError, match="observations"):
        Store.open(tmp_path).counts_by_source()


def test_a_folder_that_is_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "evidence").write_text("not a folder")
    with pytest.raises(StoreError, match="evidence"):
        Store.open(tmp_path / "evidence", create=True)


def test_half_written_files_are_not_seen(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, drawn.observations(THREE))
    [file] = (tmp_path / "observations").glob("*.parquet")
    shutil.copy(file, file.with_name("part-left-by-a-killed-run.parquet"))
    assert Store.open(tmp_path).counts_by_source() == store.counts_by_source()
