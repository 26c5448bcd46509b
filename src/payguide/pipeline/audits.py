"""From guides' pages to guides audited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from payguide.base.codes import Role
from payguide.base.edition import Edition
from payguide.base.guides import GuidePage
from payguide.base.text import text_file
from payguide.decode.guides import read_guide
from payguide.guide.claims.audit import AuditedGuide, audit


def read_page(path: Path) -> GuidePage:
    """A guide's page: an HTML or text file.

    Raises:
        InputError: it cannot be opened.
        UnreadableFile: it is no text.
    """
    return read_guide(text_file(path, "the page", fallback="cp1252"))


def audit_pages(pages: Mapping[Path, GuidePage], edition_of: Callable[[Role], Edition]) -> list[AuditedGuide]:
    """Pages audited, each by the edition of its role; every edition is asked for once."""
    once = cache(edition_of)
    return [audit(str(path), page, once(page.role)) for path, page in pages.items()]
