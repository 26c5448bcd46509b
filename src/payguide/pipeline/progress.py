"""Who is told what, while something is made."""

from __future__ import annotations

from collections.abc import Callable

#: Told of progress: the stage, how much is done, of how much (None: not known).
Tick = Callable[[str, int, int | None], None]

#: Told of what somebody may want to know, in one line.
Note = Callable[[str], None]


def unsaid(_line: str) -> None:
    """Whom nobody listens to."""
