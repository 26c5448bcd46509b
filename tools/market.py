"""Work out the packaged market of the United States: whose pay an edition is of.

Run: `python tools/market.py EVIDENCE LIBRARY` (writes `src/payguide/base/reference/markets/us.toml`)

Every margin comes from a few measures of the same people, each wrong in a way of its own (market_margin.py).

Three populations are measured (their numbers are in market.toml, the reasons in docs/market.md):

    official    employment of OEWS in the occupations that hold the role, weighted as the role's filings name them
    filings     who files for visas for the role: says the employer; its own sponsors, not all employers
    ads         who advertises for the role: says the employer, the place, the arrangement; only of ML roles

Tier, industry and metro rest on the official one; of ML roles, which have no occupation of their own, as much on the
other two. Level rests on words of titles and years of people, remote on a household survey and on ads.
"""

from __future__ import annotations

import csv
import gzip
import sqlite3
import statistics
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

from market_margin import Counts, Margin, Measure, margin, mixed, shares, written

import payguide
from payguide.base.codes import LADDER, Industry, Remote, Tier
from payguide.base.reference.country import country
from payguide.collect.oews import oews
from payguide.decode.role import read_role
from payguide.evidence.snapshot import Snapshot
from payguide.evidence.store import Store
from payguide.evidence.units.level_probabilities import settings as silent_settings

FILE: Final = Path(payguide.__file__).parent / "base/reference/markets/us.toml"
RULES: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

FILINGS: Final = """
SELECT role, employer_tier AS tier, employer_industry AS industry, level, sum(n_records)::BIGINT AS n FROM evidence
WHERE source = $source AND component = 'base' AND pooled AND level NOT IN ('intern', 'manager') GROUP BY ALL
"""
ADS: Final = """
SELECT source, role, employer_tier AS tier, employer_industry AS industry, place_metro AS metro, remote,
       if(level_read_from = 'title', level, 'unstated') AS level, date >= $since AS recent, count(*) AS n
FROM postings WHERE place_country IN ('US', '') AND level NOT IN ('intern', 'manager') GROUP BY ALL
"""
PEOPLE: Final = """
SELECT role, level, count(*) AS n FROM evidence
WHERE kind = 'self_report' AND component = 'base' AND pooled AND years_min IS NOT NULL GROUP BY ALL
"""

Rows = Sequence[Mapping[str, Any]]


class Official(NamedTuple):
    """Employment of OEWS by occupation: by metro, and in the nation by industry ("000000" for all together); what is
    withheld counts as nobody. `areas` are the metros' names.
    """

    metros: Mapping[str, Counts]
    industries: Mapping[str, Counts]
    areas: Mapping[str, str]
    release: str


def counted(rows: Rows, column: str, **chosen: str) -> Counter[str]:
    """How many there are of each value of a column among the rows with the `chosen` values."""
    found: Counter[str] = Counter()
    for row in rows:
        if all(row[name] == value for name, value in chosen.items()):
            found[row[column]] += row["n"]
    return found


def read_official() -> Official:
    """OEWS as its package carries it; the layout of a cell is in decode/official.py."""
    metros: defaultdict[str, dict[str, float]] = defaultdict(dict)
    industries: defaultdict[str, dict[str, float]] = defaultdict(dict)
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(gzip.decompress(oews().content))
        ((release,),) = database.execute("SELECT value FROM meta WHERE name = 'release'")
        areas = dict(database.execute("SELECT area_code, area_name FROM area WHERE areatype_code = 'M'"))
        for key, people in database.execute("SELECT key, v01 FROM cell WHERE v01 <> '-'"):
            area, industry, occupation = key[4:11], key[11:17], f"{key[17:19]}-{key[19:]}"
            if area == "0000000":
                industries[occupation][industry] = float(people)
            elif area in areas and industry == "000000":
                metros[occupation][area[2:]] = float(people)
    return Official(metros, industries, {code[2:]: name for code, name in areas.items()}, release)


