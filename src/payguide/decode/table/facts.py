"""What every kind of row shares: its facts column by column, and the rules a row must pass to be read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from payguide.base.codes import Remote
from payguide.base.credentials import id_without_credentials
from payguide.base.inputs import Document, Rejection
from payguide.decode.sanity_limits import InvalidAmount
from payguide.decode.table.columns import Columns
from payguide.decode.table.days import days_of
from payguide.decode.table.mapping import RoleRule, TableMap, names_of
from payguide.decode.table.rows import HIGH, LOW


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of a table that passed the map's filters and whose day and years are in order.

    All sequences have one entry a row of the table; `fault` is the rule a row breaks, or None.
    """

    record: Sequence[str]
    where: Sequence[str]
    title: Sequence[str]
    employer: Sequence[str]
    grade: Sequence[str]
    location: Sequence[str]
    region: Sequence[str]
    country: Sequence[str]
    day: Sequence[date]
    years: Sequence[float | None]
    tenure: Sequence[float | None]
    remote: Sequence[Remote | None]
    currency: Sequence[str]
    period: Sequence[str]
    rule: Sequence[RoleRule | None]
    fault: Sequence[InvalidAmount | None]


def facts_of(document: Document, table: TableMap, columns: Columns) -> Facts:
    """The facts of each row, with the map's constants where it has no column."""
    fields, fixed = table.columns, table.constants
    days, bad_days = days_of(columns, table, document.card.retrieved_at)
    years, bad_years = columns.numbers(fields.years, table.missing)
    tenure, bad_tenure = columns.numbers(fields.tenure, table.missing)
    default = date.fromisoformat(fixed.date) if fixed.date else document.card.retrieved_at
    return Facts(
        record=records_of(document, table, columns),
        where=[f"{document.name}, row {number}" for number in columns.numbering],
        title=_filled(table, columns, fields.title, fixed.title),
        employer=_filled(table, columns, fields.employer, fixed.employer),
        grade=_joined(table, columns, names_of(fields.grade), " / "),
        location=_joined(table, columns, fields.location, ", "),
        region=_filled(table, columns, fields.region),
        country=_filled(table, columns, fields.country, fixed.country),
        day=[default if day is None else day for day in days],
        years=years,
        tenure=tenure,
        remote=[table.remotes.get(text) for text in columns.texts(fields.remote)],
        currency=_filled(table, columns, fields.currency, fixed.currency),
        period=_filled(table, columns, fields.period, fixed.period),
        rule=_roles(table, columns),
        fault=_faults(
            table, columns, bad_days, [(fields.years, years, bad_years), (fields.tenure, tenure, bad_tenure)]
        ),
    )


def rejections(document: Document, columns: Columns, facts: Facts) -> Iterator[Rejection]:
    """A Rejection for each line that is no row, and each row at fault."""
    name, sha = document.card.name, document.sha256
    for number, rule, found in columns.broken:
        yield Rejection(rule, found, f"{document.name}, row {number}", name, sha)
    for row, fault in enumerate(facts.fault):
        if fault is not None:
            yield refusal(document, facts, row, fault.rule, fault.found)


def refusal(document: Document, facts: Facts, row: int, rule: str, found: str) -> Rejection:
    """The refusal of one row, or of a part of it."""
    return Rejection(rule, found, facts.where[row], document.card.name, document.sha256)


def repeats(table: TableMap, facts: Facts) -> dict[str, list[int]]:
    """The sound rows of each record, in order of first mention; of a map without an identity each row is its own."""
    groups: dict[str, list[int]] = {}
    for row, record in enumerate(facts.record):
        if facts.fault[row] is None:
            groups.setdefault(record if table.identity else str(row), []).append(row)
    return groups


def refused_repeats(document: Document, facts: Facts, rows: Sequence[int], kept: int) -> list[Rejection]:
    """The refusal of the rows that are one piece of evidence with the row that is kept."""
    found = f"the same as {facts.where[kept]}"
    return [refusal(document, facts, row, "repeats_another_row", found) for row in rows if row != kept]


