"""`payguide evidence show`, `erase`, `compact` and `vacuum`: from a figure or an observation down to where it comes
from, taking confidential evidence out again, and keeping an evidence folder small.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from payguide.base.edition import OWNER
from payguide.base.errors import InputError, UsageError
from payguide.base.estimates import Estimate, Published, Unknown, Withheld
from payguide.serve.cli import console
from payguide.serve.cli.versions import NEWEST, Json, Version

if TYPE_CHECKING:
    from payguide.evidence.store import Store


def show(
    identity: str | None = None,
    /,
    *,
    evidence: str | None = None,
    edition: Path | None = None,
    at: Version = NEWEST,
    rejected: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
) -> int:
    """Show what a figure rests on, one observation with its source, or what an evidence folder holds.

    Examples: `payguide evidence show band.senior.base.p50`, `payguide evidence show --evidence my-evidence`,
    `payguide evidence show --evidence my-evidence --rejected`, `payguide evidence show KEY --evidence my-evidence`

    Parameters
    ----------
    identity
        A figure's id (with or without --edition), or an observation's key (with --evidence).
    evidence
        A folder, or s3://bucket/prefix: without an id its counts by source and its rejections by rule are shown.
    edition
        The edition whose figure to show. Default: the packaged evidence.
    rejected
        List what the evidence folder refused: the rule, where, and what was found.
    at
        Which version of it.
    as_json
        Print JSON for a program.
    """
    if evidence is None and (identity is None or at != NEWEST):
        raise UsageError(
            "no evidence folder was named", remedy="Name it with --evidence, or name a figure's id"
        )
    if evidence is None or (identity is not None and (edition is not None or "." in identity)):
        return _figure(str(identity), edition, evidence, as_json=as_json)
    store = at.open(evidence)
    if identity is not None:
        return _observation(identity, store, as_json=as_json)
    return _rejected(store, as_json=as_json) if rejected else _holdings(store, as_json=as_json)


def erase(
    identity: str,
    /,
    *,
    evidence: str,
    yes: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    as_json: Json = False,
) -> int:
    """Erase a confidential source, or one record of it, from every version, and search for what is left of it.

    It cannot be undone. If it is interrupted, run it again. Reports that `payguide build --own` has written elsewhere
    are not touched: they are named, for you to delete.
    Example: `payguide evidence erase my-payroll --evidence my-evidence --yes`

    Parameters
    ----------
    identity
        A source, or the key of an observation, whose whole record goes: all that is stated of that person or posting.
    evidence
        A folder, or s3://bucket/prefix.
    yes
        Erase it. Without it nothing is changed.
    dry_run
        Say what would go, and change nothing.
    as_json
        Print what was erased, searched and found as JSON for a program.
    """
    done = NEWEST.open(evidence).erase(identity, dry_run=dry_run or not yes)
    if as_json:
        console.emit(done.as_data())
    else:
        title = "Erased, of all versions" if yes and not dry_run else "To be erased, of all versions"
        console.table(title, ("table", ">rows"), [(name, f"{n:,}") for name, n in done.rows.items()])
    own = [name for name in done.editions if OWNER in name]
    console.note(f"Built from this evidence: {', '.join(done.editions) or 'nothing that is on record'}")
    if own:
        console.note("Reports for their owner may hold it: delete them by hand, wherever they lie")
    if dry_run:
        return 0
    if not yes:
        raise UsageError("nothing was erased: it cannot be undone", remedy="Give --yes to erase it")
    found = done.searched
    console.note(
        f"Searched {found.files:,} files ({found.size:,} bytes) for {found.values:,} values that nothing else states: "
        f"{len(found.found):,} found. {found.shared:,} more are too short to tell, or other evidence states them too."
    )
    for where in found.found:
        console.note(f"found: {where}")
    return 1 if found.found else 0


def compact(*, evidence: str, as_json: Json = False) -> int:
    """Join the small files of an evidence folder, which many runs of `payguide collect` leave.

    Example: `payguide evidence compact --evidence my-evidence`

    Parameters
    ----------
    evidence
        A folder, or s3://bucket/prefix.
    as_json
        Print the counts as JSON for a program.
    """
    return _files("joined away", NEWEST.open(evidence).compact(), as_json=as_json)


def vacuum(*, evidence: str, as_json: Json = False) -> int:
    """Delete files of an evidence folder that neither its newest version nor an edition built from it needs.

    Example: `payguide evidence vacuum --evidence my-evidence`

    Parameters
    ----------
    evidence
        A folder, or s3://bucket/prefix.
    as_json
        Print the counts as JSON for a program.
    """
    return _files("deleted", NEWEST.open(evidence).vacuum(), as_json=as_json)


def _files(done: str, counts: Mapping[str, int], *, as_json: bool) -> int:
    if as_json:
        console.emit(counts)
        return 0
    console.table(f"Files {done}", ("table", ">files"), [(name, f"{n:,}") for name, n in counts.items()])
    return 0


def _holdings(store: Store, *, as_json: bool) -> int:
    by_source, by_rule, runs = store.counts_by_source(), store.rejections_by_rule(), store.runs()
    editions = store.rows("SELECT edition, number FROM editions ORDER BY number, edition")
    tiers = store.tiers_by_role()
    if as_json:
        console.emit({
            "version": store.version, "number": store.number, "sources": by_source, "rejections": by_rule,
            "contract": str(store.contract()), "tiers": tiers,
            "runs": runs, "editions": editions,
        })  # fmt: skip
        return 0
    columns = sorted({name for counts in by_source.values() for name in counts})
    rows = [(s, *(f"{counts.get(c, 0):,}" for c in columns)) for s, counts in sorted(by_source.items())]
    console.table(f"Evidence, version {store.number}", ("source", *(f">{c}" for c in columns)), rows)
    console.table("Rejected, by rule", ("rule", ">rows"), [(r, f"{n:,}") for r, n in by_rule.items()])
    _show_tiers(tiers)
    _show_versions(runs[: store.number], editions)
    return 0


def _show_tiers(tiers: list[dict[str, Any]]) -> None:
    """Of each role's records that name an employer: the shares whose tier is unknown, and known by a list or a rule."""
    ways = ("unknown", "list", "rule")
    rows = [
        (t["role"], t["kind"], f"{t['records']:,}", *(f"{t[way] / t['records']:.1%}" for way in ways))
        for t in tiers
    ]
    columns = ("role", "evidence", ">records", ">unknown", ">by a list", ">by a rule")
    console.table("Tier of the employers that are named", columns, rows)


