"""Maps: small declarative files that say which column of a table is what (decode/maps/NAME.toml).

An unknown key in a map is an error, so that a slip of the pen is not passed over.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

import msgspec

from payguide.base.codes import Component, DegreeName, Level, Remote, Role, Statistic
from payguide.base.errors import InputError, UsageError
from payguide.base.text import decode_text
from payguide.decode.table.columns import Wanted

_FOLDER: Final = Path(__file__).parents[1] / "maps"


class Fields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which column holds what; empty where the table has no such column. `location` may be several columns,
    which are joined by ", ", `grade` too, joined by " / ". `region` is the code of the job's state,
    whatever city the location names.
    `years` are those of experience, `tenure` those with the employer; `focus` is read as a title is, for the part of
    software that it names. `seen` says from when a date like "3 days ago" counts; `sample` how many jobs one row is
    for, `worksites` at how many places; `pay_fields` holds a job board's own fields on pay as JSON.
    """

    id: str = ""
    employer: str = ""
    title: str = ""
    grade: str | tuple[str, ...] = ""
    location: tuple[str, ...] = ()
    region: str = ""
    country: str = ""
    date: str = ""
    seen: str = ""
    years: str = ""
    tenure: str = ""
    focus: str = ""
    degree: str = ""
    currency: str = ""
    period: str = ""
    remote: str = ""
    sample: str = ""
    worksites: str = ""
    scope: str = ""
    text: str = ""
    html: str = ""
    pay_text: str = ""
    pay_fields: str = ""
    url: str = ""


class Amount(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The column of one component of pay, or the columns of the ends of its range.

    `missing` are the values that mean "not given" (0 in a survey where leaving it out gives 0). `prevailing` and
    `prevailing_period` are the columns of the wage that the law sets the amount against.
    """

    column: str = ""
    low: str = ""
    high: str = ""
    missing: tuple[float, ...] = ()
    prevailing: str = ""
    prevailing_period: str = ""


class Constants(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What holds for every row and is in no column. `date` is ISO; an empty `period` is told from size; `level` is the
    source's own word for whom it is about, whatever a title says.
    """

    currency: str = ""
    period: str = ""
    country: str = ""
    date: str = ""
    employer: str = ""
    title: str = ""
    level: Level | None = None


class Filter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Only rows whose column has one of the values of `keep`, and none of `drop`, count; the others break `rule`.
    With `contains` a value need only be part of the column.
    """

    column: str
    rule: str
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    contains: bool = False


class RoleRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The role (and level) of the rows whose columns have these values ("19-*": that begin so) and hold none of the
    words of `unless`; the first rule that fits counts.
    """

    when: dict[str, tuple[str, ...]]
    unless: dict[str, tuple[str, ...]] = {}
    role: Role
    level: Level | None = None


class PayFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which of a job board's own fields are pay: those whose name has a word of `keep` and none of `drop`."""

    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class TableMap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One map. `rows` says what a row is: a statement of pay, a posting, or a post of a hiring thread."""

    rows: Literal["statements", "postings", "posts"]
    columns: Fields
    amounts: dict[Component, Amount] = {}
    constants: Constants = Constants()
    missing: tuple[str, ...] = ("",)
    #: Columns that some tables of the kind lack; they are empty then.
    optional: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ("%Y-%m-%d",)
    #: Only what stands before this mark in the pay text is pay ("$255K - $405K • Offers Equity").
    pay_text_until: str = ""
    #: What stands around the numbers of the table ("US$", "yrs").
    units: tuple[str, ...] = ()
    #: What no cell may bring in: numbers of persons and employers, as regular expressions. They are taken out at once.
    withheld: tuple[str, ...] = ()
    #: How the column `seen` spells its day.
    seen_format: str = ""
    #: The columns that make two rows one piece of evidence; the others of such rows are refused as repeats.
    identity: tuple[str, ...] = ()
    #: The column of the amount that two neighbouring rows differ in which are the ends of one range, the higher first.
    paired: str = ""
    #: Whether who posts is often not who hires (a search engine's postings): the text is asked, and reposts are one.
    reposted: bool = False
    #: Which statistic of many people's pay every amount is, where it is one.
    statistic: Statistic | None = None
    pay_fields: PayFields = PayFields()
    #: What a source's own words for the level and for the place of work mean.
    grades: dict[str, Level] = {}
    remotes: dict[str, Remote] = {}
    degrees: dict[str, DegreeName] = {}
    filters: tuple[Filter, ...] = ()
    roles: tuple[RoleRule, ...] = ()

    def wanted(self, name: str) -> Wanted:
        """Every column the map reads, in order of first mention, of a table of that name in messages."""
        names = [name for field in msgspec.structs.astuple(self.columns) for name in names_of(field)]
        for a in self.amounts.values():
            names += [a.column, a.low, a.high, a.prevailing, a.prevailing_period]
        names += [*self.identity, self.paired]
        names += [rule.column for rule in self.filters]
        names += [name for rule in self.roles for name in (*rule.when, *rule.unless)]
        columns = tuple(dict.fromkeys(filter(None, names)))
        return Wanted(columns, tuple(column for column in columns if column not in self.optional), name)


def names_of(field: str | tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a field that may be of several."""
    return (field,) if isinstance(field, str) else field


def known_maps() -> tuple[str, ...]:
    """The names of the packaged maps."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def load_map(name: str) -> TableMap:
    """A packaged map by its name, or one of your own by the path of its .toml file.

    Raises:
        UsageError: there is no such map.
        InputError: the file is no map.
        UnreadableFile: the file is no text.
    """
    path = Path(name) if name.endswith(".toml") else _FOLDER / f"{name}.toml"
    if not path.is_file() or (path.parent != _FOLDER and not name.endswith(".toml")):
        remedy = f"packaged maps: {', '.join(known_maps())}; or give the path of a .toml file of your own"
        raise UsageError(f"there is no map {name!r}", remedy=remedy)
    try:
        return parse_map(tomllib.loads(decode_text(path.read_bytes(), where=str(path))))
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        remedy = f"see the packaged maps for the layout: {', '.join(known_maps())}"
        raise InputError(f"not a map of columns ({error})", where=str(path), remedy=remedy) from error


def parse_map(data: Mapping[str, object]) -> TableMap:
    """A map from its plain data.

    Raises:
        msgspec.ValidationError: the data is no map.
    """
    return msgspec.convert(data, TableMap)
