"""Which skills' effects on pay stand when all of them are tested together."""

from __future__ import annotations

from pathlib import Path

import artificial
import pytest
from selectolax.lexbor import LexborHTMLParser

from payguide.base.edition import Edition
from payguide.guide import figures_table, site
from payguide.guide.sections import skills


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, ""),
        ({"sql": 0.08, "go": -0.02}, "none of the effects on pay stands"),
        ({"sql": 0.16, "go": -0.02}, "tested together, SQL stands; the others may be chance"),
        (
            {"sql": 0.16, "go": 0.2, "rust": 0.0},
            "tested together, Go and SQL stand; the others may be chance",
        ),
    ],
)
def test_which_skills_stand_among_all_that_were_tested_is_said(values: dict[str, float], told: str) -> None:
    found = artificial.figures_of(*(artificial.premium(skill, value) for skill, value in values.items()))

    said = skills.discoveries(Edition({}, found))

    assert told in said
    assert bool(said) is bool(values)


def test_each_shown_skill_says_whether_its_effect_stands(tmp_path: Path) -> None:
    edition = artificial.edition()
    site.render(edition, tmp_path)
    page = LexborHTMLParser((tmp_path / "index.html").read_text(encoding="utf-8"))
    marks = [cell.text() for cell in page.css("#skills td[data-label='Effect on pay'] .soft")]

    assert marks == [one.stands for one in skills.skills(edition) if one.stands]
    assert set(marks) == {"stands", "does not stand"}
    assert skills.discoveries(edition) in page.css_first("#skills").text()


def test_the_table_of_figures_says_which_stand() -> None:
    found = artificial.figures_of(
        artificial.premium("go", 0.2),
        artificial.premium("sql", 0.0),
        artificial.share("skill.go.demand", 0.3),
    )

    header, *rows = figures_table.as_csv(figures_table.table(found)).splitlines()

    at = header.split(",").index("significant")
    assert [row.split(",")[at] for row in rows] == ["", "true", "false"]
