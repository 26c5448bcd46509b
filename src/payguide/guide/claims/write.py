"""Claims written as a claims file, for somebody to look through; `load` reads it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from payguide.base.edition import Claim


def claims_file(title: str, note: str, claims: Iterable[Claim]) -> str:
    """The text of a claims file."""
    parts = [f"[guide]\ntitle = {_value(title)}\nnote = {_value(note)}\n"]
    for claim in claims:
        rows: dict[str, object] = {
            "id": claim.id, "test": claim.test, "sentence": claim.sentence, "figures": claim.figures,
            **({"stated": claim.stated} if claim.stated else {}),
            **({"options": claim.options} if claim.options else {}),
        }  # fmt: skip
        parts.append(
            "\n".join(["[[claim]]", *(f"{key} = {_value(value)}" for key, value in rows.items())]) + "\n"
        )
    return "\n".join(parts)


def _value(value: object) -> str:
    """A value as TOML writes it. Its strings are JSON's, but for DEL."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
