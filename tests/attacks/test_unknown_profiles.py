"""What a profile says that the estimator does not know: refused in words or left aside aloud, never in silence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import payguide
from payguide.base.errors import InputError
from payguide.serve.cli.main import run

PROFILE = {"role": "ml_engineer", "years": 7, "component": "base"}

#: What has no answer, and a word of why.
REFUSED: list[tuple[Mapping[str, Any], str]] = [
    ({"place": "Berlin"}, "DE"),
    ({"place": "London, UK"}, "GB"),
    ({"place": "Toronto, ON, Canada"}, "CA"),
    ({"place": "Bengaluru, Karnataka, India"}, "IN"),
    ({"place": "Remote - Germany"}, "DE"),
    ({"place": "東京"}, "東京"),
    ({"place": "Narnia"}, "Narnia"),
    ({"place": "asdfgh"}, "asdfgh"),
    ({"place": "ML Engineer"}, "ML Engineer"),
    ({"place": "???"}, "?"),
    ({"place": "94105"}, "94105"),
    ({"place": "EMEA"}, "EMEA"),
    ({"place": "Remote - EMEA"}, "EMEA"),
    ({"place": "Remote EU"}, "EU"),
    ({"place": "Remote LATAM"}, "LATAM"),
    ({"place": "fully remote, Narnia"}, "Narnia"),
    ({"place": "Ontario"}, "CA"),
    ({"role": "plumber"}, "plumber"),
    ({"role": "other"}, "other"),
    ({"role": ""}, "role"),
    ({"role": "Seattle"}, "Seattle"),
    ({"role": "engineer of machines"}, "data_scientist"),
    ({"years": float("nan")}, "years"),
    ({"years": float("inf")}, "years"),
    ({"years": float("-inf")}, "years"),
    ({"tenure": float("nan")}, "tenure"),
    ({"years": 1e300}, "years"),
    ({"date": "2099-01-01"}, "2099"),
]

#: What changes nothing, and its words.
IGNORED: list[tuple[Mapping[str, Any], str]] = [
    ({"grade": "banana"}, "banana"),
    ({"grade": "grandmaster"}, "grandmaster"),
    ({"grade": "Xylophone Player"}, "Xylophone"),
    ({"grade": "ZZ-TOP"}, "ZZ-TOP"),
    ({"grade": "???"}, "???"),
    ({"grade": "пятый"}, "пятый"),
    ({"grade": "L99999"}, "L99999"),
    ({"grade": "-5"}, "-5"),
    ({"level": "wizard"}, "wizard"),
    ({"degree": "driving licence"}, "driving licence"),
    ({"specialisation": "sewing"}, "sewing"),
    ({"focus": "sewing"}, "sewing"),
    ({"employer": "???"}, "???"),
]

#: What is told, though the answer is that for somebody new.
STRANGERS = ["Foo Bar LLC", "Xyzzy Widgets GmbH", "Zzyzx & Sons", "Quux Holdings", "The Bakery at the Corner"]

#: States without a city, however they are written, and their code.
STATES = [
    ("Texas", "TX"),
    ("CA", "CA"),
    ("WA", "WA"),
    ("Georgia", "GA"),
    ("Remote - CA", "CA"),
    ("Oregon", "OR"),
]

#: What is known, under names that a person would write.
KNOWN: list[Mapping[str, Any]] = [
    {"place": "Seattle, WA"}, {"place": "San Francisco Bay Area"}, {"place": "NYC"}, {"place": "Remote"},
    {"place": "Remote, US"}, {"place": "United States"}, {"place": "100% remote"}, {"place": "Anywhere"}, {"place": ""},
    {"role": "ml-engineer"}, {"role": "Data Scientist"}, {"grade": "L5"}, {"grade": "Senior"},
    {"grade": "", "employer": None}, {"employer": "Google", "grade": "L5"}, {"employer": "Stripe"},
    {"level": "senior"}, {"level": "unstated"}, {"focus": "mobile"}, {"degree": "phd"}, {"years": None},
    {"specialisation": "vision|speech"},
]  # fmt: skip


def predicted(
    folder: Path, profiles: list[Mapping[str, Any]], capsys: pytest.CaptureFixture[str]
) -> tuple[int, list[Any]]:
    (folder / "profiles").write_text(
        "".join(json.dumps({**PROFILE, **one, "id": n}) + "\n" for n, one in enumerate(profiles))
    )
    code = run(["predict", str(folder / "profiles")])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(("told", "word"), REFUSED, ids=lambda one: str(one)[:40])
def test_the_library_refuses_what_it_knows_no_pay_of(told: Mapping[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word.replace("?", r"\?")):
        payguide.predict({**PROFILE, **told})


def test_a_line_that_is_refused_says_so_in_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = predicted(tmp_path, [{}, *(told for told, _ in REFUSED), {}], capsys)

    assert code == 3
    assert [one["id"] for one in found] == list(range(len(REFUSED) + 2))
    assert found[0] == {**found[-1], "id": 0}
    for (told, word), one in zip(REFUSED, found[1:-1], strict=True):
        assert set(one) == {"id", "error"}, told
        assert word in one["error"], told


@pytest.mark.parametrize(("told", "word"), IGNORED, ids=lambda one: str(one)[:40])
def test_what_says_nothing_changes_nothing_and_is_said(told: Mapping[str, Any], word: str) -> None:
    found = dict(payguide.predict({**PROFILE, **told}))

    (warning,) = found.pop("warnings")
    assert word in warning
    assert found == payguide.predict(PROFILE)


def test_lines_carry_their_warnings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strangers = [{"employer": name} for name in STRANGERS]
    code, found = predicted(tmp_path, [*(told for told, _ in IGNORED), *strangers, {}], capsys)

    assert code == 0
    for (_, word), one in zip(IGNORED, found, strict=False):
        assert word in one["warnings"][0]
    assert all("employer" in one["warnings"][0] for one in found[len(IGNORED) : -1])
    assert "warnings" not in found[-1]


@pytest.mark.parametrize("told", KNOWN, ids=str)
def test_what_is_known_is_answered_without_a_word(told: Mapping[str, Any]) -> None:
    found = payguide.predict({**PROFILE, **told})

    assert "warnings" not in found
    assert 50_000 < found["p50"] < 1_000_000


@pytest.mark.parametrize(("place", "state"), STATES)
def test_a_state_without_a_city_is_said_to_be_read_as_what_lies_outside_its_metros(
    place: str, state: str
) -> None:
    (warning,) = payguide.predict({**PROFILE, "place": place})["warnings"]
    assert f"read as {state} outside its metropolitan areas" in warning


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--place", "Berlin"], "DE"),
        (["--place", "Narnia"], "Narnia"),
        (["--years", "nan"], "--years"),
        (["--years", "inf"], "--years"),
        (["--role", "plumber"], "plumber"),
    ],
)
def test_an_estimate_is_refused_on_the_command_line(
    arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for more in ([], ["--json"]):
        assert run(["estimate", *arguments, *more]) == 2
        ran = capsys.readouterr()
        assert (ran.out, word in ran.err) == ("", True)


@pytest.mark.parametrize(
    ("option", "word"), [("--grade", "banana"), ("--employer", "quux-holdings"), ("--employer", "???")]
)
def test_an_estimate_says_what_it_does_without(
    option: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["estimate", "--years", "7", option, word]) == 0
    assert word in capsys.readouterr().err
    assert run(["estimate", "--years", "7", option, word, "--json"]) == 0
    assert word in json.loads(capsys.readouterr().out)["warnings"][0]
