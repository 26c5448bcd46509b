"""`payguide diff`, and what `build` and `verify` take of an earlier edition, on the packaged evidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cli_runner import Cli

from payguide.base.codes import LADDER
from payguide.serve.cli.main import run


@pytest.fixture(scope="module")
def new(packaged_site: Path) -> Path:
    return packaged_site


def earlier(new: Path, folder: Path, **manifest: object) -> Path:
    """An earlier edition: half the pay of seniors, and another manifest."""
    data = json.loads((new / "edition.json").read_text(encoding="utf-8"))
    data["manifest"].pop("model_sha256")
    data["manifest"] |= {"date": "2026-05-01", **manifest}
    for name in ("value", "low", "high"):
        data["figures"]["band.senior.base.p50"][name] /= 2
    folder.mkdir()
    (folder / "edition.json").write_text(json.dumps(data), encoding="utf-8")
    return folder


def test_what_changed_is_told_to_a_person_and_to_a_program(cli: Cli, new: Path, tmp_path: Path) -> None:
    old = earlier(new, tmp_path / "old", evidence_version="older")

    ran = cli("diff", old, new)

    assert ran.code == 0
    (senior,) = [line for line in ran.out.splitlines() if line.startswith("Senior") and " base " in line]
    assert "+100.0%" in senior
    assert senior.rstrip().endswith("higher, by more than chance makes")
    assert "older" in ran.out
    assert "1 moved by more than chance makes" in ran.err

    told: dict[str, Any] = json.loads(cli("diff", old, new, "--json").out)
    assert {f"band.{level}.{pay}.p50" for level in LADDER for pay in ("base", "total")} <= {
        band["id"] for band in told["bands"]
    }
    was, now = told["was"]["band.senior.base.p50"], told["now"]["band.senior.base.p50"]
    assert now["value"] == pytest.approx(2 * was["value"], rel=1e-5)
    assert (told["nothing"], told["previous"]["date"]) == (False, "2026-05-01")


def test_nothing_changed_is_said_too(cli: Cli, new: Path) -> None:
    ran = cli("diff", new, new)

    assert ran.code == 0
    assert "Nothing changed" in ran.err
    assert json.loads(cli("diff", new, new, "--json").out)["nothing"]


@pytest.mark.parametrize(
    ("manifest", "code"),
    [({"role": "data_scientist"}, 2), ({"currency": "EUR"}, 2), ({"country": "DE"}, 2), ({"date": "2027-01-01"}, 2)],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused_before_anything_is_written(
    cli: Cli, new: Path, tmp_path: Path, manifest: dict[str, object], code: int
) -> None:
    old = earlier(new, tmp_path / "old", **manifest)

    for ran in (cli("diff", old, new), cli("build", "--previous", old, "--out", tmp_path / "out")):
        assert ran.code == code
        assert "error" in ran.err
    assert not (tmp_path / "out").exists()


def test_what_is_no_edition_is_bad_input(cli: Cli, new: Path, tmp_path: Path) -> None:
    data = json.loads((new / "edition.json").read_text(encoding="utf-8"))
    data["figures"]["band.any.base.p50"].pop("n_employers")
    (tmp_path / "edition.json").write_text(json.dumps(data), encoding="utf-8")

    ran = cli("diff", tmp_path, new)
    assert ran.code == 3
    assert "band.any.base.p50 lacks n_employers" in ran.err
    assert cli("diff", new, tmp_path / "nowhere").code == 3
    assert cli("diff", new).code == 2


@pytest.fixture(scope="module")
def old(new: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return earlier(new, tmp_path_factory.mktemp("earlier") / "old")


@pytest.fixture(scope="module")
def out(old: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An edition that tells what changed since the earlier one."""
    folder = tmp_path_factory.mktemp("changed")
    assert run(["build", "--previous", str(old), "--out", str(folder)]) == 0
    return folder


def test_an_edition_is_built_with_its_changes(cli: Cli, old: Path, out: Path, tmp_path: Path) -> None:
    assert (out / "changes.html").is_file()
    told = json.loads((out / "edition.json").read_text(encoding="utf-8"))["manifest"]["changes"]
    assert told["counted"]["up"] == 1

    ran = cli("verify", out)
    assert (ran.code, "--previous" in ran.err) == (2, True)

    ran = cli(
        "build",
        "--role",
        "ml-engineer",
        "--role",
        "data-engineer",
        "--previous",
        old,
        "--out",
        tmp_path / "two",
    )
    assert (ran.code, "2 are compared" in ran.err) == (2, True)


@pytest.mark.slow
def test_an_edition_with_its_changes_is_verified_beside_the_earlier_one(
    cli: Cli, old: Path, out: Path
) -> None:
    assert cli("verify", out, "--previous", old).code == 0
