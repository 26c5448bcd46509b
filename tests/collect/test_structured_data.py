"""schema.org JobPosting as pages have it: what browsers and search engines take though it is no JSON, and microdata."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from growth import grows_linearly
from payguide.base.inputs import Document
from payguide.collect.sources import documents
from payguide.collect.structured_data import job_postings

JOB = '{"@type": "JobPosting", "title": "ML Engineer", "description": "Train models."}'


def ld(inside: str, kind: str = "application/ld+json") -> str:
    return f'<html><head><script type="{kind}">{inside}</script></head><body></body></html>'


#: Each page says the same one job.
PAGES = {
    "plain": ld(JOB),
    "raw newline": ld(JOB.replace("Train models.", "Train\nmodels.\tNow")),
    "trailing comma": ld(JOB[:-1] + ",}"),
    "comma in a list": ld("[" + JOB + ", ]"),
    "semicolon": ld(JOB + ";"),
    "line comment": ld("// the job\n" + JOB),
    "block comment": ld("/* the job */" + JOB.replace('"title"', '/* t, */ "title"')),
    "comment signs in a text": ld(
        JOB[:-1].replace("Train models.", "See https://a.example/x, } /* here */ // there") + ",}"
    ),
    "cdata": ld("<![CDATA[" + JOB + "]]>"),
    "cdata behind slashes": ld("//<![CDATA[\n" + JOB + "\n//]]>"),
    "cdata in a comment": ld("/*<![CDATA[*/" + JOB + "/*]]>*/"),
    "html comment": ld("<!--\n" + JOB + "\n-->"),
    "bom": ld("\ufeff" + JOB),
    "bad escape": ld(JOB.replace("Train models.", "Don\\'t wait\\- C:\\path \\d")),
    "bad unicode escape": ld(JOB.replace("Train models.", "\\u00zz and \\u12")),
    "type as address": ld(JOB.replace('"JobPosting"', '"http://schema.org/JobPosting"')),
    "type as https address with slash": ld(JOB.replace('"JobPosting"', '"https://schema.org/JobPosting/"')),
    "type in a list": ld(JOB.replace('"JobPosting"', '["Thing", "https://schema.org/JobPosting"]')),
    "type with prefix": ld(JOB.replace('"JobPosting"', '"schema:JobPosting"')),
    "type in other letters": ld(JOB.replace('"JobPosting"', '"jobPosting"')),
    "blanks about the type": ld(JOB, " application/ld+json "),
    "type turned round": ld(JOB, "application/json+ld"),
    "charset": ld(JOB, "application/ld+json; charset=utf-8"),
    "capital type": ld(JOB, "Application/LD+JSON;charset=UTF-8"),
    "escaped type": ld(JOB, "application/ld&#43;json"),
    "escaped json": ld(JOB.replace('"', "&quot;")),
    "numerically escaped json": ld(JOB.replace('"', "&#34;")),
    "two objects": ld('{"@type": "Organization", "name": "Acme"}\n' + JOB),
    "objects with a comma": ld('{"@type": "Organization"},' + JOB),
    "broken first script": ld("{{ oops }}") + ld(JOB),
    "broken object ahead": ld('{"@type": "Organization", oops}\n' + JOB),
    "graph": ld('{"@graph": [{"@type": "WebSite"}, ' + JOB + "]}"),
    "all at once": ld(
        "\ufeff//<![CDATA[\n"
        + JOB.replace("Train models.", "Train\nmodels\\'").replace(
            "JobPosting", "http://schema.org/JobPosting"
        )[:-1]
        + ",};\n//]]>",
        "application/ld+json; charset=utf-8",
    ),
    "microdata": """<div itemscope itemtype="http://schema.org/JobPosting"><h1 itemprop="title">ML  Engineer</h1>
  <div itemprop="description"><p>Train <b>models</b>.</p></div></div>""",
    "microdata with metas": """<article itemtype='https://schema.org/JobPosting' itemscope>
  <meta itemprop=title content="ML Engineer"><p>Hello<br>there
  <div itemprop=description>Train models.</div></article>""",
}


@pytest.mark.parametrize("kind", PAGES)
def test_the_job_of_a_page_is_found(kind: str) -> None:
    (job,) = job_postings(PAGES[kind].encode())
    assert job["title"] == "ML Engineer"
    assert job["description"]


def test_comment_signs_within_a_text_stay() -> None:
    (job,) = job_postings(PAGES["comment signs in a text"].encode())
    assert job["description"] == "See https://a.example/x, } /* here */ // there"


def test_an_escape_that_json_does_not_know_is_its_letter() -> None:
    (job,) = job_postings(PAGES["bad escape"].encode())
    assert job["description"] == "Don't wait- C:path d"


MICRODATA = """
<div itemscope itemtype="http://schema.org/JobPosting">
 <meta itemprop="datePosted" content="2026-09-01"><span itemprop="title">ML Engineer</span>
 <span itemprop="hiringOrganization" itemscope itemtype="http://schema.org/Organization">
  <b itemprop="name">Acme</b></span>
 <div itemprop="jobLocation" itemscope itemtype="http://schema.org/Place">
  <p itemprop="address" itemscope itemtype="http://schema.org/PostalAddress">
   <span itemprop="addressLocality">Seattle</span>, <span itemprop="addressRegion">WA</span></p></div>
 <div itemprop="description"><p>Train models.</p><p>Serve them.</p></div>
 <span itemprop="skills">Python</span><span itemprop="skills">SQL &amp; more</span>
 <div itemprop="baseSalary" itemscope itemtype="http://schema.org/MonetaryAmount">
  <meta itemprop="currency" content="USD"/>
  <span itemprop="value" itemscope itemtype="http://schema.org/QuantitativeValue">
   <span itemprop="minValue" content="120000">$120K</span> to <span itemprop="maxValue">150,000</span>
   <meta itemprop="unitText" content="YEAR"></span></div>
