"""Rows that state somebody's pay: survey answers, filings, payroll lines. One observation a component."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from payguide.base.codes import Basis, Component, DegreeName, Level, LevelReading, Period, Remote, Role
from payguide.base.inputs import Degree, Document, Observation, Place, Profile, Reading
from payguide.base.money import annual
from payguide.base.reference.levels import level_of_years
from payguide.decode.focus import beside_role, focus_in
from payguide.decode.profile import read_profile
from payguide.decode.sanity_limits import (
    InvalidAmount,
    check,
    currency_code,
    far_from_prevailing,
    is_too_wide,
    period_of,
    timed_by,
)
from payguide.decode.table.columns import Columns
from payguide.decode.table.facts import Facts, facts_of, refusal, refused_repeats, rejections, repeats
from payguide.decode.table.mapping import Amount, TableMap
from payguide.decode.table.rows import HIGH, LOW

#: Total pay below this share of base pay contradicts itself (rounding aside).
_TOTAL_OF_BASE: Final = 0.95

#: A state's code has two letters.
_CODE: Final = 2

_Ends = tuple[float, float]
_Priced = tuple[Mapping[Component, _Ends], str, Period]


def read_statements(document: Document, table: TableMap, columns: Columns) -> Reading:
    """The observations of each row. A row with one impossible figure is refused whole: who miswrote one
    amount cannot be trusted with the others.
    """
    facts = facts_of(document, table, columns)
    amounts = {
        component: _ends(table, columns, amount) for component, amount in sorted(table.amounts.items())
    }
    prevailing = _prevailing(table, columns)
    profile_of = _profiles(table, columns, facts)
    jobs = _counts(table, columns, table.columns.sample)
    places = _counts(table, columns, table.columns.worksites)
    observations: list[Observation] = []
    refused = list(rejections(document, columns, facts))
    for rows in repeats(table, facts).values():
        row = rows[0]
        if len(rows) > 1:
            row = next((row for row in rows if profile_of(row).role is not Role.OTHER), row)
            refused += refused_repeats(document, facts, rows, row)
        stated = {component: ends for component, column in amounts.items() if (ends := column[row])}
        found = _priced(stated, facts.currency[row], facts.period[row], prevailing[row])
        if isinstance(found, InvalidAmount):
            refused.append(refusal(document, facts, row, found.rule, found.found))
            continue
        sample = sum(jobs[other] or 1 for other in rows) if table.columns.sample or table.identity else None
        counted = (sample, f"{places[row]} worksites" if (places[row] or 0) > 1 else "")
        observations += _observations(document, table, facts, row, profile_of(row), found, counted)
    return Reading(tuple(observations), rejections=tuple(refused))


def _ends(table: TableMap, columns: Columns, amount: Amount) -> list[_Ends | str | None]:
    """Each row's ends of one component (equal where one is given): None where none is, the text where it is
    no number.
    """
    low_name, high_name = (amount.column, "") if amount.column else (amount.low, amount.high)
    if table.paired and amount.column == table.paired:
        low_name, high_name = LOW, HIGH
    lows, bad_lows = columns.numbers(low_name, table.missing)
    highs, bad_highs = columns.numbers(high_name, table.missing)
    texts = columns.texts(low_name), columns.texts(high_name)
    ends: list[_Ends | str | None] = []
    for row, pair in enumerate(zip(lows, highs, strict=True)):
        given = [end for end in pair if end is not None and end not in amount.missing]
        if bad_lows[row] or bad_highs[row]:
            ends.append(texts[1][row] if bad_highs[row] else texts[0][row])
        else:
            ends.append((given[0], given[-1]) if given else None)
    return ends


def _counts(table: TableMap, columns: Columns, name: str) -> list[int | None]:
    """A column of whole numbers; None where the row has none."""
    found, _ = columns.numbers(name, table.missing)
    return [None if number is None else int(number) for number in found]


def _prevailing(table: TableMap, columns: Columns) -> list[float | None]:
    """The wage a year that the law sets each row's base pay against; None where the table does not say it."""
    amount = table.amounts.get(Component.BASE, Amount())
    found, _ = columns.numbers(amount.prevailing, table.missing)
    yearly: list[float | None] = []
    for number, spelt in zip(found, columns.texts(amount.prevailing_period), strict=True):
        timed = period_of(spelt)
        if number is None or isinstance(timed, InvalidAmount):
            yearly.append(None)
        else:
            yearly.append(annual(number, timed))
    return yearly


def _priced(
    stated: Mapping[Component, _Ends | str], currency: str, spelt: str, prevailing: float | None
) -> _Priced | InvalidAmount:
    """The row's amounts once every one has passed, in a known currency and period."""
    amounts: dict[Component, _Ends] = {}
    for component, ends in stated.items():
        if isinstance(ends, str):
            return InvalidAmount("not_a_number", f"{component} is {ends!r}")
        amounts[component] = ends
    if not amounts:
        return InvalidAmount("no_amount", "no pay is given")
    code = currency_code(currency)
    if isinstance(code, InvalidAmount):
        return code
    period = timed_by(spelt, max(high for _, high in amounts.values()), code)
    if isinstance(period, InvalidAmount):
        return period
    broken = _implausible(amounts, code, period) or far_from_prevailing(
        amounts.get(Component.BASE), period, prevailing
    )
    return broken or (amounts, code, period)


