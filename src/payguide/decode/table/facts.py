"""What every kind of row shares: its facts column by column, and the rules a row must pass to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from payguide.base.credentials import id_without_credentials
from payguide.base.inputs import Document, Rejection
from payguide.decode.sanity_limits import InvalidAmount
from payguide.decode.table.columns import Columns
from payguide.decode.table.mapping import RoleRule, TableMap


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
    country: Sequence[str]
    day: Sequence[date]
    years: Sequence[float | None]
    tenure: Sequence[float | None]
    currency: Sequence[str]
    period: Sequence[str]
    rule: Sequence[RoleRule | None]
    fault: Sequence[InvalidAmount | None]


def facts_of(document: Document, table: TableMap, columns: Columns) -> Facts:
    """The facts of each row, with the map's constants where it has no column."""
    fields, fixed = table.columns, table.constants
    days, bad_days = columns.days(fields.date, table.date_formats, table.missing)
    years, bad_years = columns.numbers(fields.years, table.missing)
    tenure, bad_tenure = columns.numbers(fields.tenure, table.missing)
    default = date.fromisoformat(fixed.date) if fixed.date else document.card.retrieved_at
    return Facts(
        record=_records(document, table, columns),
        where=[f"{document.name}, row {number}" for number in columns.numbering],
        title=_filled(table, columns, fields.title),
        employer=_filled(table, columns, fields.employer, fixed.employer),
        grade=_filled(table, columns, fields.grade),
        location=_joined([_filled(table, columns, name) for name in fields.location], columns.rows),
        country=_filled(table, columns, fields.country, fixed.country),
        day=[default if day is None else day for day in days],
        years=years,
        tenure=tenure,
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
    for number, found in columns.broken:
        yield Rejection("broken_row", found, f"{document.name}, row {number}", name, sha)
    for row, fault in enumerate(facts.fault):
        if fault is not None:
            yield refusal(document, facts, row, fault.rule, fault.found)


def refusal(document: Document, facts: Facts, row: int, rule: str, found: str) -> Rejection:
    """The refusal of one row, or of a part of it."""
    return Rejection(rule, found, facts.where[row], document.card.name, document.sha256)


def _records(document: Document, table: TableMap, columns: Columns) -> list[str]:
    """The row's own id; else the file and the row's number in it, so that two files never share a record."""
    head = document.sha256[:12]
    stated = _filled(table, columns, table.columns.id)
    return [
        id_without_credentials(own) or f"{head}:{n}" for own, n in zip(stated, columns.numbering, strict=True)
    ]


def _filled(table: TableMap, columns: Columns, name: str, constant: str = "") -> list[str]:
    absent = frozenset(table.missing)
    return [constant if text in absent else text for text in columns.texts(name)]


def _joined(parts: list[list[str]], rows: int) -> list[str]:
    if len(parts) == 1:
        return parts[0]
    return [", ".join(filter(None, row)) for row in zip(*parts, strict=True)] if parts else [""] * rows


def _roles(table: TableMap, columns: Columns) -> list[RoleRule | None]:
    """The first rule that fits each row. Rows repeat what it asks for: each combination is looked at once."""
    if not table.roles:
        return [None] * columns.rows
    names = tuple(dict.fromkeys(name for rule in table.roles for name in rule.when))
    rows = list(zip(*(columns.texts(name) for name in names), strict=True))
    fitting = {row: _role_of(table.roles, dict(zip(names, row, strict=True))) for row in set(rows)}
    return [fitting[row] for row in rows]


def _role_of(rules: Sequence[RoleRule], texts: Mapping[str, str]) -> RoleRule | None:
    fits = (rule for rule in rules if all(texts[name] in values for name, values in rule.when.items()))
    return next(fits, None)


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
        kept = frozenset(value.lower() for value in test.keep)
        for row, text in enumerate(map(str.lower, columns.texts(test.column))):
            if not (any(value in text for value in kept) if test.contains else text in kept):
                faults[row] = InvalidAmount(test.rule, f"{test.column} is {text!r}")
    return faults
