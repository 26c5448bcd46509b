"""The picture of a link: published figures only, the same bytes each time, named by the page."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import sys
from dataclasses import replace
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import artificial
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from selectolax.lexbor import LexborHTMLParser as Tree

from payguide.base.edition import Edition
from payguide.base.estimates import Published, Withheld
from payguide.guide import card, charts, numbers, shelf, site
from payguide.guide import edition as editions
from payguide.guide.glyphs import outlined_words

HIDDEN = Withheld("band.any.base.p50", "Base pay", "dominance", "One employer holds too much.")


def texts(edition: Edition) -> list[ElementTree.Element]:
    svg = card.drawing(edition, charts.levels_svg(edition), "1 January 2030")
    return [node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")]


def said(edition: Edition) -> str:
    return " | ".join("".join(node.itertext()) for node in texts(edition))


def test_the_picture_is_a_png_of_the_size_that_is_asked_for(tmp_path: Path) -> None:
    edition = artificial.edition()
    site.render(edition, tmp_path)
    picture = (tmp_path / "card.png").read_bytes()

    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", picture[16:24]) == (card.WIDTH, card.HEIGHT)
    assert len(picture) < 400_000
    assert picture == card.card(edition, charts.levels_svg(edition), "1 January 2030")


def test_it_says_the_answer_with_its_interval_and_what_it_rests_on() -> None:
    figure = artificial.edition().figures["band.any.base.p50"]
    assert isinstance(figure, Published)
    estimate = figure.estimate

    assert (
        f"Median base pay {numbers.value(estimate)} (90% interval {numbers.interval(estimate)}), from 40 employers"
        in said(artificial.edition())
    )
    assert "ML Engineer Salary Guide 2030" in said(artificial.edition())
    assert "1 January 2030" in said(artificial.edition())


def test_what_was_kept_back_is_not_on_it() -> None:
    edition = artificial.edition()
    kept = replace(edition, figures={**edition.figures, HIDDEN.id: HIDDEN})

    assert "Median base pay" in said(edition)
    assert "Median base pay" not in said(kept)


def test_every_value_in_its_chart_is_a_published_figures() -> None:
    edition = artificial.edition()
    values = {numbers.value(f.estimate) for f in edition.figures.values() if isinstance(f, Published)}

    drawn = ["".join(node.itertext()) for node in texts(edition) if node.get("font-weight") == "bold"]
    money = [text for text in drawn if text.startswith("$")]
    assert len(money) == 8
    assert set(money) <= values


def test_a_role_without_bands_says_so() -> None:
    edition = artificial.edition()
    bare = {name: figure for name, figure in edition.figures.items() if not name.startswith("band.")}

    assert "No level has enough evidence" in said(replace(edition, figures=bare))


def test_a_long_or_hostile_title_fits_and_stays_text() -> None:
    title = "</svg><script>" * 12
    edition = replace(artificial.edition(), manifest={**artificial.manifest(), "title": title})

    found = next(node for node in texts(edition) if node.text == title)
    assert len(title) * float(found.attrib["font-size"]) * 0.56 <= card.WIDTH - 120 + 1


@pytest.mark.parametrize(
    ("url", "picture"), [("", "card.png"), ("https://pay.example/x/", "https://pay.example/x/card.png")]
)
def test_the_page_names_its_picture_and_its_files(tmp_path: Path, url: str, picture: str) -> None:
    edition = artificial.edition()
    told = {"url": url} if url else {}
    site.render(replace(edition, manifest={**edition.manifest, **told}), tmp_path)

    html = (tmp_path / "index.html").read_text(encoding="utf-8")
    tags = {
        node.attributes.get("property"): node.attributes.get("content") for node in Tree(html).css("meta")
    }
    assert tags["og:image"] == picture
    assert tags["og:title"] == edition.manifest["title"]
    assert tags.get("og:url", "") == url
    assert f'"contentUrl":"{url}figures.csv"' in html


def several(tmp_path: Path, url: str = "") -> Path:
    """The page over three guides of the same figures."""
    made = shelf.together(
        [
            replace(artificial.edition(), manifest={**artificial.manifest(), "slug": slug, "role_name": slug})
            for slug in ("baker", "cook", "fisher")
        ],
        url,
    )
    shelf.render(made, tmp_path, [editions.fingerprint(one) for one in made])
    return tmp_path


@pytest.mark.parametrize(
    ("url", "picture"), [("", "card.png"), ("https://pay.example/x/", "https://pay.example/x/card.png")]
)
def test_the_page_over_several_guides_has_a_picture_too(tmp_path: Path, url: str, picture: str) -> None:
    folder = several(tmp_path, url)

    tags = {
        node.attributes.get("property"): node.attributes.get("content")
        for node in Tree((folder / "index.html").read_text(encoding="utf-8")).css("meta")
    }
    assert tags["og:image"] == picture
    assert tags.get("og:url", "") == url
    drawn = (folder / "card.png").read_bytes()
    assert struct.unpack(">II", drawn[16:24]) == (card.WIDTH, card.HEIGHT)
    assert drawn == (several(tmp_path / "again", url) / "card.png").read_bytes()


@pytest.mark.parametrize("roles", [1, 12])
def test_the_picture_of_several_guides_holds_its_chart_and_published_values_only(roles: int) -> None:
    figure = artificial.edition().figures["band.any.base.p50"]
    assert isinstance(figure, Published)
    rows = tuple((f"Role <{n}>", figure.estimate) for n in range(roles))
    medians = charts.dots_svg(charts.Dots("roles-any-base", "Medians", rows, zero=False, from_zero=False))

    drawn = ElementTree.fromstring(card.shelf_drawing("Guides", "All", "1 January 2030", medians))
    chart = next(node for node in drawn if node.tag.endswith("svg"))
    right, bottom = (
        float(chart.attrib[a]) + float(chart.attrib[b]) for a, b in (("x", "width"), ("y", "height"))
    )
    assert right <= card.WIDTH
    # the line at the foot stands 36 px from it, in letters of at most 22 px
    assert bottom <= card.HEIGHT - 36 - 22
    texts = ["".join(node.itertext()) for node in drawn.iter() if node.tag.endswith("text")]
    assert texts.count(numbers.value(figure.estimate)) == roles
    assert "Role <0>" in texts


def test_without_medians_the_picture_says_whose_guides_they_are() -> None:
    drawn = card.shelf_drawing("Guides", "Bakers", "1 January 2030", "")

    assert "Bakers" in drawn
    assert "Median" not in drawn


#: A program that draws a card and writes its hash.
DRAW = """
import hashlib, sys
from payguide.guide import card
drawn = card.shelf_card("Guides of Zürich, 2030", "All – 1 € ✓", "1 January 2030", "")
print(hashlib.sha256(drawn).hexdigest())
"""


def other_font(path: Path, family: str) -> None:
    """A font of that name in which every letter is a box."""
    pen = TTGlyphPen(None)
    for place in ((0, 0), (0, 700), (900, 700), (900, 0)):
        pen.moveTo(place) if place == (0, 0) else pen.lineTo(place)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "box"])
    font.setupCharacterMap(dict.fromkeys((*range(0x20, 0x250), ord("✓")), "box"))
    font.setupGlyf(dict.fromkeys((".notdef", "box"), pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys((".notdef", "box"), (950, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    font.setupOS2()
    font.setupPost()
    font.save(path)


def drawn_with(folder: Path) -> str:
    """A card's hash on a machine that has the fonts in a folder and no others."""
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        f"<fontconfig><dir>{folder}</dir></fontconfig>"
    )
    told = {**os.environ, "FONTCONFIG_FILE": str(config)}
    ran = subprocess.run([sys.executable, "-c", DRAW], env=told, capture_output=True, text=True, check=True)
    return ran.stdout


