"""The laws: data that is whole, dated and referenced."""

from __future__ import annotations

from datetime import date

from payguide.guide.laws import PARTS, laws

#: In force for postings, by PEERS' list: when each began.
SINCE = {
    "CO": date(2021, 1, 1), "CA": date(2023, 1, 1), "WA": date(2023, 1, 1), "NY": date(2023, 9, 17),
    "HI": date(2024, 1, 1), "DC": date(2024, 6, 30), "MD": date(2024, 10, 1), "IL": date(2025, 1, 1),
    "MN": date(2025, 1, 1), "NJ": date(2025, 6, 1), "VT": date(2025, 7, 1), "MA": date(2025, 10, 29),
    "EU": date(2026, 6, 7),
}  # fmt: skip


def test_every_law_is_there_with_its_day() -> None:
    assert {law.code: law.since for law in laws()} == SINCE


def test_every_law_is_referenced_and_dated() -> None:
    for law in laws():
        assert law.statute
        assert law.reference
        assert law.covers.endswith(".")
        assert law.states.endswith(".")
        assert law.since <= law.checked
        assert {"range"} <= set(law.must) <= set(PARTS)


def test_what_a_law_asks_for_is_what_its_words_say() -> None:
    for law in laws():
        said = law.states.lower()
        assert ("benefits" in law.must) == ("general description" in said and "benefits" in said), law.code
        assert ("deadline" in law.must) == ("application window" in said), law.code
        assert ("health" in law.must) == ("healthcare" in said), law.code
        assert ("description" in law.must) == ("job description" in said), law.code
