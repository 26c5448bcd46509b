"""What is erased is gone from every version, file and log entry of the evidence, and all else is as it was."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from planted import Own, leaked, own_file, public_boards, random_release, words_of

from payguide.base.errors import InputError
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store
from payguide.evidence.store.location import Location
from payguide.evidence.store.log import ERASING
from payguide.serve.cli.main import run


def collect(evidence: Path, *arguments: str) -> None:
    assert run(["collect", *arguments, "--evidence", str(evidence)]) in (0, 3)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Own]]:
    """Evidence of five runs: boards, a payroll and a survey, the payroll again with other pay, joined and vacuumed."""
    folder = tmp_path_factory.mktemp("erase")
    dice = random.Random(7)
    owned = [own_file(folder / "own", kind, dice, employers=4, lines=30) for kind in ("payroll", "survey")]
    evidence = folder / "evidence"
    collect(evidence, public_boards(folder / "boards", 3))
    for own in owned:
        collect(evidence, *own.arguments)
    store = Store.open(evidence)
    store.pin("ml-engineer-2026-11-01 for its owner, in /reports/mine")
    store.compact()
    table = Path(owned[0].spec.partition(":")[2])
    table.write_text(table.read_text(encoding="utf-8").replace("2026-01", "2026-02").replace(".37", ".41"))
    collect(evidence, *owned[0].arguments)
    store = Store.open(evidence)
    store.compact()
    store.vacuum()
    return evidence, owned


@pytest.fixture
def evidence(made: tuple[Path, list[Own]], tmp_path: Path) -> Path:
    """A copy of it that the test may change, with what a killed run and an older back-test left."""
    copy = tmp_path / "evidence"
    subprocess.run(["cp", "-r", made[0], copy], check=True)
    (copy / "observations" / "part-left.parquet").write_bytes(b"PAR1 half a file")
    (copy / "backtest.json").write_text(
        json.dumps({"evidence_version": "x", "slices": made[1][0].planted[0]})
    )
    return copy


def said(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder with all that it says, and its name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), f"{path.name}\n{words_of(path)}"


def rest(evidence: Location, number: int | None, erased: str) -> list[object]:
    """What one version of the evidence says of all other sources, in every revision."""
    queries = [
        f"SELECT * FROM {name} WHERE source <> $erased ORDER BY ALL"
        for name in ("observations_ever", "quarantine_ever", "postings_ever", "documents")
    ]
    with Store.open(evidence, number=number).connected() as connection:
        tables = [connection.execute(query, {"erased": erased}).fetchall() for query in queries]
        return [*tables, connection.execute("SELECT edition, number FROM editions").fetchall()]


def erase(evidence: Path, what: str, *options: str) -> int:
    return run(["evidence", "erase", what, "--evidence", str(evidence), *options])


def test_a_source_is_gone_from_every_file_and_version(
    made: tuple[Path, list[Own]], evidence: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    payroll, survey = made[1]
    number = Store.open(evidence).number
    before = [rest(evidence, each, payroll.source) for each in (3, number)]
    assert leaked(payroll.planted[:1], said(evidence))

    assert erase(evidence, payroll.source, "--yes", "--json") == 0

    printed = capfd.readouterr()
    told = json.loads(printed.out)
    amounts = [amount for was in payroll.planted[1:] for amount in (was, was.replace(".37", ".41"))]
    assert not leaked([payroll.planted[0], *amounts], said(evidence))
    assert [rest(evidence, each, payroll.source) for each in (3, number)] == before
    assert leaked(survey.planted[:1], said(evidence))
    assert told["rows"].keys() >= {"observations", "quarantine", "rejections", "documents"}
    assert told["searched"]["values"] > 60
    assert told["searched"]["files"] > 20
    assert told["searched"]["found"] == []
    assert "0 found" in printed.err
    assert "in /reports/mine" in printed.err
    assert "delete them by hand" in printed.err
    # what is left is evidence like any other: it is collected into, joined and vacuumed
    collect(evidence, *payroll.arguments)
    store = Store.open(evidence)
    store.compact()
    store.vacuum()
    assert Store.open(evidence).counts_by_source()[payroll.source]["observations"]


def test_one_record_is_gone_with_all_that_it_states(made: tuple[Path, list[Own]], evidence: Path) -> None:
    payroll = made[1][0]
    [row, *others] = Store.open(evidence).rows(
        "SELECT * FROM observations WHERE source = $source AND component = 'base' ORDER BY key",
        {"source": payroll.source},
    )
    before = rest(evidence, None, payroll.source)

    assert erase(evidence, row["key"], "--yes") == 0

    assert not leaked([row["title"], row["record"], f"{row['low']:.2f}", row["key"]], said(evidence))
    left = Store.open(evidence).rows(
        "SELECT * FROM observations WHERE source = $source AND component = 'base' ORDER BY key",
        {"source": payroll.source},
    )
    assert left == others
    assert rest(evidence, None, payroll.source) == before


def test_what_is_public_or_not_there_is_refused(evidence: Path) -> None:
    before = dict(said(evidence))
    store = Store.open(evidence)
    key = store.rows("SELECT key FROM observations WHERE source = 'ashby' LIMIT 1")[0]["key"]
    for what, told in (
        ("ashby", "public source"),
        (key, "public source"),
        ("nobody", "no source"),
        ("", "no source"),
    ):
        with pytest.raises(InputError, match=told):
            store.erase(what)
    assert dict(said(evidence)) == before


@pytest.mark.few(2)
@pytest.mark.parametrize("options", [(), ("--dry-run", "--yes"), ("--dry-run",)])
def test_nothing_is_erased_unless_it_is_said_twice(
    made: tuple[Path, list[Own]], evidence: Path, options: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    before = dict(said(evidence))
    assert erase(evidence, made[1][0].source, *options) == (0 if options else 2)
    assert dict(said(evidence)) == before
    assert "observations" in capfd.readouterr().out


#: Erases, and is killed at the n-th file that it writes or deletes.
KILLED = """
import os, signal, sys
from pathlib import Path
from payguide.evidence.store import erase, s3
from payguide.serve.cli.main import run
left = [int(sys.argv[1])]
def counted(of):
    def counting(*arguments, **named):
        left[0] -= 1
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return of(*arguments, **named)
    return counting
