"""Runs that write at the same time: nothing doubled, nothing lost, as if they had come one after the other."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import combinations, product
from pathlib import Path

import drawn_evidence as drawn
import pyarrow as pa
import pytest
import writers

from payguide.base.errors import StoreError
from payguide.evidence.contract import contract_config
from payguide.evidence.store import Store, delta
from payguide.evidence.store.location import location_of
from payguide.evidence.tables import OBSERVATIONS, TABLES, schema, table_of

#: What was there, and what two runs read of the same records: the same, other pay, another level, nothing any more,
#: a statement that only one reads, one that breaks the contract; `two` and `spread` stand in two documents.
RUNS = {
    "x": [writers.item("x", """
        record | level  | pay
        same   | senior | 150000
        raised | senior | 150000
        gone   | mid    | 120000
        """)],
    "a": [writers.item("a1", """
        record | level  | pay
        same   | senior | 150000
        raised | senior | 160000
        only-a | mid    | 100000
        level  | mid    | 130000
        bad    | mid    | 1-2
        spread | mid    | 101000
        """), writers.item("a2", """
        record | level  | pay
        gone   | mid    | 120000
        two    | mid    | 111000
        later  | staff  | 200000
        worse  | mid    | 140000
        spread | mid    | 102000
        """)],
    "b": [writers.item("b1", """
        record | level  | pay
        same   | senior | 150000
        raised | senior | 170000
        only-b | mid    | 100000
        level  | senior | 130000
        bad    | mid    | 1-2
        two    | mid    | 222000
        """), writers.item("b2", """
        record | level  | pay
        gone   | mid    | -
        two    | mid    | 111000
        later  | senior | 200000
        worse  | mid    | 1-3
        spread | mid    | 102000
        """)],
    "c": [writers.item("c1", """
        record | level  | pay
        raised | staff  | 160000
        only-c | mid    | 100000
        two    | mid    | 222000
        """), writers.item("c2", """
        record | level  | pay
        same   | -      | -
        later  | -      | -
        worse  | mid    | 140000
        """)],
}  # fmt: skip


def schedules(*names: str) -> list[str]:
    """Every order in which two runs of two documents can land and end."""
    [one, other] = names
    return [
        "".join((one if at in places else other) for at in range(6)) for places in combinations(range(6), 3)
    ]


def with_ends(letters: str) -> str:
    """The last letter of each run is its end."""
    return "".join(
        letter.upper() if letter not in letters[at + 1 :] else letter for at, letter in enumerate(letters)
    )


@pytest.fixture(scope="module")
def one_after_the_other(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], writers.Left]:
    """What is left when runs come one after the other, in an order."""
    known: dict[str, writers.Left] = {}

    def ended(order: str) -> writers.Left:
        if order not in known:
            folder = tmp_path_factory.mktemp("serial")
            Store.open(folder, create=True)
            writers.play(folder, RUNS, "xX" + "".join(2 * name + name.upper() for name in order))
            known[order] = writers.left(folder)
        return known[order]

    return ended


#: Tried at once; all others with the slow tests.
QUICK = {("ababab", True)}


@pytest.mark.parametrize(
    ("letters", "overtaken"),
    [
        pytest.param(*one, marks=() if one in QUICK else pytest.mark.slow)
        for one in product(schedules("a", "b"), (False, True))
    ],
)
def test_two_runs_at_once_are_as_two_in_the_order_of_their_ends(
    tmp_path: Path, one_after_the_other: Callable[[str], writers.Left], letters: str, overtaken: bool
) -> None:
    schedule = with_ends(letters)
    Store.open(tmp_path, create=True)
    writers.play(tmp_path, RUNS, "xX" + schedule, overtaken=overtaken)

    order = "".join(letter.lower() for letter in schedule if letter.isupper())
    assert writers.left(tmp_path) == one_after_the_other(order)


@pytest.mark.slow
def test_the_orders_differ(one_after_the_other: Callable[[str], writers.Left]) -> None:
    """Else the tests above could not fail."""
    assert ("gone", "mid", 120_000) in one_after_the_other("ba").current
    assert ("gone", "mid", 120_000) not in one_after_the_other("ab").current
    assert one_after_the_other("ab").fingerprint != one_after_the_other("ba").fingerprint


def test_two_runs_at_once_in_storage(s3: str, one_after_the_other: Callable[[str], writers.Left]) -> None:
    Store.open(s3, create=True)
    writers.play(s3, RUNS, "xX" + with_ends("ababab"))
    assert writers.left(s3) == one_after_the_other("ab")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_three_runs_at_once(
    tmp_path: Path, one_after_the_other: Callable[[str], writers.Left], seed: int
) -> None:
    letters = list("aaabbbccc")
    random.Random(seed).shuffle(letters)
    schedule = with_ends("".join(letters))
    Store.open(tmp_path, create=True)
    writers.play(tmp_path, RUNS, "xX" + schedule)

    order = "".join(letter.lower() for letter in schedule if letter.isupper())
    assert writers.left(tmp_path) == one_after_the_other(order)


IDENTITY_COLUMNS = contract_config.merged("[range]\nwidest_ratio = 1.5\n", "narrow.toml")
WIDE = writers.item("wide", "record | pay\nwide | 100000-200000\nnarrow | 100000-120000")


def held(store: Store) -> tuple[list[str], list[str]]:
    """The records that count, and those in quarantine."""
    counting, refused = (
        "SELECT record FROM observations ORDER BY 1",
        "SELECT record FROM quarantine ORDER BY 1",
    )
    return [row["record"] for row in store.rows(counting)], [row["record"] for row in store.rows(refused)]


@pytest.mark.parametrize("place", ["folder", "s3"], indirect=True)
def test_a_contract_that_comes_into_force_meanwhile_judges_what_has_landed(place: str) -> None:
    store = Store.open(place, create=True)
    with ExitStack() as stack:
        # what is read lands at once
        run = writers.begin(place, stack, chunk=1)
        run.add(*WIDE)
        run.settle()
        assert store.revalidate(IDENTITY_COLUMNS, command="narrow").quarantined == 1
        run.finish("collect")

    assert held(Store.open(place)) == (["narrow"], ["wide"])
    writers.left(place)
    store.revalidate(contract_config.packaged(), command="back")
    assert held(store) == (["narrow", "wide"], [])


class Interrupting:
    """A contract during whose first judgement something else happens."""

    def __init__(self, contract: contract_config.Contract, meanwhile: Callable[[], object]) -> None:
        self.contract, self.meanwhile = contract, [meanwhile]

    def __getattr__(self, name: str) -> object:
        if name == "terms" and self.meanwhile:
            self.meanwhile.pop()()
        return getattr(self.contract, name)

    def __str__(self) -> str:
        return str(self.contract)


def test_a_replay_judges_what_another_run_has_added_meanwhile(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, [drawn.observation({"record": "first", "pay": "100000-300000"})])

    def collect() -> None:
        # by the contract of before, as a run that began earlier does
        writers.play(tmp_path, {"a": [WIDE]}, "aA")

    done = store.revalidate(Interrupting(IDENTITY_COLUMNS, collect), command="narrow")  # type: ignore[arg-type]
    assert (done.quarantined, done.number) == (1, 3)
    assert held(store) == (["narrow"], ["first", "wide"])
    writers.left(tmp_path)


def test_of_two_replays_at_once_the_last_to_end_is_in_force(tmp_path: Path) -> None:
    lines = [{"record": "a", "pay": "100000-140000"}, {"record": "b", "pay": "100000-200000"}]
    store = drawn.store_at(tmp_path, [drawn.observation(line) for line in lines])
    narrower = contract_config.merged("[range]\nwidest_ratio = 1.2\n", "narrower.toml")

    def other() -> None:
        Store.open(tmp_path).revalidate(narrower, command="narrower")

    store.revalidate(Interrupting(IDENTITY_COLUMNS, other), command="narrow")  # type: ignore[arg-type]
    assert str(store.contract()) == str(IDENTITY_COLUMNS)
    assert held(store) == (["a"], ["b"])
    writers.left(tmp_path)


ROW = {"name": "n", "sha256": "s", "text": ""}


def rows(key: str) -> pa.Table:
    return pa.Table.from_pylist([{"key": key, **ROW}], schema=schema(TABLES["contracts"]))


def test_a_commit_is_pinned_to_the_version_that_its_writer_has_seen(place: str) -> None:
    where = location_of(place) / "contracts"
    delta.create(where, schema(TABLES["contracts"]))
    one, other = delta.Table(where), delta.Table(where)
    part = other.put(rows("b"))
    one.append(rows("a"))
    one.append(rows("a2"))
    with pytest.raises(delta.CommitConflict):
        other.commit(part)
    assert other.version == 0
    other.refresh()
    other.commit(part)
    one.refresh()
    assert (one.version, other.version, len(one.files)) == (3, 3, 3)
    delta.create(where, schema(TABLES["contracts"]))
    assert delta.Table(where).version == 3


def test_a_writer_that_is_never_first_gives_up_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, commit, others = Store.open(tmp_path, create=True), delta.Table.commit, iter(range(100))

    def second(table: delta.Table, part: object) -> None:
        other = delta.Table(table.location)
        commit(other, other.put(drawn_row(next(others))))
        commit(table, part)

    monkeypatch.setattr(delta, "RETRIES", 4)
    monkeypatch.setattr(delta.Table, "commit", second)
    with pytest.raises(StoreError, match="committed first 4 times in a row") as raised:
        drawn.append(store, [drawn.observation({"record": "mine", "pay": "150000"})])
    assert "nothing is stored twice" in raised.value.remedy
    monkeypatch.undo()
    drawn.append(store, [drawn.observation({"record": "mine", "pay": "150000"})])
    # the first try and each of four turns were lost to another's row
    assert store.rows("SELECT count(*) AS n FROM observations") == [{"n": 6}]
    writers.left(tmp_path)


def drawn_row(number: int) -> pa.Table:
    return table_of(OBSERVATIONS, [drawn.observation({"record": f"r{number}", "pay": "140000"})])


def test_a_commit_that_landed_though_its_answer_was_lost_lands_once(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, commit, lost = Store.open(place, create=True), delta.Table.commit, [True]

    def unanswered(table: delta.Table, part: object) -> None:
        commit(delta.Table(table.location) if lost else table, part)
        if lost:
            lost.clear()
            raise delta.CommitConflict

    monkeypatch.setattr(delta.Table, "commit", unanswered)
    drawn.append(store, [drawn.observation({"record": "mine", "pay": "150000"})])
    assert store.rows("SELECT count(*) AS n FROM observations") == [{"n": 1}]
    writers.left(place)


def test_in_a_folder_a_vacuum_waits_until_nobody_writes(tmp_path: Path) -> None:
    store = drawn.store_at(tmp_path, [drawn.observation({"record": "a", "pay": "150000"})])
    reading, read = threading.Event(), threading.Event()

    def slowly() -> Iterator[writers.Item]:
        reading.set()
        read.wait(20)
        yield writers.item("slow", "record | pay\nc | 150000")

    slow = Store.open(tmp_path)
    writing = threading.Thread(target=lambda: slow.append(slowly(), command="slow"))
    writing.start()
    assert reading.wait(20)
    done = threading.Thread(target=store.vacuum)
    done.start()
    done.join(0.3)
    assert done.is_alive()
    # others write on
    drawn.append(Store.open(tmp_path), [drawn.observation({"record": "b", "pay": "150000"})])
    read.set()
    for thread in (writing, done):
        thread.join(20)
        assert not thread.is_alive()
    assert Store.open(tmp_path).rows("SELECT count(*) AS n FROM observations") == [{"n": 3}]
