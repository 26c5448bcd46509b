"""Cells that are kept and only added to are exactly those that are made of all the evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import drawn_evidence as drawn
import pytest
from growing_evidence import METROS, Evidence, copied, different, kept, of_all
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from payguide.base.figures import Cell
from payguide.base.records import Observation, Posting
from payguide.evidence import incremental


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """Evidence of many random records, whose cells are kept."""
    evidence = Evidence(tmp_path_factory.mktemp("incremental") / "base")
    evidence.step("add", seed=1, size=700)
    evidence.step("post", seed=2, size=100)
    assert different(kept(evidence.folder), of_all(evidence.folder)) == []
    return evidence


def never_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much changes from here on, nothing may be made anew."""

    def refused(*_: object) -> tuple[Cell, ...]:
        raise AssertionError("all cells were made anew")

    for name in ("MOST", "HEAVIEST"):
        monkeypatch.setattr(incremental, name, 1e9)
    monkeypatch.setattr(incremental, "_anew", refused)


@pytest.fixture
def only_added_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on cells are only added to."""
    never_anew(monkeypatch)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "revise", "withdraw", "say otherwise", "say again", "post", "replay"]),
        st.integers(0, 2**32 - 1),
        st.sampled_from([1, 3, 30, 120]),
    ),
    min_size=1,
    max_size=5,
)


def same_after_each(base: Evidence, folder: Path, steps: list[tuple[str, int, int]]) -> None:
    """After each step both ways lead to the same cells."""
    evidence = copied(base, folder)
    for step in steps:
        evidence.step(*step)
        assert different(kept(evidence.folder), of_all(evidence.folder)) == []


def tried(examples: int) -> settings:
    """So many drawings of steps."""
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )


@given(steps=STEPS)
@tried(8)
def test_whatever_comes_and_goes_the_cells_are_those_of_all_evidence(
    base: Evidence, only_added_to: None, tmp_path: Path, steps: list[tuple[str, int, int]]
) -> None:
    same_after_each(base, tmp_path / "evidence", steps)


@pytest.mark.slow
@given(steps=STEPS)
@tried(60)
def test_whatever_comes_and_goes_for_long(
    base: Evidence, only_added_to: None, tmp_path: Path, steps: list[tuple[str, int, int]]
) -> None:
    same_after_each(base, tmp_path / "evidence", steps)


Cells = Mapping[tuple[str, str], Cell]


@pytest.fixture
def grown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Cells]]:
    """The cells of base pay at any level, by source and population, after each of some steps of evidence; from the
    second step on they are only added to.
    """

    def after_each(*steps: Iterable[object]) -> list[Cells]:
        found = []
        for step in steps:
            drawn.store_at(tmp_path / "evidence", step)
            made = kept(tmp_path / "evidence")
            assert different(made, of_all(tmp_path / "evidence")) == []
            whole = (cell for cell in made if (cell.key.component, cell.key.level) == ("base", "any"))
            found.append({(cell.key.source, cell.key.population): cell for cell in whole})
            never_anew(monkeypatch)
        return found

    return after_each


def people(pay: int, count: int, **words: str) -> tuple[Observation, ...]:
    """So many people of different employers who earn the same."""
    line = {"kind": "self_report", "source": "levels", "level": "senior", "pay": str(pay)}
    about = "-".join([str(pay), *words.values()])
    each = (
        {**line, "record": f"{about}-{number}", "employer": f"e{number}", **words} for number in range(count)
    )
    return tuple(map(drawn.observation, each))


def test_a_cell_that_becomes_thick_is_made_and_one_that_becomes_thin_is_not(
    grown: Callable[..., list[Cells]],
) -> None:
    ten = people(150_000, 10, tier="big_tech")
    gone = drawn.posting({"record": ten[0].record, "source": "levels"})
    thin, thick, again = (found.get(("levels", "tier=big_tech")) for found in grown(ten[:9], ten[9:], [gone]))

    assert thin is again is None
    assert thick
    assert (thick.n, thick.n_employers, thick.largest_share) == (10, 10, 0.1)


def test_a_metro_that_becomes_one_of_the_large_ones_is_told_apart_and_another_is_not(
    grown: Callable[..., list[Cells]],
) -> None:
    steps = [one for metro in METROS[:10] for one in people(150_000, 12, metro=metro)]
    steps += [one for metro in METROS[10:12] for one in people(150_000, 11, metro=metro)]
    before, after = grown(steps, people(160_000, 3, metro=METROS[11]))

    # 11 + 11 of the small ones; then 11 and the 12 of the last by name of those that are equally large
    assert before["levels", "metro=other_us"].n == 22
    assert after["levels", "metro=other_us"].n == 23


def test_who_lay_beyond_a_fence_counts_once_it_has_moved(grown: Callable[..., list[Cells]]) -> None:
    narrow = [*people(150_000, 20), *people(155_000, 20), *people(190_000, 1, employer="other")]
    before, after = grown(narrow, people(120_000, 20))

    assert (before["levels", "all"].n, after["levels", "all"].n) == (40, 61)


def test_the_third_of_an_employer_beyond_a_fence_brings_the_other_two(
    grown: Callable[..., list[Cells]],
) -> None:
    usual = [*people(150_000, 20), *people(155_000, 20)]
    odd = [*people(400_000, 1, employer="acme"), *people(410_000, 1, employer="acme")]
    before, after = grown([*usual, *odd], people(420_000, 1, employer="acme"))

    assert (before["levels", "all"].n, after["levels", "all"].n) == (40, 43)


def test_of_equal_bands_the_one_whose_posting_has_a_text_speaks(grown: Callable[..., list[Cells]]) -> None:
    band = {"pay": "150000-180000"}
    one, other = (
        drawn.observation({**band, "record": record, "date": day})
        for record, day in (("a", "2026-01-15"), ("b", "2026-03-15"))
    )

    def posted(stated: Observation, text: str) -> list[Observation | Posting]:
        return [stated, drawn.posting({"record": stated.record, "text": text})]

    found = grown([one, other], posted(one, "yes"), [*posted(one, "no"), *posted(other, "yes")])
    assert [cells["board", "all"].mean_date.month for cells in found[1:]] == [1, 3]
    assert {cells["board", "all"].n_records for cells in found} == {2}


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_a_posting_that_was_there_before_its_band_speaks(
    grown: Callable[..., list[Cells]], first: str, second: str
) -> None:
    dates = {first: "2026-01-15", second: "2026-03-15"}
    band = {
        record: drawn.observation({"record": record, "date": day, "pay": "150000-180000"})
        for record, day in dates.items()
    }
    before, after = grown([band[first], drawn.posting({"record": second})], [band[second]])

    assert before["board", "all"].mean_date.month == 1
    assert (after["board", "all"].mean_date.month, after["board", "all"].n) == (3, 1)


def test_several_sources_that_state_the_same_are_one_piece_in_the_pool(
    grown: Callable[..., list[Cells]],
) -> None:
    def band(source: str) -> list[Observation]:
        return [drawn.observation({"source": source, "record": "a", "pay": "150000-180000"})]

    *_, after = grown(band("ashby"), band("radar"), band("hn"))
    counts = {source: (cell.n, cell.n_records) for (source, _), cell in after.items()}
    assert counts == {"ashby": (1, 1), "radar": (1, 1), "hn": (1, 1), "pooled": (1, 3)}
