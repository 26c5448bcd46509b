"""The nouns of a release: claims and verdicts, the records that may be shown, the edition itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from payguide.base.codes import Component, EvidenceKind
from payguide.base.estimates import Figure

#: How the name of an edition goes on that is its owner's alone: where it was written.
OWNER: Final = " for its owner, in "


class Judgement(StrEnum):
    """What the evidence says of a claim."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    MIXED = "mixed"
    NOT_ENOUGH = "not enough evidence"


class Outcome(StrEnum):
    """How one reading of a claim comes out, by a figure's interval."""

    HOLDS = "holds"
    FAILS = "fails"
    OPEN = "open"


class Rank(StrEnum):
    """How near a reading is to a claim's words."""

    PLAIN = "plainest"
    EQUAL = "equally allowed"
    LOOSE = "possible"
    ASIDE = "not counted"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with a figure that a guide prints, as a formal test against figures.

    `test` names the test (`band`, `within`, `at_least`, `pairs`, ...), `figures` the ids it reads,
    `stated` the claim's own numbers in the figures' unit.
    """

    id: str
    sentence: str
    test: str
    figures: tuple[str, ...]
    stated: tuple[float, ...] = ()
    options: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a claim: its name, how it came out and the clause that says so, the figures that it rests on."""

    outcome: Outcome
    name: str
    clause: str
    figures: tuple[str, ...] = ()
    rank: Rank = Rank.PLAIN


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim judged: the figures that decide, why in one plain sentence, and how each reading came out."""

    claim: Claim
    judgement: Judgement
    why: str
    deciding: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """One piece of evidence as whoever checks a figure may see it: whose pay is stated, where, and in what words.

    `levels` are the levels it counts in, each with its share of the piece (their sum is 1; one level where the title
    or the years worked say it, none where nothing does). `low` and `high` are annual, in the edition's currency;
    `stated` is the band as the source has it, `quote` the phrase of a text. `outlier` is the stage that marks it: it
    counts in no figure then. `n_records` stand behind it in its source. `employer_id` is the employer's slug.
    """

    key: str
    source: str
    kind: EvidenceKind
    component: Component
    levels: Mapping[str, float]
    employer: str
    title: str
    place: str
    metro: str
    remote: str
    tier: str
    industry: str
    specialisations: tuple[str, ...]
    low: float
    high: float
    stated: str
    quote: str
    date: date
    url: str
    n_records: int
    outlier: str = ""
    employer_id: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRecords:
    """The public pieces of evidence on an edition's role, the newest first. `pieces` counts all of each source, those
    that are not shown too: of a confidential source none is.
    """

    shown: tuple[EvidenceRecord, ...]
    pieces: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Edition:
    """One release: manifest, figures by id (sorted), verdicts, the model file's content, and the public pieces of
    evidence (None where it was made without the evidence itself).
    """

    manifest: Mapping[str, object]
    figures: Mapping[str, Figure]
    verdicts: tuple[Verdict, ...] = ()
    model: Mapping[str, object] | None = None
    records: EvidenceRecords | None = None