def employed(people: Counts, codes: Sequence[Sequence[str]]) -> float:
    """The people of an occupation in the industries added, less those in the industries taken away."""
    added, taken = codes
    return max(sum(people.get(one, 0) for one in added) - sum(people.get(one, 0) for one in taken), 0)


def by_tier(counts: Counts) -> dict[str, float]:
    """The shares of tiers; employers that no list knows are parted as market.toml says."""
    unlisted = RULES["unlisted"]["tiers"]
    more = dict.fromkeys(unlisted, counts.get("unknown", 0) / len(unlisted))
    return shares({one: counts.get(one, 0) + more.get(one, 0) for one in map(str, Tier) if one != "unknown"})


class Evidence:
    """What the measures are taken from."""

    def __init__(self, taken: Snapshot, library: Path) -> None:
        """Reads filings, ads and people of a snapshot, and OEWS."""
        self.place = country(RULES["country"])
        self.official = read_official()
        self.occupations = self._occupations(library / RULES["filings"]["file"])
        self.filings = taken.rows(FILINGS, {"source": RULES["filings"]["source"]})
        self.ads = taken.rows(ADS, {"since": RULES["since"]})
        self.people = taken.rows(PEOPLE)
        searched = RULES["ads"]["source"]
        self.searched = [row for row in self.ads if row["source"] == searched]
        stated = Counter(taken.training_rows()["base"].columns["metro"].tolist())
        named = {
            code for code, n in stated.items() if n >= RULES["metro"]["least"]
        } | self.place.places.keys()
        self.metros = sorted(named & self.official.areas.keys())

    def _occupations(self, file: Path) -> dict[str, dict[str, float]]:
        """The weights of the occupations that hold each role: as its filings name them."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened):
                found[str(read_role(row["JOB_TITLE"]))][row["SOC_CODE"][:7]] += 1
        held = self.place.held
        return {
            role: shares({code: found[role][code] for code in held[role] if found[role][code]})
            for role in RULES["roles"]
        }

    def occupied(self, role: str) -> str:
        """The official population of a role in words."""
        told = [
            f"{code} ({self.official.industries[code]['000000']:,.0f} people, {share:.0%} of the role)"
            for code, share in self.occupations[role].items()
        ]
        return f"employment of OEWS {self.official.release} in {' and '.join(told)}"

    def from_occupations(self, role: str, of: Mapping[str, Counts]) -> dict[str, float]:
        """Shares of the official population, from shares by occupation."""
        return mixed((weight, of[code]) for code, weight in self.occupations[role].items())

    def advertised(self, role: str, column: str, *without: str) -> Measure | None:
        """Ads that were searched by role, with those that it borrows, as counts; values `without` are left out. None of
        a role that was not searched.
        """
        rule = RULES["ads"]
        if role not in rule["roles"]:
            return None
        found = counted(self.searched, column, role=role)
        whole = counted(self.searched, column, role=rule["lender"])
        for name in without:
            del found[name], whole[name]
        words = f"{found.total()} {rule['words']}"
        if role == rule["lender"]:
            return Measure(found, words)
        lent = {name: rule["borrowed"] * share for name, share in shares(whole).items()}
        more = {name: found[name] + lent.get(name, 0) for name in sorted(found.keys() | lent.keys())}
        return Measure(more, f"{words}, and {rule['borrowed']} in the mix of the {rule['lender']}'s")


def metro(of: Evidence, role: str) -> Margin:
    """People by metro; whoever is in none of the named ones is elsewhere."""

    def parted(counts: Counts, total: float) -> dict[str, float]:
        named = {code: counts.get(code, 0) / total for code in of.metros}
        return named | {of.place.elsewhere: 1 - sum(named.values())}

    official = of.official
    by_occupation = {
        code: parted(official.metros[code], official.industries[code]["000000"])
        for code in of.occupations[role]
    }
    measures = [Measure(of.from_occupations(role, by_occupation), of.occupied(role))]
    if ads := of.advertised(role, "metro", ""):
        total = sum(ads.shares.values())
        measures.append(Measure(parted(ads.shares, total), f"the metros that are named by {ads.words}"))
    return margin(measures, RULES["most_certain"]["metro"])


def industry(of: Evidence, role: str) -> Margin:
    """People by industry."""
    by_occupation = {
        code: shares({name: employed(of.official.industries[code], codes) for name, codes in RULES["industry"].items()})
        for code in of.occupations[role]
    }  # fmt: skip
    parted, words = divided(of, role, of.from_occupations(role, by_occupation))
    filed = counted([row for row in of.filings if row["industry"] != "unknown"], "industry", role=role)
    measures = [
        Measure(parted, f"{of.occupied(role)}, {words}"),
        Measure(
            shares(filed),
            f"the known industries of {filed.total()} {RULES['filings']['words']}",
            role in RULES["ads"]["roles"],
        ),
    ]
    if ads := of.advertised(role, "industry", "unknown"):
        measures.append(Measure(shares(ads.shares), f"those of {ads.words}"))
    found = margin(measures, RULES["most_certain"]["industry"])
    return found._replace(shares={str(one): found.shares.get(one, 0) for one in Industry if one != "unknown"})


def divided(of: Evidence, role: str, whole: Counts) -> tuple[dict[str, float], str]:
    """Shares of NAICS's industries with those it does not know taken out of their mothers, and how in words."""
    rule, found = RULES["division"], dict(whole)
    rows = [row for row in [*of.filings, *of.searched] if row["industry"] != "unknown"]
    counts, everybody = counted(rows, "industry", role=role), shares(counted(rows, "industry"))
    for child, mother in rule["mothers"].items():
        part = (counts[child] + rule["borrowed"] * everybody[child]) / (counts.total() + rule["borrowed"])
        found[child] = min(part, whole[mother])
        found[mother] = whole[mother] - found[child]
    told = ", ".join(f"{counts[child]} of {child}" for child in rule["mothers"])
    words = f"with {told} among {counts.total()} filings and ads whose industry is known"
    return found, f"{words} and {rule['borrowed']} in the mix of all roles"


