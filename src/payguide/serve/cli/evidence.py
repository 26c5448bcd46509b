"""`payguide evidence`: from a figure or an observation down to where it comes from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from payguide.base.errors import InputError, UsageError
from payguide.base.figures import Edition, Estimate, Published, Unknown, Withheld
from payguide.serve.cli import screen


def evidence(
    identity: str | None = None,
    /,
    *,
    evidence: Path | None = None,
    edition: Path | None = None,
    rejected: Annotated[bool, Parameter(negative="")] = False,
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Show what a figure rests on, one observation with its source, or what an evidence folder holds.

    Examples: `payguide evidence band.senior.base.p50`, `payguide evidence --evidence my-evidence`,
    `payguide evidence --evidence my-evidence --rejected`, `payguide evidence KEY --evidence my-evidence`

    Parameters
    ----------
    identity
        A figure's id (with or without --edition), or an observation's key (with --evidence).
    evidence
        An evidence folder: without an id its counts by source and its rejections by rule are shown.
    edition
        The edition whose figure to show. Default: the packaged evidence.
    rejected
        List what the evidence folder refused: the rule, where, and what was found.
    as_json
        Print JSON for a program.
    """
    if identity is None:
        if evidence is None:
            raise UsageError("nothing to show", remedy="Name a figure's id, or a folder with --evidence")
        return _rejected(evidence, as_json=as_json) if rejected else _holdings(evidence, as_json=as_json)
    if evidence is not None and edition is None and "." not in identity:
        return _observation(identity, evidence, as_json=as_json)
    return _figure(identity, edition, evidence, as_json=as_json)


def _holdings(folder: Path, *, as_json: bool) -> int:
    from payguide.evidence.store import Store

    store = Store.open(folder)
    by_source, by_rule = store.counts_by_source(), store.rejections_by_rule()
    if as_json:
        screen.emit({"version": store.version, "sources": by_source, "rejections": by_rule})
        return 0
    columns = sorted({name for counts in by_source.values() for name in counts})
    rows = [(s, *(f"{counts.get(c, 0):,}" for c in columns)) for s, counts in sorted(by_source.items())]
    screen.table(f"Evidence version {store.version}", ("source", *(f">{c}" for c in columns)), rows)
    screen.table("Rejected, by rule", ("rule", ">rows"), [(r, f"{n:,}") for r, n in by_rule.items()])
    return 0


def _rejected(folder: Path, *, as_json: bool) -> int:
    from payguide.evidence.store import Store

    found = Store.open(folder).rejections()
    if as_json:
        for row in found:
            screen.emit(row)
        return 0
    columns = ("rule", "source", "where", "found")
    screen.table(
        f"Rejected: {len(found):,}", columns, [[str(row[name]) for name in columns] for row in found]
    )
    return 0


def _observation(key: str, folder: Path, *, as_json: bool) -> int:
    from payguide.evidence.store import Store

    store = Store.open(folder)
    found = store.observation(key)
    if found is None:
        remedy = "payguide evidence --evidence DIR shows what is there"
        raise InputError(f"no observation has the key {key!r}", where=str(folder), remedy=remedy)
    used_by = _bands_of(found)
    card = store.card(str(found["source"]))
    if as_json:
        screen.emit({k: str(v) if v is not None else None for k, v in found.items()} | {"used_by": used_by})
        return 0
    rows = [(name, str(value)) for name, value in found.items() if value not in (None, "", [])]
    screen.table(f"Observation {key}", ("field", "value"), rows)
    if card:
        screen.table("Its source", ("field", "value"), [
            ("title", card.title), ("origin", card.origin), ("licence", card.licence),
            ("kind", card.kind), ("retrieved", card.retrieved_at.isoformat()), ("known bias", card.bias),
        ])  # fmt: skip
    screen.note(f"It counts towards {', '.join(used_by)}" if used_by else "No band counts it")
    return 0


def _bands_of(observation: dict[str, object]) -> list[str]:
    """The bands of its role's edition that an observation counts towards."""
    from payguide.base.codes import LADDER

    component, level = str(observation["component"]), str(observation["level"])
    if component not in {"base", "total"}:
        return []
    levels = [level, "any"] if level in set(LADDER) else ["any"]
    return [f"band.{each}.{component}" for each in levels]


def _figure(identity: str, folder: Path | None, evidence: Path | None, *, as_json: bool) -> int:
    edition = _edition(folder, evidence)
    figure = edition.figures.get(identity)
    if figure is None:
        near = [name for name in edition.figures if name.startswith(identity)] or list(edition.figures)
        remedy = f"There are, for example, {', '.join(near[:5])}"
        raise InputError(f"no figure has the id {identity!r}", remedy=remedy)
    if as_json:
        from payguide.guide.codec import figure_data

        screen.emit(figure_data(figure))
        return 0
    match figure:
        case Published(estimate):
            _show(estimate)
        case Withheld():
            screen.note(f"{figure.label}: withheld ({figure.rule}). {figure.why}")
        case Unknown():
            screen.note(f"{figure.label}: not known. {figure.why}")
    return 0


def _edition(folder: Path | None, evidence: Path | None) -> Edition:
    from payguide import pipeline
    from payguide.guide import edition as editions
    from payguide.guide import role as roles
    from payguide.serve.cli.build import DEFAULT_ROLE

    if folder:
        return editions.read(folder)
    with screen.progress() as tick:
        return pipeline.make(roles.load(DEFAULT_ROLE), evidence=evidence, tick=tick)


def _show(estimate: Estimate) -> None:
    from payguide.guide import numbers

    shown = f"{numbers.value(estimate)} ({numbers.interval(estimate)})"
    screen.table(f"{estimate.label}: {shown}", ("field", "value"), [
        ("stated coverage", f"{estimate.coverage:.0%}"),
        ("pieces of evidence", f"{estimate.n:,}"), ("records behind them", f"{estimate.n_records:,}"),
        ("employers", f"{estimate.n_employers:,}"),
        ("largest employer's share", f"{estimate.largest_share:.0%}"),
        ("population", estimate.population), ("date", estimate.date.isoformat()), ("method", estimate.method),
        *(("note", note) for note in estimate.notes),
    ])  # fmt: skip
    rows = [
        (s.source, str(s.kind), f"{s.value:,.6g}", f"{s.weight:.0%}", f"{s.n:,}", f"{s.n_employers:,}",
         s.mean_date.isoformat(), f"{s.ageing:.3f}")
        for s in estimate.sources
    ]  # fmt: skip
    columns = ("source", "kind", ">value", ">weight", ">n", ">employers", "mean date", ">aged by")
    screen.table("Sources", columns, rows)
