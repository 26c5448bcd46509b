"""Whose evidence stands behind a number: employers that are named, pieces that name none, and how unequal they are.

Evidence is resampled by the finest unit that is known: the employer; where none is named, the respondent, or the
distinct range. Who names no employer is not an employer: it is counted apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from payguide.base.money import FloatArray

#: What stands in the name of a unit that names no employer ("source/record"), and never in an employer's.
UNNAMED: Final = "/"

#: From this share of a piece on an employer counts: a piece whose title is silent is spread over levels.
_HALF: Final = 0.5 - 1e-9


@dataclass(frozen=True, slots=True)
class Contributors:
    """The units behind n pieces of evidence: `employers` that are named, `unnamed` pieces that name none, the
    `effective` number of units (inverse Simpson: 1 / the sum of their squared shares of n), the `largest_share`, and
    whose it is: `largest`, an employer's slug, "" where no employer is named.

    Method: Simpson, Nature 1949; as an effective number Laakso & Taagepera, Comparative Political Studies 1979.
    """

    employers: int
    unnamed: int
    effective: float
    largest_share: float
    largest: str = ""

    @classmethod
    def of(cls, names: Sequence[str], pieces: FloatArray) -> Contributors:
        """Of units by name, and how many pieces each has (u,); a piece may be a part of one."""
        total = float(pieces.sum())
        if total <= 0:
            return NOBODY
        is_named = np.array([UNNAMED not in name for name in names], bool)
        top = min(np.flatnonzero(pieces == pieces.max()).tolist(), key=names.__getitem__)
        return cls(
            employers=int((is_named & (pieces >= _HALF)).sum()),
            unnamed=int(np.rint(pieces[~is_named].sum())),
            effective=total**2 / float(pieces @ pieces),
            largest_share=float(pieces[top]) / total,
            largest=names[top] if is_named[top] else "",
        )

    @property
    def n_employers(self) -> int | None:
        """How many employers are named; None, for it is not known, where all pieces name none."""
        return None if self.unnamed and not self.employers else self.employers

    @property
    def units(self) -> int:
        """The most units there can be: employers, and pieces that name none."""
        return self.employers + self.unnamed


#: Behind a number that rests on no evidence of ours.
NOBODY: Final = Contributors(0, 0, 0.0, 0.0)


def joined(parts: Sequence[tuple[int, Contributors]]) -> Contributors:
    """Those behind several groups (pieces, contributors) whose employers may be the same: the fewest employers that
    there can be, the largest share, and the fewest effective units (by the triangle inequality of the norm of shares).
    """
    n = sum(pieces for pieces, _ in parts)
    norm = sum(pieces / math.sqrt(who.effective) for pieces, who in parts if who.effective > 0)
    heaviest = max(parts, key=lambda part: part[0] * part[1].largest_share)[1]
    return Contributors(
        employers=max(who.employers for _, who in parts),
        unnamed=sum(who.unnamed for _, who in parts),
        effective=(n / norm) ** 2 if norm else 0.0,
        largest_share=min(1.0, sum(who.largest_share * pieces for pieces, who in parts) / n),
        largest=heaviest.largest,
    )


def weaker(parts: Sequence[Contributors]) -> Contributors:
    """Those behind what is held against each other: whichever side has fewer or a larger one speaks for all."""
    largest = max(parts, key=lambda who: who.largest_share)
    fewest = min(parts, key=lambda who: who.units)
    return Contributors(
        employers=fewest.employers,
        unnamed=fewest.unnamed,
        effective=min(who.effective for who in parts),
        largest_share=largest.largest_share,
        largest=largest.largest,
    )
