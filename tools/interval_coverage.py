"""How often intervals hold the truth, in a world where it is known: `python tools/interval_coverage.py [DRAWS]`.

Each draw of `world` goes through the real reduction, the real estimators and the real gate; what is published is held
against `truth`. What is printed is the share of published figures whose interval holds the truth, by kind of figure.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Final

import duckdb
import world
from truth import truth

from payguide.base.figures import Aggregates, Figure, Published, Unit
from payguide.evidence.cells import cells
from payguide.evidence.distinct import Population
from payguide.evidence.moments import moments
from payguide.evidence.prepared import prepare_here
from payguide.fit.blend import settings
from payguide.fit.edition import estimate
from payguide.gate.rules import judge

NOMINAL: Final = 0.90


@dataclass(frozen=True, slots=True)
class Held:
    """One published figure against the truth: whether its interval held it, by how much the value was off (a fraction
    of the truth for money, else the difference), the interval's half width likewise, how many sources were blended, and
    whether a skill was called significant.
    """

    figure: str
    held: bool
    off: float
    half: float
    sources: int
    significant: bool
    true: float


def aggregates(drawn: world.Draw) -> Aggregates:
    """A draw through the real reduction."""
    with closing(duckdb.connect()) as connection:
        connection.execute("SET threads = 1")
        for name in ("observations", "postings"):
            connection.from_arrow(getattr(drawn, name)).create(name)
        found = prepare_here(connection, Population(), drawn.official)
        counted = cells(found.engine, found.counting)
        return Aggregates(counted, moments(connection), (), drawn.official, {}, "drawn")


def figures(drawn: world.Draw) -> dict[str, Figure]:
    """What would be published of a draw."""
    return judge(estimate(aggregates(drawn), role=world.ROLE, as_of=world.DAY, coverage=NOMINAL))


def one(seed: int, scales: world.Apart, apart: world.Apart | None = None) -> list[Held]:
    """One draw's published figures against the truth."""
    drawn = world.draw(seed, scales, apart)
    return list(_compared(figures(drawn), truth(drawn.interactions)))


def _compared(published: dict[str, Figure], true: dict[str, float]) -> Iterator[Held]:
    for name, value in true.items():
        figure = published.get(name)
        if isinstance(figure, Published):
            found = figure.estimate
            scale = value if found.unit is Unit.MONEY else 1.0
            yield Held(
                figure=name,
                held=found.low <= value <= found.high,
                off=(found.value - value) / scale,
                half=(found.high - found.low) / 2 / scale,
                sources=len(found.sources),
                significant=any(note.startswith("Significant") for note in found.notes),
                true=value,
            )


def scales() -> world.Apart:
    """How far sources lie apart: as measured on the packaged evidence."""
    apart = settings()["disagreement"]
    return world.Apart(apart["level"], apart["effect"])


def run(draws: int, apart: world.Apart | None = None, first: int = 0, workers: int = 2) -> list[list[Held]]:
    """So many draws, each in its order."""
    seeds = range(first, first + draws)
    job = partial(one, scales=scales(), apart=apart)
    if workers == 1:
        return [job(seed) for seed in seeds]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(job, seeds, chunksize=5))


def main(draws: int) -> None:
    """Print the coverage of so many draws."""
    found: dict[str, list[Held]] = defaultdict(list)
    for held in (held for drawn in run(draws) for held in drawn):
        found[held.figure.partition(".")[0]].append(held)
    print(f"{draws} draws, nominal {NOMINAL:.0%}")
    for name, every in sorted(found.items()):
        share, off = (
            sum(values) / len(every) for values in zip(*((h.held, h.off) for h in every), strict=True)
        )
        print(f"{name:16}{len(every):8,} published  coverage {share:.3f}  off on average {off:+.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
