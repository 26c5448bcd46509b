"""The market's regression as columns: which effects a statement of pay meets.

An effect belongs to a block (tier, tier x level, metro, ...); the effects of a block are drawn from one normal
distribution. What is of the frame (tier, metro, industry, arrangement) is coded as what parts a value from the frame's
mean: a statement that does not tell it is of the frame's people there and meets none of these effects. An employer
that no list knows is of the open tiers, by their shares of the frame.

Rows meet plain columns ("raw"), few each; `Design.centre` turns them into effects: raw = rows (n, p), centre (p, q).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_array

from payguide.base.codes import LADDER, TOP_TIERS, EvidenceKind, Specialisation, Tier
from payguide.base.market import CLOSED_TIERS
from payguide.base.money import FloatArray, IntArray
from payguide.fit.market.frame import TIERS, Frame

LEVELS: Final = tuple(map(str, LADDER))
#: Its scale is that of every answer: what people in post say that they are paid.
IN_POST: Final = str(EvidenceKind.SELF_REPORT)
UNKNOWN: Final = TIERS.index(Tier.UNKNOWN)
SPECIAL: Final = tuple(map(str, Specialisation))
#: A value that is not told; of the level, one that is drawn.
NONE: Final = -1
#: A level that is left open: what is filed has titles of its own kind, which tell little of years.
OPEN: Final = -2


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """What n statements or people say, as numbers of values, `NONE` where they do not tell: of `role`, `level`, `tier`
    (`UNKNOWN` where an employer is named that no list knows), `metro`, `industry`, `remote`, `kind` (none: in post),
    `source`; special (n, s) 0/1; years (n,) from the edition's date on, negative before it.
    """

    of: Mapping[str, IntArray]
    special: FloatArray
    years: FloatArray

    def __len__(self) -> int:
        return len(self.years)

    def take(self, rows: IntArray) -> Codes:
        """The named rows."""
        of = {name: codes[rows] for name, codes in self.of.items()}
        return Codes(of, self.special[rows], self.years[rows])

    def with_level(self, level: IntArray) -> Codes:
        """The same with other levels (n,)."""
        return Codes({**self.of, "level": level}, self.special, self.years)


@dataclass(frozen=True, slots=True)
class Block:
    """Effects drawn from one normal distribution: their names, where they begin among all, and the prior of their
    standard deviation: `scale`, worth so many `groups`; infinite where it is fixed.
    """

    name: str
    labels: tuple[str, ...]
    start: int
    scale: float
    groups: float

    @property
    def at(self) -> slice:
        """Their place among all effects."""
        return slice(self.start, self.start + len(self.labels))


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The effects and how rows meet them: values of each dimension; blocks in order; knots of the time curve, in years
    from the edition's date on (the last is 0, where the curve is 0).
    """

    values: Mapping[str, tuple[str, ...]]
    blocks: tuple[Block, ...]
    knots: FloatArray
    centre: csr_array
    raw: Mapping[str, int]

    @property
    def size(self) -> int:
        """The number of effects."""
        return int(self.centre.shape[1])

    def block(self, name: str) -> Block:
        """A block by its name."""
        return next(one for one in self.blocks if one.name == name)

    def rows(self, codes: Codes) -> csr_array:
        """The raw columns that rows meet (n, p)."""
        made = _Rows(len(codes), self.raw, int(self.centre.shape[0]))
        of, sizes = codes.of, {name: len(values) for name, values in self.values.items()}
        made.add("mean", np.zeros(len(codes), np.int64))
        for name in CROSSED:
            found, width = np.zeros(len(codes), np.int64), 1
            for part in name.split(":"):
                found = np.where((found < 0) | (of[part] < 0), NONE, found * sizes[part] + of[part])
                width *= sizes[part]
            made.add(name, found)
            if known := _centred(name):
                rest = [part for part in name.split(":") if part != known]
                told = np.where(of[known] >= 0, 0, NONE)
                for part in rest:
                    told = np.where((told < 0) | (of[part] < 0), NONE, told * sizes[part] + of[part])
                made.add(f"{name}?", told)
        for k in range(len(SPECIAL)):
            made.add("special", np.full(len(codes), k), codes.special[:, k])
        made.add("tier_time", of["tier"], codes.years)
        made.add("tier_time?", np.where(of["tier"] >= 0, 0, NONE), codes.years)
        left, share = self._time(codes.years)
        made.add("time", np.where(left < len(self.knots) - 1, left, NONE), 1 - share)
        made.add("time", np.where(left + 1 < len(self.knots) - 1, left + 1, NONE), share)
        return made.matrix()

    def _time(self, years: FloatArray) -> tuple[IntArray, FloatArray]:
        """The knot before each day, and how far towards the next it lies (n,)."""
        held = np.clip(years, self.knots[0], self.knots[-1])
        left = np.clip(np.searchsorted(self.knots, held, side="right") - 1, 0, len(self.knots) - 2)
        return left, (held - self.knots[left]) / (self.knots[left + 1] - self.knots[left])


