"""What a little more evidence costs, end to end: `python benchmarks/increment.py 1000000`.

On so many synthetic observations (`synthetic.py`) 0.1 % more are collected, as recorded answers of a job board, and an
edition with its site is built: the commands' own code, each in a process of its own, in stages as it tells them. The
estimator is fitted on `SAMPLE` rows only, and that time is left out: fitting is most of a build, and another
benchmark's business (`estimator_speed.py`).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import synthetic
from estimator_speed import drawn
from scale import DOCUMENT, peak, rewrite

from payguide.base.aggregates import PayRows
from payguide.guide import role as roles
from payguide.pipeline import collection, editions, models

START, END = (
    "<!-- increment: written by `python benchmarks/increment.py 1000000` -->\n",
    "<!-- /increment -->\n",
)
#: One in so many comes in.
PART = 1000
#: Postings on one employer's board.
BOARD = 50
TITLES = (
    "ML Engineer",
    "Senior Machine Learning Engineer",
    "Staff ML Engineer",
    "Data Scientist",
    "Software Engineer",
)
#: Rows that the estimator is fitted on; and the stage's name as it is told, and as what is left of it.
SAMPLE = 5_000
FIT, ROWS = "fitting the estimator", "reading the training rows"


def boards(folder: Path, postings: int) -> None:
    """Recorded answers of made-up employers with so many postings, in the shape of an Ashby board."""
    dice = random.Random(1)
    for employer in range(-(-postings // BOARD)):
        jobs = []
        for number in range(min(BOARD, postings - employer * BOARD)):
            low = dice.randrange(90, 240)
            text = (
                f"We build models.\n\nSalary: ${low}k - ${low + dice.randrange(10, 80)}k. Python, 5+ years. "
            )
            jobs.append({
                "id": f"{employer}-{number}", "title": dice.choice(TITLES), "location": "San Francisco, CA",
                "isListed": True, "publishedAt": "2026-05-01T00:00:00.000+00:00", "descriptionPlain": text * 20,
                "jobUrl": f"https://jobs.example/{employer}/{number}",
            })  # fmt: skip
        path = folder / "ashby" / f"employer-{employer}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"apiVersion": "1", "jobs": jobs}), encoding="utf-8")


#: Seconds of the clock, and of all processors together.
Spent = tuple[float, float]
NOTHING: Spent = (0.0, 0.0)


def now() -> Spent:
    """The clocks."""
    return time.perf_counter(), time.process_time()


def added(one: Spent, other: Spent) -> Spent:
    """Both together."""
    return one[0] + other[0], one[1] + other[1]


class Stages:
    """Seconds of the clock and of all processors by stage, as a command tells them; what comes before the first stage
    is `first`.
    """

    def __init__(self, first: str) -> None:
        self.seconds: dict[str, Spent] = {first: NOTHING}
        self._stage, self._since = first, now()

    def tick(self, stage: str, done: int = 0, total: int | None = None) -> None:
        """A stage has begun or goes on."""
        self.seconds[self._stage] = added(self.seconds[self._stage], self.end())
        self.seconds.setdefault(stage, NOTHING)
        self._stage = stage

    def end(self) -> Spent:
        """What was spent since this was asked last."""
        before, self._since = self._since, now()
        return self._since[0] - before[0], self._since[1] - before[1]


def collect(folder: Path) -> None:
    """Collect the boards; print what it took."""
    stages = Stages("collecting")
    source = f"recorded:{folder / 'boards'}"
    collection.collect([source], folder / "evidence", map_name=None, retrieved=None, tick=lambda *_: None)
    told(stages)


def build(folder: Path) -> None:
    """Build an edition; print what it took."""
    stages = Stages("preparing the evidence")
    role, fit = roles.load("ml-engineer"), models.fit_model

    def sampled(rows: dict[str, PayRows], **settings: Any) -> dict[str, Any]:
        stages.seconds[ROWS] = stages.end()
        model = fit({name: drawn(one, min(SAMPLE, len(one))) for name, one in rows.items()}, **settings)
        stages.end()
        return model

    models.fit_model = sampled
    editions.build([role], evidence=folder / "evidence", out=folder / "edition", tick=stages.tick)
    told(stages)


def told(stages: Stages) -> None:
    """Print the seconds by stage, and the memory at most."""
    stages.tick("")
    stages.seconds = {name: seconds for name, seconds in stages.seconds.items() if name not in ("", FIT)}
    print(json.dumps({"stages": stages.seconds, "peak": peak()}))


def alone(step: str, folder: Path) -> dict[str, Any]:
    """Run a step in a process of its own; its figures."""
    done = subprocess.run([sys.executable, __file__, step, str(folder)], stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


HEAD = "| observations | more | step | seconds | work | peak |\n| --: | --: | --- | --: | --: | --: |\n"


def lines(rows: int, step: str, took: dict[str, Any]) -> str:
    """A step and its stages as lines of the table."""
    stages, most = took["stages"], took["peak"] / 1024
    clock, work = (sum(spent[at] for spent in stages.values()) for at in (0, 1))
    head = f"| {rows:,} | {rows // PART:,} | **{step}** | {clock:.1f} | {work:.1f} | {most:.1f} GiB |\n"
    parts = stages.items() if len(stages) > 1 else ()
    return head + "".join(f"| | | {name} | {spent[0]:.1f} | {spent[1]:.1f} | |\n" for name, spent in parts)


def measure(rows: int, folder: Path) -> str:
    """Write so many observations, add to them, and measure both commands."""
    synthetic.store(folder / "evidence", rows)
    boards(folder / "boards", rows // PART)
    return "".join(lines(rows, step, alone(step, folder)) for step in ("collect", "build"))


def main() -> None:
    """Measure every number of rows that is named, print, and write docs/scale.md."""
    if step := {"collect": collect, "build": build}.get(sys.argv[1]):
        step(Path(sys.argv[2]))
        return
    measured = HEAD
    for rows in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory() as folder:
            measured += measure(rows, Path(folder))
            print(measured, flush=True)
    rewrite(DOCUMENT, START, END, measured)


if __name__ == "__main__":
    main()
