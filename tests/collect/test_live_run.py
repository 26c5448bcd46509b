"""Many boards in one run, with the faults of the field: the run ends, says each, loses no good answer, writes no bad
one, and closes nothing falsely; what is open, and what was, is history.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpcore2
import pytest
import stamina
from board_sites import OPEN, WORKDAY, Answer, Workday, greenhouse, greenhouse_job, says

from fake_net import Asked, FakeNet, Reply, redirect
from payguide.base.errors import InputError, UsageError
from payguide.collect.client import Client
from payguide.collect.hosts import Hosts
from payguide.collect.live import STARTERS, boards_in
from payguide.collect.wish import Wish
from payguide.decode.employer import read_employer
from payguide.evidence.store import Store
from payguide.pipeline import collection, live_boards

GOOD = "greenhouse:good"
JOBS = [greenhouse_job(n) for n in range(4)]


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=2):
        yield


def collected(
    evidence: Path, answer: Answer, *boards: str, wish: Wish | None = None
) -> tuple[collection.Collected, FakeNet]:
    """What a run over live boards came to, and what was asked."""
    net = FakeNet(lambda asked: OPEN if asked.path == "/robots.txt" else answer(asked))
    client = Client(backend=net, resolve=net.resolve, hosts=Hosts(sleep=lambda _: None), seconds=5)
    found = collection.collect(boards, evidence, map_name=None, retrieved=None, tick=lambda *_: None,
                               wish=wish or Wish(workers=1), client=client)  # fmt: skip
    return found, net


def standing(evidence: Path) -> dict[str, set[str]]:
    return {board: set(records) for board, records in live_boards.standing(evidence).items()}


def observations(evidence: Path, name: str = "observations") -> list[tuple[str, float]]:
    rows = Store.open(evidence).rows(f"SELECT record, low FROM {name} ORDER BY record, low")
    return [(row["record"], row["low"]) for row in rows]


def expired(evidence: Path) -> None:
    """Have nothing that was kept be fresh."""
    with sqlite3.connect(evidence / ".answers" / "answers.sqlite") as database:
        database.execute("UPDATE answers SET fresh_until = 0")
    database.close()


def _reset(asked: Asked) -> Reply:
    def chunks() -> Iterator[bytes]:
        yield b'{"jobs": ['
        raise httpcore2.ReadError("connection reset")

    return Reply(chunks=chunks())


def _drip(asked: Asked) -> Reply:
    def chunks() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.1)
            yield b" "

    return Reply(chunks=chunks())


def _down(asked: Asked) -> Reply:
    raise httpcore2.ConnectError("no route to host")


def _renamed(**names: str) -> Answer:
    jobs = [{names.get(key, key): value for key, value in job.items()} for job in JOBS]
    return lambda _: says(greenhouse(jobs))


BOMB = gzip.compress(b"[" + b" " * (300 << 20), 9)
PAGE = b"<!doctype html><title>Sorry</title><p>We will be back soon."

#: what a board does that has answered well before; whether what it says now is an error of the run
FAULTS: dict[str, tuple[Answer, bool]] = {
    "429 storm": (lambda _: Reply(429), True),
    "429 for a day": (lambda _: Reply(429, headers={"Retry-After": "86400"}), True),
    "500": (lambda _: Reply(500), True),
    "503": (lambda _: Reply(503), True),
    "403": (lambda _: Reply(403), True),
    "404": (lambda _: Reply(404), True),
    "204": (lambda _: Reply(204), True),
    "no connection": (_down, True),
    "reset within the body": (_reset, True),
    "cut within the body": (lambda _: Reply(body=json.dumps(greenhouse(JOBS)).encode()[:900]), True),
    "cut gzip": (lambda _: Reply(body=gzip.compress(json.dumps(greenhouse(JOBS)).encode())[:300],
                                 headers={"Content-Encoding": "gzip"}), True),
    "redirects without end": (lambda asked: redirect(f"{asked.path}x"), True),
    "redirect to itself": (lambda asked: redirect(asked.path), True),
    "redirect to this machine": (lambda _: redirect("https://127.0.0.1/"), True),
    "an error page": (lambda _: Reply(body=PAGE), True),
    "an error page as JSON": (lambda _: says({"error": "down"}), True),
    "nothing": (lambda _: Reply(body=b""), True),
    "null": (lambda _: says(None), True),
    "another board's answer": (lambda _: says({"apiVersion": "1", "jobs": []}), True),
    "another charset": (lambda _: Reply(body=json.dumps(greenhouse(JOBS)).encode("utf-16")), False),
    "a broken charset": (lambda _: Reply(body=json.dumps(greenhouse(JOBS)).encode() + b"\xff\xfe"), True),
    "no count": (lambda _: says({"jobs": JOBS[:1]}), False),
    "an empty list without a count": (lambda _: says({"jobs": []}), True),
    "a count that is too large": (lambda _: says(greenhouse(JOBS[:1], total=4)), False),
    "a count that is too small": (lambda _: says(greenhouse(JOBS[:2], total=1)), False),
    "a count that is none": (lambda _: says({"jobs": JOBS[:1], "meta": {"total": "1"}}), False),
    "ids under another name": (_renamed(id="job_id"), False),
    "titles under another name": (_renamed(title="name"), False),
    "jobs that are none": (lambda _: says(greenhouse([1, None, "x"], total=3)), False),  # type: ignore[list-item]
}  # fmt: skip


@pytest.fixture(scope="module")
def collected_well(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evidence of two boards that answered well, long ago."""
    evidence = tmp_path_factory.mktemp("well")
    collected(evidence, lambda _: says(greenhouse(JOBS)), "greenhouse:bad", GOOD)
    expired(evidence)
    return evidence


