"""`payguide build --market FILE`: the band is of the people that the file states, whoever reported."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import cli_runner
import numpy as np
import pytest
from cli_runner import Cli
from scipy.stats import norm

import payguide
from payguide.base.estimates import Published

MAP = """
rows = "statements"
date_formats = ["%Y-%m-%d"]
[columns]
id = "id"
title = "title"
employer = "who"
date = "seen"
[constants]
period = "year"
currency = "USD"
[amounts.base]
column = "base"
[amounts.total]
column = "total"
"""
EMPLOYERS = {
    "big_tech": ["Google", "Meta", "Amazon", "Apple", "Microsoft", "Netflix"],
    "enterprise": ["Adidas", "Air Canada", "Aldi", "AutoZone", "Amtrak", "Altria", "Aramark", "ADT"],
}
#: Of seniors at an enterprise; big tech pays 60 % more, and has 70 % of the reports; juniors are paid 0.7 of it.
PAY, MORE, REPORTS, JUNIOR, WITHIN = 150_000.0, 1.6, 0.7, 0.7, 0.15


def market_file(path: Path, big_tech: float, country: str = "US") -> Path:
    path.write_text(
        f'date = 2026-11-01\ncountry = "{country}"\n'
        f"[tier]\nshares = {{ big_tech = {big_tech}, enterprise = {1 - big_tech} }}\n"
    )
    return path


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The evidence folder of a public survey of 500 people, most of them of big tech."""
    folder, rng = tmp_path_factory.mktemp("survey"), np.random.default_rng(12)
    table, how = folder / "people.csv", folder / "map.toml"
    how.write_text(MAP)
    with table.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title", "who", "seen", "base", "total"])
        for number in range(500):
            top, junior = rng.random() < REPORTS, rng.random() < 0.5
            who = EMPLOYERS["big_tech" if top else "enterprise"]
            base = PAY * (MORE if top else 1.0) * (JUNIOR if junior else 1.0) * np.exp(rng.normal(0, WITHIN))
            title = f"{'Junior' if junior else 'Senior'} Machine Learning Engineer"
            total = base * (1.1 + 0.2 * rng.random())
            writer.writerow([number, title, who[number % len(who)], "2026-10-15", round(base), round(total)])
    evidence = folder / "evidence"
    ran = cli_runner.ran("collect", f"survey:{table}", "--map", how, "--public", "--evidence", evidence)
    assert ran.code == 0, ran.err
    return evidence


@pytest.fixture(scope="module")
def bands(survey: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[float, Mapping[str, object]]:
    """The figures of an edition by the share of big tech in the market file."""
    folder, found = tmp_path_factory.mktemp("markets"), {}
    for share in (0.15, 0.6):
        file, out = market_file(folder / f"{share}.toml", share), folder / f"edition-{share}"
        ran = cli_runner.ran("build", "--evidence", survey, "--market", file, "--out", out)
        assert ran.code == 0, ran.err
        found[share] = payguide.read_edition(out).figures
    return found


def median(big_tech: float, level: float) -> float:
    """The true median of a level, in which big tech has that share."""
    at = np.linspace(-1, 1.5, 20_001)
    below = big_tech * norm.cdf((at - np.log(MORE)) / WITHIN) + (1 - big_tech) * norm.cdf(at / WITHIN)
    return PAY * level * float(np.exp(np.interp(0.5, below, at)))


@pytest.mark.parametrize(("level", "pays"), [("entry", JUNIOR), ("senior", 1.0)])
@pytest.mark.parametrize("share", [0.15, 0.6])
def test_the_band_is_near_the_truth_of_the_files_people(
    bands: Mapping[float, Mapping[str, object]], share: float, level: str, pays: float
) -> None:
    """Within 6 %: fourteen employers tell two tiers, one source in two draws of its offset; the median of all
    reports is off by 9 to 40 %.
    """
    figure = bands[share][f"band.{level}.base.p50"]
    assert isinstance(figure, Published)
    assert figure.estimate.value == pytest.approx(median(share, pays), rel=0.06)
    assert figure.estimate.low < median(share, pays) < figure.estimate.high


def test_bands_move_with_the_files_tiers(bands: Mapping[float, Mapping[str, object]]) -> None:
    few, many = bands[0.15], bands[0.6]
    for name in ("entry.base", "entry.total", "senior.base", "any.base"):
        low, high = (one[f"band.{name}.p50"] for one in (few, many))
        assert isinstance(low, Published)
        assert isinstance(high, Published)
        assert high.estimate.value > 1.1 * low.estimate.value
        # what the survey itself says is the same, whosever the market is
        assert [one.value for one in low.estimate.sources] == [one.value for one in high.estimate.sources]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("0.15", "0.95"), "the shares add up to 1.800, not to 1"),
        (("big_tech", "big_text"), "'big_text' is not a tier"),
        (('country = "US"', 'country = "DE"'), "no country is called 'DE'"),
        (("[tier]", "[tier"), "not TOML"),
    ],
    ids=["shares", "tier", "country", "not TOML"],
)
def test_a_wrong_market_file_is_said_with_its_place(
    cli: Cli, survey: Path, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    file, out = market_file(tmp_path / "mine.toml", 0.15), tmp_path / "out"
    file.write_text(file.read_text().replace(*change))
    ran = cli("build", "--evidence", survey, "--market", file, "--out", out)
    assert ran.code == 3
    assert said in ran.err
    assert str(file) in ran.err
    assert not out.exists()


def test_a_market_file_that_is_not_there_is_said(cli: Cli, survey: Path, tmp_path: Path) -> None:
    ran = cli("build", "--evidence", survey, "--market", tmp_path / "none.toml", "--out", tmp_path / "out")
    assert ran.code == 3
    assert "none.toml" in ran.err
