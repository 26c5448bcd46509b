"""Live job boards: one request a board, retried while the trouble may pass, one Document a posting."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx
import stamina
import stamina.instrumentation
from selectolax.lexbor import LexborHTMLParser

from payguide.base.errors import SourceUnavailable, UsageError, WrongShape
from payguide.base.inputs import Document, Rejection
from payguide.collect import cards
from payguide.collect.files import Fault, parse_json
from payguide.collect.recognise_board import Board, is_job_posting, recognise_board
from payguide.collect.recorded import postings

#: Answers that may be better in a moment: timeout, too many requests, and the server's own troubles.
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_NOT_FOUND: Final = 404
_GONE: Final = 410
_ATTEMPTS: Final = 4
_TIMEOUT_S: Final = 30.0
#: Larger answers are no job board (the largest seen has 14 MB).
_LARGEST_BYTES: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class _Asked:
    """What kind of thing is asked for: its name in messages, and what to do where it is not found."""

    thing: str
    not_found: str


_BOARD: Final = _Asked("board", "check the employer's board name in the address of its careers page")
_PAGE: Final = _Asked("page", "check the address in a browser: the job may be filled and its page taken down")


def board(
    kind: str, org: str, *, retrieved: date | None = None, client: httpx.Client | None = None
) -> Iterator[Document | Rejection]:
    """Every posting of an employer's live board. `kind` is a board with addresses (cards.toml).

    Raises:
        UsageError: no employer is named.
        SourceUnavailable: the board did not answer, or refused.
        WrongShape: it answered with something that is not such a board.
    """
    if not org.strip():
        raise UsageError(f"{kind}: names no employer", remedy=f"name its board, e.g. {kind}:acme")
    addresses = [
        address.format(org=quote(org.strip(), safe="")) for address in cards.boards()[kind]["addresses"]
    ]
    content = _fetch(addresses, client, _BOARD)
    where = f"{kind}:{org}"
    value = parse_json(content)
    found = value if isinstance(value, Fault) else recognise_board(value, org)
    if isinstance(found, Fault):
        raise found.error(where)
    if found.source != kind:
        remedy = f"try {found.source}:{org}"
        raise WrongShape(f"the answer is {found.source}'s, not {kind}'s", where=where, remedy=remedy)
    yield from postings(found, retrieved or _today(), where)


def page(
    url: str, *, retrieved: date | None = None, client: httpx.Client | None = None
) -> Iterator[Document | Rejection]:
    """The schema.org JobPosting data of a careers page.

    Raises:
        UsageError: the address is not http or https.
        SourceUnavailable: the page did not answer, or refused.
        WrongShape: the page carries no JobPosting.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise UsageError(f"{url!r} is no web address", remedy="give it as jobposting:https://...")
    jobs = tuple(job_postings(_fetch([url], client, _PAGE)))
    if not jobs:
        remedy = "the employer may publish through a job board: try ashby:, greenhouse: or lever:"
        raise WrongShape("the page carries no schema.org JobPosting", where=url, remedy=remedy)
    yield from postings(Board("jobposting", "", jobs), retrieved or _today(), url)


def job_postings(html: bytes) -> Iterator[Mapping[str, Any]]:
    """Every JobPosting in a page's JSON-LD, alone, in a list or in an @graph. Broken scripts are passed over:
    they are part of the page, not of the evidence.
    """
    for script in LexborHTMLParser(html).css('script[type="application/ld+json"]'):
        try:
            waiting = [json.loads(script.text(deep=True))]
        except (json.JSONDecodeError, RecursionError):
            continue
        while waiting:
            value = waiting.pop(0)
            if isinstance(value, list):
                waiting.extend(value)
            elif isinstance(value, dict):
                if is_job_posting(value):
                    yield value
                waiting.extend(value.get(key) for key in ("@graph", "mainEntity", "itemListElement", "item"))


def _fetch(addresses: list[str], client: httpx.Client | None, asked: _Asked) -> bytes:
    """The body of the first address that is found."""
    owned = httpx.Client(timeout=_TIMEOUT_S, follow_redirects=True) if client is None else nullcontext(client)
    with owned as http, _untold_retries():
        for address in addresses:
            try:
                response = _get(http, address)
            except httpx.HTTPError as error:
                raise _unavailable(address, error, asked) from error
            except httpx.InvalidURL as error:
                raise UsageError(f"{address!r} is no web address ({error})", remedy="check it") from error
            if response.status_code == _NOT_FOUND and address != addresses[-1]:
                continue
            if response.status_code != httpx.codes.OK:
                raise _refused(address, response.status_code, asked)
            if len(response.content) > _LARGEST_BYTES:
                found = f"{len(response.content):,} bytes: no {asked.thing} of jobs is so large"
                raise WrongShape(found, where=address, remedy="check the address")
            return response.content
    raise AssertionError("an address always answers or raises")


@contextmanager
def _untold_retries() -> Iterator[None]:
    """Meanwhile stamina writes no line of log for each attempt: what fails in the end says how often it was tried."""
    hooks = stamina.instrumentation.get_on_retry_hooks()
    stamina.instrumentation.set_on_retry_hooks(())
    try:
        yield
    finally:
        stamina.instrumentation.set_on_retry_hooks(hooks)


def _may_pass(error: Exception) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in _PASSING
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)


@stamina.retry(on=_may_pass, attempts=_ATTEMPTS)
def _get(http: httpx.Client, address: str) -> httpx.Response:
    response = http.get(address, headers={"accept": "application/json, text/html;q=0.9"})
    if response.status_code in _PASSING:
        response.raise_for_status()
    return response


def _unavailable(address: str, error: httpx.HTTPError, asked: _Asked) -> SourceUnavailable:
    if isinstance(error, httpx.HTTPStatusError):
        return _refused(address, error.response.status_code, asked)
    found = f"no answer after {_ATTEMPTS} attempts ({type(error).__name__}: {error})"
    return SourceUnavailable(found, where=address, remedy="check the network connection, then try again")


def _refused(address: str, status: int, asked: _Asked) -> SourceUnavailable:
    thing = asked.thing
    remedy = {
        _NOT_FOUND: asked.not_found,
        _GONE: asked.not_found,
        401: f"the {thing} is not public",
        403: f"the {thing} is not public, or asks for fewer requests: try again later",
        429: f"the {thing} asks for fewer requests: try again in some minutes",
    }.get(status, "try again later")
    return SourceUnavailable(f"the {thing} answered {status}", where=address, remedy=remedy)


def _today() -> date:
    return datetime.now(UTC).date()
