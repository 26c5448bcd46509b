"""One hostile file stops nothing: what cannot be read is refused with its place and what to do, the rest lands."""

from __future__ import annotations

import gzip
import io
import json
import os
import socket
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from payguide.base.errors import InputError
from payguide.base.inputs import Document, Rejection
from payguide.collect.sources import documents
from payguide.decode.reader import read, read_parts
from payguide.decode.table import mapping
from payguide.evidence.store import Store
from payguide.evidence.store.read_batches import local_reader
from payguide.pipeline import collection
from spreadsheets import xlsx

DAY = date(2026, 11, 1)
_PAYROLL = Path(mapping.__file__).parents[1] / "maps" / "payroll.toml"
GOOD = {
    "hostedUrl": "https://jobs.lever.co/acme/1", "id": "1", "text": "ML Engineer",
    "descriptionPlain": "The salary is $150,000 - $200,000 per year.",
}  # fmt: skip


def board(field: str, value: str) -> bytes:
    """A Lever board of two postings, in the second of which a field has this JSON value."""
    return json.dumps([GOOD, {**GOOD, "id": "2", field: "HOLE"}]).replace('"HOLE"', value).encode()


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bound:
        home = Path.cwd()
        os.chdir(path.parent)  # a socket's path is at most a hundred letters long
        try:
            bound.bind(path.name)
        finally:
            os.chdir(home)


#: what lies in a folder of recorded boards beside a good one
FILES: Mapping[str, bytes | Callable[[Path], None]] = {
    "a number of 5,000 digits": board("createdAt", "9" * 5000),
    "a negative one": board("createdAt", "-" + "9" * 5000),
    "depth": b"[" * 100_000,
    "depth that closes": b"[" * 100_000 + b"]" * 100_000,
    "objects in objects": b'{"a":' * 100_000,
    "an open text": b'["' + b"a" * 100_000,
    "no UTF-8": board("text", '"x"').replace(b"ML", b"\xff\xfe"),
    "half a surrogate pair as bytes": board("text", '"x"').replace(b"ML", b"\xed\xa0\x80"),
    "NUL bytes": b"\0" * 5000,
    "nothing": b"",
    "spaces": b" \n" * 5000,
    "a lone value": b"17",
    "null": b"null",
    "a page": b"<!doctype html><title>Sorry</title>",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a zip": b"PK\x03\x04" + bytes(200),
    "a Parquet file": b"PAR1" + bytes(200) + b"PAR1",
    "UTF-16 that is cut": json.dumps([GOOD]).encode("utf-16")[:-1],
    "gzip that is cut": gzip.compress(json.dumps([GOOD]).encode())[:-9],
    "gzip with a wrong sum": gzip.compress(json.dumps([GOOD]).encode())[:-8] + bytes(8),
    "gzip with more behind": gzip.compress(json.dumps([GOOD]).encode()) + b"more",
    "no gzip but its first bytes": b"\x1f\x8b" + b"x" * 99,
    "gzip in gzip": gzip.compress(gzip.compress(json.dumps([GOOD]).encode())),
    "gzip of nothing": gzip.compress(b""),
    "a fifo": os.mkfifo,
    "a socket": _socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a device of nothing": lambda path: path.symlink_to("/dev/null"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("nowhere"),
}


def lay(path: Path, content: bytes | Callable[[Path], None]) -> None:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        content(path)


def read_all(spec: str) -> None:
    for item in documents(spec, retrieved=DAY):
        assert isinstance(item, Document)
        read(item)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_a_hostile_file_is_refused_and_the_rest_of_its_folder_read(
    kind: str, suffix: str, tmp_path: Path
) -> None:
    lay(tmp_path / f"bad{suffix}", FILES[kind])
    (tmp_path / "good.json").write_text(json.dumps([GOOD]))
    refused, *rest = documents(f"recorded:{tmp_path}", retrieved=DAY)
    assert isinstance(refused, Rejection)
    assert (refused.where, bool(refused.rule), bool(refused.found)) == (f"bad{suffix}", True, True)
    assert [type(item) for item in rest] == [Document]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("source", ["recorded", "payroll", "lca"])
