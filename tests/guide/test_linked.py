"""What the page says to programs: schema.org's Occupation and Dataset, of published figures only."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser as Tree

from payguide.base.edition import Edition
from payguide.base.estimates import Figure, Published, Unknown, Withheld
from payguide.guide import edition as editions
from payguide.guide import site
from payguide.guide.linked import linked

DAY = artificial.DAY.isoformat()


def told(edition: Edition) -> dict[str, Any]:
    """The parts by their types."""
    data = json.loads(linked(edition, "f" * 64))
    assert data["@context"] == "https://schema.org"
    return {part["@type"]: part for part in data["@graph"]}


def with_figures(*changed: Figure) -> Edition:
    edition = artificial.edition()
    return replace(edition, figures={**edition.figures, **artificial.figures_of(*changed)})


def test_pay_is_told_by_level_and_component() -> None:
    occupation = told(artificial.edition())["Occupation"]
    bands = {band["identifier"]: band for band in occupation["estimatedSalary"]}
    known = artificial.edition().figures

    assert {
        name.rpartition(".")[0] for name in known if name.endswith(".p50") and name.count(".") == 3
    } >= set(bands)
    assert len(bands) >= 8
    for name, band in bands.items():
        assert (band["@type"], band["currency"], band["duration"]) == (
            "MonetaryAmountDistribution",
            "USD",
            "P1Y",
        )
        for key, quantile in (("median", "p50"), ("percentile10", "p10"), ("percentile90", "p90")):
            figure = known[f"{name}.{quantile}"]
            assert (key in band) is isinstance(figure, Published)
            if isinstance(figure, Published):
                assert band[key] == round(figure.estimate.value)
    assert bands["band.senior.base"]["name"] == "base, senior"


@pytest.mark.parametrize(
    ("figure", "missing"),
    [
        (Withheld("band.mid.base.p10", "x", "thin", "Too few."), {"percentile10"}),
        (Unknown("band.mid.base.p90", "x", "Nothing."), {"percentile90"}),
        # without a median there is no distribution at all
        (
            Withheld("band.mid.base.p50", "x", "dominance", "One employer."),
            {"median", "percentile10", "percentile25", "percentile75", "percentile90"},
        ),
    ],
)
def test_what_was_kept_back_is_not_told(figure: Figure, missing: set[str]) -> None:
    bands = {band["identifier"]: band for band in told(with_figures(figure))["Occupation"]["estimatedSalary"]}

    known = {"median", "percentile10", "percentile25", "percentile75", "percentile90"}
    assert known - set(bands.get("band.mid.base", {})) == missing


def test_the_figures_are_a_dataset_with_its_files(tmp_path: Path) -> None:
    edition = artificial.edition()
    editions.write(edition, tmp_path)
    dataset = told(edition)["Dataset"]

    assert dataset["name"] == edition.manifest["title"]
    assert dataset["datePublished"] == DAY
    assert dataset["identifier"] == "sha256:" + "f" * 64
    files = {part["contentUrl"]: part["encodingFormat"] for part in dataset["distribution"]}
    assert set(files) == {"figures.csv", "figures.parquet", "edition.json"}
    assert all((tmp_path / name).is_file() for name in files)


def test_the_page_holds_it_and_a_hostile_title_cannot_leave_it(tmp_path: Path) -> None:
    hostile = "</script><script>alert(1)</script><!-- &amp; \u2028"
    edition = replace(artificial.edition(), manifest={**artificial.manifest(), "title": hostile})
    site.render(edition, tmp_path)

    tree = Tree((tmp_path / "index.html").read_text(encoding="utf-8"))
    scripts = tree.css("script")
    assert [node.attributes.get("type") for node in scripts] == ["application/ld+json"]
    found = json.loads(scripts[0].text())
    assert [part["name"] for part in found["@graph"]][1] == hostile
    assert f"sha256:{editions.fingerprint(edition)}" in scripts[0].text()


def test_an_edition_that_knows_no_pay_tells_none() -> None:
    assert "estimatedSalary" not in told(Edition(artificial.manifest(), {}))["Occupation"]
