"""How often the direct estimates' intervals hold the truth, in a world where it is known:
`python tools/interval_coverage.py [DRAWS]`.

Each draw of `world` goes through the real reduction, the real direct estimators and the real gate; what is published is
held against `truth`. A figure that speaks of the market (a kind's median, what a specialisation, a degree or a skill
adds) is held against the market; what stands beside the market's own figures (each kind's regression, offsets between
kinds) speaks of the sources at hand, and is held against these. The tables are written into docs/coverage.md.
"""

from __future__ import annotations

import math
import multiprocessing
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import world
from disagreement import direct, measured
from marked import replaced
from truth import of_kinds, official, offset, truth

from payguide.base.aggregates import Aggregates
from payguide.base.estimates import Estimate, Figure, Published, Unit
from payguide.evidence.reduce.cells import cells
from payguide.evidence.reduce.cross_products import cross_products
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.prepare import prepare_duckdb
from payguide.fit.bands.meta_analysis import settings
from payguide.fit.effects.source_differences import REFERENCE, SAME
from payguide.gate.rules import judge

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "coverage.md"
START, END = "<!-- measured: written by `python tools/interval_coverage.py` -->\n", "<!-- /measured -->\n"

NOMINAL: Final = 0.90
#: How far a coverage may be off.
ALLOWED: Final = 0.02


@dataclass(frozen=True, slots=True)
class Held:
    """One published interval against the truth: whether it held it, by how much the value was off (a fraction of the
    truth for money, else the difference) and the interval's half width likewise; whether a skill was called
    significant.
    """

    figure: str
    true: float
    held: bool
    off: float
    half: float
    significant: bool = False


Draws = Sequence[Sequence[Held]]


def figures(drawn: world.Draw) -> dict[str, Figure]:
    """What would be published of a draw, after the real reduction."""
    with closing(duckdb.connect()) as connection:
        connection.execute("SET threads = 1")
        for name in ("observations", "postings"):
            connection.from_arrow(getattr(drawn, name)).create(name)
        beside = official()
        found = prepare_duckdb(connection, Population(), beside)
        counted = cells(found.engine, found.counting)
        aggregates = Aggregates(counted, cross_products(connection), (), beside, {}, "drawn")
    return judge(direct(aggregates, world.ROLE, world.DAY, NOMINAL))


def one(seed: int, scales: world.Apart) -> list[Held]:
    """One draw's published figures against the truth."""
    drawn = world.draw(seed, scales)
    return list(compared(drawn, published(figures(drawn))))


def published(judged: Mapping[str, Figure]) -> dict[str, Estimate]:
    """The estimates among figures, by id."""
    return {name: figure.estimate for name, figure in judged.items() if isinstance(figure, Published)}


def compared(drawn: world.Draw, found: Mapping[str, Estimate]) -> Iterator[Held]:
    """The published figures of a draw against the truth."""
    true = truth(drawn.interactions) | dict(_offsets(drawn, found))
    for name, value in true.items():
        if (figure := found.get(name)) is not None:
            scale = value if figure.unit is Unit.MONEY else 1.0
            held, half = figure.low <= value <= figure.high, (figure.high - figure.low) / 2 / scale
            significant = any(note.startswith("Significant") for note in figure.notes)
            yield Held(name, value, held, (figure.value - value) / scale, half, significant)
    for (name, kind), value in of_kinds(drawn).items():
        for source in found[name].sources if name in found else ():
            if source.kind is kind:
                held, half = source.low <= value <= source.high, (source.high - source.low) / 2
                yield Held(name, value, held, source.value - value, half)


def _offsets(drawn: world.Draw, found: Mapping[str, Estimate]) -> Iterator[tuple[str, float]]:
    """How far the sources at hand lie apart where an offset of base pay is published, and over its levels."""
    for kind in {source.kind for source in world.SOURCES} - {REFERENCE}:
        every = []
        for level in world.LEVELS:
            stem = f"offset.{kind}.{level}.base.effect"
            against = found.get(f"kind.{REFERENCE}.{level}.base.p50")
            if (own := found.get(stem)) is not None and against is not None:
                lies = offset(drawn.lies, level, own.sources, against.sources)
                every.append((lies, math.log((1 + own.high) / (1 + own.low)) ** -2))
                yield stem, math.expm1(lies)
        # the levels count by precision; a level that the gate withheld leaves unknown by how much
        if len(every) == len(world.LEVELS):
            values, weights = np.array(every).T
            yield f"offset.{kind}.{SAME}.base.effect", math.expm1(np.average(values, weights=weights))


def scales() -> world.Apart:
    """How far sources lie apart: as measured on the packaged evidence."""
    apart = settings()["disagreement"]
    return world.Apart(apart["level"], apart["effect"])


def run(draws: int = world.DRAWS, workers: int = 2) -> Draws:
    """So many draws, each in its order."""
    job = partial(one, scales=scales())
    if workers == 1:
        return [job(seed) for seed in range(draws)]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(job, range(draws), chunksize=5))


