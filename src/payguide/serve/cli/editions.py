"""The edition that a command speaks of: one on disk, or one made on the spot."""

from __future__ import annotations

from pathlib import Path

from payguide.base.figures import Edition
from payguide.serve.cli import screen


def edition_of(folder: Path | None, evidence: str | None, role: str) -> Edition:
    """The edition in `folder`; without one, the role's edition of a place of evidence or the packaged evidence."""
    from payguide import pipeline
    from payguide.guide import edition as editions
    from payguide.guide import role as roles

    if folder:
        return editions.read(folder)
    with screen.progress() as tick:
        return pipeline.make(roles.load(role), evidence=evidence, tick=tick)
