"""`payguide evidence` on a folder: what it holds, its versions, one observation with its history, its upkeep."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cli_runner
import pytest
from cli_runner import PAYROLL_MAP, Cli


@pytest.fixture(scope="module")
def two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs over the same payroll; in the second, one person's title has changed and one's pay."""
    place = tmp_path_factory.mktemp("two-runs")
    table, evidence, map_file = place / "pay.csv", place / "evidence", place / "own.toml"
    map_file.write_text(PAYROLL_MAP, encoding="utf-8")
    for number, (title, pay) in enumerate((("ML Engineer", 150_000), ("Senior ML Engineer", 155_000))):
        table.write_text(
            f"id,title,pay,seen\n1,{title},140000,2026-05-01\n2,ML Engineer,{pay},2026-05-01\n",
            encoding="utf-8",
        )
        ran = cli_runner.ran("collect", f"payroll:{table}", "--map", map_file, "--evidence", evidence)
        assert ran.code == 0, ran.err
        assert ("no longer stated" in ran.err) == bool(number)
    return evidence


@pytest.fixture
def folder(two_runs: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(two_runs, tmp_path / "evidence"))


def test_each_run_is_a_version(cli: Cli, folder: Path) -> None:
    now = json.loads(cli("evidence", "show", "--evidence", folder, "--json").out)
    then = json.loads(cli("evidence", "show", "--evidence", folder, "--version", "1", "--json").out)

    assert (now["number"], then["number"]) == (2, 1)
    counts = [(run["observations_new"], run["observations_withdrawn"]) for run in now["runs"]]
    assert counts == [(2, 0), (2, 1)]
    assert "editions built from it" in cli("evidence", "show", "--evidence", folder).out


def test_an_observation_shows_its_history_and_document(cli: Cli, folder: Path) -> None:
    from payguide.evidence.store import Store

    [row] = Store.open(folder).rows("SELECT key FROM observations WHERE level = 'senior'")
    ran = cli("evidence", "show", row["key"], "--evidence", folder)

    assert "Its history" in ran.out
    assert "Its document" in ran.out
    assert "pay.csv" in ran.out
    told = json.loads(cli("evidence", "show", row["key"], "--evidence", folder, "--json").out)
    assert (told["revisions"], told["top_coded"], told["skills"]) == (2, False, [])
    assert isinstance(told["low"], float)


def test_upkeep_leaves_the_evidence_as_it_was(cli: Cli, folder: Path) -> None:
    before = json.loads(cli("evidence", "show", "--evidence", folder, "--json").out)["sources"]

    assert json.loads(cli("evidence", "compact", "--evidence", folder, "--json").out)["observations"] == 1
    assert json.loads(cli("evidence", "vacuum", "--evidence", folder, "--json").out)["observations"] == 2
    assert json.loads(cli("evidence", "show", "--evidence", folder, "--json").out)["sources"] == before


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
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
    ran = cli("evidence", "show", *arguments, *named)

    assert ran.code == code
    assert said in ran.err


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three payroll lines: one sound, one below the floor of base pay, one dated before the contract's first day."""
    place = tmp_path_factory.mktemp("refused")
    table, map_file, evidence = place / "pay.csv", place / "own.toml", place / "evidence"
    map_file.write_text(PAYROLL_MAP, encoding="utf-8")
    table.write_text(
        "id,title,pay,seen\n1,ML Engineer,140000,2026-05-01\n2,ML Engineer,14000,2026-05-01\n"
        "3,ML Engineer,120000,1989-05-01\n",
        encoding="utf-8",
    )
    ran = cli_runner.ran("collect", f"payroll:{table}", "--map", map_file, "--evidence", evidence)
    assert ran.code == 3, ran.err
    return evidence


@pytest.fixture
def refused(collected: Path, tmp_path: Path) -> Path:
    """The same, to be changed."""
    return Path(shutil.copytree(collected, tmp_path / "evidence"))


LOOSE = '[[bounds]]\ncurrency = "USD"\ncountries = ["US", ""]\nbase = [10_000, 2_000_000]\n'
FLOOR = "annual_pay_is_plausible"
DATED = "date_is_plausible"


