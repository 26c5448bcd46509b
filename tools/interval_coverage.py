"""How often intervals hold the truth, in a world where it is known: `python tools/interval_coverage.py [DRAWS]`.

Each draw of `world` goes through the real reduction, the real estimators and the real gate; what is published is held
against `truth`. The tables are written into docs/coverage.md.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import world
from disagreement import measured
from marked import replaced
from statsmodels.stats.meta_analysis import combine_effects
from truth import PEOPLE, official, truth

from payguide.base.aggregates import Aggregates
from payguide.base.estimates import Estimate, Figure, Published, Unit
from payguide.base.reference.country import country
from payguide.evidence.reduce.cells import cells
from payguide.evidence.reduce.cross_products import cross_products
from payguide.evidence.units.distinct import Population
from payguide.evidence.units.prepare import prepare_duckdb
from payguide.evidence.units.training_rows import base_and_total, training_rows
from payguide.fit.blend import settings
from payguide.fit.edition import estimate
from payguide.fit.intervals import normal
from payguide.fit.market.people import People
from payguide.fit.market.posterior import Posterior, Sampling, fit_market
from payguide.gate.rules import judge

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "coverage.md"
START, END = "<!-- measured: written by `python tools/interval_coverage.py` -->\n", "<!-- /measured -->\n"

NOMINAL: Final = 0.90
#: How far a coverage may be off.
ALLOWED: Final = 0.02


@dataclass(frozen=True, slots=True)
class Held:
    """One published figure against the truth: whether its interval held it, by how much the value was off (a fraction
    of the truth for money, else the difference) and the interval's half width likewise; how many sources were blended,
    and whether Hartung and Knapp's interval of the same sources held the truth (None with one); the share borrowed;
    whether a skill was called significant.
    """

    figure: str
    true: float
    held: bool
    off: float
    half: float
    sources: int
    classical: bool | None
    borrowed: float | None
    significant: bool


Draws = Sequence[Sequence[Held]]


#: Shorter chains than an edition's: a draw is one of hundreds.
SAMPLING: Final = Sampling(chains=2, burn=25, keep=40, thin=1)


def reduced(drawn: world.Draw) -> tuple[Aggregates, Posterior]:
    """A draw through the real reduction, and the market fitted on it."""
    with closing(duckdb.connect()) as connection:
        connection.execute("SET threads = 1")
        for name in ("observations", "postings"):
            connection.from_arrow(getattr(drawn, name)).create(name)
        beside = official()
        found = prepare_duckdb(connection, Population(), beside)
        counted = cells(found.engine, found.counting)
        posterior = fit_market(
            training_rows(connection, "USD")["base"], base_and_total(connection, "USD"),
            market=PEOPLE, country=country("US"), as_of=world.DAY, seed=1, sampling=SAMPLING,
        )  # fmt: skip
        return Aggregates(counted, cross_products(connection), (), beside, {}, "drawn"), posterior


def figures(drawn: world.Draw) -> dict[str, Figure]:
    """What would be published of a draw."""
    aggregates, posterior = reduced(drawn)
    whose = People(posterior, PEOPLE, world.ROLE)
    return judge(
        estimate(aggregates, whose, role=world.ROLE, country="US", as_of=world.DAY, coverage=NOMINAL)
    )


def one(seed: int, scales: world.Apart, apart: world.Apart | None = None) -> list[Held]:
    """One draw's published figures against the truth."""
    drawn = world.draw(seed, scales, apart)
    return list(_compared(figures(drawn), truth(drawn.interactions)))


def _compared(published: Mapping[str, Figure], true: Mapping[str, float]) -> Iterator[Held]:
    for name, value in true.items():
        figure = published.get(name)
        if isinstance(figure, Published):
            found = figure.estimate
            scale = value if found.unit is Unit.MONEY else 1.0
            yield Held(
                figure=name,
                true=value,
                held=found.low <= value <= found.high,
                off=(found.value - value) / scale,
                half=(found.high - found.low) / 2 / scale,
                sources=len(found.sources),
                classical=_classical(found, value),
                borrowed=found.borrowed,
                significant=any(note.startswith("Significant") for note in found.notes),
            )


def _classical(found: Estimate, true: float) -> bool | None:
    """Whether Hartung and Knapp's interval of a band's sources holds the truth (Paule and Mandel's tau^2)."""
    if found.unit is not Unit.MONEY or len(found.sources) < 2:
        return None
    ends = np.log([(one.value, one.low, one.high) for one in found.sources])
    errors = (ends[:, 2] - ends[:, 1]) / 2 / normal(NOMINAL)
    # its I2 of sources that agree to the last bin divides by zero; it is not used
    with np.errstate(divide="ignore"):
        made = combine_effects(ends[:, 0], errors**2, method_re="iterated", use_t=True)
    low, high = made.conf_int(alpha=1 - NOMINAL, use_t=True)[3]
    return bool(low <= np.log(true) <= high)