@pytest.fixture
def evidence(collected_well: Path, tmp_path: Path) -> Path:
    """That evidence, to add to."""
    shutil.copytree(collected_well, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.mark.few(4)
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_one_board_is_said_and_costs_no_other(name: str, evidence: Path) -> None:
    fault, is_error = FAULTS[name]
    before, open_before = observations(evidence), standing(evidence)

    def later(asked: Asked) -> Reply:
        if "/good/" in asked.path:
            return says(greenhouse([*JOBS, greenhouse_job(9)]))
        return fault(asked)

    # the good board first: a host that has had enough is asked no more, for any board
    found, _ = collected(evidence, later, GOOD, "greenhouse:bad")
    assert [error.where.count("bad") > 0 for error in found.failed] == [True] * is_error
    assert set(observations(evidence)) - set(before) == {("9", 150_000.0)}
    assert set(before) <= set(observations(evidence))
    assert standing(evidence)["greenhouse:bad"] >= open_before["greenhouse:bad"]
    assert standing(evidence)[GOOD] == {"0", "1", "2", "3", "9"}
    assert found.boards["closed"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("fault", [_drip, lambda _: Reply(body=BOMB, headers={"Content-Encoding": "gzip"})])
def test_a_drip_and_a_bomb_end(fault: Answer, tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        return fault(asked) if "/bad/" in asked.path else says(greenhouse(JOBS))

    found, _ = collected(tmp_path, answer, "greenhouse:bad", GOOD)
    assert (len(found.failed), len(observations(tmp_path))) == (1, 4)


#: how a board's postings change from one visit to the next: those open then, opened and closed, all that was stated
CHANGES: list[tuple[list[dict[str, Any]], set[str], int, int, int]] = [
    (JOBS, {"0", "1", "2", "3"}, 0, 0, 4),
    (JOBS[:3], {"0", "1", "2"}, 0, 1, 4),
    ([*JOBS, greenhouse_job(7)], {"0", "1", "2", "3", "7"}, 1, 0, 5),
    ([greenhouse_job(8)], {"8"}, 1, 4, 5),
    ([], set(), 0, 4, 4),
    ([*JOBS[:3], greenhouse_job(3, pay_input_ranges=JOBS[1]["pay_input_ranges"])], {"0", "1", "2", "3"}, 0, 0, 5),
]  # fmt: skip


@pytest.mark.few(3)
@pytest.mark.parametrize(("jobs", "open_then", "opened", "closed", "ever"), CHANGES)
def test_what_vanishes_is_closed_and_what_changes_keeps_both(
    jobs: list[dict[str, Any]], open_then: set[str], opened: int, closed: int, ever: int, evidence: Path
) -> None:
    found, _ = collected(evidence, lambda _: says(greenhouse(jobs)), GOOD)
    assert standing(evidence).get(GOOD, set()) == open_then
    assert (found.boards["opened"], found.boards["closed"]) == (opened, closed)
    # what a closed posting offered stays evidence, a band that was changed stays as history
    assert len(observations(evidence, "observations_ever")) == ever
    assert len(observations(evidence)) == ever - (len(jobs) == 4 and jobs != JOBS)


def test_what_was_closed_may_open_again(evidence: Path) -> None:
    for jobs in (JOBS[:2], JOBS):
        collected(evidence, lambda _, jobs=jobs: says(greenhouse(jobs)), GOOD)
        expired(evidence)
    events = Store.open(evidence).rows(
        "SELECT event FROM openings WHERE board = 'greenhouse:good' AND record = '3' ORDER BY seen"
    )
    assert [row["event"] for row in events] == ["opened", "closed", "opened"]


def test_a_second_run_with_nothing_changed_asks_nobody_and_adds_nothing(tmp_path: Path) -> None:
    site = Workday({"a": 3})

    def answer(asked: Asked) -> Reply:
        return says(greenhouse(JOBS), ETag='"1"') if "greenhouse" in asked.host else site(asked)

    first, _ = collected(tmp_path, answer, GOOD, WORKDAY)
    second, net = collected(tmp_path, answer, GOOD, WORKDAY)
    assert (first.appended.documents_new, second.appended.documents_new) == (7, 0)
    assert net.asked == []
    expired(tmp_path)
    third, net = collected(tmp_path, lambda asked: Reply(304) if "If-None-Match" in asked.headers else answer(asked),
                           GOOD, WORKDAY)  # fmt: skip
    assert third.appended.documents_new == third.appended.observations_known == 0
    assert third.hosts["boards-api.greenhouse.io"]["unchanged"] == 1
    assert third.boards["closed"] == 0


def test_a_run_that_was_stopped_goes_on_without_asking_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Store, "append", stopped)
        with pytest.raises(KeyboardInterrupt):
            collected(tmp_path, lambda _: says(greenhouse(JOBS)), GOOD)
    again, net = collected(tmp_path, lambda _: says(greenhouse(JOBS)), GOOD, "greenhouse:other")
    assert [asked.path.split("/")[3] for asked in net.asked if asked.path != "/robots.txt"] == ["other"]
    assert len(observations(tmp_path)) == again.appended.observations_new == 4


@pytest.mark.parametrize("wish", [Wish(limit=1, workers=1)])
def test_a_run_that_was_cut_leaves_the_rest_for_the_next(wish: Wish, tmp_path: Path) -> None:
    cut, _ = collected(tmp_path, lambda _: says(greenhouse(JOBS)), GOOD, wish=wish)
    rest, _ = collected(tmp_path, lambda _: says(greenhouse(JOBS)), GOOD)
    assert (cut.appended.documents_new, rest.appended.documents_new) == (1, 3)


@pytest.mark.few(1)
@pytest.mark.parametrize("workers", [8, 1, 3])
def test_any_number_of_workers_brings_the_same(workers: int, tmp_path: Path) -> None:
    def answer(asked: Asked) -> Reply:
        number = int(asked.path.split("/")[3].removeprefix("b"))
        return says(greenhouse([greenhouse_job(10 * number + n) for n in range(3)]))

    boards = [f"greenhouse:b{n}" for n in range(12)]
    found, net = collected(tmp_path, answer, *boards, wish=Wish(workers=workers))
    assert (len(observations(tmp_path)), found.boards["complete"], len(net.asked)) == (36, 12, 13)


# -- lists of employers ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", InputError),
        ("employer = 3", InputError),
        ("[[employer]]\nname = 'Acme'", InputError),
        ("[[employer]]\nboard = 3", InputError),
        ("[[employer]", InputError),
        ("[[employer]]\nboard = 'nothing:acme'", UsageError),
        ("[[employer]]\nboard = 'greenhouse:'", UsageError),
        ("[[employer]]\nboard = 'jobposting:acme'", UsageError),
    ],
)
def test_a_list_that_is_none_is_refused_before_anybody_is_asked(
    text: str, error: type[Exception], tmp_path: Path
) -> None:
    (tmp_path / "list.toml").write_text(text)
    with pytest.raises(error):
        boards_in(tmp_path / "list.toml")


