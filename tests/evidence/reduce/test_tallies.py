"""Tallies: which postings count, what of, and how often."""

from __future__ import annotations

import drawn_evidence as drawn
import pytest

from payguide.base.aggregates import POOLED, Tally
from payguide.evidence.reduce.replicates import weights
from payguide.evidence.reduce.tallies import CLOSED, SINGLE_BAND, tallies
from payguide.evidence.units.distinct import Population


def made(postings: str, stated: str = "") -> dict[tuple[str, str, str], Tally]:
    observations = drawn.observations(stated) if stated else ()
    evidence = drawn.prepared(observations, drawn.postings(postings))
    with evidence as connection:
        found = tallies(connection, Population())
    return {(one.source, one.level, one.attribute): one for one in found}


POSTINGS = """
source | record | employer | level   | title | degree                            | duties        | stages                                            | text
ashby  | 1      | acme     | senior  | A     | required:bachelor preferred:master | mentor       | training                                          | yes
ashby  | 2      | acme     | senior  | B     | required:phd                      | -             | ingestion features training evaluation monitoring | yes
ashby  | 3      | globex   | -       | C     | -                                 | deploy mentor | -                                                 | yes
ashby  | 4      | globex   | manager | D     | required:phd                      | direction     | -                                                 | yes
ashby  | 5      | globex   | senior  | E     | -                                 | -             | -                                                 | no
hn     | 6      | initech  | lead    | F     | preferred:phd                     | -             | -                                                 | yes
"""  # noqa: E501


def test_counts_by_level_source_and_attribute() -> None:
    found = made(POSTINGS)

    def share(source: str, level: str, attribute: str) -> tuple[int, int]:
        tally = found[source, level, attribute]
        return tally.count, tally.total

    # no text: 5 does not count; a manager: 4 does not count in any level
    assert share(POOLED, "any", "degree=required:phd") == (1, 4)
    assert share(POOLED, "any", "degree=required:bachelor") == (1, 4)
    assert share(POOLED, "any", "degree=preferred:advanced") == (2, 4)
    assert share(POOLED, "any", "degree=required:advanced") == (1, 4)
    assert share(POOLED, "any", "degree=unmentioned") == (1, 4)
    assert share("ashby", "any", "duty=mentor") == (2, 3)
    assert share("ashby", "senior", "duty=mentor") == (1, 2)
    assert share("ashby", "senior", "stages=full") == (1, 2)
    assert share("ashby", "senior", "stage=training") == (2, 2)
    # zero is a finding for a closed list, and a level without postings has no tally
    assert share("hn", "any", "degree=required:phd") == (0, 1)
    assert ("hn", "senior", "duty=mentor") not in found
    assert not any(level in ("lead", "manager", "unstated") for _, level, _ in found)
    assert {attribute for _, _, attribute in found} == set(CLOSED)


def test_employers_and_replicates() -> None:
    one = made(POSTINGS)[POOLED, "any", "duty=mentor"]
    acme, globex, initech = weights(["acme", "globex", "initech"])
    assert (one.with_it.employers, one.who.employers, one.who.largest_share) == (2, 3, pytest.approx(2 / 4))
    assert one.rep_count.tolist() == (acme + globex).tolist()
    assert one.rep_total.tolist() == (2 * acme + globex + initech).tolist()


def test_an_advert_repeated_unchanged_counts_once() -> None:
    found = made(
        """
        source | record | employer | title | metro | skills
        ashby  | 1      | acme     | A     | 41860 | sql
        ashby  | 2      | acme     | A     | 35620 | sql
        ashby  | 3      | acme     | A     | 35620 | sql jax
        hn     | 4      | acme     | A     | 41860 | sql
        """,
    )
    totals = {source: found[source, "any", "degree=unmentioned"].total for source in ("ashby", "hn", POOLED)}
    assert totals == {"ashby": 2, "hn": 1, POOLED: 2}


def test_skills_are_tallied_from_ten_postings_of_five_employers_on() -> None:
    lines = "".join(
        f"\n{n} | e{n % 5} | T{n} | sql{' jax' if n < 9 else ''}{' perl' if n % 5 < 4 else ''}"
        for n in range(15)
    )
    found = made("record | employer | title | skills" + lines)
    skills = {
        key[2]: one.count for key, one in found.items() if key[2].startswith("skill=") and key[0] == "board"
    }
    # jax: 9 postings; perl: 12 postings, but of four employers
    assert skills == {"skill=sql": 15}


def test_the_population_of_postings() -> None:
    drawing = """
    record | country | role            | title
    1      | US      | ml_engineer     | A
    2      | DE      | ml_engineer     | B
    3      |         | ml_engineer     | C
    4      | US      | other           | D
    """
    assert made(drawing)["board", "any", "degree=unmentioned"].total == 1


def test_remote_employers_with_a_single_band() -> None:
    stated = """
    employer | record | level  | remote | metro | pay
    single   | 1      | senior | remote | -     | 150000-180000
    single   | 2      | senior | remote | 41860 | 150000-180000
    single   | 3      | mid    | remote | -     | 110000-130000
    several  | 4      | senior | remote | -     | 150000-180000
    several  | 5      | senior | remote | -     | 140000-170000
    mixed    | 6      | senior | remote | -     | 150000-180000
    mixed    | 7      | senior | remote | 35620 | 150000-180000
    mixed    | 8      | mid    | remote | -     | 110000-130000
    mixed    | 9      | mid    | remote | -     | 100000-130000
    lonely   | 10     | senior | remote | -     | 150000-180000
    office   | 11     | senior | onsite | -     | 150000-180000
    office   | 12     | senior | onsite | -     | 150000-180000
    unknown  | 13     | -      | remote | -     | 150000-180000
    unknown  | 14     | -      | remote | -     | 150000-180000
    """
    one = made("record", stated)[POOLED, "any", SINGLE_BAND]
    # of single, several and mixed (two remote records in a level), one has one band in every such level
    assert (one.count, one.total, one.with_it.employers, one.who.employers) == (1, 3, 1, 3)
    assert one.rep_count.tolist() == weights(["single"])[0].tolist()
    assert one.who.largest_share == pytest.approx(1 / 3)
