"""The role against software engineers: total pay within the same employer, grade or years, and metro."""

from __future__ import annotations

from collections.abc import Iterator

from payguide.base.codes import Role
from payguide.base.estimates import Estimate, Unknown
from payguide.base.figure_id import figure_id
from payguide.fit.effects import Effects, own
from payguide.fit.frame import Frame
from payguide.fit.lookup import Evidence


def premium(evidence: Evidence, frame: Frame) -> Iterator[Estimate | Unknown]:
    """The role against software engineers: total pay within employer x grade (or years) x metro.

    The gap's moments compare ML engineers: an edition about another role has no such figure.
    """
    if frame.role is not Role.ML_ENGINEER:
        return
    found = Effects(evidence, frame)
    for name, within, who in (
        ("grade", "grade", "all"),
        ("years", "years", "all"),
        ("top", "grade", "top"),
        ("other", "grade", "other"),
    ):
        figure = figure_id("swe", within=name)
        yield found.figure(
            figure,
            own("ml"),
            label=figure.label(role=frame.role),
            kinds=("self_report",),
            model=f"gap.{{kind}}.total.{within}.{who}",
            method=f"within employer x {within} x metro",
            notes=("Total pay; the difference is within the same employer, so the date cancels.",),
        )
