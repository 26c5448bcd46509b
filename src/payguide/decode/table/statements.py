"""Rows that state somebody's pay: survey answers, filings, payroll lines. One observation a component."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from payguide.base.codes import Basis, Component, DegreeName, Level, LevelReading, Period, Role
from payguide.base.inputs import Degree, Document, Observation, Profile, Reading
from payguide.base.reference.levels import level_of_years
from payguide.decode.focus import beside_role, focus_in
from payguide.decode.profile import read_profile
from payguide.decode.sanity_limits import InvalidAmount, check, currency_code, timed_by
from payguide.decode.table.columns import Columns
from payguide.decode.table.facts import Facts, facts_of, refusal, rejections
from payguide.decode.table.mapping import Amount, TableMap

#: Total pay below this share of base pay contradicts itself (rounding aside).
_TOTAL_OF_BASE: Final = 0.95

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
    profile_of = _profiles(table, columns, facts)
    observations: list[Observation] = []
    refused = list(rejections(document, columns, facts))
    for row in range(columns.rows):
        if facts.fault[row] is not None:
            continue
        stated = {component: ends for component, column in amounts.items() if (ends := column[row])}
        found = _priced(stated, facts.currency[row], facts.period[row])
        if isinstance(found, InvalidAmount):
            refused.append(refusal(document, facts, row, found.rule, found.found))
            continue
        observations += _observations(document, table, facts, row, profile_of(row), found)
    return Reading(tuple(observations), rejections=tuple(refused))


def _ends(table: TableMap, columns: Columns, amount: Amount) -> list[_Ends | str | None]:
    """Each row's ends of one component (equal where one is given): None where none is, the text where it is
    no number.
    """
    low_name, high_name = (amount.column, "") if amount.column else (amount.low, amount.high)
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


def _priced(stated: Mapping[Component, _Ends | str], currency: str, spelt: str) -> _Priced | InvalidAmount:
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
    return _implausible(amounts, code, period) or (amounts, code, period)


def _implausible(amounts: Mapping[Component, _Ends], currency: str, period: Period) -> InvalidAmount | None:
    for component, (low, high) in amounts.items():
        for end in dict.fromkeys((low, high)):
            broken = check(end, currency, period, component)
            if broken:
                return broken
        if low > high:
            return InvalidAmount("band_runs_backwards", f"{low:,.2f} to {high:,.2f}")
    return _consistent(amounts)


def _consistent(amounts: Mapping[Component, _Ends]) -> InvalidAmount | None:
    base, total = amounts.get(Component.BASE), amounts.get(Component.TOTAL)
    if base and total and total[1] < base[0] * _TOTAL_OF_BASE:
        return InvalidAmount("total_below_base", f"total {total[1]:,.0f} is less than base {base[0]:,.0f}")
    return None


def _observations(
    document: Document, table: TableMap, facts: Facts, row: int, profile: Profile, priced: _Priced
) -> Iterator[Observation]:
    amounts, currency, period = priced
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
            confidentiality=card.confidentiality,
            sha256=document.sha256,
            locator=f"column:{source.column or source.low or source.high}",
        )


def _profiles(table: TableMap, columns: Columns, facts: Facts) -> Callable[[int], Profile]:
    """The profile of a row."""
    degrees = [table.degrees.get(text) for text in columns.texts(table.columns.degree)]
    parts = columns.texts(table.columns.focus) if table.columns.focus else [None] * columns.rows

    def profile_of(row: int) -> Profile:
        rule = facts.rule[row]
        return _profile(
            facts.title[row], facts.employer[row], facts.location[row], facts.country[row], facts.grade[row],
            rule and rule.role, rule and rule.level, facts.years[row], facts.tenure[row], degrees[row], parts[row],
        )  # fmt: skip

    return profile_of


@lru_cache(maxsize=65_536)
def _profile(
    title: str, employer: str, location: str, country: str, grade: str,
    role: Role | None, ranked: Level | None, years: float | None, tenure: float | None,
    degree: DegreeName | None, part: str | None,
) -> Profile:  # fmt: skip
    """The profile with what the map and the row know: the rule's `role` and level (`ranked`), the `part` of software.
    Rows repeat themselves: each combination is read once.

    Own years of experience decide the level, but for those who are on no ladder of years (interns, managers of
    people). A respondent's own degree stands as `required`: it is the degree that the job is in fact done with.
    """
    read = read_profile(title=title, employer=employer, location=location, country=country, grade=grade)
    level, read_from = (ranked, LevelReading.TITLE) if ranked else (read.level, read.level_read_from)
    if years is not None and level not in (Level.INTERN, Level.MANAGER):
        level, read_from = level_of_years(years), LevelReading.YEARS
    return replace(
        read,
        role=role or read.role,
        level=level,
        level_read_from=read_from,
        years_min=read.years_min if years is None else years,
        years_max=read.years_max if years is None else years,
        degree=read.degree if degree is None else Degree(required=degree),
        tenure=tenure,
        focus=beside_role(read.focus if part is None else focus_in(part), role or read.role),
    )