def _implausible(amounts: Mapping[Component, _Ends], currency: str, period: Period) -> InvalidAmount | None:
    for component, (low, high) in amounts.items():
        for end in dict.fromkeys((low, high)):
            broken = check(end, currency, period, component)
            if broken:
                return broken
        if low > high:
            return InvalidAmount("band_runs_backwards", f"{low:,.2f} to {high:,.2f}")
        if is_too_wide(low, high):
            return InvalidAmount("band_too_wide", f"{low:,.2f} to {high:,.2f} {currency}")
    return _consistent(amounts)


def _consistent(amounts: Mapping[Component, _Ends]) -> InvalidAmount | None:
    base, total = amounts.get(Component.BASE), amounts.get(Component.TOTAL)
    if base and total and total[1] < base[0] * _TOTAL_OF_BASE:
        return InvalidAmount("total_below_base", f"total {total[1]:,.0f} is less than base {base[0]:,.0f}")
    return None


def _observations(
    document: Document,
    table: TableMap,
    facts: Facts,
    row: int,
    profile: Profile,
    priced: _Priced,
    counted: tuple[int | None, str],
) -> Iterator[Observation]:
    """One observation a component; `counted` is the row's sample and scope."""
    amounts, currency, period = priced
    sample, scope = counted
    card = document.card
    for component, (low, high) in amounts.items():
        source = table.amounts[component]
        yield Observation(
            source=card.name,
            kind=card.kind,
            record=facts.record[row],
            profile=profile,
            component=component,
            low=low,
            high=high,
            currency=currency,
            period=period,
            date=facts.day[row],
            basis=Basis.TOTAL if component is Component.TOTAL else Basis.BASE,
            scope=scope,
            statistic=table.statistic,
            sample=sample,
            confidentiality=card.confidentiality,
            sha256=document.sha256,
            locator=f"column:{source.column or source.low or source.high}",
        )


def _profiles(table: TableMap, columns: Columns, facts: Facts) -> Callable[[int], Profile]:
    """The profile of a row."""
    degrees = [table.degrees.get(text) for text in columns.texts(table.columns.degree)]
    parts = columns.texts(table.columns.focus) if table.columns.focus else [None] * columns.rows
    words = tuple(table.grades.items())

    def profile_of(row: int) -> Profile:
        rule = facts.rule[row]
        return _profile(
            facts.title[row], facts.employer[row], facts.location[row], facts.region[row], facts.country[row],
            facts.grade[row], facts.remote[row], rule and rule.role, rule and rule.level, table.constants.level,
            words, facts.years[row], facts.tenure[row], degrees[row], parts[row],
        )  # fmt: skip

    return profile_of


@lru_cache(maxsize=65_536)
def _profile(
    title: str, employer: str, location: str, region: str, country: str, grade: str, remote: Remote | None,
    role: Role | None, ranked: Level | None, constant: Level | None, words: tuple[tuple[str, Level], ...],
    years: float | None, tenure: float | None, degree: DegreeName | None, part: str | None,
) -> Profile:  # fmt: skip
    """The profile with what the map and the row know: the rule's `role` and level (`ranked`), the source's level of all
    rows (`constant`) and its own `words` for levels, the `part` of software. Rows repeat themselves: each combination
    is read once. A respondent's own degree stands as `required`: it is the degree that the job is in fact done with.
    """
    read = read_profile(
        title=title, employer=employer, location=location, country=country, grade=grade, remote=remote
    )
    own = constant or (dict(words).get(read.grade) if read.level is Level.UNSTATED else None)
    level, read_from = _level(read, own, ranked, years)
    return replace(
        read,
        role=role or read.role,
        level=level,
        level_read_from=read_from,
        years_min=read.years_min if years is None else years,
        years_max=read.years_max if years is None else years,
        degree=read.degree if degree is None else Degree(required=degree),
        tenure=tenure,
        place=_place(read.place, region, country),
        focus=beside_role(read.focus if part is None else focus_in(part), role or read.role),
    )


def _place(read: Place, region: str, country: str) -> Place:
    """The place as read, but where the state is given by its code and the place lies in another."""
    stands = len(region) != _CODE or (read.region, read.country) == (region, country)
    return read if stands else Place(region=region, country=country)


def _level(
    read: Profile, own: Level | None, ranked: Level | None, years: float | None
) -> tuple[Level, LevelReading]:
    """The level with what the source's `own` word and the map's rule (`ranked`) say, and how it was read. Own years of
    experience decide it, but for those who are on no ladder of years (interns, managers of people).
    """
    level, read_from = (own, LevelReading.GRADE) if own else (read.level, read.level_read_from)
    if ranked is not None:
        level, read_from = ranked, LevelReading.NONE if ranked is Level.UNSTATED else LevelReading.TITLE
    if years is not None and level not in (Level.INTERN, Level.MANAGER):
        level, read_from = level_of_years(years), LevelReading.YEARS
    return level, read_from
