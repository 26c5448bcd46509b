"""Write the packaged list of boards to start from: `python tools/starter_boards.py LIBRARY`.

The rule: a board of `boards/board_list_2026.csv` on a system that is asked live, of an employer whose tier is known
(decode/data/employers.toml), that is a company of AI or for which a title of the library's tables reads as an ML
engineer's or ML scientist's, and whose name the board bears; of each employer the first in the list's order. Where
anybody may take a name (`FREE`) a large employer's and a short one are not believed. Only names of employers and of
their boards are written.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.parquet as pq

from payguide.base.codes import Role, Tier
from payguide.base.inputs import Employer
from payguide.collect import cards
from payguide.collect.live import STARTERS
from payguide.decode.employer import LARGE, read_employer, shown_name
from payguide.decode.role import read_role

#: Tables of the library that name employers and titles: where, and under which columns.
TABLES = (
    ("postings/radar_2026.parquet", "company", "title"),
    ("postings/frontier_labs_2026.parquet", "company", "title"),
    ("postings/fast_ai_2025.csv", "company", "role_name"),
    ("postings/greenhouse_pay_2026.csv.gz", "company", "title"),
    ("postings/linkedin_ml_2024.jsonl.gz", "companyName", "title"),
    ("filings/h1b_lca_fy2024q1.csv.gz", "EMPLOYER_NAME", "JOB_TITLE"),
    ("surveys/levels_2017_2021.csv.gz", "company", "tag"),
)
ML = (Role.ML_ENGINEER, Role.ML_SCIENTIST)
#: What the surveys call the field where postings have a title.
TAG = "ML / AI"
#: What the head of the list says.
HEAD = """# Boards to start from: {count} employers of ML engineers and scientists, by tools/starter_boards.py from a
# list of boards of {year}; made on {day}. A board may have moved since: `payguide boards find COMPANY` looks for it.
"""
#: Systems where a board bears whatever name its owner took, and how short a name is anybody's.
FREE, SHORT = ("recruitee", "pinpoint", "workable", "rippling"), 8


def rows_of(path: Path) -> Iterator[Mapping[str, object]]:
    """The rows of a table of the library."""
    if path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
        return
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as file
    ):
        yield from map(json.loads, file) if ".jsonl" in path.name else csv.DictReader(file)


def ml_employers(library: Path) -> set[str]:
    """The ids of companies of AI, and of employers of which a table of the library has an ML engineer or scientist."""
    named = {
        (str(row[who]), str(row[what]))
        for name, who, what in TABLES
        for row in rows_of(library / name)
        if row[who] and row[what]
    }
    ids = {read_employer(who).id for who, what in named if what == TAG or read_role(what) in ML}
    return ids | {
        read_employer(str(row["name"])).id for row in rows_of(library / "reference/ai_companies_2026.csv")
    }


def spec_of(row: Mapping[str, str]) -> str:
    """A row's board as the command line names it; empty where it is on no system that is asked live."""
    source, config = row["monitor_type"], json.loads(row["monitor_config"] or "{}")
    parts = urlsplit(row["board_url"])
    path = [
        part for part in parts.path.split("/") if part and not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", part)
    ]
    if source == "workday" and path and parts.netloc.endswith(".myworkdayjobs.com"):
        tenant = config.get("company") or parts.netloc.partition(".")[0]
        return f"workday:{parts.netloc}/{tenant}/{config.get('site') or path[-1]}"
    if source == "oracle_hcm" and "sites" in path[:-1]:
        host = config.get("host") or parts.netloc
        return f"oracle_hcm:{host}/{config.get('site') or path[path.index('sites') + 1]}"
    org = config.get("token") or config.get("slug") or config.get("company_slug")
    open_to_all = source in cards.live() and not cards.closed(source)
    return f"{source}:{org}" if org and open_to_all and "form" not in cards.live()[source] else ""


def bears_name(spec: str, name: str, tier: Tier) -> bool:
    """Whether a board's own name is the employer's, in whole or in its first word."""
    if spec.partition(":")[0] in FREE and (tier in LARGE or len(name) < SHORT):
        return False
    board, whole = (re.sub(r"[^a-z0-9]", "", text.lower()) for text in (spec.partition(":")[2], name))
    first = re.sub(r"[^a-z0-9]", "", name.lower().split()[0])
    return bool(whole) and (whole in board or (len(first) > 3 and first in board))


def listed(library: Path) -> Iterator[tuple[Employer, str]]:
    """The employers that the rule takes, each with its board."""
    names = {
        row["slug"]: str(row["name"]) for row in rows_of(library / "reference/company_profiles_2026.csv")
    }
    wanted = ml_employers(library)
    found: dict[str, tuple[Employer, str]] = {}
    for row in rows_of(library / "boards/board_list_2026.csv"):
        text = {key: str(value) for key, value in row.items()}
        spec, slug = spec_of(text), text["company_slug"]
        name = names.get(slug) or shown_name(slug)
        employer = read_employer(name)
        if (
            spec
            and employer.tier is not Tier.UNKNOWN
            and employer.id in wanted
            and bears_name(spec, name, employer.tier)
        ):
            found.setdefault(employer.id, (employer, spec))
    yield from (found[key] for key in sorted(found))


if __name__ == "__main__":
    boards = list(listed(Path(sys.argv[1])))
    head = HEAD.format(count=len(boards), year=2026, day=date.today())
    entries = (
        f"\n[[employer]]\nname = {json.dumps(employer.name, ensure_ascii=False)}\nboard = {json.dumps(spec)}\n"
        for employer, spec in boards
    )
    STARTERS.write_text(head + "".join(entries), encoding="utf-8")
    kinds = [(e.tier, e.industry) for e, _ in boards]
    print(
        len(boards),
        "employers,",
        len({t for t, _ in kinds}),
        "tiers,",
        len({i for _, i in kinds}),
        "industries",
    )
