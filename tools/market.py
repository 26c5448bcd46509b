"""Work out the packaged market of the United States: whose pay an edition is of.

Run: `python tools/market.py EVIDENCE LIBRARY` (writes `src/payguide/base/reference/markets/us.toml`)

Every margin is worked out in one way: several measures of the same people, each wrong in a way of its own, and

    share       their mean, each measure counting the same;
    certainty   the largest Dirichlet concentration c for which every measure of every value that is at least `MAIN` of the
                people lies within the 90 % spread of Beta(c share, c (1 - share)), but no more than market.toml says.

The measures (market.toml has their numbers, docs/market.md says why):

    metro       OEWS: of each occupation that holds the role the part in the metro, occupations weighted by what filings of
                the role say; beside it the ads, for ML roles.
    industry    OEWS likewise, by industry; industries that NAICS does not know by the employers of filings, and of ads.
    tier        filings as they are; for ML roles the ads, for the others the filings restated by OEWS: each group of
                industries has its tiers, as large as OEWS says, parted as filings part them.
    level       words of titles, of filings and of ads; silent titles are parted as employers' own grades part them.
    remote      people (a household survey), and ads.
"""

from __future__ import annotations

import csv
import gzip
import statistics
import sqlite3
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import stats

import payguide
from payguide.base.codes import LADDER, Industry, Remote, Tier
from payguide.base.market import DIMENSIONS
from payguide.base.reference.country import Country, country
from payguide.collect.oews import oews
from payguide.decode.role import read_role
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store
from payguide.evidence.units.level_probabilities import settings as level_settings

FILE: Final = Path(payguide.__file__).parent / "base/reference/markets/us.toml"
RULES: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
#: Values below this part of the people decide nothing on how certain a margin is.
MAIN: Final = 0.05
SPREAD: Final = 0.90

FILED = """
SELECT role, employer_tier AS tier, employer_industry AS industry, level, sum(n_records)::BIGINT AS n FROM evidence
WHERE source = $source AND component = 'base' AND pooled AND level NOT IN ('intern', 'manager') GROUP BY ALL ORDER BY ALL
"""
ADVERTISED = """
SELECT source, role, employer_tier AS tier, employer_industry AS industry, place_metro AS metro, remote,
       CASE WHEN level_read_from = 'title' THEN level ELSE 'unstated' END AS level, date >= $since AS recent, count(*) AS n
FROM postings WHERE place_country IN ('US', '') AND level NOT IN ('intern', 'manager') GROUP BY ALL ORDER BY ALL
"""

Shares = dict[str, float]
Rows = Sequence[Mapping[str, Any]]


class Measure(NamedTuple):
    """Shares of people by value, and in words what was counted."""

    shares: Shares
    words: str


class Margin(NamedTuple):
    """A margin as the file has it."""

    shares: Shares
    certainty: float
    reference: str


class Official(NamedTuple):
    """Employment of OEWS by occupation: by metro (the nation under ""), and by industry (all under "000000")."""

    metros: Mapping[str, Mapping[str, float]]
    industries: Mapping[str, Mapping[str, float]]
    release: str


def shares_of(counts: Mapping[str, float]) -> Shares:
    """Counts over their sum."""
    total = sum(counts.values())
    return {name: n / total for name, n in counts.items()}


def mixed(weighted: Iterable[tuple[float, Mapping[str, float]]]) -> Shares:
    """The weighted mean of shares; weights add up to one."""
    found: Counter[str] = Counter()
    for weight, shares in weighted:
        found.update({name: weight * share for name, share in shares.items()})
    return dict(found)


def margin(dimension: str, measures: Sequence[Measure], note: str = "") -> Margin:
    """The mean of the measures, and how certain it is."""
    centre = mixed((1 / len(measures), one.shares) for one in measures)
    certainty = covering(centre, [one.shares for one in measures], RULES["certainty"][dimension])
    words = "; ".join(one.words for one in measures)
    mean = f"The mean of {len(measures)}: " if len(measures) > 1 else ""
    return Margin(centre, certainty, f"{mean}{words}.{note}")


def covering(centre: Mapping[str, float], measures: Sequence[Mapping[str, float]], most: float) -> float:
    """The largest whole concentration, up to `most`, whose spread covers the measures."""
    for concentration in range(int(most), 1, -1):
        spreads = {
            name: stats.beta.interval(SPREAD, concentration * share, concentration * (1 - share))
            for name, share in centre.items()
            if MAIN <= share < 1
        }
        if all(low <= one.get(name, 0) <= high for one in measures for name, (low, high) in spreads.items()):
            return concentration
    return 1


