"""A careers site by its sitemaps: the pages that look like postings, each with its schema.org JobPosting data.

What a site lists for search engines is what they show of it, not all that it has: nothing is closed by it.
"""

from __future__ import annotations

import html
import io
import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

from payguide.base.credentials import without_credentials
from payguide.base.errors import InputError, SourceUnavailable, WrongShape
from payguide.base.inputs import Document, Rejection
from payguide.collect.boards import Visit
from payguide.collect.client import asked_for
from payguide.collect.files import GZIP, Fault, gunzip
from payguide.collect.long_json import AT_ONCE
from payguide.collect.recognise_board import Board
from payguide.collect.structured_data import job_postings

_OK: Final = 200
#: Sitemaps that are looked through, their bytes as sitemaps.org bounds them, and pages that are asked for.
_MOST_MAPS: Final = 50
_LARGEST_MAP: Final = 50 << 20
_MOST_PAGES: Final = 2_000
_ENTRY: Final = re.compile(r"<(?:\w++:)?(url|sitemap)>")
_LOC: Final = re.compile(r"<(?:\w++:)?loc>\s*+(?:<!\[CDATA\[)?([^<\]]++)")
_DAY: Final = re.compile(r"<(?:\w++:)?lastmod>\s*+(\d{4}-\d\d-\d\d)")
#: Words of the address of a posting, in the languages of the field.
_POSTING: Final = re.compile(
    r"job|career|position|opening|vacanc|requisition|stelle|karriere|emploi|offre|empleo|vaga|lavora",
    re.IGNORECASE,
)


def visit(visit: Visit) -> Iterator[Document | Rejection]:
    """The postings of a careers site, which an address of it names. Pages below that address are looked at; of the
    site's root those whose addresses have a word of postings.

    Raises:
        SourceUnavailable: no sitemap answered.
        WrongShape: they list no such page.
    """
    pages = _pages(visit)
    if not pages:
        remedy = "name one page as jobposting:URL, or the employer's board"
        raise WrongShape("no sitemap lists a page of postings", where=visit.where, remedy=remedy)
    visit.cut = len(pages) > _MOST_PAGES
    for address in pages[:_MOST_PAGES]:
        if visit.limit is not None and visit.limit <= 0:
            visit.cut = True
            return
        try:
            answer = visit.ask(address, largest=AT_ONCE)
        except (SourceUnavailable, InputError):
            visit.unchecked += 1
            continue
        if answer.status != _OK:
            visit.unchecked += 1
        elif jobs := tuple(job_postings(answer.content)):
            visit.records[without_credentials(address)] = without_credentials(address)
            if not answer.unchanged:
                yield from visit.documents(Board("jobposting", "", jobs))


def _pages(visit: Visit) -> list[str]:
    """The addresses of a site's postings, in the order of its sitemaps."""
    target, prefix = asked_for(visit.org), urlsplit(visit.org).path.rstrip("/")
    found: dict[str, None] = {}
    maps = deque(visit.client.sitemaps(visit.org) or [urljoin(visit.org, "/sitemap.xml")])
    seen = set(maps)
    answered = 0
    failed: SourceUnavailable | InputError | None = None
    while maps and answered < _MOST_MAPS:
        address, answered = maps.popleft(), answered + 1
        try:
            text = _map(visit, address)
        except (SourceUnavailable, InputError) as error:
            failed = error
            continue
        for kind, url, day in _entries(text, address):
            if kind == "sitemap" and url not in seen:
                seen.add(url)
                maps.append(url)
            late = not (visit.since and day and day < visit.since.isoformat())
            if kind == "url" and late and _is_wanted(urlsplit(url), target.host, prefix):
                found[url] = None
    if failed and not found:
        raise failed
    return list(found)


def _entries(text: str, address: str) -> Iterator[tuple[str, str, str]]:
    """What a sitemap lists: its kind, its address, and the day of its last change (empty where it says none)."""
    _, *parts = _ENTRY.split(text)
    for kind, inside in zip(parts[::2], parts[1::2], strict=True):
        place, day = _LOC.search(inside), _DAY.search(inside)
        if place:
            # what is no address is nobody's page
            with suppress(ValueError):
                url = urljoin(address, html.unescape(place[1].strip()))
                urlsplit(url)
                yield kind, url, day[1] if day else ""


def _is_wanted(parts: SplitResult, host: str, prefix: str) -> bool:
    if parts.hostname != host:
        return False
    if prefix and not prefix.endswith(".xml"):
        return parts.path.startswith(f"{prefix}/")
    return _POSTING.search(parts.path) is not None


def _map(visit: Visit, address: str) -> str:
    """The text of a sitemap.

    Raises:
        SourceUnavailable, InputError: it did not answer, or cannot be unpacked.
    """
    answer = visit.client.get(address, largest=_LARGEST_MAP)
    if answer.status != _OK:
        where = without_credentials(address)
        raise SourceUnavailable(
            f"the sitemap answered {answer.status}", where=where, remedy="try again later"
        )
    content = answer.content
    if content.startswith(GZIP):
        unpacked = gunzip(io.BytesIO(content), _LARGEST_MAP)
        if isinstance(unpacked, Fault):
            raise unpacked.error(without_credentials(address))
        content = unpacked
    return content.decode("utf-8", "replace")