def _show_versions(runs: list[dict[str, Any]], editions: list[dict[str, Any]]) -> None:
    """What each run added, and which editions were built from the evidence as it left it."""
    rows = []
    for run in runs:
        built = [str(edition["edition"]) for edition in editions if edition["number"] == run["number"]]
        counts = [f"{run[f'observations_{what}']:,}" for what in ("new", "withdrawn", "known")]
        rows.append((str(run["number"]), f"{run['finished']:%Y-%m-%d %H:%M}", *counts, ", ".join(built)))
    console.table(
        "Versions",
        (">version", "finished", ">observations", ">withdrawn", ">known already", "editions built from it"),
        rows,
    )


def _rejected(store: Store, *, as_json: bool) -> int:
    found = store.rejections()
    if as_json:
        for row in found:
            console.emit(row)
        return 0
    columns = ("rule", "source", "where", "found")
    console.table(
        f"Rejected: {len(found):,}", columns, [[str(row[name]) for name in columns] for row in found]
    )
    return 0


def _observation(key: str, store: Store, *, as_json: bool) -> int:
    found = store.observation(key)
    history = store.history(str(found["key"]) if found else key)
    held = store.quarantined(key)
    found = found or held or (history[-1] if history else None)
    if found is None:
        remedy = "payguide evidence show --evidence DIR shows what is there"
        raise InputError(f"no observation has the key {key!r}", where=str(store.path), remedy=remedy)
    used_by = [] if held else _bands_of(found)
    if as_json:
        console.emit(found | {"used_by": used_by, "revisions": len(history)})
        return 0
    rows = [(name, str(value)) for name, value in found.items() if value not in (None, "", [])]
    console.table(f"Observation {found['key']}", ("field", "value"), rows)
    _show_source(store, found)
    if len(history) > 1:
        differing = [name for name in found if len({str(row[name]) for row in history}) > 1]
        changes = [[str(row[name]) for name in differing] for row in history]
        console.table("Its history", tuple(differing), changes)
    if held:
        console.note(f"It is in quarantine: {held['rule']}. {held['reason']}")
        return 0
    console.note(f"It counts towards {', '.join(used_by)}" if used_by else "No band counts it")
    return 0


