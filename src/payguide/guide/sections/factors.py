"""What affects pay: one group of adjusted effects a factor, each with a plot, a sentence and a table."""

from __future__ import annotations

from dataclasses import dataclass

from payguide.base.edition import Edition, Verdict
from payguide.base.estimates import Estimate, Published
from payguide.base.figure_id import figure_id, of_form
from payguide.guide import prose
from payguide.guide.shown import Sentence, Shown, show


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: the effects that are published, those that are not, and the claims about it.

    `estimates` are the published effects for the plot, largest first; `rows` the same for the table.
    `apart` are figures of another kind that belong here (a share, a spread).
    """

    key: str
    title: str
    against: str
    sentence: Sentence
    estimates: tuple[Estimate, ...]
    rows: tuple[Shown, ...]
    missing: tuple[Shown, ...]
    apart: tuple[Shown, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def told(self) -> bool:
        """Whether there is anything to tell: a figure, or what the published guide says."""
        return bool(self.rows or self.apart or self.verdicts)


#: Section key, heading, what an effect is measured against, and the forms of the figures in it.
_GROUPS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("tier", "Employer tier", "all others", ("tier",)),
    ("place", "Place", "all others", ("place",)),
    ("remote", "Remote work", "all others", ("remote",)),
    ("depth", "Technical depth", "postings that do not name it", ("specialisation",)),
    ("industry", "Industry", "all others", ("industry",)),
    ("lifecycle", "Breadth over the lifecycle", "postings that name fewer stages", ("stage", "full")),
)

_APART = {
    "remote": (
        figure_id("single_band"),
        figure_id("spread", remote="onsite"),
        figure_id("spread", remote="remote"),
    ),
    "place": (figure_id("correlation"), figure_id("place_error")),
}

#: Effects that say nothing to a reader: the category is "not known".
_SILENT = ("unknown", "unstated")


def factors(edition: Edition) -> list[Factor]:
    """Every factor in the published guide's order."""
    return [_factor(edition, *group) for group in _GROUPS]


def _factor(edition: Edition, key: str, title: str, against: str, forms: tuple[str, ...]) -> Factor:
    ids = [str(one) for one in of_form(edition.figures, *forms) if one.population[1] not in _SILENT]
    known = [found.estimate for name in ids if isinstance(found := edition.figures[name], Published)]
    ranked = tuple(sorted(known, key=lambda estimate: (-estimate.value, estimate.id)))
    shown = tuple(show(edition.figures, estimate.id) for estimate in ranked)
    return Factor(
        key=key,
        title=title,
        against=against,
        sentence=prose.effects(shown, against),
        estimates=ranked,
        rows=shown,
        missing=tuple(s for name in ids if not (s := show(edition.figures, name)).published),
        apart=tuple(s for name in _APART.get(key, ()) if (s := show(edition.figures, name)).published),
        verdicts=tuple(v for v in edition.verdicts if v.claim.options.get("section") == key),
    )
