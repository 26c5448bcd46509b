"""Boards of every system, answering in their true shapes: what comes of them, and when a list counts as whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import stamina
from board_sites import (
    WORKDAY,
    Answer,
    Workday,
    greenhouse,
    greenhouse_job,
    oracle,
    rippling,
    says,
    smartrecruiters,
    visited,
)
from recorded_answers import ashby_job

from fake_net import Asked, Reply
from payguide.base.inputs import Document
from payguide.collect.wish import Wish
from payguide.decode.reader import read

ORACLE = "oracle_hcm:acme.fa.us2.oraclecloud.com/CX_1"
LEVER = {
    "id": "a1",
    "text": "ML Engineer",
    "categories": {"location": "New York"},
    "hostedUrl": "https://jobs.lever.co/acme/a1",
}
WORKABLE = {"title": "ML Engineer", "shortcode": "ABC1", "workplace_type": "on_site", "country": "United States",
            "state": "Texas", "city": "Austin", "published_on": "2026-10-03", "url": "https://apply.workable.com/j/ABC1",
            "description": "<p>Salary: $150,000 - $190,000 a year</p>"}  # fmt: skip
RECRUITEE = {"id": 501, "title": "ML Engineer", "status": "published", "careers_url": "https://acme.recruitee.com/o/ml",
             "locations": [{"city": "Austin", "state": "Texas", "country": "United States"}], "remote": True,
             "published_at": "2026-10-05 08:00:00 UTC", "description": "<p>Go.</p>", "requirements": "<p>Python</p>",
             "salary": {"min": "150000", "max": "190000", "period": "year", "currency": "USD"}}  # fmt: skip
PINPOINT = {"id": "9", "title": "ML Engineer", "url": "https://acme.pinpointhq.com/en/postings/9",
            "description": "<p>Go.</p>", "key_responsibilities": "",
            "location": {"city": "Austin", "name": "HQ", "province": "TX"},
            "workplace_type": "hybrid", "compensation_visible": True, "compensation_minimum": 150000,
            "compensation_maximum": 190000, "compensation_currency": "USD",
            "compensation_frequency": "yearly"}  # fmt: skip


def whole(value: Any) -> Answer:
    return lambda _: says(value)


#: the board, how it answers, where it is asked first, its postings
BOARDS = [
    ("greenhouse:acme", whole(greenhouse([greenhouse_job(1)])), "boards-api.greenhouse.io", ["1"]),
    ("ashby:acme", whole({"apiVersion": "1", "jobs": [ashby_job()]}), "api.ashbyhq.com", ["6f1c"]),
    ("lever:acme", whole([LEVER]), "api.lever.co", ["a1"]),
    ("workable:acme", whole({"name": "Acme", "description": "", "jobs": [WORKABLE]}), "apply.workable.com", ["ABC1"]),
    ("recruitee:acme", whole({"offers": [RECRUITEE]}), "acme.recruitee.com", ["501"]),
    ("pinpoint:acme", whole({"data": [PINPOINT]}), "acme.pinpointhq.com", ["9"]),
    ("rippling:acme", rippling(2), "ats.rippling.com", ["r0", "r1"]),
    (ORACLE, oracle(2), "acme.fa.us2.oraclecloud.com", ["0", "1"]),
    (WORKDAY, Workday({"a": 2}), "acme.wd5.myworkdayjobs.com", [path for path, _ in Workday({"a": 2}).paths]),
]  # fmt: skip


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


@pytest.mark.parametrize(("board", "answer", "host", "records"), BOARDS)
def test_a_board_is_seen_whole_and_each_posting_is_read(
    board: str, answer: Answer, host: str, records: list[str]
) -> None:
    found, live, net = visited(answer, board)
    [visit] = live.visits
    assert (net.asked[0].host, live.failed) == (host, [])
    assert (sorted(visit.records), visit.complete) == (records, True)
    readings = [read(one) for one in found if isinstance(one, Document)]
    assert len(readings) == len(found) == len(records)
    assert {p.profile.role for reading in readings for p in reading.postings} == {"ml_engineer"}


#: the posting's board, its place and arrangement, its bands by field or text
READ = [
    (BOARDS[3], ("Austin", "TX", "onsite"), [(150_000, 190_000, "USD", "year")]),
    (BOARDS[4], ("Austin", "TX", "remote"), [(150_000, 190_000, "USD", "year")]),
    (BOARDS[5], ("Austin", "TX", "hybrid"), [(150_000, 190_000, "USD", "year")]),
    (BOARDS[6], ("Austin", "TX", "remote"), [(180_000, 240_000, "USD", "year")]),
    (BOARDS[7], ("Dallas", "TX", "hybrid"), [(140_000, 190_000, "USD", "year")]),
    (BOARDS[8], ("Austin", "TX", "unstated"), [(150_000, 210_000, "USD", "year")]),
]


@pytest.mark.parametrize(("board", "where", "bands"), READ)
def test_a_posting_says_what_its_board_says(board: Any, where: tuple[str, ...], bands: list[Any]) -> None:
    found, _, _ = visited(board[1], board[0])
    assert isinstance(found[0], Document)
    [posting] = read(found[0]).postings
    place, arrangement = posting.profile.place, posting.profile.remote
    assert (place.city, place.region, arrangement) == where
    pay = [(b.low, b.high, b.currency, b.period) for b in (*posting.structured_pay, *posting.pay)]
    assert pay == bands


#: what a board hides is neither landed nor open
HIDDEN = [
    (
        "ashby:acme",
        {"apiVersion": "1", "jobs": [ashby_job(), ashby_job(id="2", isListed=False)]},
        ["6f1c"],
        1,
    ),
    ("recruitee:acme", {"offers": [RECRUITEE, {**RECRUITEE, "id": 2, "status": "draft"}]}, ["501"], 1),
    ("pinpoint:acme", {"data": [{**PINPOINT, "compensation_visible": False}]}, ["9"], 0),
]


@pytest.mark.parametrize(("board", "value", "records", "observations"), HIDDEN)
def test_what_a_board_hides_is_not_read(
    board: str, value: Any, records: list[str], observations: int
) -> None:
    if board.startswith("ashby"):
        tiers = [{"components": [{"compensationType": "Salary", "minValue": 1e5, "maxValue": 2e5,
                                  "currencyCode": "USD", "interval": "1 YEAR"}]}]  # fmt: skip
        value = {
            **value,
            "jobs": [{**job, "compensation": {"compensationTiers": tiers}} for job in value["jobs"]],
        }
    found, live, _ = visited(whole(value), board)
    assert sorted(live.visits[0].records) == records
    assert sum(len(read(one).observations) for one in found if isinstance(one, Document)) == observations


#: a site, the postings that are found, whether these are all
WORKDAYS = [
    (Workday({"a": 47}), 47, True),
    (Workday({"a": 47}, quiet=True), 47, True),
    (Workday({"a": 40}), 40, True),
    (Workday({"a": 900, "b": 1300, "c": 700}, clamp=2000), 2900, True),
    (Workday({"a": 2500, "b": 10}, clamp=2000), 2010, False),
    (Workday({"a": 2400}), 2400, True),
    (Workday({}), 0, True),
]


@pytest.mark.parametrize(("site", "count", "complete"), WORKDAYS)
def test_a_workday_site_is_seen_as_far_as_it_shows_itself(site: Workday, count: int, complete: bool) -> None:
    site.title = "Nurse"
    found, live, _ = visited(site, WORKDAY, wish=Wish(wanted=lambda title: title != "Nurse"))
    [visit] = live.visits
    assert (len(visit.records), visit.complete, visit.unasked, found) == (count, complete, count, [])


def test_a_posting_that_is_gone_is_closed_and_one_that_is_refused_is_not_checked() -> None:
    site = Workday({"a": 4})
    paths = [path for path, _ in site.paths]
    site.gone, site.refused = {paths[1]}, {paths[2]}
    found, live, _ = visited(site, WORKDAY)
    [visit] = live.visits
    assert (len(found), sorted(visit.records), visit.complete, visit.unchecked) == (
        2, [paths[0], paths[2], paths[3]], True, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "path", ["https://elsewhere.example/x", "//elsewhere.example/x", "", None, 7, "job/x"]
)
def test_a_list_sends_nobody_to_another_site(path: object) -> None:
    def answer(asked: Asked) -> Reply:
        entries = [{"title": "ML Engineer", "externalPath": path}]
        return says({"total": 1, "facets": [], "jobPostings": entries})

    found, live, net = visited(answer, WORKDAY)
    assert {asked.host for asked in net.asked} == {"acme.wd5.myworkdayjobs.com"}
    assert (found, live.visits[0].records, live.visits[0].complete) == ([], {}, False)


#: a list that counts itself wrongly, the postings that come of it all the same
LIES = [
    ("greenhouse:acme", whole(greenhouse([greenhouse_job(1)], total=2)), 1),
    ("greenhouse:acme", whole(greenhouse([greenhouse_job(1), greenhouse_job(2)], total=1)), 2),
    ("greenhouse:acme", whole({"jobs": [greenhouse_job(1)]}), 1),
    ("greenhouse:acme", whole(greenhouse([greenhouse_job(1), greenhouse_job(2, id=None)])), 2),
    ("rippling:acme", rippling(3, total=9), 3),
    ("rippling:acme", rippling(3, total=1), 3),
    ("lever:acme", whole([]), 0),
    ("ashby:acme", whole({"apiVersion": "1", "jobs": []}), 0),
]


@pytest.mark.parametrize(("board", "answer", "count"), LIES)
def test_a_list_that_counts_itself_wrongly_is_not_whole(board: str, answer: Answer, count: int) -> None:
    found, live, _ = visited(answer, board)
    assert (len(found), live.visits[0].complete) == (count, False)


def test_an_empty_board_that_counts_itself_is_whole() -> None:
    _, live, _ = visited(whole(greenhouse([])), "greenhouse:acme")
    assert live.visits[0].complete


@pytest.mark.parametrize("terms", [(), ("smartrecruiters",)])
def test_a_source_that_is_closed_is_asked_on_its_user_s_word_alone(terms: tuple[str, ...]) -> None:
    found, live, net = visited(
        smartrecruiters(150), "smartrecruiters:acme", wish=Wish(terms=terms, workers=1)
    )
    assert len(found) == (150 if terms else 0)
    if not terms:
        assert net.asked == []
        assert "robots.txt" in live.failed[0].found
        assert "--allow-terms smartrecruiters" in live.failed[0].remedy
        assert live.client.hosts.report()["api.smartrecruiters.com"]["refused"] == 1


#: what is wanted, the postings that come, whether the list still counts as whole
WISHES = [(Wish(limit=3, workers=1), 3), (Wish(limit=99, workers=1), 5)]


@pytest.mark.parametrize(("wish", "count"), WISHES)
@pytest.mark.parametrize("board", ["greenhouse:acme", WORKDAY])
def test_a_limit_cuts_what_is_landed_and_not_what_is_seen(board: str, wish: Wish, count: int) -> None:
    jobs = whole(greenhouse([greenhouse_job(n) for n in range(5)]))
    found, live, _ = visited(jobs if board == "greenhouse:acme" else Workday({"a": 5}), board, wish=wish)
    [visit] = live.visits
    assert (len(found), len(visit.records), visit.complete) == (count, 5, True)


def test_since_a_day() -> None:
    jobs = [
        greenhouse_job(1),
        greenhouse_job(2, updated_at="2026-01-01T00:00:00Z"),
        greenhouse_job(3, updated_at=None),
    ]
    found, _, _ = visited(
        whole(greenhouse(jobs)), "greenhouse:acme", wish=Wish(since=date(2026, 11, 1), workers=1)
    )
    assert [json.loads(one.content)["job"]["id"] for one in found if isinstance(one, Document)] == [1, 3]
