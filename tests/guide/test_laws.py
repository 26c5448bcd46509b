"""The laws: data that is whole, dated and referenced."""

from __future__ import annotations

from datetime import date

from payguide.guide.laws import PARTS, in_force, laws

#: When each begins: what a posting must state, and what is owed to an applicant alone.
SINCE = {
    "CO": date(2021, 1, 1), "CA": date(2023, 1, 1), "WA": date(2023, 1, 1), "NY": date(2023, 9, 17),
    "HI": date(2024, 1, 1), "DC": date(2024, 6, 30), "MD": date(2024, 10, 1), "IL": date(2025, 1, 1),
    "MN": date(2025, 1, 1), "NJ": date(2025, 6, 1), "VT": date(2025, 7, 1), "MA": date(2025, 10, 29),
    "EU": date(2026, 6, 7), "ME": date(2026, 7, 13), "VA": date(2026, 7, 1), "DE": date(2027, 9, 26),
    "NYC": date(2022, 11, 1), "ITH": date(2022, 9, 1), "JC": date(2022, 4, 13), "CLE": date(2025, 10, 27),
    "COL": date(2027, 1, 1), "CT": date(2021, 10, 1), "NV": date(2021, 10, 1), "RI": date(2023, 1, 1),
    "CIN": date(2020, 3, 13), "TOL": date(2020, 6, 25),
}  # fmt: skip


def test_every_law_is_there_with_its_day() -> None:
    assert {law.code: law.since for law in laws()} == SINCE


def test_every_law_is_referenced_and_dated() -> None:
    for law in laws():
        assert law.statute
        assert law.reference
        assert law.covers.endswith(".")
        assert law.states.endswith(".")
        assert law.link.startswith("https://")
        assert (law.told == "applicant") == (not law.must) == law.states.startswith("Nothing in the posting")
        assert set(law.must) <= set(PARTS)


def test_a_law_counts_from_its_day_on() -> None:
    now, coming = in_force(date(2026, 11, 1))
    assert {law.code for law in coming} == {"DE", "COL"}
    assert {"ME", "VA"} <= {law.code for law in now}
    assert "ME" in {law.code for law in in_force(date(2026, 7, 12))[1]}


def test_what_a_law_asks_for_is_what_its_words_say() -> None:
    for law in laws():
        said = law.states.lower()
        assert ("benefits" in law.must) == ("general description" in said or "benefits offered" in said), (
            law.code
        )
        assert ("deadline" in law.must) == ("application window" in said), law.code
        assert ("health" in law.must) == ("healthcare" in said), law.code
        assert ("description" in law.must) == ("job description" in said), law.code
