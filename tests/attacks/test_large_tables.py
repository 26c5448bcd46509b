"""A table of any number of rows: memory does not grow with it, and nothing that is said of it changes."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from csv import reader as cells_of
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from payguide.base.codes import EvidenceKind
from payguide.base.errors import UnreadableFile
from payguide.base.inputs import Document, Reading, SourceCard
from payguide.collect.sources import documents
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


def json_objects(number: int) -> Iterator[str]:
    """The same survey in JSON; where a line has a cell too many, there is no object but a list."""
    rows = cells_of(lines(number))
    header = next(rows)
    for row in rows:
        one = row if len(row) > len(header) else dict(zip(header, row, strict=True))
        yield json.dumps(one, ensure_ascii=False)


def json_lines(number: int, encoding: str = "utf-8") -> bytes:
    """The same survey in JSON lines, blank ones between them."""
    return "\n\n".join(json_objects(number)).encode(encoding, "replace")


FORMS: dict[str, Callable[[int], bytes]] = {
    **{encoding: partial(csv, encoding=encoding) for encoding in ("cp1252", "utf-8", "utf-8-sig", "utf-16")},
    "sep=": partial(csv, first="sep=,\r\n"),
    "parquet": parquet,
    **{
        f"jsonl in {encoding}": partial(json_lines, encoding=encoding)
        for encoding in ("utf-8", "cp1252", "utf-16")
    },
}


def in_slices(document: Document, rows: int, monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    monkeypatch.setattr(columns, "SLICE", rows)
    return list(reader.read_parts(document))


@pytest.mark.few(3)
@pytest.mark.parametrize("form", FORMS)
def test_a_table_in_slices_reads_as_the_whole(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = 3_000
    document = survey(FORMS[form](number), form.split()[0] if form[0] in "jp" else "csv")
    [whole] = in_slices(document, 1 << 40, monkeypatch)
    parts = in_slices(document, 500, monkeypatch)
    assert len(parts) > 2
    assert reader.read(document).observations == whole.observations
    assert set(reader.read(document).rejections) == set(whole.rejections)
    broken = 0 if form == "parquet" else number // 1000
    assert len(whole.observations) == number * 989 // 1000
    assert len(whole.rejections) == number // 100 + broken


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(
    ("form", "content"), [("csv", csv(3_000)), ("jsonl", json_lines(3_000))], ids=["csv", "jsonl"]
)
def test_a_large_file_is_read_from_where_it_lies(
    form: str, content: bytes, packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "survey"
    path.write_bytes(gzip.compress(content) if packed else content)
    held = survey(content, form)
    there = replace(held, content=b"", path=path, length=len(content), packed=packed)
    assert (there.size, there.read()) == (held.size, content)
    monkeypatch.setattr(columns, "SLICE", 500)
    assert reader.read(there) == reader.read(held)


@pytest.mark.few(2)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_is_too_large_to_hold_is_left_where_it_lies(form: str, packed: bool, tmp_path: Path) -> None:
    content = csv(100) if form == "csv" else json_lines(100)
    content += b"\n" * (65 << 20)
    path = tmp_path / f"survey.{form}"
    path.write_bytes(gzip.compress(content, 1) if packed else content)
    [document] = documents(f"survey:{path}", map_name="stackoverflow")
    assert isinstance(document, Document)
    assert (document.content, document.path, document.packed) == (b"", path, packed)
    assert (document.sha256, document.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert document.media_type.endswith(f"format={form}")
    # what is damaged behind what was looked at first
    path.write_bytes(gzip.compress(content, 1)[:-9])
    with pytest.raises(UnreadableFile, match="ends early"):
        list(documents(f"survey:{path}", map_name="stackoverflow"))


@pytest.mark.parametrize(
    "long", [b'{"salary": "' + b"9" * 5_000_000 + b'"}', b"[" * 5_000_000], ids=["a text", "depth"]
)
def test_a_line_without_end_is_no_row_and_is_not_held(long: bytes) -> None:
    rows = json_lines(10)
    reading = reader.read(survey(b"\n".join([rows, long, rows]), "jsonl"))
    assert len(reading.observations) == 18
    assert [one.where for one in reading.rejections if one.rule == "broken_row"] == ["survey.csv, row 11"]


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


def measured(path: Path, folder: Path) -> tuple[int, int]:
    """The most MB and the CPU seconds that collecting a survey takes."""
    command = [sys.executable, "-c", MEASURED, str(path), str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    memory, cpu = done.stdout.split()[-2:]
    return int(memory), int(cpu)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "jsonl.gz"])
def test_memory_is_bounded_whatever_the_rows(tmp_path: Path, form: str) -> None:
    """800,000 rows are read from where they lie; what they take beside a small table's is the index of their keys."""
    path = tmp_path / f"survey.{form}"
    # a line at a time: what is held here counts as the command's, which begins as a copy of this process
    told = lines if form == "csv" else json_objects
    with path.open("w") if form == "csv" else gzip.open(path, "wt", 1, encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in told(800_000))
    memory, _ = measured(path, tmp_path / "evidence")
    assert memory < 1_000
