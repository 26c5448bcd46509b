"""An edition on disk: the same bytes for the same edition, and clear errors for what is none."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import artificial
import pytest

from payguide.base.edition import Edition
from payguide.base.errors import InputError, UnreadableFile, WrongShape
from payguide.base.estimates import Published, Withheld
from payguide.guide import edition as editions


def edition(model: dict[str, object] | None = None) -> Edition:
    return replace(artificial.edition(), model=model)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    made = edition({"format": "payguide-model", "x": [1.5, 2.0]})

    editions.write(made, tmp_path)
    found = editions.read(tmp_path)

    assert list(found.figures) == sorted(made.figures)
    for name, figure in made.figures.items():
        again = found.figures[name]
        assert type(again) is type(figure)
        if isinstance(figure, Published) and isinstance(again, Published):
            assert again.estimate.value == pytest.approx(figure.estimate.value, rel=1e-5)
            told, read = ([source.source for source in one.estimate.sources] for one in (figure, again))
            assert read == told
        if isinstance(figure, Withheld):
            assert again == figure
    assert [verdict.judgement for verdict in found.verdicts] == [v.judgement for v in made.verdicts]
    assert found.model == made.model


def test_the_same_edition_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        editions.write(edition({"b": 1, "a": 2}), tmp_path / name)

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_what_was_read_is_written_as_it_was(tmp_path: Path) -> None:
    editions.write(edition({"a": [0.1, 1e-9, 123456789.0]}), tmp_path / "one")

    editions.write(editions.read(tmp_path / "one"), tmp_path / "two")

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_order_of_the_figures_changes_no_byte(tmp_path: Path) -> None:
    made = edition()
    backwards = replace(made, figures=dict(reversed(made.figures.items())))

    editions.write(made, tmp_path / "one")
    editions.write(backwards, tmp_path / "two")

    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_an_edition_without_a_model_has_none(tmp_path: Path) -> None:
    editions.write(edition(), tmp_path)

    assert not (tmp_path / "model.json").exists()
    assert editions.read(tmp_path).model is None


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_written(tmp_path: Path, number: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        editions.write(edition({"a": number}), tmp_path)


@pytest.mark.parametrize("start", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1", "|cmd", "%0A"])
def test_no_text_in_figures_csv_is_a_formula(tmp_path: Path, start: str) -> None:
    made = edition()
    known = made.figures["band.mid.base.p50"]
    assert isinstance(known, Published)
    hostile = Published(replace(known.estimate, label=start, method=start, notes=(start,)))
    editions.write(replace(made, figures={**made.figures, known.id: hostile}), tmp_path)

    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["id"] == known.id)

    assert {row["label"], row["method"], row["note"]} == {f"'{start}"}


def test_figures_csv_has_every_figure_once(tmp_path: Path) -> None:
    made = edition()
    editions.write(made, tmp_path)

    with (tmp_path / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["id"] for row in rows] == sorted(made.figures)
    by_id = {row["id"]: row for row in rows}
    assert float(by_id["band.mid.base.p50"]["value"]) > 0
    # missing is not zero
    assert by_id["band.staff.base.p90"]["value"] == ""


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, InputError),
        ("{", UnreadableFile),
        ("[]", WrongShape),
        (json.dumps({"format": "payguide-edition/99"}), WrongShape),
        (json.dumps({"format": editions.FORMAT, "figures": {}}), WrongShape),
    ],
)
def test_what_is_no_edition_is_refused(tmp_path: Path, content: str | None, error: type[Exception]) -> None:
    if content is not None:
        (tmp_path / "edition.json").write_text(content)

    with pytest.raises(error, match="payguide build"):
        editions.read(tmp_path)


def test_a_model_that_is_not_the_editions_is_refused(tmp_path: Path) -> None:
    editions.write(edition({"a": 1}), tmp_path)
    (tmp_path / "model.json").write_text('{"a": 2}')

    with pytest.raises(WrongShape, match="not the model"):
        editions.read(tmp_path)
