"""The evidence behind every figure: one entry a figure, published or not, grouped by what it is about."""

from __future__ import annotations

from dataclasses import dataclass

from payguide.base.figures import Edition, Estimate, Published
from payguide.guide import numbers
from payguide.guide.shown import Shown, show

#: Headings by the first part of an id, in the page's order.
_GROUPS = {
    "role": "What the role does",
    "band": "Bands of pay",
    "step": "Steps between levels",
    "kind": "By kind of evidence",
    "offset": "Kinds of evidence against each other",
    "share": "Shares above a threshold",
    "uplift": "Total pay over base pay",
    "duty": "Duties by level",
    "official": "Official statistics",
    "tier": "Employer tier",
    "place": "Place",
    "remote": "Remote work",
    "specialisation": "Technical depth",
    "industry": "Industry",
    "lifecycle": "Breadth over the lifecycle",
    "skill": "Skills",
    "degree": "Degrees",
    "swe": "Against software engineers",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure's evidence. `sources` are lines such as "levels: $190K, weight 62%"."""

    shown: Shown
    label: str
    sources: tuple[tuple[str, str], ...] = ()
    method: str = ""
    coverage: str = ""
    disagreement: str = ""
    borrowed: str = ""
    notes: tuple[str, ...] = ()


def heading(figure: str) -> str:
    """The heading of a figure's id."""
    return _GROUPS.get(figure.split(".")[0], "Other")


def entries(edition: Edition) -> list[tuple[str, list[Entry]]]:
    """Every figure under its heading; headings without figures are left out."""
    grouped: dict[str, list[Entry]] = {title: [] for title in (*_GROUPS.values(), "Other")}
    for name, figure in edition.figures.items():
        title = heading(name)
        shown = show(edition.figures, name)
        if isinstance(figure, Published):
            grouped[title].append(_entry(shown, figure.estimate))
        else:
            grouped[title].append(Entry(shown, figure.label))
    return [(title, found) for title, found in grouped.items() if found]


def _entry(shown: Shown, estimate: Estimate) -> Entry:
    several = len(estimate.sources) > 1
    lines = tuple(
        (
            source.source,
            numbers.amount(
                source.value, estimate.unit, currency=estimate.currency, digits=int(abs(source.value) < 0.1)
            )
            + (f", weight {numbers.percent(source.weight)}" if several else ""),
        )
        for source in estimate.sources
    )
    told = "" if estimate.heterogeneity is None else numbers.percent(estimate.heterogeneity)
    return Entry(
        shown,
        estimate.label,
        lines,
        estimate.method,
        numbers.percent(estimate.coverage) if estimate.coverage else "",
        told,
        "" if estimate.borrowed is None else numbers.percent(estimate.borrowed),
        estimate.notes,
    )
