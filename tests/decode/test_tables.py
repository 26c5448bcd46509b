"""Tables read by a map of their columns: each row is observations, or the rule it broke and its number."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_documents import csv, document

from payguide.base.codes import (
    Basis,
    Component,
    Confidentiality,
    DegreeName,
    EvidenceKind,
    Focus,
    Level,
    LevelReading,
    Period,
    Role,
)
from payguide.base.errors import InputError, MissingColumn, UnreadableFile, UsageError, WrongShape
from payguide.base.inputs import Reading
from payguide.decode.reader import read
from payguide.decode.table.mapping import known_maps, load_map

LEVELS = [
    "timestamp",
    "company",
    "level",
    "title",
    "totalyearlycompensation",
    "location",
    "yearsofexperience",
    "yearsatcompany",
    "tag",
    "basesalary",
    "stockgrantvalue",
    "bonus",
    "rowNumber",
    "Education",
]


def answer(**changes: object) -> dict[str, object]:
    """One Levels row."""
    row: dict[str, object] = {
        "timestamp": "6/22/2017 13:55:26",
        "company": "Acme",
        "level": "L4",
        "title": "Software Engineer",
        "totalyearlycompensation": 156000,
        "location": "Seattle, WA",
        "yearsofexperience": 4.0,
        "yearsatcompany": 1.5,
        "tag": "ML / AI",
        "basesalary": 135000,
        "stockgrantvalue": 8000.0,
        "bonus": 13000.0,
        "rowNumber": 13,
        "Education": "PhD",
    }
    return {**row, **changes}


def levels(*rows: dict[str, object]) -> Reading:
    return read(document(csv(LEVELS, *rows), "levels"))


def parquet(*rows: dict[str, object]) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), made)
    return made.getvalue()


def amounts(reading: Reading) -> dict[str, tuple[float | None, float | None]]:
    return {str(o.component): (o.low, o.high) for o in reading.observations}


def test_a_self_report_is_one_observation_a_component() -> None:
    reading = levels(answer())
    assert amounts(reading) == {
        "base": (135000, 135000),
        "bonus": (13000, 13000),
        "equity": (8000, 8000),
        "total": (156000, 156000),
    }
    base = next(o for o in reading.observations if o.component is Component.BASE)
    assert (base.currency, base.period, base.record, base.locator) == (
        "USD",
        Period.YEAR,
        "13",
        "column:basesalary",
    )
    assert base.date == date(2017, 6, 22)
    profile = base.profile
    assert (profile.role, profile.grade, profile.title) == (Role.ML_ENGINEER, "L4", "Software Engineer")
    assert (profile.years_min, profile.years_max, profile.tenure) == (4.0, 4.0, 1.5)
    assert (profile.level, profile.level_read_from) == (Level.MID, LevelReading.YEARS)
    assert profile.degree.required is DegreeName.PHD
    total = next(o for o in reading.observations if o.component is Component.TOTAL)
    assert total.basis is Basis.TOTAL


@pytest.mark.parametrize(
    ("title", "tag", "role", "level", "focus"),
    [
        ("Software Engineer", "ML / AI", Role.ML_ENGINEER, None, None),
        ("Software Engineer", "Full Stack", Role.SOFTWARE_ENGINEER, None, Focus.FULL_STACK),
        ("Software Engineer", "NA", Role.SOFTWARE_ENGINEER, None, None),
        ("Data Scientist", "ML / AI", Role.DATA_SCIENTIST, None, Focus.MACHINE_LEARNING),
        (
            "Software Engineering Manager",
            "ML / AI",
            Role.SOFTWARE_ENGINEER,
            Level.MANAGER,
            Focus.MACHINE_LEARNING,
        ),
        ("Recruiter", "NA", Role.OTHER, None, None),
    ],
)
def test_titles_of_levels(title: str, tag: str, role: Role, level: Level | None, focus: Focus | None) -> None:
    profile = levels(answer(title=title, tag=tag)).observations[0].profile
    assert (profile.role, profile.focus) == (role, focus)
    if level:
        assert profile.level is level


def test_a_zero_that_means_not_given_is_no_amount() -> None:
    assert amounts(levels(answer(basesalary=0, bonus=0, stockgrantvalue=0))) == {"total": (156000, 156000)}


#: what is changed in a row -> the rule it breaks
FAULTS = [
    ({"basesalary": -135000}, "negative_pay"),
    ({"totalyearlycompensation": 0}, "zero_pay"),
    ({"basesalary": 1350}, "absurd_pay"),
    ({"totalyearlycompensation": 10**9}, "absurd_pay"),
    ({"basesalary": "a lot"}, "not_a_number"),
    ({"basesalary": "135.000,00"}, "not_a_number"),
    ({"totalyearlycompensation": 15000}, "total_below_base"),
    ({"timestamp": "22/6/2017"}, "bad_date"),
    ({"timestamp": "6/22/17"}, "bad_date"),
    ({"yearsofexperience": -1}, "years_out_of_range"),
    ({"yearsofexperience": 200}, "years_out_of_range"),
    ({"yearsofexperience": "many"}, "not_a_number"),
    ({"yearsatcompany": -1}, "years_out_of_range"),
    ({"yearsatcompany": "many"}, "not_a_number"),
    ({"totalyearlycompensation": "", "basesalary": 0, "bonus": 0, "stockgrantvalue": 0}, "no_amount"),
]


@pytest.mark.parametrize(("change", "rule"), FAULTS)
def test_a_row_at_fault_is_refused_by_name_and_the_rest_lands(change: dict[str, object], rule: str) -> None:
    reading = levels(answer(rowNumber=1), answer(**{**change, "rowNumber": 2}), answer(rowNumber=3))
    assert [(r.rule, r.where) for r in reading.rejections] == [(rule, "t.csv, row 2")]
    assert reading.rejections[0].found
    assert {o.record for o in reading.observations} == {"1", "3"}


def test_a_line_with_too_many_columns_is_refused_alone() -> None:
    content = (
        csv(LEVELS, answer(rowNumber=1)) + b"a,b,c\n" + csv(LEVELS, answer(rowNumber=3)).split(b"\n", 1)[1]
    )
    reading = read(document(content, "levels"))
    assert [(r.rule, r.where) for r in reading.rejections] == [("broken_row", "t.csv, row 2")]
    assert {o.record for o in reading.observations} == {"1", "3"}


def test_row_numbers_count_the_refused_lines_too() -> None:
    lines = csv(LEVELS, answer(rowNumber=1), answer(rowNumber=2, basesalary=-1)).split(b"\n")
    reading = read(document(b"\n".join([*lines[:2], b"broken,line", *lines[2:]]), "levels"))
    assert sorted((r.rule, r.where) for r in reading.rejections) == [
        ("broken_row", "t.csv, row 2"),
        ("negative_pay", "t.csv, row 3"),
    ]


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl"])
def test_a_column_that_a_table_may_lack_is_empty(form: str) -> None:
    row = answer()
    del row["yearsatcompany"]
    written = {"csv": lambda: csv([name for name in LEVELS if name in row], row), "parquet": lambda: parquet(row),
               "jsonl": lambda: json.dumps(row).encode()}  # fmt: skip
    reading = read(document(written[form](), "levels", form=form))
    assert not reading.rejections
    assert {o.profile.tenure for o in reading.observations} == {None}
    assert {o.profile.years_min for o in reading.observations} == {4.0}


def test_a_missing_column_names_itself_the_file_and_what_is_there() -> None:
    content = csv(["company", "wage"], {"company": "Acme", "wage": 1})
    with pytest.raises(MissingColumn) as caught:
        read(document(content, "levels"))
    message = str(caught.value)
    assert "'basesalary'" in message
    assert "'company', 'wage'" in message
    assert "t.csv" in message
    assert caught.value.exit_code == 3
    tolerant = read(document(content, "levels", more=";faults=reject"))
    assert [r.rule for r in tolerant.rejections] == ["missing_column"]


@pytest.mark.parametrize(
    ("content", "form", "error"),
    [
        (b"PAR1 but no more", "parquet", UnreadableFile),
        (b"not json\nnor this\n", "jsonl", WrongShape),
        (b"a,b\n", "docx", WrongShape),
    ],
)
def test_what_is_no_table_is_said(content: bytes, form: str, error: type[InputError]) -> None:
    with pytest.raises(error):
        read(document(content, "levels", form))


def test_there_is_no_such_map() -> None:
    with pytest.raises(UsageError, match="packaged maps: aijobs_2020_2025"):
        read(document(b"a\n1\n", "nosuch"))


def test_every_packaged_map_is_one() -> None:
    assert {"levels", "stackoverflow", "lca_disclosure", "payroll"} <= set(known_maps())
    for name in known_maps():
        assert load_map(name).wanted("a table").columns


def test_a_slip_in_a_map_is_said(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('rows = "statements"\n[columns]\ntitel = "x"\n')
    with pytest.raises(InputError, match="titel"):
        load_map(str(path))
    path.write_text("rows = ")
    with pytest.raises(InputError, match="not a map"):
        load_map(str(path))


def test_a_payroll_by_a_map_of_one_s_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'rows = "statements"\ndate_formats = ["%d %B %Y"]\n'
        '[columns]\nid = "No"\ntitle = "Job"\ndate = "As of"\n'
        '[constants]\ncurrency = "EUR"\nperiod = "month"\nemployer = "Acme GmbH"\n'
        '[amounts.base]\ncolumn = "Gehalt"\n'
    )
    content = csv(
        ["No", "Job", "As of", "Gehalt"],
        {"No": 7, "Job": "ML Engineer", "As of": "1 May 2026", "Gehalt": "7,500"},
    )
    (found,) = read(document(content, str(path), kind=EvidenceKind.PAYROLL)).observations
    assert (found.low, found.currency, found.period) == (7500, "EUR", Period.MONTH)
    assert (found.date, found.kind) == (date(2026, 5, 1), EvidenceKind.PAYROLL)
    assert found.confidentiality is Confidentiality.CONFIDENTIAL
    assert found.profile.employer.name


STACK = ["salary", "YearsCode", "Country", "EdLevel", "PrimaryRole"]


def test_stack_overflow_reports_total_pay_and_no_experience() -> None:
    row = {
        "salary": 104413.0,
        "YearsCode": 10.0,
        "Country": "Netherlands",
        "EdLevel": "Master’s degree (M.A., M.S., M.Eng., MBA, etc.)",
        "PrimaryRole": "AI/ML engineer",
    }
    reading = read(document(csv(STACK, row), "stackoverflow"))
    (found,) = reading.observations
    assert (found.component, found.low, found.currency) == (Component.TOTAL, 104413, "USD")
    assert (found.profile.role, found.profile.years_min) == (Role.ML_ENGINEER, None)
    assert found.profile.degree.required is DegreeName.MASTER
    assert found.profile.place.country == "NL"
    assert found.record.endswith(":1")  # no id of its own: the file's hash and the row


LCA = [
    "CASE_NUMBER",
    "CASE_STATUS",
    "RECEIVED_DATE",
    "JOB_TITLE",
    "FULL_TIME_POSITION",
    "EMPLOYER_NAME",
    "WORKSITE_CITY",
    "WORKSITE_STATE",
    "WAGE_RATE_OF_PAY_FROM",
    "WAGE_RATE_OF_PAY_TO",
    "WAGE_UNIT_OF_PAY",
]


def filing(**changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "CASE_NUMBER": "I-1",
        "CASE_STATUS": "Certified",
        "RECEIVED_DATE": "2022-09-26",
        "JOB_TITLE": "Machine Learning Engineer",
        "FULL_TIME_POSITION": "Y",
        "EMPLOYER_NAME": "Acme Inc.",
        "WORKSITE_CITY": "Austin",
        "WORKSITE_STATE": "TX",
        "WAGE_RATE_OF_PAY_FROM": "130,000.00",
        "WAGE_RATE_OF_PAY_TO": "",
        "WAGE_UNIT_OF_PAY": "Year",
    }
    return {**row, **changes}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, (130000, 130000, Period.YEAR)),
        ({"WAGE_RATE_OF_PAY_TO": 150000}, (130000, 150000, Period.YEAR)),
        ({"WAGE_RATE_OF_PAY_FROM": 55.5, "WAGE_UNIT_OF_PAY": "Hour"}, (55.5, 55.5, Period.HOUR)),
        ({"WAGE_RATE_OF_PAY_FROM": 5000, "WAGE_UNIT_OF_PAY": "Bi-Weekly"}, (5000, 5000, Period.FORTNIGHT)),
        ({"CASE_STATUS": "Certified - Withdrawn"}, "case_not_certified"),
        ({"CASE_STATUS": "Denied"}, "case_not_certified"),
        ({"FULL_TIME_POSITION": "N"}, "not_full_time"),
        ({"WAGE_UNIT_OF_PAY": "Moon"}, "unknown_period"),
        ({"WAGE_RATE_OF_PAY_TO": 90000}, "band_runs_backwards"),
        ({"WAGE_RATE_OF_PAY_FROM": 130000, "WAGE_UNIT_OF_PAY": "Hour"}, "absurd_pay"),
    ],
)
def test_only_certified_filings_count(
    change: dict[str, object], expected: tuple[float, float, Period] | str
) -> None:
    reading = read(document(csv(LCA, filing(**change)), "lca_disclosure", kind=EvidenceKind.FILING))
    if isinstance(expected, str):
        assert [r.rule for r in reading.rejections] == [expected]
        assert reading.observations == ()
    else:
        (found,) = reading.observations
        assert (found.low, found.high, found.period) == expected
        assert found.profile.place.region == "TX"


def test_a_table_in_a_western_code_page_is_read() -> None:
    content = (
        csv(STACK, {"salary": 90000, "Country": "Germany", "PrimaryRole": "Développeur"})
        .decode()
        .encode("latin-1")
    )
    (found,) = read(document(content, "stackoverflow")).observations
    assert found.profile.title == "Développeur"


@given(st.lists(st.tuples(st.text(max_size=12), st.text(max_size=12), st.text(max_size=6)), max_size=6))
def test_every_row_is_read_or_refused(rows: list[tuple[str, str, str]]) -> None:
    lines = [
        json.dumps(
            {
                **dict.fromkeys(LEVELS, ""),
                "totalyearlycompensation": pay,
                "timestamp": day,
                "yearsofexperience": years,
            }
        )
        for pay, day, years in rows
    ]
    reading = read(document("\n".join(lines).encode(), "levels", "jsonl"))
    assert len({o.record for o in reading.observations}) + len(reading.rejections) == len(rows)


@pytest.mark.shared
@pytest.mark.slow
def test_the_levels_file_is_read_almost_whole(library: Path) -> None:
    import gzip

    content = gzip.decompress((library / "surveys/levels_2017_2021.csv.gz").read_bytes())
    reading = read(document(content, "levels"))
    components = Counter(o.component for o in reading.observations)
    assert components[Component.TOTAL] == 43862 - len(reading.rejections)
    assert len(reading.rejections) < 20
    assert (
        Counter(o.profile.role for o in reading.observations if o.component is Component.TOTAL)[
            Role.ML_ENGINEER
        ]
        > 1500
    )
