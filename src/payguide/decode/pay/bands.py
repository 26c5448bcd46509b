"""From judged spreads to bands: one for each distinct statement, with a joint scope for identical figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from payguide.base.codes import Period
from payguide.base.inputs import PayBand


@dataclass(frozen=True, slots=True)
class Statement:
    """A band as one place of the text states it. `said`: its basis was written, not assumed."""

    band: PayBand
    said: bool


def distinct(statements: Iterable[Statement]) -> tuple[PayBand, ...]:
    """Each distinct band once, in the order of the text; identical figures share a joint scope."""
    kept: dict[tuple[float | None, float | None, str, Period], list[Statement]] = {}
    for statement in statements:
        band = statement.band
        same = kept.setdefault((band.low, band.high, band.currency, band.period), [])
        for at, other in enumerate(same):
            if other.band.basis is band.basis or not (statement.said and other.said):
                same[at] = _joined(other, statement)
                break
        else:
            same.append(statement)
    bands = [statement.band for same in kept.values() for statement in same]
    return tuple(sorted(_without_parts(bands), key=lambda band: band.span or (0, 0)))


def _joined(first: Statement, second: Statement) -> Statement:
    """Two statements of the same figures as one: the first's span, both scopes, the basis that was said."""
    scopes = [part for part in first.band.scope.split("; ") if part]
    scopes += [part for part in second.band.scope.split("; ") if part and part not in scopes]
    basis = second.band.basis if second.said and not first.said else first.band.basis
    return Statement(replace(first.band, scope="; ".join(scopes), basis=basis), first.said or second.said)


def _without_parts(bands: list[PayBand]) -> list[PayBand]:
    """Without one-ended or single restatements of an end of a full band in the same currency and period."""
    full = [band for band in bands if band.low is not None and band.high is not None and band.low < band.high]

    def restates(band: PayBand) -> bool:
        return any(
            band.currency == other.currency and band.period is other.period
            and (band.high == other.high if band.low is None else band.low == other.low)
            for other in full
        )  # fmt: skip

    return [band for band in bands if (band.low is not None and band.high is not None) or not restates(band)]
