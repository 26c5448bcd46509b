"""Reading the reference data: TOML files of this folder, each read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_FOLDER = files("payguide.base.reference")


@cache
def table(*path: str) -> dict[str, Any]:
    """The content of a TOML file of this folder: `table("countries", "us")`.

    Raises:
        FileNotFoundError: there is no such file.
    """
    *folders, name = path
    found: dict[str, Any] = tomllib.loads(
        _FOLDER.joinpath(*folders, f"{name}.toml").read_text(encoding="utf-8")
    )
    return found


def names(folder: str) -> tuple[str, ...]:
    """The names of a folder's files, without their ending, sorted."""
    return tuple(
        sorted(
            entry.name.removesuffix(".toml")
            for entry in (_FOLDER / folder).iterdir()
            if entry.name.endswith(".toml")
        )
    )
