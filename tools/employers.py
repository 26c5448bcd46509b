"""Work out tier, industry and size of employers of the evidence that no one has listed by hand.

Run: `python tools/employers.py LIBRARY` (writes `src/payguide/decode/data/employer_table.toml`)

Only the commonest employers of filings and those of postings are kept, each as an id with a few facts. The first of
these rules that fits counts; tools/employers.toml has their numbers:

    list    the S&P 500, then company_profiles (industry and size band), then Y Combinator's and the AI companies'.
            A single word that only filings name is left out: other firms bear it too.
    rule    a firm that no list of recruiting companies names, with a word of the IT trade in its name, or whose few
            filings are for work in many states, sells its people's time at clients.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.parquet as pq

TABLE: Final = Path(__file__).parents[1] / "src/payguide/decode/data/employer_table.toml"
RULES: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
HEAD: Final = """\
# Employers of the evidence that employers.toml does not list, by id: written by tools/employers.py, not by hand. From
# public lists of 2026 (S&P 500, PDDL; company profiles, MIT; Y Combinator, MIT; AI companies) and from H-1B filings of
# 2012 to 2023 (US Department of Labor, public domain). `known_by` as in base/inputs.py.
"""

if __name__ == "__main__":
    TABLE.write_text("group = []\n[sizes]\n", encoding="utf-8")  # what it said before must not decide

from payguide.decode.employer import LIST, RULE, read_employer, slug  # noqa: E402  # after that


class Known(NamedTuple):
    """What is known of an employer, and how."""

    tier: str
    industry: str
    known_by: str


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The rows of a CSV, JSONL or Parquet file, gzipped or not."""
    if path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
        return
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    lines = content.decode().splitlines(keepends=True)
    yield from (json.loads(line) for line in lines) if ".jsonl" in path.name else csv.DictReader(lines)


def named(library: Path, patterns: Mapping[str, Any]) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """(what the rules say of a file, row) of every file that fits a pattern; the first pattern takes a file."""
    seen: set[Path] = set()
    for pattern, columns in patterns.items():
        for path in sorted(set(library.glob(pattern)) - seen):
            seen.add(path)
            yield from ((columns, row) for row in rows(path))


def filed(library: Path) -> tuple[Counter[str], Mapping[str, set[str]]]:
    """Filings and states of work by employer."""
    n: Counter[str] = Counter()
    states: defaultdict[str, set[str]] = defaultdict(set)
    for (name, state), row in named(library, RULES["filings"]):
        own = read_employer(row[name]).id
        n[own] += 1
        states[own].add(row[state])
    return n, states


def posting(library: Path) -> set[str]:
    """The employers of postings."""
    names = {str(row[column] or "") for column, row in named(library, RULES["postings"])}
    names |= {path.name.partition(".")[0] for path in library.glob("boards/ashby/*.json*")}
    return {read_employer(name).id for name in names} - {""}


def by_lists(library: Path) -> tuple[dict[str, Known], dict[str, str], set[str]]:
    """(what the lists say by employer, sizes, those of the lists of start-ups alone)."""
    known: dict[str, Known] = {}
    sizes: dict[str, str] = {}
    for row in _list(library, "sp500_*.csv"):
        industry, tier = RULES["sector"][row["GICS Sector"]]
        known.setdefault(read_employer(row["Security"]).id, Known(tier, industry, LIST))
    for row in _list(library, "company_profiles_*.csv"):
        for own in {read_employer(row["name"]).id, read_employer(row["slug"]).id}:
            if row["employee_count_range"]:
                sizes.setdefault(own, RULES["sizes"][row["employee_count_range"]])
            if found := _profiled(row):
                known.setdefault(own, found)
    large = set(known)
    for row in _list(library, "yc_companies_*.csv"):
        tier = "public_tech" if row["status"] == "Public" else "startup"
        own = read_employer(row["name"]).id
        known.setdefault(own, Known(tier, RULES["yc"].get(row["industry"], "unknown"), LIST))
    for row in _list(library, "ai_companies_*.csv"):
        tier = "public_tech" if row["funding"] == "public" else "startup"
        known.setdefault(read_employer(row["name"]).id, Known(tier, "ai", LIST))
    return known, sizes, set(known) - large


def _list(library: Path, pattern: str) -> Iterator[Mapping[str, Any]]:
    return (row for path in sorted(library.glob(f"reference/{pattern}")) for row in rows(path))


def _profiled(row: Mapping[str, str]) -> Known | None:
    """The tier of a profile by its industry, its size and, for the small, its age; None where they do not say."""
    industry, young, old, middle, large = RULES["profile"].get(row["industry"], ("", "", "", "", ""))
    size, year = int(row["employee_count_range"] or 0), int(row["founded_year"] or 0)
    if not industry or not (size or (year and industry == "software")):
        return None
    small = young if year >= 2005 or not year else old
    return Known(large if size >= 7 else middle if size == 6 else small, industry, LIST)


def by_filings(n: int, states: int, own: str) -> Known | None:
    """What an unlisted firm's own filings and name say."""
    rule = RULES["rule"]
    of_the_trade = n >= rule["least_filings"] and re.search(rule["words"], own.replace("-", " "))
    spread = n >= rule["least_spread_filings"] and states >= rule["least_states"]
    return Known("it_services", "unknown", RULE) if of_the_trade or spread else None


def table(library: Path) -> str:
    """The table as TOML."""
    n, states = filed(library)
    posts = posting(library)
    known, sizes, startups = by_lists(library)
    recruiters = {slug(str(row[column])) for column, row in named(library, RULES["recruiters"])}
    kept = posts | {own for own, _ in n.most_common(RULES["rule"]["most_employers"])}
    groups: defaultdict[Known, list[str]] = defaultdict(list)
    for own in sorted(kept):
        before = read_employer(own)
        only_filed = own in startups and own not in posts and "-" not in own
        found = None if only_filed else known.get(own)
        if (
            found is None
            and own not in recruiters
            and before.tier == "unknown"
            and before.industry == "unknown"
        ):
            found = by_filings(n[own], len(states[own]), own)
        if found and before.known_by != LIST and before.id == own:
            groups[found].append(own)
    banded: defaultdict[str, list[str]] = defaultdict(list)
    for own in sorted(kept & set(sizes)):
        banded[sizes[own]].append(own)
    parts = [
        f'[[group]]\ntier = "{tier}"\nindustry = "{industry}"\nknown_by = "{known_by}"\nids = """\n{_wrapped(ids)}"""\n'
        for (tier, industry, known_by), ids in sorted(groups.items())
    ]
    bands = [
        f'"{size}" = """\n{_wrapped(banded[size])}"""' for size in RULES["sizes"].values() if banded[size]
    ]
    return "\n".join([HEAD, *parts, "[sizes]", *bands, ""])


def _wrapped(ids: Iterable[str]) -> str:
    lines = [""]
    for own in ids:
        if len(lines[-1]) + len(own) > 118:
            lines.append("")
        lines[-1] += f"{own} "
    return "".join(f"{line.rstrip()}\n" for line in lines)


if __name__ == "__main__":
    TABLE.write_text(table(Path(sys.argv[1])), encoding="utf-8")
