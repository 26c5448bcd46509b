"""The files of the packaged evidence, each read only when its bytes are those that its manifest names.

The model is read without what the aggregates need: who asks for one estimate loads neither Arrow nor a database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from payguide.base.errors import StoreError

#: Where the package carries its evidence.
PACKAGED: Final = Path(__file__).with_name("packaged")

MANIFEST: Final = "manifest.json"
MODEL: Final = "model.json"
MARKET: Final = "market.npz"

#: The layout of the files, raised when an older reader could no longer read them.
FORMAT: Final = 2

_REMEDY: Final = "install payguide again, or rebuild with: payguide pack LIBRARY"


def read_manifest(folder: Path = PACKAGED) -> dict[str, Any]:
    """The manifest of a pack.

    Raises:
        StoreError: there is none, or it is not of this format.
    """
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StoreError(f"no packaged evidence: {error}", where=str(path), remedy=_REMEDY) from error
    if manifest.get("format") != FORMAT:
        found = f"packaged evidence of format {manifest.get('format')}, not {FORMAT}"
        raise StoreError(found, where=str(path), remedy=_REMEDY)
    return manifest


def read_model(folder: Path = PACKAGED) -> dict[str, Any]:
    """The packaged model file's content.

    Raises:
        StoreError: the pack has no model, or it is damaged.
    """
    return msgspec.json.decode(sealed(folder, MODEL, read_manifest(folder)), type=dict[str, Any])


def read_market(folder: Path = PACKAGED) -> bytes:
    """The packaged market model's bytes.

    Raises:
        StoreError: the pack has none, or it is damaged.
    """
    return sealed(folder, MARKET, read_manifest(folder))


def sealed(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """A file's bytes, once they are those the manifest names.

    Raises:
        StoreError: there is no such file, or it is another.
    """
    path = folder / name
    expected = manifest["files"].get(name)
    if expected is None:
        raise StoreError(f"the packaged evidence holds no {name}", where=str(folder), remedy=_REMEDY)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror}", where=str(path), remedy=_REMEDY) from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise StoreError("its bytes are not those that were packaged", where=str(path), remedy=_REMEDY)
    return content
