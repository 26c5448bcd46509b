"""Every command that takes --evidence takes s3://bucket/prefix."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import PAYROLL_MAP, Cli


@pytest.fixture
def collected(cli: Cli, tmp_path: Path, s3: str) -> str:
    """Two runs over a payroll of three lines; in the second a title has changed and a line is wrong."""
    table, own = tmp_path / "pay.csv", tmp_path / "own.toml"
    own.write_text(PAYROLL_MAP, encoding="utf-8")
    for title, pay, code in (("ML Engineer", 150_000, 0), ("Senior ML Engineer", 10_000, 3)):
        lines = [
            f"1,{title},140000,2026-05-01",
            "2,ML Engineer,160000,2026-05-01",
            f"3,ML Engineer,{pay},2026-05-01",
        ]
        table.write_text("\n".join(("id,title,pay,seen", *lines)), encoding="utf-8")
        ran = cli("collect", f"payroll:{table}", "--map", own, "--evidence", s3)
        assert ran.code == code, ran.err
    return s3


def test_the_evidence_in_storage_is_shown_and_cared_for(cli: Cli, collected: str) -> None:
    def told(*arguments: object) -> dict[str, object]:
        ran = cli("evidence", *arguments, "--evidence", collected, "--json")
        assert ran.code == 0, ran.err
        found: dict[str, object] = json.loads(ran.out.splitlines()[0])
        return found

    assert (told("show")["number"], told("show", "--version", 1)["number"]) == (2, 1)
    assert told("show", "--rejected")["rule"] == "annual_pay_is_plausible"
    [held] = told("quarantine")["rows"]  # type: ignore[misc]
    assert told("show", held["observation"])["revisions"] == 0
    assert told("compact")["observations"] == 1
    assert told("vacuum")["observations"] == 2
    assert told("revalidate")["number"] == 3
    assert cli("evidence", "outliers", "--evidence", collected).code == 0
    assert "2 observations" in cli("doctor", "--evidence", collected).out


def test_what_is_wrong_with_a_storage_is_said_with_its_exit_code(
    cli: Cli, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = cli("evidence", "show", "--evidence", s3)
    assert (nothing.code, "[input]" in nothing.err) == (3, True)
    other = cli("build", "--evidence", "gs://bucket/evidence")
    assert (other.code, "s3://bucket/prefix" in other.err) == (2, True)
    bucket = cli("collect", "oews", "--evidence", "s3://unheard-of/a")
    assert (bucket.code, "there is no such bucket" in bucket.err) == (1, True)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    away = cli("estimate", "--years", 3, "--evidence", s3)
    assert (away.code, "[source-unavailable]" in away.err) == (4, True)
    assert "no storage answers" in away.err
    for ran in (nothing, other, bucket, away):
        assert ran.err.count("\n") == 2
