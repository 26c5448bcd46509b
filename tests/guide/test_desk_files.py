"""The desk's files: what its pages and scripts hold, and that hostile names stay text. The pages are walked with all
others in tests/test_site.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.base.figure_id import band, stem
from payguide.guide import desk, site
from payguide.guide import edition as editions

Tree = LexborHTMLParser

HOSTILE = [
    '</script><script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "=HYPERLINK(1)",
    "\u2028', x",
]


@pytest.fixture(scope="module")
def edition(packaged_site: Path) -> Edition:
    return editions.read(packaged_site)


@pytest.fixture(scope="module")
def pages(packaged_site: Path) -> dict[str, Tree]:
    return {path.name: Tree(path.read_text(encoding="utf-8")) for path in packaged_site.rglob("*.html")}


def script(folder: Path, name: str) -> Any:
    """The value that a script assigns."""
    text = (folder / "desk" / f"{name}.js").read_text(encoding="ascii")
    assert "<" not in text
    return json.loads(re.fullmatch(rf"payguide\.{name} = (.*);\n", text, re.DOTALL).group(1))  # type: ignore[union-attr]


def test_the_desk_is_there(pages: dict[str, Tree]) -> None:
    assert set(desk.PAGES) < set(pages)
    for name, page in product(desk.PAGES, pages):
        assert pages[page].css_first(f'a[href="{name}"]'), page
    for name in desk.PAGES:
        assert pages[name].css_first("h1").text() == desk.PAGES[name]


def test_the_scripts_hold_the_editions_model_which_passed_the_gate(packaged_site: Path) -> None:
    model = script(packaged_site, "model")
    whole = json.loads((packaged_site / "model.json").read_bytes())
    assert script(packaged_site, "own") == whole["own"]
    # how well companies are known is asked of nobody in the browser
    assert model == {name: part for name, part in whole.items() if name not in ("own", "companies")}
    assert model["gate"] == {"own": False}
    for part in model["components"].values():
        tables = [*part["mean"]["terms"], *part["scale"]["terms"]]
        assert all(set(table) <= {"by", "over", "driver", "keys", "values"} for table in tables)


def test_the_scripts_bands_are_the_editions(edition: Edition, packaged_site: Path) -> None:
    bands = script(packaged_site, "edition")["bands"]
    assert len(bands) == 24
    for figure, value, _, level, component in bands:
        known = edition.figures[figure]
        assert stem(figure) == stem(str(band(level, component)))
        assert isinstance(known, Published)
        assert float(value) == pytest.approx(known.estimate.value, abs=1)


def test_the_pages_say_what_they_need_and_what_can_be_read_without(pages: dict[str, Tree]) -> None:
    for name in desk.PAGES:
        told = pages[name].css_first("#needs").text()
        assert "JavaScript" in told
        assert "this guide's bands below" in told
        assert pages[name].css_first("div.desk").attributes.get("hidden", "no") in ("", None)
        assert len(pages[name].css("#bands data.figure")) > 10


def test_the_laws_are_on_the_page_without_any_script(pages: dict[str, Tree]) -> None:
    listed = pages["plan.html"].css("#laws li")
    assert [node.attributes["data-code"] for node in listed].count("CO") == 1
    assert len(listed) == 13
    for node in listed:
        assert len(node.css("time")) == 2
        assert "Reference" in node.text()
    assert "not legal advice" in pages["plan.html"].css_first("#laws").text()


def test_hostile_names_stay_text(edition: Edition, tmp_path: Path) -> None:
    cards = dict.fromkeys(
        HOSTILE, dict.fromkeys(("title", "origin", "licence", "kind", "bias"), "".join(HOSTILE))
    )
    model = json.loads(json.dumps(edition.model))
    for part in model["components"].values():
        part["vocabulary"]["employer"][: len(HOSTILE)] = HOSTILE
    model["names"]["employers"].append(["startup", "ai", HOSTILE])
    manifest = {**edition.manifest, "title": HOSTILE[0], "population": HOSTILE[1], "sources": cards}

    site.render(replace(edition, manifest=manifest, model=model), tmp_path)

    for name in desk.PAGES:
        tree = Tree((tmp_path / name).read_text(encoding="utf-8"))
        assert not tree.css("img, [onerror], script:not([src])")
    assert script(tmp_path, "model")["names"]["employers"][-1][2] == HOSTILE
    assert [source[0] for source in script(tmp_path, "edition")["sources"]] == sorted(HOSTILE)


@pytest.mark.parametrize("model", [None, {"kind": "artificial"}])
def test_an_edition_without_an_estimator_has_no_desk(tmp_path: Path, model: dict[str, object] | None) -> None:
    site.render(replace(artificial.edition(), model=model), tmp_path)

    assert {path.name for path in tmp_path.iterdir()} == {
        "index.html", "claims.html", "evidence.html", "methods.html", "style.css", "charts",
        "card.png",
    }  # fmt: skip
    assert "stand.html" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_what_the_desk_says_and_does_is_in_small_files(packaged_site: Path) -> None:
    for path in (packaged_site / "desk").iterdir():
        if path.name not in ("model.js", "edition.js", "own.js"):
            assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name
    assert (packaged_site / "desk" / "model.js").stat().st_size < 1_000_000
    assert (packaged_site / "desk" / "own.js").stat().st_size < 400_000
    assert all((packaged_site / name).stat().st_size < 40_000 for name in desk.PAGES)
