"""Quarantine and replay: a statement that breaks the contract is kept whole and comes back when the rules allow."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import drawn_evidence as drawn
import pyarrow as pa
import pytest

from payguide.base.inputs import Reading, Rejection
from payguide.evidence.contract import contract_config
from payguide.evidence.store.store import Revalidated, Store, delta
from payguide.evidence.tables import LATER, TABLES, observation_of, schema, table_of
from slow_cases import some_slow, tried

LOOSE = contract_config.merged("[range]\nwidest_ratio = 6\n", "loose.toml")
STRICT = contract_config.merged("[range]\nwidest_ratio = 2\n", "strict.toml")

# the ratio of the ends decides: 1.3, 3 and 5; the last is refused by the packaged contract for its size too
#: Where a program of its own finds this module and what it imports.
TESTS = ":".join(map(str, Path(__file__).parents[:3]))

STATED = """
record | employer | level  | pay            | skills
narrow | acme     | senior | 100000-130000  | sql
wide   | acme     | senior | 100000-300000  | sql
wider  | globex   | staff  | 100000-500000  | pytorch sql
huge   | globex   | staff  | 500000-3000000 | -
"""
RULE = "posted_range_is_a_range"
SIZE = "annual_pay_is_plausible"


def store_at(folder: Path) -> Store:
    return drawn.store_at(folder, drawn.observations(STATED), source=drawn.document())


def records(store: Store) -> list[str]:
    return [row["record"] for row in store.rows("SELECT record FROM observations ORDER BY record")]


def held(store: Store) -> dict[str, str]:
    return {row["record"]: row["rule"] for row in store.quarantine()}


def revalidate(store: Store, contract: contract_config.Contract = LOOSE, rule: str = "") -> Revalidated:
    return store.revalidate(contract, rule=rule, command="replay")


def test_what_is_refused_is_kept_whole(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    wider = drawn.observations(STATED)[2]

    assert (records(store), held(store)) == (["narrow", "wide"], {"wider": RULE, "huge": SIZE})
    [row] = store.quarantine(RULE)
    assert observation_of(row) == wider
    assert row["reason"].startswith("A posted range's upper end is at most so many times its lower")
    assert (row["observation"], row["where"]) == (wider.key, "wider: text")
    assert store.rejections_by_rule() == store.quarantined_by_rule() == {RULE: 1, SIZE: 1}
    assert store.counts_by_source()["board"]["rejections"] == 2


def test_a_looser_contract_releases_what_now_keeps_it(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    done = revalidate(store)

    assert (done.released, done.quarantined, done.number, dict(done.held)) == (1, 0, 2, {SIZE: 1})
    assert (records(store), held(store)) == (["narrow", "wide", "wider"], {"huge": SIZE})
    [row] = store.rows("SELECT * FROM observations WHERE record = 'wider'")
    assert observation_of(row) == drawn.observations(STATED)[2]
    assert store.rejections_by_rule() == {SIZE: 1}
    # the same evidence as if the rule had been so when it was collected
    always = Store.open(tmp_path / "always", create=True)
    revalidate(always)
    drawn.append(always, drawn.observations(STATED), source=drawn.document())
    assert (always.fingerprint, held(always)) == (store.fingerprint, held(store))
    assert held(Store.open(tmp_path, number=1)) == {"wider": RULE, "huge": SIZE}


def test_a_revalidation_repeated_changes_nothing(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    revalidate(store)
    version, runs = store.version, len(store.runs())
    again = revalidate(store)

    assert (again.released, again.quarantined, again.number) == (0, 0, None)
    assert (store.version, len(store.runs())) == (version, runs)


def test_a_stricter_contract_puts_observations_into_quarantine_and_back_again(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    before = store.fingerprint
    done = revalidate(store, STRICT)

    assert (done.released, done.quarantined) == (0, 1)
    assert (records(store), held(store)) == (["narrow"], {"wide": RULE, "wider": RULE, "huge": SIZE})
    assert (store.runs()[-1]["observations_withdrawn"], store.runs()[-1]["rejections_new"]) == (1, 1)
    wide = drawn.observations(STATED)[1].key
    assert [row["revision"] for row in store.history(wide)] == [1]
    assert store.quarantined(wide)["rule"] == RULE

    revalidate(store, contract_config.packaged())
    assert (records(store), store.fingerprint) == (["narrow", "wide"], before)
    assert [row["revision"] for row in store.history(wide)] == [1, 2]
    assert revalidate(store, STRICT).quarantined == 1
    assert [records(Store.open(tmp_path, number=n)) for n in (1, 2, 3, 4)] == [
        ["narrow", "wide"], ["narrow"], ["narrow", "wide"], ["narrow"],
    ]  # fmt: skip


def test_a_row_that_breaks_another_rule_now_says_so(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    rich = contract_config.merged(
        '[[bounds]]\ncurrency = "USD"\ncountries = ["US", ""]\nbase = [15_000, 4e6]\n', "rich.toml"
    )
    done = revalidate(store, rich)

    assert (done.released, done.another_rule) == (0, 1)
    assert held(store) == {"wider": RULE, "huge": RULE}
    assert held(Store.open(tmp_path, number=1)) == {"wider": RULE, "huge": SIZE}
    both = contract_config.merged(rich.text + "[range]\nwidest_ratio = 6\n", "both.toml")
    assert revalidate(store, both).released == 2
    assert held(store) == {}


@pytest.mark.parametrize(
    ("rule", "contract", "released", "quarantined"),
    [(RULE, LOOSE, 1, 0), (SIZE, LOOSE, 0, 0), (RULE, STRICT, 0, 1), (SIZE, STRICT, 0, 0)],
)
def test_a_rule_named_is_the_only_one_replayed(
    tmp_path: Path, rule: str, contract: contract_config.Contract, released: int, quarantined: int
) -> None:
    done = revalidate(store_at(tmp_path), contract, rule)
    assert (done.released, done.quarantined) == (released, quarantined)


def test_the_contract_stays_in_force_and_is_on_record(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    revalidate(store)
    added = drawn.append(store, drawn.observations(STATED), source=drawn.document(b"read again"))

    # by the packaged contract `wider` would have gone back
    assert (added.observations_withdrawn, added.observations_known, records(store)) == (
        0,
        3,
        ["narrow", "wide", "wider"],
    )
    assert (store.contract(), Store.open(tmp_path, number=1).contract()) == (
        LOOSE,
        contract_config.packaged(),
    )
    revalidate(store, contract_config.packaged())
    found = store.rows("SELECT number, name, sha256, text FROM contracts ORDER BY number")
    assert [(row["number"], row["name"], row["sha256"], row["text"]) for row in found] == [
        (2, "loose.toml", LOOSE.sha256, LOOSE.text), (4, "", "", ""),
    ]  # fmt: skip
    assert held(store) == {"wider": RULE, "huge": SIZE}


def test_what_its_record_no_longer_states_leaves_quarantine(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    mended = replace(drawn.observations(STATED)[2], high=150_000.0)
    added = drawn.append(store, [mended])

    assert (added.observations_new, added.observations_withdrawn) == (1, 0)
    assert held(store) == {"huge": SIZE}
    assert revalidate(store).released == 0


def test_a_statement_read_again_is_quarantined_once(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    first = drawn.observations(STATED)[2]
    later = replace(first, date=drawn.DAY.replace(month=8), sha256="other")
    assert drawn.append(store, [later]).rejections_new == 0
    better = replace(first, profile=replace(first.profile, skills=("jax",)))
    assert drawn.append(store, [better]).rejections_new == 1

    assert [row["skills"] for row in store.quarantine(RULE)] == [["jax"]]
    revalidate(store)
    assert store.history(first.key)[-1]["skills"] == ["jax"]


def test_rejections_that_are_no_statements_stay_as_they_are(tmp_path: Path) -> None:
    store = store_at(tmp_path)
    unread = Reading(rejections=(Rejection("not_json", "cut off", "a.json", "board"),))
    store.append([(None, unread)], command="test")
    revalidate(store)

    assert store.rejections_by_rule() == {SIZE: 1, "not_json": 1}
    assert store.quarantined_by_rule() == {SIZE: 1}


def old_store(folder: Path) -> Store:
    """A store as payguide left it before there was a quarantine: of what was refused only the rule is known."""
    store = store_at(folder)
    refused = [
        Rejection(row["rule"], row["found"], row["where"], row["source"], row["sha256"])
        for row in store.quarantine()
    ]
    delta.Table(folder / "rejections").append(table_of(TABLES["rejections"], refused))
    for name in LATER:
        shutil.rmtree(folder / name)
    runs = store.runs()
    shutil.rmtree(folder / "runs")
    delta.create(folder / "runs", schema(TABLES["runs"]))
    versions = "observations-1.postings-0.rejections-1.documents-1.withdrawn-0"
    rows = pa.Table.from_pylist(
        [{**run, "versions": versions} for run in runs], schema=schema(TABLES["runs"])
    )
    delta.Table(folder / "runs").append(rows)
    return Store.open(folder)


def test_a_store_of_before_there_was_a_quarantine_works(tmp_path: Path) -> None:
    store = old_store(tmp_path)

    assert (held(store), store.rejections_by_rule()) == ({}, {RULE: 1, SIZE: 1})
    assert store.version.endswith("quarantine-0.contracts-0.openings-0")
    assert revalidate(store, contract_config.packaged()).number is None
    # collecting the same again brings the rows, and each counts once
    assert drawn.append(store, drawn.observations(STATED), source=drawn.document()).rejections_new == 2
    assert store.rejections_by_rule() == {RULE: 1, SIZE: 1}
    revalidate(store)
    assert store.rejections_by_rule() == {SIZE: 1}
    assert (held(Store.open(tmp_path, number=1)), records(Store.open(tmp_path, number=1))) == (
        {},
        ["narrow", "wide"],
    )


@pytest.mark.few(1)
@pytest.mark.parametrize("care", [Store.compact, Store.vacuum])
def test_upkeep_knows_the_quarantine(tmp_path: Path, care: Callable[[Store], dict[str, int]]) -> None:
    store = old_store(tmp_path)
    assert care(store)["quarantine"] == 0
    drawn.append(store, drawn.observations(STATED), source=drawn.document())
    revalidate(store)
    before = held(store), store.fingerprint
    care(store)
    assert (held(Store.open(tmp_path)), Store.open(tmp_path).fingerprint) == before


#: A replay that makes every kind of commit: contract, release, another rule, quarantine, withdrawals, the run.
MIXED = """
[range]
widest_ratio = 6
[dates]
first = 2026-01-01
"""
COMMITS = ("contracts", "observations", "quarantine", "quarantine", "withdrawn", "runs")

HOST = """
import os, signal, sys
from pathlib import Path
sys.path[:0] = sys.argv[2].split(":")
import test_quarantine as here
from payguide.evidence.store import delta

