"""`payguide evidence` on a folder: what it holds, its versions, one observation with its history, its upkeep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import Cli

MAP = """
rows = "statements"
date_formats = ["%Y-%m-%d"]
[columns]
id = "id"
title = "title"
date = "seen"
[constants]
period = "year"
currency = "USD"
employer = "acme"
[amounts.base]
column = "pay"
"""


@pytest.fixture
def folder(cli: Cli, tmp_path: Path) -> Path:
    """Two runs over the same payroll; in the second, one person's title has changed and one's pay."""
    table = tmp_path / "pay.csv"
    evidence = tmp_path / "evidence"
    map_file = tmp_path / "own.toml"
    map_file.write_text(MAP, encoding="utf-8")
    for number, (title, pay) in enumerate((("ML Engineer", 150_000), ("Senior ML Engineer", 155_000))):
        table.write_text(
            f"id,title,pay,seen\n1,{title},140000,2026-05-01\n2,ML Engineer,{pay},2026-05-01\n",
            encoding="utf-8",
        )
        ran = cli("collect", f"payroll:{table}", "--map", map_file, "--evidence", evidence)
        assert ran.code == 0, ran.err
        assert ("no longer stated" in ran.err) == bool(number)
    return evidence


def test_each_run_is_a_version(cli: Cli, folder: Path) -> None:
    now = json.loads(cli("evidence", "--evidence", folder, "--json").out)
    then = json.loads(cli("evidence", "--evidence", folder, "--version", "1", "--json").out)

    assert (now["number"], then["number"]) == (2, 1)
    counts = [(run["observations_new"], run["observations_withdrawn"]) for run in now["runs"]]
    assert counts == [("2", "0"), ("2", "1")]
    assert "editions built from it" in cli("evidence", "--evidence", folder).out


def test_an_observation_shows_its_history_and_document(cli: Cli, folder: Path) -> None:
    from payguide.evidence.store import Store

    [row] = Store.open(folder).rows("SELECT key FROM observations WHERE level = 'senior'")
    ran = cli("evidence", row["key"], "--evidence", folder)

    assert "Its history" in ran.out
    assert "Its document" in ran.out
    assert "pay.csv" in ran.out
    assert json.loads(cli("evidence", row["key"], "--evidence", folder, "--json").out)["revisions"] == 2


def test_upkeep_leaves_the_evidence_as_it_was(cli: Cli, folder: Path) -> None:
    before = json.loads(cli("evidence", "--evidence", folder, "--json").out)["sources"]

    assert json.loads(cli("evidence", "compact", "--evidence", folder, "--json").out)["observations"] == 1
    assert json.loads(cli("evidence", "vacuum", "--evidence", folder, "--json").out)["observations"] == 2
    assert json.loads(cli("evidence", "--evidence", folder, "--json").out)["sources"] == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("compact",),                                     2, "no evidence folder"),
        (("--version", "1"),                               2, "no evidence folder"),
        (("--version", "1", "--as-of", "2026-01-01"),      2, "--version and --as-of"),
        (("--version", "7"),                               3, "no version 7"),
        (("--as-of", "2001-01-01"),                        3, "no version as of 2001-01-01"),
        (("feed00",),                                      3, "no observation has the key"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(
    cli: Cli, folder: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    named = () if said == "no evidence folder" else ("--evidence", folder)
    ran = cli("evidence", *arguments, *named)

    assert ran.code == code
    assert said in ran.err
