"""The JSON Schema of edition.json: what a program may rely on. It is written beside every edition."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, Final

from payguide.base.codes import Component, EvidenceKind, Level, Role
from payguide.base.edition import Judgement, Outcome, Rank
from payguide.base.estimates import Unit
from payguide.base.market import DIMENSIONS

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "number"}
_SHARE: Final = {"type": "number", "minimum": 0, "maximum": 1}
_COUNT: Final = {"type": "integer", "minimum": 0}
_DAY: Final = {"type": "string", "format": "date"}


def _of(words: Iterable[StrEnum]) -> dict[str, Any]:
    """One of a vocabulary's words."""
    return {"enum": [str(word) for word in words]}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object of just these parts."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


#: null where no piece of evidence names an employer.
_EMPLOYERS: Final = {**_COUNT, "type": [_COUNT["type"], "null"]}

_SOURCE: Final = _object(
    {
        "source": _TEXT, "kind": _of(EvidenceKind), "value": _NUMBER, "low": _NUMBER, "high": _NUMBER,
        "weight": _NUMBER, "n": _COUNT, "n_employers": _EMPLOYERS, "mean_date": _DAY, "ageing": _NUMBER,
    }
)  # fmt: skip

_PUBLISHED: Final = _object(
    {
        "status": {"const": "published"}, "id": _TEXT, "label": _TEXT, "unit": _of(Unit), "value": _NUMBER,
        "low": _NUMBER, "high": _NUMBER, "coverage": _SHARE, "n": _COUNT, "n_records": _COUNT,
        "n_employers": _EMPLOYERS, "n_unnamed": _COUNT, "effective": _NUMBER, "largest_share": _SHARE,
        "largest": _TEXT, "method": _TEXT, "population": _TEXT, "date": _DAY,
        "sources": _list(_SOURCE),
    },
    {
        "heterogeneity": _SHARE, "currency": _TEXT, "component": _of(Component), "role": _of(Role),
        "level": _of(Level), "quantile": _SHARE, "notes": _list(_TEXT), "borrowed": _SHARE,
        "significant": {"type": "boolean"},
    },
)  # fmt: skip

_KEPT_BACK: Final = {"id": _TEXT, "label": _TEXT, "why": _TEXT}

_READING: Final = _object(
    {"outcome": _of(Outcome), "rank": _of(Rank), "name": _TEXT, "clause": _TEXT, "figures": _list(_TEXT)}
)

_VERDICT: Final = _object(
    {
        "id": _TEXT, "sentence": _TEXT, "test": _TEXT, "figures": _list(_TEXT), "stated": _list(_NUMBER),
        "options": {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}},
        "verdict": _of(Judgement), "why": _TEXT, "deciding": _list(_TEXT), "readings": _list(_READING),
    }
)  # fmt: skip

#: Null where a margin of the market is as the evidence has it.
_MARGIN: Final = {
    "oneOf": [
        {"type": "null"},
        _object(
            {
                "shares": {"type": "object", "additionalProperties": _SHARE}, "reference": _TEXT,
                "certainty": {"type": ["number", "null"], "minimum": 1}, "assumed": {"type": "boolean"},
            }
        ),
    ]
}  # fmt: skip

_MARKET: Final = _object(
    {
        "origin": _TEXT, "date": _DAY, "margins": _object(dict.fromkeys(DIMENSIONS, _MARGIN)),
        "within_cell": _SHARE,
    }
)  # fmt: skip

#: What every manifest says; it may say more.
_MANIFEST: Final = {
    "type": "object",
    "required": ["slug", "title", "role", "date", "country", "currency", "code_version", "seed", "sources"],
    "properties": {
        "slug": _TEXT, "title": _TEXT, "role": _of(Role), "date": _DAY, "country": _TEXT, "currency": _TEXT,
        "population": _TEXT, "evidence_version": _TEXT, "code_version": _TEXT, "seed": {"type": "integer"},
        "market": _MARKET, "url": _TEXT, "notice": _TEXT, "own": _list(_TEXT),
        "model_sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "sources": {"type": "object", "additionalProperties": {"type": "object"}},
    },
}  # fmt: skip


def schema(form: str, notice: str = "") -> dict[str, Any]:
    """The schema of an edition of a form. A published figure has a value inside its interval; a withheld or
    unknown one has none. Money is annual, shares and effects are fractions of one. A `notice` is its comment.
    """
    figure = {
        "oneOf": [
            _PUBLISHED,
            _object({"status": {"const": "withheld"}, "rule": _TEXT, **_KEPT_BACK}),
            _object({"status": {"const": "unknown"}, **_KEPT_BACK}),
        ]
    }
    return {
        "$schema": _DRAFT,
        **({"$comment": notice} if notice else {}),
        "title": "A payguide edition",
        **_object(
            {
                "format": {"const": form},
                "manifest": _MANIFEST,
                "figures": {"type": "object", "additionalProperties": figure},
                "verdicts": _list(_VERDICT),
            },
            {"$schema": _TEXT},
        ),
    }