commit = delta.Table.commit

def dying(at):
    seen = []
    def die(table, part):
        seen.append(table.location.name)
        if len(seen) > at:
            assert seen == list(here.COMMITS[:at + 1]), seen
            os.kill(os.getpid(), signal.SIGKILL)
        commit(table, part)
    return die

for at in map(int, sys.argv[3:]):
    child = os.fork()
    if not child:
        delta.Table.commit = dying(at)
        here.mixed(here.Store.open(Path(sys.argv[1]) / str(at)))
        os._exit(0)
    print(at, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL, flush=True)
"""


def mixed_store(folder: Path) -> Store:
    """`wider` will be released, `huge` and `late` will break another rule, `past` will go into quarantine."""
    lines = [
        {"record": "wider", "pay": "100000-500000"},
        {"record": "late", "pay": "100000-500000", "date": "2025-01-01"},
        {"record": "past", "pay": "100000-150000", "date": "2025-01-01"},
        {"record": "kept", "pay": "100000-150000"},
        {"record": "huge", "pay": "500000-3500000"},
    ]
    return drawn.store_at(folder, [drawn.observation(line) for line in lines])


def mixed(store: Store) -> Revalidated:
    rich = MIXED + '[[bounds]]\ncurrency = "USD"\ncountries = ["US", ""]\nbase = [15_000, 4e6]\n'
    return revalidate(store, contract_config.merged(rich, "mixed.toml"))


def state(store: Store) -> tuple[object, ...]:
    return records(store), held(store), store.rejections_by_rule(), store.fingerprint


@pytest.fixture(scope="module")
def killed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Stores whose revalidation was killed just before its nth commit."""
    folder, moments = tmp_path_factory.mktemp("killed"), tried(request, "at")
    for at in moments:
        mixed_store(folder / str(at))
    command = [sys.executable, "-c", HOST, str(folder), TESTS, *map(str, moments)]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    assert out.splitlines() == [f"{at} True" for at in moments]
    return folder


