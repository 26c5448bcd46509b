"""Charts: plain SVG, the same every time, told in words to who cannot see them."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import artificial
import pytest

from payguide.base.figures import Edition
from payguide.guide import charts

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


@pytest.mark.parametrize("stem", ["band.staff", "band.entry.base"])
def test_the_bands_hold_with_some_missing(stem: str) -> None:
    assert charts.levels_svg(without(artificial.edition(), stem)).startswith("<svg")


def test_without_bands_there_is_no_chart() -> None:
    assert charts.levels_svg(without(artificial.edition(), "band.")) == ""
    assert charts.dots_svg(dots(0)) == ""


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
