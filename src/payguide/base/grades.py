"""An employer's own grade, written in many ways, brought to one key.

"Sr. Software Engineer II", "senior SDE 2" and "Senior Engineer 2" are one grade. The words and what they
stand for are data (they travel inside the fitted model, so that whoever evaluates it reads grades as it was
fitted).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

_PIECE = re.compile(r"[a-z]+|[0-9]+")


def grade_key(grade: str, words: Mapping[str, str]) -> str:
    """The grade's distinct pieces (runs of letters, runs of digits), each replaced by what `words` says it
    stands for ("" drops it), sorted and joined by blanks. "engineer" is left out beside anything else: it
    tells no grade. A grade without letters or digits has the key "".
    """
    pieces: set[str] = set()
    for piece in _PIECE.findall(grade.lower()):
        pieces.update(words.get(piece, piece).split())
    if len(pieces) > 1:
        pieces.discard("engineer")
    return " ".join(sorted(pieces))


def grade_step(key: str, steps: Collection[str]) -> str:
    """The step that a grade's key names: its numbers and the pieces that are words of `steps`, without the letters
    and trades around them ("5 l" and "5 backend e" are step "5", "analyst research senior" is "senior"); "" where it
    names none.
    """
    return " ".join(piece for piece in key.split() if piece.isdigit() or piece in steps)