def official() -> Official:
    """The employment of every occupation that holds a role; what BLS withholds counts as nobody."""
    metros: defaultdict[str, dict[str, float]] = defaultdict(dict)
    industries: defaultdict[str, dict[str, float]] = defaultdict(dict)
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(gzip.decompress(oews().content))
        (release,) = database.execute("SELECT value FROM meta WHERE name = 'release'").fetchone()
        areas = database.execute(
            "SELECT area_code FROM area WHERE areatype_code = 'M' AND area_name NOT LIKE '%nonmetropolitan%'"
        )
        codes = {code for (code,) in areas}
        for key, people in database.execute("SELECT key, v01 FROM cell WHERE v01 <> '-'"):
            area, industry, occupation = key[4:11], key[11:17], f"{key[17:19]}-{key[19:]}"
            if area == "0000000":
                industries[occupation][industry] = float(people)
            elif area in codes and industry == "000000":
                metros[occupation][area[2:]] = float(people)
    return Official(metros, industries, release)


def occupations(place: Country, library: Path) -> dict[str, dict[str, int]]:
    """Filings of each role by the occupation on their form, of the occupations that hold the role."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(library / RULES["filings"]["library"], "rt", encoding="utf-8", newline="") as opened:
        for row in csv.DictReader(opened):
            found[str(read_role(row["JOB_TITLE"]))][row["SOC_CODE"][:7]] += 1
    return {role: {code: found[role][code] for code in place.held[role]} for role in RULES["roles"]}


def counted(rows: Rows, column: str) -> dict[str, int]:
    """How many there are of each value of a column."""
    found: Counter[str] = Counter()
    for row in rows:
        found[row[column]] += row["n"]
    return dict(found)


def listed_tiers(counts: Mapping[str, float]) -> Shares:
    """The shares of tiers; employers that no list knows are parted as market.toml says."""
    unlisted = RULES["unlisted"]
    spread = {
        name: counts.get("unknown", 0) * part / sum(unlisted.values()) for name, part in unlisted.items()
    }
    return shares_of(
        {tier: counts.get(tier, 0) + spread.get(tier, 0) for tier in map(str, Tier) if tier != "unknown"}
    )


def employed(people: Mapping[str, float], codes: Sequence[Sequence[str]]) -> float:
    """The people of an occupation in industries: those of the codes added, less those of the codes taken away."""
    added, taken = codes
    return max(sum(people.get(one, 0) for one in added) - sum(people.get(one, 0) for one in taken), 0)


class Evidence:
    """What the measures are taken from."""

    def __init__(self, taken: Snapshot, library: Path) -> None:
        self.place = country(RULES["country"])
        self.official = official()
        self.occupations = occupations(self.place, library)
        self.filed = taken.rows(FILED, {"source": RULES["filings"]["source"]})
        self.advertised = taken.rows(ADVERTISED, {"since": RULES["remote"]["since"]})
        stated = Counter(taken.training_rows()["base"].columns["metro"].tolist())
        named = {code for code in self.place.places if code.isdigit()}
        known = set(self.official.metros["15-1252"])
        self.metros = sorted(
            (named | {code for code, n in stated.items() if n >= RULES["metro"]["least"]}) & known
        )

    def weights(self, role: str) -> Shares:
        """The weight of each occupation that holds a role."""
        return shares_of(self.occupations[role])

    def filings(self, role: str) -> Rows:
        """The filings of a role."""
        return [row for row in self.filed if row["role"] == role]

    def ads(self, role: str) -> Rows:
        """The ads that were searched by role, of a role."""
        return [
            row for row in self.advertised if row["role"] == role and row["source"] == RULES["ads"]["source"]
        ]

    def lent(self, role: str, column: str) -> tuple[Counter[str], str]:
        """Ads of a role by a column with those that it borrows, and in words how many those are."""
        rule = RULES["ads"]
        own = Counter(counted(self.ads(role), column))
        words = f"{sum(own.values())} ads of {rule['when']} ({rule['source']})"
        if role != rule["lender"]:
            whole = shares_of(counted(self.ads(rule["lender"]), column))
            own.update({name: rule["borrowed"] * share for name, share in whole.items()})  # type: ignore[call-arg]
            words += f" with {rule['borrowed']} more in the mix of {rule['lender']}'s"
        return own, words

    def occupied(self, role: str) -> str:
        """The occupations of a role in words."""
        told = ", ".join(f"{code} {share:.0%}" for code, share in self.weights(role).items())
        return f"employment of OEWS {self.official.release} in {told}"


def metro(of: Evidence, role: str) -> Margin:
    """People by metro; whoever is in none of the named ones is elsewhere."""

    def parted(counts: Mapping[str, float], total: float) -> Shares:
        named = {code: counts.get(code, 0) / total for code in of.metros}
        return named | {of.place.elsewhere: 1 - sum(named.values())}

    whole = mixed(
        (weight, parted(of.official.metros[code], of.official.industries[code]["000000"]))
        for code, weight in of.weights(role).items()
    )
    measures = [Measure(whole, of.occupied(role))]
    if role in RULES["ads"]["roles"]:
        counts, words = of.lent(role, "metro")
        del counts[""]
        measures.append(
            Measure(parted(counts, sum(counts.values())), f"the metros of {words}, where they name one")
        )
    return margin("metro", measures)


def industry(of: Evidence, role: str) -> Margin:
    """People by industry: OEWS by our industries, parted further by employers of filings and of ads."""
    whole = mixed(
        (weight, shares_of({name: employed(of.official.industries[code], codes) for name, codes in RULES["industry"].items()}))
        for code, weight in of.weights(role).items()
    )  # fmt: skip
    counts = counted(of.filings(role), "industry")
    measures = [
        Measure(
            divided(whole, counts),
            f"{of.occupied(role)}, {_divided(counts)} of filings of {RULES['filings']['when']}",
        )
    ]
    if role in RULES["ads"]["roles"]:
        lent, words = of.lent(role, "industry")
        measures.append(Measure(divided(whole, lent), f"the same, {_divided(lent)} of {words}"))
    return margin("industry", measures)


def divided(whole: Mapping[str, float], counts: Mapping[str, float]) -> Shares:
    """Shares of NAICS's industries with those it does not know taken out of their mothers."""
    found = dict(whole)
    for child, mother in RULES["split"].items():
        both = counts.get(child, 0) + counts.get(mother, 0)
        found[child] = whole[mother] * counts.get(child, 0) / both if both else 0
        found[mother] -= found[child]
    return {str(name): found[name] for name in Industry if name != "unknown"}