def records_of(document: Document, table: TableMap, columns: Columns) -> list[str]:
    """The row's own id; what identifies it, where the map says that; else the file and the row's number in it, so that
    two files never share a record.
    """
    if table.identity:
        names = (*table.identity, LOW, HIGH) if table.paired else table.identity
        told = zip(*(columns.texts(name) for name in names), strict=True)
        return [hashlib.sha256("\x1f".join(row).encode()).hexdigest()[:16] for row in told]
    head = document.sha256[:12]
    stated = _filled(table, columns, table.columns.id)
    return [
        id_without_credentials(own) or f"{head}:{n}" for own, n in zip(stated, columns.numbering, strict=True)
    ]


def _filled(table: TableMap, columns: Columns, name: str, constant: str = "") -> list[str]:
    absent = frozenset(table.missing)
    return [constant if text in absent else text for text in columns.texts(name)]


def _joined(table: TableMap, columns: Columns, names: Sequence[str], mark: str) -> list[str]:
    parts = [_filled(table, columns, name) for name in names]
    if len(parts) == 1:
        return parts[0]
    return (
        [mark.join(filter(None, row)) for row in zip(*parts, strict=True)] if parts else [""] * columns.rows
    )


def _roles(table: TableMap, columns: Columns) -> list[RoleRule | None]:
    """The first rule that fits each row. Rows repeat what it asks for: each combination is looked at once."""
    names = tuple(dict.fromkeys(name for rule in table.roles for name in (*rule.when, *rule.unless)))
    rows = list(zip(*(columns.texts(name) for name in names), strict=True)) if names else [()] * columns.rows
    fitting = {row: _role_of(table.roles, dict(zip(names, row, strict=True))) for row in set(rows)}
    return [fitting[row] for row in rows]


def _role_of(rules: Sequence[RoleRule], texts: Mapping[str, str]) -> RoleRule | None:
    return next((rule for rule in rules if _fits(rule, texts)), None)


def _fits(rule: RoleRule, texts: Mapping[str, str]) -> bool:
    """Whether a row has what a rule asks for, and none of the words that it must not have."""
    has = all(any(_is(texts[name], value) for value in values) for name, values in rule.when.items())
    return has and not any(_is_part(texts[name].lower(), values) for name, values in rule.unless.items())


def _is(text: str, value: str) -> bool:
    """Whether a text is a value of a map, or begins so where that ends in "*"."""
    return text.startswith(value[:-1]) if value.endswith("*") else text == value


def _faults(
    table: TableMap,
    columns: Columns,
    bad_days: Sequence[bool],
    years: Sequence[tuple[str, Sequence[float | None], Sequence[bool]]],
) -> list[InvalidAmount | None]:
    """The first rule each row breaks: the filters in order, then the day, then the years. `years` are columns of years:
    the name, the values, and which are no numbers.
    """
    faults: list[InvalidAmount | None] = [None] * columns.rows
    unread = [(name, bad, "not_a_number") for name, _, bad in reversed(years)]
    for name, bad, rule in (*unread, (table.columns.date, bad_days, "bad_date")):
        texts = columns.texts(name)
        for row in [row for row, is_bad in enumerate(bad) if is_bad]:
            faults[row] = InvalidAmount(rule, f"{name} is {texts[row]!r}")
    for name, values, _ in reversed(years):
        for row, found in enumerate(values):
            if found is not None and not 0 <= found <= 80:
                faults[row] = InvalidAmount("years_out_of_range", f"{name} is {found:g}")
    for test in reversed(table.filters):
        kept, dropped = ([value.lower() for value in values] for values in (test.keep, test.drop))
        for row, text in enumerate(map(str.lower, columns.texts(test.column))):
            among = _is_part if test.contains else _is_one
            if (kept and not among(text, kept)) or among(text, dropped):
                faults[row] = InvalidAmount(test.rule, f"{test.column} is {text!r}")
    return faults


def _is_one(text: str, values: Sequence[str]) -> bool:
    return text in values


def _is_part(text: str, values: Sequence[str]) -> bool:
    return any(value in text for value in values)
