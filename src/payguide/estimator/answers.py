"""Predictions as answers: whole units of money, with drivers that add up exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from payguide.base.money import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """points (n, q) annual pay at the model's quantiles, never crossing; n (n,) pieces of evidence of the
    most specific known group (employer x grade, else employer, else role x metro, else role); reference (n,)
    the role's median of all its people in the market, or without one that of its typical statement at the
    model's date; drivers: name -> (n,) contributions to ln(median / reference), adding up to it.
    """

    points: FloatArray
    n: IntArray
    reference: FloatArray
    drivers: Mapping[str, FloatArray]


class Driver(msgspec.Struct, frozen=True, gc=False):
    """What one thing about a profile moves the median by."""

    name: str
    amount: int


class Answer(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One profile's answer: annual pay, `coverage` that of P10-P90. `id` is the caller's own, `warnings` say
    what was left aside (Admission): each is absent without one.
    """

    p10: int
    p25: int
    p50: int
    p75: int
    p90: int
    currency: str
    coverage: float
    n: int
    reference: int
    drivers: list[Driver]
    id: str | int | None = None
    warnings: list[str] = []


class Refused(msgspec.Struct, frozen=True, gc=False):
    """A profile that has no answer, and why, in words."""

    id: str | int | None
    error: str


#: The quantiles an answer tells.
QUANTILES = (0.10, 0.25, 0.50, 0.75, 0.90)


def answers_of(
    found: Predictions,
    model: Mapping[str, Any],
    ids: Sequence[str | int | None],
    warnings: Mapping[int, list[str]],
) -> list[Answer]:
    """The answers to profiles with these ids; `warnings` are what was left aside, by their rows.

    Drivers are amounts of money that add up exactly to p50 - reference: every contribution to the log of the
    ratio is put in money by the logarithmic mean of the two, then rounded with the largest remainders.
    """
    whole = np.round(found.points).astype(np.int64)
    reference = np.round(found.reference).astype(np.int64)
    amounts = in_money(found, whole[:, QUANTILES.index(0.50)], reference)
    names, currency, coverage = list(found.drivers), model["currency"], model["coverage"]
    rows = zip(whole.tolist(), found.n.tolist(), reference.tolist(), amounts.tolist(), ids, strict=True)
    return [
        Answer(
            p10, p25, p50, p75, p90, currency, coverage, n, typical,
            [Driver(name, amount) for name, amount in zip(names, row, strict=True) if amount], identity,
            warnings.get(number, []),
        )
        for number, ((p10, p25, p50, p75, p90), n, typical, row, identity) in enumerate(rows)
    ]  # fmt: skip


def in_money(found: Predictions, median: IntArray, reference: IntArray) -> IntArray:
    """The drivers in whole money (n, drivers), each row adding up to median - reference."""
    shares = np.column_stack(list(found.drivers.values()))
    total = shares.sum(axis=1)
    close = np.abs(total) < 1e-9
    safe = np.where(close, 1.0, total)
    scale = np.where(close, found.reference, found.reference * np.expm1(total) / safe)
    exact = shares * scale[:, None]
    amounts = np.floor(exact).astype(np.int64)
    left = (median - reference) - amounts.sum(axis=1)
    # the units left over go to the largest remainders; a shortfall is taken from the smallest
    order = np.argsort(amounts - exact, axis=1, kind="stable")
    even, odd = np.divmod(left, shares.shape[1])
    amounts[np.arange(len(left))[:, None], order] += even[:, None] + (
        np.arange(shares.shape[1]) < odd[:, None]
    )
    return amounts
