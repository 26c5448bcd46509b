"""Questions and answers: the published guide's questions, answered from figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from payguide.base.edition import Edition, Verdict
from payguide.base.estimates import Figure
from payguide.base.figure_id import of_form
from payguide.guide import prose
from payguide.guide.shown import Sentence, Shown


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its answer in sentences, the figure whose evidence stands for it (the first that is published),
    and the published guide's claims about it.
    """

    key: str
    question: str
    answer: tuple[Sentence, ...]
    basis: Shown | None
    verdicts: tuple[Verdict, ...]


_QUESTIONS: tuple[tuple[str, str, Callable[[Mapping[str, Figure]], list[Sentence]]], ...] = (
    ("average", "What does {one} earn on average?", prose.average),
    ("senior", "What do senior {many} earn?", prose.senior),
    ("degree", "Do you need an advanced degree?", prose.degree),
    ("swe", "How does the pay compare with software engineers?", prose.software),
)


def questions(edition: Edition) -> list[Question]:
    """The questions, answered. Only a role that is compared with software engineers is asked how it compares."""
    names = {key: str(edition.manifest.get(key, word)) for key, word in (("one", "one"), ("many", "people"))}
    compared = bool(of_form(edition.figures, "swe"))
    told = []
    for key, asked, answer in _QUESTIONS:
        if key == "swe" and not compared:
            continue
        sentences = tuple(answer(edition.figures))
        shown = (part for sentence in sentences for part in sentence if isinstance(part, Shown))
        basis = next((part for part in shown if part.published), None)
        verdicts = tuple(v for v in edition.verdicts if v.claim.options.get("section") == key)
        told.append(Question(key, asked.format(**names), sentences, basis, verdicts))
    return told