def scales() -> world.Apart:
    """How far sources lie apart: as measured on the packaged evidence."""
    apart = settings()["disagreement"]
    return world.Apart(apart["level"], apart["effect"])


def run(
    draws: int = world.DRAWS, apart: world.Apart | None = None, first: int = 0, workers: int = 2
) -> Draws:
    """So many draws, each in its order."""
    seeds = range(first, first + draws)
    job = partial(one, scales=scales(), apart=apart)
    if workers == 1:
        return [job(seed) for seed in seeds]
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(job, seeds, chunksize=5))


# --- what is told of the draws ------------------------------------------------------------------------------

#: Of which figures a line tells.
Which = Callable[[Sequence[str]], bool]

_LEVELS = tuple(world.LEVELS)


def _band(component: str, level: bool, population: str) -> Which:
    """Bands of a component at a level, or at all levels together; of all employers, the top tier or a dimension."""

    def wanted(parts: Sequence[str]) -> bool:
        where = parts[3] if len(parts) > 4 else ""
        return (
            parts[0] == "band"
            and parts[2] == component
            and (parts[1] in _LEVELS) == level
            and where == population
        )

    return wanted


def _starts(*names: str) -> Which:
    return lambda parts: parts[0] in names


#: Populations by the part of an id that names them.
_NAMES: Final = {
    "": "all employers", "top": "top tier", "tier": "by tier", "metro": "by metro", "remote": "by arrangement",
    "industry": "by industry", "specialisation": "by specialisation",
}  # fmt: skip

#: The lines of the table of bands.
BANDS: Final[Mapping[str, Which]] = {
    f"{component} pay, {'a level' if level else 'all levels'}, {name}": _band(component, level, population)
    for component in ("base", "total")
    for level in (True, False)
    for population, name in _NAMES.items()
}

#: Those of the table of effects and of what else has an interval.
OTHERS: Final[Mapping[str, Which]] = {
    "tier": _starts("tier"), "place": _starts("place"), "arrangement": _starts("remote"),
    "industry": _starts("industry"), "specialisation": _starts("specialisation"), "degree": _starts("degree"),
    "lifecycle": _starts("lifecycle"), "skill": _starts("skill"), "step between levels": _starts("step"),
    "a kind's median": _starts("kind"),
    "total over base": _starts("uplift"), "share over a threshold": _starts("share"),
}  # fmt: skip


def chosen(draws: Draws, which: Which) -> list[list[Held]]:
    """The figures of each draw that a line tells of."""
    return [[held for held in drawn if which(held.figure.split("."))] for drawn in draws]


def coverage(found: Sequence[Sequence[Held]]) -> tuple[float, float]:
    """The share of figures that hold the truth, and its standard error: draws are independent, a draw's figures not."""
    counts = np.array([len(drawn) for drawn in found], float)
    held = np.array([sum(one.held for one in drawn) for drawn in found], float)
    share = held.sum() / counts.sum()
    used = counts > 0
    off = held[used] - share * counts[used]
    return float(share), float(np.sqrt(np.sum(off**2)) / counts.sum())


def _line(name: str, found: Sequence[Sequence[Held]]) -> str:
    every = [held for drawn in found for held in drawn]
    share, error = coverage(found)
    off, half = np.mean([held.off for held in every]), np.median([held.half for held in every])
    borrowed = [held.borrowed for held in every if held.borrowed is not None]
    told = [f"{np.median(borrowed):.0%}" if borrowed else "", _misses(share)]
    return f"| {name} | {len(every):,} | {share:.3f} | {error:.3f} | {off:+.1%} | {half:.1%} | {' | '.join(told)} |"


def _misses(share: float) -> str:
    """Whether a coverage is further off than `ALLOWED`, and how."""
    off = share - NOMINAL
    return "" if abs(off) <= ALLOWED else "too wide" if off > 0 else "too narrow"


def table(draws: Draws, lines: Mapping[str, Which]) -> str:
    """Coverage by group as a Markdown table; groups without a published figure are left out."""
    head = [
        "| figures | published | coverage | its error | off on average | half width | borrowed | |",
        "| --- | --: | --: | --: | --: | --: | --: | --- |",
    ]
    found = {name: chosen(draws, which) for name, which in lines.items()}
    return "\n".join([*head, *(_line(name, one) for name, one in found.items() if any(one))]) + "\n"


#: What is held to the nominal coverage: bands, effects and blends, each as a whole.
HELD: Final[Mapping[str, Callable[[Held], bool]]] = {
    "bands": lambda held: held.figure.startswith("band."),
    "bands of one source": lambda held: held.figure.startswith("band.") and held.sources == 1,
    "bands of two sources and more": lambda held: held.figure.startswith("band.") and held.sources > 1,
    "adjusted effects": lambda held: held.figure.startswith(
        ("tier.", "place.", "remote.", "industry.", "specialisation.", "degree.", "lifecycle.")
    ),
    "adjusted effects of two kinds of evidence": lambda held: (
        held.figure.startswith(("tier.", "place.", "industry.")) and held.sources > 1
    ),
    "skill premiums": lambda held: held.figure.startswith("skill."),
    "steps between levels": lambda held: held.figure.startswith("step."),
    "total over base": lambda held: held.figure.startswith("uplift."),
}


