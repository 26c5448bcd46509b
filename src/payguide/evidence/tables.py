"""The stored tables: their columns, and nouns to rows and back.

A profile's fields lie flat beside the statement's own (`place.metro` is `place_metro`), lists as lists, so
that any engine reads them without our code. Every table has a `key`, its stable identity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa

from payguide.base.codes import (
    Basis,
    Component,
    Confidentiality,
    DegreeName,
    Duty,
    EvidenceKind,
    Focus,
    Industry,
    Level,
    LevelReading,
    Period,
    Remote,
    Role,
    Specialisation,
    Stage,
    Statistic,
    Tier,
)
from payguide.base.inputs import (
    Degree,
    Employer,
    Observation,
    PayBand,
    Place,
    Posting,
    Profile,
    SourceCard,
)

Row = Mapping[str, Any]

_TEXT: Final = pa.string()
_TEXTS: Final = pa.list_(pa.string())
_WORD: Final = pa.string()
_DAY: Final = pa.date32()
_REAL: Final = pa.float64()
_WHOLE: Final = pa.int64()
_STAMP: Final = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its Arrow type, and how a noun yields its value: `path` where it is an attribute."""

    name: str
    type: pa.DataType
    get: Callable[[Any], Any]
    path: str = ""


def _at(path: str, kind: pa.DataType, prefix: str = "") -> Column:
    """The column of an attribute: `place.metro` becomes `place_metro`."""
    return Column(path.replace(".", "_"), kind, attrgetter(prefix + path), prefix + path)


_PROFILE_FIELDS: Final[tuple[tuple[str, pa.DataType], ...]] = (
    ("role", _WORD), ("level", _WORD), ("level_read_from", _WORD), ("years_min", _REAL), ("years_max", _REAL),
    ("tenure", _REAL), ("grade", _TEXT), ("title", _TEXT), ("focus", _WORD),
    ("place.city", _TEXT), ("place.region", _TEXT), ("place.country", _TEXT), ("place.metro", _TEXT),
    ("remote", _WORD), ("employer.id", _TEXT), ("employer.name", _TEXT), ("employer.tier", _WORD),
    ("employer.industry", _WORD), ("employer.parent", _TEXT), ("employer.size", _WORD), ("employer.known_by", _WORD),
    ("degree.required", _WORD), ("degree.preferred", _WORD), ("skills", _TEXTS), ("specialisations", _TEXTS),
    ("stages", _TEXTS), ("duties", _TEXTS),
)  # fmt: skip

_PROFILE: Final = tuple(_at(path, kind, "profile.") for path, kind in _PROFILE_FIELDS)


def _span(end: int) -> Callable[[Any], int | None]:
    return lambda noun: None if noun.span is None else noun.span[end]


#: Which reading of the same row it is, from 1: see `key_index`.
_REVISION: Final = Column("revision", pa.int32(), lambda _: 1)

OBSERVATIONS: Final[tuple[Column, ...]] = (
    _at("key", _TEXT),
    _REVISION,
    _at("source", _TEXT),
    _at("kind", _WORD),
    _at("record", _TEXT),
    _at("component", _WORD),
    _at("low", _REAL),
    _at("high", _REAL),
    _at("currency", _TEXT),
    _at("period", _WORD),
    _at("date", _DAY),
    _at("basis", _WORD),
    _at("scope", _TEXT),
    _at("statistic", _WORD),
    _at("top_coded", pa.bool_()),
    _at("sample", _WHOLE),
    _at("confidentiality", _WORD),
    _at("sha256", _TEXT),
    Column("span_start", _WHOLE, _span(0)),
    Column("span_end", _WHOLE, _span(1)),
    _at("quote", _TEXT),
    _at("locator", _TEXT),
    _at("url", _TEXT),
    *_PROFILE,
)

_BAND: Final = pa.struct(
    [
        ("low", _REAL), ("high", _REAL), ("currency", _TEXT), ("period", _TEXT), ("basis", _TEXT),
        ("scope", _TEXT), ("span_start", _WHOLE), ("span_end", _WHOLE), ("quote", _TEXT),
    ]
)  # fmt: skip
_PLACE: Final = pa.struct([(name, _TEXT) for name in ("city", "region", "country", "metro")])


def _bands(bands: Sequence[PayBand]) -> list[tuple[Any, ...]]:
    return [
        (b.low, b.high, b.currency, b.period, b.basis, b.scope, *(b.span or (None, None)), b.quote)
        for b in bands
    ]


POSTINGS: Final[tuple[Column, ...]] = (
    Column("key", _TEXT, lambda posting: posting_key(posting.source, posting.id)),
    _REVISION,
    _at("source", _TEXT),
    _at("id", _TEXT),
    _at("date", _DAY),
    _at("url", _TEXT),
    _at("sha256", _TEXT),
    _at("has_text", pa.bool_()),
    _at("warnings", _TEXTS),
    Column("pay", pa.list_(_BAND), lambda posting: _bands(posting.pay)),
    Column("structured_pay", pa.list_(_BAND), lambda posting: _bands(posting.structured_pay)),
    Column(
        "places",
        pa.list_(_PLACE),
        lambda posting: [(p.city, p.region, p.country, p.metro) for p in posting.places],
    ),
    *_PROFILE,
)

