"""Bad input: a clear message, a rejection where a row is at fault, exit code 3, and everything else lands."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from cli_runner import Cli

GOOD = {
    "id": "1",
    "title": "Machine Learning Engineer",
    "location": "San Francisco, CA",
    "publishedAt": "2026-03-02T10:00:00.000+00:00",
    "jobUrl": "https://jobs.example/1",
    "descriptionPlain": "Train models. The base salary range is $180,000 - $220,000 a year.",
    "descriptionHtml": "<p>Train models. The base salary range is $180,000 - $220,000 a year.</p>",
    "compensation": {"compensationTiers": []},
}

CUT = gzip.compress(json.dumps({"jobs": [GOOD] * 50}).encode(), mtime=0)[:-20]


@pytest.fixture
def boards(tmp_path: Path) -> Path:
    """A folder of recorded answers with one whole board."""
    folder = tmp_path / "boards"
    folder.mkdir()
    (folder / "whole.json").write_text(json.dumps({"jobs": [GOOD]}))
    return folder


def rules(cli: Cli, evidence: Path) -> dict[str, int]:
    return json.loads(cli("evidence", "show", "--evidence", evidence, "--json").out)["rejections"]


def landed(cli: Cli, evidence: Path) -> int:
    sources = json.loads(cli("evidence", "show", "--evidence", evidence, "--json").out)["sources"]
    return sum(counts.get("observations", 0) for counts in sources.values())


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("name", "content", "rule", "said"),
    [
        ("cut.json.gz", CUT, "truncated_gzip", "gzip"),
        ("page.json", b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", "html_instead_of_json", "HTML"),
        ("half.json", b'{"jobs": [{"id": "1", "ti', "not_json", "JSON"),
        ("empty.json", b"", "empty_file", "empty"),
    ],
)  # fmt: skip
def test_a_broken_board_is_refused_and_the_others_land(
    cli: Cli, boards: Path, tmp_path: Path, name: str, content: bytes, rule: str, said: str
) -> None:
    (boards / name).write_bytes(content)
    evidence = tmp_path / "evidence"

    ran = cli("collect", f"recorded:{boards}", "--evidence", evidence)

    assert ran.code == 3
    assert landed(cli, evidence) == 1
    assert rules(cli, evidence) == {rule: 1}
    kept = cli("evidence", "show", "--evidence", evidence, "--rejected")
    assert name in kept.out
    assert said.lower() in kept.out.lower()


def test_a_table_without_a_mapped_column_is_refused(cli: Cli, boards: Path, tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    table.write_text("PrimaryRole,Country,EdLevel\nAI/ML engineer,United States of America,\n")
    evidence = tmp_path / "evidence"

    cli("collect", f"recorded:{boards}", "--evidence", evidence)
    ran = cli("collect", f"survey:{table}", "--map", "stackoverflow", "--evidence", evidence)

    assert ran.code == 3
    assert landed(cli, evidence) == 1
    assert "salary" in ran.err + cli("evidence", "show", "--evidence", evidence, "--rejected").out


HEAD = "PrimaryRole,Country,EdLevel,YearsCode,salary\n"


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("salary", "rule"),
    [
        ("-120000", "negative_pay"),
        ("99999999999", "absurd_pay"),
        ("a lot", "not_a_number"),
        ("0", "zero_pay"),
    ],
)
def test_a_row_with_impossible_pay_is_refused_and_the_others_land(
    cli: Cli, tmp_path: Path, salary: str, rule: str
) -> None:
    table = tmp_path / "survey.csv"
    row = "AI/ML engineer,United States of America,,5,{}\n"
    table.write_text(HEAD + row.format(salary) + row.format(150000))
    evidence = tmp_path / "evidence"

    ran = cli("collect", f"survey:{table}", "--map", "stackoverflow", "--evidence", evidence)

    assert ran.code == 3
    assert landed(cli, evidence) == 1
    assert rules(cli, evidence) == {rule: 1}


def test_a_currency_that_is_none_is_refused(cli: Cli, tmp_path: Path) -> None:
    tier = {"title": "", "components": [{
        "compensationType": "Salary", "interval": "1 YEAR", "currencyCode": "ZZZ", "minValue": 1e5, "maxValue": 2e5,
    }]}  # fmt: skip
    odd = {**GOOD, "id": "2", "descriptionPlain": "Train.", "descriptionHtml": "Train.",
           "compensation": {"compensationTiers": [tier]}}  # fmt: skip
    folder = tmp_path / "boards"
    folder.mkdir()
    (folder / "acme.json").write_text(json.dumps({"jobs": [GOOD, odd]}))
    evidence = tmp_path / "evidence"

    ran = cli("collect", f"recorded:{folder}", "--evidence", evidence)

    assert ran.code == 3
    assert landed(cli, evidence) == 1
    assert rules(cli, evidence) == {"unknown_currency": 1}


def test_collecting_again_adds_nothing_and_says_the_same(cli: Cli, boards: Path, tmp_path: Path) -> None:
    (boards / "broken.json").write_text("[")
    evidence = tmp_path / "evidence"

    first = cli("collect", f"recorded:{boards}", "--evidence", evidence, "--json")
    again = cli("collect", f"recorded:{boards}", "--evidence", evidence, "--json")

    assert (first.code, again.code) == (3, 3)
    assert json.loads(first.out)["observations_new"] == 1
    assert json.loads(again.out)["observations_new"] == json.loads(again.out)["documents_new"] == 0
    assert json.loads(again.out)["rejections_new"] == 0