</div>"""


def test_microdata_is_what_json_ld_would_say() -> None:
    (job,) = job_postings(MICRODATA.encode())
    assert {name: value for name, value in job.items() if name != "@type"} == {
        "datePosted": "2026-09-01",
        "title": "ML Engineer",
        "hiringOrganization": {"@type": ["http://schema.org/Organization"], "name": "Acme"},
        "jobLocation": {
            "@type": ["http://schema.org/Place"],
            "address": {
                "@type": ["http://schema.org/PostalAddress"],
                "addressLocality": "Seattle",
                "addressRegion": "WA",
            },
        },
        "description": "<p>Train models.</p><p>Serve them.</p>",
        "skills": ["Python", "SQL & more"],
        "baseSalary": {
            "@type": ["http://schema.org/MonetaryAmount"],
            "currency": "USD",
            "value": {
                "@type": ["http://schema.org/QuantitativeValue"],
                "minValue": "120000",
                "maxValue": "150,000",
                "unitText": "YEAR",
            },
        },
    }


def test_json_ld_speaks_before_microdata() -> None:
    assert len(list(job_postings((ld(JOB) + MICRODATA).encode()))) == 1


def test_a_recorded_page_is_read(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(MICRODATA)
    (document,) = documents(f"recorded:{tmp_path / 'page.html'}", retrieved=date(2026, 10, 1))
    assert isinstance(document, Document)
    assert json.loads(document.content)["title"] == "ML Engineer"


#: Pages that what looks at anything twice reads slowly, by their size.
HOSTILE: dict[str, Callable[[int], str]] = {
    "strings left open": lambda n: ld('{"@type' + '\\"' * n),
    "comments left open": lambda n: ld("{" + "/*" * n),
    "blanks": lambda n: ld("{" + " " * n + "]]>"),
    "commas": lambda n: ld("[" + ",  " * n + "]"),
    "broken objects": lambda n: ld('{"a" ' * n),
    "escapes": lambda n: ld('{"a": "' + "\\q" * n),
    "items within items": lambda n: "<b itemscope itemprop=a itemtype=JobPosting>" * n,
    "properties within properties": lambda n: "<p itemscope>" + "<b itemprop=a>" * n + "x" + "</b>" * n,
    "ends of nothing": lambda n: "<p itemscope>" * n + "</i>" * n,
    "attributes": lambda n: "<p itemscope " + "item " * n + ">",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_takes_linear_time(kind: str) -> None:
    assert grows_linearly(lambda n: list(job_postings(HOSTILE[kind](n).encode())), 10_000)
