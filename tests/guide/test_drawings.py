"""Charts as files of their own: titled, explained, cited, in one piece."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import artificial
import pytest

from payguide.guide import charts, drawings, layout, shelf, site
from payguide.guide import edition as editions
from payguide.guide.svg import PALETTE

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("charts")
    editions.write(artificial.edition(), made)
    site.render(artificial.edition(), made)
    return made


def drawn(name: str = "effects-tier", label: str = "Tier") -> str:
    rows = ((label, artificial.effect("tier.big_tech.effect", 0.2).estimate),)
    return charts.dots_svg(charts.Dots(name, f"Pay by <{label}> & others, told at some length", rows))


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_every_chart_of_the_page_is_a_file_and_the_page_leads_to_each(folder: Path) -> None:
    page = (folder / "index.html").read_text(encoding="utf-8")
    led = set(re.findall(r'href="charts/([^"]+)" download', page))

    assert led == {path.name for path in (folder / "charts").iterdir()}
    shown = set(re.findall(r'<svg [^>]*id="([^"]+)"', page)) - {"levels-narrow"}
    assert led == {f"{name}.svg" for name in shown}
    assert len(led) >= 6


def test_a_file_says_what_it_shows_of_whom_and_whose_it_is(folder: Path) -> None:
    manifest = artificial.edition().manifest
    fingerprint = hashlib.sha256((folder / "edition.json").read_bytes()).hexdigest()
    for path in (folder / "charts").iterdir():
        told = " ".join(texts(path.read_text(encoding="utf-8")))
        for part in (
            manifest["population"],
            manifest["currency"],
            manifest["date"],
            "90% coverage",
            "payguide, ",
        ):
            assert str(part) in told, path.name
        assert fingerprint[: layout.MARK] in told.replace(" ", "")


@pytest.mark.parametrize(
    ("name", "reading"),
    [
        ("effects-tier", "a hollow dot shows no clear difference"),
        ("skills-demand", "Shares with their intervals"),
        ("roles-any-base", "Medians with their intervals"),
    ],
)
def test_how_a_chart_is_read_goes_by_its_kind(name: str, reading: str) -> None:
    head = layout.head(artificial.edition())
    files = drawings.files_of(["", drawn(name)], head, coverage="90%", source="payguide")

    assert list(files) == [f"charts/{name}.svg"]
    told = " ".join(texts(files[f"charts/{name}.svg"]))
    assert reading in told
    assert "audited guide" not in told


def test_a_chart_that_shows_the_audited_guide_says_so(folder: Path) -> None:
    told = " ".join(texts((folder / "charts" / "levels-wide.svg").read_text(encoding="utf-8")))

    assert "Dashed: what the audited guide states." in told


def test_long_lines_are_broken_and_the_file_is_as_high_as_its_lines() -> None:
    few, many = (drawings.standalone(drawn(), [note]) for note in ("Short.", "A long line. " * 30))
    heights = [float(ElementTree.fromstring(svg).attrib["height"]) for svg in (few, many)]

    lines = [node for node in ElementTree.fromstring(many) if node.attrib.get("font-size") == "11"]
    # 372 px hold 60 letters of 6.16 px: 390 letters and spaces, broken between words, are 7 lines of 15 px
    assert len(lines) == 7
    assert heights[1] - heights[0] == 6 * 15
    assert max(len(line.text or "") for line in lines) <= 60


def test_hostile_names_stay_text_and_colours_need_no_page() -> None:
    hostile = "</svg><script>x</script>"
    svg = drawings.standalone(drawn(label=hostile), [hostile])

    tree = ElementTree.fromstring(svg)
    assert not list(tree.iter(f"{SVG}script"))
    assert any(hostile in text for text in texts(svg))
    assert "var(" not in svg
    assert PALETTE["base"] in svg
    assert f"Pay by <{hostile}> & others" in tree.attrib["aria-label"]


def test_what_is_not_drawn_has_no_file(tmp_path: Path) -> None:
    edition = artificial.edition()
    bare = {name: figure for name, figure in edition.figures.items() if not name.startswith("band.")}
    site.render(replace(edition, figures=bare), tmp_path)
    assert not (tmp_path / "charts" / "levels-wide.svg").exists()
    assert (tmp_path / "charts" / "effects-tier.svg").is_file()


def test_the_page_over_several_guides_has_its_charts_too(tmp_path: Path) -> None:
    made = [
        replace(artificial.edition(), manifest={**artificial.manifest(), "slug": slug}) for slug in ("a", "b")
    ]
    shelf.render(made, tmp_path, [editions.fingerprint(one) for one in made])

    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "charts").iterdir()} == set(
        re.findall(r'href="charts/([^"]+)" download', page)
    )
    listing = (tmp_path / "editions.json").read_bytes()
    assert hashlib.sha256(listing).hexdigest()[: layout.MARK] in page
    assert editions.fingerprint(made[0]) in listing.decode()
