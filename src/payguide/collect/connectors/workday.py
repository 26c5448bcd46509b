"""Workday: 20 postings a page, each with an answer of its own. HOST/TENANT/SITE names a site.

A site that has more than 2,000 says 2,000 and begins again after them: it is asked facet by facet, as finely as its
facets' own counts say that it must, and what comes is folded by its path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from payguide.base.inputs import Document, Rejection
from payguide.collect.boards import Visit
from payguide.collect.connectors.paged import Listed, Page, all_pages, page_of, postings_of, whole

_SIZE: Final = 20
#: What a site says at most, whatever it has.
_CLAMP: Final = 2_000
#: Facets that are laid upon each other until a part is small enough.
_DEEPEST: Final = 3

_Facets = Mapping[str, tuple[str, ...]]


def visit(visit: Visit) -> Iterator[Document | Rejection]:
    """The postings of a Workday site.

    Raises:
        SourceUnavailable, InputError: its list did not answer, or with something else.
    """
    host, tenant, site = visit.org.split("/")
    root = f"https://{host}/wday/cxs/{quote(tenant)}/{quote(site)}"
    visit.employer = visit.employer or tenant
    found, visit.complete = _listed(visit, root, {}, _DEEPEST)
    yield from postings_of(visit, found, lambda one, value: _job(value))


def _job(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) and isinstance(value.get("jobPostingInfo"), Mapping) else None


def _listed(visit: Visit, root: str, facets: _Facets, deeper: int) -> tuple[dict[str, Listed], bool]:
    """The entries within some facets, and whether these are all."""

    def value_at(offset: int) -> Any:
        body = {"appliedFacets": facets, "limit": _SIZE, "offset": offset, "searchText": ""}
        return visit.json(f"{root}/jobs", body=json.dumps(body).encode())

    def ask(number: int, offset: int) -> Page:
        return page_of(visit, value_at(offset) if number else first, "jobPostings", "total")

    def listed(entry: Mapping[str, Any]) -> Listed | None:
        path = entry.get("externalPath")
        # a path of the site, never another site's
        if not isinstance(path, str) or not path.startswith("/") or path.startswith("//"):
            return None
        return Listed(path, str(entry.get("title") or ""), root + quote(path, safe="/%-_.~"), entry)

    first = value_at(0)
    total = page_of(visit, first, "jobPostings", "total").total or 0
    parameter, values = _finest(first, facets) if deeper else ("", [])
    found: dict[str, Listed] = {}
    clamped = _is_clamped(total, first, facets)
    if not clamped or not values:
        found, complete = all_pages(ask, listed, _SIZE)
        if complete or total < _CLAMP or not values:
            return found, complete and not clamped
    parts = [_listed(visit, root, {**facets, parameter: (value,)}, deeper - 1) for value in values]
    for part, _ in parts:
        found |= part
    return found, all(complete for _, complete in parts) and len(found) >= total


def _is_clamped(total: int, first: Mapping[str, Any], facets: _Facets) -> bool:
    """Whether a list has more than it says: it says just what a site says at most, or a round number that every facet
    counts beyond.
    """
    counts = [sum(values.values()) for values in _counts(first, facets).values()]
    return total == _CLAMP or (total > 0 and total % 1_000 == 0 and min(counts, default=0) > total)


def _finest(first: Mapping[str, Any], facets: _Facets) -> tuple[str, list[str]]:
    """The facet that parts a list best, and its values that have postings: its largest part is the smallest."""
    total = first.get("total")
    counts = _counts(first, facets)
    counts = {name: found for name, found in counts.items() if sum(found.values()) >= (total or 0)}
    if not counts:
        return "", []
    name = min(counts, key=lambda name: (max(counts[name].values()), name))
    return name, list(counts[name])


def _counts(first: Mapping[str, Any], facets: _Facets) -> dict[str, dict[str, int]]:
    """How many postings each value of each facet has; facets may hold facets."""
    found: dict[str, dict[str, int]] = {}
    waiting: list[Any] = [(None, first.get("facets"))]
    while waiting:
        parameter, values = waiting.pop()
        for value in values if isinstance(values, list) else ():
            if not isinstance(value, Mapping):
                continue
            name = value.get("facetParameter")
            if isinstance(value.get("values"), list):
                waiting.append((name if isinstance(name, str) else parameter, value["values"]))
            elif parameter and parameter not in facets and (count := whole(value.get("count"))):
                found.setdefault(parameter, {})[str(value.get("id"))] = count
    return found
