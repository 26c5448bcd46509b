"""The commands as scripts use them: what they print, and their exit codes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cli_runner import Cli

from payguide.base.edition import Edition
from payguide.guide.role import EditionSpec
from payguide.pipeline import editions
from payguide.serve.cli.main import app

COMMANDS = (
    "audit",
    "backtest",
    "boards",
    "build",
    "claims",
    "collect",
    "decode",
    "diff",
    "doctor",
    "estimate",
    "evidence",
    "pack",
    "pdf",
    "predict",
    "verify",
)
POSTING = {
    "id": 7,
    "title": "Senior Machine Learning Engineer",
    "location": "Seattle, WA",
    "html": "<p>5+ years of experience with Python. The base salary range is $180,000 - $220,000.</p>",
}
PROFILES = [
    {"id": "a", "role": "ml_engineer", "years": 7, "place": "Seattle, WA", "component": "base"},
    {"id": "b", "role": "ml_engineer", "level": "entry", "component": "total"},
]


#: The commands below `payguide evidence`.
ON_EVIDENCE = ("compact", "erase", "outliers", "quarantine", "revalidate", "show", "vacuum")


@pytest.mark.parametrize("command", [*COMMANDS, "boards find", *(f"evidence {name}" for name in ON_EVIDENCE)])
def test_every_command_teaches_with_an_example(cli: Cli, command: str) -> None:
    ran = cli(*command.split(), "--help")

    assert ran.code == 0
    words = " ".join(ran.out.split())
    assert re.search(rf"Examples?: payguide {command} ", words), words


def test_no_command_is_undocumented() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    named = {name for name in app if not name.startswith("-")}

    assert named == set(COMMANDS)
    assert {name for name in app["evidence"] if not name.startswith("-")} == set(ON_EVIDENCE)
    assert all(f"payguide {name}" in readme or name in ("pack", "predict") for name in named)


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("build", "--role", "astronaut"),
        ("collect", "--evidence", "x"),
        ("collect", "carrier-pigeon:coop", "--evidence", "x"),
        ("collect", "survey:file.csv", "--evidence", "x"),
        ("collect", "oews", "--evidence", "x", "--master", "local"),
        ("collect", "oews", "--evidence", "x", "--engine", "ray"),
        ("collect", "oews", "--evidence", "x", "--engine", "spark", "--master", "a", "--spark-remote", "b"),
        ("build", "--spark-remote", "sc://localhost"),
        ("build", "--engine", "spark"),
        ("build", "--url", "pay.example"),
        ("build", "--corrects", "old"),
        ("build", "--reason", "It was wrong."),
        ("build", "--corrects", "old", "--reason", " "),
        ("build", "--corrects", "old", "--previous", "older", "--reason", "It was wrong."),
        ("estimate", "--level", "wizard"),
        ("evidence", "show"),
        ("evidence", "quarantine"),
        ("evidence", "compact"),
        ("evidence", "erase"),
        ("evidence", "band.senior.base.p50"),
        ("evidence", "replay", "--evidence", "x"),
        ("changes", "old", "new"),
        ("collect", "replay:boards", "--evidence", "x"),
    ],
)
def test_a_wrong_command_line_exits_with_2_and_says_what_to_do(
    cli: Cli, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.csv").write_text("a\n1\n")

    ran = cli(*arguments)

    assert ran.code == 2
    assert ran.err.startswith("error")
    assert not ran.out


def test_a_spark_that_is_not_installed_is_said_before_anything_is_made(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.errors", None)

    ran = cli("collect", "oews", "--evidence", tmp_path / "evidence", "--engine", "spark")

    assert ran.code == 2
    assert "pip install 'payguide[spark]'" in ran.err
    assert not (tmp_path / "evidence").exists()


@pytest.fixture(scope="module")
def made() -> Iterator[None]:
    """The edition of the packaged evidence is made once for the commands that make it in memory."""
    with pytest.MonkeyPatch.context() as patch:
        known: dict[tuple[str, object], Edition] = {}
        make = editions.make

        def once(role: EditionSpec, *, evidence: object, **others: Any) -> Edition:
            key = role.slug, evidence
            if key not in known:
                known[key] = make(role, evidence=evidence, **others)
            return known[key]

        patch.setattr(editions, "make", once)
        yield


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "--evidence", "absent"),
        ("collect", "recorded:absent", "--evidence", "evidence"),
        ("decode", "absent.jsonl"),
        ("predict", "absent.jsonl"),
        ("claims", "--edition", "absent"),
        ("evidence", "show", "no.such.figure"),
        ("verify", "absent"),
    ],
)
def test_missing_input_exits_with_3(
    cli: Cli, arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    ran = cli(*arguments)

    assert ran.code == 3
    assert "absent" in ran.err or "no.such.figure" in ran.err


@pytest.mark.parametrize("jobs", [1, 2])
def test_decode_keeps_the_order_and_goes_on_past_a_bad_line(cli: Cli, tmp_path: Path, jobs: int) -> None:
    lines = [json.dumps({**POSTING, "id": number}) for number in range(600)]
    lines[100] = '{"id": 100, "title": '
    lines[200] = "[]"
    source = tmp_path / "postings.jsonl"
    source.write_text("\n".join(lines))

    ran = cli("decode", source, "--jobs", jobs)

    found = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 3
    assert [one["id"] for one in found] == [number for number in range(600) if number not in (100, 200)]
    assert "line 101" in ran.err
    assert "line 201" in ran.err


def test_decode_gives_the_contracts_shape(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "one.jsonl"
    source.write_text(json.dumps(POSTING))

    found = json.loads(cli("decode", source).out)

    assert found == {
        "id": 7,
        "role": "ml_engineer",
        "level": "senior",
        "level_read_from": "title",
        "years": {"min": 5, "max": None},
        "degree": {"required": None, "preferred": None},
        "remote": "unstated",
        "place": {"city": "Seattle", "region": "WA", "country": "US", "metro": "42660"},
        "skills": ["python"],
        "pay": [
            {
                "min": 180000,
                "max": 220000,
                "currency": "USD",
                "period": "year",
                "basis": "base",
                "scope": None,
                "span": found["pay"][0]["span"],
            }
        ],
        "warnings": [],
    }


def test_predict_answers_line_by_line_in_order(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "profiles.jsonl"
    bad = [json.dumps({"id": "c", "role": "ml_engineer", name: -4}) for name in ("years", "tenure")]
    bad += ["{", json.dumps({"id": "d"})]
    source.write_text("\n".join([json.dumps(PROFILES[0]), *bad, json.dumps(PROFILES[1])]))

    ran = cli("predict", source)

    found = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 3
    assert [one["id"] for one in found] == ["a", "c", "c", "d", "b"]
    assert ["error" in one for one in found] == [False, True, True, True, False]
    for one in (found[0], found[-1]):
        assert one["p10"] < one["p25"] < one["p50"] < one["p75"] < one["p90"]
        assert one["currency"] == "USD"
        assert 0 < one["coverage"] < 1
    assert all(f"line {number}" in ran.err for number in (2, 3, 4, 5))


def test_estimate_says_what_moved_it(cli: Cli) -> None:
    ran = cli("estimate", "--years", 7, "--place", "Seattle, WA", "--json")

    found = json.loads(ran.out)
    assert ran.code == 0
    assert found["read_as"]["metro"] == "42660"
    assert found["drivers"]
    assert cli("estimate", "--years", 7).code == 0


def test_tenure_and_focus_are_read_and_move_the_estimate(cli: Cli) -> None:
    asked = ("estimate", "--role", "software-engineer", "--years", 9, "--json")

    plain, told = (json.loads(cli(*asked, *more).out) for more in ((), ("--tenure", 0, "--focus", "Android")))

    assert (told["read_as"]["tenure"], told["read_as"]["focus"]) == (0, "mobile")
    moved = {one["name"] for one in told["drivers"]}
    assert {"tenure", "focus"} <= moved
    assert told["p50"] != plain["p50"]
    ran = cli(*asked, "--focus", "sewing")
    assert (ran.code, "front end" in ran.err) == (2, True)


@pytest.mark.usefixtures("made")
def test_claims_are_judged_with_what_decides(cli: Cli) -> None:
    ran = cli("claims", "--json")

    found = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert len(found) >= 20
    words = {"supported", "contradicted", "mixed", "not enough evidence"}
    assert {one["verdict"] for one in found} <= words


EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "example-guide.toml"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An artificial edition on disk."""
    from payguide.base.edition import Edition
    from payguide.base.estimates import Estimate, Published, Unit
    from payguide.guide import edition as editions

    figures = {}
    for id_, unit, value in (
        ("band.staff.total.p50", Unit.MONEY, 450e3),
        ("skill.sql.demand", Unit.SHARE, 0.7),
        ("band.mid.base.p25", Unit.MONEY, 2e5),
    ):
        told = (0.9, 100, 100, 20, 0, 15.0, 0.1, "", "made up", "nobody", date(2030, 1, 1))
        figures[id_] = Published(Estimate(id_, id_, unit, value, value * 0.95, value * 1.05, *told))
    folder = tmp_path_factory.mktemp("edition")
    editions.write(Edition({"slug": "x"}, figures), folder)
    return folder


