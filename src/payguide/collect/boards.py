"""Live job boards: what one visit of a board brings, one Document a posting, and whether it has seen all of the board.

A board that answers whole needs a card only (`addresses` in cards.toml); one that answers page by page, or posting by
posting, has a module in `connectors`. An answer that has landed before and is as it was brings nothing again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import quote

from payguide.base.credentials import without_credentials
from payguide.base.errors import SourceUnavailable, UsageError, WrongShape
from payguide.base.inputs import Document, Rejection
from payguide.collect import cards
from payguide.collect.client import Answer, Client, asked_for
from payguide.collect.files import LARGEST_ANSWER, Fault, parse_json
from payguide.collect.hosts import Refused
from payguide.collect.long_json import AT_ONCE
from payguide.collect.recognise_board import Board, day_of, recognise_board
from payguide.collect.recorded import postings
from payguide.collect.structured_data import job_postings
from payguide.collect.wish import Wanted

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


@dataclass(slots=True)
class Visit:
    """One visit of one board, and what it has seen so far.

    `records` are the ids that the board gives its open postings, with the address of each; `complete` says that the
    board's own count agrees with them: only then is what is missing closed. `keys` name the answers that it read;
    `unasked` counts the postings whose title nobody wants, `unchecked` those whose own answer was refused.
    """

    source: str
    org: str
    client: Client
    day: date
    employer: str = ""
    wanted: Wanted = lambda _: True
    since: date | None = None
    limit: int | None = None
    records: dict[str, str] = field(default_factory=dict)
    complete: bool = False
    keys: list[str] = field(default_factory=list)
    unasked: int = 0
    unchecked: int = 0
    cut: bool = False

    @property
    def where(self) -> str:
        """The board as the command line names it."""
        return without_credentials(f"{self.source}:{self.org}")

    def ask(self, url: str, *, body: bytes = b"", largest: int = LARGEST_ANSWER) -> Answer:
        """What an address answers. That it was read is noted."""
        answer = self.client.get(url, body=body, largest=largest)
        if answer.status == _OK:
            self.keys.append(answer.key)
        return answer

    def json(self, url: str, *, body: bytes = b"") -> Any:
        """The JSON of an address that must answer.

        Raises:
            SourceUnavailable: it did not answer, or refused.
            InputError: it answered with something else.
        """
        answer = self.ask(url, body=body)
        if answer.status != _OK:
            raise refused(without_credentials(url), answer.status, _BOARD)
        return self.parsed(answer)

    def parsed(self, answer: Answer) -> Any:
        """The JSON of an answer.

        Raises:
            InputError: it is none.
        """
        value = parse_json(answer.content)
        if isinstance(value, Fault):
            raise value.error(self.where)
        return value

    def documents(self, board: Board) -> Iterator[Document | Rejection]:
        """The postings of an answer as Documents: of those since the day that is wanted, and no more than the limit."""
        if self.since is not None:
            before = len(board.jobs)
            jobs = [job for job in board.jobs if (day_of(job) or self.since) >= self.since]
            board, self.cut = Board(board.source, board.employer, jobs), self.cut or len(jobs) < before
        for item in postings(board, self.day, self.where):
            if self.limit is not None:
                if self.limit <= 0:
                    self.cut = True
                    return
                self.limit -= 1
            yield item


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
    return whole_board(Visit(kind, org.strip(), client or Client(), retrieved or today()))


def whole_board(visit: Visit) -> Iterator[Document | Rejection]:
    """The postings of a board that answers whole.

    Raises:
        SourceUnavailable: the board did not answer, or refused.
        WrongShape: it answered with something that is not such a board.
    """
    card = cards.boards()[visit.source]
    addresses = [address.format(org=quote(visit.org, safe="")) for address in card["addresses"]]
    answer = _fetch(visit, addresses, _BOARD)
    value = visit.parsed(answer)
    found = recognise_board(value, visit.org)
    if isinstance(found, Fault):
        raise found.error(visit.where)
    if found.source != visit.source:
        remedy = f"try {found.source}:{visit.org}"
        raise WrongShape(
            f"the answer is {found.source}'s, not {visit.source}'s", where=visit.where, remedy=remedy
        )
    total = _at(value, card.get("total", ()))
    # an empty list without a count may be an error that looks like one
    visit.complete = total == len(found.jobs) if card.get("total") else len(found.jobs) > 0
    if hides := card.get("hidden"):
        found = Board(found.source, found.employer, [job for job in found.jobs if not _is_hidden(job, hides)])
    for index, job in enumerate(found.jobs):
        record = job.get(card["id"]) if isinstance(job, Mapping) else None
        if isinstance(record, str | int) and not isinstance(record, bool) and str(record).strip():
            visit.records[str(record).strip()] = str(job.get(card["link"]) or "")
            continue
        # what has no id cannot be told from what is gone, nor from itself the next time
        visit.complete = False
        where, what = f"{visit.where}[{index}]", f"a posting without {card['id']!r}"
        yield Rejection("unknown_posting_shape", what, where, visit.source)
    if not visit.complete:
        found = Board(found.source, found.employer, [job for job in found.jobs if _has_id(job, card["id"])])
    if not answer.unchanged:
        yield from visit.documents(found)


def _has_id(job: Any, name: str) -> bool:
    return isinstance(job, Mapping) and bool(str(job.get(name) or "").strip())


def _is_hidden(job: Any, hides: Mapping[str, object]) -> bool:
    return isinstance(job, Mapping) and any(job.get(name) == value for name, value in hides.items())


def _at(value: Any, path: Iterable[str]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


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
    return one_page(Visit("jobposting", url, client or Client(), retrieved or today()))


def one_page(visit: Visit) -> Iterator[Document | Rejection]:
    """The postings of the page that a visit names; nothing is closed by what one page no longer shows."""
    visit_where = without_credentials(visit.org)
    answer = _fetch(visit, [visit.org], _PAGE, AT_ONCE)
    if answer.unchanged:
        return
    jobs = tuple(job_postings(answer.content))
    if not jobs:
        remedy = "the employer may publish through a job board: try ashby:, greenhouse: or lever:"
        raise WrongShape("the page carries no schema.org JobPosting", where=visit_where, remedy=remedy)
    found = Board("jobposting", "", jobs)
    yield from postings(found, visit.day, visit_where)


def content_of(url: str, client: Client) -> bytes:
    """What a web page answers, robots.txt and limits kept.

    Raises:
        UsageError: the address is not http or https.
        SourceUnavailable: the page did not answer, or refused.
    """
    answer = client.get(url, largest=AT_ONCE)
    if answer.status != _OK:
        raise refused(without_credentials(url), answer.status, _PAGE)
    return answer.content


def _fetch(visit: Visit, addresses: list[str], asked: _Asked, largest: int = LARGEST_ANSWER) -> Answer:
    """The answer of the first address that is found."""
    for address in addresses:
        answer = visit.ask(address, largest=largest)
        if answer.status == _OK:
            return answer
        if answer.status != _NOT_FOUND or address == addresses[-1]:
            raise refused(without_credentials(address), answer.status, asked)
    raise AssertionError("an address always answers or raises")


def refused(address: str, status: int, asked: _Asked = _BOARD) -> SourceUnavailable:
    """The error of an answer that is none."""
    thing = asked.thing
    remedy = {
        _NOT_FOUND: asked.not_found,
        _GONE: asked.not_found,
        401: f"the {thing} is not public",
        403: f"the {thing} is not public, or asks for fewer requests: try again later",
        429: f"the {thing} asks for fewer requests: try again in some minutes",
    }.get(status, "try again later")
    return SourceUnavailable(f"the {thing} answered {status}", where=address, remedy=remedy)


def refuse_terms(visit: Visit, allowed: Iterable[str]) -> None:
    """Refuse a board whose source forbids what is done here, unless its user answers for it by name.

    Raises:
        Refused: its card says why.
    """
    why = cards.closed(visit.source)
    if why and visit.source not in allowed:
        for host in cards.hosts(visit.source):
            visit.client.hosts.done(visit.client.hosts.of(asked_for(f"https://{host}/")), "refused")
        remedy = f"if you have its owner's leave, say so: --allow-terms {visit.source}"
        raise Refused(why, where=visit.where, remedy=remedy)


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()