s3.write = counted(s3.write)
erase.search = counted(erase.search)
Path.replace = counted(Path.replace)
sys.exit(run(["evidence", "erase", sys.argv[2], "--evidence", sys.argv[3], "--yes"]))
"""


@pytest.mark.few(1)
@pytest.mark.parametrize("moment", [*range(2, 80, 3)])
def test_an_erasing_that_was_killed_is_repeated(
    made: tuple[Path, list[Own]], evidence: Path, moment: int
) -> None:
    payroll = made[1][0]
    numbers = (3, Store.open(evidence).number)
    before = [rest(evidence, number, payroll.source) for number in numbers]
    ran = subprocess.run(
        [sys.executable, "-c", KILLED, str(moment), payroll.source, evidence],
        check=False,
        capture_output=True,
    )
    assert ran.returncode in (-signal.SIGKILL, 0), ran.stderr
    # whatever was done until then, the other evidence reads as it did, in every version
    assert [rest(evidence, number, payroll.source) for number in numbers] == before

    if ran.returncode:
        assert erase(evidence, payroll.source, "--yes") == 0
    assert not (evidence / ERASING).exists()
    assert not leaked([payroll.planted[0]], said(evidence))
    assert [rest(evidence, number, payroll.source) for number in numbers] == before


def test_what_lies_in_a_storage_is_erased_too(s3: str) -> None:
    """Its tables are read through Arrow, and written whole; what is confidential there is left out as in a folder."""
    store = Store.open(s3, create=True)
    dice = random.Random(5)
    for number in (1, 2):
        release = random_release(dice, number)
        store.append([*release.public, *release.own], command="test")
        with Snapshot.of(Store.open(s3)) as taken:
            assert set(taken.aggregates().sources) == {"board", "answers"}
            secret = [*taken.left_out]
    before = [rest(store.path, number, secret[0]) for number in (1, 2)]
    done = Store.open(s3).erase(secret[0])

    assert done.rows["observations"]
    assert (done.searched.found, done.searched.values > 5) == ((), True)
    assert secret[0] not in Store.open(s3).counts_by_source()
    assert [rest(store.path, number, secret[0]) for number in (1, 2)] == before
