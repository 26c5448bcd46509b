"""What a careful reader wrote down of guides made up for the tests, and how a reading agrees with it.

A line of a `.labels` file is one figure: low, high, unit (a currency, or the kind of percentage), period, component,
statistic, role, level or years, place; "-" is what the guide does not say. Blanks in places are underscores.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from payguide.base.estimates import Unit
from payguide.base.guides import GuideClaim, GuidePage
from payguide.decode.guides import read_guide
from payguide.guide.words import place_name

FOLDER = Path(__file__).parent / "data" / "guides"
GUIDES = sorted(path.stem for path in FOLDER.glob("*.page"))


@dataclass(frozen=True)
class Agreement:
    """Of a guide: how many figures are labelled, read, read rightly, and read whole; what went wrong, in words."""

    labelled: int
    read: int
    right: int
    whole: int
    wrong: tuple[str, ...]


def page(name: str) -> GuidePage:
    """A guide of the tests, read."""
    return read_guide((FOLDER / f"{name}.page").read_text(encoding="utf-8"))


def agreement(name: str) -> Agreement:
    """How the reading of a guide agrees with its labels."""
    lines = (FOLDER / f"{name}.labels").read_text(encoding="utf-8").splitlines()
    labels = [[*map(_end, line.split()[:2]), *line.split()[2:]] for line in lines]
    left = [_fields(one) for one in page(name).claims if (one.low, one.high) != (None, None)]
    read, right, whole, wrong = len(left), 0, 0, []
    for label in labels:
        same = [one for one in left if one[:3] == label[:3]]
        best = max(same, key=lambda one: _alike(label, one), default=None)
        if best is None:
            wrong.append(f"missed: {' '.join(label)}")
            continue
        left.remove(best)
        right += 1
        whole += _alike(label, best) == len(label)
        if _alike(label, best) < len(label):
            wrong.append(f"{' '.join(label)} read as {' '.join(best)}")
    wrong += [f"no claim: {' '.join(one)}" for one in left]
    return Agreement(len(labels), read, right, whole, tuple(wrong))


def _alike(label: list[str], read: list[str]) -> int:
    """How many fields agree; whoever is labelled by years may be read with a level too, and the other way round."""
    return sum(want in got.split(";") for want, got in zip(label, read, strict=True))


def _fields(one: GuideClaim) -> list[str]:
    return list(_written(one))


def _written(one: GuideClaim) -> Iterator[str]:
    yield from (_number(one.low), _number(one.high))
    paid = one.kind == "pay"
    yield one.currency if one.unit is Unit.MONEY else "bonus" if paid else str(one.kind)
    yield str(one.period or "-")
    yield str(one.component or "-")
    yield str(one.statistic or "-")
    yield str(one.whose.role)
    years = one.whose.years
    levels = "+".join(map(str, one.whose.levels))
    ends = f"{_number(years.low)}-{_number(years.high)}y".replace("--", "-") if years else ""
    yield ";".join(filter(None, (levels, ends))) or "-"
    yield (
        "+".join(_place(place.city or place_name(place.metro) or place.region) for place in one.whose.places)
        or "-"
    )


def _end(written: str) -> str:
    return written if written == "-" else _number(float(written))


def _place(name: str) -> str:
    return name.replace(" ", "_")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.10g}"
