"""feed.xml: changes between editions as Atom (RFC 4287), this edition first, then those that it says it follows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from jinja2 import Environment

from payguide.base.edition import Edition
from payguide.base.text import CONTROLS
from payguide.guide import changes_table
from payguide.guide.changes import KEY, Movement, told
from payguide.guide.sections.changes import PAGE, Line, bands, earlier_figures, line

#: The feed, and how many earlier editions it goes on to name.
FILE: Final = "feed.xml"
_EARLIER: Final = 12
#: Where a manifest keeps what earlier editions' feeds said of them.
HISTORY: Final = "history"

#: Letters that XML cannot hold.
_ODD: Final = re.compile(rf"(?!\n)[{CONTROLS}]")


def files_of(
    edition: Edition, environment: Environment, head: Mapping[str, Any], mark: str
) -> dict[str, str]:
    """The feed. `mark` is the edition's fingerprint. Without the site's address its links are relative."""
    known = told(edition)
    shown = {
        "edition": head,
        "url": head["url"],
        "mark": mark,
        "page": PAGE if known else "index.html",
        "summary": summary(edition),
        "moved": _moved(edition),
        "verdicts": known["verdicts"]["changed"] if known else [],
        "sentences": {verdict.claim.id: verdict.claim.sentence for verdict in edition.verdicts},
        "history": edition.manifest.get(HISTORY, ()),
    }
    return {FILE: _ODD.sub(" ", environment.get_template(f"{FILE}.j2").render(shown))}


def summary(edition: Edition) -> str:
    """What became of the figures, in a sentence; that it is the first of its kind where it names no earlier one."""
    return changes_table.notes(edition)[0] if KEY in edition.manifest else "No earlier edition is named."


def _moved(edition: Edition) -> list[Line]:
    """The figures that moved by more than chance makes, the medians by level first."""
    known = told(edition)
    if not known:
        return []
    before = earlier_figures(edition)
    lines = [found for _, _, found in bands(edition)]
    lines += [line(one, before, edition.figures) for one in known["moved"]]
    return [one for one in lines if one.movement in (Movement.UP, Movement.DOWN)]


def history(old: Edition, sha256: str) -> list[dict[str, str]]:
    """What a later edition's feed says of an earlier one and of those before it, the newest first."""
    corrects = old.manifest.get("corrects")
    said = {
        "date": str(old.manifest.get("date", "")),
        "sha256": sha256,
        "title": str(old.manifest.get("title", "")),
        "summary": summary(old),
        "corrects": str(corrects["reason"]) if isinstance(corrects, Mapping) else "",
    }
    before = old.manifest.get(HISTORY)
    return [said, *(before if isinstance(before, list) else [])][:_EARLIER]
