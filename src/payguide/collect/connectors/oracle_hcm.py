"""Oracle Recruiting: a list of requisitions by offset, and an answer for each. HOST/SITE names a site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from payguide.base.inputs import Document, Rejection
from payguide.collect.boards import Visit
from payguide.collect.connectors.paged import Listed, Page, all_pages, page_of, postings_of

_SIZE: Final = 100


def visit(visit: Visit) -> Iterator[Document | Rejection]:
    """The postings of an Oracle site.

    Raises:
        SourceUnavailable, InputError: its list did not answer, or with something else.
    """
    host, site = visit.org.split("/")
    root, site = f"https://{host}/hcmRestApi/resources/latest", quote(site, safe="")
    visit.employer = visit.employer or host.partition(".")[0]

    def ask(_: int, offset: int) -> Page:
        finder = f"findReqs;siteNumber={site},limit={_SIZE},offset={offset},sortBy=POSTING_DATES_DESC"
        value = visit.json(
            f"{root}/recruitingCEJobRequisitions?onlyData=true"
            f"&expand=requisitionList.secondaryLocations&finder={finder}"
        )
        return page_of(visit, _item(value), "requisitionList", "TotalJobsCount")

    def listed(entry: Mapping[str, Any]) -> Listed | None:
        record = entry.get("Id")
        if not isinstance(record, str | int) or not str(record):
            return None
        finder = f'ById;Id="{quote(str(record), safe="")}",siteNumber={site}'
        address = f"{root}/recruitingCEJobRequisitionDetails?expand=all&onlyData=true&finder={finder}"
        return Listed(str(record), str(entry.get("Title") or ""), address, entry)

    def job(one: Listed, value: Any) -> Mapping[str, Any] | None:
        item = _item(value)
        page = f"https://{host}/hcmUI/CandidateExperience/en/sites/{site}/job/{quote(one.record)}"
        return {"url": page, **item} if isinstance(item, Mapping) and "Title" in item else None

    found, visit.complete = all_pages(ask, listed, _SIZE)
    yield from postings_of(visit, found, job)


def _item(value: Any) -> Any:
    """The one item that an answer wraps."""
    items = value.get("items") if isinstance(value, Mapping) else None
    return items[0] if isinstance(items, list) and items else value
