"""Whose pay an edition is of: shares, how well they are known, and how far medians hang on the top tiers' share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import artificial
import pytest
from scipy import stats
from selectolax.lexbor import LexborHTMLParser

from payguide.base.edition import Edition
from payguide.base.estimates import Unknown
from payguide.guide import site
from payguide.guide.sections.whose import whose
from payguide.guide.shares_chart import shares_svg


def of_market(change: Callable[[dict[str, Any]], object]) -> Edition:
    """The artificial edition in another market."""
    edition = artificial.edition()
    market: Any = {**artificial.MARKET, "margins": dict(artificial.MARKET["margins"])}  # type: ignore[call-overload]
    change(market["margins"])
    return replace(edition, manifest={**edition.manifest, "market": market})


def page_of(edition: Edition, folder: Path) -> LexborHTMLParser:
    site.render(edition, folder)
    return LexborHTMLParser((folder / "index.html").read_text(encoding="utf-8"))


def test_an_edition_that_does_not_say_whose_pay_it_is_has_no_section(tmp_path: Path) -> None:
    edition = artificial.edition()
    silent = replace(edition, manifest={k: v for k, v in edition.manifest.items() if k != "market"})

    assert whose(silent, 0.9) is None
    assert page_of(silent, tmp_path).css("#whose, a[href='#whose']") == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: None, "employer tier are the least known: as exact as a count of 13 people would be"),
        (
            lambda m: m["level"].update(certainty=5),
            "employer tier are not well known: as exact as a count of 13",
        ),
        (
            lambda m: m.update(tier={**m["tier"], "certainty": None, "assumed": True}),
            "the least known: nothing tells them, they are assumed",
        ),
        (
            lambda m: m.update(tier={**m["tier"], "certainty": None}),
            "not well known: they are taken as they stand",
        ),
        (lambda m: m.update(tier=None), "The shares by employer tier are those of the statements of pay."),
    ],
)
def test_how_well_the_tiers_are_known_is_said(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    def changed(margins: dict[str, Any]) -> None:
        # that nothing tells where people work would make it the least known
        margins.update({name: margins[name] and dict(margins[name]) for name in margins})
        margins["remote"].update(assumed=False, certainty=50)
        change(margins)

    section = page_of(of_market(changed), tmp_path).css_first("#whose")

    assert said in " ".join(section.text().split())


def test_each_margin_says_what_tells_it(tmp_path: Path) -> None:
    section = page_of(artificial.edition(), tmp_path).css_first("#whose")

    told = [" ".join(node.text().split()) for node in section.css("dd")]
    assert told == [
        "Counted employers. As exact as a count of 13 people.",
        "Counted levels. As exact as a count of 30 people.",
        "Counted places.",
        "Assumed.",
        "As the evidence has them among the people of each tier.",
    ]
    assert section.css_first("data[data-key='market.top']").text() == "20%"


def test_the_chart_has_every_share_that_is_stated_and_puts_the_other_places_together() -> None:
    found = whose(artificial.edition(), 0.9)
    assert found is not None

    assert [
        (group.title, [(bar.name, round(bar.share, 2)) for bar in group.bars]) for group in found.groups
    ] == [
        ("Employer tier", [("Enterprises", 0.5), ("Start-ups", 0.3), ("Big tech", 0.2)]),
        ("Level", [("Entry", 0.1), ("Mid", 0.3), ("Senior", 0.4), ("Staff and principal", 0.2)]),
        ("Place", [("San Francisco", 0.4), ("Metro 99999", 0.35), ("All other places", 0.25)]),
        ("Where the work is done", [("On site", 0.5), ("Remote", 0.5)]),
    ]
    texts = [
        node.text
        for node in ElementTree.fromstring(shares_svg(found.groups)).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert texts[:3] == ["Employer tier", "Enterprises", "50%"]
    assert shares_svg(()) == ""


def test_a_shares_interval_is_that_of_its_certainty() -> None:
    found = whose(artificial.edition(), 0.9)
    assert found is not None
    enterprise, place = found.groups[0].bars[0], found.groups[2].bars[0]

    # a count of 13 people of whom half are of enterprises: Beta(6.5, 6.5)
    assert (enterprise.low, enterprise.high) == pytest.approx(stats.beta.ppf([0.05, 0.95], 6.5, 6.5))
    # taken as it stands
    assert place.low == place.share == place.high


def test_the_medians_and_how_far_they_move_stand_beside_each_other(tmp_path: Path) -> None:
    rows = page_of(artificial.edition(), tmp_path).css("#whose tbody tr")

    assert [row.css_first("th").text() for row in rows] == [
        "All levels",
        "Entry",
        "Mid",
        "Senior",
        "Staff and principal",
    ]
    named = [node.attributes["data-figure"] for node in rows[1].css("data.figure")]
    assert named == [
        f"{stem}.{last}"
        for component in ("base", "total")
        for stem, last in (
            (f"band.entry.{component}", "p50"),
            (f"market.entry.{component}", "top_halved"),
            (f"market.entry.{component}", "top_doubled"),
        )
    ]
    assert [node.text() for node in rows[1].css("data.figure")][1:3] == ["−3.0%", "+7.0%"]


def test_what_cannot_be_moved_is_no_row(tmp_path: Path) -> None:
    edition = artificial.edition()
    gone = {
        name: Unknown(name, name, "It cannot.") if name.startswith("market.") else figure
        for name, figure in edition.figures.items()
    }

    section = page_of(replace(edition, figures=gone), tmp_path).css_first("#whose")
    assert section.css("table") == []