def _show_source(store: Store, found: dict[str, object]) -> None:
    """The source's card, and the document that the statement was read from."""
    card = store.card(str(found["source"]))
    if card:
        console.table("Its source", ("field", "value"), [
            ("title", card.title), ("origin", card.origin), ("licence", card.licence),
            ("kind", card.kind), ("retrieved", card.retrieved_at.isoformat()), ("known bias", card.bias),
        ])  # fmt: skip
    query = "SELECT name, media_type, size, sha256 FROM documents WHERE sha256 = $sha256 LIMIT 1"
    for document in store.rows(query, {"sha256": found["sha256"]}):
        console.table("Its document", ("field", "value"), [(name, str(v)) for name, v in document.items()])


def _bands_of(observation: dict[str, object]) -> list[str]:
    """The bands of its role's edition that an observation counts towards."""
    from payguide.base.codes import LADDER
    from payguide.base.figure_id import band, stem

    component, level = str(observation["component"]), str(observation["level"])
    if component not in {"base", "total"}:
        return []
    levels = [level, "any"] if level in set(LADDER) else ["any"]
    return [stem(str(band(each, component))) for each in levels]


def _figure(identity: str, folder: Path | None, evidence: str | None, *, as_json: bool) -> int:
    from payguide.serve.cli.build import DEFAULT_ROLE
    from payguide.serve.cli.editions import edition_of

    edition = edition_of(folder, evidence, DEFAULT_ROLE)
    figure = edition.figures.get(identity)
    if figure is None:
        near = [name for name in edition.figures if name.startswith(identity)] or list(edition.figures)
        remedy = f"There are, for example, {', '.join(near[:5])}"
        raise InputError(f"no figure has the id {identity!r}", remedy=remedy)
    if as_json:
        from payguide.guide.codec import figure_data

        console.emit(figure_data(figure))
        return 0
    match figure:
        case Published(estimate):
            _show(estimate)
        case Withheld():
            console.note(f"{figure.label}: withheld ({figure.rule}). {figure.why}")
        case Unknown():
            console.note(f"{figure.label}: not known. {figure.why}")
    return 0


def _show(estimate: Estimate) -> None:
    from payguide.guide import numbers

    shown = f"{numbers.value(estimate)} ({numbers.interval(estimate)})"
    console.table(f"{estimate.label}: {shown}", ("field", "value"), [
        ("stated coverage", f"{estimate.coverage:.0%}"),
        ("pieces of evidence", f"{estimate.n:,}"), ("records behind them", f"{estimate.n_records:,}"),
        ("employers", numbers.named(estimate.n_employers)),
        ("pieces that name no employer", f"{estimate.n_unnamed:,}"),
        ("effective number of employers", f"{estimate.effective:,.1f}"),
        ("largest employer's share", numbers.largest(estimate) or f"{estimate.largest_share:.0%}"),
        ("population", estimate.population), ("date", estimate.date.isoformat()), ("method", estimate.method),
        *(("note", note) for note in estimate.notes),
    ])  # fmt: skip
    rows = [
        (s.source, str(s.kind), f"{s.value:,.6g}", f"{s.weight:.0%}", f"{s.n:,}", numbers.named(s.n_employers),
         s.mean_date.isoformat(), f"{s.ageing:.3f}")
        for s in estimate.sources
    ]  # fmt: skip
    columns = ("source", "kind", ">value", ">weight", ">n", ">employers", "mean date", ">aged by")
    console.table("Sources", columns, rows)
