"""What a table of postings has yielded so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from payguide.base.inputs import Document, Observation, Posting, Reading, Rejection
from payguide.decode.posting import observations_of
from payguide.decode.table.columns import Columns
from payguide.decode.table.facts import Facts, refusal, rejections


@dataclass(slots=True)
class Accumulator:
    """The postings, observations and refusals of one table while its rows are read."""

    document: Document
    facts: Facts
    refused: list[Rejection]
    observations: list[Observation] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)

    @classmethod
    def started(cls, document: Document, columns: Columns, facts: Facts) -> Accumulator:
        """Nothing yet but the rows that the map's rules refuse."""
        return cls(document, facts, list(rejections(document, columns, facts)))

    def refuse(self, row: int, rule: str, found: str) -> None:
        """Write down that a row, or a part of it, breaks a rule."""
        self.refused.append(refusal(self.document, self.facts, row, rule, found))

    def add(self, row: int, posting: Posting) -> None:
        """Keep a row's posting and the pay it states on the row's day."""
        self.postings.append(posting)
        self.observations += observations_of(posting, self.document.card, self.facts.day[row])

    def reading(self) -> Reading:
        """Everything read so far."""
        return Reading(tuple(self.observations), tuple(self.postings), tuple(self.refused))
