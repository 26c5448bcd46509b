"""The nouns of the way in: documents, what was read from them, and what was refused.

All are frozen and validated on construction. Amounts are as stated: not annualised, not converted.
"""

from __future__ import annotations

import gzip
import hashlib
import io
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from payguide.base.codes import (
    Basis,
    Component,
    Confidentiality,
    DegreeName,
    Duty,
    EvidenceKind,
    Focus,
    Industry,
    Level,
    LevelReading,
    Period,
    Remote,
    Role,
    Specialisation,
    Stage,
    Statistic,
    Tier,
)
from payguide.base.reference.plausible import MAX_YEARS


@dataclass(frozen=True, slots=True)
class SourceCard:
    """Where a source comes from and what it may be used for.

    `name` is the short id written beside every observation ("ashby", "levels"); `bias` is the source's known
    bias in one sentence, printed on the page.
    """

    name: str
    title: str
    origin: str
    licence: str
    kind: EvidenceKind
    retrieved_at: date
    bias: str = ""
    confidentiality: Confidentiality = Confidentiality.PUBLIC


@dataclass(frozen=True, slots=True)
class Document:
    """One retrieved thing, as it came.

    `media_type` decides which reader of `decode` takes it, e.g. `application/vnd.ashby.posting+json`,
    `text/csv; map=levels`. `name` says where it lay (file and place in it), for messages. One too large to be held
    (`path`, of `length` bytes) lies where it lay, and its `content` is empty. It may be `packed` there by gzip, which
    its hash and length do not know of.
    """

    content: bytes
    media_type: str
    card: SourceCard
    name: str
    sha256: str = ""
    path: Path | None = None
    length: int = 0
    packed: bool = False

    def __post_init__(self) -> None:
        """Compute the hash where none was given."""
        if not self.sha256:
            object.__setattr__(self, "sha256", hashlib.sha256(self.content).hexdigest())

    @property
    def identity(self) -> tuple[str, ...]:
        """What tells it apart. What was public and is given as confidential is another, and makes its source so."""
        secrecy = self.card.confidentiality
        return self.card.name, self.sha256, *([secrecy] if secrecy is Confidentiality.CONFIDENTIAL else ())

    @property
    def size(self) -> int:
        """The number of its bytes."""
        return self.length if self.path else len(self.content)

    def open(self) -> BinaryIO:
        """Its bytes as a stream."""
        if self.path is None:
            return io.BytesIO(self.content)
        # the reader of lines and columns reads ahead; the stream below need not be buffered as well
        return io.BufferedReader(gzip.GzipFile(self.path)) if self.packed else self.path.open("rb")

    def read(self) -> bytes:
        """All of its bytes."""
        with self.open() as stream:
            return stream.read()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row or document that was refused: the rule it broke, what was found, and where."""

    rule: str
    found: str
    where: str
    source: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as far as it is known. `metro` is a US CBSA code ("41860"), `region` a two-letter state in the
    US, `country` an ISO 3166 two-letter code. Empty means not known.
    """

    city: str = ""
    region: str = ""
    country: str = ""
    metro: str = ""


@dataclass(frozen=True, slots=True)
class Employer:
    """One employer over its spellings. `id` is the canonical slug; empty means not known.

    `parent` is the id of who owns an employer that pays by a ladder of its own, `size` its people as a band
    ("201-500"). `known_by` says how the tier is known: "list" (a list names it), "rule" (its own name or its
    filings say it), or not at all.
    """

    id: str = ""
    name: str = ""
    tier: Tier = Tier.UNKNOWN
    industry: Industry = Industry.UNKNOWN
    parent: str = ""
    size: str = ""
    known_by: str = ""


