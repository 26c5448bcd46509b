"""Boards that list their postings page by page and give the text of each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from payguide.base.errors import SourceUnavailable, WrongShape
from payguide.base.inputs import Document, Rejection
from payguide.collect.boards import Visit
from payguide.collect.files import Fault, parse_json
from payguide.collect.recognise_board import Board

_OK: Final = 200
_GONE: Final = (404, 410)
#: No list has more pages.
_MOST_PAGES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its entries, and how many postings it says there are (None: it does not say)."""

    entries: list[Any]
    total: int | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list: the id that the board gives it, its title, the address of its own answer."""

    record: str
    title: str
    address: str
    entry: Mapping[str, Any]


def listed_below(root: str) -> Callable[[Mapping[str, Any]], Listed | None]:
    """Reads entries that bear `id` and `name`, whose own answers lie below an address; None for one without an id."""

    def listed(entry: Mapping[str, Any]) -> Listed | None:
        record = entry.get("id")
        if not isinstance(record, str) or not record:
            return None
        return Listed(record, str(entry.get("name") or ""), f"{root}/{quote(record, safe='')}", entry)

    return listed


def page_of(visit: Visit, value: Any, key: str, total: str) -> Page:
    """The page that an answer is: its entries stand under `key`, their number under `total`.

    Raises:
        WrongShape: it is none.
    """
    entries = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(entries, list):
        fields = (
            ", ".join(sorted(map(str, value))[:8]) if isinstance(value, Mapping) else type(value).__name__
        )
        found = f"the list of postings has no {key!r} (found: {fields or 'nothing'})"
        raise WrongShape(found, where=visit.where, remedy="the board may have changed: please report it")
    return Page(entries, whole(value.get(total)))


def whole(value: object) -> int | None:
    """A count; None where it is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def all_pages(
    ask: Callable[[int, int], Page], listed: Callable[[Any], Listed | None], size: int
) -> tuple[dict[str, Listed], bool]:
    """The entries of all pages by their ids, and whether they are as many as the list says that there are.

    `ask` is given a page's number and the entries before it. Only the first page's count is believed: later ones may
    say 0. A list ends with a page that brings nothing new: some begin again instead of ending.
    """
    found: dict[str, Listed] = {}
    total: int | None = None
    sound, offset = True, 0
    for number in range(_MOST_PAGES):
        page = ask(number, offset)
        total = page.total if number == 0 else total
        known = len(found)
        for entry in page.entries:
            one = listed(entry) if isinstance(entry, Mapping) else None
            if one is None:
                sound = False
            else:
                found.setdefault(one.record, one)
        offset += len(page.entries)
        short = len(page.entries) < size and total is None
        if len(found) == known or short or (total is not None and len(found) == total):
            break
    # an empty list without a count may be an error that looks like one
    return found, sound and (bool(found) if total is None else len(found) == total)


def postings_of(
    visit: Visit, found: Mapping[str, Listed], read: Callable[[Listed, Any], Mapping[str, Any] | None]
) -> Iterator[Document | Rejection]:
    """The postings of a list, each by its own answer, of which `read` makes what is kept; None where it is no posting.

    One that is gone meanwhile is closed, one whose answer is refused is not checked and stays open. Titles that nobody
    wants are not asked for.
    """
    visit.records.update({one.record: one.address for one in found.values()})
    for one in found.values():
        if not visit.wanted(one.title):
            visit.unasked += 1
            continue
        if visit.limit is not None and visit.limit <= 0:
            visit.cut = True
            return
        try:
            answer = visit.ask(one.address)
        except SourceUnavailable:
            visit.unchecked += 1
            continue
        if answer.status in _GONE:
            visit.records.pop(one.record)
        elif answer.status != _OK:
            visit.unchecked += 1
        elif not answer.unchanged:
            yield from _posting(visit, one, answer.content, read)


def _posting(
    visit: Visit, one: Listed, content: bytes, read: Callable[[Listed, Any], Mapping[str, Any] | None]
) -> Iterator[Document | Rejection]:
    value = parse_json(content)
    job = None if isinstance(value, Fault) else read(one, value)
    if job is None:
        found = value.found if isinstance(value, Fault) else "its own answer is no posting"
        visit.unchecked += 1
        visit.keys.pop()
        yield Rejection("unknown_posting_shape", found, f"{visit.where}: {one.record}", visit.source)
        return
    yield from visit.documents(Board(visit.source, visit.employer or visit.org, (job,)))
