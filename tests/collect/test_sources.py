"""The names of sources: what each means, and what is said when one means nothing."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from datetime import date
from pathlib import Path

import pytest
from recorded_answers import Write, ashby_job

from payguide.base.codes import Confidentiality, EvidenceKind
from payguide.base.errors import (
    InputError,
    SourceUnavailable,
    UnreadableFile,
    UsageError,
    WrongShape,
)
from payguide.base.inputs import Document, Rejection
from payguide.collect import cards
from payguide.collect.library import inputs, layout
from payguide.collect.oews import oews
from payguide.collect.sources import KINDS, documents
from spreadsheets import xlsx


@pytest.mark.parametrize(
    "spec", ["", "recorded", "recorded:", "survey:", "oews:x", "ftp:x", "ashby:", "boards", ":x"]
)
def test_a_spec_that_means_nothing_is_a_usage_error(spec: str) -> None:
    with pytest.raises(UsageError) as caught:
        documents(spec)
    assert caught.value.exit_code == 2
    assert caught.value.remedy


def test_a_map_goes_with_tables_only() -> None:
    with pytest.raises(UsageError, match="takes no map"):
        documents("recorded:x", map_name="levels")


def test_a_survey_needs_a_map(write: Write) -> None:
    with pytest.raises(UsageError, match="needs a map"):
        list(documents(f"survey:{write('mine.csv', 'a,b')}"))


@pytest.mark.parametrize("kind", [kind for kind, (what, _) in KINDS.items() if what in ("FILE", "DIR")])
def test_a_missing_file_or_folder_is_said(kind: str, tmp_path: Path) -> None:
    map_name = "levels" if kind in ("survey", "postings", "payroll", "lca") else None
    with pytest.raises(InputError) as caught:
        list(documents(f"{kind}:{tmp_path / 'nowhere'}", map_name=map_name))
    assert caught.value.exit_code == 3


#: spec kind, file, content, map -> media type, source name, kind of evidence
TABLES = [
    ("survey", "m.csv", b"a,b\n1,2\n", "levels", "map=levels;format=csv", "levels", EvidenceKind.SELF_REPORT),
    ("survey", "m.csv.gz", b"a,b\n1,2\n", "own", "map=own;format=csv", "own", EvidenceKind.SELF_REPORT),
    ("postings", "p.jsonl.gz", b'{"a": 1}\n', "x", "map=x;format=jsonl", "x", EvidenceKind.POSTED_RANGE),
    ("postings", "p.parquet", b"PAR1...", "x", "map=x;format=parquet", "x", EvidenceKind.POSTED_RANGE),
    ("survey", "m.json", b'[["a", [[1]]]]', "x", "map=x;format=json", "x", EvidenceKind.SELF_REPORT),
    ("survey", "answers.xlsx", xlsx([["a"]]), "x", "map=x;format=xlsx", "x", EvidenceKind.SELF_REPORT),
    (
        "payroll",
        "named-wrongly.csv",
        xlsx([["a"]]),
        None,
        "map=payroll;format=xlsx",
        "payroll",
        EvidenceKind.PAYROLL,
    ),
    (
        "survey",
        "a.csv",
        '{"a": 1}'.encode("utf-16"),
        "x",
        "map=x;format=jsonl",
        "x",
        EvidenceKind.SELF_REPORT,
    ),
    ("lca", "l.csv", b"a\n1\n", None, "map=lca_disclosure;format=csv", "lca_disclosure", EvidenceKind.FILING),
    ("payroll", "s.csv", b"a\n1\n", None, "map=payroll;format=csv", "payroll", EvidenceKind.PAYROLL),
]


@pytest.mark.parametrize(("kind", "name", "content", "map_name", "media", "source", "evidence"), TABLES)
def test_a_table_is_one_document(
    write: Write,
    kind: str,
    name: str,
    content: bytes,
    map_name: str | None,
    media: str,
    source: str,
    evidence: EvidenceKind,
) -> None:
    (found,) = documents(f"{kind}:{write(name, content)}", map_name=map_name, retrieved=date(2026, 1, 2))
    assert isinstance(found, Document)
    assert found.media_type == f"application/vnd.payguide.table;{media}"
    assert found.content == content  # decompressed
    assert (found.card.name, found.card.kind) == (source, evidence)
    assert found.card.retrieved_at == date(2026, 1, 2)
    # what is read by a packaged map of a public source is public
    private = kind == "payroll" or source in ("own", "x")
    assert found.card.confidentiality is (Confidentiality.CONFIDENTIAL if private else Confidentiality.PUBLIC)


# kind of table, its map -> the name of the source, whether it is confidential, and whether it is with --public
CONFIDENTIAL = [
    ("survey",   "levels",           "levels",         False, False),
    ("survey",   "stackoverflow",    "stackoverflow",  False, False),
    ("survey",   "mine/pay.toml",    "pay",            True,  False),
    # a map of one's own that is called as a packaged one is another source
    ("survey",   "mine/levels.toml", "own_levels",     True,  False),
    ("postings", "mine/ashby.toml",  "own_ashby",      True,  False),
    ("survey",   "mine/pooled.toml", "own_pooled",     True,  False),
    ("lca",      "lca_disclosure",   "lca_disclosure", False, False),
    ("lca",      "mine/lca.toml",    "lca",            True,  False),
    ("payroll",  "payroll",          "payroll",        True,  False),
    ("payroll",  "levels",           "own_levels",     True,  False),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "map_name", "source", "secret", "secret_still"), CONFIDENTIAL)
def test_a_file_of_ones_own_is_confidential_unless_it_is_said_to_be_public(
    write: Write, kind: str, map_name: str, source: str, secret: bool, secret_still: bool
) -> None:
    path = write("file.csv", "a,b\n1,2\n")
    cards = []
    for public in (False, True):
        (found,) = documents(f"{kind}:{path}", map_name=map_name, public=public)
        assert isinstance(found, Document)
        cards.append((found.card.name, found.card.confidentiality is Confidentiality.CONFIDENTIAL))
    assert cards == [(source, secret), (source, secret_still)]


def test_a_map_of_one_s_own_travels_in_the_media_type(write: Write, tmp_path: Path) -> None:
    own = tmp_path / "my map;x.toml"
    (found,) = documents(f"payroll:{write('s.csv', 'a')}", map_name=str(own))
    assert isinstance(found, Document)
    assert found.media_type.count(";") == 2
    assert found.card.name == "my map;x"


def test_without_a_day_a_file_counts_from_when_it_was_written(write: Write) -> None:
    path = write("mine.csv", "a,b\n1,2\n")
    import os

    os.utime(path, (1_700_000_000, 1_700_000_000))  # 2023-11-14 UTC
    (found,) = documents(f"survey:{path}", map_name="own")
    assert isinstance(found, Document)
    assert found.card.retrieved_at == date(2023, 11, 14)


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("LCA_Disclosure_Data_FY2024_Q1.xlsx", date(2023, 12, 31)),
        ("LCA_Disclosure_Data_FY2024_Q2.csv", date(2024, 3, 31)),
        ("lca_fy2023q3.csv.gz", date(2023, 6, 30)),
        ("LCA_Disclosure_Data_FY2020.csv", date(2020, 9, 30)),
    ],
)
def test_a_filings_file_counts_from_the_end_of_its_fiscal_quarter(write: Write, name: str, day: date) -> None:
    (found,) = documents(f"lca:{write(name, 'a,b')}")
    assert isinstance(found, Document)
    assert found.card.retrieved_at == day


def test_what_a_site_refuses_to_scripts_is_fetched_by_hand(write: Write) -> None:
    page = "https://www.dol.gov/agencies/eta/foreign-labor/performance"
    with pytest.raises(SourceUnavailable) as asked:
        list(documents("lca:https://www.dol.gov/sites/x/LCA_Disclosure_Data_FY2024_Q1.xlsx"))
    with pytest.raises(WrongShape) as saved:
        list(documents(f"lca:{write('LCA_FY2024_Q1.xlsx', '<html>Access denied</html>')}"))
    assert (asked.value.exit_code, saved.value.exit_code) == (4, 3)
    assert page in asked.value.remedy
    assert page in saved.value.remedy


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (gzip.compress(b"a,b\n" * 500, mtime=0)[:20], UnreadableFile),
        (b"<html><body>Not Found</body></html>", WrongShape),
        ("<html><body>Not Found</body></html>".encode("utf-16"), WrongShape),
        (b"  \n", WrongShape),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and more", WrongShape),
    ],
)
def test_a_broken_table_is_said(tmp_path: Path, content: bytes, error: type[InputError]) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(error) as caught:
        list(documents(f"survey:{path}", map_name="levels"))
    assert str(path) in str(caught.value)


def test_every_source_of_the_recipe_has_a_card() -> None:
    for entry in layout():
        name = entry.get("map") or entry.get("reader")
        assert name in {*cards.known(), "recorded"}, entry
    for name in cards.known():
        card = cards.card(name, date(2026, 1, 1))
        assert card.title
        assert card.origin
        assert card.licence
        assert card.bias.endswith(".")


def test_a_library_goes_on_past_what_is_broken(write: Write, tmp_path: Path) -> None:
    write("boards/ashby/acme.json.gz", {"jobs": [ashby_job()], "apiVersion": "1"})
    write("boards/ashby/page.json", "<html></html>")
    write("surveys/levels_2017_2021.csv.gz", "company\nAcme\n")
    write("surveys/stackoverflow_2025.csv", "<html>")
    write("filings/lca_fy2030.csv", gzip.compress(bytes(range(256)))[:99])
    found = list(documents(f"library:{tmp_path}"))
    assert [f.rule for f in found if isinstance(f, Rejection)] == [
        "html_instead_of_json",
        "html_instead_of_table",
        "truncated_gzip",
    ]
    board, levels, official = (f for f in found if isinstance(f, Document))
    assert "stapply-ai" in board.card.origin
    assert levels.media_type.endswith("map=levels;format=csv;faults=reject")
    assert official.card.name == "oews"


def test_a_librarys_files_are_named_with_their_hashes(write: Write, tmp_path: Path) -> None:
    board = write("boards/ashby/acme.json.gz", {"jobs": [ashby_job()], "apiVersion": "1"})
    broken = write("surveys/stackoverflow_2025.csv", "<html>")
    write("notes/levels_2017_2021.csv", "not of the layout")
    found = inputs(tmp_path)
    assert list(found) == ["boards/ashby/acme.json.gz", "surveys/stackoverflow_2025.csv", oews().name]
    # what lies there, packed as it is and broken or not
    assert list(found.values())[:2] == [hashlib.sha256(p.read_bytes()).hexdigest() for p in (board, broken)]
    assert found[oews().name] == oews().sha256


def test_a_folder_that_is_no_library_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(InputError, match="nothing that the layout names"):
        list(documents(f"library:{tmp_path}"))


def _release(folder: Path, content: bytes, digest: str) -> Path:
    manifest = {"file": "o.gz", "file_sha256": digest, "retrieved": "2026-09-26"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "o.gz").write_bytes(content)
    return folder


def test_the_official_release_is_checked_against_its_manifest(tmp_path: Path) -> None:
    whole = hashlib.sha256(b"data").hexdigest()
    found = oews(folder=_release(tmp_path, b"data", whole))
    assert (found.sha256, found.card.retrieved_at) == (whole, date(2026, 9, 26))
    with pytest.raises(UnreadableFile, match="sha256"):
        oews(folder=_release(tmp_path, b"dat", whole))
    (tmp_path / "o.gz").unlink()
    with pytest.raises(SourceUnavailable) as caught:
        oews(folder=tmp_path)
    assert caught.value.exit_code == 4


def test_recorded_sources_do_not_load_the_network(write: Write) -> None:
    import subprocess

    path = write("acme.json", {"jobs": [ashby_job()], "apiVersion": "1"})
    code = (
        "import sys; from payguide.collect.sources import documents;"
        f"list(documents({f'recorded:{path}'!r})); sys.exit('httpcore2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.shared
def test_the_whole_library_is_known(library: Path) -> None:
    found = list(documents(f"library:{library}"))
    sources = {f.card.name for f in found if isinstance(f, Document)}
    named = {
        entry.get("map") or {"recorded": "ashby"}.get(entry["reader"], entry["reader"]) for entry in layout()
    }
    assert sources == named
    assert sum(isinstance(f, Document) for f in found) > 4000
    assert [f for f in found if isinstance(f, Rejection)] == []
