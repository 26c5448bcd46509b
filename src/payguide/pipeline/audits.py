"""From guides' pages to guides audited."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from payguide.base.codes import Role
from payguide.base.credentials import without_credentials
from payguide.base.edition import Edition
from payguide.base.errors import InputError
from payguide.base.guides import GuidePage
from payguide.base.text import decode_text, text_file
from payguide.decode.guides import read_guide
from payguide.guide.claims.audit import AuditedGuide, audit, kept
from payguide.guide.sections import guides

#: How the names of pages end.
_PAGES: Final = (".html", ".htm", ".md", ".txt")
_ADDRESSES: Final = ("http://", "https://")


def read_page(page: Path | str, *, allowed: Collection[str] = ()) -> GuidePage:
    """A guide's page: an HTML or text file, or a web address. `allowed` are hosts to ask that are not public.

    Raises:
        InputError: it cannot be opened, or its host does not let it be read.
        UnreadableFile: it is no text.
    """
    if not is_address(str(page)):
        return read_guide(text_file(Path(page), "the page", fallback="cp1252"))
    # what speaks to hosts is loaded for them alone: every build reads pages of files
    from payguide.collect.boards import content_of
    from payguide.collect.client import Client

    content = content_of(str(page), Client(allowed=allowed))
    return read_guide(decode_text(content, where=without_credentials(str(page)), fallback="cp1252"))


def is_address(page: str) -> bool:
    """Whether a page is named by a web address."""
    return page.lower().startswith(_ADDRESSES)


def pages_in(named: Iterable[Path]) -> list[Path]:
    """The pages that are named, those in a folder for the folder, each once.

    Raises:
        InputError: a folder holds none.
    """
    found: dict[Path, None] = {}
    for path in named:
        pages = sorted(one for one in path.iterdir() if one.suffix in _PAGES) if path.is_dir() else [path]
        if not pages:
            raise InputError(
                "no page of a guide is here", where=str(path), remedy=f"Pages end in {', '.join(_PAGES)}"
            )
        found |= dict.fromkeys(pages)
    return list(found)


def audit_pages(pages: Mapping[str, GuidePage], edition_of: Callable[[Role], Edition]) -> list[AuditedGuide]:
    """Pages audited, each by the edition of its role; every edition is asked for once."""
    once = cache(edition_of)
    return [audit(without_credentials(name), page, once(page.role)) for name, page in pages.items()]


def with_audits(editions: Sequence[Edition], pages: Mapping[Path, GuidePage]) -> list[Edition]:
    """The editions, each with the audit of the pages about its role; the first has those about other roles too."""
    roles = [str(edition.manifest.get("role", "")) for edition in editions]
    found = []
    for at, edition in enumerate(editions):
        own = {
            path: page for path, page in pages.items()
            if page.role == roles[at] or (at == 0 and page.role not in roles)
        }  # fmt: skip
        audited = [audit(str(path), page, edition) for path, page in own.items()]
        says = {guides.KEY: kept(audited)} if audited else {}
        found.append(replace(edition, manifest={**edition.manifest, **says}))
    return found
