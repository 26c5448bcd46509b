"""Live boards at the command line: what would be asked, what was, and the list of employers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from page_server import CLOSED, served
from payguide.serve.cli.main import run

JOB = {"@type": "JobPosting", "title": "ML Engineer", "datePosted": "2026-11-02",
       "hiringOrganization": {"name": "Acme"},
       "description": "The base salary range is $150,000 - $210,000 a year."}  # fmt: skip


@pytest.fixture
def site() -> Iterator[str]:
    page = f'<script type="application/ld+json">{json.dumps(JOB)}</script>'
    with served(lambda path: CLOSED if path == "/robots.txt" else page) as host:
        yield host


def test_what_each_host_was_asked_is_a_table_and_json(
    site: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    boards = tmp_path / "employers.toml"
    names = [f'[[employer]]\nboard = "jobposting:http://{site}/{page}"\n' for page in ("open", "closed")]
    boards.write_text("".join(names))
    command = ["collect", "boards", "--file", str(boards), "--evidence", str(tmp_path / "evidence"),
               "--allow-host", "127.0.0.1", "--json"]  # fmt: skip
    assert run(command) == 4
    said = capfd.readouterr()
    found = json.loads(said.out)
    assert found["hosts"][site] == {
        "asked": 2, "got": 1, "unchanged": 0, "refused": 1, "not_checked": 0, "failed": 0,
    }  # fmt: skip
    assert (found["postings_new"], found["observations_new"]) == (1, 1)
    assert site in said.err
    assert "robots.txt closes" in said.err


@pytest.mark.parametrize("as_json", [True, False])
def test_a_dry_run_asks_nobody(as_json: bool, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    evidence = tmp_path / "evidence"
    command = ["collect", "greenhouse:acme", "smartrecruiters:acme", "boards", "--evidence", str(evidence)]
    assert run([*command, "--dry-run", *(["--json"] if as_json else [])]) == 0
    said = capfd.readouterr().out
    assert not evidence.exists()
    if as_json:
        plan = {one["board"]: one["refused"] for one in json.loads(said)["boards"]}
        assert len(plan) > 300
        assert (plan["greenhouse:acme"], "robots.txt" in plan["smartrecruiters:acme"]) == ("", True)
    else:
        assert "would be asked" in said


@pytest.mark.parametrize(
    "arguments",
    [
        ["greenhouse:"],
        ["workday:acme"],
        ["workday:acme.example//Site"],
        ["oracle_hcm:a b/x"],
        ["jobposting:acme"],
        ["nothing:acme"],
        ["boards", "--file", "absent.toml"],
        ["boards", "--limit", "0"],
        ["boards", "--workers", "0"],
        ["boards", "--allow-terms", "greenhouse"],
        ["boards", "--allow-terms", "smartrecruiter"],
    ],
)
def test_what_means_nothing_is_refused_before_anybody_is_asked(arguments: list[str], tmp_path: Path) -> None:
    assert run(["collect", *arguments, "--evidence", str(tmp_path / "evidence")]) in (2, 3)
    assert not (tmp_path / "evidence").exists()
