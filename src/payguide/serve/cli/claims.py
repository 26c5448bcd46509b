"""`payguide claims`."""

from __future__ import annotations

import difflib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from payguide.serve.cli import console

if TYPE_CHECKING:
    from payguide.base.edition import Claim, Edition


def claims(
    *,
    file: Path | None = None,
    edition: Path | None = None,
    evidence: str | None = None,
    role: str = "ml-engineer",
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Judge a published guide's claims against the evidence.

    Without --file the packaged claims of the role are judged, without --edition or --evidence on the packaged
    evidence. docs/claims.md shows how to write down the claims of another guide.
    Examples: `payguide claims --json`, `payguide claims --file my-guide.toml --edition out/ml-engineer-2026`

    Parameters
    ----------
    file
        A claims file of your own: the guide to audit.
    edition
        The folder of an edition to judge against; without --file its own verdicts are shown.
    evidence
        Evidence to judge against: a folder, or s3://bucket/prefix.
    role
        The role, where no edition is given.
    as_json
        Print one JSON object per claim.
    """
    from payguide.base.errors import UsageError
    from payguide.guide import claims as guides
    from payguide.guide.codec import verdict_data
    from payguide.guide.sections.claimed import guide as tested
    from payguide.serve.cli.editions import edition_of

    if edition and evidence:
        raise UsageError(
            "--edition and --evidence both say what to judge against", remedy="Leave one of them out"
        )
    own = guides.load_file(file) if file else None
    known = edition_of(edition, evidence, role)
    verdicts = known.verdicts
    title = tested(known)["title"]
    if own:
        verdicts, title = guides.judge(own.claims, known.figures), own.title
        for line in _strangers(own.claims, known):
            console.note(line)
    if as_json:
        for verdict in verdicts:
            console.emit(verdict_data(verdict))
        return 0
    rows = [(v.claim.id, str(v.judgement), v.why) for v in verdicts]
    console.table(f"{title}: its claims", ("claim", "verdict", "why"), rows)
    return 0


def _strangers(claims: tuple[Claim, ...], edition: Edition) -> list[str]:
    """A line for each claim that names figures which this edition does not have, with what comes nearest."""
    from payguide.guide.claims.judge import FURTHER, further

    lines = []
    for claim in claims:
        named = (*claim.figures, *(figure for option in FURTHER for figure in further(claim, option)))
        odd = [name for name in named if not any(fnmatchcase(known, name) for known in edition.figures)]
        if odd:
            near = difflib.get_close_matches(odd[0], edition.figures, n=2)
            hint = f"; there is {' and '.join(near)}" if near else ""
            lines.append(f"claim {claim.id}: this edition has no figure {odd[0]}{hint}")
    return lines
