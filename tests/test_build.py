"""The build: twice the same bytes, and whole from the packaged evidence."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from readme import written

import payguide
from made_once import build
from payguide.base.estimates import Published


def hashes(folder: Path) -> dict[str, str]:
    """The hash of each file."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def edition_folder(packaged_site: Path) -> Path:
    return packaged_site


@pytest.mark.slow
def test_building_twice_gives_the_same_bytes(all_guides: Path, tmp_path: Path) -> None:
    """In processes of their own, so that no order of hashing is the same by chance."""
    build(tmp_path, hash_seed=2)

    first = hashes(all_guides)
    assert hashes(tmp_path) == first
    assert {f"ml-engineer/{name}" for name in ("index.html", "edition.json", "figures.csv")} <= set(first)


def test_the_edition_has_the_four_bands_for_base_and_total(edition_folder: Path) -> None:
    figures = payguide.read_edition(str(edition_folder)).figures

    for level in ("entry", "mid", "senior", "staff"):
        for component in ("base", "total"):
            values = []
            for quantile in ("p10", "p25", "p50", "p75", "p90"):
                figure = figures[f"band.{level}.{component}.{quantile}"]
                assert isinstance(figure, Published), figure
                found = figure.estimate
                assert found.low <= found.value <= found.high
                assert found.n >= 10
                assert found.effective >= 3
                assert bool(found.largest) == (found.largest_share > 0.25)
                assert found.sources
                values.append(found.value)
            assert values == sorted(values)


def test_every_figure_of_the_edition_is_in_the_table(edition_folder: Path) -> None:
    data = json.loads((edition_folder / "edition.json").read_text(encoding="utf-8"))
    with (edition_folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["id"] for row in rows] == sorted(data["figures"])


def test_the_page_fetches_nothing(edition_folder: Path) -> None:
    page = (edition_folder / "index.html").read_text(encoding="utf-8")

    assert "<script src" not in page
    assert 'src="http' not in page
    assert "@import" not in page


def test_the_readme_says_what_the_edition_says(edition_folder: Path) -> None:
    root = Path(__file__).resolve().parents[1]
    readme = (root / "README.md").read_text(encoding="utf-8")

    assert written(readme, payguide.read_edition(edition_folder)) == readme, "run `make docs`"


def test_the_readmes_library_example_gives_the_figures_of_the_build(edition_folder: Path) -> None:
    """Of a process with another order of hashing."""
    root = Path(__file__).resolve().parents[1]
    readme = (root / "README.md").read_text(encoding="utf-8")
    example = readme.partition("```python\n")[2].partition("```")[0]

    with redirect_stdout(io.StringIO()) as printed:
        exec(example, names := {})

    made = names["edition"]
    assert made.figures == payguide.read_edition(edition_folder).figures
    assert printed.getvalue().splitlines()[0] == "180000.0 240000.0 USD year"
