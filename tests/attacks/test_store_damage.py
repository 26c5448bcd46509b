"""A failing disk: whatever single thing happens to a file of a store is found, or changes nothing that is read."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from payguide.base.codes import Component, EvidenceKind, Period, Role
from payguide.base.errors import PayguideError, StoreError
from payguide.base.inputs import (
    Document,
    Employer,
    Observation,
    Posting,
    Profile,
    Reading,
    Rejection,
    SourceCard,
)
from payguide.evidence.contract import contract_config
from payguide.evidence.store import Store, delta
from payguide.evidence.store.backtest_store import save_backtest, saved_backtest
from payguide.evidence.store.check import check_all
from payguide.evidence.tables import TABLES, schema
from payguide.serve.cli.main import run as payguide

DAY = datetime(2026, 6, 1, tzinfo=UTC).date()
CARD = SourceCard("board", "A board", "drawn", "none", EvidenceKind.POSTED_RANGE, DAY)
PROFILE = Profile(Role.ML_ENGINEER, employer=Employer("acme", "Acme"))


def item(name: str, *pays: float) -> tuple[Document, Reading]:
    """A document with a statement and a posting for each amount, and a rejection."""
    stated = tuple(
        Observation("board", EvidenceKind.POSTED_RANGE, f"{name}{number}", PROFILE, Component.BASE, pay, pay,
                    "USD", Period.YEAR, DAY)
        for number, pay in enumerate(pays)
    )  # fmt: skip
    postings = tuple(Posting(one.record, PROFILE, source="board", date=DAY) for one in stated)
    refused = (Rejection("no_amount", "no pay is given", f"{name}, row 9", "board"),)
    return Document(name.encode(), "text/plain", CARD, name), Reading(stated, postings, refused)


def collecting(*items: tuple[Document, Reading]) -> Callable[[Store, str], object]:
    return lambda store, command: store.append(items, command=command)


def judging(text: str) -> Callable[[Store, str], object]:
    contract = contract_config.merged(text, "mine")
    return lambda store, command: store.revalidate(contract, command=command)


#: What was done to a store, command by command: 1 breaks the contract, and the last says another thing than the first,
#: so that a statement is withdrawn.
DONE: Mapping[str, Callable[[Store, str], object]] = {
    "collect one": collecting(item("one", 150_000, 160_000, 1)),
    "collect two": collecting(item("two", *range(100_000, 140_000, 1_000))),
    "evidence revalidate": judging("[range]\nwidest_ratio = 2.5\n"),
    "collect one again": collecting(item("one", 155_000)),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with rows in every table, a pin and a back-test."""
    folder = tmp_path_factory.mktemp("store") / "evidence"
    store = Store.open(folder, create=True)
    for command, do in DONE.items():
        do(store, command)
    store.pin("ml-engineer-2026")
    save_backtest(store, {"loss": 0.25})
    return folder


@pytest.fixture
def hurt(whole: Path, tmp_path: Path) -> Path:
    """A copy to be hurt."""
    return shutil.copytree(whole, tmp_path / "evidence")


def content(folder: Path) -> dict[str, object]:
    """All that is read of a store: every table's rows as its last run left them, the runs, and the back-test."""
    settled = Store.open(folder).settled()
    with settled.connected() as connection:
        rows = {name: sorted(map(repr, connection.table(name).fetchall())) for name in TABLES}
    return {**rows, "backtest": saved_backtest(settled), "version": settled.version}


def evidence(folder: Path) -> dict[str, object]:
    """The current rows, whenever and in how many runs they came."""
    store = Store.open(folder)
    columns = {
        "observations": "key, low",
        "postings": "key",
        "rejections": "key",
        "documents": "key",
        "quarantine": "key",
    }
    rows = {name: store.rows(f"SELECT {some} FROM {name} ORDER BY key") for name, some in columns.items()}
    return {**rows, "contract": str(store.contract())}


def newest(folder: Path, table: str, pattern: str) -> Path:
    return max((folder / table).rglob(pattern), key=lambda path: (path.stat().st_mtime_ns, path.name))


def flip(path: Path, drawn: random.Random) -> None:
    """Change one bit."""
    data = bytearray(path.read_bytes())
    data[drawn.randrange(len(data))] ^= 1 << drawn.randrange(8)
    path.write_bytes(data)


#: The kinds of files of a store, and where they lie.
KINDS = {
    "rows": "*/*.parquet",
    "log": "*/_delta_log/*.json",
    "pins": "editions/**/*.*",
    "runs": "runs/**/*.*",
    "backtest": "backtest.json",
    "lock": ".lock",
    "head": "last_run",
}


