"""An earlier edition on disk: found by role, refused in words where it cannot be compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import two_editions as two

from payguide.base.errors import InputError, PayguideError, UnreadableFile, UsageError, WrongShape
from payguide.guide import changes, earlier, shelf
from payguide.guide import role as roles


def role(slug: str = "ml-engineer") -> roles.EditionSpec:
    return replace(roles.load(slug), date=date(2030, 1, 1))


@pytest.mark.parametrize(
    ("manifest", "error", "words"),
    [
        ({"role": "data_scientist"}, UsageError, "role data_scientist, and the other of ml_engineer"),
        ({"country": "DE"}, UsageError, "country DE, and the other of US: they cannot be compared"),
        ({"currency": "EUR"}, UsageError, "currency EUR, and the other of USD"),
        ({"date": "2031-01-01"}, UsageError, "later than the edition it is compared with"),
        ({"role": None}, WrongShape, "does not say its role"),
        ({"date": None}, WrongShape, "does not say its date"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    tmp_path: Path, manifest: dict[str, object], error: type[PayguideError], words: str
) -> None:
    old = two.before()
    says = {key: value for key, value in {**old.manifest, **manifest}.items() if value is not None}
    folder = two.written(replace(old, manifest=says), tmp_path / "old")
    new = two.written(two.now(), tmp_path / "new")

    for refused in (lambda: earlier.of_roles(folder, [role()]), lambda: earlier.compared(folder, new)):
        with pytest.raises(error, match=words) as raised:
            refused()
        assert raised.value.remedy
        assert raised.value.exit_code == (2 if error is UsageError else 3)


def test_a_correction_is_of_the_date_that_it_corrects(tmp_path: Path) -> None:
    folder = two.written(two.before(), tmp_path)
    with pytest.raises(UsageError, match="of the date that it corrects") as raised:
        earlier.of_roles(folder, [role()], corrected=True)
    assert "--previous" in raised.value.remedy
    assert earlier.of_roles(folder, [replace(role(), date=two.DAY)], corrected=True)


def _figure(data: dict[str, Any]) -> dict[str, Any]:
    found = data["figures"]["band.any.base.p50"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda data: _figure(data).pop("n_records"), WrongShape, "band.any.base.p50 lacks n_records: another version"),
        (lambda data: _figure(data).update(mood=1), WrongShape, "band.any.base.p50 has the unknown mood"),
        (lambda data: _figure(data)["sources"][0].pop("weight"), WrongShape, "source example lacks weight"),
        (lambda data: _figure(data).update(unit="shells"), WrongShape, "shells"),
        (lambda data: data.pop("verdicts"), WrongShape, "verdicts"),
        (lambda data: data.update(format="payguide-edition/0"), WrongShape, "not an edition of the form"),
    ],
)  # fmt: skip
def test_an_edition_that_cannot_be_read_is_refused_in_words(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], error: type[Exception], words: str
) -> None:
    path = two.written(two.before(), tmp_path) / "edition.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")

    with pytest.raises(error, match=words):
        earlier.of_roles(tmp_path, [role()])


def test_an_edition_whose_figures_lack_what_may_lack_is_read(tmp_path: Path) -> None:
    """What an older payguide did not know has a default: the shares borrowed, the notes, the rules."""
    path = two.written(two.before(), tmp_path) / "edition.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for figure in data["figures"].values():
        for name in ("notes", "borrowed", "heterogeneity"):
            figure.pop(name, None)
    for name in ("rules", "sources", "published_guide", "code_version", "population"):
        data["manifest"].pop(name)
    path.write_text(json.dumps(data), encoding="utf-8")

    known = changes.told(earlier.told([two.now()], earlier.of_roles(tmp_path, [role()]))[0])

    assert known["counted"]["same"] == known["counted"]["compared"]
    assert known["rules"] == {"known": False, "changed": []}
    assert known["sources"]["came"] == ["example", "sample"]


@pytest.mark.parametrize(
    ("content", "error"), [(None, InputError), ("{", UnreadableFile), ("[]", WrongShape)]
)
def test_a_folder_without_an_edition_is_refused(
    tmp_path: Path, content: str | None, error: type[Exception]
) -> None:
    if content:
        (tmp_path / "edition.json").write_text(content)
    for slugs in (["ml-engineer"], ["ml-engineer", "data-engineer"]):
        with pytest.raises(error):
            earlier.of_roles(tmp_path, [role(slug) for slug in slugs])


def _beside(folder: Path, *slugs: str) -> Path:
    """Earlier editions of several roles side by side."""
    made = []
    for slug in slugs:
        one = two.before()
        made.append(replace(one, manifest={**one.manifest, "slug": slug, "role": slug.replace("-", "_")}))
        two.written(made[-1], folder / slug)
    shelf.render(made, folder, ["0" * 64] * len(made))
    return folder


def test_among_several_each_role_finds_its_own(tmp_path: Path) -> None:
    folder = _beside(tmp_path, "ml-engineer", "data-engineer")

    found = earlier.of_roles(folder, [role("ml-engineer"), role("data-scientist")])

    assert [(slug, one.where) for slug, one in found.items()] == [("ml-engineer", folder / "ml-engineer")]
    told = earlier.told([two.now()], found)
    assert earlier.without(told) == []
    assert earlier.without([two.now()]) == ["ml-engineer"]
    with pytest.raises(UsageError, match="no edition of ml-scientist"):
        earlier.of_roles(folder, [role("ml-scientist")])
    with pytest.raises(UsageError, match="of one role, and 2 are compared"):
        earlier.of_roles(folder / "ml-engineer", [role("ml-engineer"), role("data-engineer")])
    assert earlier.of_roles(None, [role()]) == {}


def test_two_folders_over_several_are_compared_role_by_role(tmp_path: Path) -> None:
    old = _beside(tmp_path / "old", "ml-engineer", "data-engineer")
    new = _beside(tmp_path / "new", "ml-engineer", "data-engineer", "ml-scientist")

    assert [one.manifest["slug"] for one in earlier.compared(old, new)] == ["ml-engineer", "data-engineer"]
    (alone,) = earlier.compared(old, new / "data-engineer")
    assert alone.manifest["role"] == "data_engineer"