def test_a_hostile_file_of_one_s_own_naming_is_an_error_that_says_where_and_what_to_do(
    source: str, kind: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad"
    lay(path, FILES[kind])
    with pytest.raises(InputError) as caught:
        read_all(f"{source}:{path}")
    assert "bad" in caught.value.where
    assert caught.value.remedy


def test_a_folder_of_them_lands_what_is_good(tmp_path: Path) -> None:
    folder = tmp_path / "boards"
    folder.mkdir()
    for number, content in enumerate(FILES.values()):
        lay(folder / f"{number}.json", content)
    (folder / "folder.json").mkdir()
    (folder / "folder.json" / "within.json").write_text(json.dumps([GOOD]))
    (folder / "loop").symlink_to(folder)
    (folder / os.fsdecode(b"n\xe4me.json")).write_text(json.dumps([{**GOOD, "id": "3"}]))
    added = collection.collect(
        [f"recorded:{folder}"], tmp_path / "evidence", map_name=None, retrieved=DAY, tick=lambda *_: None
    )
    assert added.failed == ()
    assert added.appended.documents_new == 2
    assert sum(added.appended.by_rule.values()) == len(FILES)


#: JSON values that a field may have where another was expected
VALUES = {
    "a number of 4,000 digits": "9" * 4000, "a number past any float": "9" * 400, "1e999": "1e999", "-1e999": "-1e999",
    "1e99999999": "1e99999999", "NaN": "NaN", "Infinity": "-Infinity", "zero": "-0.0", "tiny": "1e-400",
    "half a surrogate pair": '"a\\ud800 $150,000 - $200,000 b"', "NUL": '"a\\u0000b"',
    "controls": '"\\u001b[31m\\u009b"',
    "depth": "[" * 700 + "]" * 700, "objects in objects": '{"a":' * 700 + "1" + "}" * 700, "null": "null",
    "true": "true", "a list of lists": '[[["x"], {}], null, 1]', "an object": '{"text": {"text": []}}', "no address": '"http://[::1"',
    "no day": '"9999-99-99"', "the last day": '"9999-12-31T23:59:59Z"', "digits of another script": '"٢٠٢٦-٠١-٠١"',
    "amounts past any float": f'"The salary is ${"9" * 400} - $1e999 per year."', "digits": f'"{"9" * 5000}"',
}  # fmt: skip

#: the fields of each board that are read, in its own shape
SHAPES: Mapping[str, Mapping[str, Any]] = {
    "ashby": {"title": "", "location": "", "secondaryLocations": [{"location": "", "address": {"postalAddress": {
        "addressCountry": ""}}}], "publishedAt": "", "isRemote": "", "workplaceType": "", "jobUrl": "",
        "descriptionHtml": "", "descriptionPlain": "", "compensation": {"compensationTiers": [{"title": "",
        "additionalInformation": "", "components": [{"compensationType": "Salary", "interval": "1 YEAR",
        "currencyCode": "USD", "minValue": 1, "maxValue": 2, "summary": ""}]}]}, "address": {}},
    "greenhouse": {"id": 1, "absolute_url": "", "updated_at": "", "location": {"name": ""}, "content": "",
        "company_name": "", "pay_input_ranges": [{"min_cents": 1, "max_cents": 2, "currency_type": "USD", "title": "",
        "blurb": ""}], "offices": [{"name": "", "location": ""}]},
    "lever": {**GOOD, "categories": {"location": "", "allLocations": [""]}, "country": "", "createdAt": 1,
        "workplaceType": "", "description": "", "lists": [{"text": "", "content": ""}], "additional": "",
        "salaryDescription": "", "salaryRange": {"min": 1, "max": 2, "currency": "USD", "interval": "year"}},
    "workday": {"jobPostingInfo": {"title": "ML Engineer", "jobReqId": "1", "jobDescription": "", "location": "",
        "additionalLocations": [""], "country": {"descriptor": ""}, "remoteType": "", "startDate": "2026-05-01",
        "externalUrl": ""}, "hiringOrganization": {"name": ""}},
    "smartrecruiters": {"id": "1", "name": "ML Engineer", "releasedDate": "2026-05-01", "company": {"name": ""},
        "location": {"city": "", "country": "", "remote": ""}, "jobAd": {"sections": {"jobDescription": {"text": ""}}},
        "postingUrl": "", "compensation": {"min": 1, "max": 2, "currency": "USD", "period": "YEAR"}},
    "jobposting": {"@type": "JobPosting", "description": "", "datePosted": "", "url": "", "identifier": {"value": ""},
        "hiringOrganization": {"name": ""}, "jobLocationType": "", "jobLocation": [{"address": {"addressLocality": "",
        "addressCountry": {"name": ""}}}], "baseSalary": {"currency": "USD", "value": {"minValue": 1, "maxValue": 2,
        "unitText": "YEAR"}}, "salaryCurrency": ""},
}  # fmt: skip
_AROUND = {"ashby": '{"apiVersion": "1", "jobs": [%s]}', "greenhouse": '{"meta": {}, "jobs": [%s]}'}


def holes(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every part of a value."""
    parts: list[tuple[Any, Any]] = []
    if isinstance(value, Mapping):
        parts = list(value.items())
    elif isinstance(value, list):
        parts = list(enumerate(value))
    return [(*path, key) for key, _ in parts] + [
        hole for key, part in parts for hole in holes(part, (*path, key))
    ]


def with_hole(value: Any, path: tuple[Any, ...]) -> Any:
    """The value with a hole in it."""
    if not path:
        return "HOLE"
    copy = dict(value) if isinstance(value, Mapping) else list(value)
    copy[path[0]] = with_hole(value[path[0]], path[1:])
    return copy


@pytest.mark.few(1)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_hostile_field_costs_no_more_than_its_posting(shape: str, tmp_path: Path) -> None:
    whole = {"title": "ML Engineer", **SHAPES[shape]}
    files = [(path, value) for path in holes(whole) for value in VALUES.values()]
    for number, (path, value) in enumerate(files):
        job = json.dumps(with_hole(whole, path)).replace('"HOLE"', value)
        jobs = ", ".join([json.dumps(whole), job])
        (tmp_path / f"{number}.json").write_text(_AROUND.get(shape, "[%s]") % jobs)
    found = list(documents(f"recorded:{tmp_path}", retrieved=DAY))
    assert len(found) == 2 * len(files)
    assert {type(item) for item in found[::2]} == {Document}
    added = Store.open(tmp_path / "evidence", create=True).append(
        local_reader(read_parts)(found), command="test"
    )
    assert added.documents_new > len(files) / 2


#: lines of JSON where a table's line was expected
LINES = {
    **{kind: f'{{"title": {value}, "base": 1, "employee_id": "x"}}' for kind, value in VALUES.items()},
    **{
        f"{kind} as pay": f'{{"title": "x", "base": {value}, "employee_id": "x"}}'
        for kind, value in VALUES.items()
    },
    "a number of 5,000 digits": '{"title": ' + "9" * 5000 + "}",
    "depth": "[" * 100_000,
    "an open object": '{"title": "ML',
    "a lone value": "17",
    "NUL": "\0{}",
}
PERSON = {
    "employee_id": "7", "title": "ML Engineer", "grade": "L5", "place": "Austin, TX", "date": "2026-10-01",
    "currency": "USD", "base": 200000, "bonus": 0, "equity": 0, "total": 200000,
}  # fmt: skip


@pytest.fixture
def acme(tmp_path: Path) -> str:
    """The map of the payroll of an employer that is named."""
    path = tmp_path / "acme.toml"
    path.write_text(_PAYROLL.read_text().replace('employer = ""', 'employer = "Acme"'))
    return str(path)


def test_a_hostile_line_costs_no_more_than_itself(acme: str, tmp_path: Path) -> None:
    path = tmp_path / "pay.jsonl"
    good = json.dumps(PERSON)
    path.write_text("\n".join([good, *LINES.values(), good.replace('"7"', '"8"')]))
    (document,) = documents(f"payroll:{path}", map_name=acme, retrieved=DAY)
    assert isinstance(document, Document)
    reading = read(document)
    assert {"7", "8"} <= {observation.record for observation in reading.observations}
    added = Store.open(tmp_path / "evidence", create=True).append(iter([(document, reading)]), command="test")
    assert added.observations_new >= 2


#: what stands in a cell where something else was expected
CELLS = (
    "9" * 400, "9" * 5000, "1e999", "-1e999", "1e99999999", "NaN", "-Infinity", "1_000", "0x10", "1/2", "95.000,00",
    "%%%", "9999-99-99", "0001-01-01", "9999-12-31", "٢٠٢٦-٠١-٠١", "\ufeff", "\u202e$1", "x" * 100_000, "[" * 5000,
    "=1+1", "'", "http://[::1", "$1e999 - $9e999", "\u2028", "<" * 5000,
)  # fmt: skip


@pytest.mark.few(1)
@pytest.mark.parametrize("form", ["xlsx", "csv", "csv.gz"])
def test_a_hostile_cell_costs_no_more_than_its_row(form: str, acme: str, tmp_path: Path) -> None:
    columns, values = list(PERSON), [str(value) for value in PERSON.values()]
    hostile = [[*values[:k], cell, *values[k + 1 :]] for k in range(len(columns)) for cell in CELLS]
    table = [columns, values, *hostile, ["8", *values[1:]]]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in table).encode()
    path = tmp_path / f"pay.{form}"
    path.write_bytes(xlsx(table) if form == "xlsx" else gzip.compress(text) if form == "csv.gz" else text)
    (document,) = documents(f"payroll:{path}", map_name=acme, retrieved=DAY)
    assert isinstance(document, Document)
    reading = read(document)
    assert {"7", "8"} <= {observation.record for observation in reading.observations}
    assert reading.rejections
    added = Store.open(tmp_path / "evidence", create=True).append(iter([(document, reading)]), command="test")
    assert added.observations_new >= 2


def _zip(**files: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return made.getvalue()


_BOOK = xlsx([list(PERSON), list(PERSON.values())])
_LAUGHS = "".join(f'<!ENTITY l{k} "{f"&l{k - 1};" * 10 if k else "ha"}">' for k in range(12))

#: tables that are none, by the ending of the file's name
TABLES: Mapping[str, tuple[str, bytes]] = {
    "a zip of something else": ("xlsx", _zip(a_txt="hello")),
    "a zip of nothing": ("xlsx", _zip()),
    "a document of another kind": ("ods", _zip(mimetype="application/vnd.oasis.opendocument.text", content_xml="<a/>")),
    "a workbook that is no XML": ("xlsx", _zip(xl__workbook_xml="<workbook", _rels___rels="<")),
    "entities within entities": ("xlsx", _zip(xl__workbook_xml=f"<!DOCTYPE x [{_LAUGHS}]><workbook>&l11;</workbook>")),
    "half a workbook": ("xlsx", _BOOK[: len(_BOOK) // 2]),
    "a workbook with a hole": ("xlsx", _BOOK[:300] + bytes(200) + _BOOK[500:]),
    "an old workbook": ("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a Parquet file that is none": ("parquet", b"PAR1" * 30),
    "a Parquet file that is cut": ("parquet", b"PAR1" + bytes(64) + b"\xff\xff\xff\x7fPAR1"),
    "quotes": ("csv", b'"' * 1001),
    "an open quote": ("csv", b'employee_id,title,base\n"' + b"a" * 500_000),
    "commas": ("csv", b"," * 300_000),
    "no line ends": ("csv", b"a" * 300_000),
    "NUL": ("csv", b"employee_id,title,base\n\0"),
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_a_table_that_is_none_is_an_error_that_says_where_and_what_to_do(kind: str, tmp_path: Path) -> None:
    ending, content = TABLES[kind]
    path = tmp_path / f"pay.{ending}"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_all(f"payroll:{path}")
    assert "pay." in caught.value.where
    assert caught.value.remedy


def test_a_library_with_hostile_tables_lands_what_is_good(tmp_path: Path) -> None:
    postings = tmp_path / "library" / "postings"
    postings.mkdir(parents=True)
    for name in ("linkedin_ml_2024.jsonl.gz", "radar_2026.parquet", "fast_ai_2025.csv", "hn_2026.parquet"):
        (postings / name).write_bytes(bytes(900))
    (postings / "frontier_labs_2026.parquet").symlink_to("/dev/zero")
    line = {"companyName": "Acme", "title": "ML Engineer", "location": "Austin, TX", "publishedAt": "2024-05-01",
            "description": "The salary is $150,000 - $200,000 per year."}  # fmt: skip
    (postings / "linkedin_ml_2024.jsonl").write_text(json.dumps(line))
    *given, official = documents(f"library:{tmp_path / 'library'}")
    assert isinstance(official, Document)
    found = [read(item) if isinstance(item, Document) else item for item in given]
    refused = [item for item in found if isinstance(item, Rejection) or item.rejections]
    landed = [item for item in found if not isinstance(item, Rejection) and item.postings]
    assert (len(refused), len(landed)) == (5, 1)
