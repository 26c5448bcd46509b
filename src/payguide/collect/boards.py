"""Live job boards: one request a board, retried while the trouble may pass, one Document a posting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote

from payguide.base.credentials import without_credentials
from payguide.base.errors import SourceUnavailable, UsageError, WrongShape
from payguide.base.inputs import Document, Rejection
from payguide.collect import cards
from payguide.collect.client import Client, asked_for
from payguide.collect.files import LARGEST_ANSWER, Fault, parse_json
from payguide.collect.long_json import AT_ONCE
from payguide.collect.recognise_board import Board, recognise_board
from payguide.collect.recorded import postings
from payguide.collect.structured_data import job_postings

_OK: Final = 200
_NOT_FOUND: Final = 404
_GONE: Final = 410


@dataclass(frozen=True, slots=True)
class _Asked:
    """What kind of thing is asked for: its name in messages, and what to do where it is not found."""

    thing: str
    not_found: str


_BOARD: Final = _Asked("board", "check the employer's board name in the address of its careers page")
_PAGE: Final = _Asked("page", "check the address in a browser: the job may be filled and its page taken down")


def board(
    kind: str, org: str, *, retrieved: date | None = None, client: Client | None = None
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
    return _board(kind, org, addresses, retrieved or _today(), client or Client())


def _board(
    kind: str, org: str, addresses: list[str], day: date, client: Client
) -> Iterator[Document | Rejection]:
    where = f"{kind}:{org}"
    value = parse_json(_fetch(client, addresses, _BOARD))
    found = value if isinstance(value, Fault) else recognise_board(value, org)
    if isinstance(found, Fault):
        raise found.error(where)
    if found.source != kind:
        remedy = f"try {found.source}:{org}"
        raise WrongShape(f"the answer is {found.source}'s, not {kind}'s", where=where, remedy=remedy)
    yield from postings(found, day, where)


def page(
    url: str, *, retrieved: date | None = None, client: Client | None = None
) -> Iterator[Document | Rejection]:
    """The schema.org JobPosting data of a careers page.

    Raises:
        UsageError: the address is not http or https.
        SourceUnavailable: the page did not answer, or refused.
        WrongShape: the page carries no JobPosting.
    """
    asked_for(url)
    return _page(url, retrieved or _today(), client or Client())


def _page(url: str, day: date, client: Client) -> Iterator[Document | Rejection]:
    where = without_credentials(url)
    jobs = tuple(job_postings(_fetch(client, [url], _PAGE, AT_ONCE)))
    if not jobs:
        remedy = "the employer may publish through a job board: try ashby:, greenhouse: or lever:"
        raise WrongShape("the page carries no schema.org JobPosting", where=where, remedy=remedy)
    yield from postings(Board("jobposting", "", jobs), day, where)


def _fetch(client: Client, addresses: list[str], asked: _Asked, largest: int = LARGEST_ANSWER) -> bytes:
    """The body of the first address that is found."""
    for address in addresses:
        answer = client.get(address, largest=largest)
        if answer.status == _OK:
            return answer.content
        if answer.status != _NOT_FOUND or address == addresses[-1]:
            raise _refused(without_credentials(address), answer.status, asked)
    raise AssertionError("an address always answers or raises")


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
