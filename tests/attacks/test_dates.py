"""Days that no pay can be told of: refused in words wherever they are given, and never answered with a number."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import payguide
from payguide.base.dates import FIRST, LAST, day_of, months_after
from payguide.base.errors import InputError
from payguide.estimator import CARRY, Estimator
from payguide.evidence.sealed import read_model
from payguide.serve.cli.main import run

#: Days that are none, or from no time of ours.
NEVER = [
    "9999-12-31", "0001-01-01", "1900-01-01", "1989-12-31", "2100-01-02", "2026-13-01", "2026-02-30", "soon",
    "-2026-11-01", "10000-01-01", "2026", "99999999", "1e9", "NaN", "infinity", "\u0662\u0660\u0662\u0666-11-01",
    "9999-12-31T23:59:59Z",
]  # fmt: skip


@pytest.fixture(scope="module")
def estimator() -> Estimator:
    return Estimator(read_model())


@pytest.fixture(scope="module")
def beyond(estimator: Estimator) -> list[str]:
    """The nearest days on both sides, and some farther, that the estimator says nothing of."""
    first, last = (day.toordinal() for day in estimator.days())
    return [date.fromordinal(day).isoformat() for day in (first - 1, last + 1, first - 4000, last + 4000)]


@pytest.mark.parametrize("day", NEVER)
@pytest.mark.parametrize(
    "command",
    [
        ["estimate", "--years", "7", "--on"],
        ["collect", "oews", "--evidence", "evidence", "--retrieved"],
        ["evidence", "show", "--evidence", "evidence", "--as-of"],
        ["evidence", "outliers", "--evidence", "evidence", "--as-of"],
    ],
    ids=" ".join,
)
def test_a_command_refuses_a_day_that_never_was(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    day: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run([*command, day]) == 2
    ran = capsys.readouterr()
    assert (ran.out, "[usage]" in ran.err) == ("", True)
    assert list(tmp_path.iterdir()) == []


def answers(
    capsys: pytest.CaptureFixture[str], folder: Path, profiles: list[dict[str, Any]]
) -> tuple[int, list[Any]]:
    (folder / "profiles").write_text("".join(json.dumps(profile) + "\n" for profile in profiles))
    code = run(["predict", str(folder / "profiles")])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_with_a_day_that_has_no_answer_says_so_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], beyond: list[str]
) -> None:
    profile = {"role": "ml_engineer", "years": 7, "component": "base"}
    days = [None, *NEVER, "2026-11-01", *beyond, ""]

    code, found = answers(capsys, tmp_path, [{**profile, "id": n, "date": day} for n, day in enumerate(days)])

    assert code == 3
    assert [one["id"] for one in found] == list(range(len(days)))
    answered = [days[one["id"]] for one in found if "p50" in one]
    assert answered == [None, "2026-11-01", ""]
    assert all(set(one) == {"id", "error"} and one["error"] for one in found if "p50" not in one)
    assert all(50_000 < one["p50"] < 1_000_000 for one in found if "p50" in one)
    assert answers(capsys, tmp_path, [{**profile, "id": 1}])[0] == 0


def test_an_estimate_is_given_for_eighteen_months_and_no_longer(
    estimator: Estimator, beyond: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for day in beyond:
        assert run(["estimate", "--years", "7", "--on", day, "--json"]) == 2
        assert f"not on {day}" in capsys.readouterr().err
        with pytest.raises(InputError, match=f"not on {day}"):
            payguide.predict({"years": 7, "date": day})
    assert estimator.days()[1] == date(2028, 5, 1)
    for day in estimator.days():
        assert run(["estimate", "--years", "7", "--on", day.isoformat(), "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        assert 50_000 < found["p50"] < 1_000_000
        assert all(abs(driver["amount"]) < 200_000 for driver in found["drivers"])


@pytest.mark.parametrize("day", [*NEVER, 5, 1e300, [], date.min, date.max])
def test_the_library_refuses_a_day_that_never_was(day: object) -> None:
    with pytest.raises((InputError, TypeError)):
        payguide.predict({"years": 7, "date": day})


@given(st.dates())
def test_any_day_is_answered_or_refused(day: date) -> None:
    if FIRST <= day <= LAST:
        assert day_of(day.isoformat()) == day_of(day) == day
        return
    with pytest.raises(ValueError, match=f"from {FIRST} to {LAST}"):
        day_of(day.isoformat())


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2026-11-01", CARRY, "2028-05-01"),
        ("2026-08-31", CARRY, "2028-02-29"),
        ("2026-08-31", CARRY - 12, "2027-02-28"),
        ("2026-01-31", -1, "2025-12-31"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_are_those_of_the_calendar(day: str, months: int, then: str) -> None:
    assert months_after(date.fromisoformat(day), months) == date.fromisoformat(then)