def test_another_guide_is_audited_on_an_edition(cli: Cli, edition: Path) -> None:
    ran = cli("claims", "--file", EXAMPLE, "--edition", edition, "--json")

    found = {one["id"]: one["verdict"] for one in map(json.loads, ran.out.splitlines())}
    assert ran.code == 0
    assert {name for name, verdict in found.items() if verdict == "supported"} == {"staff.total", "skills"}
    assert (
        "claim mid.average: this edition has no figure band.mid.base.p50; there is band.mid.base.p25"
        in ran.err
    )
    assert "Example Pay Guide: its claims" in cli("claims", "--file", EXAMPLE, "--edition", edition).out


def test_a_claims_file_at_fault_is_named_with_its_claim_and_key(
    cli: Cli, edition: Path, tmp_path: Path
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(EXAMPLE.read_text(encoding="utf-8").replace("[0.5]", "[0.5, 0.6]"), encoding="utf-8")

    ran = cli("claims", "--file", file, "--edition", edition)

    assert ran.code == 3
    assert "mine.toml, claim 8 (skills): the key `stated`: the test 'presence' takes 1" in ran.err
    assert cli("claims", "--file", tmp_path / "absent.toml", "--edition", edition).code == 3
    assert cli("claims", "--edition", edition, "--evidence", tmp_path).code == 2


@pytest.mark.usefixtures("made")
def test_a_figure_is_followed_to_its_sources(cli: Cli) -> None:
    ran = cli("evidence", "show", "band.senior.base.p50")

    assert ran.code == 0
    assert "employers" in ran.out
    assert "levels" in ran.out


def test_the_doctor_finds_this_installation_well(cli: Cli) -> None:
    ran = cli("doctor", "--json")

    assert ran.code == 0
    assert all(check["ok"] is not False for check in json.loads(ran.out))


#: What the work on evidence and the making of pages needs.
HEAVY = (
    "duckdb",
    "deltalake",
    "pyarrow",
    "scipy",
    "pyspark",
    "narwhals",
    "jinja2",
    "vl_convert",
    "httpcore2",
    "pandas",
)


@pytest.mark.parametrize(
    ("arguments", "heavy"),
    [
        (["--help"], (*HEAVY, "numpy", "rich.progress")),
        (["estimate", "--help"], (*HEAVY, "numpy", "rich.progress")),
        (
            ["estimate", "--years", "7", "--place", "Seattle, WA", "--employer", "Stripe"],
            (*HEAVY, "rich.progress"),
        ),
        (["predict", "PROFILES"], HEAVY),
        (["decode", "PROFILES"], (*HEAVY, "numpy")),
    ],
    ids=" ".join,
)
def test_a_command_loads_only_what_it_needs(
    arguments: list[str], heavy: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # pandas is there, if it is installed
    monkeypatch.delenv("PYTHONPATH")
    profiles = tmp_path / "profiles.jsonl"
    profiles.write_text(json.dumps({**PROFILES[0], "title": "ML Engineer"}))
    given = [str(profiles) if word == "PROFILES" else word for word in arguments]
    code = (
        f"import sys; from payguide.serve.cli.main import run; assert run({given}) == 0; "
        f"print(*[name for name in {heavy} if name in sys.modules], file=sys.stderr)"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.splitlines()[-1] == ""
