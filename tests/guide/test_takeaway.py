"""What programs take away of an edition: figures.parquet, and edition.json by its schema. Only what was published."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import artificial
import duckdb
import jsonschema
import pyarrow.parquet as pq
import pytest

import payguide
from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Published, SourceEstimate, Unknown, Withheld
from payguide.guide import edition as editions
from payguide.guide.figures_table import SCHEMA
from payguide.guide.schema import schema

NUMBERS = (
    "value",
    "low",
    "high",
    "coverage",
    "n",
    "n_records",
    "n_employers",
    "n_unnamed",
    "effective",
    "largest_share",
    "heterogeneity",
    "sources",
)


@pytest.fixture(scope="module", params=["artificial", "packaged"])
def edition(request: pytest.FixtureRequest) -> Edition:
    if request.param == "artificial":
        return artificial.edition()
    return payguide.read_edition(request.getfixturevalue("packaged_site"))


@pytest.fixture(scope="module")
def folder(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("takeaway")
    editions.write(edition, made)
    return made


def rows(folder: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in pq.read_table(folder / "figures.parquet").to_pylist()}


def written(folder: Path) -> Any:
    return json.loads((folder / "edition.json").read_bytes())


def rules(folder: Path) -> jsonschema.Draft202012Validator:
    found = json.loads((folder / written(folder)["$schema"]).read_bytes())
    jsonschema.Draft202012Validator.check_schema(found)
    return jsonschema.Draft202012Validator(found, format_checker=jsonschema.FormatChecker())


def test_parquet_json_and_csv_say_the_same(folder: Path) -> None:
    figures, table = written(folder)["figures"], rows(folder)
    with (folder / "figures.csv").open(encoding="utf-8", newline="") as file:
        lines = {row["id"]: row for row in csv.DictReader(file)}

    assert list(table) == sorted(figures) == list(lines)
    for name, row in table.items():
        told = {key: item for key, item in row.items() if item not in (None, [])}
        told |= {"sources": told.get("sources", [])} if row["status"] == "published" else {}
        stated = {key: item for key, item in figures[name].items() if item not in (None, "")}
        assert json.loads(json.dumps(told, default=str)) == stated
        assert row["status"] == lines[name]["status"]
        if row["status"] == "published":
            assert float(lines[name]["value"]) == pytest.approx(row["value"], rel=1e-5, abs=1e-12)
            assert lines[name]["n_employers"] == (
                "" if row["n_employers"] is None else str(row["n_employers"])
            )


def test_what_the_gate_kept_back_has_no_number_anywhere(edition: Edition, folder: Path) -> None:
    table, figures = rows(folder), written(folder)["figures"]
    kept = [name for name, figure in edition.figures.items() if not isinstance(figure, Published)]
    assert kept
    for name in kept:
        assert [table[name][column] for column in NUMBERS] == [None] * len(NUMBERS)
        assert set(figures[name]) <= {"id", "label", "status", "why", "rule"}
        assert table[name]["rule"] == getattr(edition.figures[name], "rule", None)
        assert table[name]["why"]


def test_another_reader_counts_the_same(edition: Edition, folder: Path) -> None:
    asked = "select status, count(*), count(value) from read_parquet(?) group by status order by status"
    found = duckdb.connect().execute(asked, [str(folder / "figures.parquet")]).fetchall()

    kinds = {"published": Published, "unknown": Unknown, "withheld": Withheld}
    counts = {
        name: sum(isinstance(f, kind) for f in edition.figures.values()) for name, kind in kinds.items()
    }
    assert found == [(name, n, n if name == "published" else 0) for name, n in counts.items() if n]


def test_a_file_of_figures_says_which_edition_it_is_of(edition: Edition, folder: Path) -> None:
    told = pq.read_schema(folder / "figures.parquet").metadata

    assert told[b"edition_sha256"].decode() == editions.fingerprint(edition)
    assert (
        told[b"edition_sha256"].decode() == hashlib.sha256((folder / "edition.json").read_bytes()).hexdigest()
    )
    assert told[b"title"].decode() == edition.manifest["title"]


@pytest.mark.parametrize("start", ["=1+1", "-1", "\t=1", "|cmd"])
def test_texts_in_figures_parquet_are_as_they_are(tmp_path: Path, start: str) -> None:
    made = artificial.edition()
    known = made.figures["band.mid.base.p50"]
    assert isinstance(known, Published)
    sources = (replace(known.estimate.sources[0], source=start),)
    hostile = Published(replace(known.estimate, label=start, method=start, notes=(start,), sources=sources))
    kept = Withheld("band.mid.base.p10", start, "thin", start)
    editions.write(replace(made, figures={**made.figures, known.id: hostile, kept.id: kept}), tmp_path)

    found = rows(tmp_path)
    row = found[known.id]
    told = [row["label"], row["method"], *row["notes"], row["sources"][0]["source"]]
    assert [*told, found[kept.id]["label"], found[kept.id]["why"]] == [start] * 6


def test_the_columns_and_the_schema_are_an_estimates_fields() -> None:
    names = {field.name for field in fields(Estimate)} | {"status"}
    parts = schema("x")["properties"]["figures"]["additionalProperties"]["oneOf"][0]

    assert set(SCHEMA.names) == names | {"rule", "why"}
    assert set(parts["properties"]) == names
    for found in (
        parts["properties"]["sources"]["items"]["properties"],
        SCHEMA.field("sources").type.value_type,
    ):
        assert {getattr(name, "name", name) for name in found} == {
            field.name for field in fields(SourceEstimate)
        }


def test_an_edition_keeps_its_schema(folder: Path) -> None:
    assert [error.message for error in rules(folder).iter_errors(written(folder))] == []


def published(data: Any) -> Any:
    return next(figure for figure in data["figures"].values() if figure["status"] == "published")


def kept_back(data: Any) -> Any:
    return next(figure for figure in data["figures"].values() if figure["status"] == "withheld")


BROKEN: list[tuple[str, Callable[[Any], object]]] = [
    ("another form", lambda data: data.update(format="payguide-edition/0")),
    ("a part that nobody knows", lambda data: data.update(extra=1)),
    ("no figures", lambda data: data.pop("figures")),
    ("a withheld figure with a value", lambda data: kept_back(data).update(value=1.0)),
    ("a withheld figure without the rule", lambda data: kept_back(data).pop("rule")),
    ("a figure without its interval", lambda data: published(data).pop("low")),
    ("a figure without its evidence", lambda data: published(data).pop("n_employers")),
    ("a coverage above one", lambda data: published(data).update(coverage=90)),
    ("a value that is a text", lambda data: published(data).update(value="$1")),
    ("a unit that nobody knows", lambda data: published(data).update(unit="hours")),
    ("a day that is none", lambda data: published(data).update(date="2026-13-01")),
    ("a verdict that nobody knows", lambda data: data["verdicts"][0].update(verdict="maybe")),
    ("a manifest without a date", lambda data: data["manifest"].pop("date")),
]


@pytest.mark.few(4)
@pytest.mark.parametrize("change", [change for _, change in BROKEN], ids=[name for name, _ in BROKEN])
def test_the_schema_refuses_what_is_none(folder: Path, change: Callable[[Any], object]) -> None:
    data = written(folder)
    change(data)

    assert any(True for _ in rules(folder).iter_errors(data))