# --- what is told of the draws ------------------------------------------------------------------------------

#: The lines of the table, by a pattern of the ids that each tells of.
LINES: Final[Mapping[str, str]] = {
    "a kind's median": r"kind\.",
    "a kind's offset": r"offset\.",
    "tier, each kind by itself": r"tier\.",
    "place, each kind by itself": r"place\.(\d+|top3)\.",
    "places of remote work and on site": r"place\.spread\.",
    "arrangement, postings": r"remote\.",
    "industry, each kind by itself": r"industry\.",
    "specialisation": r"specialisation\.",
    "degree": r"degree\.",
    "lifecycle": r"lifecycle\.",
    "effects, all together": r"(tier|place|remote|industry|specialisation|degree|lifecycle)\.",
    "skill": r"skill\.",
}

#: The lines that are held to the nominal coverage.
HELD: Final = ("a kind's median", "a kind's offset", "effects, all together", "skill")


def chosen(draws: Draws, line: str) -> list[list[Held]]:
    """The figures of each draw that a line tells of."""
    return [[held for held in drawn if re.match(LINES[line], held.figure)] for drawn in draws]


def coverage(found: Sequence[Sequence[Held]]) -> tuple[float, float]:
    """The share of figures that hold the truth, and its standard error: draws are independent, a draw's figures not."""
    counts = np.array([len(drawn) for drawn in found], float)
    held = np.array([sum(one.held for one in drawn) for drawn in found], float)
    share = held.sum() / counts.sum()
    used = counts > 0
    off = held[used] - share * counts[used]
    return float(share), float(np.sqrt(np.sum(off**2)) / counts.sum())


def table(draws: Draws) -> str:
    """Coverage by line as a Markdown table; lines without a published figure are left out."""
    head = [
        "| figures | published | coverage | its error | off on average | half width | |",
        "| --- | --: | --: | --: | --: | --: | --- |",
    ]
    found = {name: chosen(draws, name) for name in LINES}
    return "\n".join([*head, *(_line(name, one) for name, one in found.items() if any(one))]) + "\n"


def _line(name: str, found: Sequence[Sequence[Held]]) -> str:
    every = [held for drawn in found for held in drawn]
    share, error = coverage(found)
    off, half = np.mean([held.off for held in every]), np.median([held.half for held in every])
    apart = share - NOMINAL
    misses = "" if abs(apart) <= ALLOWED else "too wide" if apart > 0 else "too narrow"
    return f"| {name} | {len(every):,} | {share:.3f} | {error:.3f} | {off:+.1%} | {half:.1%} | {misses} |"


@dataclass(frozen=True, slots=True)
class Discoveries:
    """Skills: the mean share of false ones among those called significant (0 where none was), the share of true ones
    that were found, and by how much the premiums of true and of false ones were off on average.
    """

    false: float
    found: float
    off_true: float
    off_false: float

    def __str__(self) -> str:
        """In a sentence."""
        return (
            f"Skills: of those called significant {self.false:.1%} are false on average, of the true premiums "
            f"{self.found:.0%} are found; premiums are off by {self.off_true:+.2%} on average (true ones) and by "
            f"{self.off_false:+.2%} (none)."
        )


def discoveries(draws: Draws) -> Discoveries:
    """What became of the skills."""
    skills = chosen(draws, "skill")
    called = [[held for held in drawn if held.significant] for drawn in skills]
    every = [held for drawn in skills for held in drawn]
    true = [held for held in every if held.true]
    return Discoveries(
        false=float(
            np.mean([np.mean([not held.true for held in drawn]) if drawn else 0.0 for drawn in called])
        ),
        found=float(np.mean([held.significant for held in true])),
        off_true=float(np.mean([held.off for held in true])),
        off_false=float(np.mean([held.off for held in every if not held.true])),
    )


def measured_scales() -> str:
    """How far sources lie apart in the packaged evidence, and what meta_analysis.toml makes of it."""
    lines = [
        "| disagreement about | groups | likeliest scale | nine in ten | taken |",
        "| --- | --: | --: | --: | --: |",
    ]
    for name, found in measured():
        taken = settings()["disagreement"][name]
        told = {"level": "the level of pay", "effect": "an effect"}[name]
        lines.append(
            f"| {told} | {found.groups} | {found.scale:.3f} | {found.low:.3f} to {found.high:.3f} | {taken:g} |"
        )
    return "\n".join(lines) + "\n"


def written(document: str, draws: Draws) -> str:
    """The document with its tables as measured; raises ValueError where it has none."""
    told = (
        f"{len(draws):,} draws; nominal {NOMINAL:.0%}.\n", table(draws), f"{discoveries(draws)}\n",
        "How far sources lie apart, measured on the packaged evidence:\n", measured_scales(),
    )  # fmt: skip
    return replaced(document, START, END, "\n".join(told))


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else world.DRAWS
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(written(text, run(count)), encoding="utf-8")
