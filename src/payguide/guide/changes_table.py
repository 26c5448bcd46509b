"""What changed since an earlier edition as plain tables for the command line, and as data for a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from payguide.base.edition import Edition
from payguide.guide import words
from payguide.guide.changes import COUNTS, EARLIER, VERSIONS, named, nothing, source_counts, told
from payguide.guide.codec import figure_data
from payguide.guide.sections.changes import Line, bands, earlier_figures, line
from payguide.guide.shown import Shown, show

#: A table: its title, its columns (a name that starts with ">" is set to the right), its rows.
Table = tuple[str, tuple[str, ...], Sequence[tuple[str, ...]]]

_CHANGE = (">before", ">now", ">change", "more than chance?")


def as_data(edition: Edition) -> dict[str, Any]:
    """What changed as the manifest has it, with this edition's figures (`now`) beside the earlier ones (`was`)."""
    known = told(edition)
    now = {
        name: figure_data(edition.figures[name]) for name in sorted(named(known)) if name in edition.figures
    }
    slug = edition.manifest.get("slug", "")
    return {"slug": slug, **known, "now": now, "nothing": nothing(known)}


def tables(edition: Edition) -> Iterator[Table]:
    """The tables that have something to say, the medians by level first."""
    known, before = told(edition), earlier_figures(edition)
    manifest = edition.manifest
    title = f"{manifest.get('title', 'Salary guide')}: what changed since {known[EARLIER].get('date', '')}"
    medians = [(level, component, *_cells(found)) for level, component, found in bands(edition)]
    yield f"{title} (medians, {manifest.get('currency', '')} a year)", ("level", "pay", *_CHANGE), medians
    lines = [line(one, before, edition.figures) for one in known["moved"]]
    new, kept_back = (
        [(show(edition.figures, one["id"]), one["was"]) for one in known[key]]
        for key in ("published", "withheld")
    )
    rest: list[tuple[str, tuple[str, ...], Iterable[tuple[str, ...]]]] = [
        ("Other figures that moved", ("figure", *_CHANGE), ((one.name, *_cells(one)) for one in lines)),
        (
            "Newly published",
            ("figure", "before", ">now"),
            ((_name(one), was, _sized(one)) for one, was in new),
        ),
        (
            "Newly kept back",
            ("figure", "before", "now", "why"),
            ((_name(one), was, one.text, one.why) for one, was in kept_back),
        ),
        ("Gone", ("figure",), ((words.name(one["id"], one["label"]),) for one in known["gone"])),
        ("Verdicts that changed", ("claim", "before", "now", "decided by"), _verdicts(edition, known)),
        ("Sources", ("source", "what", "counted", ">before", ">now"), _sources(edition, known)),
        ("Editions and rules", ("what", "before", "now"), _versions(known)),
    ]
    for title, columns, found in rest:
        rows = list(found)
        if rows:
            yield title, columns, rows


def notes(edition: Edition) -> list[str]:
    """What must be said below the tables."""
    known = told(edition)
    counted = known["counted"]
    moved = counted["up"] + counted["down"]
    counts = (
        f"{counted['compared']} figures are in both editions: {moved} moved by more than chance makes, "
        f"{counted['chance']} by no more than chance can make, {counted['same']} are the same, "
        f"{counted['open']} cannot be judged."
    )
    lines = [
        counts,
        "The interval of the difference takes the editions as independent: they share evidence, so it is too wide.",
        "Each edition's figures are aged to its own date.",
    ]
    if nothing(known):
        lines.insert(0, "Nothing changed: every figure, verdict, source, rule and version is the same.")
    if not known["rules"]["known"]:
        lines.append("The earlier edition does not record its rules of publication.")
    return lines


def _name(shown: Shown) -> str:
    return words.inside(shown.id, shown.name)


def _sized(shown: Shown) -> str:
    """A figure with its interval in brackets."""
    return f"{shown.text} ({shown.interval})" if shown.interval else shown.text


def _cells(found: Line) -> tuple[str, str, str, str]:
    was = _sized(found.was) if found.was.published else found.state
    change = f"{found.change} ({found.interval})" if found.interval else found.change
    return was, _sized(found.now), change, found.said


def _verdicts(edition: Edition, known: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    verdicts = known["verdicts"]
    for one in verdicts["changed"]:
        deciding = "; ".join(
            f"{_name(shown)}: {_sized(shown)}"
            for figure in one["deciding"]
            for shown in [show(edition.figures, figure["id"])]
        )
        yield one["id"], one["was"], one["now"], deciding
    now = {verdict.claim.id: str(verdict.judgement) for verdict in edition.verdicts}
    yield from ((name, "not tested", now[name], "") for name in verdicts["came"])
    yield from ((one["id"], one["was"], "not tested", "") for one in verdicts["gone"])


def _sources(edition: Edition, known: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    now = source_counts(edition)
    for what, names in known["sources"].items():
        for name in names:
            old, new = known[EARLIER]["sources"].get(name, {}), now.get(name, {})
            for key in ("retrieved", *COUNTS):
                if old.get(key) != new.get(key):
                    yield name, what, key, str(old.get(key, "")), str(new.get(key, ""))


def _versions(known: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for key in VERSIONS:
        was, now = known[EARLIER].get(key, ""), known["this"].get(key, "")
        if was != now:
            yield key.replace("_", " "), was, now
    yield from ((one["rule"], one["was"], one["now"]) for one in known["rules"]["changed"])
