"""The page of guides audited: what each asserts with its verdict, how they compare, and what cannot be tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.errors import InputError
from payguide.guide import edition as editions
from payguide.guide import site
from payguide.guide.sections import guides
from payguide.pipeline.audits import pages_in, read_page, with_audits
from site_walk import walk

HOSTILE = "&lt;script&gt;alert(1)&lt;/script&gt;"
PAGES = {
    "far.html": f"<h1>ML Engineer Salary Guide {HOSTILE}</h1>"
    "<p>Senior ML engineers earn $900K to $950K in base pay.</p><p>ML engineers with Python earn 80% more.</p>",
    "wide.html": "<h1>ML engineer pay</h1><p>Senior ML engineers earn $900K to $990K in base pay.</p>"
    f"<p>Mid-level ML engineers earn $10K to $900K in base pay.</p><p>Pay varies more each year {HOSTILE}.</p>"
    f"<p>Pay in this field rises {'very ' * 90} fast.</p><h2>Top paying companies</h2>",
    "none.txt": "Nothing about money here.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("audited")
    for name, text in PAGES.items():
        (made / name).write_text(text, encoding="utf-8")
    (edition,) = with_audits([artificial.edition()], {path: read_page(path) for path in pages_in([made])})
    editions.write(edition, made / "site")
    site.render(editions.read(made / "site"), made / "site")
    return made / "site"


@pytest.fixture(scope="module")
def tree(folder: Path) -> LexborHTMLParser:
    return LexborHTMLParser((folder / guides.PAGE).read_text(encoding="utf-8"))


def test_the_promises_of_every_page_hold(folder: Path) -> None:
    assert [line for line in walk(folder) if line.startswith(guides.PAGE)] == []


def test_each_guide_has_a_row_and_its_claims_with_verdicts(tree: LexborHTMLParser) -> None:
    rows = [[cell.text(strip=True) for cell in row.css("th, td")] for row in tree.css("#compared tbody tr")]
    assert [row[0] for row in rows] == [
        "Somebody's guide", "ML Engineer Salary Guide <script>alert(1)</script>", "none", "ML engineer pay",
    ]  # fmt: skip
    for at, row in enumerate(rows[1:], start=1):
        chips = [chip.text().split(maxsplit=1)[1] for chip in tree.css(f"#guide-{at} .chip")]
        told = ("supported", "contradicted", "mixed", "not enough evidence")
        assert [chips.count(name) for name in told] == list(map(int, row[1:5]))
        assert len(chips) == len(tree.css(f"#guide-{at} h3 .stated"))
    assert (rows[1][2], rows[2][5]) == ("2", "none decided")


def test_what_all_say_wrongly_what_is_nearest_and_what_is_untested_is_named(tree: LexborHTMLParser) -> None:
    wrong = [quote.text() for quote in tree.css("#compared .readings q")]
    assert wrong == [
        "Senior ML engineers earn $900K to $950K in base pay.", "Senior ML engineers earn $900K to $990K in base pay.",
    ]  # fmt: skip
    assert "Nearest to the evidence" in tree.css_first("#compared").text()
    quotes = [quote.text() for quote in tree.css("#guide-3 q")]
    assert any("varies more each year <script>" in quote for quote in quotes)
    assert max(map(len, quotes)) <= 302
    assert "none of this" not in tree.css_first("#guide-2").text()
    assert "No claim" in tree.css_first("#guide-2").text()


def test_words_of_others_stay_text(tree: LexborHTMLParser) -> None:
    assert not tree.css("script, [onerror]")


def test_the_files_are_not_named_only_the_guides_titles(folder: Path) -> None:
    assert "far.html" not in (folder / "edition.json").read_text(encoding="utf-8")


def test_an_edition_that_audits_nothing_has_no_such_page() -> None:
    (same,) = with_audits([artificial.edition()], {})
    assert guides.page(same) == ""


def test_a_folder_stands_for_its_pages_and_each_is_read_once(tmp_path: Path) -> None:
    for name in ("b.html", "a.md", "notes.pdf"):
        (tmp_path / name).write_text("x")
    assert pages_in([tmp_path, tmp_path / "b.html"]) == [tmp_path / "a.md", tmp_path / "b.html"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no page"):
        pages_in([tmp_path / "empty"])


def test_a_build_that_reads_pages_of_files_loads_no_network(tmp_path: Path) -> None:
    page = tmp_path / "guide.html"
    page.write_text(PAGES["wide.html"], encoding="utf-8")
    code = (
        "import sys; from payguide.pipeline import editions; "
        f"editions.read_page({str(page)!r}); sys.exit('httpcore2' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