def _divided(counts: Mapping[str, float]) -> str:
    told = [
        f"{child} {counts.get(child, 0):.0f} to {counts.get(mother, 0):.0f} of {mother}"
        for child, mother in RULES["split"].items()
    ]
    return f"parted by employers ({', '.join(told)})"


def tier(of: Evidence, role: str) -> Margin:
    """People by the tier of their employers: between filings, and ads or filings restated."""
    counts = counted(of.filings(role), "tier")
    filed = listed_tiers(counts)
    measures = [
        Measure(filed, f"{sum(counts.values())} filings of {RULES['filings']['when']} ({_unlisted(counts)})")
    ]
    if role in RULES["ads"]["roles"]:
        lent, words = of.lent(role, "tier")
        measures.append(Measure(listed_tiers(lent), f"{words} ({_unlisted(lent)})"))
    else:
        measures.append(
            Measure(
                restated(of, role, filed), f"the same filings restated by industries, {of.occupied(role)}"
            )
        )
    note = " Employers that no list knows are taken for start-ups, midsize firms and IT services in thirds."
    least = RULES["least_frontier"].get(role, 0)
    measured = margin("tier", measures, note)
    if measured.shares["frontier_lab"] >= least:
        return measured
    rest = (1 - least) / (1 - measured.shares["frontier_lab"])
    raised = {name: share * rest for name, share in measured.shares.items()} | {"frontier_lab": least}
    return measured._replace(
        shares=raised, reference=f"{measured.reference} Frontier labs: {least:.0%} is assumed."
    )


def restated(of: Evidence, role: str, filed: Mapping[str, float]) -> Shares:
    """Tiers of filings, each group of industries as large as OEWS has it."""
    found: Counter[str] = Counter()
    for code, weight in of.weights(role).items():
        people = of.official.industries[code]
        sizes = shares_of({name: employed(people, group["codes"]) for name, group in RULES["groups"].items()})
        for name, size in sizes.items():
            group = RULES["groups"][name]
            parts = shares_of(
                group.get("parts") or {one: filed.get(one, 0) or 1e-9 for one in group["tiers"]}
            )
            found.update({one: weight * size * part for one, part in parts.items()})  # type: ignore[call-arg]
    return dict(found)


def _unlisted(counts: Mapping[str, float]) -> str:
    return f"big tech {counts.get('big_tech', 0) / sum(counts.values()):.0%}, on no list {counts.get('unknown', 0) / sum(counts.values()):.0%}"