#: The tiers whose employers pay at the top are one group, all others another.
GROUPS: Final = ("top", "ordinary")
GROUP: Final = tuple(0 if tier in TOP_TIERS else 1 for tier in TIERS)

#: The blocks of crossed dimensions, in order.
CROSSED: Final = (
    "role", "level", "role:level", "tier", "tier:level", "role:tier", "metro", "industry", "remote", "kind",
    "kind:level", "kind:tier", "publisher", "source", "source:role",
)  # fmt: skip
#: The dimensions that are coded against the frame.
FRAMED: Final = ("tier", "metro", "industry", "remote")


def _centred(name: str) -> str:
    """The framed dimension of a block; "" where there is none."""
    return next((part for part in name.split(":") if part in FRAMED), "")


class _Rows:
    """Collects the entries of a sparse matrix, a few for each row."""

    def __init__(self, n: int, starts: Mapping[str, int], width: int) -> None:
        self.n, self.starts, self.width = n, starts, width
        self.row: list[IntArray] = []
        self.column: list[IntArray] = []
        self.value: list[FloatArray] = []

    def add(self, name: str, codes: IntArray, values: FloatArray | None = None) -> None:
        """One entry for each row whose code is not negative."""
        met = np.flatnonzero((codes >= 0) if values is None else (codes >= 0) & (values != 0))
        self.row.append(met)
        self.column.append(self.starts[name] + codes[met])
        self.value.append(np.ones(len(met)) if values is None else values[met])

    def matrix(self) -> csr_array:
        entries = np.concatenate(self.value), (np.concatenate(self.row), np.concatenate(self.column))
        return csr_array(entries, shape=(self.n, self.width))


class _Plan:
    """Blocks and columns as they are added, and how the one are met by the other."""

    def __init__(
        self, values: Mapping[str, tuple[str, ...]], frame: Frame, priors: Mapping[str, Any]
    ) -> None:
        self.values, self.priors = values, priors
        self.sizes = {name: len(found) for name, found in values.items()}
        self.share = _shares(frame)
        self.blocks: list[Block] = []
        self.raw: dict[str, int] = {}
        self.entries: list[tuple[int, int, float]] = []
        self.width = self.size = 0

    def block(self, name: str, labels: Sequence[str]) -> int:
        prior = self.priors[name]
        groups = float("inf") if prior.get("fixed") else float(prior["groups"])
        self.blocks.append(Block(name, tuple(labels), self.size, float(prior["scale"]), groups))
        self.size += len(labels)
        return self.size - len(labels)

    def columns(self, name: str, count: int) -> int:
        self.raw[name] = self.width
        self.width += count
        return self.width - count

    def plain(self, name: str, labels: Sequence[str]) -> None:
        """A block that is met as it stands."""
        start, first = self.block(name, labels), self.columns(name, len(labels))
        self.entries.extend((first + k, start + k, 1.0) for k in range(len(labels)))

    def framed(self, name: str, parts: Sequence[str]) -> None:
        """A block whose framed part is met by its values less the frame's mean of them."""
        which = next(part for part in parts if part in FRAMED)
        other = [part for part in parts if part != which]
        labels = _labels(parts, self.values)
        start, first = self.block(name, labels), self.columns(name, len(labels))
        rest = self.columns(f"{name}?", int(np.prod([self.sizes[part] for part in other], dtype=int)))
        for k in range(len(labels)):
            place = self._place(k, parts)
            for value, weight in _is(which, place[which], self.share):
                self.entries.append((first + k, start + self._number({**place, which: value}, parts), weight))
        for k in range(self.width - rest):
            place = self._place(k, other)
            mean = self.share["tier:level"][:, place["level"]] if "level" in place else self.share[which]
            for value in np.flatnonzero(mean).tolist():
                at = start + self._number({**place, which: value}, parts)
                self.entries.append((rest + k, at, -float(mean[value])))

    def grouped(self, name: str, group: str, labels: Sequence[str], of: Sequence[int]) -> None:
        """A block of what groups of another block's values have in common, met wherever those are: a value of which
        there is no evidence is like the others of its group.
        """
        start, block = self.block(group, labels), next(one for one in self.blocks if one.name == name)
        inside = range(block.start, block.start + len(block.labels))
        self.entries += [
            (row, start + of[at - block.start], w) for row, at, w in self.entries if at in inside
        ]

    def _place(self, number: int, parts: Sequence[str]) -> dict[str, int]:
        found = {}
        for part in reversed(parts):
            number, found[part] = divmod(number, self.sizes[part])
        return found

    def _number(self, place: Mapping[str, int], parts: Sequence[str]) -> int:
        found = 0
        for part in parts:
            found = found * self.sizes[part] + place[part]
        return found

    def centre(self) -> csr_array:
        """How raw columns meet effects (p, q)."""
        rows, columns, weights = zip(*self.entries, strict=True)
        entries = np.array(weights), (np.array(rows), np.array(columns))
        return csr_array(entries, shape=(self.width, self.size))


