"""Claims are data: one TOML file per published guide, checked when it is read (see `form`)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from payguide.base.edition import Claim
from payguide.base.errors import UsageError, WrongShape
from payguide.base.text import text_file
from payguide.guide.claims.form import claim_from

_FOLDER = files("payguide.guide.claims")

_REMEDY: Final = "docs/claims.md shows the form"

#: What a claims file holds at its top, and what its table `guide` says.
_TOP: Final = {"guide", "claim"}
_GUIDE: Final = {"title", "note"}


@dataclass(frozen=True, slots=True)
class Guide:
    """A published guide: its title, what must be known of it, and its claims in its own order."""

    title: str
    note: str
    claims: tuple[Claim, ...]


def names() -> tuple[str, ...]:
    """The published guides there is a packaged file for, sorted."""
    return tuple(
        sorted(
            entry.name.removesuffix(".toml") for entry in _FOLDER.iterdir() if entry.name.endswith(".toml")
        )
    )


def load(name: str) -> Guide:
    """A packaged guide.

    Raises:
        UsageError: there is no such guide.
    """
    if name not in names():
        raise UsageError(
            f"no published guide is called {name!r}", remedy=f"Known guides: {', '.join(names())}"
        )
    return parse((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"), where=f"{name}.toml")


def load_file(path: Path) -> Guide:
    """A guide of one's own file, in the same form as the packaged ones.

    Raises:
        InputError: there is no such file.
        UnreadableFile: it is no text.
        WrongShape: it is not TOML, or a claim in it is not whole.
    """
    return parse(text_file(path, "the claims file"), where=str(path))


def parse(text: str, *, where: str) -> Guide:
    """The guide in the text of a claims file; its title is the file's name where it says none.

    Raises:
        WrongShape: it is not TOML, a claim lacks a part or has one too many, or two claims share an id.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WrongShape(f"not TOML: {error}", where=where, remedy=_REMEDY) from error
    rows = data.get("claim", [])
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise WrongShape("no [[claim]] in it", where=where, remedy=_REMEDY)
    told = _about(data, where)
    claims: dict[str, Claim] = {}
    for number, row in enumerate(rows, start=1):
        claim = claim_from(row, where=f"{where}, claim {number}")
        if claim.id in claims:
            raise WrongShape(
                f"the key `id`: {claim.id!r} stands twice",
                where=f"{where}, claim {number}",
                remedy="Give each claim its own",
            )
        claims[claim.id] = claim
    return Guide(told.get("title") or Path(where).stem, told.get("note", ""), tuple(claims.values()))


def _about(data: dict[str, Any], where: str) -> dict[str, str]:
    """The table `guide`; nothing else may stand at the file's top but claims."""
    told = data.get("guide", {})
    if not isinstance(told, dict):
        raise WrongShape("the key `guide` is no table", where=where, remedy=_REMEDY)
    odd = [*(data.keys() - _TOP), *(f"guide.{key}" for key in told.keys() - _GUIDE)]
    odd += [f"guide.{key}" for key, value in told.items() if not isinstance(value, str)]
    if odd:
        raise WrongShape(f"the key `{min(odd)}` is unknown or no text", where=where, remedy=_REMEDY)
    return told