def level(of: Evidence, role: str) -> Margin:
    """People by level: what titles say, and what those are that say nothing."""
    silent = level_settings()["silent"]
    ladder = [str(one) for one in LADDER]
    grades = shares_of(dict(zip(ladder, [n + 1 for n in silent], strict=True)))
    recent = [row for row in of.advertised if row["role"] == role and row["recent"]]
    measures = []
    for rows, words in (
        (of.filings(role), f"filings of {RULES['filings']['when']}"),
        (recent, f"ads since {RULES['remote']['since']:%Y}"),
    ):
        counts = counted(rows, "level")
        stated = {name: counts.get(name, 0) for name in ladder}
        quiet = counts.get("unstated", 0) / (counts.get("unstated", 0) + sum(stated.values()))
        told = ", ".join(f"{name} {n}" for name, n in stated.items())
        measures.append(
            Measure(
                mixed([(1 - quiet, shares_of(stated)), (quiet, grades)]),
                f"titles of {words} ({told}; silent {quiet:.0%})",
            )
        )
    note = f" Silent titles: {sum(silent)} with their employers' own grades, 2026 ({', '.join(f'{a} {b}' for a, b in zip(ladder, silent, strict=True))}; one more each). Leads are left out."
    return margin("level", measures, note)


def remote(of: Evidence, roles: Sequence[str]) -> Margin:
    """People by arrangement: those of a household survey, and ads of all roles together."""
    rule = RULES["remote"]
    by_source: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in of.advertised:
        if row["recent"] and row["role"] in roles:
            by_source[row["source"]][row["remote"]] += row["n"]
    sources = {name: counts for name, counts in by_source.items() if counts.total() >= rule["least"]}
    away = {name: counts["remote"] / counts.total() for name, counts in sources.items()}
    asking = [
        name for name, counts in sources.items() if 1 - counts["unstated"] / counts.total() >= rule["asks"]
    ]
    present = {one: sum(sources[name][one] for name in asking) for one in ("onsite", "hybrid")}
    middle = statistics.median(away.values())
    ads = {"remote": middle} | {one: (1 - middle) * share for one, share in shares_of(present).items()}
    told = ", ".join(f"{name} {share:.0%}" for name, share in sorted(away.items()))
    words = (
        f"the median of {len(away)} sources' ads since {rule['since']:%Y} that say remote ({told}), the others parted "
        f"as those of {' and '.join(asking)} ({present['onsite']} on site, {present['hybrid']} hybrid)"
    )
    people = Measure(shares_of(rule["people"]), rule["people_reference"])
    order = [str(one) for one in Remote if one != "unstated"]
    found = margin("remote", [people, Measure(ads, words)])
    return found._replace(shares={name: found.shares[name] for name in order})


def margins(of: Evidence) -> dict[str, dict[str, Margin]]:
    """Every margin of every role."""
    remotes = remote(of, RULES["roles"])
    return {
        role: {
            "level": level(of, role), "tier": tier(of, role), "metro": metro(of, role), "industry": industry(of, role),
            "remote": remotes,
        }
        for role in RULES["roles"]
    }  # fmt: skip


def differ(one: Margin, other: Margin) -> bool:
    """Whether enough people stand elsewhere (the distance of total variation)."""
    names = one.shares.keys() | other.shares.keys()
    apart = sum(abs(one.shares.get(name, 0) - other.shares.get(name, 0)) for name in names) / 2
    return apart >= float(RULES["differs"])


def written(found: Mapping[str, Mapping[str, Margin]], names: Mapping[str, str]) -> str:
    """The market file."""
    default = found[RULES["default"]]
    lines = [
        "# Whose pay an edition about the United States is of: written by `python tools/market.py EVIDENCE LIBRARY`, not by",
        f"# hand. docs/market.md says how each margin is worked out. At the top are the margins of {RULES['default']}, which hold",
        "# for every role that has none of its own.",
        f"date = {RULES['date']}",
        f'country = "{RULES["country"]}"',
    ]
    for dimension in DIMENSIONS:
        lines += _table(dimension, default[dimension], names)
    for role, own in found.items():
        for dimension in DIMENSIONS:
            if role != RULES["default"] and differ(own[dimension], default[dimension]):
                lines += _table(f"roles.{role}.{dimension}", own[dimension], names)
    return "\n".join([*lines, ""])


def _table(name: str, one: Margin, names: Mapping[str, str]) -> Iterator[str]:
    yield from (
        "",
        f"[{name}]",
        f'reference = "{one.reference}"',
        f"certainty = {one.certainty}",
        f"[{name}.shares]",
    )
    for value, share in one.shares.items():
        if share >= 5e-5:
            yield f"{value} = {share:.4f}" + (f"  # {names[value]}" if value in names else "")


def main(evidence: Path, library: Path) -> None:
    """Write the file."""
    with Snapshot.of(Store.open(evidence)) as taken:
        of = Evidence(taken, library)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(written(margins(of), of.place.places), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
