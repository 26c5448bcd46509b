"""`payguide evidence`: from a figure or an observation down to where it comes from."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from payguide.base.errors import InputError, UsageError
from payguide.base.figures import Estimate, Published, Unknown, Withheld
from payguide.serve.cli import quarantine, screen

if TYPE_CHECKING:
    from payguide.evidence.store import Store


def evidence(
    identity: str | None = None,
    /,
    *,
    evidence: str | None = None,
    edition: Path | None = None,
    version: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    as_of: date | None = None,
    rejected: Annotated[bool, Parameter(negative="")] = False,
    rule: str | None = None,
    contract: Path | None = None,
    as_json: Annotated[bool, Parameter("--json", negative="")] = False,
) -> int:
    """Show what a figure rests on, one observation with its source, or what an evidence folder holds.

    Examples: `payguide evidence band.senior.base.p50`, `payguide evidence --evidence my-evidence`,
    `payguide evidence --evidence my-evidence --rejected`, `payguide evidence KEY --evidence my-evidence`.
    `payguide evidence compact --evidence my-evidence` joins its small files and `payguide evidence vacuum
    --evidence my-evidence` deletes files that neither the newest version nor an edition needs.

    `payguide evidence quarantine --evidence my-evidence` lists the statements that break a rule of the contract.
    `payguide evidence replay --evidence my-evidence` judges the evidence again by the rules of this payguide, and
    with `--contract my-contract.toml` by your own: what keeps them leaves quarantine, what breaks them goes into it,
    nothing is deleted, and what is collected later is judged by the same. It makes a new version if anything
    changed. docs/quarantine.md shows what a contract may say.

    `payguide evidence outliers --evidence my-evidence` lists what no figure counts because it is implausible beside
    the official statistics or the other answers of the same source, role and level.

    Parameters
    ----------
    identity
        A figure's id (with or without --edition), an observation's key (with --evidence), quarantine, replay,
        outliers, compact or vacuum.
    evidence
        A folder, or s3://bucket/prefix: without an id its counts by source and its rejections by rule are shown.
    edition
        The edition whose figure to show. Default: the packaged evidence.
    version
        Show the evidence as it was after so many runs of `payguide collect`.
    as_of
        Show the evidence as it was at the end of a day.
    rejected
        List what the evidence folder refused: the rule, where, and what was found.
    rule
        List, or judge again, only what this rule refuses (with quarantine and replay).
    contract
        A file of your own bounds, merged over the packaged ones (with replay).
    as_json
        Print JSON for a program.
    """
    if evidence is None and (identity in (None, *_ON_A_FOLDER) or version is not None or as_of is not None):
        raise UsageError(
            "no evidence folder was named", remedy="Name it with --evidence, or name a figure's id"
        )
    if evidence is None or (identity is not None and (edition is not None or "." in identity)):
        return _figure(str(identity), edition, evidence, as_json=as_json)
    if version is not None and as_of is not None:
        raise UsageError("--version and --as-of both say which version", remedy="Leave one of them out")
    _check_options(identity, rule, contract, old=version is not None or as_of is not None)
    from payguide.evidence.store import Store

    store = Store.open(evidence, number=version, as_of=as_of)
    if identity == "quarantine":
        return quarantine.show(store, rule, as_json=as_json)
    if identity == "replay":
        return quarantine.replay(store, rule, contract, as_json=as_json)
    if identity == "outliers":
        return quarantine.outliers(store, as_json=as_json)
    if identity in _CARE:
        return _care(store, str(identity), as_json=as_json)
    if identity is not None:
        return _observation(identity, store, as_json=as_json)
    return _rejected(store, as_json=as_json) if rejected else _holdings(store, as_json=as_json)


#: What keeps a store small.
_CARE = ("compact", "vacuum")

#: What is done with an evidence folder.
_ON_A_FOLDER = ("quarantine", "replay", "outliers", *_CARE)


def _check_options(identity: str | None, rule: str | None, contract: Path | None, *, old: bool) -> None:
    if rule is not None and identity not in ("quarantine", "replay"):
        raise UsageError("--rule goes with quarantine or replay", remedy="Name one of the two before it")
    if contract is not None and identity != "replay":
        raise UsageError("--contract goes with replay", remedy="payguide evidence replay --contract FILE")
    if old and identity == "replay":
        raise UsageError("an old version cannot be changed", remedy="Leave --version and --as-of out")


def _care(store: Store, what: str, *, as_json: bool) -> int:
    counts = store.compact() if what == "compact" else store.vacuum()
    if as_json:
        screen.emit(counts)
        return 0
    done = "joined away" if what == "compact" else "deleted"
    screen.table(f"Files {done}", ("table", ">files"), [(name, f"{n:,}") for name, n in counts.items()])
    return 0


def _holdings(store: Store, *, as_json: bool) -> int:
    by_source, by_rule, runs = store.counts_by_source(), store.rejections_by_rule(), store.runs()
    editions = store.rows("SELECT edition, number FROM editions ORDER BY number, edition")
    if as_json:
        screen.emit({
            "version": store.version, "number": store.number, "sources": by_source, "rejections": by_rule,
            "contract": str(store.contract()),
            "runs": runs, "editions": editions,
        })  # fmt: skip
        return 0
    columns = sorted({name for counts in by_source.values() for name in counts})
    rows = [(s, *(f"{counts.get(c, 0):,}" for c in columns)) for s, counts in sorted(by_source.items())]
    screen.table(f"Evidence, version {store.number}", ("source", *(f">{c}" for c in columns)), rows)
    screen.table("Rejected, by rule", ("rule", ">rows"), [(r, f"{n:,}") for r, n in by_rule.items()])
    _show_versions(runs[: store.number], editions)
    return 0


def _show_versions(runs: list[dict[str, Any]], editions: list[dict[str, Any]]) -> None:
    """What each run added, and which editions were built from the evidence as it left it."""
    rows = []
    for run in runs:
        built = [str(edition["edition"]) for edition in editions if edition["number"] == run["number"]]
        counts = [f"{run[f'observations_{what}']:,}" for what in ("new", "withdrawn", "known")]
        rows.append((str(run["number"]), f"{run['finished']:%Y-%m-%d %H:%M}", *counts, ", ".join(built)))
    screen.table(
        "Versions",
        (">version", "finished", ">observations", ">withdrawn", ">known already", "editions built from it"),
        rows,
    )


def _rejected(store: Store, *, as_json: bool) -> int:
    found = store.rejections()
    if as_json:
        for row in found:
            screen.emit(row)
        return 0
    columns = ("rule", "source", "where", "found")
    screen.table(
        f"Rejected: {len(found):,}", columns, [[str(row[name]) for name in columns] for row in found]
    )
    return 0


def _observation(key: str, store: Store, *, as_json: bool) -> int:
    found = store.observation(key)
    history = store.history(str(found["key"]) if found else key)
    held = store.quarantined(key)
    found = found or held or (history[-1] if history else None)
    if found is None:
        remedy = "payguide evidence --evidence DIR shows what is there"
        raise InputError(f"no observation has the key {key!r}", where=str(store.path), remedy=remedy)
    used_by = [] if held else _bands_of(found)
    if as_json:
        screen.emit(found | {"used_by": used_by, "revisions": len(history)})
        return 0
    rows = [(name, str(value)) for name, value in found.items() if value not in (None, "", [])]
    screen.table(f"Observation {found['key']}", ("field", "value"), rows)
    _show_source(store, found)
    if len(history) > 1:
        differing = [name for name in found if len({str(row[name]) for row in history}) > 1]
        changes = [[str(row[name]) for name in differing] for row in history]
        screen.table("Its history", tuple(differing), changes)
    if held:
        screen.note(f"It is in quarantine: {held['rule']}. {held['reason']}")
        return 0
    screen.note(f"It counts towards {', '.join(used_by)}" if used_by else "No band counts it")
    return 0


def _show_source(store: Store, found: dict[str, object]) -> None:
    """The source's card, and the document that the statement was read from."""
    card = store.card(str(found["source"]))
    if card:
        screen.table("Its source", ("field", "value"), [
            ("title", card.title), ("origin", card.origin), ("licence", card.licence),
            ("kind", card.kind), ("retrieved", card.retrieved_at.isoformat()), ("known bias", card.bias),
        ])  # fmt: skip
    query = "SELECT name, media_type, size, sha256 FROM documents WHERE sha256 = $sha256 LIMIT 1"
    for document in store.rows(query, {"sha256": found["sha256"]}):
        screen.table("Its document", ("field", "value"), [(name, str(v)) for name, v in document.items()])


def _bands_of(observation: dict[str, object]) -> list[str]:
    """The bands of its role's edition that an observation counts towards."""
    from payguide.base.codes import LADDER

    component, level = str(observation["component"]), str(observation["level"])
    if component not in {"base", "total"}:
        return []
    levels = [level, "any"] if level in set(LADDER) else ["any"]
    return [f"band.{each}.{component}" for each in levels]


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
