"""Where a command is to write: looked at before the work, so that an hour's work is not lost for a slip of the pen."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from payguide.base.errors import PayguideError, UsageError


def output_folder(path: Path) -> Path:
    """A folder to write into, which may not be there yet.

    Raises:
        UsageError: a file is there, or in the place of a folder above it.
        PayguideError: nothing can be written there.
    """
    there = next(one for one in (path, *path.absolute().parents) if os.path.lexists(one))
    if not there.is_dir():
        raise UsageError(
            f"{there} is no folder", where=str(path), remedy="Name a folder, or a new name for one"
        )
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        remedy = "Name another folder, give write access, or free space"
        raise PayguideError(
            f"nothing can be written there ({error.strerror})", where=str(there), remedy=remedy
        ) from None
    return path


def output_file(path: Path) -> Path:
    """A file to write, which may be there already, or a device or a pipe to write into.

    Raises:
        UsageError: a folder is there, or a file in the place of a folder above it.
        PayguideError: nothing can be written there.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder", remedy="Name a file in it")
    if not path.exists() or path.is_file():
        output_folder(path.parent)
    return path


def edition_folder(path: Path, *, force: bool) -> Path:
    """A folder for an edition: a new one, an empty one, or that of an edition whose files are as they were written;
    with `force` they need not be.

    Raises:
        UsageError, PayguideError: as of a folder, and where something else lies there.
    """
    from payguide.guide.sums import own

    own(output_folder(path), force=force)
    return path


def evidence_folder(evidence: str) -> str:
    """Where evidence is to be kept; what is no folder of this machine is for the store to judge.

    Raises:
        UsageError, PayguideError: as of a folder.
    """
    if "://" not in evidence:
        output_folder(Path(evidence))
    return evidence
