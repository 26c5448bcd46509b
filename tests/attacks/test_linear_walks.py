"""Every walk of what comes in is linear: four times as much takes some four times as long."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from growth import grows_linearly
from payguide.base.inputs import Document
from payguide.collect import boards
from payguide.collect.sources import documents
from payguide.decode.reader import read

DAY = date(2026, 11, 1)


def _script(body: str) -> bytes:
    return f'<script type="application/ld+json">{body}</script>'.encode()


#: pages that a walk takes long over which looks at anything twice, by their size
PAGES: dict[str, Callable[[int], bytes]] = {
    "a graph of numbers": lambda n: _script(json.dumps({"@graph": [0] * n})),
    "a graph of arrays": lambda n: _script(json.dumps({"@graph": [[]] * n})),
    "a graph of graphs": lambda n: _script(json.dumps({"@graph": [{"@graph": [1]}] * n})),
    "many scripts": lambda n: _script("{}") * (n // 8),
    "scripts left open": lambda n: b'<script type="application/ld+json">' * (n // 8),
    "scripts cut short": lambda n: b"<script " * (n // 4),
    "types that are none": lambda n: b"<script type" + b" " * n + b">",
    "types without an end": lambda n: b"<script" + b" type=" * (n // 4) + b"<",
    "comments left open": lambda n: b"<!--" * n,
    "ends of scripts": lambda n: b"</script>" * (n // 4),
    "tags left open": lambda n: b"<b><i>" * (n // 4),
    "postings within postings": lambda n: _script(
        '{"@type": "JobPosting", "mainEntity":' * (n // 200) + json.dumps("x" * n) + "}" * (n // 200)
    ),
}


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_is_walked_in_linear_time(kind: str) -> None:
    assert grows_linearly(lambda n: [json.dumps(job) for job in boards.job_postings(PAGES[kind](n))], 20_000)


#: recorded boards that are read slowly by what looks at anything twice, by their size
BOARDS: dict[str, Callable[[int], object]] = {
    "digits of a note": lambda n: _ashby(compensation={"compensationTiers": [
        {"additionalInformation": "9" * n, "components": [_SALARY]}]}),
    "tiers": lambda n: _ashby(compensation={"compensationTiers": [{"components": [_SALARY]}] * (n // 40)}),
    "places": lambda n: _ashby(secondaryLocations=[{"location": f"Town {k}"} for k in range(n // 10)]),
    "offers": lambda n: [{"@type": "JobPosting", "title": "ML Engineer", "baseSalary": [
        {"currency": "USD", "value": {"minValue": 90_000 + k, "unitText": "YEAR"}} for k in range(n // 40)]}],
    "places of a job": lambda n: [{"@type": "JobPosting", "title": "ML Engineer", "jobLocation": [{"name": "x"}] * n}
    ],
    "fields of a hiring post": lambda n: {"id": 1, "children": [{"id": 2, "created_at": "2026-05-01T00:00:00Z",
        "text": "Acme | " + "ML Engineer | Austin | " * (n // 10)}]},
    "posts": lambda n: {"id": 1, "children": [{"id": k, "created_at": "2026-05-01T00:00:00Z",
        "text": "Acme | ML Engineer | $150k"} for k in range(n // 40)]},
}  # fmt: skip
_SALARY = {"compensationType": "Salary", "minValue": 90_000, "currencyCode": "USD", "interval": "1 YEAR"}


def _ashby(**fields: object) -> object:
    job = {"id": "1", "title": "ML Engineer", "descriptionPlain": "Train.", "jobUrl": "https://a.example/1"}
    return {"apiVersion": "1", "jobs": [{**job, **fields}]}


@pytest.mark.parametrize("kind", BOARDS)
def test_a_board_is_read_in_linear_time(kind: str, tmp_path: Path) -> None:
    def act(size: int) -> None:
        path = tmp_path / f"{size}.json"
        path.write_text(json.dumps(BOARDS[kind](size)))
        for item in documents(f"recorded:{path}", retrieved=DAY):
            assert isinstance(item, Document)
            read(item)

    assert grows_linearly(act, 10_000)


def test_scripts_are_found_however_they_are_written() -> None:
    job = '{"@type": "JobPosting", "title": "ML Engineer"}'
    page = (
        f"<!-- <script type='application/ld+json'>{job}</script> -->"
        f"<SCRIPT data-x id=1 TYPE = 'application/LD+JSON' nonce=''>{job}</SCRIPT >"
        f"<script type=application/ld+json>{job}</script>"
        f"<script>var page = '<!-- not a comment';</script>"
        f'<script src="a.js" type="text/javascript">{job}</script>'
        f'<script type="application/ld+json; charset=utf-8">\n{job}\n</script>'
    )
    assert len(list(boards.job_postings(page.encode()))) == 3
