"""The evidence behind every figure, published or not: figures that rest on the same evidence, such as the percentiles
of a band, share an entry. Entries are grouped by what they are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Figure, Published, SourceEstimate
from payguide.base.figure_id import OTHER, find, headings, stem
from payguide.guide import numbers
from payguide.guide.shown import EVIDENCE, Shown, evidence_page, show


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of every figure of an entry: of a source, its own values with their weights; else `title` says what.

    `texts` has one a figure, empty where there is none.
    """

    title: str
    source: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """The evidence of figures that rest on the same. `names` tells them apart; of one alone it is empty."""

    label: str
    figures: tuple[Shown, ...]
    names: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    method: str = ""

    @property
    def first(self) -> Shown:
        """Any of the figures: what they rest on is the same."""
        return self.figures[0]


def heading(figure: str) -> str:
    """The heading of a figure's id on its page."""
    found = find(figure)
    return found.form.heading if found else OTHER


def entries(edition: Edition, page: str = EVIDENCE) -> list[tuple[str, list[Entry]]]:
    """Every figure of a page under its heading; headings without figures are left out."""
    together: dict[tuple[object, ...], list[str]] = {}
    for name, figure in edition.figures.items():
        if evidence_page(name) == page:
            together.setdefault((heading(name), *_rests_on(name, figure)), []).append(name)
    grouped: dict[str, list[Entry]] = {title: [] for title in headings()}
    for (title, *_), names in together.items():
        grouped[str(title)].append(_entry(edition, names))
    return [(title, found) for title, found in grouped.items() if found]


def _rests_on(name: str, figure: Figure) -> tuple[object, ...]:
    """What figures must have in common to share an entry: all but the last part of the id, the words before the last
    comma of the label, and the evidence; or the reason why they are missing.
    """
    if not isinstance(figure, Published):
        return stem(name), _head(figure.label), type(figure).__name__, figure.why
    e = figure.estimate
    sources = tuple((source.source, source.kind) for source in e.sources)
    return (
        stem(name),
        _head(e.label),
        e.n,
        e.n_records,
        e.n_employers,
        e.n_unnamed,
        e.largest,
        sources,
        e.method,
    )


def _head(label: str) -> str:
    return label.rpartition(", ")[0] or label


def _last(name: str, label: str) -> str:
    """What tells a figure of an entry apart: "P10", "Median", else what its label ends in."""
    found, told = find(name), label.rpartition(", ")[2]
    if found and found.quantile not in (None, 0.5):
        return found.get("statistic").upper()
    return f"{told[:1].upper()}{told[1:]}"


def _entry(edition: Edition, names: Sequence[str]) -> Entry:
    """The entry of figures that rest on the same evidence."""
    figures = [edition.figures[name] for name in names]
    labels = [f.estimate.label if isinstance(f, Published) else f.label for f in figures]
    several = len(names) > 1
    known = [figure.estimate for figure in figures if isinstance(figure, Published)]
    return Entry(
        label=_head(labels[0]) if several else labels[0],
        figures=tuple(show(edition.figures, name) for name in names),
        names=tuple(map(_last, names, labels)) if several else (),
        rows=_rows(known),
        method=known[0].method if known else "",
    )


def _rows(estimates: Sequence[Estimate]) -> tuple[Row, ...]:
    """What each source says by itself, then how far they disagree and what was borrowed, where anything was."""
    if not estimates:
        return ()
    by_source = zip(*(estimate.sources for estimate in estimates), strict=True)
    rows = [
        Row("", said[0].source, tuple(_by_itself(*pair) for pair in zip(estimates, said, strict=True)))
        for said in by_source
    ]
    for title, shares in (
        ("Disagreement", [estimate.heterogeneity for estimate in estimates]),
        ("Borrowed", [estimate.borrowed for estimate in estimates]),
    ):
        texts = tuple("" if share is None else numbers.percent(share) for share in shares)
        rows += [Row(title, "", texts)] if any(texts) else []
    return tuple(rows)


def _by_itself(estimate: Estimate, source: SourceEstimate) -> str:
    """A source's own value, with its weight where it is not alone: "$190K, weight 62%"."""
    digits = int(abs(source.value) < 0.1)
    value = numbers.amount(source.value, estimate.unit, currency=estimate.currency, digits=digits)
    return f"{value}, weight {numbers.percent(source.weight)}" if len(estimate.sources) > 1 else value