REJECTIONS: Final[tuple[Column, ...]] = (
    Column("key", _TEXT, lambda r: digest(r.source, r.sha256, r.where, r.rule, r.found)),
    _at("rule", _TEXT),
    _at("found", _TEXT),
    _at("where", _TEXT),
    _at("source", _TEXT),
    _at("sha256", _TEXT),
)


DOCUMENTS: Final[tuple[Column, ...]] = (
    Column("key", _TEXT, lambda document: digest(*document.identity)),
    Column("source", _TEXT, attrgetter("card.name")),
    _at("sha256", _TEXT),
    _at("media_type", _TEXT),
    _at("name", _TEXT),
    _at("size", _WHOLE),
    Column("title", _TEXT, attrgetter("card.title")),
    Column("origin", _TEXT, attrgetter("card.origin")),
    Column("licence", _TEXT, attrgetter("card.licence")),
    Column("kind", _WORD, attrgetter("card.kind")),
    Column("retrieved_at", _DAY, attrgetter("card.retrieved_at")),
    Column("bias", _TEXT, attrgetter("card.bias")),
    Column("confidentiality", _WORD, attrgetter("card.confidentiality")),
)

#: Statements that their record no longer makes, as of a run: the row's key and revision.
WITHDRAWN: Final = (_at("key", _TEXT), _at("row", _TEXT), _at("revision", pa.int32()), _at("run", _WHOLE))

#: Statements that break the contract, whole (`contract`, `revalidate`): `observation` is the statement's own key.
QUARANTINE: Final[tuple[Column, ...]] = (
    *(_at(name, _TEXT) for name in ("key", "observation", "rule", "reason", "found", "where")),
    *OBSERVATIONS[1:],
)

#: When a board began to list a posting, or ceased to (`store/openings`): `board` is as the command line names it,
#: `record` the board's own id, `event` is opened or closed.
OPENINGS: Final = (
    *(_at(name, _TEXT) for name in ("key", "board", "record", "event", "url")),
    _at("seen", _STAMP),
)

#: Which contract was in force from which run on; a `text` that is empty is the packaged one.
CONTRACTS: Final[tuple[Column, ...]] = (
    *(_at(name, _TEXT) for name in ("key", "name", "sha256", "text")),
    _at("number", _WHOLE),
    _at("since", _STAMP),
)

#: What was appended when. `number` counts the runs: it is the evidence's version; `versions` are those of its tables.
RUNS: Final[tuple[Column, ...]] = (
    _at("key", _TEXT),
    _at("number", _WHOLE),
    _at("versions", _TEXT),
    _at("command", _TEXT),
    _at("finished", _STAMP),
    _at("code", _TEXT),
    *(_at(f"observations_{what}", _WHOLE) for what in ("new", "known", "withdrawn")),
    *(_at(f"{table}_new", _WHOLE) for table in ("postings", "rejections", "documents")),
)

#: The editions that were built from the store, and from which version of it.
EDITIONS: Final = (_at("key", _TEXT), _at("edition", _TEXT), _at("number", _WHOLE), _at("built", _STAMP))

#: Every table of a store by name.
TABLES: Final[Mapping[str, tuple[Column, ...]]] = {
    "observations": OBSERVATIONS,
    "postings": POSTINGS,
    "rejections": REJECTIONS,
    "documents": DOCUMENTS,
    "withdrawn": WITHDRAWN,
    "quarantine": QUARANTINE,
    "contracts": CONTRACTS,
    "openings": OPENINGS,
    "editions": EDITIONS,
    "runs": RUNS,
}

#: The tables that make up the evidence; the others are its logs.
EVIDENCE: Final = tuple(name for name in TABLES if name not in ("editions", "runs"))

#: Tables that a store of before they were may lack; then they are empty.
LATER: Final = ("quarantine", "contracts", "openings")

#: The tables whose rows may be read again and say something else.
REVISED: Final = ("observations", "postings", "quarantine")


def schema(columns: Sequence[Column]) -> pa.Schema:
    """The Arrow schema of a table's columns."""
    return pa.schema([(column.name, column.type) for column in columns])


def table_of(columns: Sequence[Column], nouns: Sequence[object]) -> pa.Table:
    """Nouns as a table, one row each, in order.

    Statements of one record share a profile: its columns are made once for each profile.
    """
    own = [column for column in columns if column not in _PROFILE]
    result = _columns(own, nouns)
    if len(own) < len(columns):
        profiles = [id(getattr(noun, "profile", noun)) for noun in nouns]
        holders = dict(zip(profiles, nouns, strict=True))
        shared = _columns(_PROFILE, list(holders.values()))
        if len(holders) < len(nouns):
            place = dict(zip(holders, range(len(holders)), strict=True))
            at = pa.array([place[profile] for profile in profiles], pa.int64())
            shared = {name: values.take(at) for name, values in shared.items()}
        result |= shared
    return pa.Table.from_arrays([result[column.name] for column in columns], schema=schema(columns))


