"""A figure as the page shows it: its text, its evidence, or why it is missing. Never a bare number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from payguide.base.estimates import Figure, Published, Withheld
from payguide.base.figure_id import FigureId, find
from payguide.guide import numbers, words

#: The pages with the evidence of every figure: bands of narrower populations are so many that they have one of their
#: own.
EVIDENCE: Final = "evidence.html"
EVIDENCE_NARROWER: Final = "evidence-populations.html"

#: Why a figure that no stage asked for is missing.
_NOT_ESTIMATED = "This edition does not estimate it."


def evidence_page(figure: str) -> str:
    """The page with a figure's evidence, by its id."""
    found = find(figure)
    return f"{found.form.page}.html" if found else EVIDENCE


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure on a page.

    `text` is what is read ("$182K"; "withheld" or "not known" where there is no value), `value` the plain
    number for programs, `interval` its interval in words ("" where the figure has none), `why` says why it
    is missing. `employers` is None where none is named, `unnamed` pieces name none, `largest` says which employer
    dominates. `borrowed` is the share that a broader population has in it. `sure` tells whether an effect
    can be told from zero, `listed` whether the edition has anything of that id, so that there is an entry
    to lead to.
    """

    id: str
    name: str
    status: str
    text: str
    value: str = ""
    interval: str = ""
    n: int = 0
    n_records: int = 0
    employers: int | None = 0
    unnamed: int = 0
    largest: str = ""
    sources: tuple[str, ...] = ()
    borrowed: str = ""
    why: str = ""
    sure: bool = False
    listed: bool = True

    @property
    def entry(self) -> str:
        """Where its evidence is: the page and the place on it."""
        return f"{evidence_page(self.id)}#f-{self.id}"

    @property
    def published(self) -> bool:
        """Whether there is a value to show."""
        return self.status == "published"


@dataclass(frozen=True, slots=True)
class Between:
    """A figure's interval where a sentence says it."""

    of: Shown


@dataclass(frozen=True, slots=True)
class Why:
    """Why a figure is missing, where a sentence says it."""

    about: Shown


#: A part of a sentence: words, a figure, its interval, or why it is missing.
Part = str | Shown | Between | Why

Sentence = tuple[Part, ...]


def sized(shown: Shown) -> Sentence:
    """A figure with its interval behind it in brackets; by itself where it has none."""
    return (shown, " (", Between(shown), ")") if shown.published and shown.interval else (shown,)


def show(figures: Mapping[str, Figure], of: str | FigureId) -> Shown:
    """The figure of an id, whatever became of it."""
    figure = str(of)
    found = figures.get(figure)
    if isinstance(found, Published):
        estimate = found.estimate
        return Shown(
            id=figure,
            name=words.name(figure, estimate.label),
            status="published",
            text=numbers.value(estimate),
            value=f"{estimate.value:.6g}" if abs(estimate.value) < 1e6 else f"{estimate.value:.0f}",
            interval=numbers.interval(estimate) if estimate.coverage else "",
            n=estimate.n,
            n_records=estimate.n_records,
            employers=estimate.n_employers,
            unnamed=estimate.n_unnamed,
            largest=numbers.largest(estimate),
            sources=tuple(source.source for source in estimate.sources),
            borrowed="" if estimate.borrowed is None else numbers.percent(estimate.borrowed),
            sure=estimate.sure,
        )
    if found is None:
        return Shown(figure, words.name(figure), "unknown", "not known", why=_NOT_ESTIMATED, listed=False)
    status, text = ("withheld", "withheld") if isinstance(found, Withheld) else ("unknown", "not known")
    return Shown(figure, words.name(figure, found.label), status, text, why=found.why)
