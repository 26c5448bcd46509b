"""Facts of the world: each read in one place, with a date, a reference and, where it is a number, a unit."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import payguide
from payguide.base.codes import LADDER, Level, Period, Role
from payguide.base.errors import UsageError
from payguide.base.money import PERIODS_A_YEAR
from payguide.base.reference import data
from payguide.base.reference.country import countries, country, default_country, place_names
from payguide.base.reference.currency import symbol
from payguide.base.reference.levels import level_of_years, years_of
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE, minimum
from payguide.base.reference.wage_index import wage_index
from payguide.decode.phrase_matcher import vocabulary
from payguide.estimator.features import LEVELS, ladder_level
from payguide.gate.rules import thresholds

ROOT = Path(payguide.__file__).parent

#: Rooms whose code is an edition's: what it says of a country or a currency, data says.
EDITION_CODE = ("base", "fit", "gate", "guide", "pipeline")
#: What only the evaluation of the model and the page's reading of places say until they take it from the model's file.
ELSEWHERE = ("guide/scripts/places.js", "guide/scripts/profile.js", "guide/templates/plan.html.j2")
NAMED = re.compile(
    r"\bUSD\b|['\"]US['\"]|\bother_us\b|United States|\bBLS publishes\b|average US\b|[\"'`]\$[\"'`]"
)


def files_under(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from files_under(entry)
        elif entry.name.endswith(".toml"):
            yield entry


REFERENCES = {
    Path(str(entry)).relative_to(ROOT / "base/reference").as_posix(): tomllib.loads(entry.read_text("utf-8"))
    for entry in files_under(files("payguide.base.reference"))
}


def keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)


@pytest.mark.parametrize("name", sorted(set(REFERENCES) - {"defaults.toml"}))
def test_every_fact_has_a_date_and_a_reference(name: str) -> None:
    found = set(keys(REFERENCES[name]))
    assert found & {"as_of", "retrieved", "date"}
    assert found & {"reference", "references"}


@pytest.mark.parametrize("kind", ["skills", "roles", "levels"])
def test_every_vocabulary_has_a_date_and_a_reference(kind: str) -> None:
    told = vocabulary(kind)
    assert isinstance(told["as_of"], date)
    assert len(told["reference"]) > 20


@pytest.mark.parametrize(
    ("years", "level"),
    [
        (0, Level.ENTRY), (2.5, Level.ENTRY), (2.99, Level.ENTRY),
        (3, Level.MID), (5.9, Level.MID),
        (6, Level.SENIOR), (10, Level.SENIOR),
        (10.01, Level.STAFF), (40, Level.STAFF),
    ],
)  # fmt: skip
def test_levels_of_years_one_by_one_and_as_an_array(years: float, level: Level) -> None:
    assert level_of_years(years) is level
    assert LEVELS[ladder_level(np.array([years]))[0]] == level


def test_years_that_are_not_known_have_no_step() -> None:
    assert ladder_level(np.array([np.nan, 4.0])).tolist() == [-1, LEVELS.index("mid")]


def test_the_words_of_a_levels_years_are_its_bounds() -> None:
    assert [years_of(level) for level in (*LADDER, "any")] == [
        "0–2 years", "3–5 years", "6–10 years", "over 10 years", "",
    ]  # fmt: skip


def test_the_gates_minima_are_the_reference() -> None:
    rules = thresholds()
    assert rules["enough_observations"]["least"] == MIN_EVIDENCE == 10
    assert minimum("employers")["least"] == MIN_EMPLOYERS == 5
    assert all("reference" in rule for rule in rules.values())


def test_periods_of_a_year_agree_with_each_other() -> None:
    assert set(PERIODS_A_YEAR) == set(Period)
    assert PERIODS_A_YEAR[Period.HOUR] == PERIODS_A_YEAR[Period.WEEK] * 40
    assert PERIODS_A_YEAR[Period.DAY] == PERIODS_A_YEAR[Period.WEEK] * 5


@pytest.mark.parametrize("code", countries())
def test_a_country_is_whole(code: str) -> None:
    found = country(code)
    assert found.code == code
    assert set(found.held) | {Role.OTHER} == set(Role)
    assert all(set(found.tested[role]) <= set(found.held[role]) for role in found.held)
    assert {*found.top, found.elsewhere} <= set(found.places)
    assert symbol(found.currency)
    assert wage_index(found.wage_index).last > date(2025, 1, 1)
    assert list(found.thresholds) == sorted(found.thresholds)
    assert all(amount % 1000 == 0 for amount in found.thresholds)


def test_a_country_without_a_file_is_refused() -> None:
    with pytest.raises(UsageError, match="no country is called 'XX'"):
        country("XX")
    assert default_country() in countries()


@pytest.mark.parametrize(
    ("code", "metro"),
    [("0041860", "41860"), ("41860", "41860"), ("0000000", ""), ("", ""), ("US", ""), ("99", "")],
)
def test_areas_of_the_official_statistics(code: str, metro: str) -> None:
    assert country("US").official.area(code) == metro


@pytest.mark.parametrize(("currency", "sign"), [("USD", "$"), ("GBP", "£"), ("SEK", "SEK "), ("", "$")])
def test_signs_of_currencies(currency: str, sign: str) -> None:
    assert symbol(currency) == sign


def test_places_have_names() -> None:
    assert place_names()["42660"] == "Seattle"


def code_of(part: str) -> Iterator[tuple[str, int, str]]:
    path = ROOT / part
    for file in sorted([path] if path.is_file() else path.rglob("*")):
        if file.suffix in {".py", ".js", ".j2"}:
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                yield file.relative_to(ROOT).as_posix(), number, line


@pytest.mark.parametrize("part", EDITION_CODE)
def test_no_code_of_an_edition_names_a_country_or_a_currency(part: str) -> None:
    said = [
        f"{name}:{number}: {line.strip()}"
        for name, number, line in code_of(part)
        if name not in ELSEWHERE and NAMED.search(line)
    ]
    assert said == []


def test_the_search_for_countries_finds_what_it_looks_for() -> None:
    assert all(
        NAMED.search(text) for text in ('currency="USD"', "'US'", "the United States", '"$"', "other_us")
    )
    assert data.table("defaults")["country"] == default_country()
