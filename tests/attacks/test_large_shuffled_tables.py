"""Large tables whose rows do not make sense one by one: the rows of a record lie anywhere, two neighbours are a range,
a sheet is one long XML. They are read in bounded memory too, as if whole.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from payguide.base.codes import EvidenceKind
from payguide.base.errors import PayguideError, UnreadableFile, WrongShape
from payguide.base.inputs import Document, Reading, SourceCard
from payguide.decode import reader
from payguide.decode.table import by_record, columns, sheet_pieces
from spreadsheets import xlsx

Rows = list[dict[str, object]]

TITLES = ("Senior ML Engineer", "Data Scientist", "Staff Engineer", "", "Recruiter")


def postings(number: int) -> Rows:
    """Postings of which every second has another row anywhere in the table, with another band of the same job."""
    dice = random.Random(number)
    rows: Rows = []
    for _ in range(number):
        record = dice.randrange(number // 2)
        low = 100_000 + dice.randrange(100) * 1000
        rows.append({
            "job_uid": f"r{record}", "company": f"Firm {record % 50}", "title": TITLES[record % 5],
            "location_raw": "Berlin", "first_seen": "2026-07-01", "currency_original": "USD",
            "salary_interval_orig": "year", "apply_url": "", "salary_min_orig": low if record % 7 else low * 3,
            "salary_max_orig": low + 40_000,
        })  # fmt: skip
    return rows


def ranges(number: int) -> Rows:
    """Pairs of neighbouring rows, some with a row too many, and the same pair again and again elsewhere."""
    dice = random.Random(number)
    rows: Rows = []
    while len(rows) < number:
        pay, title = 100_000 + dice.randrange(20) * 1000, dice.choice(("Data Engineer", "Data Scientist"))
        alike = {
            "work_year": 2024, "experience_level": "SE", "employment_type": "FT", "job_title": title,
            "salary_currency": "USD", "employee_residence": "US", "remote_ratio": 0, "company_location": "US",
            "company_size": "M", "salary_in_usd": 0,
        }  # fmt: skip
        rows += [alike | {"salary": amount} for amount in ([pay + 9000, pay] * dice.choice((1, 1, 3)))]
        rows += [alike | {"salary": pay}] * (dice.random() < 0.1)
    return rows


def posts(number: int) -> Rows:
    return [
        {"id": n, "date": "2026-01-02", "source": "who_is_hiring", "text": f"Firm {n} | ML Engineer | Paris | $150k"}
        for n in range(number)
    ]  # fmt: skip


def as_csv(rows: Rows) -> bytes:
    out = io.StringIO()
    lines = csv.DictWriter(out, list(rows[0]))
    lines.writeheader()
    lines.writerows(rows)
    return out.getvalue().encode()


def as_jsonl(rows: Rows) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def as_parquet(rows: Rows) -> bytes:
    out = io.BytesIO()
    pq.write_table(pacsv.read_csv(io.BytesIO(as_csv(rows))), out)
    return out.getvalue()


def as_sheet(rows: Rows) -> bytes:
    cells = [[value if isinstance(value, int) else str(value) for value in row.values()] for row in rows]
    return xlsx([list(rows[0]), *cells], [["another sheet"]])


FORMS: dict[str, Callable[[Rows], bytes]] = {
    "csv": as_csv, "jsonl": as_jsonl, "parquet": as_parquet, "xlsx": as_sheet,
}  # fmt: skip
TABLES: dict[str, tuple[str, Callable[[int], Rows]]] = {
    "postings": ("radar_2026", postings), "ranges": ("aijobs_2020_2025", ranges), "posts": ("hn_2026", posts),
}  # fmt: skip


def document(content: bytes, map_name: str, form: str = "csv") -> Document:
    day = date(2026, 7, 1)
    card = SourceCard("src", "A table", "drawn", "none", EvidenceKind.POSTED_RANGE, day)
    return Document(content, f"application/vnd.payguide.table;map={map_name};format={form}", card, "table")


def in_slices(given: Document, rows: int, monkeypatch: pytest.MonkeyPatch) -> list[Reading]:
    monkeypatch.setattr(columns, "SLICE", rows)
    monkeypatch.setattr(sheet_pieces, "PIECE", rows * 100)
    return list(reader.read_parts(given))


@pytest.mark.few(4)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", TABLES)
def test_rows_of_a_record_are_read_together_wherever_they_lie(
    kind: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    map_name, rows = TABLES[kind]
    given = document(FORMS[form](rows(2_000)), map_name, form)
    [whole] = in_slices(given, 1 << 20, monkeypatch)
    parts = in_slices(given, 300, monkeypatch)
    assert len(parts) > 2
    assert max(len(part.observations) for part in parts) < 1_400
    for name in ("observations", "postings", "rejections"):
        one, several = getattr(whole, name), [row for part in parts for row in getattr(part, name)]
        assert len(one) == len(several)
        assert sorted(map(repr, one)) == sorted(map(repr, several))


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_lines_that_are_no_rows_come_some_at_a_time(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever their number; what is a row keeps its number behind them."""
    good, bad = (b"1,2", b"1,2," + b"x" * 60) if form == "csv" else (b'{"a": 1, "b": 2}', b"[]")
    lines = [*([b"a,b"] if form == "csv" else []), good, *[bad] * 100_000, good]
    monkeypatch.setattr(columns, "SLICE", 5_000)
    given = document(b"\n".join(lines), "", form)
    came = list(columns.read_columns(given, form, columns.Wanted(("a", "b"), ("a", "b"), "table")))
    # what lies in one piece of a file is read at once
    assert max(len(part.broken) for part in came) < 60_000
    assert [number for part in came for number in part.numbering] == [1, 100_002]
    assert [number for part in came for number, _, _ in part.broken] == list(range(2, 100_002))


