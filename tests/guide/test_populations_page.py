"""The page of narrower populations: every figure is the edition's, and says how much it borrowed."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.estimates import Figure, Published, Withheld
from payguide.guide import codec, figures_table, numbers, site, words
from payguide.guide.sections import populations

PAGE = populations.PAGE
POPULATIONS = (
    "tier.big_tech",
    "metro.41860",
    "metro.99999",
    "remote.remote",
    "industry.ai",
    "specialisation.vision",
)


def _figures() -> dict[str, Figure]:
    found: list[Figure] = []
    for place, population in enumerate(POPULATIONS):
        for level in ("any", *LADDER):
            for quantile, factor in (("p10", 0.7), ("p25", 0.85), ("p50", 1.0), ("p75", 1.2), ("p90", 1.4)):
                id_ = f"band.{level}.base.{population}.{quantile}"
                estimate = artificial.estimate(id_, 1e5 * factor * (1 + place / 10), borrowed=0.1 * place)
                found.append(Published(estimate))
    found.append(
        Withheld("band.staff.base.tier.big_tech.p50", "Staff", "dominance", "One employer is too large.")
    )
    return {figure.id: figure for figure in found}


@pytest.fixture(scope="module")
def edition() -> Edition:
    made = artificial.edition()
    return replace(made, figures=dict(sorted({**made.figures, **_figures()}.items())))


@pytest.fixture(scope="module")
def page(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> LexborHTMLParser:
    folder = tmp_path_factory.mktemp("populations")
    site.render(edition, folder)
    assert f'href="{PAGE}"' in (folder / "index.html").read_text(encoding="utf-8")
    return LexborHTMLParser((folder / PAGE).read_text(encoding="utf-8"))


def test_every_dimension_has_its_section(page: LexborHTMLParser) -> None:
    assert [node.attributes["id"] for node in page.css("main > section")] == [
        "tier", "metro", "remote", "industry", "specialisation",
    ]  # fmt: skip
    assert [node.text() for node in page.css("#metro tbody th")] == ["Metro 99999", "San Francisco"]


def test_every_figure_is_the_editions_and_leads_to_its_evidence(
    edition: Edition, page: LexborHTMLParser
) -> None:
    shown = page.css("data.figure")
    assert len(shown) == 3 * 5 * len(POPULATIONS) - 3
    for node in shown:
        figure = edition.figures[node.attributes["data-figure"] or ""]
        assert isinstance(figure, Published)
        assert node.text() == numbers.value(figure.estimate)
        assert node.parent is not None
        assert node.parent.attributes["href"] == f"evidence-populations.html#f-{figure.id}"


def test_every_median_says_how_much_it_borrowed(edition: Edition, page: LexborHTMLParser) -> None:
    for node in page.css("data.borrowed"):
        figure = edition.figures[node.attributes["data-figure"] or ""]
        assert isinstance(figure, Published)
        assert figure.estimate.borrowed is not None
        assert node.text() == numbers.percent(figure.estimate.borrowed)
    assert len(page.css("data.borrowed")) == 5 * len(POPULATIONS) - 1


def test_what_is_withheld_shows_no_value(page: LexborHTMLParser) -> None:
    cell = page.css("#tier tbody tr td")[-1]
    assert cell.text() == "withheld"


def test_there_is_no_page_without_populations(tmp_path: Path) -> None:
    site.render(artificial.edition(), tmp_path)
    assert not (tmp_path / PAGE).exists()
    assert PAGE not in (tmp_path / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("figure", "named"),
    [
        ("band.senior.base.tier.big_tech.p50", "senior base pay, big tech, median"),
        ("band.any.total.metro.41860.p25", "all levels, total pay, San Francisco, 25th percentile"),
        ("band.mid.base.specialisation.ml_platform.p50", "mid base pay, ML platform and MLOps, median"),
        ("band.mid.base.top.p50", "mid base pay at top-tier employers, median"),
        ("band.mid.base.p50", "mid base pay, median"),
    ],
)
def test_bands_are_named_for_a_reader(figure: str, named: str) -> None:
    assert words.name(figure) == named


def test_what_is_borrowed_is_kept_in_the_files() -> None:
    own = artificial.estimate("band.mid.base.p50", 1e5)
    some, none = (replace(own, borrowed=share) for share in (0.25, 0.0))
    for estimate in (own, some, none):
        assert codec.figure_from(codec.figure_data(Published(estimate))) == Published(estimate)
    table = figures_table.table({"a": Published(own), "b": Published(some), "c": Published(none)})
    rows = csv.DictReader(io.StringIO(figures_table.as_csv(table)))
    assert [row["borrowed"] for row in rows] == ["", "0.25", "0"]


def test_the_evidence_of_narrower_populations_has_a_page_of_its_own(edition: Edition, tmp_path: Path) -> None:
    site.render(edition, tmp_path)

    narrower, others = (
        {node.attributes["id"] for node in tree.css(".entries [id]")}
        for name in ("evidence-populations.html", "evidence.html")
        if (tree := LexborHTMLParser((tmp_path / name).read_text(encoding="utf-8")))
    )
    own = {name for name in edition.figures if name.startswith("band.") and name.count(".") == 5}
    assert narrower == {f"f-{name}" for name in own}
    assert others == {f"f-{name}" for name in edition.figures.keys() - own}

    bare = tmp_path / "bare"
    site.render(artificial.edition(), bare)
    assert not (bare / "evidence-populations.html").exists()
    assert "evidence-populations" not in (bare / "evidence.html").read_text(encoding="utf-8")


def test_percentiles_that_rest_on_the_same_evidence_share_an_entry(edition: Edition, tmp_path: Path) -> None:
    figures = {
        name: Published(replace(figure.estimate, label=f"Pay of some, {name}"))
        if isinstance(figure, Published)
        else figure
        for name, figure in edition.figures.items()
    }
    site.render(replace(edition, figures=figures), tmp_path)

    tree = LexborHTMLParser((tmp_path / "evidence-populations.html").read_text(encoding="utf-8"))
    shared = [
        [cell.attributes["id"] for cell in table.css("td[id]")] for table in tree.css(".entries > li > table")
    ]
    stem = "f-band.staff.base.tier.big_tech"
    # the median is withheld: it has an entry of its own
    assert [f"{stem}.{quantile}" for quantile in ("p10", "p25", "p75", "p90")] in shared
    withheld = tree.css_first(f"[id='{stem}.p50']")
    assert "One employer is too large." in withheld.text()
    assert not withheld.css("data")
