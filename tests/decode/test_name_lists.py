"""The names that travel with a model."""

from __future__ import annotations

import json
from typing import Any

import pytest

from payguide.decode.employer import listed_employers, table_employers
from payguide.decode.name_lists import names_of
from payguide.decode.place import read_places

SEATTLE, NEW_YORK = "42660", "35620"


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    return names_of({SEATTLE, NEW_YORK})


def test_they_are_plain_data(names: dict[str, Any]) -> None:
    assert json.loads(json.dumps(names)) == names


def test_every_listed_employer_is_there_once(names: dict[str, Any]) -> None:
    lines = [line for _, _, lines in names["employers"] for line in lines]
    assert lines == ["|".join(spellings) for _, spellings in listed_employers()]


def test_every_employer_of_the_table_is_there_once(names: dict[str, Any]) -> None:
    ids = [own for _, _, ids in names["table"] for own in ids.split()]
    assert sorted(ids) == sorted(employer.id for employer in table_employers())


def test_only_the_metros_asked_for_have_towns(names: dict[str, Any]) -> None:
    assert [code for code, _ in names["metros"]] == [NEW_YORK, SEATTLE]
    assert names["metros"][1][1].startswith("Seattle")
    towns = {(state, code): listed.split("|") for state, code, listed in names["towns"]}
    assert {code for _, code in towns} == {SEATTLE, NEW_YORK}
    assert "bellevue" in towns["WA", SEATTLE]
    assert "jersey city" in towns["NJ", NEW_YORK]


@pytest.mark.parametrize(
    ("name", "state"),
    [("seattle", "WA"), ("new york", "NY"), ("nyc", "NY"), ("ohio", None), ("springfield", None)],
)
def test_what_may_be_said_without_a_state(names: dict[str, Any], name: str, state: str | None) -> None:
    bare = {town: code for code, listed in names["bare"] for town in listed.split("|")}
    assert bare.get(name) == state


def test_a_bare_name_is_read_as_its_state(names: dict[str, Any]) -> None:
    for code, listed in names["bare"]:
        for town in listed.split("|")[:3]:
            places = read_places(town.title())
            assert not places or places[0].region in (code, ""), town
