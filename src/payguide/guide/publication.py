"""What whoever publishes editions adds to them: where they will be served, a theme, why they correct earlier ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from payguide.guide import changes, shelf, theme


@dataclass(frozen=True, slots=True)
class Publication:
    """`url` is where the editions will be served, where that is known: it ends in /. `theme` is a publisher's as a
    manifest keeps it, `correction` says why they correct the earlier ones; `guides` are the pages of guides to audit.
    """

    url: str = ""
    theme: Mapping[str, Any] = field(default_factory=dict)
    correction: str = ""
    guides: tuple[Path, ...] = ()

    @property
    def says(self) -> dict[str, Any]:
        """What every edition's manifest says of its publisher."""
        return {theme.KEY: dict(self.theme)} if self.theme else {}


def of(manifest: Mapping[str, Any]) -> Publication:
    """What was added to an edition, by its manifest; the guides that were audited are not in it."""
    corrects = manifest.get(changes.CORRECTS, {})
    return Publication(shelf.address(manifest), manifest.get(theme.KEY, {}), str(corrects.get("reason", "")))
