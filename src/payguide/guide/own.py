"""The report for an owner of confidential evidence: the public figures, and beside them what each confidential source
says by itself. It is marked on every page and in every file as not for publication.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from payguide.base.codes import LADDER
from payguide.base.edition import Edition
from payguide.base.estimates import Figure
from payguide.base.figure_id import band, figure_id, word
from payguide.guide import csv_text, words
from payguide.guide.shown import Shown, show

#: The page with the confidential sources.
PAGE: Final = "own.html"

#: The mark, in one word for names and titles, and in full.
MARK: Final = "Not for publication"
NOTICE: Final = f"{MARK}: this report shows its owner confidential evidence."

QUANTILES: Final = ("p10", "p25", "p50", "p75", "p90")


@dataclass(frozen=True, slots=True)
class Row:
    """One level's pay in a source: its quantiles, and the median of public evidence."""

    level: str
    quantiles: tuple[Shown, ...]
    public: Shown


@dataclass(frozen=True, slots=True)
class Table:
    """One source and component of pay."""

    source: str
    component: str
    rows: tuple[Row, ...]


def left_out(sources: Mapping[str, int]) -> str:
    """That confidential sources were left out, with the number of their observations; not whose they are."""
    n, many = sum(sources.values()), len(sources)
    return (
        f"{n:,} confidential observation{_s(n)} of {many} source{_s(many)} were left out: `payguide build --own` makes "
        "a report that shows them to you alone"
    )


def _s(n: int) -> str:
    return "" if n == 1 else "s"


def not_fitted(kinds: Mapping[str, int]) -> str:
    """That the estimator is not fitted on statements of some kinds, with their numbers."""
    told = ", ".join(f"{n:,} of {word('kind', kind)}" for kind, n in kinds.items())
    return (
        f"The estimator is fitted on posted ranges and self-reports, yours too. Left out: {told}, which state what one "
        "employer pays or the law's floor, not the market; `payguide build --own` shows a payroll by itself"
    )


def named(sources: Iterable[str]) -> dict[str, str]:
    """The part of an id that stands for each source: its name without what an id cannot hold, no two the same."""
    found: dict[str, str] = {}
    for source in sorted(sources):
        name = re.sub(r"[^a-z0-9]+", "-", source.lower()).strip("-") or "source"
        found[source] = name if name not in found.values() else f"{name}-{len(found) + 1}"
    return found


def report(edition: Edition, sources: Mapping[str, str], figures: Mapping[str, Figure]) -> Edition:
    """A public edition as its owner's report: marked, with the figures of its confidential sources."""
    title = f"{MARK}: {edition.manifest.get('title', '')}"
    manifest = {**edition.manifest, "title": title, "notice": NOTICE, "own": sorted(sources.values())}
    model = None if edition.model is None else {**edition.model, "notice": NOTICE}
    return replace(
        edition, manifest=manifest, model=model, figures=dict(sorted({**edition.figures, **figures}.items()))
    )


def notice(edition: Edition) -> str:
    """The mark of an edition; empty where it is a public one."""
    return str(edition.manifest.get("notice", ""))


def tables(edition: Edition) -> list[Table]:
    """What each confidential source says, by component of pay."""
    sources = edition.manifest.get("own")
    named_so = sources if isinstance(sources, list) else []
    return [
        Table(source, words.word("components", component).capitalize(), rows)
        for source in named_so
        for component in ("base", "total")
        if (rows := tuple(_rows(edition, source, component)))
    ]


def _rows(edition: Edition, source: str, component: str) -> Iterable[Row]:
    for level in ("any", *LADDER):
        ids = (
            figure_id("own", source=source, level=level, component=component, statistic=quantile)
            for quantile in QUANTILES
        )
        quantiles = tuple(show(edition.figures, one) for one in ids)
        if quantiles[0].published:
            yield Row(words.level_name(level), quantiles, show(edition.figures, band(level, component)))


def marked(name: str, content: bytes, notice: str) -> bytes:
    """A file's bytes with the mark where its kind has no title to carry it: scripts, styles and tables of text.

    Pages, drawings, pictures, Parquet and JSON carry it in what they say of their edition.
    """
    if not notice:
        return content
    match PurePath(name).suffix:
        case ".js" | ".css":
            return f"/* {notice} */\n".encode() + content
        case ".csv":
            header, *rows = csv.reader(io.StringIO(content.decode(), newline=""))
            return csv_text.write([*header, "notice"], ([*row, notice] for row in rows)).encode()
        case _:
            return content
