"""What a user gives as text: from a file or standard input, in any encoding; what is no text is refused in words."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli_runner import PAYROLL_MAP, Cli

from slow_cases import some_slow

POSTINGS = [
    {"id": n, "title": "ML Engineer", "text": f"Zürich. Salary: ${n}00,000 a year."} for n in (1, 2, 3)
]
PROFILES = [{"id": n, "role": "ml_engineer", "years": n, "component": "base"} for n in (1, 2)]
EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "example-guide.toml"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32")


def jsonl(rows: list[dict[str, object]], encoding: str = "utf-8") -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode(encoding)


def piped(arguments: list[str], given: bytes | None) -> subprocess.CompletedProcess[bytes]:
    """A command in a process of its own, with something on its standard input, or with that closed (None)."""
    command = [sys.executable, "-m", "payguide", *arguments]
    if given is None:
        shell = ["sh", "-c", 'exec "$@" <&-', "sh", *command]
        return subprocess.run(shell, capture_output=True, check=False)
    return subprocess.run(command, input=given, capture_output=True, check=False)


@pytest.mark.few(1)
@pytest.mark.parametrize("arguments", [["decode", "-"], ["decode"], ["decode", "--jobs", "1", "-"]])
def test_decode_reads_standard_input(arguments: list[str]) -> None:
    ran = piped(arguments, jsonl(POSTINGS, "utf-16"))

    assert ran.returncode == 0, ran.stderr
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == [1, 2, 3]


@pytest.mark.few(1)
@pytest.mark.parametrize("arguments", [["predict", "-"], ["predict"]])
def test_predict_reads_standard_input(arguments: list[str]) -> None:
    ran = piped(arguments, jsonl(PROFILES))

    assert ran.returncode == 0, ran.stderr
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == [1, 2]


@pytest.mark.parametrize("arguments", [["decode", "-"], ["predict"]])
def test_a_closed_standard_input_is_said(arguments: list[str]) -> None:
    ran = piped(arguments, None)

    assert (ran.returncode, ran.stdout) == (2, b"")
    assert b"standard input is closed" in ran.stderr


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_lines_are_read_in_every_encoding(cli: Cli, tmp_path: Path, encoding: str) -> None:
    postings, profiles = tmp_path / "postings.jsonl", tmp_path / "profiles.jsonl"
    postings.write_bytes(jsonl(POSTINGS, encoding))
    profiles.write_bytes(jsonl(PROFILES, encoding))

    decoded, predicted = cli("decode", postings), cli("predict", profiles)

    assert (decoded.code, predicted.code) == (0, 0)
    assert [json.loads(line)["pay"][0]["min"] for line in decoded.out.splitlines()] == [1e5, 2e5, 3e5]
    assert [json.loads(line)["id"] for line in predicted.out.splitlines()] == [1, 2]


@pytest.mark.parametrize("encoding", some_slow(ENCODINGS, "utf-16"))
def test_files_of_ones_own_are_read_in_every_encoding(
    cli: Cli, packaged_site: Path, tmp_path: Path, encoding: str
) -> None:
    guide, own_map, table, contract = (tmp_path / name for name in ("g.toml", "m.toml", "t.csv", "c.toml"))
    guide.write_bytes(EXAMPLE.read_text(encoding="utf-8").encode(encoding))
    own_map.write_bytes(PAYROLL_MAP.encode(encoding))
    table.write_bytes("id;title;pay;seen\n1;ML Engineer;150000;2026-03-01\n".encode(encoding))
    contract.write_bytes("# my own, to the €\n".encode(encoding))
    evidence = tmp_path / "evidence"

    collected = cli("collect", f"payroll:{table}", "--map", own_map, "--evidence", evidence, "--json")
    assert (collected.code, json.loads(collected.out)["observations_new"]) == (0, 1)
    assert cli("claims", "--file", guide, "--edition", packaged_site, "--json").code == 0
    assert cli("evidence", "revalidate", "--evidence", evidence, "--contract", contract).code == 0


@pytest.mark.parametrize("command", ["decode", "predict"])
def test_what_is_no_text_is_refused_in_words(cli: Cli, tmp_path: Path, command: str) -> None:
    source = tmp_path / "picture.png"
    source.write_bytes(b"\x89PNG\x00\x00 and more")

    ran = cli(command, source)

    assert ran.code == 3
    assert "[unreadable-file]" in ran.err
    assert "picture.png: no text" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("decode", "--jobs", "0", "-"), "--jobs"),
        (("decode", "--jobs", "-1", "-"), "--jobs"),
        (("decode", "--jobs=-3", "-"), "--jobs"),
        (("decode", "--joobs"), "--joobs"),
        (("predict", "-x"), "-x"),
        (("evidence", "show", "--evidence", "x", "--version", "0"), "--version"),
        (("evidence", "show", "--evidence", "x", "--version", "-1"), "--version"),
        (("estimate", "--years", "-1"), "--years"),
        (("estimate", "--years", "nan"), "--years"),
        (("estimate", "--tenure", "81"), "--tenure"),
        (("estimate", "--years", "５"), "--years"),
        (("estimate", "--years", "1e1"), "--years"),
        (("estimate", "--years", "7,5"), "--years"),
        (("estimate", "--years", "60"), "did you mean 6?"),
        (("estimate", "--years", "60"), "--sure"),
        (("estimate", "--tenure", "55"), "did you mean 5.5?"),
    ],
)
def test_a_number_out_of_range_and_a_mistyped_option_are_usage_errors(
    cli: Cli, arguments: tuple[str, ...], said: str
) -> None:
    ran = cli(*arguments)

    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
