"""Rows that are postings: with a text, with a pay string, or with the ends of a band in columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from payguide.base.codes import Component
from payguide.base.inputs import Document, PayBand, Reading
from payguide.decode.pay import read_pay
from payguide.decode.posting import read_posting
from payguide.decode.sanity_limits import InvalidAmount, band
from payguide.decode.table.accumulator import Accumulator
from payguide.decode.table.columns import Columns
from payguide.decode.table.facts import Facts, facts_of
from payguide.decode.table.mapping import Amount, TableMap


def read_listings(document: Document, table: TableMap, columns: Columns) -> Reading:
    """The posting of each row and the observations of its pay. Rows of one id are one posting with several
    bands; a band that cannot be is refused and the posting lands without it.
    """
    facts = facts_of(document, table, columns)
    accumulator = Accumulator.started(document, columns, facts)
    bands = _bands(table, columns, accumulator)
    texts = columns.texts(table.columns.text)
    htmls = columns.texts(table.columns.html)
    urls = columns.texts(table.columns.url)
    for rows in _groups(facts):
        row = rows[0]
        if not facts.title[row]:
            accumulator.refuse(row, "no_title", "a posting without a title")
            continue
        posting = read_posting(
            id=facts.record[row],
            title=facts.title[row],
            text=texts[row] or None,
            html=htmls[row] or None,
            location=facts.location[row],
            employer=facts.employer[row],
            structured_pay=tuple(dict.fromkeys(found for each in rows for found in bands[each])),
            country=facts.country[row],
            grade=facts.grade[row],
            date=facts.day[row],
            url=urls[row],
            source=document.card.name,
            sha256=document.sha256,
        )
        accumulator.add(row, posting)
    return accumulator.reading()


def _groups(facts: Facts) -> list[list[int]]:
    """The sound rows of each record, in order of first mention."""
    groups: dict[str, list[int]] = {}
    for row, record in enumerate(facts.record):
        if facts.fault[row] is None:
            groups.setdefault(record, []).append(row)
    return list(groups.values())


def _bands(table: TableMap, columns: Columns, accumulator: Accumulator) -> list[tuple[PayBand, ...]]:
    """The bands that each sound row states outside its text; one that cannot be is refused."""
    facts = accumulator.facts
    found: list[tuple[PayBand, ...]] = [()] * columns.rows
    for row, one in (*_column_bands(table, columns, facts), *_string_bands(table, columns, facts)):
        if isinstance(one, InvalidAmount):
            accumulator.refuse(row, one.rule, one.found)
        else:
            found[row] = (*found[row], one)
    return found


def _column_bands(
    table: TableMap, columns: Columns, facts: Facts
) -> Iterator[tuple[int, PayBand | InvalidAmount]]:
    amount = table.amounts.get(Component.BASE, Amount())
    low_name, high_name = amount.low or amount.column, amount.high or amount.column
    lows, bad_lows = columns.numbers(low_name, table.missing)
    highs, bad_highs = columns.numbers(high_name, table.missing)
    scopes = columns.texts(table.columns.scope)
    for row, (low, high) in enumerate(zip(lows, highs, strict=True)):
        if facts.fault[row] is not None:
            continue
        if bad_lows[row] or bad_highs[row]:
            yield row, InvalidAmount("not_a_number", f"{low_name} or {high_name} is no number")
            continue
        low, high = (None if end in amount.missing else end for end in (low, high))
        if low is not None or high is not None:
            yield row, band(low, high, facts.currency[row], facts.period[row], scope=scopes[row])


def _string_bands(
    table: TableMap, columns: Columns, facts: Facts
) -> Iterator[tuple[int, PayBand | InvalidAmount]]:
    """The bands of a column that states pay in words: evidence of its own, with no text to point into."""
    absent = frozenset(table.missing)
    for row, written in enumerate(columns.texts(table.columns.pay_text)):
        if not written or written in absent or facts.fault[row] is not None:
            continue
        if table.pay_text_until:
            written = written.partition(table.pay_text_until)[0]
        bands, _ = read_pay(written, country=facts.country[row], title=facts.title[row])
        if not bands:
            yield row, InvalidAmount("unread_pay", f"no pay can be read from {written[:80]!r}")
        for one in bands:
            yield row, replace(one, span=None)
