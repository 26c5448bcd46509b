"""Charts: plain SVG, the same every time, told in words to who cannot see them."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import artificial
import pytest

from payguide.base.edition import Edition
from payguide.guide import charts
from payguide.guide.svg import Scale

SVG = "{http://www.w3.org/2000/svg}"


def without(edition: Edition, stem: str) -> Edition:
    return replace(
        edition,
        figures={name: figure for name, figure in edition.figures.items() if not name.startswith(stem)},
    )


def dots(number: int = 5) -> charts.Dots:
    rows = []
    for place in range(number):
        figure = artificial.effect(f"tier.t{place}.effect", 0.05 * place - 0.1)
        rows.append((f"Tier <{place}>", figure.estimate))
    return charts.Dots("tiers", "Pay by tier", tuple(rows), ghost=(0.05, 0.1))


@pytest.mark.parametrize("narrow", [False, True])
def test_the_bands_are_drawn_and_told(narrow: bool) -> None:
    drawn = charts.levels_svg(artificial.edition(), narrow=narrow)

    root = ElementTree.fromstring(drawn)
    assert root.tag in (f"{SVG}svg", "svg")
    assert root.attrib["role"] == "img"
    texts = "".join(root.itertext())
    assert all(level in texts for level in ("Entry", "Mid", "Senior", "Staff"))
    assert drawn == charts.levels_svg(artificial.edition(), narrow=narrow)


@pytest.mark.parametrize(
    ("stem", "lanes"),
    [
        ("band.staff", 2),
        ("band.entry.base", 1),
        ("band.mid.base.p50", 1),
        ("band.", 0),
        ("band.mid.base.p90", 0),
    ],
)
def test_a_level_without_evidence_keeps_its_place_and_says_so(stem: str, lanes: int) -> None:
    drawn = charts.levels_svg(without(artificial.edition(), stem))

    assert drawn.count("not enough evidence") == lanes
    # without P90 the line ends at P75; without any band there is no chart
    assert bool(drawn) is (stem != "band.")


def test_without_bands_there_is_no_chart() -> None:
    assert charts.levels_svg(without(artificial.edition(), "band.")) == ""
    assert charts.dots_svg(dots(0)) == ""
    assert charts.dots_svg(charts.Dots("none", "None", (("Alone", None),))) == ""


@pytest.mark.parametrize("number", [1, 24])
def test_a_row_without_a_figure_keeps_its_place(number: int) -> None:
    known = dots(number)
    drawn = charts.dots_svg(replace(known, rows=(*known.rows, ("Thin", None))))

    root = ElementTree.fromstring(drawn)
    assert "Thin: no figure" in "".join(root.itertext())
    # one row more than the same without it
    one, other = (
        float(d.partition("viewBox=")[2].split()[3].split('"')[0]) for d in (drawn, charts.dots_svg(known))
    )
    assert one > other


def test_a_long_name_is_cut_and_leaves_room_for_the_plot() -> None:
    known = dots(1)
    drawn = charts.dots_svg(replace(known, rows=(("x" * 5_000, known.rows[0][1]),)))

    root = ElementTree.fromstring(drawn)
    shown = [text for node in root.iter(f"{SVG}text") if (text := node.text or "").startswith("xx")]
    assert [len(text) for text in shown] == [27]
    assert shown[0].endswith("…")


@pytest.mark.parametrize("currency", ["USD", "EUR"])
def test_the_axis_is_in_the_editions_currency(currency: str) -> None:
    edition = artificial.edition()
    drawn = charts.levels_svg(replace(edition, manifest={**edition.manifest, "currency": currency}))

    axis = [node.text or "" for node in ElementTree.fromstring(drawn).iter(f"{SVG}text")]
    assert ("€" in " ".join(axis)) is (currency == "EUR")


def test_charts_on_one_page_share_no_id() -> None:
    edition = artificial.edition()
    drawn = charts.levels_svg(edition) + charts.levels_svg(edition, narrow=True) + charts.dots_svg(dots())

    ids = re.findall(r' id="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= set(ids)


def test_colours_follow_the_page() -> None:
    drawn = charts.levels_svg(artificial.edition())

    colours = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawn)) - {"none", "transparent"}
    assert colours
    assert all(colour.startswith(("var(--", "url(#")) for colour in colours), colours


def test_a_dot_and_its_interval_stand_where_the_axis_says() -> None:
    rows = (("Tier", artificial.effect("tier.a.effect", 0.1).estimate),)  # 10 %, from 7 to 13
    drawn = charts.dots_svg(charts.Dots("one", "One", rows))

    root = ElementTree.fromstring(drawn)
    axis = [node for node in root.iter(f"{SVG}text") if node.attrib.get("text-anchor") == "middle"]
    labels = {node.text: float(node.attrib["x"]) for node in axis}
    zero, ten = labels["0%"], labels["+10%"]
    dot = next(root.iter(f"{SVG}circle"))
    interval = next(node for node in root.iter(f"{SVG}line") if node.attrib.get("stroke-linecap"))
    assert float(dot.attrib["cx"]) == pytest.approx(ten, abs=0.01)
    ends = [float(interval.attrib[name]) for name in ("x1", "x2")]
    assert ends == pytest.approx([zero + share * (ten - zero) for share in (0.7, 1.3)], abs=0.02)
    assert dot.attrib["fill"] == dot.attrib["stroke"]


def test_words_at_an_axis_never_touch() -> None:
    at = [0.0, 1.0, 2.0, 3.0, 4.0]
    # 5 words of 8 letters: 8 x 12 x 0.58 = 56 px each, and one fits every 50 px only where the next is left out
    scale = Scale(at, ["$100,000"] * 5, 200)

    drawn = ElementTree.fromstring(f'<g xmlns="http://www.w3.org/2000/svg">{scale.axis(10)}</g>')
    places = [float(node.attrib["x"]) for node in drawn.iter(f"{SVG}text")]
    assert places == [0, 100, 200]
    assert len(list(drawn.iter(f"{SVG}line"))) == 5


def test_without_any_total_pay_the_chart_is_of_base_pay_alone() -> None:
    edition = artificial.edition()
    bare = {name: figure for name, figure in edition.figures.items() if ".total." not in name}
    drawn = charts.levels_svg(replace(edition, figures=bare))

    root = ElementTree.fromstring(drawn)
    texts = [node.text for node in root.iter(f"{SVG}text")]
    assert texts.count("Base") == 4
    assert "Total" not in texts
    assert root.findtext(f"{SVG}title") == "Base pay by experience level"


def test_dots_are_told_in_words_and_hold_no_script() -> None:
    drawn = charts.dots_svg(dots())

    root = ElementTree.fromstring(drawn)
    told = root.findtext(f"{SVG}desc") or root.findtext("desc") or ""
    assert "Tier <0>: −10% (−13% to −7%)" in told
    assert "<script" not in drawn
    assert not re.search(r'(href|src)="http', drawn)
    assert "url(http" not in drawn


@pytest.mark.parametrize(
    ("low", "high", "most"),
    [(0.0, 1.0, 4), (-0.12, 0.31, 4), (130e3, 905e3, 8), (0.0, 0.001, 4), (5.0, 5.0, 3)],
)
def test_ticks_are_round_and_hold_the_range(low: float, high: float, most: int) -> None:
    found = charts.ticks(low, high, most)

    assert found[0] <= low
    assert found[-1] >= high
    assert len(found) <= most + 2
