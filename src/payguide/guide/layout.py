"""What every page shares: the templates' environment, and what is said of an edition at a page's head."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from payguide.base.edition import Edition
from payguide.base.estimates import Published
from payguide.guide import numbers, own, words

#: The letters of a fingerprint that a citation gives: enough to tell all editions apart.
MARK: Final = 16


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
        "slug": words.slug,
        "capital": lambda text: text[:1].upper() + text[1:],
        "before_comma": lambda text: text.partition(",")[0],
    }
    return made


def head(edition: Edition) -> dict[str, str]:
    """What every page says of its edition; a manifest may lack any of it."""
    manifest = edition.manifest
    told = {
        key: str(manifest.get(key, ""))
        for key in ("population", "currency", "evidence_version", "code_version", "official", "duties")
    }
    day = str(manifest.get("date", ""))
    return {
        **told,
        "title": str(manifest.get("title", "Salary guide")),
        "tested": "yes" if edition.verdicts else "",
        "shelf": "../index.html" if manifest.get("beside") else "",
        "url": str(manifest.get("url", "")),
        "notice": own.notice(edition),
        "own": own.PAGE if own.notice(edition) else "",
        "date": day,
        "date_words": _in_words(day),
    }


def citation(head: Mapping[str, str], mark: str) -> str:
    """How an edition is cited, in one line; `mark` is its fingerprint, of which the first letters are enough."""
    return f"payguide, {head['title']}, edition of {head['date']}, fingerprint {mark[:MARK]}"


def _in_words(day: str) -> str:
    """An ISO date as "1 November 2026"; what is not one, as it stands."""
    try:
        known = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{known.day} {known:%B %Y}"


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
