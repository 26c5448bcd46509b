"""`payguide doctor`: is everything here that payguide needs?"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from payguide.base.errors import PayguideError
from payguide.serve.cli import console


def doctor(
    *, evidence: str | None = None, as_json: Annotated[bool, Parameter("--json", negative="")] = False
) -> int:
    """Check this installation and, where it is named, your evidence. Exit code 1 if something is wrong.

    Example: `payguide doctor --evidence my-evidence`

    Parameters
    ----------
    evidence
        Evidence to check too: a folder, or s3://bucket/prefix.
    as_json
        Print JSON for a program.
    """
    found = list(_checks(evidence))
    if as_json:
        console.emit([{"check": name, "ok": ok, "found": text} for name, ok, text in found])
    else:
        console.table("payguide doctor", ("", "check", "found"), [
            ("ok" if ok else "WRONG" if ok is False else "-", name, text) for name, ok, text in found
        ])  # fmt: skip
    return 1 if any(ok is False for _, ok, _ in found) else 0


def _checks(evidence: str | None) -> Iterator[tuple[str, bool | None, str]]:
    """(what, right or wrong or None for "nice to have and not here", what was found)."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield "Python 3.11 or newer", sys.version_info >= (3, 11), version
    yield "required packages", *_packages()
    yield "packaged evidence", *_tried(_packaged)
    yield "official statistics", *_tried(_official)
    yield "this folder can be written", os.access(Path.cwd(), os.W_OK), str(Path.cwd())
    chromium = shutil.which("chromium")
    yield "Chromium (payguide pdf, browser tests)", True if chromium else None, chromium or "not here"
    if evidence is not None:
        yield f"evidence in {evidence}", *_tried(lambda: _store(evidence))
        yield "whom the evidence is shown to", *_tried(lambda: _confidential(evidence))
        yield "nobody else can read the evidence", *_readable(evidence)
        yield "is it what was written?", *_whole(evidence)


def _packages() -> tuple[bool, str]:
    names = [
        requirement.split(";")[0].split(">")[0].split("[")[0].strip()
        for requirement in importlib.metadata.requires("payguide") or []
        if "extra ==" not in requirement
    ]
    missing = []
    for name in names:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    return not missing, f"missing: {', '.join(missing)}" if missing else f"all {len(names)} are installed"


def _tried(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except PayguideError as error:
        return False, str(error)


def _packaged() -> str:
    from payguide.evidence.pack import read_pack
    from payguide.evidence.sealed import read_model

    read_model()
    aggregates = read_pack()
    return f"{len(aggregates.cells):,} cells of {len(aggregates.sources)} sources"


def _official() -> str:
    from payguide.collect.sources import documents

    return "; ".join(document.name for document in documents("oews") if hasattr(document, "name"))


def _confidential(folder: str) -> str:
    from payguide.evidence.store import Store
    from payguide.evidence.store.sources import confidential

    with Store.open(folder).connected() as connection:
        sources = confidential(connection)
    if not sources:
        return "all of it is public: every edition may use it"
    return (
        f"{sum(sources.values()):,} observations of {', '.join(sources)} are confidential: no public edition knows of "
        "them; payguide build --own shows them to you alone. Tables of your own are, unless collected with --public"
    )


def _readable(folder: str) -> tuple[bool | None, str]:
    from payguide.evidence.store.private import shared

    path = Path(folder)
    if "://" in folder or not path.is_dir():
        return None, "the storage's own rules say who can"
    found = shared(path)
    remedy = f"{len(found):,} files and folders can be read by others: chmod -R go= {folder}"
    return (False, remedy) if found else (True, "0700")


def _store(folder: str) -> str:
    from payguide.evidence.store import Store

    store = Store.open(folder)
    total = sum(counts.get("observations", 0) for counts in store.counts_by_source().values())
    return f"version {store.version}, {total:,} observations"


def _whole(folder: str) -> tuple[bool | None, str]:
    """Whether every log entry, checkpoint and file is what was written."""
    from payguide.evidence.store.check import check_all
    from payguide.evidence.store.location import location_of

    try:
        counts = check_all(location_of(folder))
    except PayguideError as error:
        return False, str(error)
    found = (
        f"{counts['commits']:,} commits, {counts['checkpoints']:,} checkpoints and {counts['files']:,} files"
    )
    if counts["unsealed"]:
        return (
            None,
            f"{counts['unsealed']:,} of {counts['files']:,} files have no checksum: payguide evidence compact",
        )
    return True, found
