"""The page: every number is a figure's, every figure leads to its evidence, nothing comes from outside."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.figures import Edition, Published, Withheld
from payguide.guide import edition as editions
from payguide.guide import site

PAGES = ("index.html", "evidence.html")
FILES = (*PAGES, "edition.json", "figures.csv", "model.json")
Tree = LexborHTMLParser


@pytest.fixture(scope="module")
def edition() -> Edition:
    return artificial.edition()


@pytest.fixture(scope="module")
def pages(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tree]:
    folder = tmp_path_factory.mktemp("site")
    editions.write(edition, folder)
    site.render(edition, folder)
    return {name: Tree((folder / name).read_text(encoding="utf-8")) for name in PAGES}


def test_every_link_leads_somewhere(pages: dict[str, Tree]) -> None:
    ids = {name: {node.attributes["id"] for node in tree.css("[id]")} for name, tree in pages.items()}
    for name, tree in pages.items():
        for link in tree.css("a[href]"):
            file, _, anchor = (link.attributes["href"] or "").partition("#")
            assert (file or name) in FILES, link.html
            assert not anchor or anchor in ids[file or name], link.html


def test_ids_are_unique(pages: dict[str, Tree]) -> None:
    for tree in pages.values():
        ids = [node.attributes["id"] for node in tree.css("[id]")]
        assert len(ids) == len(set(ids))


def test_every_figure_shown_is_the_editions(edition: Edition, pages: dict[str, Tree]) -> None:
    shown = pages["index.html"].css("data.figure")

    assert len(shown) > 100
    for node in shown:
        figure = edition.figures[node.attributes["data-figure"] or ""]
        assert isinstance(figure, Published)
        assert float(node.attributes["value"] or "") == pytest.approx(figure.estimate.value, rel=1e-5)
        assert node.parent is not None
        assert node.parent.attributes["href"] == f"evidence.html#f-{figure.id}"


def test_no_amount_stands_on_the_page_that_is_no_figures(pages: dict[str, Tree]) -> None:
    """Every amount is marked with its figure: itself, in a chart, in a verdict that names what decided it, or
    as what the published guide states. "Totals over $400K" is the name of a figure.
    """
    tree = Tree(pages["index.html"].html or "")
    for node in tree.css("data, svg, .stated, .because[data-figures]"):
        node.decompose()
    text = re.sub(r"over [$]\d+K", "", tree.body.text(separator=" ") if tree.body else "")

    assert re.findall(r"[$€£] ?\d[\d,.]*[KM]?", text) == []


def test_what_is_withheld_is_said_without_a_value(edition: Edition, pages: dict[str, Tree]) -> None:
    withheld = {name for name, figure in edition.figures.items() if isinstance(figure, Withheld)}
    for tree in pages.values():
        for node in tree.css("[data-figure]"):
            if node.attributes["data-figure"] in withheld:
                assert "value" not in node.attributes
    missing = [node.text() for node in pages["index.html"].css("a.missing")]
    assert "withheld" in missing
    reasons = pages["evidence.html"].body.text()
    assert "One employer holds too much." in reasons


def test_nothing_comes_from_outside(pages: dict[str, Tree]) -> None:
    for tree in pages.values():
        html = tree.html or ""
        assert not tree.css("script, iframe, object, embed")
        for node in tree.css("[src], link[href]"):
            target = node.attributes.get("src") or node.attributes.get("href") or ""
            assert not target.startswith(("http", "//")), target
        policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]')
        assert policy is not None
        assert "default-src 'none'" in (policy.attributes["content"] or "")
        assert "javascript:" not in html


def test_the_page_is_said_in_a_language_with_headings_in_order(pages: dict[str, Tree]) -> None:
    for tree in pages.values():
        assert tree.css_first("html").attributes["lang"] == "en"
        assert tree.css_first("title").text()
        levels = [int((node.tag or "h0")[1]) for node in tree.css("h1, h2, h3, h4")]
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_sections_stand_in_the_published_guides_order(pages: dict[str, Tree]) -> None:
    text = " ".join(node.text() for node in pages["index.html"].css("h2"))
    order = [
        "What the role does",
        "Salary by experience level",
        "What affects pay",
        "Top skills",
        "Questions",
    ]

    places = [text.index(title) for title in order]
    assert places == sorted(places)


HOSTILE = [
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "]]>&amp;",
    "\u202egnihtemos",
    "x" * 5_000,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(edition: Edition, tmp_path: Path, name: str) -> None:
    figures = dict(edition.figures)
    known = figures["band.mid.base.p50"]
    assert isinstance(known, Published)
    source = replace(known.estimate.sources[0], source=name)
    figures["band.mid.base.p50"] = Published(
        replace(known.estimate, label=name, notes=(name,), method=name, sources=(source,))
    )
    hostile = replace(
        edition, figures=figures, manifest={**edition.manifest, "title": name, "population": name}
    )

    site.render(hostile, tmp_path)

    for page in PAGES:
        tree = Tree((tmp_path / page).read_text(encoding="utf-8"))
        assert not tree.css("script, img, [onerror]")
        assert name in tree.css_first("h1").text() or page == "evidence.html"


def test_the_same_edition_gives_the_same_page(edition: Edition, tmp_path: Path) -> None:
    for name in ("one", "two"):
        site.render(edition, tmp_path / name)

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_edition_without_any_figure_still_makes_a_page(edition: Edition, tmp_path: Path) -> None:
    site.render(replace(edition, figures={}, verdicts=()), tmp_path)

    assert "does not give a median" in (tmp_path / "index.html").read_text(encoding="utf-8")