def test_a_long_run_of_rows_that_are_alike_is_walked_once() -> None:
    rows = ranges(2)[:1] * 20_001
    before = time.process_time()
    reading = reader.read(document(as_csv(rows), "aijobs_2020_2025"))
    assert time.process_time() - before < 20
    assert [one.rule for one in reading.rejections].count("half_a_range") == 20_001


@pytest.mark.parametrize("case", ["one record", "reposts", "nested", "a full disk"])
def test_what_would_have_to_be_held_whole_is_refused_in_words(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(columns, "SLICE", 300)
    monkeypatch.setattr(columns, "_LARGEST_NESTED", 1_000)
    rows = postings(2_000)
    if case == "one record":
        monkeypatch.setattr(by_record, "LARGEST_HELD", 50_000)
        given = document(as_csv([row | {"job_uid": "same"} for row in rows]), "radar_2026")
    elif case == "reposts":
        monkeypatch.setattr(by_record, "LARGEST_HELD", 50_000)
        quant = {
            "company_name": "Firm",
            "title": "Engineer",
            "location": "",
            "date_time": "",
            "description": "x" * 90,
        }
        given = document(as_csv([quant] * 2_000), "quant_2025")
    elif case == "nested":
        given = document(json.dumps([["Firm", [[1, 2, 3, 4]] * 400]]).encode(), "levels_company_2022", "json")
    else:
        monkeypatch.setattr(by_record, "TemporaryFile", full)
        given = document(as_csv(rows), "radar_2026")
    refused = PayguideError if case == "a full disk" else WrongShape
    with pytest.raises(refused) as error:
        list(reader.read_parts(given))
    assert error.value.remedy


HARMS: dict[str, Callable[[bytes], bytes]] = {
    "not closed": lambda xml: xml.replace(b"</sheetData>", b""),
    "a row not closed": lambda xml: xml.replace(b"</row>", b"", 900),
    "no rows": lambda xml: xml.replace(b"sheetData", b"sheetDate"),
    "a cell far away": lambda xml: xml.replace(b'r="C1000"', b'r="XFD1048576"'),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_large_sheet_that_breaks_off_gives_no_row(harm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = zipfile.ZipFile(io.BytesIO(as_sheet(postings(2_000))))
    files = {name: whole.read(name) for name in whole.namelist()}
    files["xl/worksheets/sheet1.xml"] = HARMS[harm](files["xl/worksheets/sheet1.xml"])
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    came: list[Reading] = []
    monkeypatch.setattr(columns, "SLICE", 300)
    monkeypatch.setattr(sheet_pieces, "PIECE", 30_000)
    with pytest.raises(UnreadableFile):
        came.extend(reader.read_parts(document(made.getvalue(), "radar_2026", "xlsx")))
    assert not came


MEASURED = """
import resource, sys
from payguide.serve.cli.main import run
code = run(["collect", f"postings:{sys.argv[1]}", "--map", "radar_2026", "--evidence", sys.argv[2]])
assert code in (0, 3)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def text_lines(number: int, form: str) -> Iterator[str]:
    """Postings that say much, in two rows each, far from one another."""
    first = postings(2)[0]
    if form == "csv":
        yield ",".join(first)
    for n in range(number):
        row = first | {
            "job_uid": f"r{n % (number // 2)}",
            "title": "ML Engineer",
            "apply_url": f"https://x.org/{n}/" + "y" * 2_000,
        }
        yield json.dumps(row) if form == "jsonl" else ",".join(map(str, row.values()))


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_memory_is_bounded_whatever_the_postings(tmp_path: Path, form: str, packed: bool) -> None:
    path = tmp_path / f"postings.{form}"
    with gzip.open(path, "wt", 1) if packed else path.open("w") as file:
        file.writelines(f"{line}\n" for line in text_lines(300_000, form))
    command = [sys.executable, "-c", MEASURED, str(path), str(tmp_path / "evidence")]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert int(done.stdout.split()[-1]) < 1_200
