"""Live boards, against a board that answers in memory: addresses, retries, refusals. No network."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date

import httpcore2
import pytest
import stamina
from recorded_answers import ashby_job

from fake_net import Asked, FakeNet, Reply
from payguide.base.errors import InputError, SourceUnavailable, UsageError, WrongShape
from payguide.base.inputs import Document
from payguide.collect import boards, cards
from payguide.collect.client import Client

DAY = date(2026, 11, 1)
Handler = Callable[[Asked], Reply]


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """Retries without the waits between them."""
    with stamina.set_testing(True, attempts=3):
        yield


def client(handler: Handler) -> Client:
    net = FakeNet(handler)
    return Client(backend=net, resolve=net.resolve, exempt=None)


def test_a_board_is_asked_for_pay_and_each_posting_is_a_document() -> None:
    asked: list[str] = []

    def answer(request: Asked) -> Reply:
        asked.append(request.url)
        return Reply(body=json.dumps({"jobs": [ashby_job(), ashby_job(id="2")], "apiVersion": "1"}).encode())

    found = list(boards.board("ashby", "acme labs", retrieved=DAY, client=client(answer)))
    assert asked == ["https://api.ashbyhq.com/posting-api/job-board/acme%20labs?includeCompensation=true"]
    assert [type(f) for f in found] == [Document, Document]
    assert {f.card.retrieved_at for f in found if isinstance(f, Document)} == {DAY}


def test_a_passing_trouble_is_tried_again() -> None:
    answers = iter([Reply(503), Reply(429), Reply(body=b"[]")])
    assert list(boards.board("lever", "acme", retrieved=DAY, client=client(lambda _: next(answers)))) == []


def test_lever_is_asked_in_europe_when_it_is_not_found() -> None:
    def answer(request: Asked) -> Reply:
        return Reply(body=b"[]") if ".eu." in request.host else Reply(404)

    assert list(boards.board("lever", "acme", retrieved=DAY, client=client(answer))) == []


def _down(request: Asked) -> Reply:
    raise httpcore2.ConnectError("no route to host")


#: what the board does, a word of the message, a word of the advice
REFUSALS: list[tuple[Handler, str, str]] = [
    (lambda _: Reply(404), "404", "board name"),
    (lambda _: Reply(403), "403", "not public"),
    (lambda _: Reply(500), "500", "later"),
    (lambda _: Reply(429), "429", "minutes"),
    (_down, "no answer after", "network"),
]


@pytest.mark.parametrize(("handler", "found", "advice"), REFUSALS)
def test_a_refusal_says_what_to_do(handler: Handler, found: str, advice: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        list(boards.board("greenhouse", "acme", client=client(handler)))
    assert caught.value.exit_code == 4
    assert found in caught.value.found
    assert advice in caught.value.remedy
    assert "acme" in caught.value.where


@pytest.mark.parametrize(
    ("kind", "body", "error"),
    [
        ("ashby", "<html>Sorry</html>", WrongShape),
        ("ashby", '{"jobs"', InputError),
        ("ashby", '{"error": "x"}', WrongShape),
        ("greenhouse", '{"jobs": [], "apiVersion": "1"}', WrongShape),
    ],
)
def test_an_answer_that_is_no_such_board_is_said(kind: str, body: str, error: type[InputError]) -> None:
    with pytest.raises(error) as caught:
        list(boards.board(kind, "acme", client=client(lambda _: Reply(body=body.encode()))))
    assert caught.value.exit_code == 3


#: the status, a word of the advice on a page of one's own naming
PAGE_REFUSALS = [
    (404, "taken down"),
    (410, "taken down"),
    (401, "page is not public"),
    (403, "page"),
    (429, "page"),
]


@pytest.mark.parametrize(("status", "advice"), PAGE_REFUSALS)
def test_a_page_that_refuses_is_not_spoken_of_as_a_board(status: int, advice: str) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        list(boards.page("https://a.example/job", client=client(lambda _: Reply(status))))
    assert advice in caught.value.remedy
    assert "board" not in str(caught.value)


@pytest.mark.parametrize("kind", sorted(cards.boards()))
def test_retries_write_no_log(
    kind: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    hooks = stamina.instrumentation.get_on_retry_hooks()
    with pytest.raises(SourceUnavailable):
        list(boards.board(kind, "acme", client=client(lambda _: Reply(503))))

    assert caplog.records == []
    assert "".join(capfd.readouterr()) == ""
    # whoever uses stamina beside us keeps what they set
    assert stamina.instrumentation.get_on_retry_hooks() == hooks


PAGE = """<html><head>
<script type="application/ld+json">{ broken </script>
<script type="application/ld+json">{"@graph": [
  {"@type": "Organization", "name": "Acme"},
  {"@type": ["JobPosting"], "title": "ML Engineer", "datePosted": "2026-02-03"}]}</script>
<script type="application/ld+json">[{"@type": "JobPosting", "title": "Data Scientist"}]</script>
</head></html>"""


def test_a_page_s_postings_are_found_wherever_they_lie() -> None:
    url = "https://acme.example/careers/1"
    served = client(lambda _: Reply(body=PAGE.encode()))
    found = list(boards.page(url, retrieved=DAY, client=served))
    assert [f.media_type for f in found if isinstance(f, Document)] == [
        "application/ld+json;type=JobPosting"
    ] * 2


def test_a_page_without_postings_is_said() -> None:
    with pytest.raises(WrongShape, match="carries no schema"):
        list(boards.page("https://a.example", client=client(lambda _: Reply(body=b"<p>"))))


@pytest.mark.parametrize("url", ["ftp://a.example", "acme", "file:///etc/hosts"])
def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(UsageError):
        list(boards.page(url))
