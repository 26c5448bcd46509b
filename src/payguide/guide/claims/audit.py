"""Guides audited: what each asserts, judged, which part of it fails, and how guides compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Final

from payguide.base.edition import Edition, Judgement, Outcome, Rank, Verdict
from payguide.base.figure_id import find, word
from payguide.base.guides import GuideClaim, GuidePage
from payguide.guide.claims.judge import judge
from payguide.guide.codec import plain, verdict_data
from payguide.guide.words import place_name

#: How a part of a claim comes out, by the outcomes of its readings.
_YES, _PARTLY, _NO, _OPEN = "yes", "partly", "no", "open"
#: A claim that holds in part counts so much.
_IN_PART: Final = 0.5
#: So many letters of a sentence are quoted on a page.
_QUOTED: Final = 300


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim of a guide with its verdict; None where no figure tests it (`claim.why_not`)."""

    claim: GuideClaim
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class AuditedGuide:
    """A guide, by the name of its file, and its claims judged."""

    name: str
    page: GuidePage
    judged: tuple[Judged, ...]

    @property
    def tally(self) -> Counter[Judgement]:
        """How many claims got each verdict."""
        return Counter(one.verdict.judgement for one in self.judged if one.verdict)

    @property
    def share(self) -> float | None:
        """The share that holds of the claims that the evidence decides; None where it decides none."""
        return share_that_holds(self.tally)


def share_that_holds(tally: Counter[Judgement]) -> float | None:
    """The share that holds of the claims that are decided, a mixed one counted half; None where none is."""
    decided = sum(tally.values()) - tally[Judgement.NOT_ENOUGH]
    held = tally[Judgement.SUPPORTED] + _IN_PART * tally[Judgement.MIXED]
    return held / decided if decided else None


def audit(name: str, page: GuidePage, edition: Edition) -> AuditedGuide:
    """A guide judged by an edition's figures. What is of another role than the edition's is not judged."""
    role = edition.manifest.get("role", page.role)
    return AuditedGuide(name, page, tuple(_judged(one, str(role), edition) for one in page.claims))


def _judged(one: GuideClaim, role: str, edition: Edition) -> Judged:
    if one.claim is None:
        return Judged(one, None)
    if one.whose.role != role:
        whose = word("role", one.whose.role)
        return Judged(
            replace(one, why_not=f"it is of {whose}, and the edition is of {word('role', role)}"), None
        )
    return Judged(one, judge([one.claim], edition.figures)[0])


def halves(verdict: Verdict) -> dict[str, str]:
    """How a claim comes out for each kind of pay that its figures are of: {"base": "no", "total": "partly"}."""
    outcomes: dict[str, set[Outcome]] = {}
    for reading in verdict.readings:
        parts = {found.component for figure in reading.figures if (found := find(figure)) and found.component}
        for part in parts if reading.rank is not Rank.ASIDE else ():
            outcomes.setdefault(str(part), set()).add(reading.outcome)
    return {part: _half(found) for part, found in sorted(outcomes.items())}


def _half(found: set[Outcome]) -> str:
    if Outcome.HOLDS in found:
        return _PARTLY if Outcome.FAILS in found else _YES
    return _NO if Outcome.FAILS in found else _OPEN


def said_by_halves(verdict: Verdict) -> str:
    """Which half of a claim fails, in words: "base: no; total: partly"; empty for what is of one kind of pay."""
    found = halves(verdict)
    return "; ".join(f"{part}: {how}" for part, how in found.items()) if len(found) > 1 else ""


def nearest(guides: Sequence[AuditedGuide]) -> AuditedGuide | None:
    """The guide of which the largest share of what can be decided holds; of several such the one with more decided."""
    decided = [guide for guide in guides if guide.share is not None]
    most = max(decided, key=lambda one: (one.share or 0.0, sum(one.tally.values())), default=None)
    return most if len(decided) > 1 else None


def all_wrong(guides: Iterable[AuditedGuide]) -> list[str]:
    """What several guides assert and none rightly: the sentences' subjects, as their claims' ids name them."""
    found: dict[str, dict[str, set[Judgement]]] = {}
    for guide in guides:
        for one in guide.judged:
            if one.verdict:
                subject = subject_of(one.verdict.claim.id)
                found.setdefault(subject, {}).setdefault(guide.name, set()).add(one.verdict.judgement)
    return [
        subject for subject, by_guide in found.items()
        if len(by_guide) > 1 and all(judgements == {Judgement.CONTRADICTED} for judgements in by_guide.values())
    ]  # fmt: skip


def subject_of(claim: str) -> str:
    """What a claim is about, by its id: "band.senior.2" is the second of "band.senior"."""
    return claim.rstrip("0123456789").rstrip(".")


def kept(guides: Sequence[AuditedGuide]) -> dict[str, Any]:
    """What an edition keeps of guides audited, as plain data: their titles, never where their files lay; their claims
    with what was left unsaid, and their verdicts; sentences that cannot be tested; what several say and all wrongly.
    """
    return {
        "guides": [
            {
                "title": _short(guide.page.title or PurePath(guide.name).stem),
                "claims": [
                    {**verdict_data(one.verdict), "halves": said_by_halves(one.verdict), **_quoted(one.claim.sentence),
                     "unsaid": list(one.claim.unsaid)}
                    for one in guide.judged if one.verdict
                ],
                "untested": [
                    *({**_quoted(one.claim.sentence), "why": one.claim.why_not}
                      for one in guide.judged if not one.verdict),
                    *({**_quoted(one.sentence), "why": one.why} for one in guide.page.untestable),
                ],
                "gaps": list(map(_short, guide.page.gaps)),
            }
            for guide in guides
        ],
        "all_wrong": all_wrong(guides),
    }  # fmt: skip


def _quoted(sentence: str) -> dict[str, str]:
    return {"sentence": _short(sentence)}


def _short(text: str) -> str:
    """A quotation no longer than it needs to be."""
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED].rstrip()} …"


def audit_data(guide: AuditedGuide) -> Iterable[dict[str, Any]]:
    """A guide's claims as plain data, then its sentences that cannot be tested and its gaps."""
    for one in guide.judged:
        yield {"page": guide.name, **_claim_data(one.claim), **_verdict_data(one)}
    for sentence in guide.page.untestable:
        yield {
            "page": guide.name,
            "kind": "untestable",
            "sentence": sentence.sentence,
            "why_not": sentence.why,
        }
    for heading in guide.page.gaps:
        yield {"page": guide.name, "kind": "gap", "sentence": heading}


_STATED: Final = (
    "kind",
    "sentence",
    "low",
    "high",
    "unit",
    "currency",
    "period",
    "component",
    "statistic",
    "year",
    "unsaid",
)
_OF_WHOM: Final = (
    "role",
    "levels",
    "country",
    "tiers",
    "top",
    "industries",
    "specialisations",
    "skills",
    "remote",
    "degrees",
    "employers",
)


def _claim_data(one: GuideClaim) -> dict[str, Any]:
    years = one.whose.years
    return {
        **{name: plain(getattr(one, name)) for name in _STATED},
        **{name: plain(getattr(one.whose, name)) for name in _OF_WHOM},
        "years": {"min": years.low, "max": years.high} if years else None,
        "places": [place.city or place_name(place.metro) or place.region for place in one.whose.places],
    }


def _verdict_data(one: Judged) -> dict[str, Any]:
    if one.verdict is None:
        return {"why_not": one.claim.why_not}
    return {
        **{key: value for key, value in verdict_data(one.verdict).items() if key != "sentence"},
        "halves": halves(one.verdict),
    }
