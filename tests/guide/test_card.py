"""The picture of a link: published figures only, the same bytes each time, named by the page."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from payguide.base.figures import Edition, Published, Withheld
from payguide.guide import card, charts, numbers, shelf, site
from payguide.guide import edition as editions

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
