"""The page of guides audited: how many claims of each hold, which fail, where all are wrong, what cannot be tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jinja2 import Environment

from payguide.base.edition import Edition, Judgement, Verdict
from payguide.guide.claims.audit import share_that_holds, subject_of
from payguide.guide.codec import verdict_from
from payguide.guide.sections import claimed
from payguide.guide.shown import Shown, show

#: The page, and where a manifest keeps what it shows.
PAGE: Final = "guides.html"
KEY: Final = "audits"


@dataclass(frozen=True, slots=True)
class Row:
    """A guide in the table: where its claims are, how many got each verdict, the share that holds of those decided."""

    title: str
    place: str
    tally: Counter[Judgement]
    share: float | None


@dataclass(frozen=True, slots=True)
class Said:
    """A claim of a guide: its verdict with the figures that decide, which half of it fails ("" where it has none), and
    what it leaves unsaid.
    """

    verdict: Verdict
    figures: tuple[Shown, ...]
    halves: str
    unsaid: tuple[str, ...]


def page(edition: Edition) -> str:
    """The page's name; "" where no guide was audited."""
    return PAGE if _told(edition) else ""


def files_of(edition: Edition, environment: Environment, head: Mapping[str, Any]) -> dict[str, str]:
    """The page; none where no guide was audited."""
    told = _told(edition)
    if not told:
        return {}
    audited = [
        {**guide, "claims": [_said(edition, claim) for claim in guide["claims"]]} for guide in told["guides"]
    ]
    rows = list(_rows(edition, audited))
    shown = {
        "edition": head,
        "guides": audited,
        "rows": rows,
        "judgements": list(Judgement),
        "nearest": _nearest(rows),
        "all_wrong": [
            [said.verdict for guide in audited for said in guide["claims"] if subject_of(said.verdict.claim.id) == one]
            for one in told["all_wrong"]
        ],
    }  # fmt: skip
    return {PAGE: environment.get_template(f"{PAGE}.j2").render(shown)}


def _told(edition: Edition) -> Mapping[str, Any]:
    found = edition.manifest.get(KEY)
    return found if isinstance(found, Mapping) else {}


def _said(edition: Edition, claim: Mapping[str, Any]) -> Said:
    verdict = verdict_from(claim)
    figures = tuple(show(edition.figures, name) for name in verdict.deciding)
    return Said(verdict, figures, str(claim["halves"]), tuple(claim["unsaid"]))


def _rows(edition: Edition, audited: list[dict[str, Any]]) -> Iterator[Row]:
    """The guide that the edition tests by a claims file, where it tests one, then the others."""
    if edition.verdicts:
        tally = Counter(verdict.judgement for verdict in edition.verdicts)
        yield Row(claimed.guide(edition)["title"], "claims.html", tally, share_that_holds(tally))
    for at, guide in enumerate(audited, start=1):
        tally = Counter(said.verdict.judgement for said in guide["claims"])
        yield Row(guide["title"], f"#guide-{at}", tally, share_that_holds(tally))


def _nearest(rows: list[Row]) -> Row | None:
    """The guide of which the largest share holds; of several such the one with more claims; None of a single one."""
    decided = [row for row in rows if row.share is not None]
    most = max(decided, key=lambda row: (row.share or 0.0, row.tally.total()), default=None)
    return most if len(decided) > 1 else None