@dataclass(frozen=True, slots=True)
class Degree:
    """The lowest degree a posting requires and the highest it prefers; None where not mentioned."""

    required: DegreeName | None = None
    preferred: DegreeName | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Who and what a statement of pay is about. `years_min` to `years_max` are years of experience, `tenure` those with
    the employer.
    """

    role: Role
    level: Level = Level.UNSTATED
    level_read_from: LevelReading = LevelReading.NONE
    years_min: float | None = None
    years_max: float | None = None
    tenure: float | None = None
    grade: str = ""
    title: str = ""
    focus: Focus | None = None
    place: Place = Place()
    remote: Remote = Remote.UNSTATED
    employer: Employer = Employer()
    degree: Degree = Degree()
    skills: tuple[str, ...] = ()
    specialisations: tuple[Specialisation, ...] = ()
    stages: tuple[Stage, ...] = ()
    duties: tuple[Duty, ...] = ()

    def __post_init__(self) -> None:
        """Refuse impossible years."""
        low, high = self.years_min, self.years_max
        if low is not None and not 0 <= low <= MAX_YEARS:
            raise ValueError(f"years of experience must lie in 0-{MAX_YEARS}, not {low}")
        if low is not None and high is not None and high < low:
            raise ValueError(f"years run backwards: {low}-{high}")
        if self.tenure is not None and not 0 <= self.tenure <= MAX_YEARS:
            raise ValueError(f"years with the employer must lie in 0-{MAX_YEARS}, not {self.tenure}")


@dataclass(frozen=True, slots=True)
class PayBand:
    """One band as stated. "Up to X" has `low` None, "from X" has `high` None.

    `span` is the [start, end) of the statement in the text it was read from, None for a structured field.
    """

    low: float | None
    high: float | None
    currency: str
    period: Period
    basis: Basis = Basis.BASE
    scope: str = ""
    span: tuple[int, int] | None = None
    quote: str = ""

    def __post_init__(self) -> None:
        """A band has an end, and its ends do not run backwards."""
        if self.low is None and self.high is None:
            raise ValueError("a band needs at least one end")
        if self.low is not None and self.high is not None and self.high < self.low:
            raise ValueError(f"the band runs backwards: {self.low}-{self.high}")


@dataclass(frozen=True, slots=True)
class Posting:
    """What a careful reader writes down of one job posting, with or without pay.

    `pay` is read from the text, `structured_pay` from the job board's own field: two readings, both kept.
    `has_text` says that a text was there to read: only such postings count when shares of postings are taken.
    """

    id: str
    profile: Profile
    pay: tuple[PayBand, ...] = ()
    structured_pay: tuple[PayBand, ...] = ()
    warnings: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    url: str = ""
    date: date | None = None
    source: str = ""
    sha256: str = ""
    has_text: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """One statement of pay.

    `record` is the id of the thing in its source (posting id, table row); several observations may share it
    (base and total of one survey answer, the zones of one posting). `locator` says where in the document the
    amount stands: `text`, `field:compensationTiers[0]`, `column:basesalary`.
    `statistic` is set for official statistics only: the amount is then that statistic, not one worker's pay.
    `quote` is the phrase that states the amount where it was read from words: never more of the text.
    `top_coded` marks an amount known only as "at least": `low` is set and `high` is None.
    """

    source: str
    kind: EvidenceKind
    record: str
    profile: Profile
    component: Component
    low: float | None
    high: float | None
    currency: str
    period: Period
    date: date
    basis: Basis = Basis.BASE
    scope: str = ""
    statistic: Statistic | None = None
    top_coded: bool = False
    sample: int | None = None
    confidentiality: Confidentiality = Confidentiality.PUBLIC
    sha256: str = ""
    span: tuple[int, int] | None = None
    quote: str = ""
    locator: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        """Refuse what no reader may produce; the evidence contract judges plausibility."""
        if not self.source or not self.record:
            raise ValueError("an observation names its source and its record")
        if self.low is None and self.high is None:
            raise ValueError("an observation states an amount")

    @property
    def key(self) -> str:
        """The stable identity (hex): the same statement of the same source has the same key."""
        parts = (
            self.source, self.record, self.component, self.basis, self.scope, self.locator,
            self.statistic or "", self.currency, self.period, repr(self.low), repr(self.high),
        )  # fmt: skip
        return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything `decode` got out of one document: nothing is dropped, what is refused is named."""

    observations: tuple[Observation, ...] = ()
    postings: tuple[Posting, ...] = ()
    rejections: tuple[Rejection, ...] = field(default_factory=tuple)
