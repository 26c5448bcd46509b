"""Skill premiums: every skill in one regression, held to a false-discovery rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.context import EditionContext
from payguide.fit.effects.adjusted import WITHOUT, Effects, own
from payguide.fit.effects.contrasts import plain
from payguide.fit.effects.regression import discoveries, p_values

#: The share of false discoveries allowed among the skills that are called significant.
FALSE_DISCOVERIES = 0.10


def skills(evidence: AggregateIndex, frame: EditionContext) -> Iterator[Estimate | Unknown]:
    """The premium of each skill with a column, all in one regression, with false-discovery control."""
    found = Effects(evidence, frame)
    model = "skills.{kind}.base.{role}"
    regression = found.fit(model.format(kind="posted_range", role=frame.role))
    if regression is None:
        return
    slugs = [name.removeprefix("skill=") for name in regression.columns if name.startswith("skill=")]
    read = {slug: plain(regression, f"skill={slug}") for slug in slugs}
    known = {slug: measured for slug, measured in read.items() if measured is not None}
    stands = discoveries(p_values([measured.spread for measured in known.values()]), FALSE_DISCOVERIES)
    for slug in sorted(slugs):
        figure = found.figure(
            figure_id("skill_premium", skill=slug),
            own(f"skill={slug}"),
            kinds=("posted_range",),
            method=WITHOUT + ", all skills together",
            model=model,
        )
        if isinstance(figure, Estimate):
            significant = bool(stands[list(known).index(slug)])
            verdict = "Significant" if significant else "Not significant"
            note = f"{verdict} after false-discovery control (Benjamini-Hochberg, {FALSE_DISCOVERIES:.0%})."
            figure = replace(figure, notes=(*figure.notes, note), significant=significant)
        yield figure