def flipped(whole: Path, hurt: Path, kind: str, times: int) -> None:
    drawn, before = random.Random(kind), content(whole)
    files = sorted(path for path in hurt.glob(KINDS[kind]) if path.stat().st_size)
    assert files or kind == "lock"
    for _ in range(times if files else 0):
        path = drawn.choice(files)
        good = path.read_bytes()
        flip(path, drawn)
        try:
            found = content(hurt)
        except PayguideError:
            found = before
        assert found == before, path.relative_to(hurt)
        path.write_bytes(good)


@pytest.mark.few(2)
@pytest.mark.parametrize("kind", KINDS)
def test_flipped_bits_of_each_kind_are_found_or_change_nothing(whole: Path, hurt: Path, kind: str) -> None:
    flipped(whole, hurt, kind, 4)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_flipped_bits_of_each_kind_are(whole: Path, hurt: Path, kind: str) -> None:
    flipped(whole, hurt, kind, 100)


def test_every_flipped_bit_of_the_rows_is_found(whole: Path, hurt: Path) -> None:
    """The bytes of a table's files are those that were written, or nothing is read of them."""
    drawn = random.Random(12)
    for path in sorted(hurt.glob("observations/*.parquet")):
        good = path.read_bytes()
        flip(path, drawn)
        with pytest.raises(StoreError, match=path.name):
            Store.open(hurt).rows("SELECT 1")
        path.write_bytes(good)


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table whose log has two checkpoints."""
    folder = tmp_path_factory.mktemp("long") / "withdrawn"
    delta.create(folder, schema(TABLES["withdrawn"]))
    table = delta.Table(folder)
    for number in range(205):
        table.append(withdrawal(number))
    return folder


def withdrawal(number: int) -> object:
    import pyarrow as pa

    row = {"key": str(number), "row": "r", "revision": 1, "run": number}
    return pa.Table.from_pylist([row], schema=schema(TABLES["withdrawn"]))


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["*.checkpoint.parquet", "_last_checkpoint", "*.json"])
def test_a_hundred_flipped_bits_behind_checkpoints_are_found_or_change_nothing(
    long_log: Path, tmp_path: Path, pattern: str
) -> None:
    folder, drawn = shutil.copytree(long_log, tmp_path / "withdrawn"), random.Random(pattern)
    before = delta.Table(long_log).state
    for _ in range(100):
        path = drawn.choice(sorted((folder / "_delta_log").glob(pattern)))
        good = path.read_bytes()
        flip(path, drawn)
        try:
            found = delta.Table(folder).state
        except StoreError:
            found = before
        assert found == before, path
        path.write_bytes(good)


def deleted(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


HARMS = (deleted, emptied, cut, zeroed)
TABLES_WITH_ROWS = [name for name in TABLES if name != "editions"]


def again(folder: Path) -> None:
    """Do again what was done, as the errors say."""
    for command, do in DONE.items():
        try:
            do(Store.open(folder, create=True), command)
        except StoreError:
            assert command != list(DONE)[-1]


@pytest.mark.few(1)
@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("pattern", ["*.json", "*.parquet"])
@pytest.mark.parametrize("table", TABLES_WITH_ROWS)
def test_what_is_lost_is_named_and_collecting_again_restores_it(
    whole: Path, hurt: Path, table: str, pattern: str, harm: Callable[[Path], None]
) -> None:
    harm(newest(hurt, table, pattern))
    with pytest.raises(StoreError, match=r"collect|repeat these"):
        content(hurt)
    again(hurt)
    assert evidence(hurt) == evidence(whole)
    assert check_all(hurt)["unsealed"] == 0


def test_a_run_that_is_lost_is_missed(whole: Path, hurt: Path) -> None:
    """The log of runs ends before the last run, and every table is newer than what is then the last."""
    deleted(newest(hurt, "runs", "*.json"))
    with pytest.raises(StoreError, match="run 4 is lost: the log of runs ends with run 3"):
        content(hurt)
    Store.open(hurt).append([], command="collect nothing")
    assert evidence(hurt) == evidence(whole)
    assert [run["command"] for run in Store.open(hurt).runs()] == [*list(DONE)[:3], "collect nothing"]


def test_what_is_lost_stays_owed_until_its_command_is_repeated(whole: Path, hurt: Path) -> None:
    [file, *_] = sorted((hurt / "observations").glob("*.parquet"), key=lambda path: path.stat().st_size)[-1:]
    zeroed(file)
    with pytest.raises(StoreError, match="not those that were written"):
        content(hurt)
    store = Store.open(hurt)
    # another collection lands, and mends nothing
    with pytest.raises(StoreError, match=r"repeat these.*payguide collect two"):
        store.append([item("three", 170_000)], command="collect three")
    with pytest.raises(StoreError, match="payguide collect two"):
        content(hurt)
    # nor does one that could not read all of its sources, or a revalidation
    with pytest.raises(StoreError, match="payguide collect two"):
        store.append([], command="collect two", complete=lambda: False)
    DONE["collect two"](store, "collect two")
    rows = Store.open(hurt).rows("SELECT record FROM observations ORDER BY record")
    assert {"record": "three0"} in rows
    assert len(rows) == len(Store.open(whole).rows("SELECT 1 FROM observations")) + 1
    # what was set aside is there to be looked at, and an old version says that it is not whole
    assert (hurt / "observations" / "_damaged" / file.name).exists()


@pytest.mark.few(1)
@pytest.mark.parametrize("after", ["compact", "vacuum", "both"])
def test_upkeep_keeps_it_true(whole: Path, hurt: Path, after: str) -> None:
    before, store = content(whole), Store.open(hurt)
    if after != "vacuum":
        assert store.compact()["observations"] > 0
    if after != "compact":
        store.vacuum()
    versions = {"version": None, "backtest": None}
    assert content(hurt) | versions == before | versions
    assert check_all(hurt)["unsealed"] == 0
    flip(newest(hurt, "observations", "*.parquet"), random.Random(3))
    with pytest.raises(StoreError, match="not those that were written"):
        content(hurt)


def unseal(folder: Path) -> None:
    """Make a store what an older payguide left: no seals, and names that say nothing."""
    (folder / "last_run").unlink()
    for log in folder.glob("*/_delta_log/*.json"):
        log.write_text(
            re.sub(
                r"part-([0-9a-f]{8})[0-9a-f]{56}", r"part-\1", log.read_text().replace("payguide_seal", "x")
            )
        )
    for file in folder.glob("*/*.parquet"):
        file.rename(file.with_name(f"{file.name[:13]}.parquet"))


def test_a_store_without_checksums_reads_and_gets_them(whole: Path, hurt: Path) -> None:
    unseal(hurt)
    assert evidence(hurt) == evidence(whole)
    assert check_all(hurt)["unsealed"] == check_all(hurt)["files"]
    Store.open(hurt).compact()
    assert evidence(hurt) == evidence(whole)
    assert check_all(hurt)["unsealed"] == 0
    Store.open(hurt).vacuum()
    flip(newest(hurt, "observations", "*.parquet"), random.Random(4))
    with pytest.raises(StoreError, match="not those that were written"):
        content(hurt)


OLD_VERSIONS = {
    "an entry in the middle": lambda folder: sorted(folder.glob("observations/_delta_log/*.json"))[1],
    "a file that only an old version lists": lambda folder: sorted(
        (folder / "observations").glob("*.parquet"), key=lambda path: path.stat().st_mtime_ns
    )[0],
}


@pytest.mark.few(1)
@pytest.mark.parametrize("what", OLD_VERSIONS)
def test_doctor_finds_what_a_build_need_not_read(hurt: Path, what: str) -> None:
    Store.open(hurt).compact()
    flip(OLD_VERSIONS[what](hurt), random.Random(5))
    with pytest.raises(StoreError):
        check_all(hurt)


@pytest.mark.slow
def test_doctor_says_that_all_is_what_was_written(hurt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in (0, 1):
        payguide(["doctor", "--evidence", str(hurt), "--json"])
        [row] = [
            row for row in json.loads(capsys.readouterr().out) if row["check"] == "is it what was written?"
        ]
        assert row["ok"] is not bool(wrong)
        emptied(newest(hurt, "postings", "*.parquet"))


def test_damage_in_a_storage_is_found_and_mended(s3: str) -> None:
    from payguide.evidence.store import s3 as storage

    store = Store.open(s3, create=True)
    for command, do in DONE.items():
        do(store, command)
    before = store.fingerprint
    files, path = storage.opened(store.path / "observations")
    file = store.files("observations")[0].rpartition("/")[2]
    with files.open_output_stream(f"{path}/{file}") as out:
        out.write(b"PAR1 and more")
    with pytest.raises(StoreError, match="not those that were written"):
        Store.open(s3).rows("SELECT 1")
    for command, do in DONE.items():
        with suppress(StoreError):
            do(Store.open(s3), command)
    assert Store.open(s3).fingerprint == before
    assert check_all(store.path)["unsealed"] == 0
