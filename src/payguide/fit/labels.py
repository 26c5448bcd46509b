"""Labels of figures in plain words: templates and words are data (labels.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _data() -> dict[str, dict[str, str]]:
    data: dict[str, dict[str, str]] = tomllib.loads(
        (files("payguide.fit") / "labels.toml").read_text(encoding="utf-8")
    )
    return data


def word(field: str, value: str) -> str:
    """The word for a field's value; the value with spaces where there is none."""
    found = _data().get(field, {}).get(value)
    return value.replace("_", " ") if found is None else found


def phrase(kind: str, **fields: str) -> str:
    """The label of a kind of figure, its fields put into words: "Senior base pay, median".

    Raises:
        KeyError: there is no such kind.
    """
    words = {field: word(field, str(value)) for field, value in fields.items()}
    text = _data()["phrase"][kind].format(**words)
    return text[:1].upper() + text[1:]
