"""`payguide evidence quarantine`, `revalidate` and `outliers`: what the contract refused, judging it again, and what no
figure counts.
"""

from __future__ import annotations

from pathlib import Path

from payguide.base.errors import UsageError
from payguide.serve.cli import console
from payguide.serve.cli.versions import NEWEST, Json, Version


def quarantine(*, evidence: str, rule: str | None = None, at: Version = NEWEST, as_json: Json = False) -> int:
    """List the statements that break a rule of the contract: first how many each rule holds, and why it is.

    Example: `payguide evidence quarantine --evidence my-evidence --rule NAME`

    Parameters
    ----------
    evidence
        A folder, or s3://bucket/prefix.
    rule
        List only what this rule refuses.
    at
        Which version of it.
    as_json
        Print JSON for a program.
    """
    from payguide.evidence.contract.rules import REASONS

    _known(rule)
    store = at.open(evidence)
    rows = store.quarantine(rule or "")
    counts = [(name, n) for name, n in store.quarantined_by_rule().items() if rule in (None, name)]
    if as_json:
        rules = {name: {"rows": n, "reason": REASONS.get(name, "")} for name, n in counts}
        console.emit({"contract": str(store.contract()), "rules": rules, "rows": rows})
        return 0
    if rule is None:
        by_rule = [(name, f"{n:,}", REASONS.get(name, "")) for name, n in counts]
        console.table(f"Quarantined, by rule of {store.contract()}", ("rule", ">rows", "reason"), by_rule)
    names = ("rule", "source", "where", "found", "title", "employer_name", "observation")
    listed = [[str(row[name]) for name in names] for row in rows]
    console.table(f"In quarantine: {len(rows):,}", (*names[:-1], "key"), listed)
    return 0


def revalidate(
    *, evidence: str, rule: str | None = None, contract: Path | None = None, as_json: Json = False
) -> int:
    """Judge the evidence again by the rules of this payguide, or by your own.

    What keeps them leaves quarantine, what breaks them goes into it, nothing is deleted, and what is collected later is
    judged by the same. It makes a new version if anything changed. docs/quarantine.md shows what a contract may say.
    Example: `payguide evidence revalidate --evidence my-evidence --contract my-contract.toml`

    Parameters
    ----------
    evidence
        A folder, or s3://bucket/prefix.
    rule
        Judge again only what this rule refuses or refused.
    contract
        A file of your own bounds, merged over the packaged ones.
    as_json
        Print what moved as JSON for a program.
    """
    from payguide.evidence.contract import contract_config

    _known(rule)
    store = NEWEST.open(evidence)
    chosen = contract_config.read(contract) if contract else contract_config.packaged()
    said = ["evidence revalidate", *(("--rule", rule) if rule else ())]
    said += ["--contract", str(chosen)] if chosen.text else []
    done = store.revalidate(chosen, rule=rule or "", command=" ".join(said))
    if as_json:
        console.emit(done.as_data())
        return 0
    console.note(
        f"Judged by {done.contract}: {done.released:,} statements left quarantine, {done.quarantined:,} observations "
        f"went into it, {done.another_rule:,} break another rule than before"
    )
    console.note(f"This is version {done.number}" if done.number else "Nothing changed")
    console.counts(f"{sum(done.held.values()):,} statements are in quarantine, by rule:", done.held)
    return 0


#: Columns of money.
_MONEY = frozenset(("low", "high", "least", "most"))


def outliers(*, evidence: str, at: Version = NEWEST, as_json: Json = False) -> int:
    """List what no figure counts: pay that is implausible beside the official statistics, or beside the other answers
    of the same source, role and level.

    Example: `payguide evidence outliers --evidence my-evidence`

    Parameters
    ----------
    evidence
        A folder, or s3://bucket/prefix.
    at
        Which version of it.
    as_json
        Print one JSON object a line for a program.
    """
    from payguide.evidence.snapshot import Snapshot

    with Snapshot.of(at.open(evidence), own=True) as taken:
        rows = taken.outliers()
    if as_json:
        for row in rows:
            console.emit(row)
        return 0
    shown = ("outlier", "source", "role", "level", "component", "low", "high", "least", "most", "title",
             "employer_name", "key")  # fmt: skip
    columns = ("marked by", *(f">{name}" if name in _MONEY else name for name in shown[1:]))
    listed = [[_text(row[name]) for name in shown] for row in rows]
    console.table(
        f"Outliers: {len(rows):,} pieces of evidence that no figure counts, in USD a year", columns, listed
    )
    return 0


def _text(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, float) else str(value or "")


def _known(rule: str | None) -> None:
    from payguide.evidence.contract.rules import REASONS

    if rule is not None and rule not in REASONS:
        raise UsageError(f"the contract has no rule {rule!r}", remedy=f"Its rules are {', '.join(REASONS)}")
