"""A table of any number of rows: memory does not grow with it, and nothing that is said of it changes."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from payguide.base.codes import EvidenceKind
from payguide.base.errors import UnreadableFile
from payguide.base.inputs import Document, Reading, SourceCard
from payguide.decode import reader
from payguide.decode.table import columns
from payguide.evidence.store import Store
from payguide.evidence.store.read_batches import local_reader

CARD = SourceCard(
    "so", "A survey", "drawn", "none", EvidenceKind.SELF_REPORT, datetime(2025, 7, 1, tzinfo=UTC).date()
)
HEADER = "salary,YearsCode,Country,EdLevel,PrimaryLanguage,Notes,PrimaryRole"
#: What nobody asks for makes a line long, so that few of them are several pieces of a file.
NOTES = "n" * 400
ROLES = ("AI/ML engineer", "Data scientist", "Developer, back-end", "Student")


def lines(number: int) -> Iterator[str]:
    """A survey's lines: every hundredth states negative pay, and every thousandth has a cell too many."""
    drawn = random.Random(number)
    yield HEADER
    for row in range(number):
        pay = -5 if row % 100 == 7 else drawn.randrange(40_000, 400_000)
        more = ",more" if row % 1000 == 13 else ""
        degree = "Master’s degree (M.A., M.S., M.Eng., MBA, etc.)"
        yield f'{pay}.0,9.0,Germany,"{degree}",Python,{NOTES},"{drawn.choice(ROLES)}"{more}'


def csv(number: int, encoding: str = "utf-8", first: str = "") -> bytes:
    return (first + "\n".join(lines(number))).encode(encoding, "replace")


def survey(content: bytes, form: str = "csv") -> Document:
    return Document(
        content, f"application/vnd.payguide.table;map=stackoverflow;format={form}", CARD, "survey.csv"
    )


def parquet(number: int) -> bytes:
    import pyarrow as pa
    import pyarrow.csv as pacsv
    import pyarrow.parquet as pq

    good = "\n".join(line for line in lines(number) if not line.endswith(",more"))
    out = pa.BufferOutputStream()
    pq.write_table(pacsv.read_csv(pa.BufferReader(good.encode())), out)
    return out.getvalue().to_pybytes()


def in_slices(document: Document, rows: int, monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    monkeypatch.setattr(columns, "SLICE", rows)
    return list(reader.read_parts(document))


@pytest.mark.few(2)
@pytest.mark.parametrize("form", ["cp1252", "utf-8", "utf-8-sig", "utf-16", "sep=", "parquet"])
def test_a_table_in_slices_reads_as_the_whole(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 6_000
    content = {"parquet": lambda: parquet(number), "sep=": lambda: csv(number, first="sep=,\r\n")}.get(
        form, lambda: csv(number, form)
    )()
    document = survey(content, "parquet" if form == "parquet" else "csv")
    [whole] = in_slices(document, 1 << 40, monkeypatch)
    parts = in_slices(document, 1_000, monkeypatch)
    assert len(parts) > 2
    assert reader.read(document).observations == whole.observations
    assert set(reader.read(document).rejections) == set(whole.rejections)
    assert (len(whole.observations), len(whole.rejections)) == (
        (5_934, 60) if form == "parquet" else (5_934, 66)
    )


def test_a_large_file_is_read_from_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "survey.csv"
    path.write_bytes(csv(3_000))
    held = survey(path.read_bytes())
    there = replace(held, content=b"", path=path, length=path.stat().st_size)
    assert (there.sha256, there.size) == (held.sha256, held.size)
    monkeypatch.setattr(columns, "SLICE", 500)
    assert reader.read(there) == reader.read(held)


@pytest.mark.parametrize(
    "last", [b'"never closed', b'1,2,"' + b"x" * 3_000_000 + b'",4,5,6,7'], ids=["quote", "cell"]
)
def test_a_table_that_breaks_off_gives_no_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: bytes
) -> None:
    monkeypatch.setattr(columns, "SLICE", 5_000)
    path = tmp_path / "survey.csv"
    path.write_bytes(csv(6_000) + b"\n" + last)
    document = replace(survey(b"x"), path=path, length=path.stat().st_size)
    came: list[Reading] = []
    try:
        came.extend(reader.read_parts(document))
    except UnreadableFile:
        assert not came
    else:
        assert sum(len(part.observations) for part in came) == 5_934


def test_a_document_in_parts_is_on_record_once_and_when_all_of_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "SLICE", 500)
    documents = [survey(csv(3_000)), survey(csv(10))]
    store = Store.open(tmp_path, create=True)
    first = store.append(local_reader(reader.read_parts)(documents), command="collect")
    again = store.append(local_reader(reader.read_parts)(documents), command="collect")
    assert (first.documents_new, first.observations_new, again.documents_new, again.observations_new) == (
        2,
        2_976,
        0,
        0,
    )
    assert first.faulty == again.faulty == 34


MEASURED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (1000, 1000))
from payguide.serve.cli.main import run
run(["collect", f"survey:{sys.argv[1]}", "--map", "stackoverflow", "--evidence", sys.argv[2]])
used = resource.getrusage(resource.RUSAGE_SELF)
print(used.ru_maxrss // 1024, int(used.ru_utime + used.ru_stime))
"""


def measured(folder: Path, number: int) -> tuple[int, int]:
    """The most MB and the CPU seconds that collecting a survey of so many rows takes."""
    path = folder / f"survey{number}.csv"
    with path.open("w") as file:
        file.writelines(f"{line}\n" for line in lines(number))
    command = [sys.executable, "-c", MEASURED, str(path), str(folder / f"evidence{number}")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    memory, cpu = done.stdout.split()[-2:]
    return int(memory), int(cpu)


@pytest.mark.slow
def test_memory_is_bounded_whatever_the_rows(tmp_path: Path) -> None:
    """800,000 rows are read from where they lie; what they take beside a small table's is the index of their keys."""
    memory, _ = measured(tmp_path, 800_000)
    assert memory < 1_000
