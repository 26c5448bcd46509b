"""Documents read on a real Spark land as if read here: every row, count, message and exit code."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import drawn_evidence as drawn
import pytest

from payguide.base.errors import PayguideError
from payguide.base.inputs import Document, Reading
from payguide.evidence.spark_backend import SparkBackend
from payguide.evidence.store import Store
from payguide.serve.cli.main import run

pytestmark = pytest.mark.usefixtures("spark")

SURVEY = "PrimaryRole,Country,EdLevel,YearsCode,salary\n"
ROW = "AI/ML engineer,United States of America,,5,{}\n"


def job(number: int, text: str, **fields: Any) -> dict[str, Any]:
    """A posting as an Ashby board gives it."""
    return {
        "id": f"job-{number}", "title": "Senior ML Engineer", "location": "Seattle, WA", "descriptionPlain": text,
        "publishedAt": "2026-03-02T10:00:00.000+00:00", "jobUrl": f"https://jobs.example/{number}", **fields,
    }  # fmt: skip


def paid(currency: str) -> dict[str, Any]:
    """A board's own field of pay."""
    component = {
        "compensationType": "Salary", "interval": "1 YEAR", "currencyCode": currency, "minValue": 1e5, "maxValue": 2e5,
    }  # fmt: skip
    return {"compensationTiers": [{"title": "", "components": [component]}]}


def sources(folder: Path) -> list[str]:
    """Boards and tables of every kind: whole, with wrong rows, broken, stated twice, and not even Unicode."""
    text = "Train models with PyTorch, {} years. The base salary range is ${}0,000 - $220,000 a year."
    boards = {
        "acme": [job(number, text.format(number % 9, 10 + number)) for number in range(8)],
        # the same postings, pay included, which ask for other years: those that are read first count
        "acme-again": [job(number, text.format(12, 10 + number)) for number in range(3)],
        "odd": [
            job(20, "", title="Ingénieur ML \u0000 日本 🙂 \ud83d", compensation=paid("EUR")),
            job(21, "Train.", compensation=paid("ZZZ")),
            job(22, "Pay: $1,000 - $1,200 a year.", title="ML Engineer"),
            job(23, "Train.", title=""),
            "no object",
        ],
    }
    place = folder / "boards"
    place.mkdir(parents=True)
    for name, jobs in boards.items():
        (place / f"{name}.json").write_text(json.dumps({"jobs": jobs}))
    (place / "caf\udce9.json").write_text(json.dumps({"jobs": [job(30, "Train.", compensation=paid("ZZZ"))]}))
    (place / "cut.json.gz").write_bytes(gzip.compress(json.dumps({"jobs": boards["acme"]}).encode())[:-20])
    (folder / "survey.csv").write_text(
        SURVEY + "".join(map(ROW.format, (150_000, -120_000, "a lot", 99_999_999_999)))
    )
    (folder / "no-column.csv").write_text(
        "PrimaryRole,Country,EdLevel\nAI/ML engineer,United States of America,\n"
    )
    return [f"recorded:{place}", f"survey:{folder / 'no-column.csv'}", f"survey:{folder / 'survey.csv'}"]


@dataclass(frozen=True)
class Left:
    """What a collection says and leaves behind."""

    code: int
    out: str
    err: str
    fingerprint: str
    by_rule: dict[str, int]
    rows: dict[str, list[dict[str, Any]]]


def rows_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Everything that a collection leaves behind, by table."""
    names = ("observations_ever", "postings_ever", "rejections", "quarantine_ever", "documents", "withdrawn")
    return {name: store.rows(f"SELECT * FROM {name} ORDER BY ALL") for name in names}


def collected(capsys: pytest.CaptureFixture[str], evidence: Path, *arguments: str) -> Left:
    """Run `payguide collect`."""
    capsys.readouterr()
    code = run(["collect", *arguments, "--evidence", str(evidence), "--json"])
    said, store = capsys.readouterr(), Store.open(evidence)
    return Left(code, said.out, said.err, store.fingerprint, store.rejections_by_rule(), rows_of(store))


def test_whatever_is_collected_lands_the_same_on_spark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    boards, *tables = sources(tmp_path / "sources")
    # a table without a mapped column fails, and what comes after it still lands
    runs = (boards, "--retrieved", "2026-06-01"), (*tables, "--map", "stackoverflow")

    for arguments in runs:
        local_reader = collected(capsys, tmp_path / "here", *arguments)
        there = collected(capsys, tmp_path / "there", *arguments, "--engine", "spark")

        assert there == local_reader
        assert local_reader.code == 3
    assert {
        "unknown_currency",
        "no_title",
        "truncated_gzip",
        "negative_pay",
        "not_a_number",
    } <= local_reader.by_rule.keys()
    assert "no-column.csv" in local_reader.err
    assert len(local_reader.rows["observations_ever"]) == 10
    assert local_reader.rows["quarantine_ever"]


def test_what_changed_since_is_revised_and_withdrawn_the_same_on_spark(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "Train models. The base salary range is $180,000 - ${},000 a year.{}"
    for end, more in (("220", ""), ("220", " We use Kubernetes."), ("230", "")):
        board = tmp_path / "board.json"
        board.write_text(json.dumps({"jobs": [job(number, words.format(end, more)) for number in range(2)]}))
        arguments = (f"recorded:{board}", "--retrieved", "2026-06-01")
        local_reader = collected(capsys, tmp_path / "here", *arguments)
        there = collected(capsys, tmp_path / "there", *arguments, "--engine", "spark")

        assert there == local_reader
    assert [row["revision"] for row in local_reader.rows["observations_ever"]].count(2) == 2
    assert len(local_reader.rows["withdrawn"]) == 2


@pytest.mark.slow
def test_by_spark_connect_it_lands_the_same_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = (sources(tmp_path / "sources")[0], "--retrieved", "2026-06-01")
    local_reader = collected(capsys, tmp_path / "here", *arguments)
    # a process of its own: one that has a Spark of its own gets no session at a Connect server
    there = [
        *arguments,
        "--evidence",
        str(tmp_path / "there"),
        "--engine",
        "spark",
        "--spark-remote",
        "local",
    ]
    monkeypatch.delenv("PYTHONPATH")
    ran = subprocess.run(
        [sys.executable, "-m", "payguide", "collect", *there], check=False, capture_output=True, timeout=300
    )

    assert ran.returncode == local_reader.code, ran.stderr
    assert rows_of(Store.open(tmp_path / "there")) == local_reader.rows


@pytest.mark.shared
def test_recorded_boards_of_every_kind_land_the_same_on_spark(
    library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (f"recorded:{library / 'boards' / 'fixtures'}", "--retrieved", "2026-06-01")
    local_reader = collected(capsys, tmp_path / "here", *arguments)
    there = collected(capsys, tmp_path / "there", *arguments, "--engine", "spark")

    assert there == local_reader
    assert local_reader.rows["observations_ever"]
    assert {row["source"] for row in local_reader.rows["documents"]} >= {"ashby", "greenhouse", "lever"}


def not_on_workers(document: Document) -> Reading:
    """A function of this module, which Spark's workers cannot import."""
    return Reading()


def test_what_fails_on_a_worker_is_said_in_a_line() -> None:
    reader = SparkBackend().reader(not_on_workers)

    with pytest.raises(PayguideError, match=r"Spark failed: ModuleNotFoundError: No module named") as caught:
        list(reader([drawn.document()]))
    assert "\n" not in str(caught.value)
    assert "PYSPARK_PYTHON" in caught.value.remedy
