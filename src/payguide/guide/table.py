"""The bands as plain rows for the command line, and as data for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from payguide.base.codes import LADDER
from payguide.base.edition import Edition, Verdict
from payguide.base.estimates import Figure, Published, Unknown, Withheld
from payguide.base.figure_id import FigureId, band
from payguide.guide import numbers, words
from payguide.guide.codec import figure_data, verdict_data

#: A column whose name starts with ">" is set to the right.
COLUMNS = ("level", "pay", ">P25–P75", ">median (interval)", ">n", ">employers", ">published", "verdict")

_QUANTILES = ("p10", "p25", "p50", "p75", "p90")


def _text(figures: Mapping[str, Figure], figure: str) -> str:
    """A figure's value, or why there is none: "withheld" or "not known"."""
    match figures.get(figure):
        case Published(estimate):
            return numbers.value(estimate)
        case Withheld():
            return "withheld"
        case _:
            return "not known"


def _half(figures: Mapping[str, Figure], median: FigureId) -> str:
    """The middle half of a distribution: "$150K–$210K"."""
    low, high = (_text(figures, str(median.with_(statistic=quantile))) for quantile in ("p25", "p75"))
    return low if low == high else f"{low}–{high}"


def _median(figures: Mapping[str, Figure], median: FigureId) -> str:
    """A median with its interval: "$180K ($172K to $189K)"."""
    found = figures.get(str(median))
    if isinstance(found, Published):
        return f"{numbers.value(found.estimate)} ({numbers.interval(found.estimate)})"
    return _text(figures, str(median))


def _rows(edition: Edition, level: str, verdict: Verdict | None) -> Iterator[tuple[str, ...]]:
    """Two rows of a level: base pay beside the published guide's band and its verdict, then total pay."""
    for component in ("base", "total"):
        median = band(level, component)
        found = edition.figures.get(str(median))
        counts = ("", "")
        if isinstance(found, Published):
            counts = (numbers.count(found.estimate.n), numbers.named(found.estimate.n_employers))
        first = component == "base"
        yield (
            f"{words.level_name(level)}, {words.level_years(level)}" if first else "",
            component,
            _half(edition.figures, median),
            _median(edition.figures, median),
            *counts,
            numbers.stated(verdict.claim) if verdict and first else "",
            f"{words.mark(verdict.judgement)} {verdict.judgement}" if verdict and first else "",
        )


def _verdicts(edition: Edition) -> dict[str, Verdict]:
    return {verdict.claim.id: verdict for verdict in edition.verdicts}


def bands(edition: Edition) -> tuple[str, tuple[str, ...], list[tuple[str, ...]]]:
    """The title, the columns and two rows a level: base and total pay with the counts of their medians, the
    published guide's band and its verdict.
    """
    manifest = edition.manifest
    basis = f"{manifest.get('currency', '')} a year, {manifest.get('date', '')}"
    title = f"{manifest.get('title', 'Salary guide')} ({basis})"
    judged = _verdicts(edition)
    rows = [row for level in LADDER for row in _rows(edition, level, judged.get(f"band.{level}"))]
    return title, COLUMNS, rows


def as_data(edition: Edition) -> dict[str, Any]:
    """The same for a program: each band's figures as edition.json has them, and the four verdicts."""
    judged = _verdicts(edition)
    names = [
        str(band(level, component, quantile))
        for level in LADDER
        for component in ("base", "total")
        for quantile in _QUANTILES
    ]
    unknown = {name: Unknown(name, name, "This edition does not estimate it.") for name in names}
    return {
        "title": edition.manifest.get("title", ""),
        "date": str(edition.manifest.get("date", "")),
        "figures": {name: figure_data(edition.figures.get(name, unknown[name])) for name in names},
        "verdicts": [verdict_data(judged[f"band.{level}"]) for level in LADDER if f"band.{level}" in judged],
    }


def footnotes(edition: Edition) -> list[str]:
    """What must be said below the table: what an interval covers, what was withheld, how claims fared."""
    figures = edition.figures.values()
    coverages = sorted({figure.estimate.coverage for figure in figures if isinstance(figure, Published)})
    stated = numbers.percent(coverages[-1]) if coverages else ""
    withheld = sum(isinstance(figure, Withheld) for figure in figures)
    counted: dict[str, int] = {}
    for verdict in edition.verdicts:
        counted[str(verdict.judgement)] = counted.get(str(verdict.judgement), 0) + 1
    held = "draws of the model, of how far sources lie off and of the market's shares"
    lines = [f"Intervals are {stated}: {held}. n counts data points, not adverts."]
    lines += (
        [f"{numbers.count(withheld)} figures are withheld; the page says which and why."] if withheld else []
    )
    if counted:
        told = ", ".join(f"{number} {name}" for name, number in sorted(counted.items()))
        lines.append(f"The audited guide's claims: {told}.")
    return lines
