"""What pages with a script of their own share: packaged files, and data that travel as a script."""

from __future__ import annotations

import json
from importlib.resources import files


def packaged(folder: str, name: str) -> str:
    """The text of a file that comes with the guide."""
    return (files("payguide.guide") / folder / name).read_text(encoding="utf-8")


def assigned(name: str, value: object) -> str:
    """A script that assigns a value: JSON in ASCII, and nothing in it could end a script element."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False).replace("<", "\\u003c")
    return f"payguide.{name} = {text};\n"
