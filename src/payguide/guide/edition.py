"""An edition on disk: edition.json (all that is published) with its JSON Schema, the figures as a table in
figures.csv and figures.parquet, and model.json where there is one.

The same edition gives the same bytes: sorted keys, floats to six significant digits, and no date but those
of the edition itself. The manifest carries the model file's sha256, so that the two cannot drift apart.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from payguide.base.aggregates import Aggregates
from payguide.base.edition import Edition
from payguide.base.errors import InputError, UnreadableFile, WrongShape
from payguide.base.estimates import Figure
from payguide.base.market import DIMENSIONS, WITHIN_CELL, Market
from payguide.gate.rules import thresholds
from payguide.guide import claims, own
from payguide.guide.claims import Guide
from payguide.guide.codec import figure_from, figures_data, plain, verdict_data, verdict_from
from payguide.guide.once import once
from payguide.guide.role import EditionSpec
from payguide.guide.schema import schema

__all__ = ["FORMAT", "fingerprint", "made", "manifest", "read", "write"]

#: The form of edition.json; a reader refuses any other.
FORMAT = "payguide-edition/1"

EDITION_FILE = "edition.json"
SCHEMA_FILE = "edition.schema.json"
FIGURES_FILE = "figures.csv"
PARQUET_FILE = "figures.parquet"
MODEL_FILE = "model.json"
_MODEL_HASH = "model_sha256"

#: A model is evaluated, not printed: its floats keep more digits than figures do.
MODEL_DIGITS = 10

_REMEDY = "Build one with `payguide build --out FOLDER`"


def made(
    role: EditionSpec,
    aggregates: Aggregates,
    figures: Mapping[str, Figure],
    model: Mapping[str, object],
    *,
    market: Market,
    code_version: str,
    seed: int,
) -> Edition:
    """The edition of a role in a market: its figures, and what they say of the published guide that the role names."""
    guide = claims.load(role.claims) if role.claims else None
    verdicts = claims.judge(guide.claims, figures) if guide else ()
    says = manifest(role, aggregates, guide, code_version=code_version, seed=seed)
    says["market"] = _people(market)
    return Edition(says, figures, verdicts, model)


def manifest(
    role: EditionSpec, aggregates: Aggregates, guide: Guide | None, *, code_version: str, seed: int
) -> dict[str, object]:
    """What an edition says of itself: what it is about, from which evidence, by which code and seed, and
    the published guide that it tests, where it tests one.
    """
    tested = {"name": role.claims, "title": guide.title, "note": guide.note} if guide else None
    told = {
        "slug": role.slug,
        "title": role.title,
        "role": role.role,
        "role_name": role.name,
        "one": role.one,
        "many": role.many,
        "date": role.date.isoformat(),
        "population": role.population,
        "country": role.country,
        "currency": role.currency,
        "official": role.official,
        "duties": role.duties,
        "published_guide": tested,
        "evidence_version": aggregates.evidence_version,
        "code_version": code_version,
        "seed": seed,
        "rules": thresholds(),
        "sources": {name: dict(card) for name, card in sorted(aggregates.sources.items())},
    }
    return {key: value for key, value in told.items() if value not in (None, "")}


def _people(market: Market) -> dict[str, object]:
    """Whose pay an edition is of: the market's margins with what tells them; null where one is as the evidence has it.
    Beside them the bias within a tier that intervals allow for.
    """
    margins = {
        name: {
            "shares": dict(margin.shares),
            "reference": margin.reference,
            "certainty": margin.certainty,
            "assumed": margin.assumed,
        }
        if (margin := market.margins[name])
        else None
        for name in DIMENSIONS
    }
    stated = {"origin": market.origin, "date": market.date.isoformat()}
    return {**stated, "margins": margins, "within_cell": WITHIN_CELL}


def write(edition: Edition, folder: Path) -> list[Path]:
    """Write the edition's files into `folder` (made where missing); return their paths.

    Raises:
        ValueError: a number is not finite, which JSON cannot say.
    """
    # who only reads an edition need not load Arrow
    from payguide.guide import figures_table

    folder.mkdir(parents=True, exist_ok=True)
    files = _texts(edition)
    table = figures_table.table(edition.figures)
    files |= {
        SCHEMA_FILE: _json(schema(FORMAT, own.notice(edition)), indent=1),
        FIGURES_FILE: figures_table.as_csv(table).encode(),
        PARQUET_FILE: figures_table.as_parquet(table, _told(edition, files[EDITION_FILE])),
    }
    for name, content in sorted(files.items()):
        (folder / name).write_bytes(own.marked(name, content, own.notice(edition)))
    return [folder / name for name in sorted(files)]


def _told(edition: Edition, text: bytes) -> dict[str, str]:
    """What a file of figures says of its edition."""
    keys = ("title", "population", "date", "currency", "evidence_version", "code_version", "notice")
    known = {key: str(edition.manifest[key]) for key in keys if key in edition.manifest}
    return {**known, "edition_sha256": hashlib.sha256(text).hexdigest()}


def fingerprint(edition: Edition, folder: Path | None = None) -> str:
    """The SHA-256 of an edition's edition.json, in hexadecimal: whoever has the file can work it out again.

    `folder` is where the edition has just been written, which saves making the file once more.
    """
    text = (folder / EDITION_FILE).read_bytes() if folder else _texts(edition)[EDITION_FILE]
    return hashlib.sha256(text).hexdigest()


def _texts(edition: Edition) -> dict[str, bytes]:
    """edition.json, and model.json where there is a model."""
    files: dict[str, bytes] = {}
    says = {name: value for name, value in edition.manifest.items() if name != _MODEL_HASH}
    if edition.model is not None:
        files[MODEL_FILE] = _model_file(edition.model)
        says[_MODEL_HASH] = hashlib.sha256(files[MODEL_FILE]).hexdigest()
    data = {
        "$schema": SCHEMA_FILE,
        "format": FORMAT,
        "manifest": plain(says),
        "figures": figures_data(edition.figures),
        "verdicts": [verdict_data(verdict) for verdict in edition.verdicts],
    }
    files[EDITION_FILE] = _json(data, indent=1)
    return files


@once
def _model_file(model: Mapping[str, object]) -> bytes:
    return _json(plain(model, MODEL_DIGITS), indent=None)


def _json(data: object, *, indent: int | None) -> bytes:
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # to indent while encoding takes Python, and five times as long
    return f"{text if indent is None else msgspec.json.format(text, indent=indent)}\n".encode()


def read(folder: Path) -> Edition:
    """The edition in `folder`.

    Raises:
        InputError: there is no edition in it.
        UnreadableFile: a file of it is not JSON.
        WrongShape: it is JSON of another form, or the model is not the one the manifest names.
    """
    path = folder / EDITION_FILE
    data = _load(path.read_bytes() if path.is_file() else None, path)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise WrongShape(f"not an edition of the form {FORMAT}", where=str(path), remedy=_REMEDY)
    try:
        figures = {name: figure_from(figure) for name, figure in sorted(data["figures"].items())}
        verdicts = tuple(verdict_from(verdict) for verdict in data["verdicts"])
        says = dict(data["manifest"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WrongShape(f"not a whole edition: {error}", where=str(path), remedy=_REMEDY) from error
    return Edition(says, figures, verdicts, _model(folder, says))


def _load(content: bytes | None, path: Path) -> Any:
    if content is None:
        raise InputError(f"there is no {path.name} here", where=str(path.parent), remedy=_REMEDY)
    try:
        return json.loads(content)
    except ValueError as error:
        raise UnreadableFile(f"not JSON: {error}", where=str(path), remedy=_REMEDY) from error


def read_model(folder: Path) -> Mapping[str, object]:
    """The model of an edition in a folder. Raises as `read`, and InputError where the edition has none."""
    found = read(folder).model
    if found is None:
        raise InputError("this edition has no model", where=str(folder), remedy="Build it again")
    return found


def _model(folder: Path, manifest: Mapping[str, object]) -> Mapping[str, object] | None:
    """The model the manifest names, or None where it names none."""
    expected = manifest.get(_MODEL_HASH)
    if expected is None:
        return None
    path = folder / MODEL_FILE
    content = path.read_bytes() if path.is_file() else None
    model = _load(content, path)
    if hashlib.sha256(content or b"").hexdigest() != expected:
        raise WrongShape("not the model this edition was made with", where=str(path), remedy=_REMEDY)
    if not isinstance(model, dict):
        raise WrongShape("not a model", where=str(path), remedy=_REMEDY)
    return model
