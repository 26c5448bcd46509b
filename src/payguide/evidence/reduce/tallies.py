"""Tallies: how many postings state a skill, degree, duty, stage, specialisation or arrangement.

Population: postings of the country (or of no known country, with pay in the currency) that had a text, for
only those could show it. An advert repeated unchanged counts once: equal employer, role, level, title and
equal reading of everything else that is tallied. Levels are those of `distinct`; "any" is all but interns and
managers.

What is a closed list (degrees, duties, stages, arrangements) is tallied at zero too, for that none requires a
PhD is a finding. Skills are tallied from 10 postings of 5 employers on.

`employer.single_band` counts employers: those with two or more remote records in one role x stated level, and
among them those with a single band in each such level.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from payguide.base.aggregates import POOLED, Tally
from payguide.base.codes import LADDER, DegreeName, Duty, Remote, Specialisation, Stage
from payguide.base.contributors import UNNAMED, Contributors
from payguide.base.money import IntArray
from payguide.base.reference.levels import bounds
from payguide.base.reference.minimums import MIN_EMPLOYERS, MIN_EVIDENCE
from payguide.evidence.reduce.design_matrix import FULL
from payguide.evidence.reduce.replicates import Weights, weights
from payguide.evidence.units.distinct import EXCLUDED_LEVELS, Population, column

#: The attribute that counts employers instead of postings.
SINGLE_BAND: Final = "employer.single_band"

_ADVANCED: Final = (DegreeName.MASTER, DegreeName.PHD)

#: The closed lists, tallied at zero too.
CLOSED: Final[tuple[str, ...]] = (
    *(f"degree={how}:{name}" for how in ("required", "preferred") for name in (*DegreeName, "advanced")),
    "degree=unmentioned",
    *(f"duty={duty}" for duty in Duty),
    *(f"stage={stage}" for stage in Stage),
    "stages=full",
    *(f"specialisation={specialisation}" for specialisation in Specialisation),
    *(f"remote={remote}" for remote in Remote),
)

# the reading of an advert is put in order, so that equal readings are equal
_ADVERTS: Final = """
CREATE TEMP TABLE advert AS
WITH read AS (
    SELECT source, key, role, CASE WHEN level <> 'unstated' OR years_min IS NULL THEN level ELSE
               $ladder[1 + len(list_filter($bounds, lambda b: years_min > b.upto
                                                              OR (years_min = b.upto AND NOT b.inclusive)))]
               END AS level, title, remote,
           degree_required, degree_preferred, list_sort(skills) AS skills, list_sort(duties) AS duties,
           list_sort(stages) AS stages, list_sort(specialisations) AS specialisations,
           CASE WHEN employer_id = '' THEN source || $unnamed || id ELSE employer_id END AS cluster
    FROM postings
    WHERE has_text AND list_contains($roles, role)
      AND (place_country = $country OR list_contains(list_transform(places, lambda p: p.country), $country)
           OR (place_country = ''
               AND len(list_filter(places, lambda p: p.country <> '')) = 0
               AND list_contains(list_transform(pay || structured_pay, lambda b: b.currency), $currency)))
)
SELECT *, row_number() OVER (PARTITION BY cluster, role, level, title, remote, degree_required,
                             degree_preferred, skills, duties, stages, specialisations
                             ORDER BY source, key) = 1 AS pooled
FROM read
QUALIFY row_number() OVER (PARTITION BY source, cluster, role, level, title, remote, degree_required,
                           degree_preferred, skills, duties, stages, specialisations ORDER BY key) = 1
"""

_MENTIONS: Final = """
CREATE TEMP TABLE mention AS
WITH levelled AS (
    SELECT *, unnest(CASE WHEN list_contains($apart, level) THEN []::VARCHAR[]
                          WHEN list_contains($ladder, level) THEN [level, 'any'] ELSE ['any'] END) AS step
    FROM advert
), sourced AS (
    SELECT * REPLACE (unnest(CASE WHEN pooled THEN [source, $pooled] ELSE [source] END) AS source)
    FROM levelled
)
SELECT source, role, step AS level, cluster,
       list_transform(list_distinct(skills), lambda s: 'skill=' || s)
       || list_transform(list_distinct(duties), lambda s: 'duty=' || s)
       || list_transform(list_distinct(stages), lambda s: 'stage=' || s)
       || list_transform(list_distinct(specialisations), lambda s: 'specialisation=' || s)
       || list_filter([
           'remote=' || remote,
           'degree=required:' || degree_required, 'degree=preferred:' || degree_preferred,
           CASE WHEN list_contains($advanced, degree_required) THEN 'degree=required:advanced' END,
           CASE WHEN list_contains($advanced, degree_preferred) THEN 'degree=preferred:advanced' END,
           CASE WHEN degree_required IS NULL AND degree_preferred IS NULL THEN 'degree=unmentioned' END,
           CASE WHEN len(list_distinct(stages)) >= $full THEN 'stages=full' END
       ], lambda a: a IS NOT NULL) AS attributes
