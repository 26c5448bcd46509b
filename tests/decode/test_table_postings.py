"""Tables of postings and hiring threads: each row is a posting, or the rule it broke and its number."""

from __future__ import annotations

import io
import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_documents import DAY, csv, document

from payguide.base.codes import (
    EvidenceKind,
)
from payguide.base.inputs import Document, SourceCard
from payguide.decode.reader import read, split_media_type
from payguide.decode.sanity_limits import InvalidAmount
from payguide.decode.table.hiring_posts import Headline, headline

RADAR = [
    "job_uid",
    "company",
    "title",
    "location_raw",
    "first_seen",
    "currency_original",
    "salary_interval_orig",
    "apply_url",
    "salary_min_orig",
    "salary_max_orig",
]


def test_a_posting_lands_though_its_band_does_not() -> None:
    row = {
        "job_uid": "g:1",
        "company": "acme",
        "title": "Senior Machine Learning Engineer",
        "location_raw": "United States",
        "first_seen": "2026-07-18",
        "currency_original": "USD",
        "salary_interval_orig": "year",
        "salary_min_orig": 140000.0,
        "salary_max_orig": 200000.0,
    }
    table = pa.Table.from_pylist(
        [
            row,
            {**row, "job_uid": "g:2", "salary_max_orig": 400000000.0},
            {**row, "job_uid": "g:3", "salary_min_orig": None, "salary_max_orig": None},
        ]
    )
    sink = io.BytesIO()
    pq.write_table(table.append_column("apply_url", pa.array(["https://a.example"] * 3)), sink)
    reading = read(document(sink.getvalue(), "radar_2026", "parquet", EvidenceKind.POSTED_RANGE))
    assert [p.id for p in reading.postings] == ["g:1", "g:2", "g:3"]
    assert [(o.record, o.low, o.high) for o in reading.observations] == [("g:1", 140000, 200000)]
    assert [(r.rule, r.where) for r in reading.rejections] == [("absurd_pay", "t.csv, row 2")]


def test_fields_of_one_posting_are_its_bands() -> None:
    header = ["company", "id", "title", "location", "first_published", "field", "min", "max", "unit", "level"]
    row = {"company": "acme", "id": 7, "title": "ML Engineer", "first_published": "2026-08-17T17:04:40-05:00"}
    rows = [
        {**row, "field": "Geo A Salary Range", "min": 150000.0, "max": 190000.0, "unit": "USD"},
        {**row, "field": "Geo B Salary Range", "min": 130000.0, "max": 170000.0, "unit": "USD"},
        {**row, "field": "Options", "min": 0.0, "max": 0.0, "unit": ""},
    ]
    reading = read(document(csv(header, *rows), "pay_greenhouse_2026", kind=EvidenceKind.POSTED_RANGE))
    (posting,) = reading.postings
    assert [(b.low, b.scope) for b in posting.structured_pay] == [
        (150000, "Geo A Salary Range"),
        (130000, "Geo B Salary Range"),
    ]
    assert [r.rule for r in reading.rejections] == ["not_a_pay_field"]


def test_a_pay_string_is_read_up_to_the_first_mark() -> None:
    header = ["role_name", "location", "published_date", "compensation", "company"]
    row = {
        "role_name": "ML Engineer",
        "location": "San Francisco",
        "published_date": "2025-03-10",
        "company": "Acme",
    }
    rows = [
        {**row, "compensation": "$180K – $250K • $180K – $900K Equity • Offers Bonus"},
        {**row, "compensation": "Not disclosed"},
        {**row, "compensation": "Generous"},
    ]
    reading = read(document(csv(header, *rows), "fast_ai_2025", kind=EvidenceKind.POSTED_RANGE))
    assert [[(b.low, b.high, b.span) for b in p.structured_pay] for p in reading.postings] == [
        [(180000, 250000, None)],
        [],
        [],
    ]
    assert [(r.rule, r.where) for r in reading.rejections] == [("unread_pay", "t.csv, row 3")]


def test_json_lines_with_a_broken_line() -> None:
    row = {
        "companyName": "Acme",
        "title": "ML Engineer",
        "location": "New York, NY",
        "publishedAt": "2024-05-29",
        "description": "Salary: $150,000 - $180,000 per year.",
    }
    content = "\n".join([json.dumps(row), "{oops", "", json.dumps({**row, "publishedAt": ""})]).encode()
    reading = read(document(content, "linkedin_ml_2024", "jsonl", EvidenceKind.POSTED_RANGE))
    assert [(r.rule, r.where) for r in reading.rejections] == [("broken_row", "t.csv, row 2")]
    assert [p.date for p in reading.postings] == [date(2024, 5, 29), DAY]
    assert [(o.low, o.high, o.locator) for o in reading.observations] == [(150000, 180000, "text")] * 2


