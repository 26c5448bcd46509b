"""An artificial earlier edition that differs from `artificial.edition` in every way that is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import artificial

from payguide.base.codes import EvidenceKind
from payguide.base.edition import Edition, Judgement, Verdict
from payguide.base.estimates import Figure, Published, Withheld
from payguide.gate.rules import published
from payguide.guide import edition as editions

SPEECH = "specialisation.speech.effect"

#: What a hostile name would do.
HOSTILE = '<script>alert("x")</script>"><img src=x onerror=alert(1)>'

DAY = date(2029, 1, 1)


def now() -> Edition:
    """The later edition, to the digits of a file; its official statistics are of an office."""
    made = artificial.edition()
    figures = {
        name: _office(figure) if name.startswith("official.") else figure
        for name, figure in made.figures.items()
    }
    return replace(made, figures=rounded(figures))


def rounded(figures: Mapping[str, Figure]) -> dict[str, Figure]:
    """The figures to the digits that the gate lets out."""
    return {
        name: published(one.estimate) if isinstance(one, Published) else one for name, one in figures.items()
    }


def _office(figure: Figure) -> Published:
    assert isinstance(figure, Published)
    source = replace(figure.estimate.sources[0], kind=EvidenceKind.STATISTIC)
    return Published(replace(figure.estimate, sources=(source,)))


def scaled(figure: Figure, factor: float, **other: object) -> Published:
    """The figure with its value and interval multiplied."""
    assert isinstance(figure, Published)
    was = figure.estimate
    ends = {name: getattr(was, name) * factor for name in ("value", "low", "high")}
    return Published(replace(was, date=DAY, **ends, **other))  # type: ignore[arg-type]


def before(**figures: Figure) -> Edition:
    """The earlier edition: the later one's figures on its own date, but those that are given, by their ids with
    "__" for ".".
    """
    made = now()
    named = {name.replace("__", "."): figure for name, figure in figures.items()}
    manifest = {**made.manifest, "date": DAY.isoformat()}
    return Edition(manifest, dict(sorted(rounded({**made.figures, **named}).items())), made.verdicts, None)


def ruled(verdict: Verdict) -> Verdict:
    """The verdict as another."""
    other = Judgement.MIXED if verdict.judgement is Judgement.SUPPORTED else Judgement.SUPPORTED
    return replace(verdict, judgement=other)


def hostile() -> Edition:
    """An earlier edition in which everything differs, and every name is hostile."""
    made = now().figures
    old = before(
        band__senior__base__p50=scaled(made["band.senior.base.p50"], 0.5, method=HOSTILE),
        band__mid__base__p50=Withheld("band.mid.base.p50", HOSTILE, "dominance", f"{HOSTILE} holds over 25%."),
        band__lead__base__p50=scaled(made["band.mid.base.p50"], 1, id="band.lead.base.p50", label=HOSTILE),
        skill__python__demand=scaled(made["skill.python.demand"], 0.5),
        tier__big_tech__effect=scaled(made["tier.big_tech.effect"], 0.2),
        specialisation__speech__effect=scaled(made["specialisation.vision.effect"], 1, id=SPEECH),
        odd__figure=scaled(made["band.mid.base.p50"], 1, id="odd.figure", label=f"{HOSTILE} 77"),
    )  # fmt: skip
    cards = old.manifest["sources"]
    assert isinstance(cards, dict)
    sources = {
        "example": {**cards["example"], "records": 4_000, "title": HOSTILE},
        HOSTILE: {"title": HOSTILE, "records": 12, "retrieved": HOSTILE, "observations": "many"},
    }
    told = dict.fromkeys(("evidence_version", "code_version", "title", "population"), HOSTILE)
    rules = {"enough_observations": {"least": 8, "reference": "another"}, HOSTILE: 3}
    verdicts = (*map(ruled, old.verdicts[:9]), *old.verdicts[9:])
    gone = replace(verdicts[0], claim=replace(verdicts[0].claim, id=HOSTILE, sentence=HOSTILE))
    return replace(
        old,
        manifest={**old.manifest, **told, "sources": sources, "rules": rules},
        verdicts=(gone, *verdicts[1:]),
    )


def written(edition: Edition, folder: Path) -> Path:
    """The edition in a folder."""
    editions.write(edition, folder)
    return folder
