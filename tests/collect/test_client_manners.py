"""How hosts are asked: robots.txt first, in turn, with pauses; what they answered is kept and asked about."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from email.utils import formatdate
from functools import partial
from pathlib import Path

import pytest
import stamina

from fake_net import Asked, FakeNet, Reply, redirect
from payguide.base.errors import SourceUnavailable
from payguide.base.version import VERSION
from payguide.collect.answers import Answers, fresh_for
from payguide.collect.client import CONTACT, Client
from payguide.collect.hosts import Hosts, NotChecked, Refused

NOW = 1_800_000_000.0


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=4):
        yield


class Time:
    """A clock that stands still but for what is waited."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 3))
        self.now += seconds

    def clock(self) -> float:
        return self.now


def site(robots: str | Reply, answer: Callable[[Asked], Reply] = lambda _: Reply(body=b"{}")) -> FakeNet:
    """Hosts that all have the same robots.txt."""
    said = Reply(body=robots.encode()) if isinstance(robots, str) else robots
    return FakeNet(lambda asked: said if asked.path == "/robots.txt" else answer(asked))


def client(net: FakeNet, time: Time | None = None, **more: object) -> Client:
    time = time or Time()
    hosts = Hosts(clock=time.clock, sleep=time.sleep)
    return Client(backend=net, resolve=net.resolve, hosts=hosts, **more)  # type: ignore[arg-type]


def paths(net: FakeNet) -> list[str]:
    return [asked.path for asked in net.asked]


CLOSED = "user-agent: *\ndisallow: /x"


def test_robots_are_asked_for_once_and_first() -> None:
    net = site("user-agent: *\nallow: /")
    asks = client(net)
    for path in ("/a", "/b", "/a"):
        assert asks.get(f"https://a.example{path}").status == 200
    assert paths(net) == ["/robots.txt", "/a", "/b", "/a"]
    assert {asked.headers["User-Agent"].split("/")[0] for asked in net.asked} == {"payguide"}


