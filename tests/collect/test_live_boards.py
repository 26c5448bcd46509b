"""Live boards, against a board that answers in memory: addresses, retries, refusals. No network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import httpx
import pytest
import stamina
from recorded_answers import ashby_job

from payguide.base.errors import InputError, SourceUnavailable, UsageError, WrongShape
from payguide.base.inputs import Document
from payguide.collect import boards, cards

DAY = date(2026, 11, 1)
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """Retries without the waits between them."""
    with stamina.set_testing(True, attempts=3):
        yield


def client(handler: Handler) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(handler))


def test_a_board_is_asked_for_pay_and_each_posting_is_a_document() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={"jobs": [ashby_job(), ashby_job(id="2")], "apiVersion": "1"})

    found = list(boards.board("ashby", "acme labs", retrieved=DAY, client=client(answer)))
    assert asked == ["https://api.ashbyhq.com/posting-api/job-board/acme%20labs?includeCompensation=true"]
    assert [type(f) for f in found] == [Document, Document]
    assert {f.card.retrieved_at for f in found if isinstance(f, Document)} == {DAY}


def test_a_passing_trouble_is_tried_again() -> None:
    answers = iter([httpx.Response(503), httpx.Response(429), httpx.Response(200, json=[])])
    assert list(boards.board("lever", "acme", retrieved=DAY, client=client(lambda _: next(answers)))) == []


def test_lever_is_asked_in_europe_when_it_is_not_found() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[]) if "eu" in request.url.host else httpx.Response(404)

    assert list(boards.board("lever", "acme", retrieved=DAY, client=client(answer))) == []


def _down(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no route to host", request=request)


#: what the board does, a word of the message, a word of the advice
REFUSALS: list[tuple[Handler, str, str]] = [
    (lambda _: httpx.Response(404), "404", "board name"),
    (lambda _: httpx.Response(403), "403", "not public"),
    (lambda _: httpx.Response(500), "500", "later"),
    (lambda _: httpx.Response(429), "429", "minutes"),
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
        list(boards.board(kind, "acme", client=client(lambda _: httpx.Response(200, text=body))))
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
        list(boards.page("https://a.example/job", client=client(lambda _: httpx.Response(status))))
    assert advice in caught.value.remedy
    assert "board" not in str(caught.value)


@pytest.mark.parametrize("kind", sorted(cards.boards()))
def test_retries_write_no_log(
    kind: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    hooks = stamina.instrumentation.get_on_retry_hooks()
    with pytest.raises(SourceUnavailable):
        list(boards.board(kind, "acme", client=client(lambda _: httpx.Response(503))))

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
    served = client(lambda _: httpx.Response(200, text=PAGE))
    found = list(boards.page(url, retrieved=DAY, client=served))
    assert [f.media_type for f in found if isinstance(f, Document)] == [
        "application/ld+json;type=JobPosting"
    ] * 2


def test_a_page_without_postings_is_said() -> None:
    with pytest.raises(WrongShape, match="carries no schema"):
        list(boards.page("https://a.example", client=client(lambda _: httpx.Response(200, text="<p>"))))


@pytest.mark.parametrize("url", ["ftp://a.example", "acme", "file:///etc/hosts"])
def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(UsageError):
        list(boards.page(url))