def tier(of: Evidence, role: str) -> Margin:
    """People by the tier of their employers."""
    counts = counted(of.filings, "tier", role=role)
    filed, searched = by_tier(counts), role in RULES["ads"]["roles"]
    measures = [
        Measure(restated(of, role, filed), f"{of.occupied(role)}, tiers by their industries"),
        Measure(filed, f"{counts.total()} {RULES['filings']['words']} ({_some(counts)})", searched),
    ]
    if ads := of.advertised(role, "tier"):
        measures.append(Measure(by_tier(ads.shares), f"{ads.words} ({_some(ads.shares)})"))
    found = margin(measures, RULES["most_certain"]["tier"], RULES["unlisted"]["words"])
    least = RULES["least_frontier"].get(role, RULES["least_frontier"]["others"])
    labs = found.shares["frontier_lab"]
    if labs >= least:
        return found
    others = {name: share * (1 - least) / (1 - labs) for name, share in found.shares.items()}
    words = f"{found.reference} That frontier labs have {least:.1%} is assumed."
    return Margin(others | {"frontier_lab": least}, found.certainty, words)


def restated(of: Evidence, role: str, filed: Counts) -> dict[str, float]:
    """The tiers of the official population: each group of industries as large as OEWS has it, parted as filings are."""
    groups = RULES["groups"]
    by_occupation: dict[str, dict[str, float]] = {}
    for code in of.occupations[role]:
        people = of.official.industries[code]
        sizes = {name: employed(people, group["codes"]) for name, group in groups.items() if "codes" in group}
        sizes["others"] = people["000000"] - sum(sizes.values())
        by_occupation[code] = mixed(
            (
                size,
                shares(
                    groups[name].get("parts") or {one: filed[one] for one in groups[name].get("tiers", ())}
                ),
            )
            for name, size in shares(sizes).items()
        )
    found = of.from_occupations(role, by_occupation)
    return {one: found[one] for one in map(str, Tier) if one != "unknown"}


