"""Workday's and SmartRecruiters' answers, recorded: known by their shape and read to places, days and pay."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from payguide.base.codes import Level, Remote, Role
from payguide.base.inputs import Document, Place, Posting
from payguide.collect.sources import documents
from payguide.decode.reader import read

INFO = {
    "id": "9f", "title": "Senior Machine Learning Engineer", "jobReqId": "JR100", "jobPostingId": "Senior-ML_JR100",
    "jobDescription": "<p>5+ years of Python.</p><p>The base salary range is $160,000 - $240,000 a year.</p>",
    "location": "US, WA, Seattle", "additionalLocations": ["US, CA, Santa Clara"], "postedOn": "Posted 3 Days Ago",
    "startDate": "2026-09-01", "timeType": "Full time", "country": {"descriptor": "United States of America"},
    "externalUrl": "https://acme.wd5.myworkdayjobs.com/Careers/job/Seattle/Senior-ML_JR100", "remoteType": "Hybrid",
}  # fmt: skip
DETAIL = {
    "jobPostingInfo": INFO,
    "hiringOrganization": {"name": "2100 Acme USA", "url": ""},
    "similarJobs": [],
}
ENTRY = {"title": "Data Scientist", "externalPath": "/job/Berlin/DS_JR7", "locationsText": "Berlin, Germany",
         "postedOn": "Posted Today", "bulletFields": ["JR7"]}  # fmt: skip
PAGE = {"total": 1, "jobPostings": [ENTRY], "facets": [], "userAuthenticated": False}

SUMMARY = {
    "id": "74", "uuid": "u", "name": "Machine Learning Engineer", "refNumber": "R1",
    "company": {"identifier": "Acme1", "name": "Acme"},
    "releasedDate": "2026-08-03T10:00:00.000Z", "ref": "https://api.smartrecruiters.com/v1/companies/Acme1/postings/74",
    "location": {"city": "Austin", "region": "TX", "country": "us", "remote": False},
    "typeOfEmployment": {"id": "permanent", "label": "Full-time"}, "experienceLevel": {"id": "mid_senior_level"},
}  # fmt: skip
SECTIONS = {
    "companyDescription": {"title": "Company", "text": "<p>We build.</p>"},
    "jobDescription": {"title": "Job", "text": "<p>Train models with Python.</p>"},
    "qualifications": {"title": "Qualifications", "text": "<ul><li>3+ years of experience</li></ul>"},
    "additionalInformation": {"title": "More", "text": "<p>Salary: $150,000 - $180,000 per year.</p>"},
}
FULL = {**SUMMARY, "jobAd": {"sections": SECTIONS}, "postingUrl": "https://jobs.smartrecruiters.com/Acme1/74"}
PAID = {**FULL, "compensation": {"min": 150000, "max": "180k", "currency": "USD", "period": "YEARLY"}}


def landed(folder: Path, answer: object, day: date | None = date(2026, 10, 1)) -> list[Posting]:
    path = folder / "acme.json"
    path.write_text(json.dumps(answer))
    found = list(documents(f"recorded:{path}", retrieved=day))
    readings = [read(one) for one in found if isinstance(one, Document)]
    assert len(readings) == len(found)
    assert not any(one.rejections for one in readings)
    return [posting for one in readings for posting in one.postings]


#: an answer, how many postings it holds, whose they are
ANSWERS: list[tuple[object, int, str]] = [
    (DETAIL, 1, "workday"), ([DETAIL, DETAIL], 2, "workday"), (PAGE, 1, "workday"), ([ENTRY], 1, "workday"),
    ({"total": 0, "jobPostings": []}, 0, ""), ({"jobPostings": [ENTRY, ENTRY]}, 2, "workday"),
    ({"jobPostings": [DETAIL], "total": 1}, 1, "workday"),
    ({"jobPostingInfo": {**INFO, "country": None}}, 1, "workday"), (INFO, 1, "workday"), ([INFO], 1, "workday"),
    ([{"title": "Data Scientist", "locationsText": "Berlin", "bulletFields": ["JR7"]}], 1, "workday"),
    ({"offset": 0, "limit": 100, "totalFound": 1, "content": [SUMMARY]}, 1, "smartrecruiters"),
    ({"content": [FULL]}, 1, "smartrecruiters"), (FULL, 1, "smartrecruiters"), (SUMMARY, 1, "smartrecruiters"),
    ([FULL, PAID], 2, "smartrecruiters"), ({"totalFound": 0, "content": []}, 0, ""),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "count", "source"), ANSWERS)
def test_an_answer_is_known_by_its_shape(tmp_path: Path, answer: object, count: int, source: str) -> None:
    found = landed(tmp_path, answer)
    assert [one.source for one in found] == [source] * count


def test_a_workday_posting_is_read(tmp_path: Path) -> None:
    (posting,) = landed(tmp_path, DETAIL, None)

    assert (posting.id, posting.date, posting.profile.employer.name) == (
        "JR100",
        date(2026, 9, 1),
        "Acme USA",
    )
    assert (posting.profile.role, posting.profile.level) == (Role.ML_ENGINEER, Level.SENIOR)
    assert [place.city for place in posting.places] == ["Seattle", "Santa Clara"]
    assert posting.profile.remote is Remote.HYBRID
    assert [(band.low, band.high) for band in posting.pay] == [(160_000, 240_000)]
    assert posting.url == INFO["externalUrl"]


@pytest.mark.parametrize(
    ("fields", "country", "currency"),
    [
        ({"location": "Toronto", "country": {"descriptor": "Canada"}}, "CA", "CAD"),
        ({"location": "Remote - Australia", "country": None}, "AU", "AUD"),
        ({"location": "Headquarters", "country": None, "jobRequisitionLocation": {"country": {"descriptor": "Canada"}}},
         "CA", "CAD"),
    ],
)  # fmt: skip
def test_a_workday_country_says_whose_dollar_it_is(
    tmp_path: Path, fields: Mapping[str, Any], country: str, currency: str
) -> None:
    (posting,) = landed(tmp_path, {"jobPostingInfo": {**INFO, "additionalLocations": [], **fields}})
    assert (posting.profile.place.country, posting.pay[0].currency) == (country, currency)


@pytest.mark.parametrize(
    ("city", "country"), [("Berlin", "de"), ("Bengaluru", "in"), ("Toronto", "ca"), ("Lima", "pe")]
)
def test_a_smartrecruiters_country_is_no_state(tmp_path: Path, city: str, country: str) -> None:
    (posting,) = landed(tmp_path, {**FULL, "location": {"city": city, "country": country}})
    assert (posting.profile.place.city, posting.profile.place.country) == (city, country.upper())


@pytest.mark.parametrize(
    ("name", "employer"),
    [("2100 NVIDIA USA", "Nvidia"), ("Acme, Inc.", "Acme, Inc."), ("US01 - Acme", "Acme"),
     ("3M Company", "3M"),
     ("", "acme"), (None, "acme"), ("7-Eleven", "7-Eleven"), ("0045 Acme 2000", "Acme 2000")],
)  # fmt: skip
def test_a_legal_entity_s_number_is_no_name(tmp_path: Path, name: str | None, employer: str) -> None:
    (posting,) = landed(tmp_path, {**DETAIL, "hiringOrganization": {"name": name}})
    assert posting.profile.employer.name == employer


@pytest.mark.parametrize(
    ("written", "remote"),
    [("Remote", Remote.REMOTE), ("Fully Remote", Remote.REMOTE), ("Hybrid Remote", Remote.HYBRID),
     ("Flexible", Remote.HYBRID),
     ("On-site", Remote.ONSITE), ("Onsite", Remote.ONSITE), ("In-Office", Remote.ONSITE),
     ("Work from Home", Remote.REMOTE)],
)  # fmt: skip
def test_a_workday_posting_says_where_the_work_is_done(tmp_path: Path, written: str, remote: Remote) -> None:
    (posting,) = landed(tmp_path, {"jobPostingInfo": {**INFO, "remoteType": written}})
    assert posting.profile.remote is remote


def test_an_entry_of_a_list_never_stands_for_the_posting(tmp_path: Path) -> None:
    (entry,) = landed(tmp_path, PAGE)
    assert (entry.has_text, entry.profile.role, entry.places) == (
        False, Role.DATA_SCIENTIST, (Place("Berlin", entry.places[0].region, "DE"),)
    )  # fmt: skip
    (whole,) = landed(tmp_path, {"jobPostingInfo": {**INFO, "jobReqId": "JR7"}})
    assert entry.id != whole.id
    summary, full = (landed(tmp_path, one)[0] for one in (SUMMARY, FULL))
    assert summary.id != full.id == "74"


def test_a_smartrecruiters_posting_is_read(tmp_path: Path) -> None:
    (posting,) = landed(tmp_path, PAID, None)

    assert (posting.date, posting.profile.employer.name) == (date(2026, 8, 3), "Acme")
    assert posting.profile.place == Place("Austin", "TX", "US", "12420")
    assert (posting.profile.role, posting.profile.years_min) == (Role.ML_ENGINEER, 3)
    for bands in (posting.pay, posting.structured_pay):
        assert [(band.low, band.high, band.currency) for band in bands] == [(150_000, 180_000, "USD")]


@pytest.mark.parametrize(
    ("fields", "remote"),
    [({"remote": True}, Remote.REMOTE), ({"remote": False}, Remote.UNSTATED),
     ({"remote": True, "hybrid": True}, Remote.HYBRID),
     ({"remote": "yes"}, Remote.UNSTATED), ({"hybrid": True}, Remote.HYBRID)],
)  # fmt: skip
def test_a_smartrecruiters_place_says_where_the_work_is_done(
    tmp_path: Path, fields: Mapping[str, Any], remote: Remote
) -> None:
    (posting,) = landed(tmp_path, {**FULL, "location": {"city": "Austin", "country": "us", **fields}})
    assert posting.profile.remote is remote


def test_an_answer_without_a_day_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "acme.json"
    path.write_text(json.dumps(PAGE))
    (refused,) = documents(f"recorded:{path}")
    assert "--retrieved" in refused.found  # type: ignore[union-attr]
