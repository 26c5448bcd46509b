"""Figures and verdicts as plain data for JSON, and back. Floats keep six significant digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final

from payguide.base.codes import Component, EvidenceKind, Level, Role
from payguide.base.edition import Claim, Judgement, Outcome, Rank, Reading, Verdict
from payguide.base.estimates import Estimate, Figure, Published, SourceEstimate, Unit, Unknown, Withheld
from payguide.base.money import DIGITS, to_digits
from payguide.guide.once import once


def plain(value: object, digits: int = DIGITS) -> Any:
    """The value as JSON knows it: words for enums and dates, lists for tuples, floats to `digits`.

    Raises:
        TypeError: a value has no plain form.
    """
    if isinstance(value, float):
        return to_digits(value, digits)
    if isinstance(value, StrEnum):
        return str(value)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [plain(item, digits) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item, digits) for key, item in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no plain form")


#: The fields of the nouns that are written, without their sources: those are written by themselves.
_FIELDS: Final = {
    record: tuple(field.name for field in fields(record) if field.name != "sources")
    for record in (Estimate, SourceEstimate)
}

_READING: Final = tuple(field.name for field in fields(Reading))


#: Of each noun, what it must have and all that it knows.
_NEEDED: Final = {
    record: frozenset(f.name for f in fields(record) if f.default is MISSING and f.name != "sources")
    for record in (Estimate, SourceEstimate)
}
_KNOWN: Final = {record: frozenset(names) | {"sources"} for record, names in _FIELDS.items()}


def _fields_of(record: Estimate | SourceEstimate) -> dict[str, Any]:
    """A frozen noun's fields as plain data, without its sources and without those that are empty and need not be."""
    data = ((name, getattr(record, name)) for name in _FIELDS[type(record)])
    needed = _NEEDED[type(record)]
    return {name: plain(value) for name, value in data if name in needed or value not in (None, "", ())}


def figure_data(figure: Figure) -> dict[str, Any]:
    """A figure as plain data; `status` tells the three kinds apart."""
    if isinstance(figure, Published):
        estimate = figure.estimate
        sources = [_fields_of(source) for source in estimate.sources]
        return {"status": "published", **_fields_of(estimate), "sources": sources}
    rule = {"rule": figure.rule} if isinstance(figure, Withheld) else {}
    status = "withheld" if isinstance(figure, Withheld) else "unknown"
    return {"status": status, "id": figure.id, "label": figure.label, "why": figure.why, **rule}


@once
def figures_data(figures: Mapping[str, Figure]) -> dict[str, dict[str, Any]]:
    """Figures as plain data, by their ids: made once for all files that are written of them."""
    return {name: figure_data(figure) for name, figure in figures.items()}


def figure_from(data: Mapping[str, Any]) -> Figure:
    """The figure that `figure_data` wrote.

    Raises:
        KeyError, TypeError, ValueError: the data is not of that form.
    """
    match data["status"]:
        case "published":
            return Published(_estimate_from(data))
        case "withheld":
            return Withheld(data["id"], data["label"], data["rule"], data["why"])
        case "unknown":
            return Unknown(data["id"], data["label"], data["why"])
        case other:
            raise ValueError(f"no figure has the status {other!r}")


def _check(record: type[Estimate | SourceEstimate], data: Mapping[str, Any], what: str) -> None:
    """Raise ValueError where data lacks what a record needs, or has what it does not know: another payguide's."""
    for problem, names in (
        ("lacks", _NEEDED[record].difference(data)),
        ("has the unknown", data.keys() - _KNOWN[record]),
    ):
        if names:
            told = ", ".join(sorted(names))
            raise ValueError(f"{what} {problem} {told}: another version of payguide wrote it")


def _estimate_from(data: Mapping[str, Any]) -> Estimate:
    rest = {name: value for name, value in data.items() if name != "status"}
    _check(Estimate, rest, f"the figure {rest.get('id', '')}")
    for name, kind in (("component", Component), ("role", Role), ("level", Level)):
        if name in rest:
            rest[name] = kind(rest[name])
    rest["unit"] = Unit(rest["unit"])
    rest["date"] = date.fromisoformat(rest["date"])
    rest["notes"] = tuple(rest.get("notes", ()))
    rest["sources"] = tuple(_source_from(source) for source in rest.get("sources", ()))
    return Estimate(**rest)


def _source_from(data: Mapping[str, Any]) -> SourceEstimate:
    _check(SourceEstimate, data, f"the source {data.get('source', '')}")
    changed = {"kind": EvidenceKind(data["kind"]), "mean_date": date.fromisoformat(data["mean_date"])}
    return SourceEstimate(**{**data, **changed})


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """A verdict with its claim as plain data."""
    claim = verdict.claim
    return {
        "id": claim.id,
        "sentence": claim.sentence,
        "test": claim.test,
        "figures": list(claim.figures),
        "stated": plain(claim.stated),
        "options": plain(claim.options),
        "verdict": str(verdict.judgement),
        "why": verdict.why,
        "deciding": list(verdict.deciding),
        "readings": [plain({name: getattr(one, name) for name in _READING}) for one in verdict.readings],
    }


def verdict_from(data: Mapping[str, Any]) -> Verdict:
    """The verdict that `verdict_data` wrote.

    Raises:
        KeyError, TypeError, ValueError: the data is not of that form.
    """
    claim = Claim(
        id=data["id"],
        sentence=data["sentence"],
        test=data["test"],
        figures=tuple(data["figures"]),
        stated=tuple(float(number) for number in data["stated"]),
        options=dict(data["options"]),
    )
    readings = tuple(_reading_from(reading) for reading in data.get("readings", ()))
    return Verdict(claim, Judgement(data["verdict"]), data["why"], tuple(data["deciding"]), readings)


def _reading_from(data: Mapping[str, Any]) -> Reading:
    read = {
        "outcome": Outcome(data["outcome"]),
        "rank": Rank(data["rank"]),
        "figures": tuple(data["figures"]),
    }
    return Reading(**{**data, **read})