def _columns(columns: Sequence[Column], nouns: Sequence[object]) -> dict[str, pa.Array]:
    """The values of some columns by name. What is a plain attribute is got of each noun in one go."""
    plain = [column for column in columns if column.path]
    values: dict[str, Sequence[Any]] = {
        column.name: [column.get(noun) for noun in nouns] for column in columns if not column.path
    }
    if len(plain) > 1:
        rows = map(attrgetter(*(column.path for column in plain)), nouns)
        each = zip(*rows, strict=True) if nouns else ([] for _ in plain)
        values |= {column.name: got for column, got in zip(plain, each, strict=True)}
    return {column.name: _array(values[column.name], column.type) for column in columns}


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The values as a column. Half a surrogate pair, which JSON can spell and UTF-8 cannot, becomes "?"."""
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([_encodable(value) for value in values], kind)


def _encodable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return [_encodable(item) for item in value] if isinstance(value, list | tuple) else value


def digest(*parts: str) -> str:
    """A stable identity (24 hex digits) of some texts."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


def posting_key(source: str, record: str) -> str:
    """The identity of a posting: its id in its source."""
    return digest(source, record)


def profile_of(row: Row) -> Profile:
    """The profile of an observation's or posting's row."""
    required, preferred = row["degree_required"], row["degree_preferred"]
    return Profile(
        role=Role(row["role"]),
        level=Level(row["level"]),
        level_read_from=LevelReading(row["level_read_from"]),
        years_min=row["years_min"],
        years_max=row["years_max"],
        tenure=row["tenure"],
        grade=row["grade"],
        title=row["title"],
        focus=None if row["focus"] is None else Focus(row["focus"]),
        place=Place(*(row[f"place_{part}"] for part in ("city", "region", "country", "metro"))),
        remote=Remote(row["remote"]),
        employer=Employer(
            row["employer_id"],
            row["employer_name"],
            Tier(row["employer_tier"]),
            Industry(row["employer_industry"]),
            *(row[f"employer_{part}"] for part in ("parent", "size", "known_by")),
        ),
        degree=Degree(
            None if required is None else DegreeName(required),
            None if preferred is None else DegreeName(preferred),
        ),
        skills=tuple(row["skills"]),
        specialisations=tuple(map(Specialisation, row["specialisations"])),
        stages=tuple(map(Stage, row["stages"])),
        duties=tuple(map(Duty, row["duties"])),
    )


def observation_of(row: Row) -> Observation:
    """The observation of a row."""
    return Observation(
        source=row["source"],
        kind=EvidenceKind(row["kind"]),
        record=row["record"],
        profile=profile_of(row),
        component=Component(row["component"]),
        low=row["low"],
        high=row["high"],
        currency=row["currency"],
        period=Period(row["period"]),
        date=row["date"],
        basis=Basis(row["basis"]),
        scope=row["scope"],
        statistic=None if row["statistic"] is None else Statistic(row["statistic"]),
        top_coded=row["top_coded"],
        sample=row["sample"],
        confidentiality=Confidentiality(row["confidentiality"]),
        sha256=row["sha256"],
        span=None if row["span_start"] is None else (row["span_start"], row["span_end"]),
        quote=row["quote"],
        locator=row["locator"],
        url=row["url"],
    )


def _band_of(row: Row) -> PayBand:
    span = None if row["span_start"] is None else (row["span_start"], row["span_end"])
    period, basis = Period(row["period"]), Basis(row["basis"])
    return PayBand(row["low"], row["high"], row["currency"], period, basis, row["scope"], span, row["quote"])


def posting_of(row: Row) -> Posting:
    """The posting of a row."""
    return Posting(
        id=row["id"],
        profile=profile_of(row),
        pay=tuple(map(_band_of, row["pay"])),
        structured_pay=tuple(map(_band_of, row["structured_pay"])),
        warnings=tuple(row["warnings"]),
        places=tuple(Place(p["city"], p["region"], p["country"], p["metro"]) for p in row["places"]),
        url=row["url"],
        date=row["date"],
        source=row["source"],
        sha256=row["sha256"],
        has_text=row["has_text"],
    )


def card_of(row: Row) -> SourceCard:
    """The source card that a document's row carries."""
    return SourceCard(
        name=row["source"],
        title=row["title"],
        origin=row["origin"],
        licence=row["licence"],
        kind=EvidenceKind(row["kind"]),
        retrieved_at=row["retrieved_at"],
        bias=row["bias"],
        confidentiality=Confidentiality(row["confidentiality"]),
    )
