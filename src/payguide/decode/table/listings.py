"""Rows that are postings: with a text, with a pay string, or with the ends of a band in columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from payguide.base.codes import Component
from payguide.base.inputs import Document, PayBand, Posting, Reading
from payguide.decode.employer import read_employer
from payguide.decode.hirer import hirer, own_title
from payguide.decode.pay import read_pay
from payguide.decode.place import read_places
from payguide.decode.posting import read_posting
from payguide.decode.sanity_limits import InvalidAmount, band
from payguide.decode.table.accumulator import Accumulator
from payguide.decode.table.columns import Columns
from payguide.decode.table.facts import Facts, facts_of, refused_repeats
from payguide.decode.table.mapping import Amount, TableMap
from payguide.decode.table.pay_fields import bands_of_fields
from payguide.decode.titles import title_words


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
    posters = _posters(facts, texts) if table.reposted else {}
    made: list[tuple[int, Posting]] = []
    for rows in _groups(facts):
        row = rows[0]
        title, employer = facts.title[row], facts.employer[row]
        if not title:
            accumulator.refuse(row, "no_title", "a posting without a title")
            continue
        if table.reposted:
            employer = hirer(facts.employer[row], title, texts[row], posters[_opening(texts[row])])
            title = own_title(title, facts.employer[row])
        posting = read_posting(
            id=facts.record[row],
            title=title,
            text=texts[row] or None,
            html=htmls[row] or None,
            location=facts.location[row],
            employer=employer,
            structured_pay=tuple(dict.fromkeys(found for each in rows for found in bands[each])),
            country=facts.country[row],
            grade=facts.grade[row],
            date=facts.day[row],
            url=urls[row],
            source=document.card.name,
            sha256=document.sha256,
        )
        made.append((row, posting))
    for row, posting in _once(made, accumulator) if table.reposted else made:
        accumulator.add(row, posting)
    return accumulator.reading()


def _opening(text: str) -> str:
    """What tells a text from another, however it is laid out: the letters and digits that it begins with."""
    return "".join(filter(str.isalnum, text[:2_000].lower()))[:400]


def _posters(facts: Facts, texts: list[str]) -> dict[str, list[str]]:
    """Who posts the text of each opening, in order."""
    found: dict[str, list[str]] = {}
    for text, employer in zip(texts, facts.employer, strict=True):
        found.setdefault(_opening(text), []).append(employer)
    return {opening: list(dict.fromkeys(names)) for opening, names in found.items()}


def _once(made: list[tuple[int, Posting]], accumulator: Accumulator) -> Iterator[tuple[int, Posting]]:
    """Each job once: of the postings of one employer, title and pay that whose employer posted it itself, else the
    first; the others are refused as its repeats.
    """
    facts = accumulator.facts
    alike: dict[tuple[object, ...], list[tuple[int, Posting]]] = {}
    for row, posting in made:
        pay = frozenset((band.low, band.high, band.currency, band.period, band.basis) for band in posting.pay)
        who = posting.profile.employer.id
        alike.setdefault((who, title_words(posting.profile.title), pay), []).append((row, posting))
    for repeats in alike.values():
        own = (
            one for one in repeats if one[1].profile.employer.id == read_employer(facts.employer[one[0]]).id
        )
        kept = next(own, repeats[0])
        yield kept
        accumulator.refused += refused_repeats(
            accumulator.document, facts, [row for row, _ in repeats], kept[0]
        )


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
    sources = (_column_bands, _string_bands, _field_bands)
    for row, one in (found for source in sources for found in source(table, columns, facts)):
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


def _field_bands(
    table: TableMap, columns: Columns, facts: Facts
) -> Iterator[tuple[int, PayBand | InvalidAmount]]:
    """The bands of a job board's own fields; of a row's refusals each rule once."""
    if not table.columns.pay_fields:
        return
    for row, written in enumerate(columns.texts(table.columns.pay_fields)):
        if facts.fault[row] is not None:
            continue
        places = read_places(facts.location[row], country=facts.country[row])
        countries = frozenset(place.country for place in places if place.country)
        refused: dict[str, InvalidAmount] = {}
        for one in bands_of_fields(written, table.pay_fields, countries):
            if isinstance(one, PayBand):
                yield row, one
            else:
                refused.setdefault(one.rule, one)
        yield from ((row, one) for one in refused.values())


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