def test_no_font_that_is_installed_changes_the_picture(tmp_path: Path) -> None:
    for family in ("none", "Liberation Sans", "Boxes"):
        folder = tmp_path / family
        folder.mkdir()
        if family != "none":
            other_font(folder / "font.ttf", family)

    assert len({drawn_with(folder) for folder in tmp_path.iterdir()}) == 1


@pytest.mark.parametrize(
    ("words", "glyphs"),
    [
        ("Pay &amp; more", "Pay & more"),
        ("a\u00a0b", "a b"),
        ("Zürich", "Zürich"),
        ("Nguyễn", "Nguyen"),
        ("漢 ✓", "漢 漢"),
        ("", ""),
    ],
)
def test_words_are_outlines_of_their_letters(words: str, glyphs: str) -> None:
    """What no letter of the font is looks like the nearest that is one, and else like a box."""
    drawn = [
        outlined_words(f'<text x="5" y="9" font-size="12" fill="#123">{text}</text>')
        for text in (words, escape(glyphs))
    ]

    assert "<text" not in drawn[0]
    assert drawn[0] == drawn[1]
    assert drawn[0].count("<path") == len(glyphs.replace(" ", ""))


@pytest.mark.parametrize(("anchor", "x"), [("start", 100), ("middle", 100 - 5.6), ("end", 100 - 11.2)])
def test_words_stand_where_they_are_anchored(anchor: str, x: float) -> None:
    # an "M" of this font is 1706 of 2048 units wide: at 13.445 px 11.2 px
    words = f'<text x="100" y="50" text-anchor="{anchor}" font-size="13.445" fill="#123">M</text>'

    place = re.search(r"translate\(([\d.]+),([\d.]+)\)", outlined_words(words))
    assert place is not None
    assert (float(place[1]), float(place[2])) == (pytest.approx(x, abs=0.01), 50)
