"""Boards that answer in memory in their systems' true shapes, made by hand, with the faults of the field."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fake_net import Asked, FakeNet, Reply
from payguide.base.inputs import Document, Rejection
from payguide.collect.client import Client
from payguide.collect.hosts import Hosts
from payguide.collect.live import BoardName, Live
from payguide.collect.wish import Wish

Answer = Callable[[Asked], Reply]
OPEN = Reply(404)
WORKDAY = "workday:acme.wd5.myworkdayjobs.com/acme/Site"


def says(value: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, json.dumps(value).encode(), headers)


def visited(
    answer: Answer, *boards: str, wish: Wish | None = None, robots: Reply = OPEN
) -> tuple[list[Document | Rejection], Live, FakeNet]:
    """What live boards bring, the run over them, and what their hosts were asked."""
    net = FakeNet(lambda asked: robots if asked.path == "/robots.txt" else answer(asked))
    client = Client(backend=net, resolve=net.resolve, hosts=Hosts(sleep=lambda _: None))
    names = [BoardName(*board.split(":", 1)) for board in boards]
    live = Live(names, client, wish or Wish(workers=1))
    return list(live.documents()), live, net


def greenhouse(jobs: Sequence[Mapping[str, Any]], total: int | None = None) -> Any:
    return {"jobs": list(jobs), "meta": {"total": len(jobs) if total is None else total}}


def greenhouse_job(number: int, **changes: object) -> dict[str, Any]:
    low = 15_000_000 + 1_000_000 * (number % 9)
    return {
        "id": number,
        "absolute_url": f"https://job-boards.greenhouse.io/acme/jobs/{number}",
        "title": "Machine Learning Engineer",
        "company_name": "Acme",
        "updated_at": "2026-11-02T10:00:00-04:00",
        "location": {"name": "New York, NY"},
        "content": f"&lt;p&gt;Train models of kind {number}.&lt;/p&gt;",
        "pay_input_ranges": [
            {"min_cents": low, "max_cents": low + 6_000_000, "currency_type": "USD", "title": "Annual Salary"}
        ],
        **changes,
    }


class Workday:
    """A site of postings by path, each with the id of its family. `clamp` is what it says and shows at most; after it
    begins again. `quiet`: the count stands on the first page only. `refused` paths answer 403, `gone` ones 404.
    """

    def __init__(self, families: Mapping[str, int], *, clamp: int = 10**9, quiet: bool = False) -> None:
        self.paths = [
            (f"/job/Austin/ML-Engineer_{f}-{n}", f) for f, count in families.items() for n in range(count)
        ]
        self.clamp, self.quiet = clamp, quiet
        self.refused: set[str] = set()
        self.gone: set[str] = set()
        self.title = "Machine Learning Engineer"

    def __call__(self, asked: Asked) -> Reply:
        if asked.path == "/wday/cxs/acme/Site/jobs":
            return self._list(json.loads(asked.body))
        path = asked.path.removeprefix("/wday/cxs/acme/Site")
        if path in self.refused or path in self.gone:
            return Reply(403 if path in self.refused else 404)
        info = {"title": self.title, "jobReqId": path.rsplit("_", 1)[1], "location": "Austin, TX",
                "country": {"descriptor": "United States of America"}, "startDate": "2026-10-20",
                "externalUrl": f"https://acme.wd5.myworkdayjobs.com/Site{path}",
                "jobDescription": "<p>The base salary range is $150,000 - $210,000 a year.</p>"}  # fmt: skip
        return says({"jobPostingInfo": info, "hiringOrganization": {"name": "2100 Acme USA"}})

    def _list(self, body: Mapping[str, Any]) -> Reply:
        if set(body) != {"appliedFacets", "limit", "offset", "searchText"}:
            return Reply(422)
        wanted = body["appliedFacets"].get("jobFamilyGroup")
        matching = [path for path, family in self.paths if not wanted or family in wanted]
        total, offset = min(len(matching), self.clamp), body["offset"]
        shown = matching[:total]
        rows = shown[offset : offset + body["limit"]] or (
            shown[: body["limit"]] if self.clamp < 10**9 else []
        )
        counts = Counter(family for _, family in self.paths if not wanted or family in wanted)
        values = [{"descriptor": family, "id": family, "count": count} for family, count in counts.items()]
        return says({
            "total": 0 if self.quiet and offset else total,
            "facets": [{"facetParameter": "jobFamilyGroup", "values": values}],
            "jobPostings": [{"title": self.title, "externalPath": path, "locationsText": "Austin"} for path in rows],
        })  # fmt: skip


def rippling(count: int, *, total: int | None = None) -> Answer:
    """A board of so many postings, each of which stands twice in the list, for two places."""

    def answer(asked: Asked) -> Reply:
        parts = urlsplit(asked.path)
        if not parts.path.endswith("/jobs"):
            record = parts.path.rsplit("/", 1)[1]
            pay = [{"rangeStart": 180000, "rangeEnd": 240000, "currency": "USD", "frequency": "ANNUAL",
                    "location": "Austin, TX"}]  # fmt: skip
            return says({"uuid": record, "name": "ML Engineer", "createdOn": "2026-10-01", "companyName": "Acme",
                         "workLocations": ["Austin, TX"], "payRangeDetails": pay,
                         "description": {"role": "<p>Go.</p>"}},
                        **{"Cache-Control": "no-store"})  # fmt: skip
        page = int(parse_qs(parts.query)["page"][0])
        rows = [{"id": f"r{n // 2}", "name": "ML Engineer",
                 "locations": [{"name": "Austin, TX", "workplaceType": kind}]}
                for n in range(2 * count) for kind in [("REMOTE", "ON_SITE")[n % 2]]]  # fmt: skip
        shown = rows[page * 100 : page * 100 + 100]
        return says({"items": shown, "totalItems": count if total is None else total})

    return answer


def oracle(count: int) -> Answer:
    def answer(asked: Asked) -> Reply:
        if "Details" in asked.path:
            record = asked.path.split("%22")[1]
            text = "<p>Pay range $140,000 - $190,000 a year.</p>"
            item = {"Id": record, "Title": "ML Engineer", "PrimaryLocation": "Dallas, TX, United States",
                    "ExternalPostedStartDate": "2026-10-06T09:36:02+00:00", "WorkplaceTypeCode": "ORA_HYBRID",
                    "ExternalDescriptionStr": text}  # fmt: skip
            return says({"items": [item]})
        offset = int(asked.path.split("offset=")[1].split(",")[0])
        rows = [{"Id": str(n), "Title": "ML Engineer"} for n in range(count)][offset : offset + 100]
        return says({"items": [{"TotalJobsCount": count, "requisitionList": rows}]})

    return answer


def smartrecruiters(count: int) -> Answer:
    def answer(asked: Asked) -> Reply:
        if "?" not in asked.path:
            return says({"id": asked.path.rsplit("/", 1)[1], "name": "ML Engineer", "releasedDate": "2026-10-02",
                         "jobAd": {"sections": {"jobDescription": {"title": "", "text": "<p>Go.</p>"}}}})  # fmt: skip
        offset = int(asked.path.split("offset=")[1])
        rows = [{"id": str(n), "name": "ML Engineer"} for n in range(count)][offset : offset + 100]
        return says({"totalFound": count, "content": rows})

    return answer