def test_a_board_that_is_listed_twice_is_visited_once(tmp_path: Path) -> None:
    (tmp_path / "list.toml").write_text(
        "[[employer]]\nname='A'\nboard='lever:a'\n[[employer]]\nboard='lever:a'\n[[employer]]\nboard='lever:b'\n"
    )
    assert [board.spec for board in boards_in(tmp_path / "list.toml")] == ["lever:a", "lever:b"]


# -- finding boards ----------------------------------------------------------------------------------------------------


def test_the_packaged_list_has_employers_of_many_tiers_and_boards_that_can_be_asked() -> None:
    boards = boards_in(STARTERS)
    employers = [read_employer(board.employer) for board in boards]
    assert len({employer.id for employer in employers}) == len(boards) >= 300
    assert len({employer.tier for employer in employers}) >= 7
    assert len({employer.industry for employer in employers}) >= 7
    assert {board.source for board in boards}.isdisjoint({"smartrecruiters", "jobposting"})


#: the company, whose name the board that answers says it has, and whether it is sure
NAMES = [
    ("Zyx Labs", "Zyx Labs, Inc.", True),
    ("Zyx Labs", "Zyx Farming", False),
    ("Zyx Labs Inc.", "ZYX Labs", True),
]


@pytest.mark.parametrize(("company", "says_it_is", "sure"), NAMES)
def test_a_board_is_found_by_its_employer_s_name(company: str, says_it_is: str, sure: bool) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/robots.txt" or "boards/zyxlabs/" not in asked.path:
            return Reply(404)
        return says(greenhouse([greenhouse_job(1, company_name=says_it_is)]))

    net = FakeNet(answer)
    client = Client(backend=net, resolve=net.resolve, hosts=Hosts(sleep=lambda _: None))
    found = live_boards.find(company, (), client)
    assert found == [{"board": "greenhouse:zyxlabs", "postings": 1, "says": says_it_is, "sure": sure}]


def test_who_is_listed_is_found_though_nobody_answers() -> None:
    net = FakeNet(lambda _: Reply(404))
    found = live_boards.find("Databricks", (), Client(backend=net, resolve=net.resolve))
    assert [(one["board"], one["sure"]) for one in found] == [("greenhouse:databricks", True)]


@pytest.mark.parametrize("company", ["", "  ", "..."])
def test_a_company_without_a_name_is_refused(company: str) -> None:
    with pytest.raises(UsageError):
        live_boards.find(company, ())