@pytest.mark.parametrize(
    ("contact", "told"),
    [
        (None, ""), ("", ""), ("https://guide.example/bot", " (+https://guide.example/bot)"),
        ("me@guide.example", " (+me@guide.example)"), ("a\r\nX-Evil: 1", " (+aX-Evil:1)"),
    ],
)  # fmt: skip
def test_a_host_is_told_who_asks_where_that_is_said(
    contact: str | None, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(CONTACT, raising=False)
    if contact is not None:
        monkeypatch.setenv(CONTACT, contact)
    net = site("user-agent: *\nallow: /")
    assert client(net).get("https://a.example/a").status == 200
    assert {asked.headers["User-Agent"] for asked in net.asked} == {f"payguide/{VERSION}{told}"}


#: what the host says of robots.txt, and whether /x is asked then
ROBOTS = [
    (CLOSED, False),
    ("user-agent: *\nContent-Signal: ai-input=no", False),
    ("user-agent: *\nallow: /", True),
    (Reply(404), True),
    (Reply(403), True),
    (Reply(410), True),
    (Reply(500), False),
    (Reply(503), False),
    (Reply(429), False),
    (redirect("https://b.example/r"), True),
    (Reply(body=b"x", headers={"Content-Encoding": "br"}), False),
    (Reply(body=b"user-agent: *\n" + b"# long\n" * 2_000_000), False),
]


@pytest.mark.parametrize(("robots", "asked"), ROBOTS)
def test_what_is_closed_or_may_be_is_not_asked(robots: str | Reply, asked: bool) -> None:
    net = site(robots)
    if asked:
        assert client(net).get("https://a.example/x").status == 200
    else:
        with pytest.raises(SourceUnavailable):
            client(net).get("https://a.example/x")
    assert ("/x" in paths(net)) is asked


def test_a_redirect_is_checked_against_the_robots_of_where_it_leads() -> None:
    def answer(asked: Asked) -> Reply:
        closed = asked.host == "b.example"
        if asked.path == "/robots.txt":
            return Reply(body=b"user-agent: *\ndisallow: /") if closed else Reply(404)
        return redirect("https://b.example/x")

    net = FakeNet(answer)
    asks = client(net)
    with pytest.raises(Refused, match=r"robots\.txt closes"):
        asks.get("https://a.example/x")
    assert [(asked.host, asked.path) for asked in net.asked] == [
        ("a.example", "/robots.txt"),
        ("a.example", "/x"),
        ("b.example", "/robots.txt"),
    ]
    assert asks.hosts.report()["a.example"]["refused"] == 1


def test_who_answers_for_a_host_asks_it_alone() -> None:
    net = site(CLOSED)
    assert client(net, exempt=("a.example",)).get("https://a.example/x").status == 200
    with pytest.raises(Refused):
        client(net, exempt=("a.example",)).get("https://b.example/x")


def test_a_crawl_delay_is_kept_between_requests() -> None:
    time = Time()
    asks = client(site("user-agent: *\ncrawl-delay: 2"), time)
    for number in range(3):
        asks.get(f"https://a.example/{number}")
    asks.get("https://b.example/1")
    assert time.waits == [2, 2]


#: what the host says with its status, how often it answers so, the status in the end, the pauses
TROUBLE = [
    (Reply(429, headers={"Retry-After": "7"}), 2, 200, [7, 7]),
    (Reply(503, headers={"Retry-After": "60"}), 1, 200, [60]),
    (Reply(503), 2, 200, []),
    (Reply(500), 3, 200, []),
    (Reply(429, headers={"Retry-After": "soon"}), 1, 200, []),
    (Reply(429, headers={"Retry-After": formatdate(0)}), 1, 200, []),
    (Reply(429, headers={"Retry-After": "61"}), 1, 429, []),
    (Reply(429, headers={"Retry-After": "99999999999999999999"}), 1, 429, []),
    (Reply(429), 99, 429, []),
    (Reply(500), 99, 500, []),
    (Reply(404), 99, 404, []),
]


@pytest.mark.parametrize(("trouble", "times", "status", "waits"), TROUBLE)
def test_a_host_in_trouble_is_waited_for_within_bounds(
    trouble: Reply, times: int, status: int, waits: list[float]
) -> None:
    time = Time()
    left = iter([trouble] * times)
    net = site(Reply(404), lambda _: next(left, Reply(body=b"{}")))
    assert client(net, time).get("https://a.example/x").status == status
    assert time.waits == waits


def test_a_host_that_has_had_enough_is_left_alone_and_others_go_on() -> None:
    net = site(Reply(404), lambda asked: Reply(429 if asked.host == "a.example" else 200, body=b"{}"))
    asks = client(net)
    assert asks.get("https://a.example/1").status == 429
    before = len(net.asked)
    with pytest.raises(NotChecked, match="left alone"):
        asks.get("https://a.example/2")
    assert len(net.asked) == before
    assert asks.get("https://b.example/1").status == 200
    assert asks.hosts.report()["a.example"] == {
        "asked": 5, "got": 0, "unchanged": 0, "refused": 0, "not_checked": 1, "failed": 1,
    }  # fmt: skip


def test_a_host_that_is_down_is_not_asked_for_ever() -> None:
    net = site(Reply(404), lambda _: Reply(500))
    asks = client(net)
    for number in range(5):
        assert asks.get(f"https://a.example/{number}").status == 500
    with pytest.raises(NotChecked, match="in a row"):
        asks.get("https://a.example/9")


def test_a_host_has_two_requests_at_once() -> None:
    busy, most = 0, 0
    both = threading.Barrier(2, timeout=5)
    lock = threading.Lock()

    def answer(_: Asked) -> Reply:
        nonlocal busy, most
        with lock:
            busy, most = busy + 1, max(most, busy + 1)
        both.wait()
        with lock:
            busy -= 1
        return Reply(body=b"{}")

    asks = client(site(Reply(404), answer))
    threads = [threading.Thread(target=asks.get, args=(f"https://a.example/{n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


# -- what is kept ------------------------------------------------------------------------------------------------------

#: headers of the first answer; seconds later; what the second request says, None where there is none; its answer
AGAIN: list[tuple[Mapping[str, str], float, Mapping[str, str] | None]] = [
    ({"Cache-Control": "max-age=60"}, 59, None),
    ({"Cache-Control": "max-age=60", "ETag": '"1"'}, 61, {"If-None-Match": '"1"'}),
    ({"Cache-Control": "max-age=60", "Age": "30", "ETag": '"1"'}, 31, {"If-None-Match": '"1"'}),
    ({"ETag": 'W/"1"'}, 3601, {"If-None-Match": 'W/"1"'}),
    ({"Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}, 3601, {"If-Modified-Since": "Mon, 02 Nov 2026 10:00:00 GMT"}),
    ({}, 3599, None),
    ({}, 3601, {}),
    ({"Cache-Control": "no-cache", "ETag": '"1"'}, 0, {"If-None-Match": '"1"'}),
    ({"Cache-Control": "no-store", "ETag": '"1"'}, 0, {}),
    ({"Cache-Control": "private, max-age=0, must-revalidate", "ETag": '"1"'}, 0, {"If-None-Match": '"1"'}),
    ({"Expires": formatdate(NOW + 100), "Date": formatdate(NOW)}, 99, None),
    ({"Expires": "0"}, 1, {}),
    ({"Cache-Control": "max-age=31536000"}, 8 * 86400, {}),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "later", "conditions"), AGAIN)
def test_what_is_fresh_is_not_asked_and_what_is_not_is_asked_about(
    tmp_path: Path, headers: Mapping[str, str], later: float, conditions: Mapping[str, str] | None
) -> None:
    net = site(Reply(404), lambda _: Reply(body=b"[1]", headers=headers))
    for now in (NOW, NOW + later):
        asks = client(net, answers=Answers(tmp_path, "mark", partial(float, now)))
        assert asks.get("https://a.example/x").content == b"[1]"
    second = [asked.headers for asked in net.asked if asked.path == "/x"][1:]
    if conditions is None:
        assert second == []
    else:
        assert [{n: v for n, v in one.items() if n.startswith("If-")} for one in second] == [conditions]


@pytest.mark.parametrize("again", [Reply(304), Reply(body=b"[1]")])
@pytest.mark.parametrize("landed", [True, False])
def test_an_answer_that_is_as_it_was_is_unchanged_once_it_has_landed(
    tmp_path: Path, again: Reply, landed: bool
) -> None:
    replies = iter([Reply(body=b"[1]", headers={"ETag": '"1"', "Cache-Control": "no-cache"}), again])
    asks = client(site(Reply(404), lambda _: next(replies)), answers=Answers(tmp_path, "mark"))
    first = asks.get("https://a.example/x")
    asks.answers.land([first.key] if landed else [], "mark")
    second = asks.get("https://a.example/x")
    assert (first.unchanged, second.unchanged, second.status, second.content) == (False, landed, 200, b"[1]")
    assert asks.hosts.report()["a.example"]["unchanged"] == landed


@pytest.mark.parametrize("mark", ["other evidence", ""])
def test_what_landed_elsewhere_has_not_landed_here(tmp_path: Path, mark: str) -> None:
    net = site(Reply(404), lambda _: Reply(body=b"[1]"))
    asks = client(net, answers=Answers(tmp_path, "mark"))
    asks.answers.land([asks.get("https://a.example/x").key], "mark")
    assert not client(net, answers=Answers(tmp_path, mark)).get("https://a.example/x").unchanged


def test_another_body_is_another_question(tmp_path: Path) -> None:
    net = site(Reply(404), lambda asked: Reply(body=asked.body or b"none"))
    asks = client(net, answers=Answers(tmp_path, "mark"))
    found = [asks.get("https://a.example/x", body=body).content for body in (b"1", b"2", b"1", b"")]
    assert found == [b"1", b"2", b"1", b"none"]
    assert paths(net).count("/x") == 3


def test_kept_answers_are_private_and_damage_costs_no_more_than_asking_again(tmp_path: Path) -> None:
    folder = tmp_path / "answers"
    net = site(Reply(404), lambda _: Reply(body=b"[1]"))
    asks = client(net, answers=Answers(folder, "mark"))
    asks.get("https://a.example/x")
    modes = {path.name: path.stat().st_mode & 0o777 for path in [folder, *folder.iterdir()]}
    asks.answers.close()
    assert {*modes.values()} <= {0o700, 0o600}
    (folder / "answers.sqlite").write_bytes(b"no database" * 500)
    assert client(net, answers=Answers(folder, "mark")).get("https://a.example/x").content == b"[1]"
    assert paths(net).count("/x") == 2


def test_no_age_of_an_answer_is_below_nothing() -> None:
    assert fresh_for({"cache-control": "max-age=5", "age": "99"}, NOW) == 0