def summary(draws: Draws) -> dict[str, tuple[int, float, float]]:
    """How many figures of each of `HELD` were published, their coverage and its error."""
    found = {name: [[one for one in drawn if which(one)] for drawn in draws] for name, which in HELD.items()}
    return {name: (sum(map(len, one)), *coverage(one)) for name, one in found.items() if any(one)}


def summary_table(draws: Draws) -> str:
    """The summary as a Markdown table, with what is not within `ALLOWED`."""
    lines = ["| figures | published | coverage | its error | |", "| --- | --: | --: | --: | --- |"]
    for name, (count, share, error) in summary(draws).items():
        lines.append(f"| {name} | {count:,} | {share:.3f} | {error:.3f} | {_misses(share)} |")
    return "\n".join(lines) + "\n"


def by_quantile(draws: Draws) -> str:
    """Coverage of the bands of all employers by statistic."""
    found: dict[str, list[bool]] = defaultdict(list)
    for held in (held for drawn in draws for held in drawn):
        if held.figure.startswith("band.") and held.figure.count(".") == 3:
            found[held.figure.rpartition(".")[2]].append(held.held)
    names = ("p10", "p25", "p50", "p75", "p90", "mean")
    return _row(
        "", [name.upper() if name != "mean" else name for name in names], [np.mean(found[n]) for n in names]
    )


def _row(corner: str, names: Iterable[str], shares: Iterable[float]) -> str:
    head = " | ".join([corner, *names])
    cells = " | ".join(["coverage", *(f"{share:.3f}" for share in shares)])
    return f"| {head} |\n| --- |{' --: |' * head.count(' | ')}\n| {cells} |\n"


def by_sources(draws: Draws) -> str:
    """Coverage of bands by the number of sources, beside Hartung and Knapp's interval of the same sources."""
    found: dict[int, list[Held]] = defaultdict(list)
    for held in (held for drawn in draws for held in drawn):
        if held.figure.startswith("band.") and held.borrowed is None:
            found[held.sources].append(held)
    lines = [
        "| sources | published | coverage | Hartung and Knapp | half width |",
        "| --: | --: | --: | --: | --: |",
    ]
    for sources, every in sorted(found.items()):
        share = np.mean([held.held for held in every])
        classical = [held.classical for held in every if held.classical is not None]
        beside = f"{np.mean(classical):.3f}" if classical else ""
        half = np.median([held.half for held in every])
        lines.append(f"| {sources} | {len(every):,} | {share:.3f} | {beside} | {half:.1%} |")
    return "\n".join(lines) + "\n"


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
    skills = chosen(draws, OTHERS["skill"])
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


def by_distance(draws: int) -> str:
    """Coverage of bands where sources lie a known distance apart, by the number of sources."""
    lines = [
        "| sources lie apart by | one source | two | three | four or more |",
        "| --: | --: | --: | --: | --: |",
    ]
    for tau in (0.0, 0.05, 0.1, 0.2):
        found = run(draws, world.Apart(tau, 0.0), first=10_000)
        bands = chosen(found, lambda parts: parts[0] == "band" and len(parts) <= 5)
        shares = []
        for least, most in ((1, 1), (2, 2), (3, 3), (4, 99)):
            held = [one.held for drawn in bands for one in drawn if least <= one.sources <= most]
            shares.append(f"{np.mean(held):.3f}" if held else "")
        lines.append(f"| {tau:.0%} | {' | '.join(shares)} |")
    return "\n".join(lines) + "\n"


def measured_scales() -> str:
    """How far sources lie apart in the packaged evidence, and what blend.toml makes of it."""
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


def written(document: str, draws: Draws, distance: str) -> str:
    """The document with its tables as measured; raises ValueError where it has none."""
    told = (
        f"{len(draws):,} draws; nominal {NOMINAL:.0%}.\n",
        summary_table(draws), "Bands:\n", table(draws, BANDS), "All employers, by statistic:\n", by_quantile(draws),
        "By the number of sources:\n", by_sources(draws), "By how far sources lie apart:\n", distance,
        "Effects, and what else has an interval:\n", table(draws, OTHERS), f"{discoveries(draws)}\n",
        "How far sources lie apart, measured on the packaged evidence:\n", measured_scales(),
    )  # fmt: skip
    return replaced(document, START, END, "\n".join(told))


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else world.DRAWS
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(written(text, run(count), by_distance(max(1, count // 8))), encoding="utf-8")