#: the post's first lines -> employer, title, places; or the rule
HEADLINES: list[tuple[str, tuple[str, str, str] | str]] = [
    (
        "Acme | Senior ML Engineer | Berlin, Germany | ONSITE | Full-time\nWe ...",
        ("Acme", "Senior ML Engineer", "Berlin, Germany; ONSITE"),
    ),
    ("Acme (YC S21) | REMOTE (US) | Full-time | Data Scientist", ("Acme", "Data Scientist", "REMOTE (US)")),
    ("Acme (\nhttps://acme.example/\n) | Backend Engineer | NYC", ("Acme", "Backend Engineer", "NYC")),
    ("Acme | \nhttps://acme.example\n | Backend Engineer | REMOTE", ("Acme", "Backend Engineer", "REMOTE")),
    (
        "Acme - Founding Full Stack Engineer - Remote (USA) - 180-250k",
        ("Acme", "Founding Full Stack Engineer", "Remote (USA)"),
    ),
    ("Acme | Multiple Roles | Remote", "several_jobs_in_one_post"),
    ("Acme | ML Engineer, Account Executive | Remote", "several_jobs_in_one_post"),
    ("Acme | Senior Backend Engineer | Staff Backend Engineer | Remote", "several_jobs_in_one_post"),
    ("Acme | Senior + Staff Engineers | Remote", "several_jobs_in_one_post"),
    ("Acme | Backend, Frontend Engineers | Remote", ("Acme", "Backend, Frontend Engineers", "Remote")),
    ("Acme | Full-time | Remote", "no_role_named"),
    ("We are hiring a great team.\nApply now!", "no_headline"),
    ("", "no_headline"),
]


@pytest.mark.parametrize(("text", "expected"), HEADLINES)
def test_headlines(text: str, expected: tuple[str, str, str] | str) -> None:
    found = headline(text)
    if isinstance(expected, str):
        assert isinstance(found, InvalidAmount)
        assert found.rule == expected
    else:
        assert isinstance(found, Headline)
        assert (found.employer, found.title) == expected[:2]
        assert expected[2].split("; ")[0] in found.location


@given(st.text(alphabet="Acme| -–()[],&+/engrsEML\nhttps:.$k1", max_size=200))
def test_no_headline_surprises(text: str) -> None:
    assert isinstance(headline(text), Headline | InvalidAmount)


@pytest.mark.parametrize("unit", ["multiple a ", "engineer, ", "(", "| ", "https://", "many many ", " & "])
def test_a_hostile_headline_is_read(unit: str) -> None:
    assert isinstance(headline(unit * 20_000), Headline | InvalidAmount)


def test_a_thread_s_posts_are_postings() -> None:
    posts = [
        {
            "id": 1,
            "created_at": "2026-07-01T15:01:52.000Z",
            "text": "Acme | ML Engineer | NYC<p>Pay: $150,000 - $180,000",
        },
        {"id": 2, "created_at": "2026-07-01T15:02:52.000Z", "text": "Is this remote?"},
    ]
    content = "\n".join(map(json.dumps, posts)).encode()
    reading = read(document(content, "hn_thread", "jsonl", EvidenceKind.POSTED_RANGE))
    assert [(p.id, p.profile.title) for p in reading.postings] == [("1", "ML Engineer")]
    assert [(o.low, o.high) for o in reading.observations] == [(150000, 180000)]
    assert [r.rule for r in reading.rejections] == ["no_headline"]


def test_an_unknown_media_type_is_a_rejection() -> None:
    card = SourceCard("x", "x", "x", "x", EvidenceKind.PAYROLL, DAY)
    reading = read(Document(b"", "application/pdf", card, "x.pdf"))
    assert [(r.rule, r.where) for r in reading.rejections] == [("unknown_media_type", "x.pdf")]


def test_media_types_carry_their_parameters() -> None:
    assert split_media_type("A/b; map=my%20map ;format=csv") == ("a/b", {"map": "my map", "format": "csv"})
    assert split_media_type("a/b") == ("a/b", {})
