"""What answers cost: `python benchmarks/asking.py`

From the packaged model, on the market's scale, as a user runs it: seconds of a processor, the least of three.

- `payguide predict` of 100,000 profiles that are all different (from JSON lines to JSON lines, names read, drivers
  told), its start included, and of 1,000, which is nearly all start;
- a profile among them against one that is asked alone, in one process: a ratio, which holds on any machine;
- `payguide estimate` of one profile.

Writes what it measured into docs/estimator.md.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from payguide.decode.gazetteer import metro_title
from payguide.decode.profile_input import resolve_profile, resolved
from payguide.estimator import Estimator, Profiles
from payguide.evidence.sealed import read_model

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from marked import rewrite  # noqa: E402 - a tool of this checkout, not of the package

DOCUMENT = ROOT / "docs" / "estimator.md"
START, END = "<!-- asked: written by `python benchmarks/asking.py` -->\n", "<!-- /asked -->\n"
MANY, FEW, ALONE, RUNS = 100_000, 1_000, 300, 3
ONE = ("--years", "5", "--place", "Seattle", "--employer", "Amazon")


def profiles(model: dict[str, Any], n: int) -> list[dict[str, Any]]:
    """So many different profiles of all roles of the market: a third name a place, employer and grade that are known, a
    third an employer that is not, a third leave them out.
    """
    own, known = random.Random(1), model["components"]["base"]["vocabulary"]
    employers, grades = known["employer"], known["grade"]
    places = [
        metro_title(code).split(",")[0].split("-")[0] + ", " + metro_title(code)[-2:]
        for code in known["metro"]
    ]
    found = []
    for number, role in enumerate(islice(cycle(model["market"]["roles"]), n)):
        told = {
            "id": number,
            "role": role,
            "years": round(own.uniform(0, 30), 1),
            "component": ("base", "total")[number % 2],
        }
        if number % 3:
            told |= {"place": own.choice(places), "grade": own.choice(grades)}
            told["employer"] = (
                own.choice(employers) if number % 3 == 1 else f"Stranger {own.randrange(2000)} Inc"
            )
        found.append(told)
    return found


def used(*command: str) -> float:
    """Seconds of a processor that a command takes, the least of some runs."""
    took = []
    for _ in range(RUNS):
        before = os.times()
        subprocess.run([sys.executable, "-m", "payguide", *command], check=True, capture_output=True)
        after = os.times()
        took.append(
            after.children_user + after.children_system - before.children_user - before.children_system
        )
    return min(took)


def ratio(model: dict[str, Any]) -> float:
    """How many profiles among many take as long as one that is asked alone."""
    asked = profiles(model, MANY)
    estimator = Estimator(model)
    # what is read or worked out once is ready for both
    estimator.replies(resolved(Profiles.of(asked)), range(MANY))
    began = time.process_time()
    estimator.replies(resolved(Profiles.of(asked)), range(MANY))
    among = (time.process_time() - began) / MANY
    began = time.process_time()
    for one in asked[:ALONE]:
        estimator.replies(Profiles.of([resolve_profile(one)]), [one["id"]])
    return (time.process_time() - began) / ALONE / among


def measured() -> str:
    """Everything, as the block of the document."""
    model = read_model()
    with tempfile.TemporaryDirectory() as scratch:
        took = {}
        for n in (FEW, MANY):
            path = Path(scratch) / f"{n}.jsonl"
            path.write_text("".join(json.dumps(one) + "\n" for one in profiles(model, n)), encoding="utf-8")
            took[n] = used("predict", str(path))
    each = (took[MANY] - took[FEW]) / (MANY - FEW)
    return (
        f"`payguide predict` of {MANY:,} different profiles takes {took[MANY]:.1f} s of a processor, of {FEW:,} "
        f"{took[FEW]:.1f} s: {each * 1e6:.0f} µs a profile beyond the start.\nOne that is asked alone takes as long as "
        f"{ratio(model):.0f} among many. `payguide estimate` of one takes {used('estimate', *ONE):.1f} s.\n"
    )


def main() -> None:
    """Measure, print and write down."""
    block = measured()
    print(block)
    rewrite(DOCUMENT, START, END, block)


if __name__ == "__main__":
    main()
