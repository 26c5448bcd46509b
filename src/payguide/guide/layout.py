"""What every page shares: the templates' environment, and what is said of an edition at a page's head."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.guide import desk, numbers, own, words
from payguide.guide.sections import claimed, places, time

#: The letters of a fingerprint that a citation gives: enough to tell all editions apart.
MARK: Final = 16

#: A repository as texts name it: "github.com owner/name".
_REPOSITORY: Final = r"github\.com [\w-]{1,40}/[\w.-]{0,99}\w"


@cache
def environment() -> Environment:
    """Templates with everything escaped, each compiled once a run; an unknown name is an error, not an empty place."""
    made = Environment(
        loader=PackageLoader("payguide.guide", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {
        "count": numbers.count,
        "percent": numbers.percent,
        "stated": numbers.stated,
        "counted": words.counted,
        "mark": words.mark,
        "referenced": referenced,
        "slug": words.slug,
        "capital": lambda text: text[:1].upper() + text[1:],
        "before_comma": lambda text: text.partition(",")[0],
    }
    return made


def head(edition: Edition) -> dict[str, Any]:
    """What every page says of its edition, and where a reader's own questions are answered; a manifest may lack any of
    it.
    """
    manifest = edition.manifest
    told = {
        key: str(manifest.get(key, ""))
        for key in ("population", "currency", "evidence_version", "code_version", "official", "duties")
    }
    day = str(manifest.get("date", ""))
    return {
        **told,
        "title": str(manifest.get("title", "Salary guide")),
        "audited": claimed.guide(edition)["title"] if edition.verdicts else "",
        "desk": desk.desk(edition),
        "single": _single(edition),
        "shelf": "../index.html" if manifest.get("beside") else "",
        "url": str(manifest.get("url", "")),
        "notice": own.notice(edition),
        "own": own.PAGE if own.notice(edition) else "",
        "date": day,
        "date_words": numbers.day(day),
    }


def _single(edition: Edition) -> dict[str, str]:
    """The pages that lead to single companies, metros and years, by their names; those that the edition has."""
    told: Any = (edition.model or {}).get("companies", {})
    known = (
        ("companies.html", "Companies", bool(told.get("employers"))),
        (places.PAGE, "Places", bool(places.pages(edition))),
        (time.PAGE, "Pay over time", bool(time.page(edition))),
    )
    return {page: name for page, name, is_there in known if is_there}


def referenced(text: str) -> str:
    """A text as HTML, with what it refers to linked: the repositories that it names, and what words.toml knows the
    address of. Who follows a link is told to nobody.
    """
    known = words.vocabulary()["references"]

    def link(found: re.Match[str]) -> str:
        address = known.get(found[0]) or f"https://{found[0].replace(' ', '/')}"
        return f'<a href="{address}" rel="noreferrer nofollow">{found[0]}</a>'

    return re.sub("|".join((_REPOSITORY, *map(re.escape, known))), link, escape(text))


def citation(head: Mapping[str, Any], mark: str) -> str:
    """How an edition is cited, in one line; `mark` is its fingerprint, of which the first letters are enough."""
    return f"payguide, {head['title']}, edition of {head['date']}, fingerprint {mark[:MARK]}"


def coverage(edition: Edition) -> float:
    """The coverage that most intervals state; 0 without any."""
    stated = Counter(
        figure.estimate.coverage
        for figure in edition.figures.values()
        if isinstance(figure, Published) and figure.estimate.coverage
    )
    return max(sorted(stated), key=lambda coverage: stated[coverage], default=0.0)


def write(texts: Mapping[str, str | bytes], folder: Path, notice: str = "") -> list[Path]:
    """Write files by their paths below a folder (made where missing), marked with a `notice`; return where they are."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        content = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(own.marked(name, content, notice))
    return [folder / name for name in texts]