FROM sourced
"""

_TOTALS: Final = """
SELECT source, role, level, cluster, count(*) AS n FROM mention GROUP BY ALL
ORDER BY source, role, level, cluster
"""

_COUNTS: Final = """
SELECT source, role, level, attribute, cluster, count(*) AS n
FROM (SELECT source, role, level, cluster, unnest(attributes) AS attribute FROM mention)
GROUP BY ALL ORDER BY source, role, level, attribute, cluster
"""

_SINGLE: Final = """
WITH grouped AS (
    SELECT role, cluster, level, count(DISTINCT source || chr(31) || record) AS n,
           count(DISTINCT (low, high)) AS bands
    FROM statement
    WHERE kind = 'posted_range' AND component = 'base' AND remote = 'remote' AND employer_id <> ''
      AND list_contains($ladder, level)
    GROUP BY role, cluster, level HAVING n >= 2
)
SELECT role, cluster, (max(bands) = 1)::BIGINT AS n FROM grouped GROUP BY role, cluster ORDER BY role, cluster
"""

EmployerCounts = tuple[IntArray, IntArray]
_NONE: Final = (np.empty(0, np.int64), np.empty(0, np.int64))


class _Weighed(NamedTuple):
    """All employers (e names, in order) and their replicate weights (e, r), made once for all tallies."""

    names: Sequence[str]
    drawn: Weights

    def who(self, held: EmployerCounts) -> Contributors:
        """Whose the counts are."""
        employers, n = held
        return Contributors.of([self.names[at] for at in employers.tolist()], n.astype(np.float64))

    def replicates(self, held: EmployerCounts) -> IntArray:
        """The count under each replicate's weights (r,)."""
        employers, n = held
        result: IntArray = n @ self.drawn[employers]
        return result


def tallies(connection: duckdb.DuckDBPyConnection, population: Population) -> tuple[Tally, ...]:
    """All tallies of a prepared connection (see `prepared`), by source, role, level and attribute."""
    connection.execute(
        _ADVERTS,
        {
            "roles": list(population.roles),
            "unnamed": UNNAMED,
            "country": population.country,
            "currency": population.currency,
            "ladder": [str(level) for level in LADDER],
            "bounds": [{"upto": bound.end, "inclusive": bound.inclusive} for bound in bounds()],
        },
    )
    connection.execute(
        _MENTIONS,
        {
            "apart": [str(level) for level in EXCLUDED_LEVELS],
            "ladder": [str(level) for level in LADDER],
            "pooled": POOLED,
            "advanced": [str(degree) for degree in _ADVANCED],
            "full": FULL,
        },
    )
    totals, counts = (connection.sql(query).to_arrow_table() for query in (_TOTALS, _COUNTS))
    single = connection.sql(_SINGLE, params={"ladder": [str(level) for level in LADDER]}).to_arrow_table()
    connection.execute("DROP TABLE mention; DROP TABLE advert")
    # every tally weighs the same employers: their weights are made once
    names = sorted({name for rows in (totals, single) for name in pc.unique(rows["cluster"]).to_pylist()})
    drawn = weights(names)
    held_totals = _counts_by_key(totals, ("source", "role", "level"), names)
    held_counts = _counts_by_key(counts, ("source", "role", "level", "attribute"), names)
    weighed = _Weighed(names, drawn)
    made = list(_tallies(held_totals, held_counts, weighed))
    for (role,), (employers, flags) in _counts_by_key(single, ("role",), names).items():
        held, all_of_them = (employers[flags > 0], flags[flags > 0]), (employers, np.ones_like(flags))
        made.append(_tally((POOLED, role, "any"), SINGLE_BAND, held, all_of_them, weighed))
    return tuple(sorted(made, key=lambda one: (one.source, one.role, one.level, one.attribute)))


def _counts_by_key(
    rows: pa.Table, keys: tuple[str, ...], names: list[str]
) -> dict[tuple[str, ...], EmployerCounts]:
    """Employers (their places among the names) and their counts by key; rows are sorted by key."""
    where = pc.index_in(rows["cluster"], value_set=pa.array(names, pa.string()))
    employers, n = where.to_numpy().astype(np.int64), column(rows, "n").astype(np.int64)
    result: dict[tuple[str, ...], EmployerCounts] = {}
    start = 0
    labels = list(zip(*(rows[key].to_pylist() for key in keys), strict=True))
    for end in range(1, len(labels) + 1):
        if end == len(labels) or labels[end] != labels[start]:
            result[labels[start]] = (employers[start:end], n[start:end])
            start = end
    return result


def _tallies(
    totals: dict[tuple[str, ...], EmployerCounts],
    counts: dict[tuple[str, ...], EmployerCounts],
    weighed: _Weighed,
) -> Iterator[Tally]:
    skills: dict[tuple[str, ...], list[str]] = {}
    for source, role, level, attribute in counts:
        if attribute.startswith("skill="):
            skills.setdefault((source, role, level), []).append(attribute)
    for key, total in totals.items():
        for attribute in (*CLOSED, *skills.get(key, ())):
            held = counts.get((*key, attribute), _NONE)
            if attribute in CLOSED or (held[1].sum() >= MIN_EVIDENCE and len(held[0]) >= MIN_EMPLOYERS):
                yield _tally(key, attribute, held, total, weighed)


def _tally(
    key: tuple[str, ...], attribute: str, held: EmployerCounts, total: EmployerCounts, weighed: _Weighed
) -> Tally:
    source, role, level = key
    return Tally(
        source=source,
        role=role,
        level=level,
        attribute=attribute,
        count=int(held[1].sum()),
        total=int(total[1].sum()),
        with_it=weighed.who(held),
        who=weighed.who(total),
        rep_count=weighed.replicates(held),
        rep_total=weighed.replicates(total),
    )
