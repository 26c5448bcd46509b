"""Questions and answers: the published guide's four questions, answered from figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from payguide.base.figures import Edition, Figure, Verdict
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
    ("average", "What does an {role} earn on average?", prose.average),
    ("senior", "What do senior {role}s earn?", prose.senior),
    ("degree", "Do you need an advanced degree?", prose.degree),
    ("swe", "How does the pay compare with software engineers?", prose.software),
)


def questions(edition: Edition, role: str) -> list[Question]:
    """The four questions, answered; `role` is the role's name for a reader ("ML engineer")."""
    told = []
    for key, asked, answer in _QUESTIONS:
        sentences = tuple(answer(edition.figures))
        shown = (part for sentence in sentences for part in sentence if isinstance(part, Shown))
        basis = next((part for part in shown if part.published), None)
        verdicts = tuple(v for v in edition.verdicts if v.claim.options.get("section") == key)
        told.append(Question(key, asked.format(role=role), sentences, basis, verdicts))
    return told
