"""The edition or the model that a command speaks of: one on disk, one made on the spot, or the packaged one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from payguide.serve.cli import console

if TYPE_CHECKING:
    from payguide.base.edition import Edition


def edition_of(folder: Path | None, evidence: str | None, role: str) -> Edition:
    """The edition in `folder`; without one, the role's edition of a place of evidence or the packaged evidence."""
    from payguide.guide import edition as editions

    if folder:
        return editions.read(folder)
    # what fits is loaded only where something is to be fitted
    from payguide.guide import role as roles
    from payguide.pipeline.editions import make

    with console.progress() as tick:
        return make(roles.load(role), evidence=evidence, tick=tick, note=console.note)


def model_of(folder: Path | None, evidence: str | None, role: str) -> Mapping[str, object]:
    """The model to predict with: that of the edition in `folder`, one fitted on a place of evidence, or the packaged
    one. What fits is loaded only where something is to be fitted: an answer from a model waits for nothing else.
    """
    if folder:
        from payguide.guide.edition import read_model

        return read_model(folder)
    if evidence is None:
        from payguide.evidence import sealed

        return sealed.read_model()
    from payguide.guide import role as roles
    from payguide.pipeline.models import own_model

    with console.progress() as tick:
        return own_model(evidence, roles.load(role), tick, console.note)