def _some(counts: Counts) -> str:
    total = sum(counts.values())
    return (
        f"big tech {counts.get('big_tech', 0) / total:.0%}, on no list {counts.get('unknown', 0) / total:.0%}"
    )


def level(of: Evidence, role: str) -> Margin:
    """People by level: by words of titles, silent ones as employers' own grades have them, and by years."""
    ladder, silent = [str(one) for one in LADDER], silent_settings()["silent"]
    grades = shares({name: n + 1 for name, n in zip(ladder, silent, strict=True)})
    recent = [row for row in of.ads if row["recent"]]
    measures = []
    for rows, words in ((of.filings, RULES["filings"]["words"]), (recent, f"ads since {RULES['since']:%Y}")):
        found = counted(rows, "level", role=role)
        stated = {name: found[name] for name in ladder}
        quiet = found["unstated"] / (found["unstated"] + sum(stated.values()))
        said = mixed([(1 - quiet, shares(stated)), (quiet, grades)])
        measures.append(Measure(said, f"titles of {words} ({_told(stated)}; silent {quiet:.0%})"))
    years, whose = counted(of.people, "level", role=role), ""
    if years.total() < RULES["least_people"]:
        years, whose = counted(of.people, "level"), " of all roles"
    people = {name: years[name] for name in ladder}
    measures.append(
        Measure(shares(people), f"years of experience in self-reports{whose}, 2017 to 2024 ({_told(people)})")
    )
    told = _told(dict(zip(ladder, silent, strict=True)))
    note = f" Silent titles are as {sum(silent)} whose employers' grades are known ({told}; one more each)."
    return margin(measures, RULES["most_certain"]["level"], note)


def _told(counts: Counts) -> str:
    return ", ".join(f"{name} {n}" for name, n in counts.items())


def remote(of: Evidence) -> Margin:
    """People by arrangement, all roles together: those of a household survey, and ads."""
    rule = RULES["remote"]
    by_source: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in of.ads:
        if row["recent"] and row["role"] in RULES["roles"]:
            by_source[row["source"]][row["remote"]] += row["n"]
    enough = {name: found for name, found in sorted(by_source.items()) if found.total() >= rule["least"]}
    away = {name: found["remote"] / found.total() for name, found in enough.items()}
    asking = [
        name for name, found in enough.items() if found["unstated"] <= (1 - rule["asks"]) * found.total()
    ]
    present = {one: sum(enough[name][one] for name in asking) for one in ("onsite", "hybrid")}
    middle = statistics.median(away.values())
    words = (
        f"ads since {RULES['since']:%Y}, of whose {len(away)} sources the middle one says remote in {middle:.0%} "
        f"({', '.join(f'{name} {share:.0%}' for name, share in away.items())}), the others as those of "
        f"{' and '.join(asking)}, which ask ({_told(present)})"
    )
    ads = Measure(mixed([(middle, {"remote": 1}), (1 - middle, shares(present))]), words)
    found = margin([Measure(shares(rule["people"]), rule["words"]), ads], RULES["most_certain"]["remote"])
    return found._replace(shares={str(one): found.shares[one] for one in Remote if one != "unstated"})


def margins(of: Evidence) -> dict[str, dict[str, Margin]]:
    """Every margin of every role."""
    parts = {"level": level, "tier": tier, "metro": metro, "industry": industry}
    same = {"remote": remote(of)}
    return {role: {name: part(of, role) for name, part in parts.items()} | same for role in RULES["roles"]}


def main(evidence: Path, library: Path) -> None:
    """Write the file."""
    with Snapshot.of(Store.open(evidence)) as taken:
        of = Evidence(taken, library)
    FILE.parent.mkdir(exist_ok=True)
    names = {**of.official.areas, **of.place.places}
    FILE.write_text(written(margins(of), names, RULES), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