@pytest.mark.parametrize("at", some_slow(range(len(COMMITS)), 3), ids=lambda at: f"before-{at}-{COMMITS[at]}")
def test_a_revalidation_that_was_killed_is_simply_repeated(killed: Path, tmp_path: Path, at: int) -> None:
    calm = mixed_store(tmp_path)
    assert mixed(calm).number == 2
    store = Store.open(killed / str(at))
    assert mixed(store).number == 2

    assert state(store) == state(calm)
    assert held(store) == {"late": "date_is_plausible", "past": "date_is_plausible", "huge": RULE}
    assert records(store) == ["kept", "wider"]
    for name in ("observations_ever", "quarantine_ever"):
        assert store.rows(f"SELECT count(*) AS n FROM {name}") == calm.rows(
            f"SELECT count(*) AS n FROM {name}"
        )
    assert len(store.runs()) == 2
    assert mixed(store).number is None


@pytest.mark.parametrize("at", some_slow(range(len(COMMITS)), 3))
def test_after_a_killed_replay_another_contract_loses_nothing_either(
    killed: Path, tmp_path: Path, at: int
) -> None:
    folder = tmp_path / "store"
    shutil.copytree(killed / str(at), folder)
    store = Store.open(folder)
    revalidate(store, contract_config.packaged())

    assert records(store) == ["kept", "past"]
    assert held(store) == {"late": RULE, "huge": SIZE, "wider": RULE}
