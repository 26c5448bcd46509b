"""The evidence behind every figure, published or not: figures that rest on the same evidence, such as the percentiles
of a band, share an entry. Entries are grouped by what they are about.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from payguide.base.codes import EvidenceKind
from payguide.base.edition import Edition
from payguide.base.estimates import Estimate, Figure, Published, SourceEstimate, Unit
from payguide.base.figure_id import OTHER, find, headings, stem
from payguide.guide import numbers, words
from payguide.guide.shown import EVIDENCE, Shown, evidence_page, show

#: Standard errors by which a source's own value and a figure of the market part by more than chance.
CHANCE: Final = 2.0
#: Days after which statements are older than what an index can be trusted to age.
OLD: Final = 730


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of every figure of an entry: of a source, its own values with their weights; else `title` says what.

    `texts` has one a figure, empty where there is none. `influence` is how far the figures move with what the source
    states; `why` says why it may part from them, where it does by more than chance.
    """

    title: str
    source: str
    texts: tuple[str, ...]
    influence: str = ""
    why: str = ""


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
    rows = [_of_source(list(zip(estimates, said, strict=True))) for said in by_source]
    for title, shares in (
        ("Disagreement", [estimate.heterogeneity for estimate in estimates]),
        ("Borrowed", [estimate.borrowed for estimate in estimates]),
    ):
        texts = tuple("" if share is None else numbers.percent(share) for share in shares)
        rows += [Row(title, "", texts)] if any(texts) else []
    return tuple(rows)


def _of_source(said: Sequence[tuple[Estimate, SourceEstimate]]) -> Row:
    """The row of one source."""
    estimate, source = said[0]
    parts = any(abs(apart(*pair)) > CHANCE for pair in said)
    moves = _of_market(estimate) and estimate.unit is Unit.MONEY
    return Row(
        title="",
        source=source.source,
        texts=tuple(_by_itself(*pair) for pair in said),
        influence=numbers.percent(source.weight) if moves else "",
        why=_why(estimate, source) if parts else "",
    )


def _of_market(estimate: Estimate) -> bool:
    """Whether a figure is of the market's model, its sources beside it as a check."""
    found = find(estimate.id)
    return found is not None and found.form.market


def _why(estimate: Estimate, source: SourceEstimate) -> str:
    """Why a source may say something else than the market's figure."""
    told = [
        ("older", (estimate.date - source.mean_date).days > OLD),
        ("scale", source.kind is not EvidenceKind.SELF_REPORT),
        ("people", True),
    ]
    return ", ".join(words.vocabulary()["apart"][name] for name, holds in told if holds)


def apart(estimate: Estimate, source: SourceEstimate) -> float:
    """By how many standard errors of both a source's own value lies above a figure of the market, on the log scale; 0
    where nothing tells.
    """
    if not _of_market(estimate) or not estimate.coverage:
        return 0.0
    plus = float(estimate.unit is Unit.EFFECT)
    if min(estimate.low, source.low) + plus <= 0:
        return 0.0
    wide = 2 * NormalDist().inv_cdf(0.5 + estimate.coverage / 2)
    errors = [math.log((one.high + plus) / (one.low + plus)) / wide for one in (estimate, source)]
    return math.log((source.value + plus) / (estimate.value + plus)) / max(math.hypot(*errors), 1e-9)


def _by_itself(estimate: Estimate, source: SourceEstimate) -> str:
    """A source's own value, with its weight in a blend where it is not alone: "$190K, weight 62%"; beside a figure of
    the market with how many standard errors it lies apart, where that is more than chance: "$190K, apart +2.4".
    """
    digits = int(abs(source.value) < 0.1)
    value = numbers.amount(source.value, estimate.unit, currency=estimate.currency, digits=digits)
    if not _of_market(estimate):
        return f"{value}, weight {numbers.percent(source.weight)}" if len(estimate.sources) > 1 else value
    distance = apart(estimate, source)
    return f"{value}, apart {distance:+.1f}".replace(" -", " −") if abs(distance) > CHANCE else value