def test_the_quarantine_is_counted_by_rule_and_listed(cli: Cli, refused: Path) -> None:
    everything = json.loads(cli("evidence", "quarantine", "--evidence", refused, "--json").out)
    assert {rule: found["rows"] for rule, found in everything["rules"].items()} == {FLOOR: 1, DATED: 1}
    assert [row["low"] for row in everything["rows"]] == [14_000, 120_000]

    one = json.loads(cli("evidence", "quarantine", "--evidence", refused, "--rule", DATED, "--json").out)
    assert (list(one["rules"]), [row["date"] for row in one["rows"]]) == ([DATED], ["1989-05-01"])

    shown = cli("evidence", "quarantine", "--evidence", refused).out
    assert "A year's pay lies within the dated bounds" in " ".join(shown.split())
    assert "In quarantine: 2" in shown
    assert "reason" not in cli("evidence", "quarantine", "--evidence", refused, "--rule", DATED).out


def test_a_revalidation_with_ones_own_contract_releases_and_is_on_record(cli: Cli, refused: Path) -> None:
    own = refused.parent / "my-contract.toml"
    own.write_text(LOOSE, encoding="utf-8")
    done = json.loads(cli("evidence", "revalidate", "--evidence", refused, "--contract", own, "--json").out)
    assert (done["released"], done["number"], done["held"]) == (1, 2, {DATED: 1})
    again = cli("evidence", "revalidate", "--evidence", refused, "--contract", own)
    assert "Nothing changed" in again.err

    holdings = json.loads(cli("evidence", "show", "--evidence", refused, "--json").out)
    assert holdings["runs"][-1]["command"].startswith(
        "evidence revalidate --contract my-contract.toml (sha256 "
    )
    assert holdings["rejections"] == {DATED: 1}
    assert [source["rejections"] for source in holdings["sources"].values()] == [1]
    assert holdings["contract"].startswith("my-contract.toml (sha256 ")
    assert cli("evidence", "revalidate", "--evidence", refused).err.count("1 observations went into it") == 1


def test_a_quarantined_statement_is_found_by_its_key(cli: Cli, refused: Path) -> None:
    [row] = json.loads(cli("evidence", "quarantine", "--evidence", refused, "--rule", DATED, "--json").out)[
        "rows"
    ]
    ran = cli("evidence", "show", row["observation"], "--evidence", refused)
    assert f"Observation {row['observation']}" in ran.out
    assert f"It is in quarantine: {DATED}. A statement is not from before" in ran.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("quarantine", "--rule", "no_such_rule"),       2, "no rule 'no_such_rule'"),
        (("show", "--rule", FLOOR),                      2, "--rule"),
        (("quarantine", "--contract", "own.toml"),       2, "--contract"),
        (("revalidate", "--version", "1"),               2, "--version"),
        (("compact", "--version", "1"),                  2, "--version"),
        (("vacuum", "--as-of", "2026-01-01"),            2, "--as-of"),
        (("revalidate", "--contract", "nowhere.toml"),   3, "the contract cannot be read"),
    ],
)  # fmt: skip
def test_what_cannot_be_revalidated_is_said(
    cli: Cli, refused: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    ran = cli("evidence", *arguments, "--evidence", refused)
    assert (ran.code, said in ran.err) == (code, True), ran.err


def test_of_how_many_the_employers_tier_is_unknown_is_printed_by_role(cli: Cli, tmp_path: Path) -> None:
    table, map_file, evidence = tmp_path / "pay.csv", tmp_path / "own.toml", tmp_path / "evidence"
    own = PAYROLL_MAP.replace("[columns]", '[columns]\nemployer = "firm"').replace('employer = "acme"\n', "")
    map_file.write_text(own, encoding="utf-8")
    firms = ("Google LLC", "Frobnicate Staffing", "Quuxly", "Quuxly")
    lines = [f"{n},ML Engineer,140000,2026-05-01,{firm}" for n, firm in enumerate(firms)]
    table.write_text("\n".join(["id,title,pay,seen,firm", *lines]), encoding="utf-8")
    ran = cli("collect", f"payroll:{table}", "--map", map_file, "--evidence", evidence)
    assert ran.code == 0, ran.err

    told = json.loads(cli("evidence", "show", "--evidence", evidence, "--json").out)["tiers"]

    counts = {"role": "ml_engineer", "records": 4, "unknown": 2, "list": 1, "rule": 1}
    assert told == [counts | {"kind": "all"}, counts | {"kind": "payroll"}]
    shown = cli("evidence", "show", "--evidence", evidence).out
    assert ["ml_engineer", "all", "4", "50.0%", "25.0%", "25.0%"] in [
        line.split() for line in shown.splitlines()
    ]
