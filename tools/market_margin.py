"""A margin of a market from several measures of the same people, and the market file (see tools/market.py).

share       the mean of the measures that count, each as much as the others;
certainty   the largest Dirichlet concentration c with which the middle `SPREAD` of Beta(c share, c (1 - share)) holds
            every measure, those that do not count too, of every value that has at least `MAIN` of the people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from scipy import stats

from payguide.base.market import DIMENSIONS

#: Values with a smaller part of the people say nothing of how certain a margin is.
MAIN: Final = 0.05
SPREAD: Final = 0.90

Counts = Mapping[str, float]


class Measure(NamedTuple):
    """Shares of people by value, what was counted in words, and whether it counts for the mean."""

    shares: Counts
    words: str
    counts: bool = True


class Margin(NamedTuple):
    """A margin as the file has it."""

    shares: Counts
    certainty: int
    reference: str


def shares(counts: Counts) -> dict[str, float]:
    """Counts over their sum."""
    total = sum(counts.values())
    return {name: n / total for name, n in counts.items()}


def mixed(weighted: Iterable[tuple[float, Counts]]) -> dict[str, float]:
    """Weighted shares added up; the weights add up to one."""
    found: defaultdict[str, float] = defaultdict(float)
    for weight, each in weighted:
        for name, share in each.items():
            found[name] += weight * share
    return dict(found)


def margin(measures: Sequence[Measure], most: int, note: str = "") -> Margin:
    """The mean of the measures that count, at most as certain as a count of `most` people."""
    mean = [one for one in measures if one.counts]
    spread = [one.words for one in measures if not one.counts]
    centre = mixed((1 / len(mean), one.shares) for one in mean)
    words = "; ".join(one.words for one in mean) + (
        f". The spread covers {'; '.join(spread)}" if spread else ""
    )
    many = f"The mean of {len(mean)}: " if len(mean) > 1 else ""
    return Margin(centre, covering(centre, measures, most), f"{many}{words}.{note}")


def covering(centre: Counts, measures: Sequence[Measure], most: int) -> int:
    """The largest whole concentration up to `most` whose spread covers the measures."""
    main = {name: share for name, share in centre.items() if share >= MAIN}
    for concentration in range(most, 1, -1):
        spreads = {
            name: stats.beta.interval(SPREAD, concentration * share, concentration * (1 - share))
            for name, share in main.items()
        }
        if all(
            low <= one.shares.get(name, 0) <= high
            for one in measures
            for name, (low, high) in spreads.items()
        ):
            return concentration
    return 1


def apart(one: Margin, other: Margin) -> float:
    """The part of the people who would stand elsewhere (the distance of total variation)."""
    names = one.shares.keys() | other.shares.keys()
    return sum(abs(one.shares.get(name, 0) - other.shares.get(name, 0)) for name in names) / 2


def written(
    found: Mapping[str, Mapping[str, Margin]], names: Mapping[str, str], rules: Mapping[str, Any]
) -> str:
    """The market file: margins by role and dimension; `names` are those of metros, `rules` market.toml."""
    default = found[rules["default"]]
    lines = [
        "# Whose pay an edition about the United States is of: written by `python tools/market.py EVIDENCE LIBRARY`,",
        f"# not by hand. docs/market.md says what each margin rests on. Those at the top are of {rules['default']}",
        "# and hold for every role that has none of its own.",
        f"date = {rules['date']}",
        f'country = "{rules["country"]}"',
    ]
    for dimension in DIMENSIONS:
        lines += _table(dimension, default[dimension], names)
    for role, own in found.items():
        for dimension in DIMENSIONS:
            if apart(own[dimension], default[dimension]) >= rules["differs"]:
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
