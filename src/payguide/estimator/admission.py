"""What a model knows nothing of in a profile: refused where it decides whose pay is asked, left aside aloud elsewhere.

The evaluator itself takes anything, as it must for statements that are judged; whoever asks comes through here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from payguide.base.reference.plausible import MAX_YEARS, UNUSUAL_YEARS, plain_number
from payguide.estimator.columns import Column, Profiles
from payguide.estimator.encode import FeatureEncoder, several
from payguide.estimator.features import NOT_KNOWN

#: What decides whose pay is asked.
_DECISIVE: Final = ("role", "country")
#: What the answer can do without.
_OPTIONAL: Final = ("level", "focus", "degree", "remote", "kind", "source")
_YEARS: Final = ("years", "tenure")


@dataclass(frozen=True, slots=True, eq=False)
class Admitted:
    """Profiles without what is not known and so must change nothing; by their rows why some have no answer, and
    warnings of the others.
    """

    profiles: Profiles
    refused: Mapping[int, str]
    warnings: Mapping[int, list[str]]


class Admission:
    """What one component of a model knows of; `day_refused` says why a day has no answer, "" where it has one."""

    def __init__(self, encoder: FeatureEncoder, day_refused: Callable[[object], str]) -> None:
        self._encoder, self._day_refused = encoder, day_refused
        self._known = {name: {None, *NOT_KNOWN, *encoder.numbers[name]} for name in (*_OPTIONAL, "employer")}

    def admit(self, profiles: Profiles) -> Admitted:
        """Profiles as far as they are known, and a warning of each thing beyond.

        An employer that is not known stays: the answer is one for an employer that was not met.
        """
        refused: dict[int, str] = {}
        for field, why in self._refusals():
            for row, text in profiles[field].said(why):
                refused.setdefault(row, text)
        warnings: dict[int, list[str]] = {}
        for name, field, unknown in self._beyond():
            for row, values in profiles[field].said(unknown):
                warnings.setdefault(row, []).extend(
                    f"the estimator knows no {name} {value!r}: it changes nothing" for value in values
                )
        region = Column.joined(
            [profiles["region"], profiles["metro"]], lambda region, metro: not metro and region
        )
        lasting: list[tuple[Column, Callable[[Any], str]]] = [
            (profiles[name], partial(_so_long, name)) for name in _YEARS
        ]
        for column, warning in ((profiles["employer"], self._stranger), *lasting, (region, _outside)):
            for row, text in column.said(warning):
                warnings.setdefault(row, []).append(text)
        known = {
            name: profiles[name].mapped(lambda one, unknown=unknown: None if unknown(one) else one)  # type: ignore[misc]
            for name, field, unknown in self._beyond()
            if name == field != "specialisation" and name in profiles.columns
        }
        return Admitted(profiles.changed(**known), refused, warnings)

    def _refusals(self) -> Iterator[tuple[str, Callable[[Any], str]]]:
        """Why a value of a field has no answer, in words; "" where it has one."""
        yield "date", self._day_refused
        yield "unread", _no_place
        for name in _DECISIVE:
            yield name, partial(_no_pay_of, name, self._encoder.numbers[name])
        for name in _YEARS:
            yield name, partial(_no_years, name)

    def _beyond(self) -> Iterator[tuple[str, str, Callable[[Any], Sequence[Any]]]]:
        """What the answer can do without, by its name: the field that tells it, and what of a value is not known."""
        told: dict[str, tuple[str, Callable[[Any], Sequence[Any]]]] = {
            name: (name, partial(_not_among, self._known[name])) for name in _OPTIONAL
        }
        told |= {
            "grade": ("grade", self._no_grade),
            "specialisation": ("specialisation", self._no_specialisations),
        }
        unread = {name: ("unread", partial(_not_read, name)) for name in ("employer", "focus")}
        for name in sorted({*told, *unread}):
            for of_name in (unread, told):
                if name in of_name:
                    yield name, *of_name[name]

    def _no_grade(self, text: str | None) -> Sequence[str]:
        number, step, stated = self._encoder.grade(text)
        known = not text or (stated and max(number, step) >= 0 and not text.lstrip().startswith("-"))
        return () if known or text is None else (text,)

    def _no_specialisations(self, names: Any) -> Sequence[str]:
        return sorted(one for one in several(names or ()) if one not in self._encoder.specialisations)

    def _stranger(self, who: Any) -> str:
        found = f"the estimator knows no employer {who!r}: the answer is for one that it has not met"
        return "" if who in self._known["employer"] else found


def _not_among(known: Collection[Any], value: Any) -> Sequence[Any]:
    return () if value in known else (value,)


def _not_read(name: str, unread: Sequence[tuple[str, str]] | None) -> Sequence[str]:
    return [text for field, text in unread or () if field == name]


def _no_place(unread: Sequence[tuple[str, str]] | None) -> str:
    for place in _not_read("place", unread):
        return f"{place!r} is no place that is known: give a city and its state, such as 'Seattle, WA'"
    return ""


def _outside(region: Any) -> str:
    return (
        region
        and f"the place is read as {region} outside its metropolitan areas: name a city for its own pay"
    )


def _no_pay_of(name: str, known: Collection[str], value: Any) -> str:
    if not known or value is None or str(value) in known:
        return ""
    return f"the estimator knows pay of the {name} {', '.join(known)}, not of {value!r}"


def _no_years(name: str, years: Any) -> str:
    if years is None or years == "" or _plausible(years):
        return ""
    return f"{name} must be a number of years from 0 to {MAX_YEARS}, not {years!r}"


def _so_long(name: str, years: Any) -> str:
    return f"{name} {years!r}: hardly anybody has worked so long" if _number(years) > UNUSUAL_YEARS else ""


def _plausible(years: Any) -> bool:
    return 0 <= _number(years) <= MAX_YEARS


def _number(years: Any) -> float:
    """Years as a number; text that is none in plain digits is NaN, as is nothing."""
    read = plain_number(years) if isinstance(years, str) else years
    return float(read) if isinstance(read, (int, float)) else math.nan
