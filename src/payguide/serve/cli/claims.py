"""`payguide claims`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from payguide.serve.cli import screen


def claims(
    *,
    edition: Path | None = None,
    role: str = "ml-engineer",
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Judge the published guide's claims against the evidence.

    Without --edition the claims are judged on the packaged evidence.
    Example: `payguide claims --json`

    Parameters
    ----------
    edition
        The folder of an edition whose verdicts to show.
    role
        The role, where no edition is given.
    as_json
        Print one JSON object per claim.
    """
    from payguide import pipeline
    from payguide.guide import edition as editions
    from payguide.guide import role as roles
    from payguide.guide.codec import verdict_data

    if edition:
        verdicts = editions.read(edition).verdicts
    else:
        with screen.progress() as tick:
            verdicts = pipeline.make(roles.load(role), evidence=None, tick=tick).verdicts
    if as_json:
        for verdict in verdicts:
            screen.emit(verdict_data(verdict))
        return 0
    rows = [(v.claim.id, str(v.judgement), v.why) for v in verdicts]
    screen.table("The published guide's claims", ("claim", "verdict", "why"), rows)
    return 0