def design(
    values: Mapping[str, tuple[str, ...]], frame: Frame, knots: FloatArray, priors: Mapping[str, Any]
) -> Design:
    """The effects of dimensions with `values`, against the means of a frame as stated (s = 1)."""
    plan = _Plan(values, frame, priors)
    plan.plain("mean", ("mean",))
    for name in CROSSED:
        parts = name.split(":")
        if _centred(name):
            plan.framed(name, parts)
        else:
            plan.plain(name, _labels(parts, values))
    plan.grouped("tier", "tier_group", GROUPS, GROUP)
    plan.plain("special", SPECIAL)
    plan.framed("tier_time", ("tier",))
    plan.plain("time", [f"{knot:.1f}" for knot in knots[:-1]])
    return Design(values, tuple(plan.blocks), knots, plan.centre(), plan.raw)


def _labels(parts: Sequence[str], values: Mapping[str, tuple[str, ...]]) -> list[str]:
    labels = [""]
    for part in parts:
        labels = [f"{before}:{value}".strip(":") for before in labels for value in values[part]]
    return labels


def _shares(frame: Frame) -> dict[str, FloatArray]:
    """The frame's shares of each framed dimension, of tiers at each level (t, l), and of open tiers."""
    joint = frame.tier[0][:, None] * frame.given["level"][0]
    found = {name: frame.margin(name)[0] for name in FRAMED if name != "tier"}
    found["tier"] = frame.tier[0]
    found["tier:level"] = joint / np.maximum(joint.sum(axis=0, keepdims=True), 1e-12)
    return found


def _is(dimension: str, value: int, share: Mapping[str, FloatArray]) -> list[tuple[int, float]]:
    """Which values of a dimension a stated one stands for, by shares: itself, but for the unknown tier."""
    if dimension != "tier" or value != UNKNOWN:
        return [(value, 1.0)]
    return [(k, float(weight)) for k, weight in enumerate(of_unknown(share["tier"])) if weight > 0]


def of_unknown(share: FloatArray) -> FloatArray:
    """Of which tiers employers are that no list knows (t,), by the frame's shares of people (t,): of the open ones; of
    their own where the frame has one for them, or no open one.
    """
    found = share.copy()
    found[[TIERS.index(tier) for tier in CLOSED_TIERS]] = 0.0
    found[UNKNOWN] = 0.0
    if share[UNKNOWN] > 0 or found.sum() <= 0:
        return np.asarray(np.eye(len(share))[UNKNOWN])
    return np.asarray(found / found.sum())


def nobody(n: int, **of: IntArray) -> Codes:
    """People in post of whom no more is told than given, at the edition's date."""
    names = ("role", "level", "tier", "metro", "industry", "remote", "kind", "source", "publisher")
    told = {name: of.get(name, np.full(n, NONE)) for name in names}
    return Codes(told, np.zeros((n, len(SPECIAL))), np.zeros(n))
