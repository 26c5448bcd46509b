"""Whose job-board answer is this? Told from its shape: the file's name and place promise nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from payguide.base.inputs import Document
from payguide.collect import cards
from payguide.collect.files import Fault
from payguide.collect.long_json import Items
from payguide.collect.structured_data import is_job_posting, postings_in

#: The media type of one posting of each kind of board.
MEDIA_TYPES: Final = {
    **{name: str(card["media_type"]) for name, card in cards.live().items()},
    "hn_2026": "application/vnd.payguide.table;map=hn_thread;format=jsonl",
}

#: The boards by name, for messages.
BOARDS: Final = ", ".join(
    str(card["title"]).split()[0] for name, card in cards.live().items() if name != "jobposting"
)

#: The fields in which postings name days of their own.
_STAMPS: Final = (
    "publishedAt", "updated_at", "first_published", "datePosted", "created_at", "releasedDate", "startDate",
    "published_at", "published_on", "createdOn", "ExternalPostedStartDate",
)  # fmt: skip
#: Fields of a Workday posting, or of an entry of its lists, that no other board has.
_WORKDAY: Final = frozenset(("externalPath", "bulletFields", "jobReqId", "jobPostingId"))
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


#: Under which key the postings of a board stand, and what beside them says that they are its.
_LISTS: Final[tuple[tuple[str, str, frozenset[str]], ...]] = (
    ("jobPostings", "workday", frozenset(("total",))),
    ("content", "smartrecruiters", frozenset(("total", "totalFound"))),
    ("items", "rippling", frozenset(("totalItems",))),
    ("items", "oracle_hcm", frozenset()),
    ("offers", "recruitee", frozenset(("offers",))),
    ("data", "pinpoint", frozenset(("data",))),
)
#: Fields of a posting that no other board has, and whose it is.
_OWN: Final = (
    ("workday", frozenset(("jobPostingInfo",))),
    ("rippling", frozenset(("workLocations", "payRangeDetails"))),
    ("oracle_hcm", frozenset(("ExternalDescriptionStr", "ExternalQualificationsStr"))),
    ("recruitee", frozenset(("careers_url",))),
    ("pinpoint", frozenset(("compensation_visible", "key_responsibilities"))),
)


#: Postings as received: of a long answer each is parsed when it is asked for.
Jobs = tuple[Any, ...] | list[Any] | Items


@dataclass(frozen=True, slots=True)
class Board:
    """One board's answer: the source it belongs to, its employer, its postings as received."""

    source: str
    employer: str
    jobs: Jobs

    @property
    def newest(self) -> date | None:
        """The day of the newest posting: the earliest day on which the answer can have been recorded."""
        return max(filter(None, map(day_of, self.jobs)), default=None)


def recognise_board(value: object, stem: str) -> Board | Fault:
    """The board an answer comes from. `stem` (the file's name) names the employer where the answer does not.

    A lone posting, a list and a whole answer are all taken; what is none of them is a Fault.
    """
    name = unquote(stem)
    if isinstance(value, list | Items):
        return _of_list(value, name)
    if isinstance(value, dict):
        return _of_object(value, name)
    return _unknown(f"a bare {type(value).__name__}")


def _of_list(jobs: list[Any] | Items, name: str) -> Board | Fault:
    first = next((job for job in jobs if isinstance(job, Mapping)), None)
    if first is None and len(jobs):
        return _unknown(f"a list of {type(next(iter(jobs))).__name__}")
    if first is None or "hostedUrl" in first or ("text" in first and "categories" in first):
        return Board("lever", _lever_site(first) or name, jobs)
    if is_job_posting(first):
        return Board("jobposting", "", jobs)
    if source := _by_fields(first):
        return Board(source, name, jobs)
    return _unknown(f"a list of objects with {_keys(first)}")


