"""Careers sites by their sitemaps: which pages are asked for, and what comes of them."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from datetime import date

import pytest
from board_sites import visited

from fake_net import Asked, Reply
from payguide.collect.wish import Wish

JOB = {"@type": "JobPosting", "title": "ML Engineer", "datePosted": "2026-11-02"}
PAGE = f'<script type="application/ld+json">{json.dumps(JOB)}</script>'.encode()


def urls(*pages: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{page}</loc></url>' for page in pages)}</urlset>".encode()


def index(*maps: str) -> bytes:
    inside = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in maps)
    return f"<sitemapindex>{inside}</sitemapindex>".encode()


A = "https://acme.example"
#: the robots.txt, what the site answers, the address that is named, the pages that are asked for
SITES: list[tuple[str, Mapping[str, bytes], str, list[str]]] = [
    ("", {"/sitemap.xml": urls(f"{A}/jobs/1", f"{A}/about", f"{A}/careers/2")}, A, ["/jobs/1", "/careers/2"]),
    ("", {"/sitemap.xml": urls(f"{A}/jobs/1", f"{A}/work/x")}, f"{A}/work", ["/work/x"]),
    (f"sitemap: {A}/s.xml", {"/s.xml": urls(f"{A}/jobs/1")}, A, ["/jobs/1"]),
    ("", {"/sitemap.xml": index(f"{A}/2.xml", f"{A}/3.xml"), "/2.xml": urls(f"{A}/jobs/1"),
          "/3.xml": gzip.compress(urls(f"{A}/jobs/2"))}, A, ["/jobs/1", "/jobs/2"]),
    ("", {"/sitemap.xml": index(f"{A}/sitemap.xml", f"{A}/2.xml"), "/2.xml": urls(f"{A}/jobs/1")}, A, ["/jobs/1"]),
    ("", {"/sitemap.xml": index(f"{A}/gone.xml", f"{A}/2.xml"), "/2.xml": urls(f"{A}/jobs/1")}, A, ["/jobs/1"]),
    ("", {"/sitemap.xml": urls("https://b.example/jobs/1", "http://127.0.0.1/jobs/2", "http://[/jobs", f"{A}/jobs/3")},
     A, ["/jobs/3"]),
    ("", {"/sitemap.xml": urls(f"{A}/jobs/1?a=1&amp;b=2", f" {A}/jobs/1?a=1&amp;b=2 ")}, A, ["/jobs/1?a=1&b=2"]),
    ("", {"/sitemap.xml": b"<x:urlset><x:url><x:loc><![CDATA[/jobs/1]]></x:loc></x:url></x:urlset>"}, A, ["/jobs/1"]),
    ("user-agent: *\ndisallow: /jobs/2", {"/sitemap.xml": urls(f"{A}/jobs/1", f"{A}/jobs/2")}, A, ["/jobs/1"]),
]  # fmt: skip


@pytest.mark.parametrize(("robots", "answers", "address", "pages"), SITES)
def test_the_pages_of_postings_are_asked_for(
    robots: str, answers: Mapping[str, bytes], address: str, pages: list[str]
) -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path.endswith(".xml"):
            return Reply(body=answers[asked.path]) if asked.path in answers else Reply(404)
        return Reply(body=PAGE)

    found, live, net = visited(answer, f"careers:{address}", robots=Reply(body=robots.encode()))
    paths = [asked.path for asked in net.asked if not asked.path.endswith((".xml", ".txt"))]
    assert (paths, len(found), live.failed) == (pages, len(pages), [])
    assert {asked.host for asked in net.asked} == {"acme.example"}
    assert not live.visits[0].complete


@pytest.mark.parametrize(
    "answer", [Reply(404), Reply(body=b""), Reply(body=b"<html>"), Reply(body=urls(f"{A}/about"))]
)
def test_a_site_without_postings_is_said(answer: Reply) -> None:
    _, live, _ = visited(lambda _: answer, f"careers:{A}")
    assert len(live.failed) == 1


def test_pages_that_have_not_changed_since_a_day_are_not_asked_for() -> None:
    days = {"/jobs/1": "2026-11-03T10:00:00Z", "/jobs/2": "2026-01-01"}
    inside = "".join(f"<url><loc>{A}{page}</loc><lastmod>{day}</lastmod></url>" for page, day in days.items())

    def answer(asked: Asked) -> Reply:
        return Reply(body=inside.encode() if asked.path.endswith(".xml") else PAGE)

    found, _, net = visited(answer, f"careers:{A}", wish=Wish(since=date(2026, 11, 1), workers=1))
    assert [asked.path for asked in net.asked][2:] == ["/jobs/1"]
    assert len(found) == 1


def test_a_page_that_refuses_costs_no_other() -> None:
    def answer(asked: Asked) -> Reply:
        if asked.path == "/jobs/1":
            return Reply(403)
        return Reply(body=urls(f"{A}/jobs/1", f"{A}/jobs/2") if asked.path.endswith(".xml") else PAGE)

    found, live, _ = visited(answer, f"careers:{A}")
    assert (len(found), live.visits[0].unchecked) == (1, 1)
