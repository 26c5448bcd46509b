"""The role against software engineers: pay within the same employer, grade or years, and metro."""

from __future__ import annotations

from collections.abc import Iterator

from payguide.base.codes import Component, Role
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.fit.aggregate_index import AggregateIndex
from payguide.fit.context import EditionContext
from payguide.fit.effects.adjusted import Effects, own

#: What is compared: the figure's word, on which rung, at whose employers.
_COMPARED = (
    ("grade", "grade", "all"),
    ("years", "years", "all"),
    ("top", "grade", "top"),
    ("other", "grade", "other"),
    ("years_top", "years", "top"),
    ("years_other", "years", "other"),
)


def premium(evidence: AggregateIndex, frame: EditionContext) -> Iterator[Estimate | Unknown]:
    """The role against software engineers: total and base pay within employer x grade (or years) x metro.

    The gap's moments compare ML engineers: an edition about another role has no such figure.
    """
    if frame.role is not Role.ML_ENGINEER:
        return
    found = Effects(evidence, frame)
    for form, component in (("swe", Component.TOTAL), ("swe_base", Component.BASE)):
        for name, within, who in _COMPARED:
            figure = figure_id(form, within=name)
            yield found.figure(
                figure,
                own("ml"),
                label=figure.label(role=frame.role),
                kinds=("self_report",),
                model=f"gap.{{kind}}.{component}.{within}.{who}",
                method=f"within employer x {within} x metro",
                notes=(
                    f"{component.capitalize()} pay; the difference is within the same employer, so the date cancels.",
                ),
            )