def _of_object(value: Mapping[str, Any], name: str) -> Board | Fault:
    jobs = value.get("jobs")
    if isinstance(jobs, list | Items):
        return _of_jobs(value, jobs, name)
    if isinstance(value.get("children"), list | Items) and "id" in value:
        return Board("hn_2026", "", value["children"])
    if jobs := tuple(postings_in(value)):
        return Board("jobposting", "", jobs)
    if "absolute_url" in value and "content" in value:
        return Board("greenhouse", _text(value.get("company_name")) or name, (value,))
    if "hostedUrl" in value:
        return Board("lever", _lever_site(value) or name, (value,))
    if source := _by_fields(value):
        return Board(source, name, (value,))
    for key, source, counts in _LISTS:
        jobs = value.get(key)
        if isinstance(jobs, list | Items) and (not counts.isdisjoint(value) or _first_is(source, jobs)):
            return Board(source, name, jobs)
    return _unknown(f"an object with {_keys(value)}")


def _by_fields(job: Mapping[str, Any]) -> str:
    """The board of a posting, or of an entry of a list, by the fields that it has alone; empty where it has none."""
    if own := next((source for source, fields in _OWN if not fields.isdisjoint(job)), ""):
        return own
    if "title" in job and not _WORKDAY.isdisjoint(job):
        return "workday"
    return "smartrecruiters" if "name" in job and ("jobAd" in job or "releasedDate" in job) else ""


def _first_is(source: str, jobs: list[Any] | Items) -> bool:
    first = next((job for job in jobs if isinstance(job, Mapping)), {})
    return _by_fields(first) == source


def _of_jobs(value: Mapping[str, Any], jobs: list[Any] | Items, name: str) -> Board | Fault:
    first = next((job for job in jobs if isinstance(job, Mapping)), {})
    if "absolute_url" in first or ("meta" in value and "jobUrl" not in first):
        return Board("greenhouse", _text(first.get("company_name")) or name, jobs)
    if "apiVersion" in value or "jobUrl" in first or "descriptionHtml" in first:
        return Board("ashby", name, jobs)
    if "shortcode" in first or (not first and "description" in value):
        return Board("workable", _text(value.get("name")) or name, jobs)
    return _unknown(f"an object with {_keys(value)} whose jobs have {_keys(first)}")


def _unknown(found: str) -> Fault:
    return Fault(
        "unknown_board_shape",
        f"{found}: not an answer of {BOARDS}, Hacker News or schema.org",
        "a board of another kind can be given as a table with postings:FILE --map NAME",
    )


def _keys(value: Mapping[str, Any]) -> str:
    return ", ".join(sorted(map(str, value))[:8]) or "no fields"


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _lever_site(job: Mapping[str, Any] | None) -> str:
    """`matchgroup` of https://jobs.lever.co/matchgroup/..."""
    try:
        parts = urlsplit(_text((job or {}).get("hostedUrl"))).path.split("/")
    except ValueError:  # http://[::1
        return ""
    return unquote(parts[1]) if len(parts) > 1 else ""


def day_of(job: object) -> date | None:
    """The newest day a posting names for itself; None where it names none."""
    if not isinstance(job, Mapping):
        return None
    told = job.get("jobPostingInfo")
    stamps = [(told if isinstance(told, Mapping) else job).get(key) for key in _STAMPS]
    days = [day for stamp in stamps if isinstance(stamp, str) and (day := _iso_day(stamp))]
    created = job.get("createdAt")
    if isinstance(created, int) and 0 < created < 4_102_444_800_000:  # milliseconds, before the year 2100
        days.append(datetime.fromtimestamp(created / 1000, UTC).date())
    return max(days, default=None)


def _iso_day(stamp: str) -> date | None:
    found = _DAY.match(stamp)
    if not found:
        return None
    try:
        return date.fromisoformat(found.group())
    except ValueError:
        return None


def employer_of(documents: Iterable[object]) -> str:
    """How a board's first posting names its employer; empty where it does not."""
    first = next((one for one in documents if isinstance(one, Document)), None)
    job = json.loads(first.content).get("job", {}) if first else {}
    return _text(job.get("company_name")) or _text(job.get("companyName"))
