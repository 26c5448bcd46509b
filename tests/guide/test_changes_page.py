"""The page of what changed: every number is marked as its edition's, names stay text, the same twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import two_editions as two
from selectolax.lexbor import LexborHTMLParser

from payguide.base.edition import Edition
from payguide.guide import changes_table, earlier, site
from payguide.guide import edition as editions
from site_walk import walk


def made(old: Edition, folder: Path, correction: str = "") -> Edition:
    """The site of the later edition, told what changed since `old`, or why it corrects it."""
    before = {"ml-engineer": earlier.read(two.written(old, folder.parent / f"{folder.name}-old"))}
    (edition,) = earlier.told([two.now()], before, correction)
    editions.write(edition, folder)
    site.render(edition, folder)
    return edition


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("changed") / "new"
    made(two.hostile(), found)
    return found


@pytest.fixture(scope="module")
def tree(folder: Path) -> LexborHTMLParser:
    return LexborHTMLParser((folder / "changes.html").read_text(encoding="utf-8"))


def problems(folder: Path) -> list[str]:
    return [line for line in walk(folder) if line.startswith("changes.html")]


def test_no_number_is_without_its_estimate_and_edition(folder: Path) -> None:
    assert problems(folder) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('data-figure="band.senior.base.p50" data-edition="previous"', 'data-figure="band.senior.base.p50"'),
        ('data-edition="previous"', 'data-edition="another"'),
        ("+100.0%", "+101.0%"),
        ("4,000</data>", "4,001</data>"),
        ('<data class="change" data-figure="band.senior.base.p50">', '<data class="change">'),
        ("<h2", "<p>Some 12 more.</p><h2"),
        ("previous/band.senior.base.p50", "previous/band.mid.base.p50"),
    ],
)
def test_the_walk_finds_what_is_wrong_with_it(folder: Path, tmp_path: Path, old: str, new: str) -> None:
    page = (folder / "changes.html").read_text(encoding="utf-8")
    assert old in page
    for path in folder.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "changes.html").write_text(page.replace(old, new, 1), encoding="utf-8")

    assert problems(tmp_path)


def test_hostile_names_stay_text(tree: LexborHTMLParser) -> None:
    assert not tree.css("script, img, [onerror]")
    assert tree.body is not None
    # the claim that is gone, the source that is gone, the figure that is gone, the versions before
    assert tree.body.text().count(two.HOSTILE) >= 5


def test_everything_that_changed_is_told(tree: LexborHTMLParser) -> None:
    def rows(section: str) -> list[str]:
        return [" ".join(node.text(separator=" ").split()) for node in tree.css(f"#{section} tbody tr")]

    bands = rows("bands")
    assert any(
        row.startswith("Senior Base") and "higher, by more than chance makes made by another method" in row
        for row in bands
    )
    assert any(row.startswith("Mid Base withheld $142K") and "newly published" in row for row in bands)
    assert any(row.startswith("Lead Base not repeated") and "no longer published" in row for row in bands)
    assert [row.split()[0] for row in rows("moved")] == ["Python,", "Big"]
    came = tree.css_first("#came").text()
    assert "It rests on too few employers." in came
    assert len(tree.css("#verdicts article")) == 8
    assert tree.css_first("#verdicts article .chip").text() != tree.css("#verdicts article .chip")[1].text()
    assert [node.text() for node in tree.css("#sources td.say")] == ["new", "gone", "changed"]
    assert any(row.startswith("enough observations least 8 10") for row in rows("rules"))


def test_the_edition_page_leads_to_it_only_where_there_is_one(folder: Path, tmp_path: Path) -> None:
    def links(place: Path) -> int:
        page = LexborHTMLParser((place / "index.html").read_text(encoding="utf-8"))
        return len(page.css('nav a[href="changes.html"], #methods a[href="changes.html"]'))

    assert links(folder) == 2
    site.render(two.now(), tmp_path)
    assert links(tmp_path) == 0
    assert not (tmp_path / "changes.html").exists()


def test_nothing_changed_is_said(tmp_path: Path) -> None:
    made(two.now(), tmp_path / "new")

    page = LexborHTMLParser((tmp_path / "new" / "changes.html").read_text(encoding="utf-8"))
    assert "Nothing: every figure" in page.css_first(".scope").text()
    assert not page.css("#moved, #came")
    assert problems(tmp_path / "new") == []


def test_an_edition_without_figures_is_compared_too(tmp_path: Path) -> None:
    made(replace(two.before(), figures={}, verdicts=()), tmp_path / "new")

    assert problems(tmp_path / "new") == []


def test_the_same_editions_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    made(two.hostile(), tmp_path / "new")

    for name in ("changes.html", "edition.json", "index.html"):
        assert (folder / name).read_bytes() == (tmp_path / "new" / name).read_bytes()


def test_what_was_read_again_gives_the_same_page(folder: Path, tmp_path: Path) -> None:
    site.render(editions.read(folder), tmp_path)

    assert (folder / "changes.html").read_bytes() == (tmp_path / "changes.html").read_bytes()


def test_the_tables_of_the_command_line_say_the_same(folder: Path) -> None:
    edition = editions.read(folder)
    tables = {title: rows for title, _, rows in changes_table.tables(edition)}

    medians, *_ = tables.values()
    assert ("Mid", "base", "withheld") in [row[:3] for row in medians]
    assert [row[-1] for row in medians if row[:2] == ("Senior", "base")] == [
        "higher, by more than chance makes"
    ]
    assert [row[0] for row in tables["Other figures that moved"]] == ["Python, demand", "big tech"]
    assert [row[:3] for row in tables["Newly kept back"]] == [("speech and audio", "published", "withheld")]
    assert len(tables["Verdicts that changed"]) == 8 + 2
    assert ("sample", "came", "records", "", "4321") in tables["Sources"]
    assert ("code version", two.HOSTILE, "0") in tables["Editions and rules"]
    data = changes_table.as_data(edition)
    assert data["now"]["band.mid.base.p50"]["status"] == "published"
    assert not data["nothing"]
    assert data["slug"] == "ml-engineer"
    assert ": 3 moved by more than chance makes" in changes_table.notes(edition)[0]


def test_a_corrected_edition_says_what_was_corrected(tmp_path: Path) -> None:
    now = two.now().figures
    old = two.before(
        band__mid__base__p50=two.scaled(now["band.mid.base.p50"], 1.001),
        skill__python__demand=two.scaled(now["skill.python.demand"], 0.5),
    )
    edition = made(old, tmp_path / "new", correction=f"A source was counted twice. {two.HOSTILE}")

    assert problems(tmp_path / "new") == []
    for name in ("index.html", "changes.html", "evidence.html"):
        page = LexborHTMLParser((tmp_path / "new" / name).read_text(encoding="utf-8"))
        (note,) = page.css(".notice.corrected")
        assert two.HOSTILE in note.text()
        assert not page.css("[onerror]")
    page = LexborHTMLParser((tmp_path / "new" / "changes.html").read_text(encoding="utf-8"))
    rows = {
        row.css_first("[data-figure]").attributes["data-figure"] for row in page.css("#corrected tbody tr")
    }
    assert rows == {"band.mid.base.p50", "skill.python.demand"}
    first = LexborHTMLParser((tmp_path / "new" / "index.html").read_text(encoding="utf-8"))
    assert [node.attributes["data-figure"] for node in first.css(".notice.corrected data")] == [
        "band.mid.base.p50", "skill.python.demand",
    ]  # fmt: skip
    told = edition.manifest["corrects"]
    assert isinstance(told, dict)
    assert told["date"] == two.DAY.isoformat()
    assert len(told["sha256"]) == 64
