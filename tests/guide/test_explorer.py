"""The records' page, table and script: what a figure leads to, and hostile words stay words."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import artificial
import drawn_exhibits as drawn
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.guide import edition as editions
from payguide.guide import explorer, site
from site_walk import walk

HOSTILE = [
    '</script><script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(1)",
    "\u2028', x",
]


def built(folder: Path, *pieces: Any) -> Path:
    edition = drawn.edition(*pieces)
    editions.write(edition, folder)
    site.render(edition, folder)
    return folder


def data(folder: Path) -> Any:
    text = (folder / "records" / "data.js").read_text(encoding="ascii")
    assert "<" not in text
    found = re.fullmatch(r"payguide\.data = (.*);\n", text, re.DOTALL)
    assert found
    return json.loads(found.group(1))


@pytest.mark.parametrize(
    ("figure", "leads_to"),
    [
        ("band.senior.base.p50", "component=base&level=senior"),
        ("band.any.total.p10", "component=total"),
        ("band.mid.base.top.p75", "component=base&level=mid&tier=top"),
        ("band.staff.base.metro.42660.p50", "component=base&level=staff&metro=42660"),
        ("share.senior.total.top.over_400k", "component=total&level=senior&tier=top"),
        ("place.42660.effect", "component=base&metro=42660"),
        ("tier.big_tech.effect", "component=base&tier=big_tech"),
        ("skill.pytorch.premium", ""),
        ("place.spread.remote.effect", ""),
        ("official.15-2051.us.p50", ""),
        ("uplift.any.all.p50", ""),
    ],
)
def test_a_figure_leads_to_the_pieces_that_it_counts(figure: str, leads_to: str) -> None:
    assert explorer.filtered(figure) == (f"records.html#{leads_to}" if leads_to else "")


def test_the_page_the_table_and_the_script_say_the_same(tmp_path: Path) -> None:
    pieces = [drawn.exhibit(number) for number in range(120)]
    folder = built(tmp_path, *pieces)

    tree = LexborHTMLParser((folder / "records.html").read_text(encoding="utf-8"))
    assert [row.attributes["id"] for row in tree.css("#rows tr")] == [f"r-{one.key}" for one in pieces[:100]]
    table = list(csv.DictReader(io.StringIO((folder / "records.csv").read_text(encoding="utf-8"))))
    assert [row["key"] for row in table] == [one.key for one in pieces]
    assert (table[1]["levels"], table[1]["low"], table[1]["stated"]) == (
        "entry 0.25; mid 0.75",
        "100001",
        "USD 100,001–150,001 a year",
    )
    told = data(folder)
    assert [dict(zip(told["columns"], row, strict=True))["key"] for row in told["rows"]] == [
        p.key for p in pieces
    ]
    # what the page can be narrowed by is what its pieces have
    assert [option.attributes["value"] for option in tree.css("#by-metro option")] == ["", "42660"]
    counts = [cell.text() for cell in tree.css("section .numbers tbody td")]
    assert counts == ["7", "0", "120", "60"]


def test_its_promises_are_kept(tmp_path: Path) -> None:
    folder = built(tmp_path, *(drawn.exhibit(number) for number in range(10)))
    assert [told for told in walk(folder) if told.startswith("records.html")] == []
    assert "records.html#component=base" in (folder / "evidence.html").read_text(encoding="utf-8")
    assert 'href="records.html"' in (folder / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(tmp_path: Path, text: str) -> None:
    hostile = dict.fromkeys(("employer", "title", "place", "quote", "stated", "metro", "industry"), text)
    folder = built(tmp_path, drawn.exhibit(1, **hostile))

    tree = LexborHTMLParser((folder / "records.html").read_text(encoding="utf-8"))
    assert not tree.css("img")
    assert tree.css_first("#rows b").text() == text
    assert dict(zip(explorer.COLUMNS, data(folder)["rows"][0], strict=True))["title"] == text
    (row,) = csv.DictReader(io.StringIO((folder / "records.csv").read_text(encoding="utf-8"), newline=""))
    # a line separator is a blank there
    assert row["employer"] == (f"'{text}" if text.startswith("=") else text.replace("\u2028", " "))


def test_without_evidence_there_are_no_records(tmp_path: Path) -> None:
    site.render(artificial.edition(), tmp_path)
    assert not list(tmp_path.rglob("records*"))
    assert "records.html" not in (tmp_path / "evidence.html").read_text(encoding="utf-8")
