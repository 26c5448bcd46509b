"""Postings that recruiters and boards repeat: who hires, and one job once."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest
from table_documents import document, rules

from payguide.base.codes import EvidenceKind
from payguide.base.inputs import Reading
from payguide.decode.hirer import hirer, own_title
from payguide.decode.reader import read


@pytest.mark.parametrize(
    ("poster", "title", "text", "who"),
    [
        ("Acme Capital", "Quant", "Acme Capital trades.", "Acme Capital"),
        ("99-7777827 Citibank N.A.", "Quant", "Citibank N.A. is hiring.", "Citibank N.A."),
        ("1872 Partners", "Quant", "1872 Partners is hiring.", "1872 Partners"),
        ("Lawyers & Sons, P.C.", "Quant", "At Bank of America, we are guided.", "Bank of America"),
        ("Lawyers & Sons, P.C.", "Quant", "The group within Citi is looking for you.", "Citi"),
        ("Lawyers & Sons, P.C.", "Quant", "A quant for risk. SAS is a plus.", "Lawyers & Sons, P.C."),
        ("Lawyers & Sons", "Quant", "Within State Street's team.\nAbout the Company:\nLawyers & Sons", "State Street"),
        ("Storm4", "Quant", "Storm4 has a client in New York.", ""),
        ("Prime Search Group", "Quant", "A leading fund hires.", ""),
        ("Side Board", "Quant", "Our client, a leading fund, hires.", ""),
        ("Goldman Sachs", "Quant", "You will advise our client, a bank.", "Goldman Sachs"),
        ("Confidential", "Quant", "A fund hires.", ""),
        ("Jobs via eFinancialCareers", "Quant - PIMCO", "We hire.", "PIMCO"),
        ("Jobs via eFinancialCareers", "Quant - Eka Finance", "We hire.", ""),
        ("", "Quant", "We hire.", ""),
    ],
)  # fmt: skip
def test_who_hires_behind_who_posts(poster: str, title: str, text: str, who: str) -> None:
    assert hirer(poster, title, text) == who


def test_who_posts_the_same_text_may_be_the_employer() -> None:
    assert hirer("Side Board", "Quant", "Globex Trading is a firm.", ["Side Board", "Globex Trading"]) == (
        "Globex Trading"
    )


@pytest.mark.parametrize(
    ("title", "poster", "own"),
    [
        ("Quant Analyst at Acme Capital Denver, CO", "Acme Capital",               "Quant Analyst"),
        ("Analyst at Large",                         "Acme Capital",               "Analyst at Large"),
        ("Quant - Eka Finance",                      "Jobs via eFinancialCareers", "Quant"),
        ("Quant - Rates",                            "Jobs via eFinancialCareers", "Quant - Rates"),
    ],
)  # fmt: skip
def test_a_title_without_who_posts_it(title: str, poster: str, own: str) -> None:
    assert own_title(title, poster) == own


def reposted(*rows: tuple[str, str, str, str]) -> Reading:
    """Postings (poster, title, location, text) as a search engine gives them."""
    names = ("company_name", "title", "location", "description")
    lines = [
        {**dict(zip(names, row, strict=True)), "date_time": "2025-06-17 11:07:56.5", "salary": "1M-2M a year"}
        for row in rows
    ]
    content = gzip.decompress(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    return read(document(content, "quant_2025", "jsonl", EvidenceKind.POSTED_RANGE))


def test_one_job_many_times_is_one_posting_its_employers_own() -> None:
    text = "At Globex Trading, we hire. The base salary is $150,000 - $200,000."
    reading = reposted(
        ("Lawyers & Sons", "Quant Developer", "West Lebanon, NH", text),
        ("Globex Trading LLC", "Quant Developer", "Chicago, IL", text),
        ("Prime Search", "Quant Developer", "Denver, CO", text),
        ("Globex Trading", "Quant Developer", "Chicago, IL", text.replace("200,000", "250,000")),
        ("Globex Trading", "Risk Manager", "Chicago, IL", "At Globex Trading, we hire."),
    )
    found = [(o.profile.employer.id, o.low, o.high, o.profile.place.city) for o in reading.observations]
    assert found == [
        ("globex-trading", 150000, 200000, "Chicago"),
        ("globex-trading", 150000, 250000, "Chicago"),
    ]
    assert [one.date for one in reading.observations] == [date(2025, 6, 17)] * 2
    assert len(reading.postings) == 3
    assert rules(reading) == [("repeats_another_row", 1), ("repeats_another_row", 3)]
