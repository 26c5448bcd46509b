"""Recorded answers: whose they are is told from their shape; a broken file is refused, the rest goes on."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_answers import Write, ashby_job

from payguide.base.errors import InputError, UnreadableFile, WrongShape
from payguide.base.inputs import Document, Rejection
from payguide.collect.files import Fault
from payguide.collect.recognise_board import Board, recognise_board
from payguide.collect.sources import documents

GREENHOUSE = {
    "id": 11,
    "absolute_url": "https://boards.greenhouse.io/acme/jobs/11",
    "title": "ML Engineer",
    "company_name": "Acme",
    "updated_at": "2026-07-13T14:37:36-04:00",
    "location": {"name": "Remote, US"},
    "content": "&lt;p&gt;Build.&lt;/p&gt;",
}
LEVER = {
    "id": "a1",
    "text": "ML Engineer",
    "categories": {"location": "New York"},
    "createdAt": 1779223091267,
    "hostedUrl": "https://jobs.lever.co/acme/a1",
}
POSTING = {
    "@context": "https://schema.org",
    "@type": "JobPosting",
    "title": "ML Engineer",
    "datePosted": "2026-01-02",
}
THREAD = {
    "id": 1,
    "title": "Ask HN: Who is hiring?",
    "children": [{"id": 2, "created_at": "2026-07-01T15:01:52.000Z", "text": "Acme | ML Engineer | Berlin"}],
}


@pytest.mark.parametrize(
    ("answer", "source", "employer"),
    [
        ({"jobs": [ashby_job()], "apiVersion": "1"}, "ashby", "Acme Labs"),
        ({"jobs": [ashby_job()]}, "ashby", "Acme Labs"),
        ({"jobs": [], "apiVersion": "1"}, "ashby", "Acme Labs"),
        ({"jobs": [GREENHOUSE], "meta": {"total": 1}}, "greenhouse", "Acme"),
        ({"jobs": [], "meta": {"total": 0}}, "greenhouse", "Acme Labs"),
        (GREENHOUSE, "greenhouse", "Acme"),
        ([LEVER], "lever", "acme"),
        (LEVER, "lever", "acme"),
        ([], "lever", "Acme Labs"),
        (POSTING, "jobposting", ""),
        ([POSTING], "jobposting", ""),
        (THREAD, "hn_2026", ""),
    ],
)
def test_a_board_is_known_by_its_shape(answer: Any, source: str, employer: str) -> None:
    board = recognise_board(answer, "Acme%20Labs")
    assert isinstance(board, Board)
    assert (board.source, board.employer) == (source, employer)


@pytest.mark.parametrize(
    "answer", [{}, {"jobs": [{"a": 1}]}, [1, 2], [{"a": 1}], 3, "x", None, {"error": "no"}]
)
def test_another_shape_is_a_fault(answer: Any) -> None:
    fault = recognise_board(answer, "acme")
    assert isinstance(fault, Fault)
    assert fault.rule == "unknown_board_shape"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["jobs", "meta", "children", "id", "@type", "hostedUrl", "createdAt", "publishedAt"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_no_json_value_surprises_the_recogniser(value: Any) -> None:
    found = recognise_board(value, "acme")
    assert isinstance(found, Board | Fault)
    if isinstance(found, Board):
        assert found.newest is None or isinstance(found.newest, date)


def test_a_document_carries_posting_card_and_the_newest_day(write: Write, tmp_path: Path) -> None:
    jobs = [ashby_job(), ashby_job(id="7a", publishedAt="2026-05-09T00:00:00.000+00:00")]
    write("Acme%20Labs.json.gz", {"jobs": jobs, "apiVersion": "1"})
    found = [d for d in documents(f"recorded:{tmp_path}") if isinstance(d, Document)]
    assert [d.media_type for d in found] == ["application/vnd.ashby.posting+json"] * 2
    assert {d.card.retrieved_at for d in found} == {date(2026, 5, 9)}  # the newest posting, never today
    assert json.loads(found[0].content)["board"] == "Acme Labs"
    assert json.loads(found[0].content)["job"]["id"] == "6f1c"
    assert found[0].card.name == "ashby"
    assert found[0].card.licence
    assert found[0].card.bias


def test_a_given_day_beats_the_board_s_own(write: Write, tmp_path: Path) -> None:
    write("acme.json", {"jobs": [ashby_job()], "apiVersion": "1"})
    (found,) = documents(f"recorded:{tmp_path}", retrieved=date(2026, 9, 1))
    assert isinstance(found, Document)
    assert found.card.retrieved_at == date(2026, 9, 1)


def test_the_same_posting_has_the_same_hash_however_it_is_spelt(write: Write, tmp_path: Path) -> None:
    job = ashby_job()
    write("a/acme.json", {"apiVersion": "1", "jobs": [job]})
    write("b/acme.json", json.dumps({"jobs": [dict(reversed(job.items()))], "apiVersion": "1"}, indent=2))
    hashes = {d.sha256 for d in documents(f"recorded:{tmp_path}") if isinstance(d, Document)}
    assert len(hashes) == 1


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


WHOLE = gzip.compress(json.dumps({"jobs": [ashby_job()], "apiVersion": "1"}).encode() * 40, mtime=0)
#: file, content, rule in a folder, error when the file is asked for alone
BROKEN: list[tuple[str, bytes, str, type[InputError]]] = [
    ("cut.json.gz", _cut(WHOLE), "truncated_gzip", UnreadableFile),
    ("bad.json.gz", b"\x1f\x8b\x08\x00" + b"\xff" * 40, "broken_gzip", UnreadableFile),
    ("page.json", b"\n <!DOCTYPE html><html><body>503</body></html>", "html_instead_of_json", WrongShape),
    ("half.json", b'{"jobs": [', "not_json", UnreadableFile),
    ("code.json", b"\xff\xfe\xfa", "not_json", UnreadableFile),
    ("bytes.json", b"{\x00\x01", "not_json", UnreadableFile),
    ("deep.json", b"[" * 200_000, "not_json", UnreadableFile),
    ("other.json", b'{"results": []}', "unknown_board_shape", WrongShape),
    ("empty.json", b"", "empty_file", WrongShape),
]


@pytest.mark.parametrize(("name", "content", "rule", "error"), BROKEN)
def test_a_broken_file_is_refused_and_the_rest_goes_on(
    write: Write, tmp_path: Path, name: str, content: bytes, rule: str, error: type[InputError]
) -> None:
    (tmp_path / name).write_bytes(content)
    write("zz_good.json", {"jobs": [ashby_job()], "apiVersion": "1"})
    refused, landed = documents(f"recorded:{tmp_path}")
    assert isinstance(refused, Rejection)
    assert (refused.rule, refused.where) == (rule, name)
    assert isinstance(landed, Document)

    with pytest.raises(error) as caught:
        list(documents(f"recorded:{tmp_path / name}"))
    assert caught.value.exit_code == 3
    assert str(tmp_path / name) in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_recorded_answer_is_the_same_in_every_encoding(write: Write, encoding: str) -> None:
    answer = {"jobs": [ashby_job(title="Ingénieur ML")], "apiVersion": "1"}
    path = write(f"{encoding}/acme.json", json.dumps(answer, ensure_ascii=False).encode(encoding))
    plain = write("plain/acme.json", answer)

    (found,), (expected,) = (list(documents(f"recorded:{one}")) for one in (path, plain))
    assert isinstance(found, Document)
    assert isinstance(expected, Document)
    assert found.sha256 == expected.sha256


def test_a_posting_that_is_no_object_is_refused_alone(write: Write, tmp_path: Path) -> None:
    write("acme.json", {"jobs": [ashby_job(), "x"], "apiVersion": "1"})
    landed, refused = documents(f"recorded:{tmp_path}")
    assert isinstance(landed, Document)
    assert isinstance(refused, Rejection)
    assert (refused.rule, refused.where) == ("unknown_posting_shape", "acme.json[1]")


def test_a_board_without_any_day_asks_for_one(write: Write, tmp_path: Path) -> None:
    write("acme.json", {"jobs": [ashby_job(publishedAt=None)], "apiVersion": "1"})
    (refused,) = documents(f"recorded:{tmp_path}")
    assert isinstance(refused, Rejection)
    assert refused.rule == "no_date"
    assert "--retrieved" in refused.found


def test_a_discussion_thread_is_one_document(write: Write, tmp_path: Path) -> None:
    (found,) = documents(f"recorded:{write('thread.json', THREAD)}")
    assert isinstance(found, Document)
    assert found.media_type == "application/vnd.payguide.table;map=hn_thread;format=jsonl"
    assert found.card.retrieved_at == date(2026, 7, 1)


def test_lever_s_milliseconds_are_a_day(write: Write) -> None:
    (found,) = documents(f"recorded:{write('acme.json', [LEVER])}")
    assert isinstance(found, Document)
    assert found.card.retrieved_at == date(2026, 5, 19)  # 1779223091267 ms = 2026-05-19 20:38 UTC


@pytest.mark.parametrize("make", [lambda p: p / "nowhere", lambda p: p])
def test_a_missing_or_empty_folder_is_said(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    with pytest.raises(InputError):
        list(documents(f"recorded:{make(tmp_path)}"))
