"""Where a store may lie and what is written there: never through a link, never for a command that is none."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from payguide.base.errors import InputError, StoreError
from payguide.evidence.store import Store
from payguide.evidence.store.revisions import number_of
from payguide.serve.cli.main import run as payguide


@pytest.mark.parametrize("wanted", ["", "text", "elsewhere"])
def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path, wanted: str) -> None:
    folder, target = tmp_path / "evidence", tmp_path / "precious"
    store = Store.open(folder, create=True)
    if wanted != "elsewhere":
        target.write_text(wanted)
    (folder / ".lock").unlink(missing_ok=True)
    (folder / ".lock").symlink_to(target)
    with pytest.raises(StoreError, match=re.escape(".lock")):
        store.append([], command="test")
    assert target.exists() == (wanted != "elsewhere")
    assert wanted == "elsewhere" or target.read_text() == wanted


def test_a_lock_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    store = Store.open(tmp_path, create=True)
    (tmp_path / ".lock").write_text("mine")
    store.append([], command="test")
    assert (tmp_path / ".lock").read_text() == "mine"


@pytest.mark.parametrize("evidence", ["", " ", "\t"])
@pytest.mark.parametrize("command", [
    ["collect", "oews"], ["evidence", "show"], ["evidence", "compact"], ["evidence", "vacuum"],
    ["evidence", "revalidate"], ["evidence", "quarantine"], ["evidence", "outliers"], ["estimate", "--years", "7"],
    ["backtest"], ["build", "--out", "out"],
], ids=" ".join)  # fmt: skip
def test_evidence_that_is_named_by_nothing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], evidence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert payguide([*command, "--evidence", evidence]) == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        ["nosuch:thing"],
        ["ashby:"],
        ["recorded"],
        ["oews:x"],
        ["survey:x.csv"],
        ["survey:x.csv", "--map", "no_such_map"],
        ["survey:x.csv", "--map", "no_such_map.toml"],
        ["payroll:x.csv", "--map", "../payroll"],
        ["lca:x.csv", "nosuch:thing"],
        ["recorded:.", "--map", "levels"],
        ["jobposting:not-a-url"],
        [],
    ],
    ids=" ".join,
)
def test_a_command_that_is_none_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    assert payguide(["collect", *arguments, "--evidence", "evidence"]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


@pytest.mark.parametrize(
    ("days", "as_of", "number"),
    [
        # the clock was set back before the third run: it came after the second, whatever it says
        ((5, 6, 4), 5, 1),
        ((5, 6, 4), 6, 3),
        ((5, 6, 4), 4, None),
        ((5, 5, 9, 7, 8), 7, 2),
        ((5, 5, 9, 7, 8), 8, 2),
        ((5, 5, 9, 7, 8), 9, 5),
        ((1, 2, 3), 2, 2),
        ((), 2, None),
    ],
)
def test_a_day_means_the_runs_before_the_first_later_one(
    days: tuple[int, ...], as_of: int, number: int | None
) -> None:
    runs = [
        {"number": at, "finished": datetime(2026, 6, day, 12, tzinfo=UTC)}
        for at, day in enumerate(days, start=1)
    ]
    if number is None:
        with pytest.raises(InputError, match="no version as of"):
            number_of(runs, "here", number=None, as_of=date(2026, 6, as_of))
    else:
        assert number_of(runs, "here", number=None, as_of=date(2026, 6, as_of)) == number
